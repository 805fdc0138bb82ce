import type { RedactBy } from '../plan.ts';
import { blurLevels } from '../resolve/blur.ts';
import { coverSize, pixelsOf, type Size, sizeOf } from '../resolve/size.ts';
import type { MarkOp, Resolved, ResolvedOp } from '../resolved.ts';
import { fixedCosts, opCosts, resizeCosts } from './coefficients.ts';
import { workedOps } from './worked.ts';

/** Milliseconds for everything between decoder and encoder, scaling apart from the rest. */
export function opsMs(resolved: Resolved): Readonly<{ resizeMs: number; opsMs: number }> {
  let resizeMs = 0;
  let otherMs = 0;
  for (const { op, before, after } of workedOps(resolved)) {
    if (op.op === 'resize' || op.op === 'smartcrop') resizeMs += scaleMs(op, before, after);
    else otherMs += opMs(op, before, after);
  }
  if (resolved.encode.flatten !== null)
    otherMs += megapixels(sizeOf(resolved.width, resolved.height)) * opCosts.flatten;
  const depth = resolved.linear || resolved.encode.bits !== undefined ? resizeCosts.deep : 1;
  return { resizeMs: resizeMs * depth * resolved.frames, opsMs: otherMs * resolved.frames };
}

function scaleMs(op: Extract<ResolvedOp, { op: 'resize' | 'smartcrop' }>, before: Size, after: Size): number {
  const scaled = op.op === 'resize' ? after : coverSize(before, after);
  const enlarges = pixelsOf(scaled) > pixelsOf(before);
  const content = op.op === 'smartcrop' ? opCosts[op.by] : 0;
  return (
    megapixels(before) * resizeCosts.read +
    megapixels(scaled) * ((enlarges ? resizeCosts.writtenEnlarging : resizeCosts.written) + content)
  );
}

type OtherOp = Exclude<ResolvedOp, { op: 'resize' | 'smartcrop' }>;

function opMs(op: OtherOp, before: Size, after: Size): number {
  switch (op.op) {
    case 'extract':
    case 'extend':
      return megapixels(after) * opCosts[op.op];
    case 'rotate':
      return megapixels(after) * (op.degrees % 90 === 0 ? opCosts.quarterTurn : opCosts.oddTurn);
    case 'blur':
      return megapixels(before) * (opCosts.blur + op.sigma * opCosts.blurPerSigma);
    case 'sharpen':
      return megapixels(before) * (opCosts.sharpen + op.sigma * opCosts.sharpenPerSigma);
    case 'watermark':
      return (
        megapixels(before) * (opCosts.watermark + (op.repeat ? opCosts.watermarkTiled : 0)) +
        markMs(op, sizeOf(op.width, op.height)) +
        fixedCosts.watermark
      );
    case 'text':
      return (
        megapixels(before) * (opCosts.watermark + (op.tile ? opCosts.watermarkTiled : 0)) +
        markMs(op, sizeOf([...op.text].length * op.size, op.size)) +
        fixedCosts.text
      );
    case 'median':
      return megapixels(before) * (op.size > 3 ? opCosts.medianLarge : opCosts.median);
    case 'progressiveBlur':
      return (
        megapixels(before) *
        (opCosts.progressiveBlur +
          blurLevels(op.sigma).reduce(
            (sum, sigma) => sum + opCosts.progressiveBlurLevel + opCosts.blur + sigma * opCosts.blurPerSigma,
            0,
          ))
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

const redactCost = (how: RedactBy): number =>
  how.by === 'blur' ? opCosts.blur + how.sigma * opCosts.blurPerSigma : opCosts.pixelate;

/** To make a mark of this size: read or drawn, turned, shadowed. */
function markMs(op: MarkOp, size: Size): number {
  const made = op.op === 'text' ? opCosts.textDrawn : opCosts.watermarkMark;
  const turned = op.degrees === undefined ? 0 : opCosts.watermarkTurned;
  const shadowed = op.shadow === undefined ? 0 : opCosts.watermarkShadow;
  return megapixels(size) * (made + turned + shadowed);
}

const megapixels = (size: Size): number => pixelsOf(size) / 1e6;
