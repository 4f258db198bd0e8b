import type { ResourceType } from '../cluster/discovery.ts';
import type { KubeClient } from '../cluster/kube-client.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { type ApiStatus, apiStatus, isFieldConflict } from '../kubernetes/status.ts';
import { type ApplyPrecondition, applyRequest } from './apply-request.ts';
import { pathOf } from './field-changes.ts';

/** What a server-side apply of one object would do, by the server's word. */
export type DryRun =
  | { readonly outcome: 'accepted'; readonly object: KubernetesObject; readonly warnings: readonly string[] }
  /** Fields belong to other managers; with force they would be taken over. */
  | { readonly outcome: 'conflict'; readonly conflicts: readonly FieldConflict[]; readonly status: ApiStatus }
  /** The precondition failed: the object is there although it should be absent, or it changed since it was read. */
  | { readonly outcome: 'moved' }
  | { readonly outcome: 'refused'; readonly status: ApiStatus; readonly warnings: readonly string[] };

export interface FieldConflict {
  /** As in field changes. */
  readonly path: string;
  readonly manager: string;
}

/** Sends a server-side apply that stores nothing. */
export async function dryRun(
  client: KubeClient,
  object: KubernetesObject,
  resource: ResourceType,
  options: { readonly manager: string; readonly precondition: ApplyPrecondition; readonly force?: boolean | undefined },
): Promise<DryRun> {
  const answer = await client.request(applyRequest(object, resource, { ...options, dryRun: true }));
  const { warnings } = answer;
  if (answer.status === 200 || answer.status === 201) {
    return { outcome: 'accepted', object: answer.body as KubernetesObject, warnings };
  }
  const status = apiStatus(answer);
  if (isFieldConflict(status)) return { outcome: 'conflict', conflicts: conflictsOf(status), status };
  if (status.code === 409) return { outcome: 'moved' };
  return { outcome: 'refused', status, warnings };
}

/** The conflicts that an apply was refused for, by field and manager. */
export function conflictsOf(status: ApiStatus): FieldConflict[] {
  return status.causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({
      path: pathOfServer(cause.field),
      manager: /^conflict with "((?:[^"\\]|\\.)*)"/.exec(cause.message)?.[1] ?? cause.message,
    }));
}

/**
 * The server's spelling of a path, `.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"].name`, in ours. Member names with dots are ambiguous
 * there (`.metadata.labels.app.kubernetes.io/name`): below labels and annotations the rest is taken as one name.
 */
export function pathOfServer(path: string): string {
  const map = /^(.*?\.(?:labels|annotations|matchLabels|nodeSelector|data))\.(.+)$/.exec(path);
  if (map?.[1] !== undefined && map[2] !== undefined) return pathOf(pathOfServer(map[1]), map[2]);
  return path
    .replace(/^\./, '')
    .replace(/="((?:[^"\\]|\\.)*)"/g, (_, value: string) => (/[[\],="\\\s]/.test(value) ? `="${value}"` : `=${value}`));
}
