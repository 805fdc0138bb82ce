import type { Options } from '../config/config.ts';
import { PileusError } from '../shared/errors.ts';
import type { Header } from './header.ts';
import type { MarkAssets } from './marks.ts';
import type { EncodeWish, OutputFormat, Plan, Rgba, Step } from './plan.ts';
import { averagedPlan } from './resolve/average.ts';
import { boundedSigma } from './resolve/blur.ts';
import { candidatesOf } from './resolve/candidates.ts';
import { depthOf, linearOf } from './resolve/depth.ts';
import { effectOps } from './resolve/effect.ts';
import { resolveEncode } from './resolve/encode.ts';
import { holdsAlpha, isOpaque, opaqueOf, resolveFormat, white } from './resolve/format.ts';
import { resolveFrames, wantsAnimation } from './resolve/frames.ts';
import { layoutOps, layoutRatio } from './resolve/layout.ts';
import { betweenPixelsMax, checkBetween, checkResult } from './resolve/limits.ts';
import { atRatio } from './resolve/mark.ts';
import { smallerEntry } from './resolve/pyramid.ts';
import { redactOps } from './resolve/redact.ts';
import { regionOps, squareOps } from './resolve/region.ts';
import { resizeOps } from './resolve/resize.ts';
import { coverSize, openingSize, pixelsOf, type Size, sizeAfter } from './resolve/size.ts';
import { textOps } from './resolve/text.ts';
import { trimOf } from './resolve/trim.ts';
import { flipOps, orientOps, rotateOps } from './resolve/turn.ts';
import { unsharpOps } from './resolve/unsharp.ts';
import { watermarkOps } from './resolve/watermark.ts';
import { canvasOps, cropOps, padOps, roundOps, scaleOps, tileOps } from './resolve/window.ts';
import type { Resolved, ResolvedEncode, ResolvedOp } from './resolved.ts';

/** What a namespace adds to a plan. */
export type ResolveContext = Readonly<{
  /** As they hold for the namespace (`optionsFor`). */
  options: Options;
  /** Does the namespace keep animations? */
  animated: boolean;
  /** Does it accept still pictures that are cut short? */
  truncatedOk: boolean;
  /** The registered ones, and the other originals that the plan draws (`withMarks`). */
  assets: MarkAssets;
}>;

/**
 * Joins a plan with a header into integers: the same plan, header and context always give the same Resolved, and
 * no op in it does nothing. Pads and the corners of odd rotations are white unless the plan has a background; a
 * translucent one makes `auto` choose a format with alpha, and is laid on white where the format has none. Of the view
 * `average` and `measured` it is the small picture that is looked at.
 *
 * Throws PileusError: operation_unsupported, enlarge_refused, result_too_large, not_allowed, bad_value. Details name the figures.
 */
export function resolve(wanted: Plan, header: Header, context: ResolveContext): Resolved {
  const plan = wanted.view === 'average' || wanted.view === 'measured' ? averagedPlan(wanted) : wanted;
  const { options } = context;
  const animated = wantsAnimation(plan.decode.frames, header, context.animated);
  const formatWith = (alpha: boolean) =>
    candidatesOf(plan.encode, { animated, alpha, size: null })[0] ??
    resolveFormat(plan.encode, header, { animated, alpha });
  const frames = resolveFrames(plan.decode.frames, header, formatWith(true), context.animated);
  const background = plan.encode.background ?? white;
  const count = frames.stacked ? 1 : frames.pages;
  const translucent = holdsAlpha(formatWith(true));
  const scene: Scene = {
    header,
    stored: openingSize({ width: header.width, height: header.height, ...frames }),
    vector: header.format === 'svg',
    orient: plan.decode.orient,
    frames: count,
    background: translucent ? background : opaqueOf(background),
    holdsAlpha: translucent,
    // The header of a TIFF knows the alpha of its first page only.
    mayHaveAlpha: header.alpha || (header.format === 'tiff' && (frames.page > 0 || frames.pages > 1)),
    shrunk: false,
    done: [],
    ratio: 1,
    context,
  };
  const trim = trimOf(plan);
  if (trim !== null && count > 1)
    throw new PileusError('operation_unsupported', { detail: 'An animation is not trimmed.' });
  const { ops, size } = resolveSteps(plan.steps, scene);
  const alpha = header.alpha || ops.some(addsAlpha);
  const tried = candidatesOf(plan.encode, { animated: count > 1, alpha, size });
  const format = tried[0] ?? smallFormat(formatWith(alpha), size, alpha, plan.encode);
  checkResult(size, count, format, options);
  const entry = (frames.page === 0 && !frames.stacked && smallerEntry(header, ops)) || {
    width: header.width,
    height: header.height,
    page: frames.page,
    ops,
  };
  // All that are tried begin with the same pixels.
  const { deep: _, ...shallow } = plan.encode;
  const encodeAs = (as: OutputFormat): ResolvedEncode => ({
    ...resolveEncode(plan.encode, as, header, size, alpha, options, count),
    // Pages are put together as pixels, which carry nothing.
    ...(frames.stacked ? { metadata: 'none' as const } : {}),
    ...depthOf(tried.length > 1 ? shallow : plan.encode, as, header, { ops, ...frames }),
  });
  return {
    input: {
      format: header.format,
      width: entry.width,
      height: entry.height,
      page: entry.page,
      pages: frames.pages,
      ...(frames.stacked ? { stacked: true } : {}),
      truncatedOk: context.truncatedOk && frames.pages === 1,
      ...(header.tiled ? { tiled: true } : {}),
      ...(header.progressive ? { progressive: true } : {}),
    },
    ops: entry.ops,
    width: size.width,
    height: size.height,
    frames: count,
    encode: encodeAs(format),
    ...(tried.length > 1 ? { others: tried.slice(1).map(encodeAs) } : {}),
    ...linearOf(plan, header, ops),
    ...(plan.view === 'measured' && plan.measures !== undefined ? { measures: plan.measures } : {}),
    ...(plan.expects === undefined ? {} : { expects: plan.expects }),
    ...(trim === null ? {} : { open: { plan } }),
    ...(isKept(plan.encode, format, header) ? { keep: true as const } : {}),
  };
}

/** Is the source itself what is asked for? Throws operation_unsupported where it has to be and is not. */
function isKept({ keepSource = [], keepOnly }: EncodeWish, format: OutputFormat, header: Header): boolean {
  const kept =
    header.format === 'svg'
      ? keepSource.includes('svg')
      : format === resolveFormat({ format: 'source' }, header, { animated: false, alpha: false }) &&
        keepSource.includes(format);
  if (keepOnly && !kept)
    throw new PileusError('operation_unsupported', {
      detail: `A ${header.format} is not made into ${keepSource.join()}.`,
    });
  return kept;
}

/** AVIF where the plan takes it for a picture of this size. */
const smallFormat = (
  format: OutputFormat,
  size: Size,
  alpha: boolean,
  { avifSideMin = 0 }: EncodeWish,
): OutputFormat => {
  if (format !== 'avif' || Math.min(size.width, size.height) >= avifSideMin) return format;
  return alpha ? 'png' : 'jpg';
};

/** What all steps of a plan need to know. */
type Scene = Readonly<{
  header: Header;
  /** What the steps begin with. */
  stored: Size;
  /** The picture is drawn at any size that is asked for. */
  vector: boolean;
  orient: boolean;
  frames: number;
  background: Rgba;
  /** Has the format alpha? */
  holdsAlpha: boolean;
  /** May what is decoded have alpha? */
  mayHaveAlpha: boolean;
  /** Has the last scale made the picture smaller? */
  shrunk: boolean;
  /** The ops so far. */
  done: readonly ResolvedOp[];
  /** The pixel ratio of the last layout, as it came out. */
  ratio: number;
  context: ResolveContext;
}>;

type Progress = Readonly<{ ops: readonly ResolvedOp[]; size: Size }>;

function resolveSteps(steps: readonly Step[], scene: Scene): Progress {
  const { header, stored, frames } = scene;
  const pixelsMax = betweenPixelsMax(pixelsOf(stored) * frames, scene.context.options);
  const ops: ResolvedOp[] = [];
  let size = stored;
  let shrunk = false;
  const take = (added: readonly ResolvedOp[]): void => {
    for (const op of added) {
      // The picture is scaled to cover the window before the window is chosen.
      if (op.op === 'smartcrop') checkBetween(coverSize(size, op), frames, pixelsMax);
      if (op.op === 'resize' || op.op === 'smartcrop') shrunk = isShrink(op, size);
      size = sizeAfter(op, size);
      checkBetween(size, frames, pixelsMax);
      append(ops, op);
    }
  };
  if (scene.orient) take(orientOps(header.orientation));
  const drawn = steps.find(({ op }) => op === 'layout');
  // Behind its first scale a vector picture is pixels like any other.
  let ratio = 1;
  for (const step of steps) {
    const vector = scene.vector && step === drawn;
    if (step.op === 'layout') ratio = layoutRatio(step, size, vector);
    take(stepOps(step, size, { ...scene, vector, shrunk, done: ops, ratio }));
  }
  return { ops, size };
}

const isShrink = (op: Extract<ResolvedOp, { op: 'resize' | 'smartcrop' }>, size: Size): boolean =>
  pixelsOf(op.op === 'resize' ? op : coverSize(size, op)) < pixelsOf(size);

function stepOps(step: Step, size: Size, scene: Scene): readonly ResolvedOp[] {
  switch (step.op) {
    case 'region':
      return regionOps(step, size);
    case 'square':
      return squareOps(size);
    case 'resize':
      return stillOnly(resizeOps(step, size, scene.background), scene.frames);
    case 'flip':
      return flipOps(step.horizontal, step.vertical);
    case 'rotate':
      return rotateOps(step, scene.frames, scene.background);
    case 'blur':
      return step.sigma > 0 ? [{ op: 'blur', sigma: boundedSigma(step.sigma) }] : [];
    case 'sharpen':
      return step.sigma > 0 ? [{ op: step.op, sigma: step.sigma }] : [];
    case 'unsharp':
      return unsharpOps(step, scene.shrunk);
    case 'grey':
      return [{ op: 'grey' }];
    case 'bitonal':
      return [{ op: 'bitonal', threshold: step.threshold }];
    case 'brightness':
    case 'contrast':
    case 'saturation':
      return step.amount === 0 ? [] : [{ op: step.op, amount: step.amount }];
    case 'trim':
      return [];
    case 'layout':
      return stillOnly(
        layoutOps(step, size, {
          background: scene.background,
          vector: scene.vector,
          filter: (filter, now, { shrunk, ops }) =>
            stepOps(filter, now, { ...scene, shrunk, done: [...scene.done, ...ops] }),
        }),
        scene.frames,
      );
    case 'crop':
      return stillOnly(cropOps(step, size), scene.frames);
    case 'canvas':
      return stillOnly(canvasOps(step, size, scene.background), scene.frames);
    case 'scale':
      return scaleOps(step, size);
    case 'pad':
      return padOps(step, scene.background);
    case 'tile':
      return tileOps(step, size);
    case 'round':
      return roundOps(step, size);
    case 'pixelate':
      return step.size > 1 ? [{ op: 'pixelate', size: step.size }] : [];
    case 'gamma':
      return step.gamma === 1 ? [] : [{ op: 'gamma', gamma: step.gamma }];
    case 'hue':
      return step.degrees % 360 === 0 ? [] : [{ op: 'hue', degrees: step.degrees }];
    case 'tint':
      return [{ op: 'tint', colour: step.colour }];
    case 'negate':
    case 'normalise':
    case 'sepia':
      return [{ op: step.op }];
    case 'lift':
      return step.amount === 0 ? [] : [{ op: 'lift', amount: step.amount }];
    case 'monochrome':
    case 'duotone':
    case 'colorize':
    case 'gradient':
    case 'progressiveBlur':
    case 'flatten':
    case 'median':
      return effectOps(step);
    case 'underlay':
      // Where the format has no alpha the background is laid under all of it at the end.
      return scene.holdsAlpha && (scene.mayHaveAlpha || scene.done.some(addsAlpha)) ? effectOps(step) : [];
    case 'redact':
      return redactOps(step, size, { stored: scene.stored, ops: scene.done });
    case 'watermark':
      return watermarkOps(
        atRatio(step, scene.ratio),
        size,
        scene.context.assets,
        betweenPixelsMax(0, scene.context.options),
      );
    case 'text':
      return textOps(atRatio(step, scene.ratio), scene.context.assets);
  }
}

/** Each frame would be cropped elsewhere, and the animation would jump. */
function stillOnly(ops: readonly ResolvedOp[], frames: number): readonly ResolvedOp[] {
  if (frames > 1 && ops.some((op) => op.op === 'smartcrop')) {
    throw new PileusError('operation_unsupported', {
      detail: 'g_att and g_ent: an animation cannot be cropped by its content; fr_0 takes its first frame.',
    });
  }
  return ops;
}

/** Adds an op; an extract of an extract is one extract. */
function append(ops: ResolvedOp[], op: ResolvedOp): void {
  const last = ops.at(-1);
  if (op.op !== 'extract' || last?.op !== 'extract') {
    ops.push(op);
    return;
  }
  ops[ops.length - 1] = { ...op, left: last.left + op.left, top: last.top + op.top };
}

const addsAlpha = (op: ResolvedOp): boolean =>
  op.op === 'round' || ((op.op === 'extend' || op.op === 'rotate') && !isOpaque(op.background));
