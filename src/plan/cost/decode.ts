import { framesDecoded } from '../resolve/frames.ts';
import { pixelsOf, type Size, sizeOf } from '../resolve/size.ts';
import type { Resolved } from '../resolved.ts';
import { drawnSize, shrinkOnLoad } from '../shrink-on-load.ts';
import { decodeCosts, fixedCosts } from './coefficients.ts';

/** Size of a frame as it leaves the decoder. SVG is drawn at the size that its first resize asks for. */
export function decodedSize(resolved: Resolved): Size {
  const { format, width, height } = resolved.input;
  const shrink = shrinkOnLoad(resolved);
  if (shrink > 1) return sizeOf(Math.ceil(width / shrink), Math.ceil(height / shrink));
  const drawn = format === 'svg' ? drawnSize(resolved) : null;
  return drawn ?? sizeOf(width, height);
}

/** Milliseconds to decode. A later frame of an animation needs those before it; of tiles only those under the crop are read. */
export function decodeMs(resolved: Resolved): number {
  const { format, width, height, progressive } = resolved.input;
  const costs = decodeCosts[format];
  const frames = framesDecoded(format, resolved.input);
  const [first] = resolved.ops;
  const part = resolved.input.tiled && first?.op === 'extract' ? pixelsOf(first) / (width * height) : 1;
  const storedMegapixels = (part * width * height * frames) / 1e6;
  const decodedMegapixels = (part * pixelsOf(decodedSize(resolved)) * frames) / 1e6;
  return (
    storedMegapixels * (progressive === true ? costs.storedProgressive : costs.stored) +
    decodedMegapixels * costs.decoded +
    fixedCosts.job +
    (frames - 1) * fixedCosts.frameDecoded
  );
}
