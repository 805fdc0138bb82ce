import { PileusError } from '../shared/errors.ts';

/** A request as the front door sees it. */
export type DoorRequest = Readonly<{
  method: string;
  url: string;
  /** `1.1` or `1.0`. */
  httpVersion: string;
  /** Names and values in turn, as received (node's `rawHeaders`). */
  rawHeaders: readonly string[];
}>;

export type DoorVerdict =
  | Readonly<{ kind: 'picture'; head: boolean; rawPath: string; rawQuery: string | null }>
  | Readonly<{ kind: 'health'; head: boolean }>
  | Readonly<{ kind: 'preflight'; rawPath: string }>;

/**
 * What may come in at all: GET and HEAD (OPTIONS where a namespace has CORS), one Host, no body, no Upgrade, a path
 * and nothing else in the request line. The lb re-emits requests, it never pipes them, so framing tricks end here.
 * Throws bad_request, method_not_allowed, uri_too_long, headers_too_large.
 */
export function checkDoor(
  request: DoorRequest,
  limits: Readonly<{ urlBytesMax: number; headersMax: number }>,
): DoorVerdict {
  const { method, url, httpVersion, rawHeaders } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') throw new PileusError('method_not_allowed');
  if (rawHeaders.length > 2 * limits.headersMax) throw new PileusError('headers_too_large');
  if (url.length > limits.urlBytesMax) {
    throw new PileusError('uri_too_long', { detail: `Expected at most ${limits.urlBytesMax} bytes.` });
  }
  if (!url.startsWith('/')) throw new PileusError('bad_request', { detail: 'Expected a path in the request line.' });
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    if (name === 'host') hosts++;
    else if (name === 'content-length' && rawHeaders[at + 1] !== '0')
      throw new PileusError('bad_request', { detail: 'A body is not accepted.' });
    else if (name === 'transfer-encoding') throw new PileusError('bad_request', { detail: 'A body is not accepted.' });
    else if (name === 'upgrade') throw new PileusError('bad_request', { detail: 'Upgrade is not accepted.' });
  }
  // HTTP/1.0 knows no Host; balancers probe with it.
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0'))
    throw new PileusError('bad_request', { detail: 'Expected one Host header.' });
  const { rawPath, rawQuery } = splitTarget(url);
  if (method === 'OPTIONS') return { kind: 'preflight', rawPath };
  const head = method === 'HEAD';
  if (rawPath === healthPath) return { kind: 'health', head };
  return { kind: 'picture', head, rawPath, rawQuery };
}

/** Path and query (without its `?`, null for none) of a request line's target. */
export function splitTarget(url: string): Readonly<{ rawPath: string; rawQuery: string | null }> {
  const mark = url.indexOf('?');
  return mark < 0 ? { rawPath: url, rawQuery: null } : { rawPath: url.slice(0, mark), rawQuery: url.slice(mark + 1) };
}

/** For balancers that probe the public port; `-` is no namespace. */
export const healthPath = '/-/health';
