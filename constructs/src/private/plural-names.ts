import { builtInScope } from '../built-in-kinds';

/** Built-in kinds whose resource is not the plural of their kind. */
const IRREGULAR = new Set(['Endpoints']);

/**
 * Name of the resource of a kind, as URLs have it: the English plural in lower case, which every built-in kind follows but "Endpoints". Kinds of others are free
 * in their choice; those that choose otherwise have to be named.
 */
export function pluralOf(group: string, kind: string, named: { readonly [kind: string]: string }): string {
  const full = `${kind}.${group}`;
  if (Object.hasOwn(named, full)) return named[full] as string;
  const word = kind.toLowerCase();
  if (IRREGULAR.has(kind) && (group === '' || builtInScope(group, kind) !== undefined)) return word;
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}
