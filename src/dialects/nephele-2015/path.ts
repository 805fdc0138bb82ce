import { PileusError } from '../../shared/errors.ts';

export type ResizeKind = 'r' | 'c' | 'w' | 'z';

/** What stands between the name of a source and its extension, as it was written. */
export type Suffix = Readonly<{
  kind: ResizeKind;
  w: string;
  h: string;
  /** `_R<n>`: degrees, or the opacity of the watermark. */
  turn: string | null;
  quality: string | null;
  /** `_M[<name>[_<place>]]`; the name is null where `_M` stands alone. */
  mark: Readonly<{ name: string | null; place: string | null }> | null;
}>;

/** A path cut up. The key is still percent-encoded; without a suffix it is the original that is asked for. */
export type Path2015 = Readonly<{ rawKey: string; ext: Extension; suffix: Suffix | null }>;

export type Extension = 'jpg' | 'jpeg' | 'gif' | 'png' | 'Jpg';

const extensions: ReadonlySet<string> = new Set<Extension>(['jpg', 'jpeg', 'gif', 'png', 'Jpg']);

/** In this order and no other. The alpha of `_C` was read and never used. */
const suffixPattern =
  /_(R|C|W|Z)_([0-9]+)_([0-9]+)(?:_R([0-9]+))?(?:_C[a-zA-Z]+)?(?:_Q([0-9]+))?(_M(?:([a-zA-Z0-9]+)(?:_([1-9]))?)?)?(_D)?$/;

/**
 * Cuts `/<name>_R_<w>_<h>[_R<n>][_C<alpha>][_Q<n>][_M[<name>[_<1-9>]]][_D].<ext>` up. Throws bad_url, not_found for the
 * sources that were never shown, and operation_unsupported for digital watermarks.
 */
export function splitPath(rest: string): Path2015 {
  const dot = rest.lastIndexOf('.');
  const ext = dot < 0 ? '' : rest.slice(dot + 1);
  if (!isExtension(ext)) {
    throw new PileusError('bad_url', { detail: `Expected one of ${[...extensions].join(', ')} as the extension.` });
  }
  const path = rest.slice(1, dot);
  const nameAt = path.lastIndexOf('/') + 1;
  const name = path.slice(nameAt);
  if (path.startsWith('fd/') && name.endsWith('_Source')) throw new PileusError('not_found');
  const match = suffixPattern.exec(name);
  if (match === null) {
    if (name.endsWith('_D')) throw digital();
    return { rawKey: `${path}.${ext}`, ext, suffix: null };
  }
  const [, kind = '', w = '', h = '', turn, quality, mark, markName, place, digitalMark] = match;
  if (digitalMark !== undefined) throw digital();
  return {
    rawKey: `${path.slice(0, nameAt + match.index)}.${ext}`,
    ext,
    suffix: {
      kind: kind.toLowerCase() as ResizeKind,
      w,
      h,
      turn: turn ?? null,
      quality: quality ?? null,
      mark: mark === undefined ? null : { name: markName ?? null, place: place ?? null },
    },
  };
}

/** The channel that a path belongs to: `fd/<channel>/...`, `t1/<channel>/...` or `<channel>/...`, in lower case. */
export function channelOf(rest: string): string {
  const [, first = '', second = ''] = rest.split('/', 3);
  return (first === 'fd' || first === 't1' ? second : first).toLowerCase();
}

const isExtension = (ext: string): ext is Extension => extensions.has(ext);

const digital = () =>
  new PileusError('operation_unsupported', { detail: '`_D`: digital watermarks are not written here.' });
