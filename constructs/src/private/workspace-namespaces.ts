import type { WorkspaceProps } from '../workspace-props';

/** A namespace of a workspace. */
export interface WorkspaceNamespace {
  readonly name: string;
  readonly isSelfService: boolean;
}

/** Says of an object which workspace it is part of: "<platform id>.<workspace id>". */
export const WORKSPACE_LABEL = 'orrery.dev/workspace';

/** The namespaces that members work in: shared ones first. */
export function namespacesOf(id: string, props: WorkspaceProps): WorkspaceNamespace[] {
  return [
    ...(props.namespaces ?? [id]).map((name) => ({ name, isSelfService: false })),
    ...(props.selfServiceNamespaces ?? []).map((name) => ({ name, isSelfService: true })),
  ];
}

/** Namespace of the ServiceAccounts of machines. */
export function machineNamespace(id: string): string {
  return `${id}-machines`;
}

export function hasMachines({ machines = {} }: WorkspaceProps): boolean {
  return Object.keys(machines).length > 0;
}

/** Name of the ClusterRole of a role: unique among platforms and workspaces, whose ids have no dots. */
export function clusterRoleName(owner: string, role: string): string {
  return `${owner}.${role}`;
}
