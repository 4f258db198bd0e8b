import type { IConstruct } from 'constructs';

const NONE: readonly IConstruct[] = [];

/** The children of a construct. `node.children` makes two objects for each one that has none, and most have none. */
export function childrenOf({ node }: IConstruct): readonly IConstruct[] {
  const inside = node as unknown as { readonly _children?: object };
  return '_children' in inside && inside._children === undefined ? NONE : node.children;
}

/** A construct and everything below it, parents before children. */
export function withDescendants(root: IConstruct): IConstruct[] {
  const found: IConstruct[] = [];
  const visit = (construct: IConstruct): void => {
    found.push(construct);
    childrenOf(construct).forEach(visit);
  };
  visit(root);
  return found;
}
