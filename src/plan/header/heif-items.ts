import { type Box, boxesMax, eachBox, findBox } from './bmff.ts';
import { type ByteView, fourCc, malformed } from './byte-view.ts';

/**
 * The items of a HEIF file (ISO/IEC 23008-12) as its `meta` box lists them: which is the primary one, of what
 * kind each is, what refers to what, and the properties of each.
 */
export type HeifItems = Readonly<{ meta: ByteView; primary: number; properties: readonly Box[] }>;

/** A `meta` box begins with version and flags, as `iprp`'s children and most others do. */
const fullBoxBytes = 4;

/** More properties than this in one file are no picture that was meant to be seen. */
const propertiesMax = 4096;

export const readItems = (meta: ByteView): HeifItems => {
  const pitm = child(meta, 'pitm');
  const iprp = child(meta, 'iprp');
  const ipco = iprp === null ? null : findBox(iprp, 0, fourCc('ipco'));
  if (pitm === null || ipco === null) throw malformed();
  const properties: Box[] = [];
  eachBox(ipco, 0, (box) => {
    if (properties.length >= propertiesMax) throw malformed();
    properties.push(box);
  });
  return { meta, primary: pitm.u8(0) === 0 ? pitm.u16(4) : pitm.u32(4), properties };
};

/** The kind of an item (`av01`, `grid`, ...), 0 when it is not listed. */
export const itemType = (items: HeifItems, item: number): number => {
  const iinf = child(items.meta, 'iinf');
  if (iinf === null) return 0;
  let type = 0;
  eachBox(iinf, iinf.u8(0) === 0 ? 6 : 8, ({ type: kind, body }) => {
    if (kind !== fourCc('infe') || type !== 0) return;
    const version = body.u8(0);
    if (version === 2 && body.u16(4) === item) type = body.u32(8);
    if (version === 3 && body.u32(4) === item) type = body.u32(10);
  });
  return type;
};

/** The properties of an item in the order in which they apply. */
export const itemProperties = (items: HeifItems, item: number): readonly Box[] => {
  const iprp = child(items.meta, 'iprp');
  const found: Box[] = [];
  if (iprp === null) return found;
  eachBox(iprp, 0, ({ type, body }) => {
    if (type === fourCc('ipma') && found.length === 0) collectAssociations(items, body, item, found);
  });
  return found;
};

const collectAssociations = (items: HeifItems, ipma: ByteView, item: number, found: Box[]): void => {
  const idBytes = ipma.u8(0) === 0 ? 2 : 4;
  const indexBytes = (ipma.u8(3) & 1) === 0 ? 1 : 2;
  const entries = ipma.u32(4);
  if (entries > boxesMax) throw malformed();
  let at = 8;
  for (let i = 0; i < entries; i++) {
    const id = idBytes === 2 ? ipma.u16(at) : ipma.u32(at);
    const count = ipma.u8(at + idBytes);
    at += idBytes + 1;
    if (id === item) {
      for (let k = 0; k < count; k++) {
        const property = items.properties[associatedIndex(ipma, at + k * indexBytes, indexBytes) - 1];
        if (property !== undefined) found.push(property);
      }
      return;
    }
    at += count * indexBytes;
  }
};

/** Without the top bit, which says that the property is essential. Indices begin with 1. */
const associatedIndex = (ipma: ByteView, at: number, indexBytes: number): number =>
  indexBytes === 1 ? ipma.u8(at) & 0x7f : ipma.u16(at) & 0x7fff;

/** The first item that `item` is derived from (`dimg`), null when it is not derived. */
export const derivedFrom = (items: HeifItems, item: number): number | null => {
  let first: number | null = null;
  eachReference(items, fourCc('dimg'), (from, to) => {
    if (first === null && from === item) first = to;
  });
  return first;
};

/** The items that are auxiliary to `item` (`auxl`), at most `auxiliariesMax`. */
export const auxiliariesOf = (items: HeifItems, item: number): readonly number[] => {
  const found: number[] = [];
  eachReference(items, fourCc('auxl'), (from, to) => {
    if (to === item && found.length < auxiliariesMax) found.push(from);
  });
  return found;
};

/** Alpha, depth and gain map are the auxiliaries in use; each costs a walk through the associations. */
const auxiliariesMax = 16;

const eachReference = (items: HeifItems, kind: number, visit: (from: number, to: number) => void): void => {
  const iref = child(items.meta, 'iref');
  if (iref === null) return;
  const idBytes = iref.u8(0) === 0 ? 2 : 4;
  const id = (body: ByteView, at: number): number => (idBytes === 2 ? body.u16(at) : body.u32(at));
  let references = 0;
  eachBox(iref, fullBoxBytes, ({ type, body }) => {
    if (type !== kind) return;
    const from = id(body, 0);
    const count = body.u16(idBytes);
    references += count;
    if (references > boxesMax) throw malformed();
    for (let i = 0; i < count; i++) visit(from, id(body, idBytes + 2 + i * idBytes));
  });
};

const child = (meta: ByteView, type: string): ByteView | null => findBox(meta, fullBoxBytes, fourCc(type));
