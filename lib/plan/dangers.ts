import type { FieldConflict } from '../diff/dry-run.ts';
import type { JsonObject, KubernetesObject, ManagedFieldsEntry, ObjectId } from '../kubernetes/object.ts';
import type { Danger, FieldChange } from './plan.ts';

const WORKLOADS = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
  '/Pod',
  '/ReplicationController',
  'argoproj.io/Rollout',
]);
const POD_TEMPLATE_OWNERS = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'argoproj.io/Rollout']);
const STORAGE = new Set(['/PersistentVolumeClaim', '/PersistentVolume']);

/** What a delete destroys, named so that it cannot be overlooked. */
export function dangersOfDelete(id: ObjectId): Danger[] {
  const kind = `${id.group}/${id.kind}`;
  if (kind === '/Namespace')
    return [
      {
        kind: 'delete-namespace',
        text: `everything in namespace ${id.name} is deleted with it, also what is not ours`,
      },
    ];
  if (kind === 'apiextensions.k8s.io/CustomResourceDefinition')
    return [
      {
        kind: 'delete-crd',
        text: `every object of ${id.name} in the cluster is deleted with it, also what is not ours`,
      },
    ];
  if (STORAGE.has(kind)) return [{ kind: 'delete-storage', text: `the data behind ${id.kind} ${id.name} may be lost` }];
  if (WORKLOADS.has(kind)) return [{ kind: 'delete-workload', text: `${id.kind} ${id.name} stops running` }];
  return [];
}

/** An object is deleted and created again. */
export function dangersOfReplace(id: ObjectId, paths: readonly string[]): Danger[] {
  const text = `${id.kind} ${id.name} is deleted and created again, because ${paths.join(', ')} cannot be changed`;
  return [{ kind: 'replace', text }, ...dangersOfDelete(id)];
}

/** Changes of a live object that deserve a second look. */
export function dangersOfChange(changes: readonly FieldChange[]): Danger[] {
  const scaled = changes.some(
    ({ path, op, before, after }) => path === 'spec.replicas' && op !== 'remove' && after === 0 && before !== 0,
  );
  return [
    ...(scaled ? [{ kind: 'scale-to-zero', text: 'no replica is left' } as const] : []),
    ...changes.flatMap(podsRenamed),
  ];
}

/** Pods of a StatefulSet are named by its ordinals: with another first one they are others, with claims of their own. */
function podsRenamed({ path, before, after }: FieldChange): Danger[] {
  if (path !== 'spec.ordinals.start' && path !== 'spec.ordinals') return [];
  const [from, to] = [startOf(before), startOf(after)];
  if (from === to) return [];
  const text = `pods are numbered from ${to} instead of ${from}: those that run now go, and the new ones have empty volumes`;
  return [{ kind: 'pods-renamed', text }];
}

function startOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const start = (value as { start?: unknown } | null | undefined)?.start;
  return typeof start === 'number' ? start : 0;
}

/** Fields taken over from other managers, one danger for all of them. */
export function ownershipTaken(conflicts: readonly FieldConflict[], live: KubernetesObject): Danger[] {
  if (conflicts.length === 0) return [];
  return [{ kind: 'ownership-taken', text: `ownership taken over: ${conflictsText(conflicts, live)}` }];
}

/** "spec.replicas from kubectl-edit (2026-11-02), spec.ports from helm". */
export function conflictsText(conflicts: readonly FieldConflict[], live: KubernetesObject): string {
  const entries = live.metadata.managedFields ?? [];
  return conflicts
    .map(({ path, manager }) => {
      // The server names an Apply manager alone and adds the subresource in words.
      const name = manager.split('" ')[0] as string;
      const times = entries
        .filter((entry) => entry.manager === name)
        .map((entry: ManagedFieldsEntry) => entry.time ?? '');
      const day = times.sort().at(-1)?.slice(0, 10);
      return `${path} from ${name}${day ? ` (${day})` : ''}`;
    })
    .join(', ');
}

/** Rights that reach far, in what is created or changed. */
export function dangersOfRights(object: KubernetesObject): Danger[] {
  if (!object.apiVersion.startsWith('rbac.authorization.k8s.io/')) return [];
  const reasons = new Set<string>();
  const { roleRef, rules } = object as { roleRef?: JsonObject; rules?: JsonObject[] };
  if (roleRef?.kind === 'ClusterRole' && roleRef.name === 'cluster-admin') reasons.add('everything (cluster-admin)');
  for (const rule of Array.isArray(rules) ? rules : []) {
    const verbs = strings(rule.verbs);
    const resources = strings(rule.resources);
    if (verbs.includes('*') && (resources.includes('*') || resources.length === 0)) reasons.add('everything ("*")');
    else if (verbs.includes('*')) reasons.add(`all verbs on ${resources.join(', ')}`);
    else if (resources.includes('*')) reasons.add(`${verbs.join(', ')} on all resources`);
    for (const verb of ['escalate', 'bind', 'impersonate']) if (verbs.includes(verb)) reasons.add(verb);
  }
  return [...reasons].map((reason) => ({ kind: 'grants-rights', text: `grants ${reason}` }));
}

/** The pod template changes: pods restart. */
export function restartsPods(id: Pick<ObjectId, 'group' | 'kind'>, changes: readonly FieldChange[]): boolean {
  return (
    POD_TEMPLATE_OWNERS.has(`${id.group}/${id.kind}`) && changes.some(({ path }) => path.startsWith('spec.template'))
  );
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
