import { failHere } from '../../private/problem';
import type { ArgumentsTree, NamedValue, ValueTree } from './tree';

/** What the API takes where a value may be plain data or a PipelineValue; told by its method, because copies of the package may meet. */
interface HasTree {
  _tree(): ValueTree;
}

/** Plain data, or a PipelineValue, or both mixed. */
export function valueTree(value: unknown): ValueTree {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'literal', value };
  }
  if (Array.isArray(value)) return { kind: 'list', items: value.map(valueTree) };
  if (typeof value === 'object') {
    if (typeof (value as Partial<HasTree>)._tree === 'function') return (value as HasTree)._tree();
    return { kind: 'map', entries: namedValues(value as { [name: string]: unknown }) };
  }
  failHere(undefined, 'ORR2015', `A value of the pipeline is ${typeof value}, which is no data.`, {
    fix: 'Use texts, numbers, booleans, lists, maps or a PipelineValue.',
  });
}

/** Members that are undefined are left out. */
export function namedValues(values: { readonly [name: string]: unknown }): NamedValue[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: valueTree(value) }],
  );
}

/** Arguments with names; none when there are none. */
export function namedArguments(values: { readonly [name: string]: unknown }): ArgumentsTree {
  const named = namedValues(values);
  return named.length === 0 ? { kind: 'none' } : { kind: 'named', values: named };
}

/** Arguments without names. */
export function positionalArguments(values: readonly unknown[]): ArgumentsTree {
  return values.length === 0 ? { kind: 'none' } : { kind: 'positional', values: values.map(valueTree) };
}
