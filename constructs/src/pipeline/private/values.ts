import type { Literal, ValueTree } from './tree';

export function literal(value: Literal): ValueTree {
  return { kind: 'literal', value };
}

/** The commit that is built: a variable that fetching the sources sets. */
export const COMMIT_TAG: ValueTree = { kind: 'template', parts: [{ kind: 'env', name: 'GIT_COMMIT' }] };
