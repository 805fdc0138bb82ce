import type { Options } from '../config/config.ts';
import { compileProgram, type Program, type Segment, type SegmentEffect } from '../plan/program.ts';
import { betweenPixelsMax, checkBetween, formatSideMax } from '../plan/resolve/limits.ts';
import type { Resolved } from '../plan/resolved.ts';
import type { Size } from '../plan/turn.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { PileusError } from '../shared/errors.ts';
import { type Encoded, encodeWithin } from './budget.ts';
import { dressed, isGreyCarrier } from './carrier.ts';
import { isCutShort } from './completeness.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { checkSvgBytes } from './draw-svg.ts';
import { dssim, lumaOf } from './dssim.ts';
import { runEffect } from './effects.ts';
import { encode, outputColour, outputFormats, wrap } from './encode.ts';
import { markFailure, pixelFailure, sourceFailure } from './failures.ts';
import { hasCredits, keepMetadata } from './metadata.ts';
import { assertSize, frameOf, hasAlphaChannel, joinFrames, openPixels, type Pixels, toPixels } from './pixels.ts';
import { sanitiseSvg } from './sanitise-svg.ts';
import { encodeNear } from './search-quality.ts';
import { applySegment } from './segment.ts';
import { type Chain, openChain, tagDensity } from './sharp.ts';
import { openSource, pixelTraits, readTraits, type SourceTraits } from './source.ts';
import { makeText } from './steps/text.ts';
import { makeOverlay, type Overlay } from './steps/watermark.ts';
import { unpack } from './unpack.ts';
import { withDensity } from './write-density.ts';

/** A finished result. */
export type Picture = Readonly<{
  bytes: Buffer;
  /** Size of one frame. */
  width: number;
  height: number;
  frames: number;
  contentType: string;
  extension: string;
  /** The quality that was used in the end (a byte budget may have lowered it); 0 where the format has none. */
  quality: number;
}>;

export type RunOptions = Readonly<{
  /** Given up after this long, where libvips lets it: it looks only between regions of pixels, in whole seconds, rounded. */
  softMs: number;
  /** Bytes of a registered watermark. */
  assets: (name: string) => Promise<Uint8Array>;
  limits: Readonly<Pick<Options, 'resultPixelsMax' | 'resultBytesMax' | 'svgBytesMax'>>;
  clock?: Clock;
}>;

/**
 * Carries out a plan on a source. The source is read in place, exactly the view that is given and without a copy: its
 * bytes must not change until the promise has settled. One call at a time per process.
 *
 * Throws `undecodable`, `source_truncated`, `unsupported_format`, `operation_unsupported`, `result_too_large`,
 * `processing_deadline`, or `internal` for a picture that is not what was planned.
 */
export async function runPicture(source: Uint8Array, resolved: Resolved, options: RunOptions): Promise<Picture> {
  if (resolved.keep && resolved.input.format === 'svg') return keptSvg(source, resolved, options);
  const run = await startRun(source, resolved, options);
  const { encode: wish, others = [] } = resolved;
  const searches = wish.bytesMax > 0 || wish.search !== undefined;
  const material = await materialBeforeEncode(run, searches || others.length > 0);
  let [best, found] = [run, await findQuality(run, material)];
  for (const other of others) {
    const next: Run = { ...run, resolved: { ...resolved, encode: other } };
    const tried = await findQuality(next, material);
    if (tried.bytes.length < found.bytes.length) [best, found] = [next, tried];
  }
  return pictureOf(best, found.bytes, found.quality);
}

/** The result at the quality of the plan, or at that which its search and its byte budget end with. */
async function findQuality(run: Run, material: Ready): Promise<Encoded> {
  const { quality, bytesMax, budgetEncodes = 1, search } = run.resolved.encode;
  const encodeAt = (at: number): Promise<Buffer> => encodeOnce(run, material, at);
  if (search?.by === 'bytes') {
    const budget = bytesMax > 0 ? Math.min(bytesMax, search.target) : search.target;
    return encodeWithin(encodeAt, { quality, qualityMin: search.min, bytesMax: budget, encodesMax: search.encodes });
  }
  if (search?.by === 'dssim') {
    const { min, target, error, encodes: encodesMax } = search;
    const lossOf = await lossFrom(run, material);
    const found = await encodeNear(encodeAt, lossOf, { min, max: quality, target, error, encodesMax });
    if (bytesMax === 0 || found.bytes.length <= bytesMax) return found;
    return encodeWithin(encodeAt, { quality: found.quality, bytesMax, encodesMax: budgetEncodes });
  }
  if (bytesMax > 0) return encodeWithin(encodeAt, { quality, bytesMax, encodesMax: budgetEncodes });
  return { bytes: await encodeAt(quality), quality };
}

/** How far a result is from the pixels that it is made of, as its readers see both. */
async function lossFrom(run: Run, material: Ready): Promise<(bytes: Buffer) => Promise<number>> {
  const { deadline } = run;
  if (material.kind === 'source')
    throw new PileusError('internal', { cause: new Error('a search before the decoder') });
  const chain =
    material.kind === 'pixels' ? openPixels(material.pixels) : openChain(material.png, { limitInputPixels: false });
  const wanted = await ran(run, material, lumaOf(chain, deadline));
  return async (bytes) =>
    dssim(wanted, await ran(run, material, lumaOf(openChain(bytes, { limitInputPixels: false }), deadline)));
}

/** An SVG as it is, but for what could do harm. */
function keptSvg(source: Uint8Array, { input }: Resolved, { limits }: RunOptions): Picture {
  checkSvgBytes(source.length, limits.svgBytesMax);
  const { width, height } = input;
  const bytes = Buffer.from(sanitiseSvg(source));
  return { bytes, width, height, frames: 1, contentType: 'image/svg+xml', extension: 'svg', quality: 0 };
}

/** Carries out a plan up to raw pixels (8-bit sRGB): for averages and comparisons. */
export async function runToPixels(source: Uint8Array, resolved: Resolved, options: RunOptions): Promise<Pixels> {
  const { bits: _, profile: __, ...encode } = resolved.encode;
  const run = await startRun(source, { ...resolved, encode: { ...encode, metadata: 'none' } }, options);
  const material = await materialBeforeEncode(run, true);
  if (material.kind !== 'pixels') throw new PileusError('internal', { detail: 'no pixels were made' });
  return material.pixels;
}

/** One call of `runPicture`. */
type Run = Readonly<{
  /** What the first chain begins with. */
  start: Material;
  source: Buffer;
  resolved: Resolved;
  traits: SourceTraits;
  program: Program;
  options: RunOptions;
  deadline: Deadline;
}>;

/** What a chain begins with. */
type Material =
  | Readonly<{ kind: 'source' }>
  | Readonly<{ kind: 'pixels'; pixels: Pixels }>
  /** Pixels with the source's metadata around them, see carrier.ts. */
  | Readonly<{ kind: 'carrier'; png: Buffer; opaque: boolean }>;

/** A material and the segment that the encoding chain still has to apply to it, if any. */
type Ready = Material & Readonly<{ segment: Segment | null }>;

async function startRun(bytes: Uint8Array, resolved: Resolved, options: RunOptions): Promise<Run> {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const clock = options.clock ?? systemClock;
  const deadline: Deadline = { atMs: clock.nowMs() + options.softMs, clock };
  refuseImpossible(source, resolved);
  const unpacked = await guarded(unpack(source, resolved, options.limits.svgBytesMax, deadline), (error) =>
    sourceFailure(error, source, resolved.input.format),
  );
  if (unpacked.kind === 'pixels') {
    const traits = pixelTraits(unpacked.pixels);
    const program = compileProgram(resolved, traits.pixels);
    return { start: unpacked, source, resolved, traits, program, options, deadline };
  }
  const traits = await guarded(readTraits(unpacked.source, unpacked.resolved), (error) =>
    sourceFailure(error, unpacked.source, unpacked.resolved.input.format),
  );
  const program = compileProgram(resolved, traits.pixels);
  return { start: { kind: 'source' }, traits, program, options, deadline, ...unpacked };
}

/** What can be refused without touching the pixels. */
function refuseImpossible(source: Buffer, resolved: Resolved): void {
  const { input, encode: wish, frames } = resolved;
  if (source.length === 0) throw new PileusError('source_truncated');
  if (frames > 1 && resolved.ops.some((op) => op.op === 'smartcrop'))
    throw new PileusError('operation_unsupported', { detail: 'An animation cannot be cropped by its content.' });
  // libvips decodes a cut GIF as far as it goes, without an error.
  const completeNeeded = input.format === 'gif' && (!input.truncatedOk || input.pages > 1);
  if (completeNeeded && isCutShort(source, 'gif')) throw new PileusError('source_truncated');
  const { animated } = outputFormats[wish.format];
  const sideMax = formatSideMax[wish.format];
  if (Math.max(resolved.width, resolved.height) > sideMax)
    throw new PileusError('result_too_large', { detail: `${wish.format} holds sides up to ${sideMax} pixels.` });
  if (frames !== (input.stacked ? 1 : input.pages) || (frames > 1 && !animated))
    throw new PileusError('internal', { cause: new RangeError(`${frames} frames of ${wish.format}`) });
}

/** Runs all segments but the last, and that one too where the encoding chain has to begin with pixels. */
async function materialBeforeEncode(run: Run, pixelsNeeded: boolean): Promise<Ready> {
  const { segments } = run.program;
  let material: Material = run.start;
  for (const segment of segments.slice(0, -1)) material = await carryOut(run, material, segment);
  const last = segments.at(-1) ?? null;
  const fromPixels =
    pixelsNeeded || (last !== null && last.effect !== null) || (material.kind === 'source' && sourceShowsThrough(run));
  if (!last || !fromPixels) return { segment: last, ...material };
  return { segment: null, ...(await carryOut(run, material, last)) };
}

/**
 * Would something of the source's metadata that the policy forbids reach the result if the encoder ran behind the
 * decoder? With credits all of EXIF would, and libvips writes the source's orientation into every TIFF. Nor may deep pixels without a
 * profile get one there.
 */
function sourceShowsThrough({ resolved, traits }: Run): boolean {
  const { metadata, format, bits, profile } = resolved.encode;
  const isMistaken = traits.deepBare && bits === undefined && (metadata === 'all' || profile === 'srgb');
  return isMistaken || hasCredits(traits.credits) || (format === 'tif' && metadata !== 'all');
}

/** One segment from material to pixels. */
async function carryOut(run: Run, material: Material, segment: Segment): Promise<Material> {
  refuseLargePixels(run, segment.output);
  if (segment.effect) return carryOutEffect(run, material, segment.effect);
  const overlays = await overlaysOf(run, segment);
  if (segment.each && material.kind === 'pixels') {
    const frames: Pixels[] = [];
    for (let index = 0; index < material.pixels.frames; index++) {
      const frame: Material = { kind: 'pixels', pixels: frameOf(material.pixels, index) };
      frames.push(await ran(run, frame, toPixels(chainFor(run, frame, segment, overlays), segment.output, 1)));
    }
    return { kind: 'pixels', pixels: joinFrames(frames) };
  }
  const deep = isDeep(run);
  const chain = outputColour(chainFor(run, material, segment, overlays), {
    grey: deep && isGrey(run, material),
    deep,
    deepProfile: material.kind === 'source' && run.traits.deepProfile,
  });
  if (isCarried(run)) {
    const carried = keepCarried(run, chain).png({ compressionLevel: 0 });
    const { data, info } = await ran(run, material, carried.toBuffer({ resolveWithObject: true }));
    return { kind: 'carrier', png: data, opaque: info.channels % 2 === 1 };
  }
  const pixels = await ran(run, material, toPixels(chain, segment.output, run.program.frames, deep));
  return { kind: 'pixels', pixels };
}

const isDeep = ({ resolved }: Run): boolean => resolved.encode.bits !== undefined;

/** Has the result something of the source besides pixels? */
const isCarried = ({ resolved, program }: Run): boolean =>
  program.frames === 1 && (resolved.encode.metadata === 'all' || resolved.encode.profile === 'source');

const keepCarried = ({ resolved }: Run, chain: Chain): Chain =>
  resolved.encode.metadata === 'all' ? chain.keepExif().keepXmp() : chain;

/** An effect on pixels. What carries metadata gives it on. */
async function carryOutEffect(run: Run, material: Material, op: SegmentEffect): Promise<Material> {
  if (material.kind === 'pixels')
    return { kind: 'pixels', pixels: await ran(run, material, runEffect(material.pixels, op, run.deadline)) };
  if (material.kind === 'source')
    throw new PileusError('internal', { cause: new Error('an effect before the decoder') });
  const deep = isDeep(run);
  const opened = outputColour(open(run, material), { grey: deep && isGrey(run, material), deep, deepProfile: false });
  const size = { width: material.png.readUInt32BE(16), height: material.png.readUInt32BE(20) };
  const before = await ran(run, material, toPixels(opened, size, 1, deep));
  const after = await ran(run, material, runEffect(before, op, run.deadline));
  const colours = { grey: deep && after.channels < 3, deep, deepProfile: false };
  const bare = outputColour(openPixels(after), colours).png({ compressionLevel: 0 });
  const png = dressed(await ran(run, material, bare.toBuffer()), material.png);
  return { kind: 'carrier', png, opaque: !hasAlphaChannel(after) };
}

async function encodeOnce(run: Run, ready: Ready, quality: number): Promise<Buffer> {
  const { resolved, traits, program } = run;
  const { format, metadata, profile, dpi } = resolved.encode;
  const overlays = ready.segment ? await overlaysOf(run, ready.segment) : [];
  const colourless = program.colour === 'none' || (program.colour === 'source' && traits.grey);
  const coloured = outputColour(chainFor(run, ready, ready.segment, overlays), {
    grey: colourless && outputFormats[format].grey && metadata !== 'all' && (profile ?? 'none') === 'none',
    deep: isDeep(run),
    deepProfile: ready.kind === 'source' && traits.deepProfile,
  });
  const upright = resolved.ops.some((op) => op.op === 'orient');
  const kept = keepMetadata(coloured, resolved.encode, traits, upright);
  const complete = dpi === undefined ? kept : tagDensity(kept, dpi);
  const chain = encode(complete, resolved.encode, quality, traits.animation);
  const { data, info } = await ran(run, ready, chain.toBuffer({ resolveWithObject: true }));
  // sharp reports the size behind the crop where a crop and an extension share a chain.
  const reported = ready.segment?.after && ready.segment.extend ? ready.segment.after : resolved;
  assertSize({ width: info.width, height: info.height / program.frames }, reported);
  const bytes = dpi !== undefined && format === 'jpg' ? withDensity(data, dpi) : data;
  return wrap(format, bytes, { width: resolved.width, height: resolved.height, channels: info.channels });
}

/** A chain with the segment in it and the time that is left. */
function chainFor(run: Run, material: Material, segment: Segment | null, overlays: readonly Overlay[]): Chain {
  const opened = withDeadline(open(run, material), run.deadline);
  const scales = segment !== null && (segment.resize !== null || segment.smartcrop !== null);
  const chain = scales && run.resolved.linear ? opened.pipelineColourspace('scrgb') : opened;
  return segment ? applySegment(chain, segment, overlays, isOpaque(run, material)) : chain;
}

function open(run: Run, material: Material): Chain {
  switch (material.kind) {
    case 'source':
      return withProfile(run, openSource(run.source, run.resolved));
    case 'pixels':
      return openPixels(material.pixels);
    case 'carrier':
      return withProfile(run, openChain(material.png, { limitInputPixels: false }));
  }
}

/** A profile that is kept is not applied: the picture is worked on in its own colours. */
const withProfile = ({ resolved }: Run, chain: Chain): Chain =>
  resolved.encode.profile === 'source' ? chain.keepIccProfile() : chain;

/** One colour channel. Asked of deep pixels only: eight bits between chains are always RGB. */
function isGrey(run: Run, material: Material): boolean {
  switch (material.kind) {
    case 'source':
      return run.traits.grey;
    case 'pixels':
      return material.pixels.channels < 3;
    case 'carrier':
      return isGreyCarrier(material.png);
  }
}

function isOpaque(run: Run, material: Material): boolean {
  switch (material.kind) {
    case 'source':
      return run.traits.opaque;
    case 'pixels':
      return !hasAlphaChannel(material.pixels);
    case 'carrier':
      return material.opaque;
  }
}

async function overlaysOf(run: Run, segment: Segment): Promise<readonly Overlay[]> {
  const overlays: Overlay[] = [];
  for (const op of segment.watermarks) {
    const asset = await run.options.assets(op.op === 'text' ? op.font : op.asset);
    const made =
      op.op === 'text'
        ? makeText(op, segment.output, asset, run.deadline)
        : makeOverlay(op, segment.output, asset, run.deadline);
    const overlay = await guarded(made, op.op === 'watermark' && op.from ? markFailure : pixelFailure);
    if (overlay !== null) overlays.push(overlay);
  }
  return overlays;
}

const ran = <T>(run: Run, material: Material, running: Promise<T>): Promise<T> =>
  guarded(running, (error) =>
    material.kind === 'source' ? sourceFailure(error, run.source, run.resolved.input.format) : pixelFailure(error),
  );

async function guarded<T>(running: Promise<T>, failure: (error: unknown) => PileusError): Promise<T> {
  try {
    return await running;
  } catch (error) {
    throw failure(error);
  }
}

/** Pixels between chains are held whole: no more of them than the planner lets stand between two ops. */
function refuseLargePixels(run: Run, size: Size): void {
  const { input } = run.resolved;
  const pixelsMax = betweenPixelsMax(input.width * input.height * input.pages, run.options.limits);
  checkBetween(size, run.program.frames, pixelsMax);
}

function pictureOf({ resolved, options }: Run, bytes: Buffer, quality: number): Picture {
  const { resultBytesMax } = options.limits;
  if (bytes.length > resultBytesMax)
    throw new PileusError('result_too_large', { detail: `The result has more than ${resultBytesMax} bytes.` });
  const { format } = resolved.encode;
  return {
    bytes,
    width: resolved.width,
    height: resolved.height,
    frames: resolved.frames,
    contentType: outputFormats[format].contentType,
    extension: format,
    quality,
  };
}
