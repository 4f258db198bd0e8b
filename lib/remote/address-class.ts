import net from 'node:net';

/** What an IP address is for. Only a public one is somebody on the internet. */
export type AddressClass = 'public' | 'loopback' | 'private' | 'link-local' | 'metadata' | 'reserved';

type Network = readonly [network: string, prefix: number];

/** Where clouds tell a machine its credentials; two of them lie where any other address would be public or private. */
const METADATA: readonly Network[] = [
  ['169.254.169.254', 32],
  ['169.254.170.2', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
];
const LOOPBACK: readonly Network[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];
const LINK_LOCAL: readonly Network[] = [
  ['169.254.0.0', 16],
  ['fe80::', 10],
];
/** RFC 1918, RFC 6598 (shared by a provider's customers), RFC 4193. */
const PRIVATE: readonly Network[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
];
/** IANA's registries of special-purpose addresses (RFC 6890 and its updates), as far as they are not global; multicast; what is not assigned. */
const RESERVED: readonly Network[] = [
  ['0.0.0.0', 8],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Tunnels that hold an IPv4 address of anybody's choice (Teredo, 6to4), documentation, identifiers without a place.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
const GLOBAL_IPV6: readonly Network[] = [['2000::', 3]];

const CLASSES: readonly (readonly [AddressClass, net.BlockList])[] = [
  ['metadata', listOf(METADATA)],
  ['loopback', listOf(LOOPBACK)],
  ['link-local', listOf(LINK_LOCAL)],
  ['private', listOf(PRIVATE)],
  ['reserved', listOf(RESERVED)],
];
const GLOBAL = listOf(GLOBAL_IPV6);

/**
 * What an address is for. IPv4 inside IPv6 (mapped, NAT64) counts as what it leads to; what is no address, and IPv6 that nobody has assigned, is reserved.
 * @param address as sockets and resolvers write it: "127.0.0.1", "::1", "fe80::1%eth0"
 */
export function addressClass(address: string): AddressClass {
  const bare = address.replace(/%.*$/, '');
  const version = net.isIP(bare);
  if (version === 0) return 'reserved';
  if (version === 6) {
    const inner = embeddedIpv4(bare);
    if (inner !== undefined) return addressClass(inner);
  }
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const special = CLASSES.find(([, networks]) => networks.check(bare, family))?.[0];
  if (special !== undefined) return special;
  return version === 4 || GLOBAL.check(bare, family) ? 'public' : 'reserved';
}

/** Of ::ffff:a.b.c.d (RFC 4291) and 64:ff9b::a.b.c.d (RFC 6052). */
function embeddedIpv4(address: string): string | undefined {
  // A URL writes every spelling of an IPv6 address the same way.
  const match = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(
    new URL(`http://[${address}]`).hostname,
  );
  if (match === null) return undefined;
  const [high, low] = [Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function listOf(networks: readonly Network[]): net.BlockList {
  const list = new net.BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, net.isIPv6(network) ? 'ipv6' : 'ipv4');
  return list;
}
