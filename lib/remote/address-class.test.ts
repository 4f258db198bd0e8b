import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressClass, addressClass } from './address-class.ts';

const byte = fc.nat(255);
const octets = (...fixed: readonly (readonly [number, number])[]) =>
  fc.tuple(
    ...[0, 1, 2, 3].map((at) =>
      fixed[at] === undefined ? byte : fc.integer({ min: fixed[at][0], max: fixed[at][1] }),
    ),
  );

const SPECIAL: readonly (readonly [AddressClass, fc.Arbitrary<number[]>])[] = [
  ['loopback', octets([127, 127])],
  ['private', octets([10, 10])],
  ['private', octets([172, 172], [16, 31])],
  ['private', octets([192, 192], [168, 168])],
  ['private', octets([100, 100], [64, 99])],
  ['private', octets([100, 100], [101, 127])],
  ['link-local', octets([169, 169], [254, 254], [0, 168])],
  ['metadata', fc.constant([169, 254, 169, 254])],
  ['metadata', fc.constant([100, 100, 100, 200])],
  ['metadata', fc.constant([168, 63, 129, 16])],
  ['reserved', octets([0, 0])],
  ['reserved', octets([192, 192], [0, 0], [2, 2])],
  ['reserved', octets([198, 198], [18, 19])],
  ['reserved', octets([224, 255])],
];
const special = fc.oneof(...SPECIAL.map(([what, address]) => address.map((parts) => ({ what, parts }))));

/** Every way in which a URL may write an IPv4 address: 1 to 4 parts, each decimal, octal or hexadecimal. */
function spelled(parts: readonly number[], count: number, bases: readonly (8 | 10 | 16)[]): string {
  const last = parts.slice(count - 1).reduce((sum, part) => sum * 256 + part, 0);
  return [...parts.slice(0, count - 1), last]
    .map((part, at) => {
      const base = bases[at] ?? 10;
      return base === 10 ? String(part) : `${base === 8 ? '0' : '0x'}${part.toString(base)}`;
    })
    .join('.');
}

const hostOf = (host: string) => new URL(`https://${host}/objects.yaml`).hostname.replace(/^\[|\]$/g, '');
const groups = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) =>
  `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;

describe('the class of an address', () => {
  it('is that of what it leads to, however it is spelled in an address of a file', () => {
    const bases = fc.array(fc.constantFrom(8 as const, 10 as const, 16 as const), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(special, fc.integer({ min: 1, max: 4 }), bases, ({ what, parts }, count, how) => {
        expect(addressClass(hostOf(spelled(parts, count, how)))).toBe(what);
        const dotted = parts.join('.');
        for (const prefix of ['::ffff:', '0:0:0:0:0:FFFF:', '64:ff9b::']) {
          expect(addressClass(hostOf(`[${prefix}${dotted}]`))).toBe(what);
          expect(addressClass(`${prefix}${dotted}`)).toBe(what);
          if (prefix === '::ffff:') expect(addressClass(`${prefix}${groups(parts)}`)).toBe(what);
        }
        // Tunnels and the old form of IPv4 in IPv6 lead where nobody sees: never public.
        for (const hidden of [`2002:${groups(parts)}::1`, `::${dotted}`, `2001:0:${groups(parts)}::`])
          expect(addressClass(hidden)).not.toBe('public');
      }),
    );
  });

  it('is public only for global unicast', () => {
    const group = fc.nat(0xffff).map((value) => value.toString(16));
    const anywhere = fc.tuple(fc.nat(0xffff), fc.array(group, { minLength: 7, maxLength: 7 }));
    fc.assert(
      fc.property(anywhere, ([first, others]) => {
        const isGlobal = first >= 0x2000 && first <= 0x3fff && ![0x2001, 0x2002, 0x3fff].includes(first);
        expect(addressClass([first.toString(16), ...others].join(':')) === 'public').toBe(isGlobal);
      }),
    );
  });

  it.each([
    ['8.8.8.8', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.0', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['::1', 'loopback'],
    ['::', 'reserved'],
    ['fe80::1%eth0', 'link-local'],
    ['fd12:3456::1', 'private'],
    ['fd00:ec2::254', 'metadata'],
    ['fec0::1', 'reserved'],
    ['ff02::1', 'reserved'],
    ['64:ff9b:1::7f00:1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['files.example.com', 'reserved'],
    ['', 'reserved'],
  ] as const)('of %j is %s', (address, what) => {
    expect(addressClass(address)).toBe(what);
  });
});
