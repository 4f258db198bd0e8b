/** The hosts that two names have in common: "*.example.com" and "a.example.com" have the latter; undefined for none. "*" is every host. */
export function commonHost(a: string, b: string): string | undefined {
  if (a === b || b === '*') return a;
  if (a === '*') return b;
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}

function covers(wildcard: string, host: string): boolean {
  return wildcard.startsWith('*.') && host.endsWith(wildcard.slice(1)) && host.length > wildcard.length - 1;
}
