import type { Quality } from './quality.ts';
import { canonicalRotation, type Rotation } from './rotation.ts';

/** The compliance level that all answers claim. */
export const profileUri = (version: 2 | 3): string => `http://iiif.io/api/image/${version}/level2.json`;

export const profileLink = (version: 2 | 3): string => `<${profileUri(version)}>;rel="profile"`;

/**
 * The canonical URI of a picture (section 4.8; 4.7 in version 2) as a link. Null where only the source's size tells it: any
 * region or size may turn out to be the whole picture's, and only that at its own size is known to be canonical.
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
