import type { ResourceType } from '../../lib/cluster/discovery.ts';
import { canonicalJson, sha256 } from '../../lib/kubernetes/canonical.ts';
import { describeId, idOf, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { DesiredObject } from '../../lib/render/desired-state.ts';
import type { Part } from './alterations.ts';
import type { Baseline } from './observation.ts';

/** One object in the cluster that is mutated again and again. */
export interface Subject {
  readonly key: string;
  readonly resource: ResourceType;
  /** The same kind in other versions that the server serves. */
  readonly otherVersions: readonly ResourceType[];
  /** The kind is served in no other version, whoever defined it. */
  readonly onlyVersion: boolean;
  /** What the program wanted first. */
  readonly original: DesiredObject;
  /** What may be changed in the cluster for real. */
  readonly part: Part;
  /** The program never wants anything else of it. */
  readonly constant?: boolean;
  baseline: Baseline;
  live: KubernetesObject;
  turn: number;
  /** Rounds that it sits out. */
  rest: number;
  /** Why it cannot be used any more. */
  retired?: string;
}

/** Objects whose content decides about other objects, of other tests too: in the cluster only their labels and annotations are touched. */
const DECISIVE_GROUPS = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'flowcontrol.apiserver.k8s.io',
]);
const DECISIVE_KINDS = new Set([
  'Namespace',
  'Node',
  'PriorityClass',
  'IngressClass',
  'StorageClass',
  'LimitRange',
  'ResourceQuota',
  'ServiceCIDR',
  'IPAddress',
]);

export function mutablePart({ group, kind }: { group: string; kind: string }): Part {
  return DECISIVE_GROUPS.has(group) || DECISIVE_KINDS.has(kind) ? 'metadata' : 'all';
}

/** A desired object as rendering makes it, its namespace known. */
export function desiredOf(object: KubernetesObject): DesiredObject {
  const path = describeId(idOf(object)).replaceAll('/', '-');
  return { id: idOf(object), object, sha256: sha256(canonicalJson(object)), path, unit: path, dependsOn: [] };
}

/**
 * The object in a form that lets controllers rest: what is tried out is what an apply does to an object, not how many pods a controller makes of it. One copy
 * of the corpus stays as it is.
 */
export function quiet(object: KubernetesObject): KubernetesObject {
  const spec = object.spec as Record<string, unknown> | undefined;
  const set = (more: Record<string, unknown>) => ({ ...object, spec: { ...spec, ...more } });
  switch (object.kind) {
    case 'Deployment':
      return set({ replicas: 0, paused: true });
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet':
      return set({ replicas: 0 });
    case 'Job':
    case 'CronJob':
      return set({ suspend: true });
    default:
      return object;
  }
}
