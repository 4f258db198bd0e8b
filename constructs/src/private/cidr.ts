import { isIP } from 'node:net';

/** A range of addresses: "10.0.0.0/8", "fd00::/8". */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}
