import { isIP } from 'node:net';
import { isCidr } from './cidr';

/** A range of addresses as pools have it: "203.0.113.0/28", or its first and last address joined by "-". */
export function isAddressRange(text: string): boolean {
  const [first = '', last, ...more] = text.split('-');
  if (last === undefined) return isCidr(text);
  const version = isIP(first);
  return version !== 0 && version === isIP(last) && more.length === 0;
}
