import type { Quality } from './quality.ts';
import { canonicalRotation, type Rotation } from './rotation.ts';

/** The compliance level that all answers claim. */
export const profileUri = (version: 2 | 3): string => `http://iiif.io/api/image/${version}/level2.json`;

export const profileLink = (version: 2 | 3): string => `<${profileUri(version)}>;rel="profile"`;

/**
 * The canonical URI of a picture (section 4.7 or 4.8) as a link, or null where it follows only from the source's size: of all of the
 * picture at its own size it does not, and every other size or region might turn out to be just that.
 */
export function canonicalLink(
  base: string,
  picture: Readonly<{ region: string; size: string; rotation: Rotation; quality: Quality; format: string }>,
  version: 2 | 3,
): string | null {
  const ownSize = version === 3 ? 'max' : 'full';
  if (picture.region !== 'full' || picture.size !== ownSize) return null;
  const quality = picture.quality === 'color' ? 'default' : picture.quality;
  return `<${base}/full/${ownSize}/${canonicalRotation(picture.rotation)}/${quality}.${picture.format}>;rel="canonical"`;
}
