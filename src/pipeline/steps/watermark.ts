import type { Segment } from '../../plan/program.ts';
import type { Rect, Size } from '../../plan/turn.ts';
import { type Deadline, withDeadline } from '../deadline.ts';
import { type Chain, openChain } from '../sharp.ts';

type WatermarkOp = Segment['watermarks'][number];

/** An asset made ready for its place: raw RGBA, scaled, faded, cut to what lies on the picture. */
export type Overlay = Readonly<{ pixels: Buffer; width: number; height: number; left: number; top: number }>;

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

/**
 * The overlay for one watermark on a picture of `size`. The engine refuses overlays larger than the picture, so
 * what hangs over the edge is cut off here. The op must touch the picture (others are dropped by the planner).
 */
export async function makeOverlay(
  op: WatermarkOp,
  size: Size,
  asset: Uint8Array,
  deadline: Deadline,
): Promise<Overlay> {
  const visible = visiblePart(op, size);
  const bytes = Buffer.from(asset.buffer, asset.byteOffset, asset.byteLength);
  const pixels = await withDeadline(openChain(bytes, {}), deadline)
    .resize(op.width, op.height, { fit: 'fill' })
    .extract({ left: visible.left - op.left, top: visible.top - op.top, width: visible.width, height: visible.height })
    .ensureAlpha()
    .raw()
    .toBuffer();
  if (op.opacity < 100) fade(pixels, op.opacity / 100);
  return { pixels, ...visible };
}

function visiblePart(op: WatermarkOp, size: Size): Rect {
  const left = Math.max(0, op.left);
  const top = Math.max(0, op.top);
  return {
    left,
    top,
    width: Math.min(size.width, op.left + op.width) - left,
    height: Math.min(size.height, op.top + op.height) - top,
  };
}

function fade(rgba: Buffer, share: number): void {
  const faded = Uint8Array.from({ length: 256 }, (_, alpha) => Math.round(alpha * share));
  for (let at = 3; at < rgba.length; at += 4) rgba[at] = faded[rgba[at] ?? 0] ?? 0;
}
