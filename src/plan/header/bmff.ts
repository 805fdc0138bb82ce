import { type ByteView, malformed } from './byte-view.ts';

/** One box of the ISO base media file format (ISO/IEC 14496-12, 4.2). */
export type Box = Readonly<{
  /** Four characters as a number, see `fourCc`. */
  type: number;
  body: ByteView;
  /** Where the next box begins, in the view that holds this one. */
  next: number;
}>;

/** The box at `at`. Its body need not have arrived. A size of 0 means: to the end of `view`. */
const boxAt = (view: ByteView, at: number): Box => {
  const size32 = view.u32(at);
  const headBytes = size32 === 1 ? 16 : 8;
  const size = size32 === 1 ? view.u64(at + 8) : size32 === 0 ? view.length - at : size32;
  if (size < headBytes) throw malformed();
  return { type: view.u32(at + 4), body: view.part(at + headBytes, size - headBytes), next: at + size };
};

/**
 * Calls `visit` for every box in `view` from `at` on. Throws undecodable when there are more than `boxesMax`: a
 * large grid has a few thousand.
 */
export const eachBox = (view: ByteView, at: number, visit: (box: Box) => void): void => {
  let next = at;
  for (let boxes = 0; next < view.length; boxes++) {
    if (boxes === boxesMax) throw malformed();
    const box = boxAt(view, next);
    visit(box);
    next = box.next;
  }
};

export const boxesMax = 16_384;

/** The first box of a type in `view`, null when there is none. */
export const findBox = (view: ByteView, at: number, type: number): ByteView | null => {
  let next = at;
  for (let boxes = 0; next < view.length; boxes++) {
    if (boxes === boxesMax) throw malformed();
    const box = boxAt(view, next);
    if (box.type === type) return box.body;
    next = box.next;
  }
  return null;
};
