import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { paintScene } from '../../src/demo/scene.ts';
import { encodeRaw } from '../../src/pipeline/encode-raw.ts';
import { runPicture, runToPixels } from '../../src/pipeline/run.ts';
import { warmUp } from '../../src/pipeline/sharp.ts';
import { predictCost } from '../../src/plan/cost.ts';
import type { SourceFormat } from '../../src/plan/header.ts';
import { type Size, sizeAfter } from '../../src/plan/resolve/size.ts';
import type { Resolved, ResolvedEncode, ResolvedOp } from '../../src/plan/resolved.ts';
import { iconOf, indexedBitmap, maskedIcon, runLengthBitmap, sampleSvg } from './sources.ts';

/**
 * What operations and decoders take beside what the table of costs says (`src/plan/cost/coefficients.ts`): CPU milliseconds per
 * megapixel in one process, the least of several rounds in which all take turns, what the same picture takes without the op subtracted.
 * `ratio` is measured over predicted, with the machine's own speed left out. Not a pass or a fail; the table is corrected by hand.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, font: { type: 'string' }, only: { type: 'string' } },
});
const rounds = Number(values.rounds);
const size: Size = { width: 2000, height: 1500 };
const megapixels = (size.width * size.height) / 1e6;

const painted = paintScene('street', size.width, size.height, 21);
const photo = sharp(painted.bytes, { raw: { ...size, channels: painted.channels } });
const opaque = photo.clone().removeAlpha();
const grey = { bytes: await photo.clone().greyscale().raw().toBuffer(), channels: 1 } as const;
// Not opaque, and not transparent either: both ends have short cuts.
const seeThrough = opaque.clone().joinChannel(grey.bytes, { raw: { ...size, channels: grey.channels } });
const plain = { compression: 'none' } as const;
const sources = {
  rgb: await opaque.clone().tiff(plain).toBuffer(),
  rgba: await seeThrough.tiff(plain).toBuffer(),
  deep: await opaque.clone().toColourspace('rgb16').tiff(plain).toBuffer(),
} as const;
const strip: Size = { width: 1200, height: 250 };
const stripBytes = await opaque.clone().resize(strip).tiff(plain).toBuffer();
const times = 10;
const rgb = { bytes: await photo.clone().removeAlpha().raw().toBuffer(), ...size, channels: 3, frames: 1 } as const;

type Case = Readonly<{ name: string; base: string | null; predictedMs: number; run: () => Promise<unknown> }>;

const cases: Case[] = [];
const encode: ResolvedEncode = {
  format: 'png',
  quality: 0,
  effort: 0,
  lossless: true,
  progressive: false,
  fullChroma: false,
  metadata: 'none',
  bytesMax: 0,
  flatten: null,
};
const options = {
  softMs: 60_000,
  limits: { resultPixelsMax: 1e9, svgBytesMax: 1e9, resultBytesMax: 1e9 },
  assets: () => Promise.resolve(values.font === undefined ? Buffer.alloc(0) : readFileSync(values.font)),
};

function resolvedOf(
  format: SourceFormat,
  from: Size,
  ops: readonly ResolvedOp[],
  changes: Partial<ResolvedEncode>,
): Resolved {
  const to = ops.reduce((before, op) => sizeAfter(op, before), from);
  return {
    input: { format, ...from, page: 0, pages: 1, truncatedOk: false },
    ops,
    ...to,
    frames: 1,
    encode: { ...encode, ...changes },
  };
}

/**
 * Ops on pixels of one kind, up to pixels again. Of 16 bits a channel none are handed out, so these are scaled to a dot, which
 * costs next to nothing to encode.
 */
function addOps(source: keyof typeof sources, name: string, ...ops: readonly ResolvedOp[]): void {
  const deep = source === 'deep';
  const resolved = resolvedOf('tiff', size, deep ? [...ops, dot] : ops, deep ? { bits: 16 } : {});
  const { resizeMs, opsMs } = predictCost(resolvedOf('tiff', size, ops, deep ? { bits: 16 } : {}));
  cases.push({
    name: `${source} ${name}`,
    base: name === '' ? null : `${source} `,
    predictedMs: resizeMs + opsMs,
    run: () =>
      deep ? runPicture(sources[source], resolved, options) : runToPixels(sources[source], resolved, options),
  });
}

/** Marks on a picture so small that laying them over it costs little; ten times over, for milliseconds. */
function addText(name: string, ...ops: readonly ResolvedOp[]): void {
  const resolved = resolvedOf('tiff', strip, ops, {});
  cases.push({
    name: `text ${name}`,
    base: name === '' ? null : 'text ',
    predictedMs: times * predictCost(resolved).opsMs,
    run: async () => {
      for (let time = 0; time < times; time++) await runToPixels(stripBytes, resolved, options);
    },
  });
}

const dot: ResolvedOp = { op: 'resize', width: 20, height: 15 };

/** Ops of a whole job from RGBA to JPEG, where a chain more cannot be had for nothing. */
function addJob(name: string, ...ops: readonly ResolvedOp[]): void {
  const resolved = resolvedOf('tiff', size, ops, { format: 'jpg', quality: 80, lossless: false, flatten: 'ffffffff' });
  cases.push({
    name: `job ${name}`,
    base: name === '' ? null : 'job ',
    predictedMs: predictCost(resolved).opsMs - (name === '' ? 0 : predictCost({ ...resolved, ops: [] }).opsMs),
    run: () => runPicture(sources.rgba, resolved, options),
  });
}

function addSource(name: string, format: SourceFormat, bytes: Uint8Array, from: Size): void {
  const resolved = resolvedOf(format, from, [], {});
  cases.push({
    name: `decode ${name}`,
    base: null,
    predictedMs: predictCost(resolved).decodeMs,
    run: () => runToPixels(bytes, resolved, options),
  });
}

const half: ResolvedOp = { op: 'resize', width: size.width / 2, height: size.height / 2 };
const scaled = (part: number): ResolvedOp => ({
  op: 'resize',
  width: Math.round(size.width * part),
  height: Math.round(size.height * part),
});
const larger: ResolvedOp = { op: 'resize', width: 2400, height: 1800 };
const bordered: ResolvedOp = { op: 'extend', left: 50, top: 50, right: 50, bottom: 50, background: 'ff0000ff' };
const whole = { left: 0, top: 0, ...size };
const ellipse: ResolvedOp = { op: 'round', rx: size.width / 2, ry: size.height / 2 };
for (const source of ['rgb', 'rgba', 'deep'] as const) {
  addOps(source, '');
  addOps(source, 'resize', half);
  for (const part of [3 / 4, 1 / 4, 1 / 8]) addOps(source, `resize by ${part}`, scaled(part));
  addOps(source, 'resize, larger', larger);
  for (const sigma of [1, 3, 10]) addOps(source, `blur ${sigma}`, { op: 'blur', sigma });
  for (const sigma of [1, 3]) addOps(source, `sharpen ${sigma}`, { op: 'sharpen', sigma });
  for (const side of [2, 4, 8, 32]) addOps(source, `pixelate ${side}`, { op: 'pixelate', size: side });
  addOps(source, 'orient 6', { op: 'orient', orientation: 6 });
  addOps(source, 'flip', { op: 'flip', horizontal: false, vertical: true });
  addOps(source, 'flop', { op: 'flip', horizontal: true, vertical: false });
  addOps(source, 'quarter turn', { op: 'rotate', degrees: 90, background: 'ffffffff' });
  addOps(source, 'half turn', { op: 'rotate', degrees: 180, background: 'ffffffff' });
  addOps(source, 'extend', bordered);
  addOps(source, 'extract', { op: 'extract', left: 10, top: 10, width: 1980, height: 1480 });
  if (source === 'deep') continue;
  addOps(source, 'sepia', { op: 'sepia' });
  addOps(source, 'lift', { op: 'lift', amount: 30 });
  addOps(source, 'brightness', { op: 'brightness', amount: 30 });
  addOps(source, 'saturation', { op: 'saturation', amount: 30 });
  addOps(source, 'grey', { op: 'grey' });
}
addJob('');
addJob('flatten', { op: 'flatten', colour: 'ff0000ff' });
addJob('negate', { op: 'negate' });
addJob('gamma', { op: 'gamma', gamma: 2 });
addJob('hue', { op: 'hue', degrees: 50 });
addJob('round', { op: 'round', rx: 50, ry: 50 });
addJob('ellipse', ellipse);
addJob('pixelate 8', { op: 'pixelate', size: 8 });
addJob('redact, blocks of 8', { op: 'redact', areas: [whole], how: { by: 'pixelate', size: 8 } });
addJob('redact, filled', { op: 'redact', areas: [whole], how: { by: 'fill', colour: 'ff0000ff' } });

if (values.font !== undefined) {
  const text = {
    op: 'text',
    text: 'Hamburgo',
    font: 'f',
    fontVersion: 'bench',
    size: 24,
    colour: 'ffffffff',
    gravity: 'se',
    dx: 5,
    dy: 5,
    opacity: 100,
  } as const;
  const words = 'Hamburgefonts '.repeat(8);
  addText('');
  for (const length of [1, 8, 20, 60]) addText(`${length} of 24 px`, { ...text, text: words.slice(0, length) });
  addText('8 of 100 px', { ...text, size: 100 });
  addText('8 of 200 px', { ...text, size: 200 });
  addText('8 of 100 px, 30 degrees', { ...text, size: 100, degrees: 30 });
  const apart = { by: 'start', gap: 40 } as const;
  addOps('rgb', 'text, tiled small', { ...text, tile: { x: apart, y: apart } });
  addOps('rgb', 'text, tiled large', { ...text, size: 100, tile: { x: apart, y: apart } });
}

addSource('jpeg', 'jpeg', await encodeRaw(rgb, { format: 'jpeg', quality: 85 }), size);
addSource('bmp, 24 bits', 'bmp', await encodeRaw(rgb, { format: 'bmp' }), size);
addSource(
  'bmp, 32 bits',
  'bmp',
  await encodeRaw(
    { ...rgb, bytes: await photo.clone().ensureAlpha().raw().toBuffer(), channels: 4 },
    { format: 'bmp' },
  ),
  size,
);
addSource('bmp, 8 bits', 'bmp', indexedBitmap(rgb), size);
addSource('bmp, run lengths', 'bmp', runLengthBitmap(rgb), size);
addSource('ico, bitmap and mask', 'ico', maskedIcon(rgb), size);
addSource('ico, png', 'ico', iconOf(await encodeRaw(rgb, { format: 'png' }), 24), size);
for (const shapes of [1, 100, 2000]) addSource(`svg, ${shapes} shapes`, 'svg', sampleSvg(size, shapes), size);

const blob = Buffer.alloc(8e6, rgb.bytes);
for (const sum of ['md5', 'sha1', 'sha256', 'sha512'])
  cases.push({
    name: `${sum}, 8 MB`,
    base: null,
    predictedMs: 0,
    run: () => Promise.resolve(createHash(sum).update(blob).digest()),
  });

/** Ops that were measured on the machine of the table: how fast this one is, is the median of them. */
const yards: readonly string[] = [
  'rgb resize',
  'rgb resize, larger',
  'rgb blur 3',
  'rgb brightness',
  'rgb saturation',
  'job hue',
];
const chosen = cases.filter(
  ({ name }) =>
    values.only === undefined ||
    name.includes(values.only) ||
    ['tiff ', 'alpha ', 'deep ', 'tiff resize'].includes(name),
);
const leastMs = new Map<string, number>();
await warmUp();
for (let round = 0; round <= rounds; round++) {
  for (const { name, run } of chosen) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    // The first round warms up.
    if (round > 0) leastMs.set(name, Math.min(leastMs.get(name) ?? Number.POSITIVE_INFINITY, (user + system) / 1000));
  }
}

const measuredMs = ({ name, base }: Case): number =>
  (leastMs.get(name) ?? 0) - (base === null ? 0 : (leastMs.get(base) ?? 0));
const speeds = chosen.filter(({ name }) => yards.includes(name)).map((one) => measuredMs(one) / one.predictedMs);
const machine = speeds.sort((one, other) => one - other)[Math.floor(speeds.length / 2)] ?? 1;
console.log(`This machine takes ${machine.toFixed(2)} times what the table says of ops that are known.`);
console.table(
  Object.fromEntries(
    chosen.map((one) => {
      const ms = measuredMs(one);
      return [
        one.name,
        {
          measured: rounded(ms / megapixels),
          predicted: rounded(one.predictedMs / megapixels),
          'measured, as the table counts': rounded(ms / machine / megapixels),
          ratio: one.predictedMs > 0 ? rounded(ms / machine / one.predictedMs) : null,
        },
      ];
    }),
  ),
);

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
