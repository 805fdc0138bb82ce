import type { ResolvedOp } from '../resolved.ts';
import { type Size, sizeOf } from './size.ts';

type SmartCrop = Extract<ResolvedOp, { op: 'smartcrop' }>;

/**
 * A window of a picture, where its content is, without a scale. The engine scales to cover the window before it looks, which is no scale
 * where one side is the picture's own: so one side is cut after the other, the one of which less is left first, since what is
 * cut there tells most about the other. No op where the window is the whole picture.
 */
export function smartWindowOps(outer: Size, inner: Size, by: SmartCrop['by']): SmartCrop[] {
  const isWide = inner.width / outer.width < inner.height / outer.height;
  const first = isWide ? sizeOf(inner.width, outer.height) : sizeOf(outer.width, inner.height);
  const cuts = inner.width < outer.width && inner.height < outer.height ? [first, inner] : [inner];
  return cuts
    .filter(({ width, height }) => width !== outer.width || height !== outer.height)
    .map((size) => ({ op: 'smartcrop', ...size, by }));
}
