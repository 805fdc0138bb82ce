import ipaddr from 'ipaddr.js';

/**
 * The client's address for the log: the last hop of X-Forwarded-For that is not itself a trusted proxy, believed only
 * as far as the chain of trusted proxies reaches from the socket. It decides nothing: no key, no policy.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string {
  if (trusted.length === 0 || forwardedFor === undefined || !isTrusted(socketAddress, trusted)) return socketAddress;
  const hops = forwardedFor.split(',', hopsMax).map((hop) => hop.trim());
  for (let at = hops.length - 1; at >= 0; at--) {
    const hop = hops[at] as string;
    if (!ipaddr.isValid(hop)) return socketAddress;
    if (at === 0 || !isTrusted(hop, trusted)) return hop;
  }
  return socketAddress;
}

export type TrustedProxies = readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

/** Parses addresses and CIDR ranges; what is neither is left out (the configuration has checked them). */
export function parseTrustedProxies(ranges: readonly string[]): TrustedProxies {
  const trusted: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  for (const range of ranges) {
    if (ipaddr.isValidCIDR(range)) trusted.push(ipaddr.parseCIDR(range));
    else if (ipaddr.isValid(range))
      trusted.push([ipaddr.parse(range), ipaddr.parse(range).kind() === 'ipv4' ? 32 : 128]);
  }
  return trusted;
}

/** Is this the address of a proxy whose word counts? */
export const isTrustedProxy = (address: string, trusted: TrustedProxies): boolean =>
  trusted.length > 0 && isTrusted(address, trusted);

function isTrusted(text: string, trusted: TrustedProxies): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return trusted.some(([range, bits]) => address.kind() === range.kind() && address.match(range, bits));
}

const hopsMax = 32;
