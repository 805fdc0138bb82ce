import type { Anchor, LayoutFilter, Rgba, Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { withKernel } from './kernel.ts';
import { type RedactStep, redactLarger } from './redact.ts';
import { extractOps } from './region.ts';
import { pixelsOf, type Size, sameSize, sizeOf } from './size.ts';
import { smartWindowOps } from './smart-window.ts';

/** The ops of a filter on a picture of this size: behind these ops of the layout, and a scale that has made it smaller or not. */
type FilterOps = (
  filter: Step,
  size: Size,
  behind: Readonly<{ shrunk: boolean; ops: readonly ResolvedOp[] }>,
) => readonly ResolvedOp[];

type Layout = Extract<Step, { op: 'layout' }>;

/** What a layout works out to for one source. */
type Figures = Readonly<{
  /** The crop before the scale; all of the source where there is none. */
  crop: Size;
  scaled: Size;
  /** What was asked for, with the pixel ratio that is left of the one that was asked for; 0 = free. */
  target: Size;
  /** The crop behind the scale; 0 = free. */
  result: Size;
  /** With `extendRatio`: the canvas of the target's ratio. */
  ratioCanvas: Size;
  dpr: number;
}>;

/**
 * imgproxy's geometry: one scale from all that is asked for, a pixel ratio that is lowered where it would enlarge, and
 * everything behind the scale in pixels of that ratio. The size is that of the picture upright and turned. `vector` pictures may
 * always grow.
 *
 * After imgproxy 4, `processing/prepare.go` and its neighbours; the order of the parts is theirs.
 */
export function layoutOps(
  step: Layout,
  size: Size,
  scene: Readonly<{
    background: Rgba;
    vector: boolean;
    filter: FilterOps;
  }>,
): ResolvedOp[] {
  const figures = figuresOf(step, size, scene.vector);
  const ops: ResolvedOp[] = [];
  let now = size;
  const take = (added: readonly ResolvedOp[], after: Size): void => {
    ops.push(...added);
    now = after;
  };
  const shrunk = pixelsOf(figures.scaled) < pixelsOf(figures.crop);
  const filters = (wanted: readonly LayoutFilter[]): void => {
    for (const filter of wanted) take(scene.filter(filter, now, { shrunk, ops }), now);
  };
  // Behind a crop by content nobody knows where the source's areas are.
  const areas = step.filters.filter((filter) => filter.op === 'redact' && filter.of === 'source') as RedactStep[];
  const hides = (from: Size, to: Size, anchor: Anchor | undefined): boolean =>
    areas.length > 0 && anchor?.kind === 'smart' && !sameSize(from, to);
  const hidesEarly = hides(size, figures.crop, step.crop?.anchor);
  if (hidesEarly) filters(areas.map((area) => redactLarger(area, figures.crop.width / figures.scaled.width)));
  if (step.crop) take(cropOps(size, figures.crop, step.crop.anchor, 1), figures.crop);
  if (!sameSize(now, figures.scaled))
    take(withKernel([{ op: 'resize', ...figures.scaled }], step.kernel), figures.scaled);
  const cut = sizeOf(leastOf(figures.result.width, now.width), leastOf(figures.result.height, now.height));
  const hidesLate = !hidesEarly && hides(now, cut, step.anchor);
  if (hidesLate) filters(areas);
  if (!sameSize(now, cut)) take(cropOps(now, cut, step.anchor, figures.dpr), cut);
  filters(
    hidesEarly || hidesLate ? step.filters.filter((filter) => !areas.some((area) => area === filter)) : step.filters,
  );
  if (step.extend) {
    const canvas = canvasOf(figures.target, now);
    take(extendOps(now, canvas, step.extend, figures.dpr, scene.background), canvas);
  }
  if (step.extendRatio && figures.ratioCanvas.width > 0) {
    const canvas = canvasOf(figures.ratioCanvas, now);
    take(extendOps(now, canvas, step.extendRatio, figures.dpr, scene.background), canvas);
  }
  return [...ops, ...paddingOps(step, figures.dpr, scene.background)];
}

/** The pixel ratio of a layout as it comes out: it is lowered where it would enlarge. */
export const layoutRatio = (step: Layout, size: Size, vector: boolean): number =>
  step.dpr === 1 ? 1 : figuresOf(step, size, vector).dpr;

function figuresOf(step: Layout, size: Size, vector: boolean): Figures {
  const crop = cropSize(size, step.crop);
  const scale = scaleOf(step, crop, vector);
  const figures = sizesOf(step, crop, scale);
  const down = step.sideMax > 0 ? downScale(step, figures) : 1;
  if (down === 1) return figures;
  return sizesOf(step, crop, {
    x: Math.max(scale.x * down, 1 / crop.width),
    y: Math.max(scale.y * down, 1 / crop.height),
    dpr: scale.dpr * down,
  });
}

/** What a crop leaves of a picture. */
function cropSize(size: Size, crop: Layout['crop']): Size {
  const area = sizeOf(cropSide(size.width, crop?.w ?? 0), cropSide(size.height, crop?.h ?? 0));
  if (crop?.ratio === undefined) return area;
  const { ratio, grow = false } = crop;
  const isWide = area.width > area.height * ratio;
  // Of the two sides one stays; what then is longer than the picture is made to fit it, and the other with it.
  const height = isWide === grow ? Math.min(area.width / ratio, size.height) : area.height;
  const width = isWide === grow ? height * ratio : Math.min(area.height * ratio, size.width);
  return sizeOf(sideWithin(width, size.width), sideWithin(width / ratio, size.height));
}

const sideWithin = (side: number, max: number): number => Math.min(max, Math.max(1, Math.round(side)));

/** 0: all of it; below 1: a share; never more than there is. */
function cropSide(side: number, wanted: number): number {
  if (wanted === 0) return side;
  return Math.min(side, wanted >= 1 ? Math.trunc(wanted) : Math.max(1, Math.round(side * wanted)));
}

type Scale = Readonly<{ x: number; y: number; dpr: number }>;

function scaleOf(step: Layout, source: Size, vector: boolean): Scale {
  let { x, y } = shrinks(step, source);
  x /= step.zoomX;
  y /= step.zoomY;
  let { dpr } = step;
  if (!step.enlarge && !vector) {
    const least = Math.min(x, y);
    if (least < 1) {
      x /= least;
      y /= least;
      if (!step.extend) dpr /= least;
    }
    // More would enlarge.
    dpr = Math.min(dpr, x, y);
  }
  if (step.minW > 0 && source.width / step.minW < x) {
    y /= x / (source.width / step.minW);
    x = source.width / step.minW;
  }
  if (step.minH > 0 && source.height / step.minH < y) {
    x /= y / (source.height / step.minH);
    y = source.height / step.minH;
  }
  return { x: 1 / Math.min(x / dpr, source.width), y: 1 / Math.min(y / dpr, source.height), dpr };
}

/** By how much each side shrinks, before zoom and pixel ratio. */
function shrinks({ type, w, h }: Layout, source: Size): Readonly<{ x: number; y: number }> {
  const wanted = sizeOf(w === 0 ? source.width : w, h === 0 ? source.height : h);
  const x = source.width / wanted.width;
  const y = source.height / wanted.height;
  if (x === 1 && y === 1) return { x, y };
  const shared = (factor: number) => ({ x: factor, y: factor });
  switch (type === 'auto' ? autoType(source, wanted) : type) {
    case 'force':
      return { x, y };
    case 'fit':
      return w === 0 ? shared(y) : h === 0 ? shared(x) : shared(Math.max(x, y));
    default:
      return w === 0 ? shared(y) : h === 0 ? shared(x) : shared(Math.min(x, y));
  }
}

/** Fills where source and result lie the same way, else fits. */
const autoType = (source: Size, wanted: Size): 'fill' | 'fit' =>
  source.width >= source.height === wanted.width >= wanted.height ? 'fill' : 'fit';

function sizesOf(step: Layout, crop: Size, scale: Scale): Figures {
  const scaled = sizeOf(Math.max(1, Math.round(crop.width * scale.x)), Math.max(1, Math.round(crop.height * scale.y)));
  const target = sizeOf(Math.round(step.w * scale.dpr * step.zoomX), Math.round(step.h * scale.dpr * step.zoomY));
  const result = step.type === 'fill-down' && !step.enlarge ? filledDown(target, scaled) : target;
  const cut = sizeOf(leastOf(result.width, scaled.width), leastOf(result.height, scaled.height));
  return { crop, scaled, target, result, ratioCanvas: ratioCanvas(target, cut), dpr: scale.dpr };
}

/** A result that the picture does not reach is cut to the ratio that was asked for. */
function filledDown(target: Size, scaled: Size): Size {
  const overX = target.width / scaled.width;
  const overY = target.height / scaled.height;
  if (overX > overY && overX > 1) {
    return sizeOf(scaled.width, Math.round((scaled.width * target.height) / target.width));
  }
  if (overY > overX && overY > 1) {
    return sizeOf(Math.round((scaled.height * target.width) / target.height), scaled.height);
  }
  return target;
}

/** The smallest canvas of the target's ratio around the picture; 0 where the target leaves a side free. */
function ratioCanvas(target: Size, picture: Size): Size {
  if (target.width === 0 || target.height === 0) return sizeOf(0, 0);
  const width = Math.round((picture.height * target.width) / target.height);
  if (width > picture.width) return sizeOf(width, picture.height);
  return sizeOf(picture.width, Math.round((picture.width * target.height) / target.width));
}

/** What the scale has to be multiplied by for the whole result to fit `sideMax`. */
function downScale(step: Layout, { scaled, target, result, ratioCanvas: canvas, dpr }: Figures): number {
  let width = leastOf(result.width, scaled.width);
  let height = leastOf(result.height, scaled.height);
  if (step.extend) {
    width = Math.max(width, target.width);
    height = Math.max(height, target.height);
  } else if (step.extendRatio && canvas.width > 0) {
    width = Math.max(width, canvas.width);
    height = Math.max(height, canvas.height);
  }
  const { top, right, bottom, left } = paddingOf(step, dpr);
  const longest = Math.max(width + left + right, height + top + bottom);
  return longest > step.sideMax ? step.sideMax / longest : 1;
}

function cropOps(outer: Size, inner: Size, anchor: Anchor, dpr: number): ResolvedOp[] {
  if (sameSize(outer, inner)) return [];
  if (anchor.kind === 'smart') return smartWindowOps(outer, inner, 'attention');
  const { left, top } = positionOf(outer, inner, anchor, dpr);
  return extractOps(outer, left, top, inner);
}

/** A canvas that is free in a direction, or smaller than the picture there, takes the picture's side. */
const canvasOf = (canvas: Size, picture: Size): Size =>
  canvas.width <= picture.width && canvas.height <= picture.height
    ? picture
    : sizeOf(Math.max(canvas.width, picture.width), Math.max(canvas.height, picture.height));

function extendOps(picture: Size, canvas: Size, anchor: Anchor, dpr: number, background: Rgba): ResolvedOp[] {
  if (sameSize(picture, canvas)) return [];
  const { left, top } = positionOf(canvas, picture, anchor, dpr);
  const right = canvas.width - picture.width - left;
  const bottom = canvas.height - picture.height - top;
  return [{ op: 'extend', left, top, right, bottom, background }];
}

function paddingOps(step: Layout, dpr: number, background: Rgba): ResolvedOp[] {
  const { top, right, bottom, left } = paddingOf(step, dpr);
  return top + right + bottom + left === 0 ? [] : [{ op: 'extend', left, top, right, bottom, background }];
}

const paddingOf = ({ padding }: Layout, dpr: number): Layout['padding'] => ({
  top: roundToEven(padding.top * dpr),
  right: roundToEven(padding.right * dpr),
  bottom: roundToEven(padding.bottom * dpr),
  left: roundToEven(padding.left * dpr),
});

/** Where `inner` lies in `outer`, wholly inside it. Halves go to the even number, and a centre is half a pixel further on. */
export function positionOf(
  outer: Size,
  inner: Size,
  anchor: Anchor,
  dpr: number,
): Readonly<{ left: number; top: number }> {
  const free = sizeOf(outer.width - inner.width, outer.height - inner.height);
  if (anchor.kind !== 'compass') {
    const point = anchor.kind === 'focal' ? anchor : { x: 0.5, y: 0.5 };
    return {
      left: within(roundToEven(outer.width * point.x) - Math.trunc(inner.width / 2), free.width),
      top: within(roundToEven(outer.height * point.y) - Math.trunc(inner.height / 2), free.height),
    };
  }
  const offset = (value: number, side: number): number =>
    roundToEven(Math.abs(value) >= 1 ? value * dpr : value * side);
  const dx = offset(anchor.x, outer.width);
  const dy = offset(anchor.y, outer.height);
  const { at } = anchor;
  const left = at.includes('w') ? dx : at.includes('e') ? free.width - dx : roundToEven((free.width + 1) / 2) + dx;
  const top = at.includes('n') ? dy : at.includes('s') ? free.height - dy : roundToEven((free.height + 1) / 2) + dy;
  return { left: within(left, free.width), top: within(top, free.height) };
}

/** The smaller one; 0 is no size. */
const leastOf = (wanted: number, side: number): number => (wanted === 0 ? side : Math.min(wanted, side));

const within = (value: number, max: number): number => Math.min(Math.max(value, 0), max);

/** Halves go to the even neighbour (IEEE 754), as in Go's math.RoundToEven. */
export function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
