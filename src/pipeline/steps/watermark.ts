import type { ResolvedOp } from '../../plan/resolved.ts';
import type { Size } from '../../plan/turn.ts';
import { type Deadline, withDeadline } from '../deadline.ts';
import { dressed, type Overlay, onPicture } from '../overlay.ts';
import { type Chain, openChain } from '../sharp.ts';

export type { Overlay } from '../overlay.ts';

/** Nothing without overlays. An opaque picture stays opaque: the engine adds alpha to composite, which goes again. */
export function watermark(chain: Chain, overlays: readonly Overlay[], opaque: boolean): Chain {
  if (overlays.length === 0) return chain;
  const placed = chain.composite(
    overlays.map(({ pixels, width, height, left, top }) => ({
      input: pixels,
      raw: { width, height, channels: 4 },
      left,
      top,
    })),
  );
  return opaque ? placed.removeAlpha() : placed;
}

/** The overlay for one watermark on a picture of `size`; of an animation its first frame. The op must touch the picture (others are dropped by the planner). */
export async function makeOverlay(
  op: Extract<ResolvedOp, { op: 'watermark' }>,
  size: Size,
  asset: Uint8Array,
  deadline: Deadline,
): Promise<Overlay | null> {
  const bytes = Buffer.from(asset.buffer, asset.byteOffset, asset.byteLength);
  const pixels = await withDeadline(openMark(bytes, op), deadline)
    .resize(op.width, op.height, { fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer();
  const mark = await dressed({ pixels, width: op.width, height: op.height }, op, deadline);
  return onPicture(mark, op, size, op.opacity);
}

/** What is registered is drawn as it is stored. Another original is held to what its header said, as every source is. */
const openMark = (bytes: Buffer, { from }: Extract<ResolvedOp, { op: 'watermark' }>): Chain =>
  from === undefined
    ? openChain(bytes, {})
    : openChain(bytes, { limitInputPixels: from.pixels, failOn: 'truncated' }).autoOrient();
