import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { isCutShort } from '../../src/pipeline/completeness.ts';
import { pixelFailure, sourceFailure } from '../../src/pipeline/failures.ts';
import type { SourceFormat } from '../../src/plan/header.ts';
import { resolve } from '../../src/plan/resolve.ts';
import { isPileusError, PileusError, toWire } from '../../src/shared/errors.ts';
import { animatedGif, animatedWebp, gradient, jpeg, opened } from '../fixtures/pictures.ts';
import { decodePicture, difference, runOptions } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';
import { box, makeContext, makeHeader, makeOptions, makePlan, makeResize } from '../plan/resolve/scene.ts';

const raster = gradient(64, 48);
const files: readonly (readonly [string, SourceFormat, Promise<Buffer>])[] = [
  ['baseline JPEG', 'jpeg', jpeg(raster)],
  ['progressive JPEG', 'jpeg', jpeg(raster, { progressive: true })],
  ['PNG', 'png', opened(raster).png().toBuffer()],
  ['WebP', 'webp', opened(raster).webp().toBuffer()],
  ['GIF', 'gif', opened(raster).gif().toBuffer()],
  ['AVIF', 'avif', opened(raster).avif({ effort: 0 }).toBuffer()],
  ['TIFF', 'tiff', opened(raster).tiff({ compression: 'lzw' }).toBuffer()],
];
const plan = (format: SourceFormat, truncatedOk = false) =>
  makeResolved({
    input: { format, width: 64, height: 48, truncatedOk },
    ops: [{ op: 'resize', width: 16, height: 12 }],
  });

const failureOf = async (running: Promise<unknown>): Promise<unknown> =>
  running.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('a source that is cut short', () => {
  it.each(files)('%s: is found complete when it is whole, and cut at any length below', async (_name, format, made) => {
    const file = await made;
    expect(isCutShort(file, format)).toBe(false);
    const step = Math.max(1, Math.floor(file.length / 200));
    for (let length = 0; length < file.length; length += step)
      expect([length, isCutShort(file.subarray(0, length), format)]).toEqual([length, true]);
  });

  it.each(files)('%s: is refused as truncated wherever the cut is', async (_name, format, made) => {
    const file = await made;
    for (const share of [0.05, 0.2, 0.5, 0.8, 0.97]) {
      const cut = file.subarray(0, Math.ceil(file.length * share));
      await expect(runFile(cut, plan(format))).rejects.toMatchObject({ code: 'source_truncated' });
    }
  });

  it('a TIFF that names the same numbers over and over is looked through once', () => {
    const [entries, numbers] = [500, 2000];
    const file = Buffer.alloc(8 + 2 + entries * 12 + 4 + numbers * 4);
    file.write('II*\0', 'latin1');
    file.writeUInt32LE(8, 4);
    file.writeUInt16LE(entries, 8);
    for (let index = 0; index < entries; index++) {
      const at = 10 + index * 12;
      file.writeUInt16LE(index < entries / 2 ? 273 : index, at);
      file.writeUInt16LE(4, at + 2);
      file.writeUInt32LE(numbers, at + 4);
      file.writeUInt32LE(file.length - numbers * 4, at + 8);
    }
    const reads = vi.spyOn(DataView.prototype, 'getUint32');
    expect(isCutShort(file, 'tiff')).toBe(false);
    expect(reads.mock.calls.length).toBeLessThan(4 * (entries + numbers));
    reads.mockRestore();
    file.writeUInt32LE(file.length + 1, file.length - 4);
    expect(isCutShort(file, 'tiff')).toBe(true);
  });

  it('is accepted as far as it goes where that was asked for', async () => {
    for (const [, format, made] of files.filter(([name]) => name === 'baseline JPEG' || name === 'PNG')) {
      const file = await made;
      const picture = await runFile(file.subarray(0, Math.ceil(file.length * 0.9)), plan(format, true));
      expect([picture.width, picture.height]).toEqual([16, 12]);
    }
  });

  it('is refused as an animation, even where stills are accepted', async () => {
    for (const [format, made] of [
      ['gif', animatedGif()],
      ['webp', animatedWebp()],
    ] as const) {
      const file = await made;
      const resolved = makeResolved({
        input: { format, width: 24, height: 16, pages: 4, truncatedOk: true },
        encode: { format: 'webp', quality: 75 },
      });
      for (const share of [0.3, 0.6, 0.95]) {
        const cut = file.subarray(0, Math.ceil(file.length * share));
        await expect(runFile(cut, resolved)).rejects.toMatchObject({ code: 'source_truncated' });
      }
    }
  });
});

describe('a source that is broken', () => {
  it.each(files)('%s: never shows what libvips says of it', async (_name, format, made) => {
    const file = Buffer.from(await made);
    file.fill(0xa5, Math.floor(file.length * 0.3), Math.floor(file.length * 0.7));
    const failure = await failureOf(runFile(file, plan(format)));
    if (failure === 'no failure') return;
    expect(
      isPileusError(failure) && ['undecodable', 'source_truncated', 'unsupported_format'].includes(failure.code),
    ).toBe(true);
    if (isPileusError(failure)) expect(JSON.stringify(toWire(failure))).not.toMatch(/vips|libpng|buffer|jpeg|webp/i);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(5000)],
    ['text', Buffer.from('not a picture at all')],
  ])('%s instead of a picture is one of the errors of a source', async (_name, file) => {
    for (const [, format] of files) {
      const failure = await failureOf(runFile(file, plan(format)));
      expect(
        isPileusError(failure) && ['undecodable', 'source_truncated', 'unsupported_format'].includes(failure.code),
      ).toBe(true);
    }
  });

  it('a file larger than its plan says fails before it is decoded', async () => {
    const file = await jpeg(gradient(300, 200));
    await expect(runFile(file, plan('jpeg'))).rejects.toMatchObject({ code: 'undecodable' });
  });

  it('a file smaller than its plan says is not passed off as what was planned', async () => {
    const file = await jpeg(gradient(20, 10));
    const resolved = makeResolved({ input: { format: 'jpeg', width: 64, height: 48 } });
    await expect(runFile(file, resolved)).rejects.toMatchObject({ code: 'internal' });
  });

  it('SVG is not decoded where it is off, nor under another name', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="9" height="9"/></svg>',
    );
    const limits = { ...runOptions.limits, svgBytesMax: 0 };
    await expect(runFile(svg, plan('svg'), { limits })).rejects.toMatchObject({ code: 'unsupported_format' });
    const failure = await failureOf(runFile(svg, plan('png')));
    expect(isPileusError(failure)).toBe(true);
  });
});

describe('what the engine says', () => {
  const says = (text: string) => new Error(text);
  it.each([
    ['timeout: 42% complete', 'processing_deadline', 'processing_deadline'],
    ['source: bad seek\nheif: error\ntimeout: 0% complete', 'processing_deadline', 'processing_deadline'],
    ['Input buffer contains unsupported image format', 'unsupported_format', 'internal'],
    ['Input image exceeds pixel limit', 'undecodable', 'internal'],
    ['vips2png: unable to write', 'undecodable', 'internal'],
  ] as const)('"%s" is %s of a source and %s of pixels', async (text, ofSource, ofPixels) => {
    const whole = await jpeg(raster);
    expect(sourceFailure(says(text), whole, 'jpeg').code).toBe(ofSource);
    expect(pixelFailure(says(text)).code).toBe(ofPixels);
  });

  it('passes on what is already one of our errors', () => {
    const ours = new PileusError('origin_timeout');
    expect(sourceFailure(ours, Buffer.alloc(1), 'png')).toBe(ours);
    expect(pixelFailure(ours)).toBe(ours);
  });
});

describe('limits', () => {
  const file = jpeg(raster);

  it('the deadline is refused when it has passed between two chains', async () => {
    let nowMs = 0;
    const clock = { nowMs: () => (nowMs += 600), wallMs: () => 0 };
    const resolved = makeResolved({
      input: { format: 'jpeg', width: 64, height: 48 },
      ops: [
        { op: 'brightness', amount: 10 },
        { op: 'blur', sigma: 1 },
        { op: 'resize', width: 8, height: 8 },
      ],
    });
    await expect(runFile(await file, resolved, { softMs: 1000, clock })).rejects.toMatchObject({
      code: 'processing_deadline',
    });
  });

  it('the deadline holds for a watermark too, before anything is done for it', async () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, wallMs: () => 0 };
    const assets = () => {
      nowMs = 1001;
      return Promise.resolve(Buffer.from('no picture'));
    };
    const mark = { op: 'watermark', asset: 'a', assetVersion: '1', left: 0, top: 0, width: 9, height: 9 } as const;
    const resolved = makeResolved({
      input: { format: 'jpeg', width: 64, height: 48 },
      ops: [{ ...mark, opacity: 50 }],
    });
    await expect(runFile(await file, resolved, { softMs: 1000, clock, assets })).rejects.toMatchObject({
      code: 'processing_deadline',
    });
  });

  it('a result that its format cannot hold is refused before any decode', async () => {
    const resolved = makeResolved({
      input: { format: 'jpeg', width: 64, height: 48 },
      ops: [{ op: 'resize', width: 16_384, height: 2 }],
      encode: { format: 'webp', quality: 75 },
    });
    await expect(runFile(Buffer.alloc(3), resolved)).rejects.toMatchObject({ code: 'result_too_large' });
  });

  it('pixels between two chains are bounded', async () => {
    const resolved = makeResolved({
      input: { format: 'jpeg', width: 64, height: 48 },
      ops: [
        { op: 'resize', width: 2000, height: 2000 },
        { op: 'brightness', amount: 10 },
        { op: 'resize', width: 10, height: 10 },
      ],
    });
    const limits = { ...runOptions.limits, resultPixelsMax: 100_000 };
    await expect(runFile(await file, resolved, { limits })).rejects.toMatchObject({ code: 'result_too_large' });
  });

  it('what the planner allows between two ops, the engine allows between two chains', async () => {
    const options = makeOptions({ resultPixelsMax: 100_000 });
    const steps = [
      makeResize({ mode: 'exact', size: box(400, 400), enlarge: 'yes' }),
      { op: 'brightness', amount: 10 } as const,
      makeResize({ mode: 'exact', size: box(10, 10) }),
    ];
    const header = makeHeader({ width: 64, height: 48 });
    const resolved = resolve(makePlan({ steps }), header, makeContext({ options }));
    const picture = await runFile(await file, resolved, { limits: options });
    expect([picture.width, picture.height]).toEqual([10, 10]);
  });

  it('bytes of the result are bounded', async () => {
    const limits = { ...runOptions.limits, resultBytesMax: 100 };
    await expect(runFile(await file, plan('jpeg'), { limits })).rejects.toMatchObject({ code: 'result_too_large' });
  });
});

describe('the source', () => {
  it('is read in place and never past its end', async () => {
    const file = await jpeg(raster);
    const slab = Buffer.alloc(file.length * 3, 0x5a);
    file.copy(slab, 1000);
    const view = new Uint8Array(slab.buffer, slab.byteOffset + 1000, file.length);
    const [inSlab, alone] = [await runFile(view, plan('jpeg')), await runFile(file, plan('jpeg'))];
    expect(inSlab.bytes.equals(alone.bytes)).toBe(true);
    expect(slab.subarray(1000, 1000 + file.length).equals(file)).toBe(true);
    const cut = new Uint8Array(slab.buffer, slab.byteOffset + 1000, file.length - 40);
    await expect(runFile(cut, plan('jpeg'))).rejects.toMatchObject({ code: 'source_truncated' });
  });

  it('with orientation in EXIF but not in the plan decodes as stored', async () => {
    const turned = await jpeg(raster, { orientation: 3 });
    const plain = makeResolved({ input: { format: 'jpeg', width: 64, height: 48 } });
    const made = await decodePicture(await runFile(turned, plain));
    const stored = await decodePicture(await runFile(await jpeg(raster), plain));
    expect(difference(made, stored).max).toBe(0);
    expect((await sharp(turned).metadata()).orientation).toBe(3);
  });
});
