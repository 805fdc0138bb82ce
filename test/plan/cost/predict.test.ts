import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cost, isHeavy, predictCost } from '../../../src/plan/cost.ts';
import type { Header } from '../../../src/plan/header.ts';
import type { OutputFormat, Plan, Step } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import type { Resolved, ResolvedEncode, ResolvedOp } from '../../../src/plan/resolved.ts';
import { shrinkOnLoad } from '../../../src/plan/shrink-on-load.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import {
  anyHeader,
  anyPlan,
  box,
  makeContext,
  makeHeader,
  makePlan,
  makeResize,
  resolveSteps,
} from '../resolve/scene.ts';

const sourceFormat = fc.constantFrom('jpeg', 'png', 'webp', 'gif', 'avif', 'tiff', 'bmp', 'ico', 'svg');
const outputFormat = fc.constantFrom<OutputFormat>('jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'bmp', 'ico');
const side = fc.integer({ min: 1, max: 8000 });

type Draft = Readonly<{
  format?: Resolved['input']['format'];
  from?: readonly [number, number];
  to?: readonly [number, number];
  encode?: Partial<ResolvedEncode>;
}>;

/** A resize from one size to another, made by hand: no rule of resolving in between. */
function scaled({ format = 'png', from = [4000, 3000], to = [400, 300], encode = {} }: Draft): Resolved {
  return {
    input: { format, width: from[0], height: from[1], page: 0, pages: 1, truncatedOk: false },
    ops: [{ op: 'resize', width: to[0], height: to[1] }],
    width: to[0],
    height: to[1],
    frames: 1,
    encode: {
      format: 'jpg',
      quality: 80,
      effort: 0,
      lossless: false,
      progressive: false,
      fullChroma: false,
      metadata: 'none',
      bytesMax: 0,
      flatten: null,
      ...encode,
    },
  };
}

const writing = {
  op: 'text',
  text: 'x',
  font: 'sans',
  fontVersion: 'f1',
  size: 24,
  colour: '000000ff',
  gravity: 'c',
  dx: 0,
  dy: 0,
  opacity: 100,
} as const;

const costOf = (steps: readonly Step[], header = {}): Cost => predictCost(resolveSteps(steps, header));
const large = { width: 4000, height: 3000 };

describe('predicted cost', () => {
  it.each<[string, Partial<ResolvedEncode>, Partial<ResolvedEncode>]>([
    ['a trellis', {}, { jpeg: { trellis: true } }],
    ['deringing', {}, { jpeg: { deringing: true } }],
    ['searched scans', { progressive: true }, { progressive: true, jpeg: { scans: true } }],
    ['a palette', { format: 'png', effort: 3 }, { format: 'png', effort: 3, colours: 256 }],
    ['careful chroma', { format: 'webp' }, { format: 'webp', webp: { smartChroma: true } }],
    ['nearly lossless', { format: 'webp', lossless: true }, { format: 'webp', webp: { near: true } }],
    ['a search by DSSIM', {}, { search: { by: 'dssim', target: 0.02, error: 0, min: 70, encodes: 4 } }],
    ['a search by bytes', {}, { search: { by: 'bytes', target: 9999, min: 70, encodes: 4 } }],
    ['full chroma of AVIF', { format: 'avif' }, { format: 'avif', fullChroma: true }],
  ])('%s costs more than none', (_, plain, tuned) => {
    const ms = (encode: Partial<ResolvedEncode>) => predictCost(scaled({ to: [1200, 800], encode })).encodeMs;
    expect(ms(tuned)).toBeGreaterThan(1.2 * ms(plain));
  });

  it('of a byte budget beside a search by bytes is that of the search, and beside one by DSSIM of both', () => {
    const ms = (encode: Partial<ResolvedEncode>) => predictCost(scaled({ encode })).encodeMs;
    const budget = { bytesMax: 5000, budgetEncodes: 5 };
    const byBytes = { search: { by: 'bytes', target: 9999, min: 70, encodes: 4 } } as const;
    const byLoss = { search: { by: 'dssim', target: 0.02, error: 0, min: 70, encodes: 4 } } as const;
    expect(ms({ ...byBytes, ...budget })).toBe(ms(byBytes));
    expect(ms({ ...byLoss, ...budget })).toBeCloseTo(ms(byLoss) + ms(budget));
  });

  it('is finite and positive, and the sum of its parts', () => {
    fc.assert(
      fc.property(anyPlan, anyHeader, (plan, header) => {
        const resolved = attempt(plan, header);
        if (resolved === null) return;
        const cost = predictCost(resolved);
        for (const value of Object.values(cost)) {
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
        expect(cost.ms).toBeGreaterThan(0);
        expect(cost.costPixels).toBeGreaterThan(0);
        expect(cost.memoryBytes).toBeGreaterThan(0);
        expect(cost.decodeMs + cost.resizeMs + cost.opsMs + cost.encodeMs).toBeCloseTo(cost.ms, 6);
      }),
      { numRuns: 500 },
    );
  });

  it('grows with the source, as long as the decoder shrinks alike', () => {
    fc.assert(
      fc.property(sourceFormat, side, side, fc.nat(4000), fc.nat(4000), (format, width, height, wider, higher) => {
        const less = scaled({ format, from: [width, height], to: [200, 150] });
        const more = scaled({ format, from: [width + wider, height + higher], to: [200, 150] });
        // Enlarging costs more than shrinking to the same size.
        fc.pre(shrinkOnLoad(less) === shrinkOnLoad(more) && width * height >= 200 * 150);
        expect(predictCost(more).ms).toBeGreaterThanOrEqual(predictCost(less).ms);
        expect(predictCost(more).memoryBytes).toBeGreaterThanOrEqual(predictCost(less).memoryBytes);
      }),
    );
  });

  it('grows with the result', () => {
    fc.assert(
      fc.property(
        sourceFormat,
        outputFormat,
        side,
        side,
        fc.nat(4000),
        fc.nat(4000),
        (format, to, w, h, wider, higher) => {
          const less = scaled({ format, to: [w, h], encode: { format: to } });
          const more = scaled({ format, to: [w + wider, h + higher], encode: { format: to } });
          expect(predictCost(more).ms).toBeGreaterThanOrEqual(predictCost(less).ms);
          expect(predictCost(more).memoryBytes).toBeGreaterThanOrEqual(predictCost(less).memoryBytes);
        },
      ),
    );
  });

  it('grows with effort', () => {
    fc.assert(
      fc.property(outputFormat, fc.boolean(), fc.nat(10), fc.nat(10), (format, lossless, one, other) => {
        const at = (effort: number) => predictCost(scaled({ encode: { format, lossless, effort } })).ms;
        expect(at(Math.max(one, other))).toBeGreaterThanOrEqual(at(Math.min(one, other)));
      }),
    );
  });

  it.each<[string, Partial<ResolvedEncode>]>([
    ['lossless WebP', { format: 'webp', lossless: true }],
    ['progressive JPEG', { progressive: true }],
    ['full chroma', { fullChroma: true }],
    ['a byte budget', { bytesMax: 10_000, budgetEncodes: 5 }],
  ])('%s costs more than without', (_, encode) => {
    const plain = scaled({ encode: encode.format === undefined ? {} : { format: encode.format } });
    expect(predictCost(scaled({ encode })).ms).toBeGreaterThan(predictCost(plain).ms);
  });

  it.each<Step>([
    { op: 'rotate', degrees: 90 },
    { op: 'rotate', degrees: 33 },
    { op: 'flip', horizontal: true, vertical: false },
    { op: 'blur', sigma: 3 },
    { op: 'sharpen', sigma: 1 },
    { op: 'grey' },
    { op: 'bitonal', threshold: 100 },
    { op: 'brightness', amount: 10 },
    { op: 'contrast', amount: 10 },
    { op: 'saturation', amount: 10 },
    { op: 'watermark', asset: 'logo', gravity: 'c', dx: 0, dy: 0, opacity: 50, scalePercent: 0 },
    { op: 'sepia' },
    { op: 'lift', amount: 10 },
    { op: 'unsharp', weight: 1, divider: 24 },
    { op: 'monochrome', colour: 'b3b3b3ff', mix: 50 },
    { op: 'progressiveBlur', sigma: 4, to: 'down', start: 0, stop: 1 },
    { op: 'duotone', dark: '000000ff', light: 'ffffffff', mix: 50 },
    { op: 'colorize', colour: '000000ff', opacity: 50, keepAlpha: true },
    { op: 'gradient', colour: '000000ff', opacity: 50, to: 'down', start: 0, stop: 1 },
    { op: 'flatten', colour: 'ffffffff' },
    { op: 'median', size: 3 },
    { op: 'redact', areas: [{ x: 0, y: 0, w: 100, h: 100 }], how: { by: 'blur', sigma: 3 } },
  ])('$op has its price', (step) => {
    const steps = [makeResize({ size: box(1000, null) })];
    expect(costOf([...steps, step], large).opsMs).toBeGreaterThan(costOf(steps, large).opsMs);
  });

  it('smaller blocks and longer texts cost more', () => {
    const blocks = (size: number) => costOf([{ op: 'pixelate', size }]).opsMs;
    expect(blocks(2)).toBeGreaterThan(blocks(4));
    const text = (ems: number) => ({ ...scaled({}), ops: [{ ...writing, text: 'x'.repeat(ems) }] });
    expect(predictCost(text(60)).opsMs).toBeGreaterThan(predictCost(text(6)).opsMs);
  });

  it.each<ResolvedOp>([
    { op: 'resize', width: 400, height: 300 },
    { op: 'resize', width: 6000, height: 4500 },
    { op: 'blur', sigma: 1 },
    { op: 'extend', left: 1, top: 0, right: 0, bottom: 0, background: 'ffffffff' },
  ])('$op costs more with 16 bits a channel', (op) => {
    const { resizeMs, opsMs } = predictCost({ ...scaled({}), ops: [op] });
    const deep = predictCost({ ...scaled({ encode: { bits: 16 } }), ops: [op] });
    expect(deep.resizeMs + deep.opsMs).toBeGreaterThan(resizeMs + opsMs);
  });

  it('alpha that is blended in before the end takes a chain more than at the end', () => {
    const early = { ...scaled({}), ops: [{ op: 'flatten', colour: 'ffffffff' }] } as const;
    const late = { ...scaled({ to: [4000, 3000], encode: { flatten: 'ffffffff' } }), ops: [] };
    expect(predictCost(early).opsMs).toBeGreaterThan(predictCost(late).opsMs);
  });

  it('a trim by medians costs more than one by pixels', () => {
    const trim = { op: 'trim', threshold: 10, colour: null, equalX: false, equalY: false } as const;
    expect(costOf([{ ...trim, median: true }], large).ms).toBeGreaterThan(costOf([trim], large).ms);
  });

  it('a stronger blur and an odd angle cost more', () => {
    expect(costOf([{ op: 'blur', sigma: 20 }]).opsMs).toBeGreaterThan(costOf([{ op: 'blur', sigma: 2 }]).opsMs);
    expect(costOf([{ op: 'rotate', degrees: 45 }]).opsMs).toBeGreaterThan(
      costOf([{ op: 'rotate', degrees: 90 }]).opsMs,
    );
  });

  it('a mark costs more turned, shadowed and in copies, and holds more', () => {
    const mark = { op: 'watermark', asset: 'logo', gravity: 'c', dx: 0, dy: 0, opacity: 50, scalePercent: 50 } as const;
    const plain = costOf([mark], large);
    const axis = { by: 'centre', gap: 0 } as const;
    for (const look of [
      { degrees: 30 },
      { shadow: { sigma: 2, opacity: 50, dx: 0, dy: 0 } },
      { tile: { x: axis, y: axis } },
    ]) {
      const dressed = costOf([{ ...mark, ...look }], large);
      expect(dressed.opsMs).toBeGreaterThan(plain.opsMs);
      expect(dressed.memoryBytes).toBeGreaterThan(plain.memoryBytes);
    }
  });

  it('knows shrink-on-load: a crop before the resize costs more than after it', () => {
    const crop = { op: 'region', unit: 'bp', x: 0, y: 0, w: 9000, h: 9000 } as const;
    const small = makeResize({ size: box(300, null) });
    expect(costOf([small, crop], large).ms).toBeLessThan(costOf([crop, small], large).ms);
  });

  it('turns the small picture where the orientation precedes the resize', () => {
    const small = makeResize({ size: box(300, null) });
    expect(costOf([small], { ...large, orientation: 6 }).opsMs).toBeLessThan(1);
    expect(costOf([], { ...large, orientation: 6 }).opsMs).toBeGreaterThan(10);
  });

  it('of a late frame includes those before it', () => {
    const frame = (page: number) =>
      predictCost(resolve(makePlan({ frames: page }), makeHeader({ format: 'gif', frames: 20 }), makeContext()));
    expect(frame(19).decodeMs).toBeGreaterThan(5 * frame(0).decodeMs);
  });

  it('follows the frames', () => {
    const animation = (frames: number) =>
      predictCost(
        resolve(makePlan({ encode: { format: 'webp' } }), makeHeader({ format: 'gif', frames }), makeContext()),
      );
    expect(animation(10).ms).toBeGreaterThan(4 * animation(2).ms);
    expect(animation(10).memoryBytes).toBeGreaterThan(animation(2).memoryBytes);
  });
});

describe('predicted memory', () => {
  const memoryOf = (header: object) =>
    costOf([makeResize({ size: box(300, null) })], { ...large, ...header }).memoryBytes;
  const megabytes = 1e6;

  it('is small where the decoder streams and large where it holds the picture', () => {
    expect(memoryOf({})).toBeLessThan(20 * megabytes);
    expect(memoryOf({ progressive: true })).toBeGreaterThan(60 * megabytes);
    expect(memoryOf({ format: 'png' })).toBeLessThan(memoryOf({ format: 'png', progressive: true }));
    expect(memoryOf({ format: 'avif' })).toBeGreaterThan(200 * megabytes);
  });

  it('of a crop by content counts the picture that is scaled before the crop', () => {
    const cropTo = (w: number, h: number, header: object) =>
      costOf([makeResize({ mode: 'cover', size: box(w, h), gravity: { kind: 'smart', by: 'entropy' } })], header)
        .memoryBytes;
    expect(cropTo(2000, 100, { ...large, format: 'png' })).toBeGreaterThan(60 * megabytes);
    const thin = { format: 'png', width: 8000, height: 20 } as const;
    const enlarged = costOf(
      [makeResize({ mode: 'cover', size: box(100, 300), enlarge: 'yes', gravity: { kind: 'smart', by: 'entropy' } })],
      thin,
    );
    expect(enlarged.memoryBytes).toBeGreaterThan(12e6 + 120_000 * 300 * 4);
  });

  it.each<[string, Partial<ResolvedEncode>, Partial<ResolvedEncode>]>([
    ['a byte budget', { bytesMax: 1000, budgetEncodes: 5 }, {}],
    ['credits', { metadata: 'copyright' }, {}],
    ['a TIFF without the metadata of its source', { format: 'tif' }, { format: 'tif', metadata: 'all' }],
  ])('counts the pixels that are kept for %s', (_, encode, plain) => {
    const memory = (changes: Partial<ResolvedEncode>) =>
      predictCost(scaled({ to: [2000, 1500], encode: changes })).memoryBytes;
    expect(memory(encode) - memory(plain)).toBe(2000 * 1500 * 4);
  });

  it('counts what is kept between two chains: more with metadata, and all frames of an animation', () => {
    const brighter: Step = { op: 'brightness', amount: 10 };
    const blur: Step = { op: 'blur', sigma: 2 };
    const memory = (steps: readonly Step[], plan: Partial<Plan['encode']> = {}, header = {}) =>
      predictCost(resolve(makePlan({ steps, encode: { format: 'webp', ...plan } }), makeHeader(header), makeContext()))
        .memoryBytes;
    const frame = 1000 * 600 * 4;
    expect(memory([brighter, blur]) - memory([brighter])).toBe(frame);
    expect(memory([brighter, blur], { metadata: 'all' }) - memory([brighter], { metadata: 'all' })).toBe(2 * frame);
    const animation = { format: 'gif', frames: 10 };
    expect(memory([blur], {}, animation) - memory([], {}, animation)).toBeGreaterThanOrEqual(10 * frame);
  });

  it('counts an AVIF encoder as the hungriest', () => {
    const memory = (format: OutputFormat) =>
      predictCost(scaled({ from: [4000, 3000], to: [2000, 1500], encode: { format } })).memoryBytes;
    for (const format of ['jpg', 'png', 'webp', 'gif', 'tif'] as const) {
      expect(memory('avif')).toBeGreaterThan(memory(format));
    }
  });
});

describe('heavy', () => {
  it('is what takes longer than the option says', () => {
    expect(isHeavy({ ms: 251 }, { heavyJobMs: 250 })).toBe(true);
    expect(isHeavy({ ms: 250 }, { heavyJobMs: 250 })).toBe(false);
  });
});

function attempt(plan: Plan, header: Header): Resolved | null {
  try {
    return resolve(plan, header, makeContext());
  } catch (error) {
    if (isPileusError(error)) return null;
    throw error;
  }
}
