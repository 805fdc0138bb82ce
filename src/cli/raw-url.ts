/** A URL as it was typed, cut up without being changed: percent-encoding is part of what is asked. */
export type RawUrl = Readonly<{ /** Scheme and host, or empty. */ base: string; path: string; query: string | null }>;

export function splitUrl(text: string): RawUrl {
  const base = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(text)?.[0] ?? '';
  const rest = text.slice(base.length);
  const mark = rest.indexOf('?');
  return mark < 0
    ? { base, path: rest, query: null }
    : { base, path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}
