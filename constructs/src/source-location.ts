import type { AssemblyLocations } from './assembly-format';

/**
 * Where a construct of an assembly, or the nearest one around it, was made: "main.ts:31". Undefined when nobody wrote it down (other languages).
 * Where charts of one path in two clusters have different places, the later ones stand under "cluster//path".
 */
export function sourceOf(locations: AssemblyLocations, cluster: string, path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const source = own(locations, `${cluster}//${at}`) ?? own(locations, at);
    if (source !== undefined) return source;
  }
  return own(locations, `${cluster}//`);
}

function own(locations: AssemblyLocations, key: string): string | undefined {
  const value: unknown = Object.hasOwn(locations, key) ? locations[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
