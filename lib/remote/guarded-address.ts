import { lookup as systemLookup } from 'node:dns/promises';
import net from 'node:net';
import { bareHost, portOf } from '../cluster/connection.ts';
import { type AddressClass, addressClass } from './address-class.ts';
import type { RemoteOptions, ResolvedAddress } from './remote-options.ts';

/** Why no connection is made, as one clause. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
  readonly class: AddressClass;

  constructor(host: string, address: string, what: AddressClass) {
    super(`${host === address ? host : `${host} is ${address}, which`} is a ${what} address`);
    this.class = what;
  }
}

/** Whether a host is among those that may be private. */
export function isPrivateHost(url: URL, privateHosts: readonly string[]): boolean {
  const host = url.hostname.toLowerCase();
  return privateHosts.some((entry) => [host, `${host}:${portOf(url)}`].includes(entry.toLowerCase()));
}

/**
 * The addresses of a host, refused when one of them is none that may be connected to: a name that has a public and a private one is no accident.
 * @throws RefusedAddress; what the resolver throws
 */
async function permittedAddresses(
  host: string,
  mayBePrivate: boolean,
  resolve: RemoteOptions['resolve'] = (name) => systemLookup(name, { all: true }),
): Promise<readonly ResolvedAddress[]> {
  const family = net.isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  for (const { address } of addresses) {
    const what = addressClass(address);
    const permitted = what === 'public' || (mayBePrivate && (what === 'private' || what === 'loopback'));
    if (!permitted) throw new RefusedAddress(host, address, what);
  }
  return addresses;
}

/** Resolves for a socket: what was checked is what is connected to, so that a name which answers otherwise the next time wins nothing. */
export function guardedLookup(mayBePrivate: boolean, resolve: RemoteOptions['resolve']): net.LookupFunction {
  return (host, options, done) => {
    permittedAddresses(host, mayBePrivate, resolve).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
        else if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
}

/**
 * Checks a host before a connection is tried: sockets do not resolve what is an address already, and a proxy resolves names itself. What cannot be resolved here is
 * left to the proxy.
 * @throws RefusedAddress
 */
export async function checkHost(
  url: URL,
  mayBePrivate: boolean,
  isProxied: boolean,
  resolve: RemoteOptions['resolve'],
): Promise<void> {
  const host = bareHost(url);
  if (net.isIP(host) === 0 && !isProxied) return;
  try {
    await permittedAddresses(host, mayBePrivate, resolve);
  } catch (error) {
    if (error instanceof RefusedAddress) throw error;
  }
}
