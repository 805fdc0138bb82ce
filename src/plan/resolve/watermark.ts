import { PileusError } from '../../shared/errors.ts';
import { type MarkAsset, type MarkAssets, markName } from '../marks.ts';
import type { MarkLook, SourceRef, Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { checkBetween } from './limits.ts';
import { markBox, placeMark, shadowMargin } from './mark.ts';
import { boxScale, noScale, type Scale, scaledSize } from './scale.ts';
import { type Size, sizeOf } from './size.ts';

type Watermark = Extract<Step, { op: 'watermark' }>;

/**
 * A registered asset or another original on the picture, not larger than it unless that is asked for. One that lies wholly outside is
 * no op.
 *
 * Throws bad_value for an asset that is not registered or is a font, or for an original of which nothing is known, and for a shadow out of bounds; result_too_large for an oversize one
 * of more than `pixelsMax`.
 */
export function watermarkOps(step: Watermark, size: Size, assets: MarkAssets, pixelsMax: number): ResolvedOp[] {
  const asset = assetNamed(step.asset, assets);
  if (asset.font) throw new PileusError('bad_value', { detail: `wm_: the asset "${asset.name}" is a font.` });
  const { degrees, shadow } = checkedLook(step);
  const mark = markSize(sizeOf(asset.width, asset.height), size, step);
  const look = {
    ...mark,
    ...(degrees === undefined ? {} : { degrees }),
    ...(shadow === undefined ? {} : { shadow }),
  };
  const box = markBox(look);
  checkBetween(box, 1, pixelsMax);
  const place = placeMark(box, shadowMargin(look), size, step);
  const { left, top, repeat } = place;
  const isOutside = left >= size.width || top >= size.height || left + box.width <= 0 || top + box.height <= 0;
  if (step.opacity === 0 || (repeat === undefined && isOutside)) return [];
  return [
    {
      op: 'watermark',
      asset: asset.name,
      assetVersion: asset.version,
      ...(asset.from === undefined ? {} : { from: asset.from }),
      ...place,
      ...look,
      opacity: step.opacity,
    },
  ];
}

/** Throws bad_value for an asset that is not registered, and for an original of which nothing is known. */
export function assetNamed(mark: string | SourceRef, assets: MarkAssets): MarkAsset {
  const name = markName(mark);
  const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (asset === undefined) throw new PileusError('bad_value', { detail: `wm_: there is no asset named "${name}".` });
  return asset;
}

/** Farthest that a shadow may reach, in pixels. */
const shadowMax = 100;

/** Turn and shadow without what does nothing. Throws bad_value for a shadow that reaches too far. */
export function checkedLook({ degrees = 0, shadow }: MarkLook): Pick<MarkLook, 'degrees' | 'shadow'> {
  const angle = ((degrees % 360) + 360) % 360;
  const far = shadow ? Math.max(shadow.sigma, Math.abs(shadow.dx), Math.abs(shadow.dy)) : 0;
  if (far > shadowMax || (shadow?.sigma ?? 0) < 0)
    throw new PileusError('bad_value', { detail: `A shadow reaches at most ${shadowMax} pixels, got ${far}.` });
  return {
    ...(angle === 0 ? {} : { degrees: angle }),
    ...(shadow === undefined || shadow.opacity === 0 ? {} : { shadow }),
  };
}

function markSize(own: Size, picture: Size, { scalePercent, box: wantedBox, oversize, within }: Watermark): Size {
  if (within && scalePercent > 0) {
    const side = (length: number): number => Math.max(1, (length * scalePercent) / 100);
    const box = boxScale(own, { w: side(picture.width), h: side(picture.height) }, 'inside') ?? noScale;
    return scaledSize(own, box, 'nearest');
  }
  const wanted: Scale =
    scalePercent === 0 ? boxed(own, wantedBox) : { times: picture.width * scalePercent, over: 100 * own.width };
  const inside = boxScale(own, { w: picture.width, h: picture.height }, 'inside') ?? noScale;
  const isTooLarge = wanted.times * inside.over > inside.times * wanted.over;
  return scaledSize(own, isTooLarge && !oversize ? inside : wanted, 'nearest');
}

/** The largest that fits the box, also where that is larger than it is; its own size without one. */
const boxed = (own: Size, box: Watermark['box']): Scale =>
  (box && boxScale(own, { w: box.w || null, h: box.h || null }, 'inside')) ?? noScale;
