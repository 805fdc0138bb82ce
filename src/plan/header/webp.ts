import type { Header, Orientation } from '../header.ts';
import { type ByteView, endOfBytes, fourCc, malformed } from './byte-view.ts';
import { exifOrientation } from './exif-orientation.ts';
import type { HeaderRead } from './header-result.ts';

/**
 * WebP (RFC 9649): a lone VP8 or VP8L bitstream, or VP8X with its flags and chunks. Frames of an animation are
 * counted by walking the chunks. EXIF stands behind the pixels, so a picture that announces it is known only
 * when that chunk has arrived.
 */
export const readWebp = (file: ByteView): HeaderRead => {
  const bytesMin = 8 + file.u32(4, true);
  const kind = file.u32(12);
  if (kind === vp8x) return readExtended(file, bytesMin);
  const bitstream = readBitstream(kind, file.part(20, file.u32(16, true)));
  return { header: asHeader(bitstream), final: true, bytesMin };
};

const vp8 = fourCc('VP8 ');
const vp8l = fourCc('VP8L');
const vp8x = fourCc('VP8X');
const anmf = fourCc('ANMF');
const alph = fourCc('ALPH');
const exif = fourCc('EXIF');

const flagAnimation = 0x02;
const flagExif = 0x08;
const flagAlpha = 0x10;
const flagIcc = 0x20;

type Facts = Readonly<{ width: number; height: number; alpha: boolean; lossless: boolean }>;

const readBitstream = (kind: number, chunk: ByteView): Facts => {
  if (kind === vp8) return readVp8(chunk);
  if (kind === vp8l) return readVp8l(chunk);
  throw malformed();
};

/** The frame header of a key frame (RFC 6386, 9.1). */
const readVp8 = (chunk: ByteView): Facts => {
  const isKeyFrame = (chunk.u8(0) & 1) === 0;
  if (!isKeyFrame || chunk.u8(3) !== 0x9d || chunk.u8(4) !== 0x01 || chunk.u8(5) !== 0x2a) throw malformed();
  return { width: chunk.u16(6, true) & 0x3fff, height: chunk.u16(8, true) & 0x3fff, alpha: false, lossless: false };
};

/** RFC 9649, 3.4: signature, 14 bits of width, 14 of height, 1 of alpha, 3 of version. */
const readVp8l = (chunk: ByteView): Facts => {
  if (chunk.u8(0) !== 0x2f) throw malformed();
  const bits = chunk.u32(1, true);
  if (bits >>> 29 !== 0) throw malformed();
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    alpha: ((bits >>> 28) & 1) === 1,
    lossless: true,
  };
};

type Walk = { frames: number; lossless: boolean; orientation: Orientation; exifSeen: boolean };

const readExtended = (file: ByteView, end: number): HeaderRead => {
  const size = file.u32(16, true);
  if (size < 10) throw malformed();
  const flags = file.u8(20);
  const walk: Walk = { frames: 0, lossless: false, orientation: 1, exifSeen: (flags & flagExif) === 0 };
  const final = walkChunks(file, 20 + padded(size), end, (flags & flagAnimation) !== 0, walk);
  if (walk.frames === 0) throw malformed();
  const header = asHeader({
    width: file.u24le(24) + 1,
    height: file.u24le(27) + 1,
    alpha: (flags & flagAlpha) !== 0,
    lossless: walk.lossless,
  });
  return {
    header: { ...header, frames: walk.frames, orientation: walk.orientation, icc: (flags & flagIcc) !== 0 },
    final,
    bytesMin: end,
  };
};

/** Walks until nothing more can be learned (true) or, in an animation, until the bytes end (false). */
const walkChunks = (file: ByteView, from: number, end: number, animated: boolean, walk: Walk): boolean => {
  let at = from;
  try {
    while (at + 8 <= end && (animated || walk.frames === 0 || !walk.exifSeen)) {
      const size = file.u32(at + 4, true);
      readChunk(file.u32(at), file.part(at + 8, size), animated, walk);
      at += 8 + padded(size);
    }
    return true;
  } catch (error) {
    if (error === endOfBytes && animated && walk.frames > 0 && walk.exifSeen) return false;
    throw error;
  }
};

const readChunk = (kind: number, chunk: ByteView, animated: boolean, walk: Walk): void => {
  if (animated ? kind === anmf : kind === vp8 || kind === vp8l) {
    if (walk.frames === 0) walk.lossless = (animated ? frameKind(chunk) : kind) === vp8l;
    walk.frames++;
  } else if (kind === exif && !walk.exifSeen) {
    walk.orientation = exifOrientation(chunk);
    walk.exifSeen = true;
  }
};

/** The kind of bitstream in an ANMF chunk: after 16 bytes of frame parameters, maybe behind an alpha chunk. */
const frameKind = (frame: ByteView): number => {
  const kind = frame.u32(16);
  return kind === alph ? vp8 : kind;
};

/** Chunks begin at even offsets. */
const padded = (bytes: number): number => bytes + (bytes & 1);

const asHeader = (facts: Facts): Header => ({
  format: 'webp',
  width: facts.width,
  height: facts.height,
  frames: 1,
  orientation: 1,
  alpha: facts.alpha,
  bitsPerChannel: 8,
  space: 'rgb',
  progressive: false,
  icc: false,
  quality: null,
  lossless: facts.lossless,
});
