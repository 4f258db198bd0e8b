import type { Finding } from '../../../private/service-validation';
import type { Workspace } from '../../../workspace';

/** What a record is. */
export type LogKind = 'container' | 'events' | 'audit';

export const LOG_KINDS: readonly LogKind[] = ['container', 'events', 'audit'];

/** Whose a record is: a workspace's, by its namespaces, or the platform's. */
export interface LogOwner {
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly workspace: Workspace | undefined;
}

/** What is nobody's else. */
export const PLATFORM = 'platform';

/** The workspaces, and the platform for everything else. */
export function logOwners(workspaces: readonly Workspace[]): LogOwner[] {
  return [
    ...workspaces.map((workspace) => ({ name: workspace.node.id, namespaces: workspace.namespaces, workspace })),
    { name: PLATFORM, namespaces: [], workspace: undefined },
  ];
}

export function ownerFindings(owners: readonly LogOwner[]): Finding[] {
  const found: Finding[] = [];
  const owned = new Map<string, string>();
  for (const { name, namespaces, workspace } of owners) {
    if (workspace === undefined) continue;
    if (name === PLATFORM)
      found.push({
        code: 'ORR2012',
        what: `A workspace is called "${PLATFORM}", as the logs that are of no workspace.`,
        fix: 'Give the workspace another id.',
      });
    for (const namespace of namespaces) {
      const other = owned.get(namespace);
      if (other !== undefined)
        found.push({
          code: 'ORR2012',
          what: `Namespace "${namespace}" is of the workspaces ${other} and ${name}: whose its logs are cannot be told.`,
          fix: 'Give each workspace namespaces of its own.',
        });
      owned.set(namespace, name);
    }
  }
  return found;
}

/** Name of the data stream with records of one kind and owner. */
export function streamName(prefix: string, kind: string, owner: string): string {
  return `${prefix}-${kind}-${owner}`;
}

/** Names of all namespaces that belong to a workspace. */
function taken(owners: readonly LogOwner[]): string[] {
  return owners.flatMap(({ namespaces }) => namespaces);
}

/** Either of some names, as a group of a regular expression: DNS labels have nothing to escape. Without any it matches nothing. */
function either(names: readonly string[]): string {
  return names.length === 0 ? '(?!)' : `(?:${names.join('|')})`;
}

/**
 * Tags of container logs of an owner. The tag follows from the file's name, <pod>_<namespace>_<container>-<id>.log, which the kubelet gives (k8s.io/kubernetes pkg/kubelet/kuberuntime/legacy.go): nothing that a container
 * writes changes it.
 */
export function tagPattern({ namespaces, workspace }: LogOwner, owners: readonly LogOwner[]): string {
  const inside = workspace === undefined ? `(?!${either(taken(owners))}_)[^_]+` : either(namespaces);
  return `^kube\\.var\\.log\\.containers\\.[^_]+_${inside}_[^_]+$`;
}

/** A value of a record's field that is a namespace of the owner. */
export function namespacePattern({ namespaces }: LogOwner): string {
  return `^${either(namespaces)}$`;
}
