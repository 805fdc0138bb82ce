import type { Config } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { compassShares } from './gravity.ts';
import { boxScale, noScale, type Scale, scaledSize } from './scale.ts';
import { type Size, sizeOf } from './size.ts';

type Watermark = Extract<Step, { op: 'watermark' }>;

/**
 * A registered asset on the picture, never larger than it. `dx` and `dy` move it inwards from the edge that the
 * gravity names; from the centre they move it right and down. One that lies wholly outside is no op.
 *
 * Throws bad_value for an asset that is not registered.
 */
export function watermarkOps(step: Watermark, size: Size, assets: Config['assets']): ResolvedOp[] {
  const asset = Object.hasOwn(assets, step.asset) ? assets[step.asset] : undefined;
  if (asset === undefined) {
    throw new PileusError('bad_value', { detail: `wm_: there is no asset named "${step.asset}".` });
  }
  const mark = markSize(sizeOf(asset.width, asset.height), size, step.scalePercent);
  const share = compassShares[step.gravity];
  const left = Math.round((size.width - mark.width) * share.x) + (share.x === 1 ? -step.dx : step.dx);
  const top = Math.round((size.height - mark.height) * share.y) + (share.y === 1 ? -step.dy : step.dy);
  const isOutside = left >= size.width || top >= size.height || left + mark.width <= 0 || top + mark.height <= 0;
  if (step.opacity === 0 || isOutside) return [];
  return [
    {
      op: 'watermark',
      asset: asset.name,
      assetVersion: asset.version,
      left,
      top,
      width: mark.width,
      height: mark.height,
      opacity: step.opacity,
    },
  ];
}

function markSize(own: Size, picture: Size, scalePercent: number): Size {
  const wanted: Scale = scalePercent === 0 ? noScale : { times: picture.width * scalePercent, over: 100 * own.width };
  const inside = boxScale(own, { w: picture.width, h: picture.height }, 'inside') ?? noScale;
  const isTooLarge = wanted.times * inside.over > inside.times * wanted.over;
  return scaledSize(own, isTooLarge ? inside : wanted, 'nearest');
}
