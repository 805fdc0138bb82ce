/** What a Range header asks for, of a body of known length. Both ends are inclusive. */
export type ByteRange =
  | Readonly<{ kind: 'all' }>
  | Readonly<{ kind: 'part'; first: number; last: number }>
  | Readonly<{ kind: 'unsatisfiable' }>;

/** RFC 9110 section 14: one range is answered; several, other units and nonsense are ignored. */
export function readRange(header: string, bytes: number): ByteRange {
  const match = /^\s*bytes\s*=\s*(\d{0,100})\s*-\s*(\d{0,100})\s*$/i.exec(header);
  const [, from = '', to = ''] = match ?? [];
  if (!match || (from === '' && to === '')) return { kind: 'all' };
  if (from === '') {
    const suffix = Number(to);
    if (suffix === 0 || bytes === 0) return { kind: 'unsatisfiable' };
    return { kind: 'part', first: Math.max(0, bytes - suffix), last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return { kind: 'all' };
  if (first >= bytes) return { kind: 'unsatisfiable' };
  return { kind: 'part', first, last: to === '' ? bytes - 1 : Math.min(bytes - 1, Number(to)) };
}
