import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressPolicy } from './address-policy.ts';

/** Resolves a name to all its addresses: `dns.lookup` with `all`, so that the hosts file and nsswitch hold. */
export type Resolve = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The policy forbids every address of the host. Seen in the log only; outside it looks like any unreachable host. */
export class AddressBlocked extends Error {
  readonly code = 'ADDRESS_BLOCKED';

  constructor(host: string) {
    super(`no address of ${host} may be dialled`);
    this.name = 'AddressBlocked';
  }
}

/**
 * An undici connector that dials nothing the policy forbids. The name is resolved once, every address of it is
 * checked, and the socket is given only checked addresses, so a second answer of the resolver (DNS rebinding) has
 * no say. Literal addresses never reach a resolver and are checked before dialling. What the socket says it is
 * connected to is checked once more.
 */
export function checkedConnect(
  policy: AddressPolicy,
  connectMs: () => number,
  resolve: Resolve = dns.lookup,
): buildConnector.connector {
  const lookup = checkedLookup(policy, resolve);
  let timeout = -1;
  let connect: buildConnector.connector | undefined;
  return (options, callback) => {
    if (isIP(options.hostname) !== 0 && !policy.allows(options.hostname)) {
      callback(new AddressBlocked(options.hostname), null);
      return;
    }
    if (!connect || timeout !== connectMs()) {
      timeout = connectMs();
      connect = buildConnector({ lookup, timeout, autoSelectFamily: true });
    }
    connect(options, (...[error, socket]) => {
      if (error) {
        callback(error, null);
      } else if (socket.remoteAddress === undefined || !policy.allows(socket.remoteAddress)) {
        socket.destroy();
        callback(new AddressBlocked(options.hostname), null);
      } else {
        callback(null, socket);
      }
    });
  };
}

const checkedLookup =
  (policy: AddressPolicy, resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, []);
        return;
      }
      const checked = addresses.filter(({ address }) => policy.allows(address));
      const [first] = checked;
      if (!first) callback(new AddressBlocked(hostname), []);
      else if (options.all) callback(null, checked);
      else callback(null, first.address, first.family);
    });
  };
