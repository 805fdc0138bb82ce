import type { ResolvedEncode } from '../plan/resolved.ts';
import { type Chain, keepAllButProfile, tagUpright } from './sharp.ts';

/** Who made a picture and who owns it, as its EXIF says. */
export type Credits = Readonly<{ artist: string | null; copyright: string | null }>;

export const noCredits: Credits = { artist: null, copyright: null };

/**
 * Sets what the result carries besides pixels.
 *
 * `none`: nothing. `copyright`: EXIF Artist and Copyright only; the chain has to begin with raw pixels, so that
 * nothing else of the source can come along. `all`: EXIF, XMP and IPTC of the source; orientation 1 when the pixels were made upright.
 * In place of a source's profile that of the result's own pixels, which are sRGB after every conversion, unless `profile` says
 * otherwise. Pixels of more than 8 bits get no profile of the engine's: it would take them for Display P3.
 *
 * A source's profile that is kept comes along with the chain that begins with it.
 */
export function keepMetadata(
  chain: Chain,
  { metadata, profile, bits }: Pick<ResolvedEncode, 'metadata' | 'profile' | 'bits'>,
  { credits, profiled }: Readonly<{ credits: Credits; profiled: boolean }>,
  upright: boolean,
): Chain {
  switch (metadata) {
    case 'none':
      return withProfile(chain, profile);
    case 'copyright': {
      const coloured = withProfile(chain, profile);
      return hasCredits(credits) ? coloured.withExif({ IFD0: creditFields(credits) }) : coloured;
    }
    case 'all': {
      const attaches = bits === undefined && (profile === 'srgb' || (profile === undefined && profiled));
      if (attaches) return chain.withMetadata(upright ? { orientation: 1 } : {});
      const kept = profile === 'source' ? chain.keepMetadata() : keepAllButProfile(chain);
      return upright ? tagUpright(kept) : kept;
    }
  }
}

const withProfile = (chain: Chain, profile: ResolvedEncode['profile']): Chain =>
  profile === 'srgb' ? chain.withIccProfile('srgb') : chain;

export const hasCredits = (credits: Credits): boolean => credits.artist !== null || credits.copyright !== null;

/** libvips drops a bracket at the end of a value (it writes types there), so each value gets one to lose. */
const creditFields = ({ artist, copyright }: Credits): Record<string, string> => ({
  ...(artist === null ? {} : { Artist: `${artist} ()` }),
  ...(copyright === null ? {} : { Copyright: `${copyright} ()` }),
});

const tags = { artist: 0x013b, copyright: 0x8298 } as const;
/** Longest value that is kept, in bytes. */
const creditBytesMax = 1024;

/** Artist and Copyright of the first directory of an EXIF block. Anything that does not parse is absent. */
export function readCredits(exif: Uint8Array | undefined): Credits {
  if (!exif) return noCredits;
  const tiff = exif.subarray(Buffer.from(exif.subarray(0, 6)).toString('latin1') === 'Exif\0\0' ? 6 : 0);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return noCredits;
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return noCredits;
  const entries = Math.min(view.getUint16(directory, little), Math.floor((view.byteLength - directory - 2) / 12));
  const text = (tag: number): string | null => {
    for (let index = 0; index < entries; index++) {
      const at = directory + 2 + index * 12;
      if (view.getUint16(at, little) === tag) return asciiValue(tiff, view, at, little);
    }
    return null;
  };
  return { artist: text(tags.artist), copyright: text(tags.copyright) };
}

function asciiValue(tiff: Uint8Array, view: DataView, at: number, little: boolean): string | null {
  const asciiType = 2;
  if (view.getUint16(at + 2, little) !== asciiType) return null;
  const count = view.getUint32(at + 4, little);
  const from = count <= 4 ? at + 8 : view.getUint32(at + 8, little);
  if (from + count > tiff.length) return null;
  const raw = Buffer.from(tiff.subarray(from, from + Math.min(count, creditBytesMax))).toString('utf8');
  // The tag may hold two names (photographer, editor) with a NUL between them.
  const value = raw.replace(/\0+$/, '').replaceAll('\0', ', ').trim();
  return value === '' ? null : value;
}
