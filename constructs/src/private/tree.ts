import type { IConstruct, Node } from 'constructs';

/** Members of `Node` that it sets when something is put into them for the first time. */
type Collection = '_children' | '_dependencies' | '_validations';

/**
 * Whether a node never had any. What `Node` answers is a new array or two each time: for ten thousand constructs, of which most have no children, dependencies
 * or validations, that is a fifth of what a synth allocates.
 */
function neverHad(node: Node, collection: Collection): boolean {
  const inside = node as unknown as { readonly [C in Collection]?: unknown };
  return collection in inside && inside[collection] === undefined;
}

/** `node.children`. */
export function childrenOf({ node }: IConstruct): readonly IConstruct[] {
  return neverHad(node, '_children') ? NO_CONSTRUCTS : node.children;
}

/** `node.dependencies`. */
export function dependenciesOf({ node }: IConstruct): readonly IConstruct[] {
  return neverHad(node, '_dependencies') ? NO_CONSTRUCTS : node.dependencies;
}

/** `node.validate()`. */
export function validationMessages({ node }: IConstruct): readonly string[] {
  return neverHad(node, '_validations') ? NO_MESSAGES : node.validate();
}

const NO_CONSTRUCTS: readonly IConstruct[] = [];
const NO_MESSAGES: readonly string[] = [];

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
