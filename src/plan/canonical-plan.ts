import type { EncodeWish, Plan, Step } from './plan.ts';
import { compassGravity } from './plan.ts';

/**
 * The same plan in its one form, so that equal meanings give equal keys: the device pixel ratio is multiplied
 * into the size, steps that do nothing are gone, members that have no effect have their neutral value. Order and
 * configurable defaults are never touched.
 *
 * `sideMax` bounds the folded size; both sides shrink together, so that the ratio is kept.
 */
export function canonicalPlan(plan: Plan, sideMax: number): Plan {
  if (plan.view === 'original') return originalPlan;
  const steps: Step[] = [];
  for (const step of plan.steps) {
    const canonical = canonicalStep(step, sideMax);
    if (!doesNothing(canonical)) steps.push(canonical);
  }
  return {
    view: plan.view,
    decode: { ...plan.decode, frames: canonicalFrames(plan.decode.frames) },
    steps,
    encode: canonicalEncode(plan.encode),
    ...(plan.expects === undefined ? {} : { expects: plan.expects }),
    ...(plan.measures === undefined ? {} : { measures: plan.measures }),
    ...(plan.report === undefined ? {} : { report: plan.report }),
  };
}

/** An original is handed on as it is stored, whatever else was asked for. */
export const originalPlan: Plan = {
  view: 'original',
  decode: { orient: true, frames: 'auto' },
  steps: [],
  encode: { format: 'source' },
};

/** The first page alone is the first frame, or with what may be an animation what `auto` means. */
function canonicalFrames(frames: Plan['decode']['frames']): Plan['decode']['frames'] {
  if (frames === 0) return 'first';
  if (typeof frames !== 'object' || frames.page !== 0 || frames.pages !== 1) return frames;
  return frames.still ? 'first' : 'auto';
}

function canonicalStep(step: Step, sideMax: number): Step {
  if (step.op === 'resize') return canonicalResize(step, sideMax);
  return step.op === 'watermark' ? canonicalWatermark(step) : step;
}

type Watermark = Extract<Step, { op: 'watermark' }>;

/** A box counts for a mark that is no share of the picture. */
function canonicalWatermark(step: Watermark): Watermark {
  if (step.box === undefined || step.scalePercent === 0) return step;
  const { box: _, ...rest } = step;
  return rest;
}

type Resize = Extract<Step, { op: 'resize' }>;

function canonicalResize(given: Resize, sideMax: number): Resize {
  const { kernel, ...step } = given;
  const { size } = step;
  const fixesRatio = size.by === 'percent' || size.by === 'area';
  const mode = fixesRatio ? 'fit' : step.mode;
  const holdsOn = mode === 'cover' || mode === 'pad' || mode === 'aspect';
  return {
    ...foldDpr(step, sideMax),
    mode,
    // A crop to a ratio scales nothing, so there is nothing to enlarge.
    enlarge: mode === 'aspect' ? 'no' : step.enlarge,
    gravity: holdsOn ? step.gravity : compassGravity('c'),
    ...(kernel === undefined || mode === 'aspect' ? {} : { kernel }),
  };
}

function foldDpr(step: Resize, sideMax: number): Resize {
  const { size, dpr } = step;
  if (dpr === 1) return step;
  if (size.by === 'box') {
    const scaled = scaleSides(size.w, size.h, dpr, sideMax);
    return { ...step, size: { by: 'box', w: scaled[0], h: scaled[1] }, dpr: 1 };
  }
  if (size.by === 'sides') {
    const scaled = scaleSides(size.long, size.short, dpr, sideMax);
    return { ...step, size: { by: 'sides', long: scaled[0], short: scaled[1] }, dpr: 1 };
  }
  return step;
}

type Side = number | null;

function scaleSides(one: Side, other: Side, dpr: number, sideMax: number): readonly [Side, Side] {
  // Hundredths keep the product exact: 10 x 1.15 is 11.5, not 11.499.
  const hundredths = Math.min(Math.round(dpr * 100), (100 * sideMax) / Math.max(one ?? 1, other ?? 1));
  const scale = (side: Side): Side =>
    side === null ? null : Math.min(sideMax, Math.max(1, Math.round((side * hundredths) / 100)));
  return [scale(one), scale(other)];
}

function doesNothing(step: Step): boolean {
  switch (step.op) {
    case 'region':
      return step.unit === 'bp' && step.x === 0 && step.y === 0 && step.w === 10_000 && step.h === 10_000;
    case 'resize':
      return sizesNothing(step);
    case 'flip':
      return !step.horizontal && !step.vertical;
    case 'rotate':
      return step.degrees % 360 === 0;
    case 'blur':
    case 'sharpen':
      return step.sigma <= 0;
    case 'progressiveBlur':
      return step.sigma === 0;
    case 'monochrome':
    case 'duotone':
      return step.mix === 0;
    case 'median':
      return step.size === 1;
    case 'brightness':
    case 'contrast':
    case 'saturation':
    case 'lift':
      return step.amount === 0;
    case 'watermark':
    case 'text':
    case 'colorize':
    case 'gradient':
      return step.opacity === 0;
    case 'crop':
    case 'canvas':
      return step.w === null && step.h === null && step.dx === 0 && step.dy === 0;
    case 'scale':
      return step.x === 10_000 && step.y === 10_000;
    case 'pad':
      return step.top + step.right + step.bottom + step.left === 0;
    case 'pixelate':
      return step.size <= 1;
    case 'gamma':
      return step.gamma === 1;
    case 'hue':
      return step.degrees % 360 === 0;
    default:
      return false;
  }
}

function sizesNothing({ size, dpr }: Resize): boolean {
  if (size.by === 'box') return size.w === null && size.h === null;
  if (size.by === 'sides') return size.long === null && size.short === null;
  return size.by === 'percent' && size.percent === 100 && dpr === 1;
}

/**
 * `lossless: false`, `flatten: false` and a white background are what their absence means; what was negotiated and what is preferred
 * mean nothing where the format is not left to them.
 */
function canonicalEncode(encode: EncodeWish): EncodeWish {
  if (isCanonicalEncode(encode)) return encode;
  const { lossless, flatten, background, negotiated, preferred, smallest, ...rest } = encode;
  const isOpen = encode.format === 'auto' || encode.format === 'preferred';
  return {
    ...rest,
    ...(lossless === true ? { lossless } : {}),
    ...(flatten === true ? { flatten } : {}),
    ...(background === undefined || background === 'ffffffff' ? {} : { background }),
    ...(isOpen && negotiated !== undefined ? { negotiated } : {}),
    ...(encode.format === 'preferred' && preferred !== undefined ? { preferred } : {}),
    ...(encode.format === 'preferred' && smallest !== undefined ? { smallest } : {}),
  };
}

const isCanonicalEncode = ({
  format,
  lossless,
  flatten,
  background,
  negotiated,
  preferred,
  smallest,
}: EncodeWish): boolean =>
  lossless !== false &&
  flatten !== false &&
  background !== 'ffffffff' &&
  (negotiated === undefined || format === 'auto' || format === 'preferred') &&
  ((preferred === undefined && smallest === undefined) || format === 'preferred');
