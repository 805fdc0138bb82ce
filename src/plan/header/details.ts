import type { SourceFormat } from '../header.ts';
import { ByteView } from './byte-view.ts';
import { type ExifField, readExif } from './exif-fields.ts';
import { type IptcField, readIptc } from './iptc-fields.ts';
import { findBlocks } from './metadata-blocks.ts';
import { iptcOf, type PhotoshopResolution, resolutionOf } from './photoshop-resources.ts';

export type { ExifField } from './exif-fields.ts';

/**
 * What a file says about its picture besides the header. It is read only for the reports that tell it, from the whole file, and is
 * kept nowhere: nothing else depends on it.
 */
export type Details = Readonly<{
  exif: readonly ExifField[];
  iptc: readonly IptcField[];
  /** What Photoshop says of the resolution; null where it says nothing. */
  resolution: PhotoshopResolution | null;
  /** The packet as text, at most 64 KiB; null where there is none. */
  xmp: string | null;
  /** Colours by number. */
  palette: boolean;
}>;

export const noDetails: Details = { exif: [], iptc: [], resolution: null, xmp: null, palette: false };

/** The details of a complete file. Never throws, takes time linear in the file: hostile metadata gives nothing. */
export function readDetails(file: Uint8Array, format: SourceFormat): Details {
  const blocks = findBlocks(file, format);
  const block = format === 'tiff' ? file : blocks.exif;
  const tiff = block === null ? null : readExif(ByteView.of(block).part(0, block.length));
  const xmp = blocks.xmp ?? (format === 'tiff' ? (tiff?.xmp ?? null) : null);
  const photoshop = blocks.photoshop ?? (format === 'tiff' ? (tiff?.photoshop ?? null) : null);
  const iptc = (photoshop && iptcOf(photoshop)) ?? tiff?.iptc ?? null;
  return {
    exif: tiff?.fields ?? [],
    iptc: iptc === null ? [] : readIptc(iptc),
    resolution: photoshop && resolutionOf(photoshop),
    xmp: xmp === null ? null : new TextDecoder().decode(xmp),
    palette: format === 'gif' || (format === 'png' && file[25] === 3),
  };
}
