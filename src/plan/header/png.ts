import type { Header, Orientation } from '../header.ts';
import { type ByteView, fourCc, malformed, unsupported } from './byte-view.ts';
import { exifOrientation } from './exif-orientation.ts';
import type { HeaderRead } from './header-result.ts';

/**
 * PNG (ISO/IEC 15948): IHDR, then the chunks before the first IDAT, where transparency, profile and EXIF stand.
 * libvips decodes an APNG's default image only, so there is always one frame.
 */
export const readPng = (file: ByteView): HeaderRead => {
  let at = signatureBytes;
  const first = file.u32(at + 4);
  if (first === fourCc('CgBI')) throw unsupported("PNG of Apple's CgBI kind");
  if (first !== fourCc('IHDR') || file.u32(at) !== 13) throw malformed();
  const ihdr = readIhdr(file.part(at + 8, 13));
  const found: Found = { transparency: false, palette: false, icc: false, orientation: 1 };
  at += chunkOverheadBytes + 13;
  for (let chunks = 0; chunks < chunksMax; chunks++) {
    const length = file.u32(at);
    const type = file.u32(at + 4);
    if (type === fourCc('IDAT')) return { header: asHeader(ihdr, found), final: true, bytesMin: 0 };
    if (length > chunkBytesMax || !isChunkType(file, at + 4)) throw malformed();
    readChunk(found, ihdr, type, file.part(at + 8, length));
    at += chunkOverheadBytes + length;
  }
  throw malformed();
};

/** Chunks before the pixels; honest files have dozens. */
const chunksMax = 65_536;

type Ihdr = Readonly<{ width: number; height: number; bits: number; colour: Colour; interlaced: boolean }>;

type Colour = 0 | 2 | 3 | 4 | 6;

type Found = { transparency: boolean; palette: boolean; icc: boolean; orientation: Orientation };

const signatureBytes = 8;
/** Length, type and checksum. */
const chunkOverheadBytes = 12;
const chunkBytesMax = 0x7fff_ffff;

/** Depths that each colour type allows (table 11.1). */
const depths: Readonly<Record<Colour, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const isColour = (value: number): value is Colour => Object.hasOwn(depths, value);

const readIhdr = (ihdr: ByteView): Ihdr => {
  const width = ihdr.u32(0);
  const height = ihdr.u32(4);
  const bits = ihdr.u8(8);
  const colour = ihdr.u8(9);
  const interlace = ihdr.u8(12);
  if (width > chunkBytesMax || height > chunkBytesMax) throw malformed();
  if (!isColour(colour) || !depths[colour].includes(bits)) throw malformed();
  if (ihdr.u8(10) !== 0 || ihdr.u8(11) !== 0 || interlace > 1) throw malformed();
  return { width, height, bits, colour, interlaced: interlace === 1 };
};

const isChunkType = (file: ByteView, at: number): boolean => {
  for (let i = 0; i < 4; i++) {
    const letter = file.u8(at + i) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) return false;
  }
  return true;
};

/** The type of a chunk that a decoder must know begins with a capital: bit 5 is not set. */
const isCritical = (type: number): boolean => (type & 0x2000_0000) === 0;

const readChunk = (found: Found, ihdr: Ihdr, type: number, chunk: ByteView): void => {
  switch (type) {
    case fourCc('PLTE'):
      found.palette = true;
      break;
    case fourCc('tRNS'):
      found.transparency = isTransparency(found, ihdr, chunk.length);
      break;
    case fourCc('iCCP'):
      found.icc = isProfile(chunk);
      break;
    case fourCc('eXIf'):
      found.orientation = exifOrientation(chunk);
      break;
    default:
      if (isCritical(type)) throw malformed();
  }
};

/** A name of 1 to 79 characters, a zero, compression method 0, then the profile; libpng ignores any other. */
const isProfile = (chunk: ByteView): boolean => {
  let nameBytes = 0;
  while (nameBytes < 80 && chunk.declares(nameBytes, 1) && chunk.u8(nameBytes) !== 0) nameBytes++;
  return nameBytes > 0 && nameBytes < 80 && chunk.declares(nameBytes, 3) && chunk.u8(nameBytes + 1) === 0;
};

/** libpng ignores a tRNS of the wrong length, and one before the palette that it belongs to. */
const isTransparency = (found: Found, ihdr: Ihdr, length: number): boolean => {
  if (ihdr.colour === 0) return length === 2;
  if (ihdr.colour === 2) return length === 6;
  return ihdr.colour === 3 && found.palette && length > 0 && length <= 256;
};

const asHeader = (ihdr: Ihdr, found: Found): Header => {
  if (ihdr.colour === 3 && !found.palette) throw malformed();
  return {
    format: 'png',
    width: ihdr.width,
    height: ihdr.height,
    frames: 1,
    orientation: found.orientation,
    alpha: ihdr.colour === 4 || ihdr.colour === 6 || found.transparency,
    bitsPerChannel: ihdr.colour === 3 ? 8 : ihdr.bits,
    space: ihdr.colour === 0 || ihdr.colour === 4 ? 'grey' : 'rgb',
    progressive: ihdr.interlaced,
    icc: found.icc,
    quality: null,
    lossless: true,
  };
};
