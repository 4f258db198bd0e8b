import { isIP } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';
import { undecided } from '../undecided.ts';

/** Addresses and networks (k8s.io/apiserver, pkg/cel/library: ip.go, cidr.go), which are those of Go's net/netip without zones and without IPv4 inside IPv6. */
export function addIpFunctions(environment: Environment): void {
  environment
    .registerType('IP', Ip)
    .registerFunction('isIP(string): bool', (text: string) => address(text) !== undefined)
    .registerFunction('ip(string): IP', (text: string) => address(text) ?? undecided())
    .registerOperator('IP == IP: bool', (a: Ip, b: Ip) => a.family === b.family && a.bits === b.bits)
    .registerFunction('IP.family(): int', ({ family }: Ip) => BigInt(family))
    .registerFunction('IP.isUnspecified(): bool', ({ bits }: Ip) => bits === 0n)
    .registerFunction('IP.isLoopback(): bool', (ip: Ip) => isOneOf(ip, '127.0.0.0/8', '::1/128'))
    .registerFunction('IP.isLinkLocalUnicast(): bool', (ip: Ip) => isOneOf(ip, '169.254.0.0/16', 'fe80::/10'))
    .registerFunction('IP.isLinkLocalMulticast(): bool', (ip: Ip) => isOneOf(ip, '224.0.0.0/24', 'ff02::/16'));
  environment
    .registerType('CIDR', Cidr)
    .registerFunction('isCIDR(string): bool', (text: string) => network(text) !== undefined)
    .registerFunction('cidr(string): CIDR', (text: string) => network(text) ?? undecided())
    .registerFunction('CIDR.ip(): IP', ({ ip }: Cidr) => ip)
    .registerFunction('CIDR.prefixLength(): int', ({ length }: Cidr) => BigInt(length))
    .registerFunction('CIDR.containsIP(IP): bool', (cidr: Cidr, ip: Ip) => holds(cidr, ip))
    .registerFunction('CIDR.containsIP(string): bool', (cidr: Cidr, text: string) =>
      holds(cidr, address(text) ?? undecided()),
    )
    .registerFunction('CIDR.containsCIDR(CIDR): bool', (cidr: Cidr, other: Cidr) => holdsAll(cidr, other))
    .registerFunction('CIDR.containsCIDR(string): bool', (cidr: Cidr, text: string) =>
      holdsAll(cidr, network(text) ?? undecided()),
    );
}

class Ip {
  readonly family: 4 | 6;
  readonly bits: bigint;

  constructor(family: 4 | 6, bits: bigint) {
    this.family = family;
    this.bits = bits;
  }
}

class Cidr {
  readonly ip: Ip;
  readonly length: number;

  constructor(ip: Ip, length: number) {
    this.ip = ip;
    this.length = length;
  }
}

/** @returns undefined for what is no address */
function address(text: string): Ip | undefined {
  const family = isIP(text);
  if (family === 4) return new Ip(4, joined(text.split('.').map(Number), 8n));
  if (family !== 6 || text.includes('%')) return undefined;
  const bits = bitsOfIpv6(text);
  return bits >> 32n === 0xffffn ? undefined : new Ip(6, bits);
}

function bitsOfIpv6(text: string): bigint {
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [left = '', right] = plain.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [head, tail] = [groups(left), groups(right ?? '')];
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return joined(right === undefined ? head : [...head, ...gap, ...tail], 16n);
}

function joined(groups: readonly number[], width: bigint): bigint {
  return groups.reduce((bits, group) => (bits << width) | BigInt(group), 0n);
}

/** @returns undefined for what is no network; bits of the host may be set */
function network(text: string): Cidr | undefined {
  const [, name = '', length] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const ip = length === undefined ? undefined : address(name);
  return ip === undefined || Number(length) > widthOf(ip) ? undefined : new Cidr(ip, Number(length));
}

function widthOf({ family }: Ip): number {
  return family === 4 ? 32 : 128;
}

function holds({ ip, length }: Cidr, other: Ip): boolean {
  const rest = BigInt(widthOf(ip) - length);
  return ip.family === other.family && ip.bits >> rest === other.bits >> rest;
}

function holdsAll(cidr: Cidr, other: Cidr): boolean {
  return other.length >= cidr.length && holds(cidr, other.ip);
}

function isOneOf(ip: Ip, ...networks: readonly string[]): boolean {
  return networks.some((text) => holds(network(text) as Cidr, ip));
}
