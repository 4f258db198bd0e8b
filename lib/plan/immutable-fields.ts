import { isCompletionOf } from '../diff/completed-value.ts';
import type { RawFieldChange } from '../diff/field-changes.ts';
import type { Json, JsonObject, KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import type { ApiStatus } from '../kubernetes/status.ts';

/**
 * Fields that the API server refuses to change, by "group/kind". Only these make an object be replaced, and only after a dry run was refused because of
 * them: the server's texts do not tell an immutable field from an invalid value (facts: server-side apply, section 4). Each entry is tested on a real
 * server (test/immutable-fields.cluster.test.ts). Kinds whose replacement destroys what others own (Namespace, CustomResourceDefinition,
 * PersistentVolume) are left out on purpose.
 */
export const IMMUTABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/ConfigMap': ['data', 'binaryData', 'immutable'],
  '/PersistentVolumeClaim': [
    'spec.accessModes',
    'spec.dataSource',
    'spec.dataSourceRef',
    'spec.selector',
    'spec.storageClassName',
    'spec.volumeMode',
    'spec.volumeName',
  ],
  '/Pod': ['spec'],
  '/ResourceQuota': ['spec.scopes'],
  '/Secret': ['data', 'immutable', 'type'],
  '/Service': ['spec.clusterIP', 'spec.clusterIPs', 'spec.loadBalancerClass'],
  'apps/ControllerRevision': ['data'],
  'apps/DaemonSet': ['spec.selector'],
  'apps/Deployment': ['spec.selector'],
  'apps/ReplicaSet': ['spec.selector'],
  'apps/StatefulSet': ['spec.podManagementPolicy', 'spec.selector', 'spec.serviceName', 'spec.volumeClaimTemplates'],
  'batch/Job': [
    'spec.backoffLimitPerIndex',
    'spec.completionMode',
    'spec.completions',
    'spec.managedBy',
    'spec.podFailurePolicy',
    'spec.selector',
    'spec.successPolicy',
    'spec.template',
  ],
  'discovery.k8s.io/EndpointSlice': ['addressType'],
  'networking.k8s.io/IngressClass': ['spec.controller'],
  'networking.k8s.io/ServiceCIDR': ['spec.cidrs'],
  'node.k8s.io/RuntimeClass': ['handler'],
  'rbac.authorization.k8s.io/ClusterRoleBinding': ['roleRef'],
  'rbac.authorization.k8s.io/RoleBinding': ['roleRef'],
  'resource.k8s.io/ResourceClaim': ['spec'],
  'resource.k8s.io/ResourceClaimTemplate': ['spec'],
  'scheduling.k8s.io/PriorityClass': ['preemptionPolicy', 'value'],
  'storage.k8s.io/CSIDriver': ['spec.attachRequired', 'spec.volumeLifecycleModes'],
  'storage.k8s.io/StorageClass': ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'],
  'storage.k8s.io/VolumeAttributesClass': ['driverName', 'parameters'],
};

/** Contents that are fixed only where the live object says `immutable: true`; everywhere else a refusal because of them has another reason. */
const FIXED_BY_FLAG: Readonly<Record<string, readonly string[]>> = {
  '/ConfigMap': ['data', 'binaryData', 'immutable'],
  '/Secret': ['data', 'immutable'],
};

/** Fields that the API server's refusals spell in another way (kubernetes/kubernetes 1.36, pkg/apis/core/validation and pkg/apis/storage/validation). */
const REPORTED_AS: Readonly<Record<string, string>> = {
  'spec.attachRequired': 'spec.attachedRequired',
  'spec.clusterIP': 'spec.clusterIPs',
  'spec.volumeMode': 'volumeMode',
};

/**
 * The immutable fields of a kind that the desired object sets to another value than the live one has, or drops although they are ours.
 * @param own our fieldsV1 of the live object.
 */
export function changedImmutableFields(
  id: Pick<ObjectId, 'group' | 'kind'>,
  desired: KubernetesObject,
  live: KubernetesObject,
  own: JsonObject | undefined,
): string[] {
  const kind = `${id.group}/${id.kind}`;
  const mutable = live.immutable === true ? [] : (FIXED_BY_FLAG[kind] ?? []);
  const paths = (IMMUTABLE_FIELDS[kind] ?? []).filter((path) => !mutable.includes(path));
  return paths.filter((path) => {
    const [wanted, present] = [valueAt(desired, path), valueAt(live, path)];
    return wanted === undefined ? present !== undefined && isOwned(own, path) : !isCompletionOf(present, wanted);
  });
}

function isOwned(own: JsonObject | undefined, path: string): boolean {
  let node: JsonObject | undefined = own;
  for (const name of path.split('.')) node = node?.[`f:${name}`] as JsonObject | undefined;
  return node !== undefined;
}

/** True when each cause of a refusal lies at, above or below one of these fields: nothing else is wrong. */
export function explains(paths: readonly string[], status: ApiStatus): boolean {
  const known = paths.flatMap((path) => [path, REPORTED_AS[path] ?? path]);
  return (
    status.code === 422 &&
    status.causes.length > 0 &&
    status.causes.every(
      ({ field }) => field !== '' && known.some((path) => isWithin(field, path) || isWithin(path, field)),
    )
  );
}

/** The desired object with these fields as they are live: what else an apply would change. */
export function withLiveFields(
  desired: KubernetesObject,
  live: KubernetesObject,
  paths: readonly string[],
): KubernetesObject {
  let result = desired;
  for (const path of paths) result = withValue(result, path.split('.'), valueAt(live, path)) as KubernetesObject;
  return result;
}

/** The immutable fields themselves, as changes. */
export function immutableChanges(
  desired: KubernetesObject,
  live: KubernetesObject,
  paths: readonly string[],
): RawFieldChange[] {
  return paths.map((path) => {
    const [before, after] = [valueAt(live, path), valueAt(desired, path)];
    const op = before === undefined ? 'add' : after === undefined ? 'remove' : 'replace';
    return { path, op, before, after, owners: [] };
  });
}

function valueAt(object: KubernetesObject, path: string): Json | undefined {
  let value: unknown = object;
  for (const name of path.split('.')) value = (value as JsonObject | undefined)?.[name];
  return value as Json | undefined;
}

function withValue(value: unknown, path: readonly string[], leaf: Json | undefined): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return leaf;
  const record = (value ?? {}) as JsonObject;
  const { [name]: member, ...others } = record;
  const next = withValue(member, rest, leaf);
  return next === undefined ? others : { ...record, [name]: next };
}

/** "spec.template.spec" lies within "spec.template"; "data[tls.crt]" within "data". */
function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`);
}
