import type { Assembly } from '../assembly/assembly.ts';
import { list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';

/** Says of an object which workspace it is part of: "<platform id>.<workspace id>" (constructs: Workspace). */
const WORKSPACE_LABEL = 'orrery.dev/workspace';

/** A ServiceAccount of a machine. */
export interface Machine {
  readonly name: string;
  readonly namespace: string;
}

/** A workspace in one cluster, as its objects in the assembly say. */
export interface DeclaredWorkspace {
  /** Id in the program. */
  readonly workspace: string;
  readonly cluster: string;
  /** All of them, in the order of the program. */
  readonly namespaces: readonly string[];
  readonly machines: readonly Machine[];
  /** Users, groups and machines by name, with the namespaces in which they have a role. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** The workspaces of an assembly, by cluster. */
export function declaredWorkspaces({ platform, clusters }: Assembly): DeclaredWorkspace[] {
  return clusters.flatMap(({ manifest, objects }) => {
    const parts = Map.groupBy(objects.filter(hasOwner), ({ metadata }) => metadata.labels?.[WORKSPACE_LABEL] ?? '');
    return [...parts].map(([owner, own]) => ({
      workspace: owner.slice(platform.id.length + 1),
      cluster: manifest.name,
      namespaces: own.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name ?? ''),
      machines: own
        .filter(({ kind }) => kind === 'ServiceAccount')
        .map(({ metadata: { name = '', namespace = '' } }) => ({ name, namespace })),
      members: membersOf(own.filter(({ kind }) => kind === 'RoleBinding')),
    }));
  });
}

function hasOwner({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[WORKSPACE_LABEL] !== undefined;
}

function membersOf(bindings: readonly KubernetesObject[]): Map<string, string[]> {
  const members = new Map<string, string[]>();
  for (const { metadata, ...binding } of bindings) {
    for (const subject of list(record(binding).subjects)) {
      const name = String(record(subject).name);
      members.set(name, [...(members.get(name) ?? []), metadata.namespace ?? '']);
    }
  }
  return members;
}
