import type { Header } from '../header.ts';
import { type Box, findBox } from './bmff.ts';
import { type ByteView, fourCc, malformed, unsupported } from './byte-view.ts';
import type { HeaderRead } from './header-result.ts';
import { auxiliariesOf, derivedFrom, type HeifItems, itemProperties, itemType, readItems } from './heif-items.ts';

/**
 * AVIF (and any HEIF file whose primary item is coded in AV1). libheif applies rotation, mirroring and clean
 * aperture itself, and libvips then drops the EXIF orientation: the size here is the size after them and the
 * orientation is 1. libvips shows every picture as RGB, the grey ones too.
 */
export const readHeif = (file: ByteView): HeaderRead => {
  const meta = findBox(file, 0, fourCc('meta'));
  if (meta === null) throw malformed();
  const items = readItems(meta);
  const coded = codedItem(items);
  const properties = itemProperties(items, items.primary);
  const size = displayedSize(properties);
  const header: Header = {
    format: 'avif',
    width: size.width,
    height: size.height,
    frames: 1,
    orientation: 1,
    alpha: auxiliariesOf(items, items.primary).some((item) => isAlpha(items, item)),
    bitsPerChannel: av1Bits(itemProperties(items, coded)),
    space: 'rgb',
    progressive: false,
    icc: properties.some(isProfile),
    quality: null,
    lossless: false,
  };
  return { header, final: true, bytesMin: 0 };
};

const av01 = fourCc('av01');

/** Grids of grids and the like: what libheif resolves is never deeper. */
const derivationDepthMax = 4;

/** The item that holds pixels: the primary one, or the first one that it is put together from. */
const codedItem = (items: HeifItems): number => {
  let item: number | null = items.primary;
  for (let depth = 0; depth < derivationDepthMax && item !== null; depth++) {
    const type = itemType(items, item);
    if (type === av01) return item;
    if (!derivedTypes.has(type)) break;
    item = derivedFrom(items, item);
  }
  throw unsupported('HEIF with a codec other than AV1');
};

const derivedTypes: ReadonlySet<number> = new Set(['grid', 'iden', 'iovl', 'sato', 'tmap'].map(fourCc));

/** The item's extents with clean aperture and rotation applied in their order. */
const displayedSize = (properties: readonly Box[]): { width: number; height: number } => {
  const ispe = properties.find(({ type }) => type === fourCc('ispe'))?.body;
  if (ispe === undefined) throw malformed();
  let width = ispe.u32(4);
  let height = ispe.u32(8);
  for (const { type, body } of properties) {
    if (type === fourCc('irot') && (body.u8(0) & 1) === 1) {
      [width, height] = [height, width];
    } else if (type === fourCc('clap')) {
      width = roundedFraction(body, 0);
      height = roundedFraction(body, 8);
    }
  }
  return { width, height };
};

const roundedFraction = (clap: ByteView, at: number): number => {
  const denominator = clap.u32(at + 4);
  if (denominator === 0) throw malformed();
  return Math.round(clap.u32(at) / denominator);
};

const isAlpha = (items: HeifItems, item: number): boolean =>
  itemProperties(items, item).some(
    ({ type, body }) => type === fourCc('auxC') && alphaNames.some((name) => body.spells(`${name}\0`, 4)),
  );

const alphaNames = ['urn:mpeg:mpegB:cicp:systems:auxiliary:alpha', 'urn:mpeg:hevc:2015:auxid:1'] as const;

const isProfile = ({ type, body }: Box): boolean =>
  type === fourCc('colr') && (body.spells('prof') || body.spells('rICC'));

/** Bits a channel from the AV1 configuration (AV1-ISOBMFF, 2.3.3): high_bitdepth and twelve_bit. */
const av1Bits = (properties: readonly Box[]): number => {
  const av1c = properties.find(({ type }) => type === fourCc('av1C'))?.body;
  if (av1c === undefined) throw malformed();
  const packed = av1c.u8(2);
  if ((packed & 0x40) === 0) return 8;
  return (packed & 0x20) === 0 ? 10 : 12;
};
