import { enlarges, traitsOf } from './op-traits.ts';
import type { ExtendFill, Rgba } from './plan.ts';
import { markBox } from './resolve/mark.ts';
import { coverSize, openingSize } from './resolve/size.ts';
import type { EffectOp, MarkOp, Resolved, ResolvedOp } from './resolved.ts';
import {
  composeTurns,
  isUpright,
  type Margins,
  orientationTurn,
  quarterTurns,
  type Rect,
  rotatedSize,
  type Size,
  type Turn,
  turnMargins,
  turnRect,
  turnSize,
  unturnRect,
  upright,
} from './turn.ts';

/**
 * A Resolved cut into as few chains of the engine as its order allows. Pure.
 *
 * One chain runs its parts in a fixed order, whatever the order of the calls (sharp 0.35.5, src/pipeline.cc):
 * decode with shrink-on-load, colour to sRGB, flatten, crop, scale, mirror, quarter turn, odd rotation, crop, extend,
 * blur, convolution, colour matrix, sharpen, watermark, linear tone, encode. An op joins the current chain when it comes no
 * earlier in that order than what is there, or when it can be carried past it without changing a pixel: turns and
 * crops commute when their numbers are adapted. Otherwise the chain ends, its pixels are kept raw (sRGB, as deep as the result), and
 * the next chain begins with them.
 *
 * Two facts of the engine shape the first chain. Only a scale without a crop before it decodes at reduced size
 * (shrink-on-load), and a mirror or quarter turn after the scale does not prevent that, so the orientation of
 * a photograph is applied behind the scale. And backgrounds, watermarks and offsets are given in 8-bit sRGB: on
 * pixels that are not yet that, they need a chain of their own.
 */

type OpOf<Name extends ResolvedOp['op']> = Extract<ResolvedOp, { op: Name }>;

/** Ops that are a linear mix of the channels, without offset. Bitonal begins with one. */
export type MatrixOp = OpOf<'grey'> | OpOf<'saturation'> | OpOf<'sepia'> | OpOf<'bitonal'>;
/** Ops that are slope and intercept, the same for each channel. Bitonal ends with one. */
export type LineOp = OpOf<'brightness'> | OpOf<'contrast'> | OpOf<'lift'> | OpOf<'bitonal'>;

/**
 * What works on pixels between two chains. The last two are parts of a chain elsewhere; of pixels with more than 8 bits they
 * are done by hand, since the engine takes 256 times the 8-bit value for the 16-bit one: its white is a little grey.
 */
export type SegmentEffect = EffectOp | OpOf<'extend'> | Readonly<{ op: 'flattenDeep'; background: Rgba }>;

type Scaling = Pick<OpOf<'resize'>, 'kernel'>;

/** One chain. Members stand in the order in which they act; null, 0, false and empty mean: nothing to do. */
export type Segment = Readonly<{
  /** Run once for every frame instead of once over all of them, because neighbouring frames would mix. */
  each: boolean;
  /** Size of a frame as it comes in. */
  input: Size;
  /** Alpha blended into this colour at the beginning. */
  flatten: Rgba | null;
  before: Rect | null;
  resize: (Size & Scaling) | null;
  smartcrop: OpOf<'smartcrop'> | null;
  turn: Turn;
  rotate: OpOf<'rotate'> | null;
  after: Rect | null;
  extend: (Margins & Readonly<{ background: Rgba; fill?: ExtendFill }>) | null;
  blur: number;
  unsharp: OpOf<'unsharp'> | null;
  matrix: readonly MatrixOp[];
  sharpen: number;
  watermarks: readonly MarkOp[];
  line: readonly LineOp[];
  /** An effect on its pixels, instead of everything above. */
  effect: SegmentEffect | null;
  /** Size of a frame as it goes out. */
  output: Size;
  /** The ops that it carries out, in the plan's order. */
  ops: readonly ResolvedOp[];
  /** How far in the engine's order it has come. */
  stage: number;
}>;

export type Program = Readonly<{
  segments: readonly Segment[];
  frames: number;
  /** Colour of the result: none, as much as the source has, or perhaps more than the source. */
  colour: 'none' | 'source' | 'any';
}>;

/** What the source's pixels are before any conversion: 8-bit RGB (or CMYK), 8-bit grey, or anything else. */
export type SourcePixels = 'rgb8' | 'grey8' | 'deep';

/**
 * The chains that carry out `resolved.ops`, at least one. `pixels` says what the decoder will hand out; it decides
 * only where the first chain has to end. Running one chain per op gives the same picture but for rounding.
 */
export function compileProgram(resolved: Resolved, pixels: SourcePixels = 'rgb8'): Program {
  const { frames } = resolved;
  const scene: Scene = {
    frames,
    pixels,
    deep: resolved.encode.bits !== undefined,
    linear: resolved.linear === true,
  };
  const segments: Segment[] = [emptySegment(openingSize(resolved.input), false)];
  let colour: Program['colour'] = 'source';
  for (const op of resolved.ops) {
    append(segments, op, scene);
    colour = colourAfter(colour, op);
  }
  if (resolved.encode.flatten) {
    appendFlatten(segments, resolved.encode.flatten, scene);
    colour = isGrey(resolved.encode.flatten) ? colour : 'any';
  }
  const last = lastOf(segments);
  // Frames that were made one by one have to be joined again by the chain that encodes them.
  if (last.each) segments.push(emptySegment(last.output, false));
  return { segments, frames, colour };
}

/** The program in words, one line per chain, for `explain`. */
export function explainProgram(program: Program): readonly string[] {
  return program.segments.map((segment, index) => {
    const first = index === 0 ? 'decode' : 'from raw pixels';
    const shrinks = index === 0 && segment.resize && !segment.before ? ' (may decode at reduced size)' : '';
    const parts = segmentWords(segment);
    const last = index === program.segments.length - 1 ? 'encode' : 'to raw pixels';
    const scope = segment.each ? 'frame by frame: ' : '';
    return `${scope}${[`${first}${shrinks}`, ...parts, last].join(', ')}`;
  });
}

/** The engine's order. `closed`: values are beyond the range of a pixel until the chain ends. */
const stages = {
  turn: 3,
  rotate: 4,
  after: 5,
  extend: 6,
  blur: 7,
  unsharp: 8,
  matrix: 9,
  sharpen: 10,
  watermark: 11,
  line: 12,
  closed: 13,
} as const;

const emptySegment = (input: Size, each: boolean): Segment => ({
  each,
  input,
  flatten: null,
  before: null,
  resize: null,
  smartcrop: null,
  turn: upright,
  rotate: null,
  after: null,
  extend: null,
  blur: 0,
  unsharp: null,
  matrix: [],
  sharpen: 0,
  watermarks: [],
  line: [],
  effect: null,
  output: input,
  ops: [],
  stage: 0,
});

/** What a chain has to know beside itself to take an op. */
type Place = Readonly<{
  frames: number;
  pixels: SourcePixels;
  /** It begins with the source. */
  first: boolean;
}>;

const lastOf = (segments: readonly Segment[]): Segment => {
  const last = segments.at(-1);
  if (!last) throw new RangeError('a program has at least one segment');
  return last;
};

/** What holds for all chains of a program. */
type Scene = Readonly<{
  frames: number;
  /** Of the source. */
  pixels: SourcePixels;
  /** The result has more than 8 bits, and so has everything before it. */
  deep: boolean;
  /** Scales are done in linear light: nothing that is given in 8-bit sRGB shares a chain with one. */
  linear: boolean;
}>;

function append(segments: Segment[], op: ResolvedOp, scene: Scene): void {
  const { frames, deep } = scene;
  const last = lastOf(segments);
  if (doesNothing(op, last.output)) return;
  if (deep && op.op === 'extend') {
    segments.push(effectSegment(last.output, op, extended(last, op).output));
    return;
  }
  if (op.op === 'smartcrop' && last.turn.quarter && last.stage === stages.turn) {
    // The engine scales before the quarter turn and crops after it, with one size for both. Scaling to
    // cover in this chain keeps the turned pixels few; the crop is left to the next one.
    append(segments, { op: 'resize', ...coverSize(last.output, op), ...scalingOf(op) }, scene);
    segments.push(emptySegment(lastOf(segments).output, false));
  }
  const current = lastOf(segments);
  const first = segments.length === 1;
  const place: Place = { frames, pixels: pixelsIn(current, first, scene), first };
  const fused = fuse(current, op, place);
  if (fused) {
    segments[segments.length - 1] = { ...fused, ops: [...fused.ops, op] };
    return;
  }
  const each = frames > 1 && (current.each || traitsOf(op).mixesFrames(op, current.output));
  const next = fuse(emptySegment(current.output, each), op, { frames, pixels: 'rgb8', first: false });
  if (!next) throw new RangeError(`${op.op} fits no chain`);
  segments.push({ ...next, ops: [op] });
}

/** What a chain works on. */
const pixelsIn = ({ resize, smartcrop }: Segment, first: boolean, { pixels, linear }: Scene): SourcePixels =>
  linear && (resize || smartcrop) ? 'deep' : first ? pixels : 'rgb8';

const effectSegment = (input: Size, effect: SegmentEffect, output: Size): Segment => ({
  ...emptySegment(input, false),
  effect,
  output,
  ops: effect.op === 'flattenDeep' ? [] : [effect],
  stage: stages.closed,
});

function appendFlatten(segments: Segment[], background: Rgba, scene: Scene): void {
  const last = lastOf(segments);
  if (scene.deep) {
    segments.push(effectSegment(last.output, { op: 'flattenDeep', background }, last.output));
    return;
  }
  // Blending commutes with what moves, scales or blurs pixels, not with what changes their colours afterwards.
  const plain =
    last.effect === null &&
    last.stage <= stages.blur &&
    !last.smartcrop &&
    (!last.extend || isOpaque(last.extend.background)) &&
    (!last.rotate || isOpaque(last.rotate.background)) &&
    takesBackground(background, pixelsIn(last, segments.length === 1, scene));
  if (plain) segments[segments.length - 1] = { ...last, flatten: background };
  else segments.push({ ...emptySegment(last.output, false), flatten: background });
}

/** The segment with the op in it, or null where the op needs a chain of its own. */
function fuse(segment: Segment, op: ResolvedOp, place: Place): Segment | null {
  if (place.frames > 1 && !segment.each && traitsOf(op).mixesFrames(op, segment.output)) return null;
  if (segment.stage === stages.closed || !takesPixels(op, place.pixels)) return null;
  switch (op.op) {
    case 'orient':
      return fuseTurn(segment, orientationTurn(op.orientation));
    case 'flip':
      return fuseTurn(segment, { flip: op.vertical, flop: op.horizontal, quarter: false });
    case 'rotate':
      return op.degrees % 90 === 0 ? fuseTurn(segment, quarterTurns(op.degrees)) : fuseRotate(segment, op);
    case 'extract':
      return fuseExtract(segment, op);
    case 'resize':
      return fuseResize(segment, op);
    case 'smartcrop':
      return segment.turn.quarter || segment.resize || segment.smartcrop || segment.stage > stages.turn
        ? null
        : { ...segment, smartcrop: op, output: { width: op.width, height: op.height }, stage: stages.turn };
    case 'extend':
      return segment.stage > stages.after ? null : { ...segment, ...extended(segment, op), stage: stages.extend };
    case 'blur':
      return segment.stage >= stages.blur ? null : { ...segment, blur: op.sigma, stage: stages.blur };
    case 'unsharp':
      return segment.stage >= stages.unsharp ? null : { ...segment, unsharp: op, stage: stages.closed };
    case 'sharpen':
      return segment.stage >= stages.sharpen ? null : { ...segment, sharpen: op.sigma, stage: stages.sharpen };
    case 'watermark':
    case 'text':
      return segment.stage > stages.watermark
        ? null
        : { ...segment, watermarks: [...segment.watermarks, op], stage: stages.watermark };
    case 'grey':
    case 'saturation':
    case 'sepia':
      return segment.stage > stages.matrix
        ? null
        : {
            ...segment,
            matrix: [...segment.matrix, op],
            stage: op.op === 'sepia' || (op.op === 'saturation' && op.amount > 0) ? stages.closed : stages.matrix,
          };
    case 'bitonal':
      return segment.stage > stages.matrix
        ? null
        : { ...segment, matrix: [...segment.matrix, op], line: [op], stage: stages.closed };
    case 'lift':
      return { ...segment, line: [...segment.line, op], stage: stages.closed };
    case 'brightness':
    case 'contrast':
      return {
        ...segment,
        line: [...segment.line, op],
        // A darker or flatter picture stays in range, so the next line can be multiplied into this one.
        stage: op.amount > 0 ? stages.closed : stages.line,
      };
    case 'round':
    case 'pixelate':
    case 'negate':
    case 'gamma':
    case 'hue':
    case 'tint':
    case 'normalise':
    case 'monochrome':
    case 'duotone':
    case 'colorize':
    case 'gradient':
    case 'progressiveBlur':
    case 'flatten':
    case 'underlay':
    case 'median':
    case 'redact':
      return segment.ops.length > 0 || place.first ? null : { ...segment, effect: op, stage: stages.closed };
  }
}

function fuseTurn(segment: Segment, turn: Turn): Segment | null {
  if (segment.stage > stages.extend || segment.rotate || segment.smartcrop) return null;
  const inner = turnedSize(segment);
  return {
    ...segment,
    turn: composeTurns(segment.turn, turn),
    after: segment.after && turnRect(segment.after, inner, turn),
    extend: segment.extend && { ...segment.extend, ...turnMargins(segment.extend, turn) },
    output: turnSize(segment.output, turn),
    stage: Math.max(segment.stage, stages.turn),
  };
}

const fuseRotate = (segment: Segment, op: OpOf<'rotate'>): Segment | null =>
  segment.stage >= stages.rotate || segment.turn.quarter
    ? null
    : { ...segment, rotate: op, output: rotatedSize(segment.output, op.degrees), stage: stages.rotate };

function fuseExtract(segment: Segment, op: OpOf<'extract'>): Segment | null {
  if (segment.stage > stages.after) return null;
  const output = { width: op.width, height: op.height };
  if (segment.resize || segment.smartcrop)
    return { ...segment, after: within(segment.after, op), output, stage: stages.after };
  if (segment.rotate) return null;
  const stored = segment.before ?? segment.input;
  return { ...segment, before: within(segment.before, unturnRect(op, stored, segment.turn)), output };
}

const scalingOf = ({ kernel }: Scaling): Scaling => (kernel === undefined ? {} : { kernel });

function fuseResize(segment: Segment, op: OpOf<'resize'>): Segment | null {
  const size: Size = { width: op.width, height: op.height };
  if (segment.stage > stages.turn || segment.resize || segment.smartcrop) return null;
  // libvips enlarges from the top left corner, half a pixel off the middle: mirrored, that is another picture.
  if (enlarges(size, segment.output) && !isUpright(segment.turn)) return null;
  const resize = { ...turnSize(size, segment.turn), ...scalingOf(op) };
  return { ...segment, resize, output: size, stage: stages.turn };
}

const extended = (segment: Segment, op: OpOf<'extend'>): Pick<Segment, 'extend' | 'output'> => ({
  extend: {
    left: op.left,
    top: op.top,
    right: op.right,
    bottom: op.bottom,
    background: op.background,
    ...(op.fill === undefined ? {} : { fill: op.fill }),
  },
  output: {
    width: segment.output.width + op.left + op.right,
    height: segment.output.height + op.top + op.bottom,
  },
});

/** Size behind the turn, before the crop that follows it. */
const turnedSize = (segment: Segment): Size =>
  turnSize(segment.resize ?? segment.before ?? segment.input, segment.turn);

const within = (outer: Rect | null, rect: Rect): Rect => ({
  left: (outer?.left ?? 0) + rect.left,
  top: (outer?.top ?? 0) + rect.top,
  width: rect.width,
  height: rect.height,
});

/** Can this op act on pixels as the decoder hands them out? */
function takesPixels(op: ResolvedOp, pixels: SourcePixels): boolean {
  const traits = traitsOf(op);
  if (traits.tones) return pixels !== 'deep';
  const background = traits.background(op);
  return background === null || takesBackground(background, pixels);
}

const takesBackground = (background: Rgba, pixels: SourcePixels): boolean =>
  pixels === 'rgb8' || (pixels === 'grey8' && isGrey(background));

function doesNothing(op: ResolvedOp, size: Size): boolean {
  switch (op.op) {
    case 'orient':
      return isUpright(orientationTurn(op.orientation));
    case 'flip':
      return !op.horizontal && !op.vertical;
    case 'rotate':
      return op.degrees % 360 === 0;
    case 'extract':
    case 'resize':
    case 'smartcrop':
      return op.width === size.width && op.height === size.height;
    case 'extend':
      return op.left + op.top + op.right + op.bottom === 0;
    case 'blur':
    case 'sharpen':
      return op.sigma === 0;
    case 'brightness':
    case 'contrast':
    case 'saturation':
    case 'lift':
      return op.amount === 0;
    case 'watermark':
      return op.opacity === 0 || isOutside(op, size);
    case 'text':
      return op.opacity === 0;
    case 'round':
      return op.rx === 0 || op.ry === 0;
    case 'gamma':
      return op.gamma === 1;
    case 'hue':
      return op.degrees === 0;
    case 'pixelate':
      return op.size <= 1;
    case 'grey':
    case 'bitonal':
    case 'negate':
    case 'tint':
    case 'normalise':
    case 'sepia':
    case 'flatten':
    case 'underlay':
    case 'unsharp':
    case 'redact':
      return false;
    case 'monochrome':
    case 'duotone':
      return op.mix === 0;
    case 'progressiveBlur':
      return op.sigma === 0;
    case 'colorize':
    case 'gradient':
      return op.opacity === 0;
    case 'median':
      return op.size === 1;
  }
}

/** Of one that is not repeated: does it touch the picture nowhere? */
function isOutside(op: OpOf<'watermark'>, size: Size): boolean {
  if (op.repeat) return false;
  const turned = markBox(op);
  return op.left >= size.width || op.top >= size.height || op.left + turned.width <= 0 || op.top + turned.height <= 0;
}

function colourAfter(colour: Program['colour'], op: ResolvedOp): Program['colour'] {
  const traits = traitsOf(op);
  if (traits.colour !== 'same') return traits.colour;
  const background = traits.background(op);
  return background === null || isGrey(background) ? colour : 'any';
}

const isGrey = (colour: Rgba): boolean =>
  colour.slice(0, 2) === colour.slice(2, 4) && colour.slice(2, 4) === colour.slice(4, 6);

const isOpaque = (colour: Rgba): boolean => colour.length < 8 || colour.slice(6, 8) === 'ff';

function segmentWords(segment: Segment): string[] {
  const { flatten, before, resize, smartcrop, turn, rotate, after, extend } = segment;
  const words = [
    flatten && `blend alpha into ${flatten}`,
    before && `crop ${rectWords(before)}`,
    resize && `scale to ${sizeWords(resize)}${kernelWords(resize)}`,
    smartcrop && `scale and crop to ${sizeWords(smartcrop)} by ${smartcrop.by}${kernelWords(smartcrop)}`,
    turn.flip && 'mirror top to bottom',
    turn.flop && 'mirror left to right',
    turn.quarter && 'quarter turn clockwise',
    rotate && `rotate ${rotate.degrees} degrees`,
    after && `crop ${rectWords(after)}`,
    extend && `extend to ${sizeWords(segment.output)}${extend.fill === undefined ? '' : ` by ${extend.fill}`}`,
    segment.blur > 0 && `blur ${segment.blur}`,
    segment.unsharp && `unsharp mask of ${segment.unsharp.amount}`,
    ...segment.matrix.map((op) =>
      op.op === 'saturation' ? `saturation ${op.amount}` : op.op === 'sepia' ? 'sepia' : 'grey',
    ),
    segment.sharpen > 0 && `sharpen ${segment.sharpen}`,
    ...segment.watermarks.map(markWords),
    segment.effect && effectWords(segment.effect),
    ...segment.line.map((op) => (op.op === 'bitonal' ? `threshold ${op.threshold}` : `${op.op} ${op.amount}`)),
  ];
  return words.filter((word) => typeof word === 'string');
}

function effectWords(effect: SegmentEffect): string {
  if (effect.op === 'redact') return `redact ${effect.areas.length} areas by ${effect.how.by}`;
  const { op, ...numbers } = effect;
  return [op, ...Object.values(numbers)].join(' ');
}

function markWords(op: MarkOp): string {
  const words = [
    op.op === 'text' ? `text of ${op.size} pixels in ${op.font}` : `watermark ${op.asset}`,
    op.degrees !== undefined && `turned by ${op.degrees} degrees`,
    op.shadow && 'with a shadow',
    op.op === 'watermark' && op.repeat && `${op.repeat.across}x${op.repeat.down} times`,
    op.op === 'text' && op.tile && 'tiled',
  ];
  return words.filter((word) => typeof word === 'string').join(' ');
}

const kernelWords = ({ kernel }: Scaling): string => (kernel === undefined ? '' : ` with kernel ${kernel}`);
const sizeWords = (size: Size): string => `${size.width}x${size.height}`;
const rectWords = (rect: Rect): string => `${sizeWords(rect)} at ${rect.left},${rect.top}`;
