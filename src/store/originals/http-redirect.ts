import { PileusError } from '../../shared/errors.ts';

/** Where redirects may lead. Pure. */
export type RedirectRules = Readonly<{
  /** The origin's own place; it may also be reached by https on the default port. */
  base: URL;
  /** Other hosts, `name` (default port) or `name:port`; `any`: wherever the addresses are allowed, by http as well. */
  hosts: readonly string[] | 'any';
}>;

export const isRedirect = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308;

/**
 * The next URL of a redirect. Throws origin_failed where `location` is missing or unreadable, and
 * origin_unreachable, which tells nothing, where it leads to another scheme, from https to http, to a host that is not
 * listed, or carries a user name.
 */
export function redirectTarget(from: URL, location: string | null, rules: RedirectRules): URL {
  if (location === null || !URL.canParse(location, from.href)) {
    throw new PileusError('origin_failed', { cause: new Error('a redirect without a readable Location') });
  }
  const to = new URL(location, from);
  to.hash = '';
  if (!mayFollow(from, to, rules)) {
    throw new PileusError('origin_unreachable', { cause: new Error(`a redirect to ${to.origin} is not allowed`) });
  }
  return to;
}

/**
 * Is this still the origin's own host, to which its configured headers (Authorization) may go? Name and port, usual ports left
 * out: from http to https is the same host, and back again is never followed.
 */
export const isOwnHost = (url: URL, base: URL): boolean => url.host === base.host;

function mayFollow(from: URL, to: URL, rules: RedirectRules): boolean {
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return false;
  if (to.username !== '' || to.password !== '') return false;
  if (rules.hosts === 'any') return true;
  if (from.protocol === 'https:' && to.protocol === 'http:') return false;
  if (to.host === rules.base.host) return true;
  if (to.hostname === rules.base.hostname && to.protocol === 'https:' && to.port === '') return true;
  return rules.hosts.some((host) => to.host === host.toLowerCase());
}
