import type { DialectRequest, Mounted, Page, PageMethod } from '../dialect.ts';
import type { ImgproxySettings } from './settings.ts';

/** What imgproxy answers without a source: the health checks, the root, and OPTIONS at every path. */
export function pageOf(
  { rest }: DialectRequest,
  method: PageMethod,
  { settings }: Mounted<ImgproxySettings>,
): Page | null {
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...corsOf(settings) };
  if (method === 'OPTIONS') return { status: 200, headers: { ...headers, allow: 'GET, HEAD, OPTIONS' }, body: ' ' };
  if (rest === '/health' || (settings.healthCheckPath !== '' && rest === withSlash(settings.healthCheckPath))) {
    const noCache = { ...headers, 'cache-control': 'no-cache' };
    return { status: 200, headers: noCache, body: settings.healthCheckMessage, isHealth: true };
  }
  return rest === '' || rest === '/' ? { status: 200, headers, body: 'pileus' } : null;
}

/** Who may read the answers from other pages, where the mount says so. */
export const corsOf = ({ allowOrigin }: ImgproxySettings): Readonly<Record<string, string>> =>
  allowOrigin === ''
    ? {}
    : { 'access-control-allow-origin': allowOrigin, 'access-control-allow-methods': 'GET, OPTIONS' };

const withSlash = (path: string): string => (path.startsWith('/') ? path : `/${path}`);
