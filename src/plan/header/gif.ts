import type { Header } from '../header.ts';
import { type ByteView, endOfBytes, malformed } from './byte-view.ts';
import type { HeaderRead } from './header-result.ts';
import { plainHeader } from './plain-header.ts';

/**
 * GIF (89a): the logical screen, then every block, because frames are only counted by walking them. The walk and
 * the rules for the canvas are those of libnsgif, which libvips decodes with. libnsgif silently drops the
 * frames that a truncated file lacks, so here a file without its trailer is truncated.
 */
export const readGif = (file: ByteView): HeaderRead => {
  const walk = startWalk(file.u16(6, true), file.u16(8, true));
  const end = walkBlocks(file, screenBytes + colourTableBytes(file.u8(10)), walk);
  return { header: asHeader(walk), final: end !== null, bytesMin: end ?? Number.POSITIVE_INFINITY };
};

type Walk = { width: number; height: number; frames: number; transparent: boolean; interlaced: boolean };

/** Signature and logical screen descriptor. */
const screenBytes = 13;

const extension = 0x21;
const separator = 0x2c;
const graphicControl = 0xf9;
const comment = 0xfe;

/** Size of the colour table that a packed field announces, in bytes. */
const colourTableBytes = (packed: number): number => ((packed & 0x80) === 0 ? 0 : 3 * (2 << (packed & 7)));

/**
 * Old encoders wrote the size of the author's screen. libnsgif takes these sizes, and any beyond 2,048, for
 * meaningless and lets the first frame say how large the canvas is.
 */
const screenSizes = new Set(['640x480', '640x512', '800x600', '1024x768', '1280x1024', '1600x1200']);

const startWalk = (width: number, height: number): Walk => {
  const meaningless =
    width === 0 || height === 0 || width > 2048 || height > 2048 || screenSizes.has(`${width}x${height}`);
  return {
    width: meaningless ? 1 : width,
    height: meaningless ? 1 : height,
    frames: 0,
    transparent: false,
    interlaced: false,
  };
};

/**
 * Walks as far as the bytes go; gives the offset after the trailer, null when the bytes end before it. After the
 * first frame anything that is no block ends the picture like a trailer, as in browsers and in libnsgif.
 */
const walkBlocks = (file: ByteView, from: number, walk: Walk): number | null => {
  let at = from;
  try {
    for (;;) {
      const block = file.u8(at);
      const next =
        block === extension ? walkExtension(file, at, walk) : block === separator ? walkFrame(file, at, walk) : null;
      if (next === null) {
        if (walk.frames === 0) throw malformed();
        return at + 1;
      }
      at = next;
    }
  } catch (error) {
    if (error === endOfBytes && walk.frames > 0) return null;
    throw error;
  }
};

const walkExtension = (file: ByteView, at: number, walk: Walk): number => {
  const label = file.u8(at + 1);
  if (label === comment) return afterSubBlocks(file, at + 2);
  const size = file.u8(at + 2);
  if (label === graphicControl && (file.u8(at + 3) & 1) === 1) walk.transparent = true;
  return afterSubBlocks(file, at + 3 + size);
};

/** Null for a frame without pixels: a trailer in their place, or a code size that LZW does not have. */
const walkFrame = (file: ByteView, at: number, walk: Walk): number | null => {
  const packed = file.u8(at + 9);
  const data = at + 10 + colourTableBytes(packed);
  const codeSize = file.u8(data);
  if (codeSize >= lzwCodeBitsMax) return null;
  if (walk.frames === 0) {
    walk.width = Math.max(walk.width, file.u16(at + 1, true) + file.u16(at + 5, true));
    walk.height = Math.max(walk.height, file.u16(at + 3, true) + file.u16(at + 7, true));
  }
  walk.frames++;
  if ((packed & 0x40) !== 0) walk.interlaced = true;
  return afterSubBlocks(file, data + 1);
};

const lzwCodeBitsMax = 12;

const afterSubBlocks = (file: ByteView, from: number): number => {
  let at = from;
  for (;;) {
    const size = file.u8(at);
    at += size + 1;
    if (size === 0) return at;
  }
};

const asHeader = (walk: Walk): Header => ({
  ...plainHeader('gif', walk, walk.transparent),
  frames: walk.frames,
  progressive: walk.interlaced,
});
