import { isIP } from 'node:net';
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** Which addresses may be dialled. Pure; takes addresses as the resolver or a socket spells them. */
export type AddressPolicy = Readonly<{ allows: (address: string) => boolean }>;

/**
 * Allows public unicast and the listed CIDR ranges (or single addresses), nothing else. An IPv6 address that
 * carries an IPv4 one is judged by what it carries, since that is where the packets go: mapped and compatible (RFC
 * 4291), translated (RFC 6145), NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380) and ISATAP (RFC 5214). The local
 * NAT64 prefix 64:ff9b:1::/48 (RFC 8215) is refused whole, because where the IPv4 address stands in it is
 * the network's own choice. Throws on a range that cannot be read.
 */
export function addressPolicy(allowAddresses: readonly string[]): AddressPolicy {
  const allowed = allowAddresses.map(parseRange);
  const isListed = (address: IPv4 | IPv6): boolean =>
    allowed.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
  const isAllowed = (address: IPv4 | IPv6): boolean => {
    if (isListed(address)) return true;
    if (isIPv4(address)) return address.range() === 'unicast';
    const tunnelled = tunnelledIPv4(address);
    if (tunnelled.length > 0) return tunnelled.every(isAllowed);
    return isGlobalUnicast(address) && isatapIPv4(address).every(isAllowed);
  };
  return { allows: (address) => isIP(address) !== 0 && isAllowed(ipaddr.parse(address)) };
}

const parseRange = (text: string): [IPv4 | IPv6, number] => {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, isIPv4(address) ? 32 : 128];
};

const isIPv4 = (address: IPv4 | IPv6): address is IPv4 => address.kind() === 'ipv4';

/** 2000::/3 is all that IANA has given out; ipaddr.js knows the special ranges in it. */
const isGlobalUnicast = (address: IPv6): boolean =>
  ((address.parts[0] ?? 0) & 0xe000) === 0x2000 && address.range() === 'unicast';

/** The IPv4 addresses that a packet to this address ends at; none for plain IPv6. */
function tunnelledIPv4(address: IPv6): readonly IPv4[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = address.parts;
  const startsWithZeros = (a | b | c | d) === 0;
  const isMapped = startsWithZeros && e === 0 && f === 0xffff;
  const isTranslated = startsWithZeros && e === 0xffff && f === 0;
  const isCompatible = startsWithZeros && e === 0 && f === 0;
  const isNat64 = a === 0x64 && b === 0xff9b && (c | d | e | f) === 0;
  if (isMapped || isTranslated || isCompatible || isNat64) return [fromWords(g, h)];
  if (a === 0x2002) return [fromWords(b, c)];
  // Teredo: the server, and the client with all its bits inverted.
  if (a === 0x2001 && b === 0) return [fromWords(c, d), fromWords(g ^ 0xffff, h ^ 0xffff)];
  return [];
}

/** ISATAP: any prefix, then 0000:5efe or 0200:5efe, then the IPv4 address. */
function isatapIPv4(address: IPv6): readonly IPv4[] {
  const [, , , , e = 0, f = 0, g = 0, h = 0] = address.parts;
  return (e & ~0x0300) === 0 && f === 0x5efe ? [fromWords(g, h)] : [];
}

const fromWords = (high: number, low: number): IPv4 =>
  new ipaddr.IPv4([high >>> 8, high & 0xff, low >>> 8, low & 0xff]);
