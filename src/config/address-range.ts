import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A CIDR range out of a range or a single address; null for anything else, old short forms (`10/8`) included. */
export function addressRange(text: string): string | null {
  const [address = '', bits] = text.split('/', 2);
  const version = isIP(address);
  if (version === 0) return null;
  if (bits === undefined) return `${address}/${version === 4 ? 32 : 128}`;
  return ipaddr.isValidCIDR(text) ? text : null;
}
