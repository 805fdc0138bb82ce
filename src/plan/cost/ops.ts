import type { RedactBy } from '../plan.ts';
import { blurLevels } from '../resolve/blur.ts';
import { coverSize, pixelsOf, type Size, sizeOf } from '../resolve/size.ts';
import type { MarkOp, Resolved, ResolvedOp } from '../resolved.ts';
import { decodeCosts, fixedCosts, opCosts, resizeCosts } from './coefficients.ts';
import { workedOps } from './worked.ts';

/** Milliseconds for everything between decoder and encoder, scaling apart from the rest. */
export function opsMs(resolved: Resolved): Readonly<{ resizeMs: number; opsMs: number }> {
  const deep = resolved.encode.bits !== undefined;
  let resizeMs = 0;
  let otherMs = 0;
  for (const { op, before, after } of workedOps(resolved)) {
    if (op.op === 'resize' || op.op === 'smartcrop')
      resizeMs += scaleMs(op, before, after, { deep, linear: resolved.linear === true });
    else otherMs += opMs(op, before, after, deep);
  }
  if (resolved.encode.flatten !== null)
    otherMs += megapixels(sizeOf(resolved.width, resolved.height)) * opCosts.flattenLast;
  return { resizeMs: resizeMs * resolved.frames, opsMs: otherMs * resolved.frames };
}

function scaleMs(
  op: Extract<ResolvedOp, { op: 'resize' | 'smartcrop' }>,
  before: Size,
  after: Size,
  { deep, linear }: Readonly<{ deep: boolean; linear: boolean }>,
): number {
  const scaled = op.op === 'resize' ? after : coverSize(before, after);
  const enlarges = pixelsOf(scaled) > pixelsOf(before);
  const content = op.op === 'smartcrop' ? opCosts[op.by] : 0;
  const depth = linear || (deep && !enlarges) ? resizeCosts.deep : deep ? resizeCosts.deepEnlarging : 1;
  return (
    depth *
    (megapixels(before) * resizeCosts.read +
      megapixels(scaled) * ((enlarges ? resizeCosts.writtenEnlarging : resizeCosts.written) + content))
  );
}

type OtherOp = Exclude<ResolvedOp, { op: 'resize' | 'smartcrop' }>;

function opMs(op: OtherOp, before: Size, after: Size, deep: boolean): number {
  switch (op.op) {
    case 'extract':
      return megapixels(after) * opCosts.extract;
    case 'extend':
      return megapixels(after) * (deep ? opCosts.extendDeep : opCosts.extend);
    case 'rotate':
      return megapixels(after) * (op.degrees % 90 === 0 ? opCosts.quarterTurn : opCosts.oddTurn);
    case 'blur':
      return megapixels(before) * (deep ? opCosts.blurDeep + op.sigma * opCosts.blurDeepPerSigma : blurCost(op.sigma));
    case 'pixelate':
      return megapixels(before) * pixelateCost(op.size);
    case 'sharpen':
      return megapixels(before) * (opCosts.sharpen + op.sigma * opCosts.sharpenPerSigma);
    case 'watermark':
      return (
        megapixels(before) * (opCosts.watermark + (op.repeat ? opCosts.watermarkTiled : 0)) +
        markMs(op, sizeOf(op.width, op.height)) +
        originalMs(op) +
        fixedCosts.watermark
      );
    case 'text':
      return (
        megapixels(before) * (opCosts.watermark + (op.tile ? opCosts.watermarkTiled : 0)) +
        markMs(op, sizeOf([...op.text].length * op.size, op.size)) +
        ([...op.text].length / 1e3) * opCosts.textSet +
        fixedCosts.text
      );
    case 'median':
      return megapixels(before) * (op.size > 3 ? opCosts.medianLarge : opCosts.median);
    case 'progressiveBlur':
      return (
        megapixels(before) *
        (opCosts.progressiveBlur +
          blurLevels(op.sigma).reduce((sum, sigma) => sum + opCosts.progressiveBlurLevel + blurCost(sigma), 0))
      );
    case 'redact':
      return op.areas.reduce(
        (sum, area) => sum + megapixels(area) * redactCost(op.how),
        megapixels(before) * opCosts.redact,
      );
    default:
      return megapixels(before) * opCosts[op.op];
  }
}

function redactCost(how: RedactBy): number {
  switch (how.by) {
    case 'blur':
      return blurCost(how.sigma);
    case 'pixelate':
      return pixelateCost(how.size);
    case 'fill':
      return opCosts.redactFill;
  }
}

const blurCost = (sigma: number): number => opCosts.blur + sigma * opCosts.blurPerSigma;

const pixelateCost = (size: number): number => opCosts.pixelate + opCosts.pixelateBlock / size ** 2;

/** To decode another original for a mark, whole. */
function originalMs({ from }: Extract<MarkOp, { op: 'watermark' }>): number {
  if (from === undefined) return 0;
  const { stored, decoded } = decodeCosts[from.format];
  return (from.pixels / 1e6) * (stored + decoded);
}

/** To make a mark of this size: read or drawn, turned, shadowed. */
function markMs(op: MarkOp, size: Size): number {
  const made = op.op === 'text' ? opCosts.textDrawn : opCosts.watermarkMark;
  const turned = op.degrees === undefined ? 0 : opCosts.watermarkTurned;
  const shadowed = op.shadow === undefined ? 0 : opCosts.watermarkShadow;
  return megapixels(size) * (made + turned + shadowed);
}

const megapixels = (size: Size): number => pixelsOf(size) / 1e6;
