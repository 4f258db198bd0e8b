import { BlockList, isIP } from 'node:net';
import { isCidr } from './cidr';

/** A range of addresses as pools have it: "203.0.113.0/28", or its first and last address joined by "-". */
export function isAddressRange(text: string): boolean {
  return listOf(text) !== undefined;
}

/** Whether an address is in one of several ranges. */
export function inRanges(address: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => listOf(range)?.check(address, familyOf(address)) === true);
}

function listOf(text: string): BlockList | undefined {
  const list = new BlockList();
  const [first = '', last, ...more] = text.split('-');
  if (last === undefined) {
    if (!isCidr(text)) return undefined;
    const [base = '', bits] = text.split('/');
    list.addSubnet(base, Number(bits), familyOf(base));
    return list;
  }
  if (isIP(first) === 0 || isIP(first) !== isIP(last) || more.length > 0) return undefined;
  try {
    list.addRange(first, last, familyOf(first));
    return list;
  } catch {
    // It runs backwards.
    return undefined;
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
