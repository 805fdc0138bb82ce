import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../src/plan/program.ts';
import type { ResolvedOp } from '../../src/plan/resolved.ts';
import type { Size } from '../../src/plan/turn.ts';
import { gradient, jpeg } from '../fixtures/pictures.ts';
import { decode, decodePicture, difference, draw, type Raster } from '../helpers/pixels.ts';
import { makeResolved, sizeAfter } from '../helpers/resolved.ts';
import { runFile, runOps } from '../helpers/run.ts';

/**
 * Random plans on small pictures: the fused program against one chain per op. The pictures are smooth, so that what is
 * left are roundings between chains (each op adds up to about one level) and the small asymmetry of shrinks at the
 * edges; a wrong order, place or turn is off by tens.
 */
const meanTolerance = 3;

const opsFrom = (size: Size, left: number): fc.Arbitrary<readonly ResolvedOp[]> =>
  left === 0
    ? fc.constant([])
    : opFor(size).chain((op) => opsFrom(sizeAfter(size, op), left - 1).map((rest) => [op, ...rest]));

function opFor(size: Size): fc.Arbitrary<ResolvedOp> {
  const background = fc.constantFrom('ffffffff', '808080ff', '203040ff');
  const side = (now: number) => fc.integer({ min: Math.max(4, Math.ceil(now / 3)), max: Math.max(6, now + 4) });
  const amount = fc.integer({ min: -60, max: 40 });
  const extract = fc
    .tuple(fc.integer({ min: 3, max: Math.max(3, size.width) }), fc.integer({ min: 3, max: Math.max(3, size.height) }))
    .chain(([wide, high]) => {
      const [width, height] = [Math.min(wide, size.width), Math.min(high, size.height)];
      return fc
        .tuple(fc.nat(size.width - width), fc.nat(size.height - height))
        .map(([left, top]): ResolvedOp => ({ op: 'extract', left, top, width, height }));
    });
  return fc.oneof(
    fc.integer({ min: 1, max: 8 }).map((orientation): ResolvedOp => ({ op: 'orient', orientation })),
    extract,
    extract,
    fc
      .tuple(side(size.width), side(size.height))
      .map(([width, height]): ResolvedOp => ({ op: 'resize', width, height })),
    fc
      .tuple(fc.boolean(), fc.boolean())
      .map(([horizontal, vertical]): ResolvedOp => ({ op: 'flip', horizontal, vertical })),
    fc
      .tuple(fc.constantFrom(90, 180, 270), background)
      .map(([degrees, colour]): ResolvedOp => ({ op: 'rotate', degrees, background: colour })),
    fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4), background).map(
      ([l, t, r, b, colour]): ResolvedOp => ({
        op: 'extend',
        left: l,
        top: t,
        right: r,
        bottom: b,
        background: colour,
      }),
    ),
    fc.constantFrom(0.8, 1.5).map((sigma): ResolvedOp => ({ op: 'blur', sigma })),
    fc.constantFrom<ResolvedOp>({ op: 'grey' }, { op: 'sepia' }),
    fc.integer({ min: -60, max: 60 }).map((by): ResolvedOp => ({ op: 'lift', amount: by })),
    fc.tuple(fc.nat(4), fc.nat(4), fc.constantFrom('copy', 'repeat', 'mirror')).map(
      ([l, t, fill]): ResolvedOp => ({
        op: 'extend',
        left: l,
        top: t,
        right: 1,
        bottom: 2,
        background: 'ffffffff',
        fill,
      }),
    ),
    fc.constantFrom<ResolvedOp>(
      { op: 'duotone', dark: '000000ff', light: 'ffffffff', mix: 50 },
      { op: 'gradient', colour: '203040ff', opacity: 60, to: 'right', start: 0, stop: 1 },
      { op: 'unsharp', amount: 1 / 24 },
      { op: 'underlay', colour: '4080c080' },
      { op: 'monochrome', colour: 'c08040ff', mix: 70 },
      { op: 'progressiveBlur', sigma: 3, to: 30, start: 0, stop: 1 },
    ),
    fc
      .tuple(fc.constantFrom('brightness', 'contrast', 'saturation'), amount)
      .map(([op, by]): ResolvedOp => ({ op, amount: by })),
  );
}

const plans = opsFrom({ width: 45, height: 31 }, 5);

/** Every op in a chain of its own, through a PNG. */
async function stepByStep(source: Raster, ops: readonly ResolvedOp[]): Promise<Raster> {
  let raster = source;
  for (const op of ops) raster = await runOps(raster, [op]);
  return raster;
}

/** Grey may be stored as one channel: compared as three. */
const asColour = (raster: Raster): Raster =>
  raster.channels > 2
    ? raster
    : draw(raster.width, raster.height, raster.channels + 2, (x, y) => {
        const at = (y * raster.width + x) * raster.channels;
        const value = raster.bytes[at] ?? 0;
        return raster.channels === 1 ? [value, value, value] : [value, value, value, raster.bytes[at + 1] ?? 0];
      });

describe('a fused program', () => {
  it.each([3, 4])(
    'gives the same picture as one chain per op, on %i channels',
    async (channels) => {
      const source = gradient(45, 31, channels);
      await fc.assert(
        fc.asyncProperty(plans, async (ops) => {
          const fused = asColour(await runOps(source, ops));
          const stepped = asColour(await stepByStep(source, ops));
          expect([fused.width, fused.height]).toEqual([stepped.width, stepped.height]);
          expect(difference(fused, stepped).mean).toBeLessThan(meanTolerance);
        }),
        { numRuns: 150, seed: 20_240_517 + channels },
      );
    },
    120_000,
  );

  it('gives the same picture from a JPEG that decodes at reduced size', async () => {
    const source = await jpeg(gradient(450, 310));
    const decoded = await decode(source);
    const ops = opsFrom({ width: 60, height: 44 }, 3);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), ops, async (orientation, rest) => {
        const plan: ResolvedOp[] = [{ op: 'orient', orientation }, { op: 'resize', width: 60, height: 44 }, ...rest];
        const resolved = makeResolved({ input: { format: 'jpeg', width: 450, height: 310 }, ops: plan });
        const fused = asColour(await decodePicture(await runFile(source, resolved)));
        const stepped = asColour(await stepByStep(decoded, plan));
        expect([fused.width, fused.height]).toEqual([stepped.width, stepped.height]);
        expect(difference(fused, stepped).mean).toBeLessThan(meanTolerance);
      }),
      { numRuns: 40, seed: 7 },
    );
  }, 120_000);

  it('never needs more chains than ops, and at least one', () => {
    fc.assert(
      fc.property(plans, (ops) => {
        const { segments } = compileProgram(makeResolved({ input: { width: 45, height: 31 }, ops }));
        expect(segments.length).toBeLessThanOrEqual(Math.max(1, ops.length + 1));
        expect(segments.at(-1)?.output).toEqual(ops.reduce(sizeAfter, { width: 45, height: 31 }));
      }),
    );
  });

  it('of a plan with transparent padding keeps alpha exact', async () => {
    const source = gradient(30, 20, 4);
    const ops: ResolvedOp[] = [
      { op: 'resize', width: 15, height: 10 },
      { op: 'extend', left: 2, top: 2, right: 2, bottom: 2, background: '00000000' },
      { op: 'flip', horizontal: true, vertical: false },
    ];
    const [fused, stepped] = [await runOps(source, ops), await stepByStep(source, ops)];
    expect(difference(fused, stepped).max).toBeLessThanOrEqual(2);
  });
});
