import type { NamespaceConfig } from '../config/config.ts';

/**
 * CORS headers for an answer to `origin`, by namespace (Fetch standard, section 3.2). With a list of origins the
 * answer depends on the asker, so `Vary: Origin` belongs to it even when the origin is not on the list.
 */
export function corsHeaders(
  cors: NamespaceConfig['cors'],
  origin: string | undefined,
): Readonly<Record<string, string>> {
  if (cors === null) return {};
  if (cors.origins === '*') return { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed };
  if (origin === undefined || !cors.origins.includes(origin)) return { vary: 'Origin' };
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed, vary: 'Origin' };
}

/** The answer to a preflight; null when the namespace has no CORS or the origin is not allowed. */
export function preflightHeaders(
  cors: NamespaceConfig['cors'],
  origin: string | undefined,
): Readonly<Record<string, string>> | null {
  const headers = corsHeaders(cors, origin);
  if (cors === null || headers['access-control-allow-origin'] === undefined) return null;
  return {
    ...headers,
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'If-None-Match, If-Modified-Since, Range, Traceparent',
    'access-control-max-age': String(cors.maxAgeS),
  };
}

const exposed =
  'Accept-Ranges, Content-Length, Content-Location, Content-Range, ETag, Retry-After, Server-Timing, X-Request-Id';
