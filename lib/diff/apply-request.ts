import type { ResourceType } from '../cluster/discovery.ts';
import type { KubeRequest } from '../cluster/kube-client.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';

/**
 * Preconditions of a server-side apply (facts: server-side apply, section 2). `absent`: create only, by resourceVersion "1": an object that exists answers
 * 409, also with force and in a dry run. Otherwise uid and resourceVersion of the very read on which the decision rests.
 */
export type ApplyPrecondition = 'absent' | { readonly uid: string; readonly resourceVersion: string };

export interface ApplyOptions {
  readonly manager: string;
  readonly precondition: ApplyPrecondition;
  /** Take over fields of other managers. Default false. */
  readonly force?: boolean | undefined;
  /** Nothing is stored. Default false. */
  readonly dryRun?: boolean | undefined;
}

/** The server-side apply of an object, as a request. Plan and apply send the same, so that what was shown is what happens. */
export function applyRequest(object: KubernetesObject, resource: ResourceType, options: ApplyOptions): KubeRequest {
  const { namespace = '', name = '' } = object.metadata;
  const precondition = options.precondition === 'absent' ? { resourceVersion: '1' } : options.precondition;
  return {
    method: 'PATCH',
    path: resourcePath(resource, namespace, name),
    query: {
      fieldManager: options.manager,
      force: options.force ? 'true' : undefined,
      dryRun: options.dryRun ? 'All' : undefined,
    },
    contentType: 'application/apply-patch+yaml',
    body: { ...object, metadata: { ...object.metadata, ...precondition } },
  };
}
