import type { AnswerWish } from '../dialects/dialect.ts';

/**
 * `inline; filename="name.ext"` (RFC 6266). What could end the quotes is percent-encoded, as browsers do it; a name that is
 * not ASCII comes once more as `filename*`, with what is not ASCII left out of the first.
 */
export function contentDisposition(
  { kind, name }: NonNullable<AnswerWish['disposition']>,
  key: string,
  extension: string,
): string {
  const file = `${name ?? stemOf(key)}.${extension}`;
  const quotable = file
    .replace(/\p{Cc}/gu, '')
    .replaceAll('%', '%25')
    .replaceAll('"', '%22')
    .replaceAll('\\', '%5C');
  const ascii = quotable.replace(/[^\x20-\x7e]/g, '');
  const plain = `${kind}; filename="${ascii}"`;
  return ascii === quotable ? plain : `${plain}; filename*=UTF-8''${encodeURIComponent(file)}`;
}

/** The last segment without its extension. */
function stemOf(key: string): string {
  const last = key.slice(key.lastIndexOf('/') + 1);
  const dot = last.lastIndexOf('.');
  return dot > 0 ? last.slice(0, dot) : last;
}
