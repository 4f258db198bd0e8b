import { sha256 } from '../kubernetes/canonical.ts';

/** Most characters of a release's name (helm: pkg/chart/common/util); a chart's is no longer, so that a release can have it. */
const LONGEST = 53;

/** Names for the charts of units, by their paths: lower case, unique, and good for a release. Where two would meet, both get a hash. */
export function chartNames(units: readonly string[]): ReadonlyMap<string, string> {
  const plain = units.map(readable);
  const uses = new Map<string, number>();
  for (const name of plain) uses.set(name, (uses.get(name) ?? 0) + 1);
  return new Map(
    units.map((unit, at) => {
      const name = plain[at] as string;
      const fits = name !== '' && name.length <= LONGEST && uses.get(name) === 1;
      return [unit, fits ? name : `${name.slice(0, LONGEST - 11)}-${sha256(unit).slice(0, 8)}`.replace(/^-+/, 'x')];
    }),
  );
}

function readable(unit: string): string {
  return unit
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
