import type { ResourceType } from '../cluster/discovery.ts';
import type { ObjectId } from '../kubernetes/object.ts';

/** One kind of request that we have to be allowed to send. */
export interface Right {
  /** "create", "patch", … */
  readonly verb: string;
  /** '' for the core group. */
  readonly group: string;
  /** Plural, as in a role: "deployments". */
  readonly resource: string;
  /** '': a resource without namespace, or all namespaces. */
  readonly namespace: string;
  /** The object of the request; absent: no one in particular. */
  readonly name?: string | undefined;
}

/**
 * The right to send a request about one object. The server takes a request to the path of a Namespace for one inside it, so rights that are given there count; only
 * that of an apply that creates it is asked for outside.
 */
export function rightFor(
  verb: string,
  { group, plural }: Pick<ResourceType, 'group' | 'plural'>,
  { namespace, name }: Pick<ObjectId, 'namespace' | 'name'>,
): Right {
  const isInside = group === '' && plural === 'namespaces' && verb !== 'create';
  return { verb, group, resource: plural, namespace: isInside ? name : namespace, name };
}

/** "deployments.apps", "pods". */
export function resourceName({ group, resource }: Pick<Right, 'group' | 'resource'>): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** Map key of a right; parts cannot contain "|". */
export function rightKey({ verb, group, resource, namespace, name = '' }: Right): string {
  return [verb, group, resource, namespace, name].join('|');
}
