import type { Rgba } from './plan.ts';
import type { ResolvedOp } from './resolved.ts';
import { orientationTurn, quarterTurns, rotatedSize, type Size, turnSize } from './turn.ts';

/** What the planner, the cost model and the limits have to know of an op. A new op has a line here, or does not compile. */
export type OpTraits<Op> = Readonly<{
  /** Works on colours, so that it needs pixels of 8 bits; the others only move pixels. */
  tones: boolean;
  /** What becomes of the picture's colours: none are left, the same as before, or any. */
  colour: 'none' | 'same' | 'any';
  // Written as methods, so that one table serves all ops.
  /** Size of a frame behind it. */
  sizeAfter(op: Op, size: Size): Size;
  /** The colour that it fills with, if any. */
  background(op: Op): Rgba | null;
  /**
   * Would it, run over all frames as one tall strip, carry pixels from one frame into the next? A shrink does so
   * for a few percent of the outermost row only, which is accepted, since it lets the decoder stream.
   */
  mixesFrames(op: Op, size: Size): boolean;
  /** Does the engine keep the whole picture in memory for it? */
  needsWhole(op: Op): boolean;
}>;

/** The traits of one op. */
export const traitsOf = (op: ResolvedOp): OpTraits<ResolvedOp> => opTraits[op.op];

export const enlarges = (to: Size, from: Size): boolean => to.width > from.width || to.height > from.height;

type OpNamed<Name extends ResolvedOp['op']> = Extract<ResolvedOp, { op: Name }>;

const same = (_op: ResolvedOp, size: Size): Size => size;
const target = ({ width, height }: Size): Size => ({ width, height });
const nothing = (): null => null;
const never = (): boolean => false;
const always = (): boolean => true;
const isOdd = ({ degrees }: OpNamed<'rotate'>): boolean => degrees % 90 !== 0;

const moves = { tones: false, colour: 'same', background: nothing, mixesFrames: never, needsWhole: never } as const;
const tone = {
  tones: true,
  colour: 'same',
  sizeAfter: same,
  background: nothing,
  mixesFrames: never,
  needsWhole: never,
} as const;

/** A mark is laid over each frame. */
const mark = { ...tone, colour: 'any', mixesFrames: always, needsWhole: always } as const;

/** An effect has a chain of its own, frame by frame. */
const effect = { ...tone, mixesFrames: always, needsWhole: always } as const;

const opTraits: { readonly [Name in ResolvedOp['op']]: OpTraits<OpNamed<Name>> } = {
  orient: {
    ...moves,
    sizeAfter: (op, size) => turnSize(size, orientationTurn(op.orientation)),
    mixesFrames: (op) => op.orientation !== 2,
    needsWhole: (op) => op.orientation > 2,
  },
  extract: { ...moves, sizeAfter: target },
  resize: { ...moves, sizeAfter: target, mixesFrames: enlarges },
  smartcrop: { ...moves, sizeAfter: target, mixesFrames: always, needsWhole: always },
  extend: {
    ...moves,
    sizeAfter: (op, size) => ({
      width: size.width + op.left + op.right,
      height: size.height + op.top + op.bottom,
    }),
    background: (op) => op.background,
    mixesFrames: (op) => op.fill !== undefined,
    needsWhole: (op) => op.fill !== undefined && op.fill !== 'copy',
  },
  flip: { ...moves, sizeAfter: same, mixesFrames: (op) => op.vertical, needsWhole: (op) => op.vertical },
  rotate: {
    ...moves,
    sizeAfter: (op, size) => (isOdd(op) ? rotatedSize(size, op.degrees) : turnSize(size, quarterTurns(op.degrees))),
    background: (op) => (isOdd(op) ? op.background : null),
    mixesFrames: always,
    needsWhole: always,
  },
  blur: { ...tone, mixesFrames: always },
  sharpen: { ...tone, mixesFrames: always },
  unsharp: { ...tone, mixesFrames: always },
  grey: { ...tone, colour: 'none' },
  bitonal: { ...tone, colour: 'none' },
  sepia: { ...tone, colour: 'any' },
  lift: tone,
  brightness: tone,
  contrast: tone,
  saturation: tone,
  watermark: mark,
  text: mark,
  round: effect,
  pixelate: effect,
  negate: effect,
  gamma: effect,
  hue: effect,
  tint: { ...effect, colour: 'any' },
  normalise: effect,
  monochrome: { ...effect, colour: 'any' },
  duotone: { ...effect, colour: 'any' },
  progressiveBlur: effect,
  colorize: { ...effect, colour: 'any' },
  gradient: { ...effect, colour: 'any' },
  flatten: { ...effect, colour: 'any' },
  underlay: { ...effect, colour: 'any' },
  median: effect,
  redact: { ...effect, colour: 'any' },
};
