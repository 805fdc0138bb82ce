import { boxesMax, eachBox, findBox } from './bmff.ts';
import { type ByteView, fourCc } from './byte-view.ts';
import type { HeifItems } from './heif-items.ts';

/** Where an item's bytes lie in the file. */
export type Extent = Readonly<{ at: number; bytes: number }>;

const itemsMax = 16;

/** Ids of the items of a kind, in the file's order; at most 16. */
export function itemsOfType({ meta }: HeifItems, type: string): readonly number[] {
  const iinf = findBox(meta, 4, fourCc('iinf'));
  const found: number[] = [];
  if (iinf === null) return found;
  eachBox(iinf, iinf.u8(0) === 0 ? 6 : 8, ({ type: kind, body }) => {
    if (kind !== fourCc('infe') || found.length === itemsMax) return;
    const version = body.u8(0);
    if (version === 2 && body.u32(8) === fourCc(type)) found.push(body.u16(4));
    if (version === 3 && body.u32(10) === fourCc(type)) found.push(body.u32(4));
  });
  return found;
}

/** Where an item in one piece lies (`iloc`, ISO/IEC 14496-12, 8.11.3); null where it is in several, or elsewhere than in the file. */
export function itemExtent({ meta }: HeifItems, item: number): Extent | null {
  const iloc = findBox(meta, 4, fourCc('iloc'));
  if (iloc === null) return null;
  const version = iloc.u8(0);
  const sizes = iloc.u16(4);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >>> 12, (sizes >>> 8) & 15, (sizes >>> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const idBytes = version < 2 ? 2 : 4;
  const count = whole(iloc, 6, idBytes);
  let at = 6 + idBytes;
  for (let i = 0; i < Math.min(count, boxesMax); i++) {
    const id = whole(iloc, at, idBytes);
    at += idBytes;
    const method = version === 0 ? 0 : iloc.u16(at) & 15;
    at += version === 0 ? 2 : 4;
    const base = whole(iloc, at, baseBytes);
    const extents = iloc.u16(at + baseBytes);
    at += baseBytes + 2;
    if (id === item) {
      if (method !== 0 || extents !== 1) return null;
      const offset = whole(iloc, at + indexBytes, offsetBytes);
      return { at: base + offset, bytes: whole(iloc, at + indexBytes + offsetBytes, lengthBytes) };
    }
    at += extents * (indexBytes + offsetBytes + lengthBytes);
  }
  return null;
}

/** A whole number of 0, 2, 4 or 8 bytes. */
function whole(view: ByteView, at: number, bytes: number): number {
  switch (bytes) {
    case 2:
      return view.u16(at);
    case 4:
      return view.u32(at);
    case 8:
      return view.u64(at);
    default:
      return 0;
  }
}
