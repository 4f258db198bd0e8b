import { type Fields, list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { groupOf } from '../kubernetes/object.ts';
import { configurationOf, podSpecOf } from '../kubernetes/pods.ts';

/** An object that another one names. */
export interface Reference {
  readonly group: string;
  readonly kind: string;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  /** The referrer works without it, or only its order matters. */
  readonly optional?: boolean | undefined;
}

/**
 * The objects that `object` names and needs before its own write makes sense. Only what is precise and cheap to read; pods by their full specification.
 *
 * @param namespace the namespace the object lives in ('' when cluster-scoped).
 */
export function referencesOf(object: KubernetesObject, namespace: string): readonly Reference[] {
  const found: Reference[] = [];
  const pod = podSpecOf(object);
  if (pod !== undefined) podReferences(pod, namespace, found);
  KIND_REFERENCES[`${groupOf(object.apiVersion)}/${object.kind}`]?.(object, namespace, found);
  return found;
}

export function serviceAccountOf(pod: Fields): string {
  return text(pod.serviceAccountName) ?? text(pod.serviceAccount) ?? 'default';
}

function podReferences(pod: Fields, namespace: string, found: Reference[]): void {
  const core = (kind: string, name: unknown, optional?: unknown) =>
    add(found, '', kind, namespace, name, optional === true);
  const account = serviceAccountOf(pod);
  if (account !== 'default') core('ServiceAccount', account);
  for (const secret of list(pod.imagePullSecrets)) core('Secret', secret.name, true);
  for (const volume of list(pod.volumes)) core('PersistentVolumeClaim', record(volume.persistentVolumeClaim).claimName);
  for (const { kind, name, optional } of configurationOf(pod)) core(kind, name, optional);
  add(found, 'scheduling.k8s.io', 'PriorityClass', '', pod.priorityClassName);
  add(found, 'node.k8s.io', 'RuntimeClass', '', pod.runtimeClassName);
  for (const claim of list(pod.resourceClaims)) {
    add(found, 'resource.k8s.io', 'ResourceClaim', namespace, claim.resourceClaimName);
    add(found, 'resource.k8s.io', 'ResourceClaimTemplate', namespace, claim.resourceClaimTemplateName);
  }
}

type Collector = (object: KubernetesObject, namespace: string, found: Reference[]) => void;

/** An autoscaler without its workload does nothing, but the workload should be there first. */
const scaleTarget: Collector = (object, namespace, found) => {
  const target = record(record(object.spec).scaleTargetRef ?? record(object.spec).targetRef);
  add(
    found,
    groupOf(text(target.apiVersion) ?? 'apps/v1'),
    text(target.kind) ?? 'Deployment',
    namespace,
    target.name,
    true,
  );
};

const binding: Collector = (object, namespace, found) => {
  const role = record(object.roleRef);
  const kind = text(role.kind);
  if (kind !== undefined) add(found, 'rbac.authorization.k8s.io', kind, kind === 'Role' ? namespace : '', role.name);
  for (const subject of list(object.subjects)) {
    if (subject.kind !== 'ServiceAccount') continue;
    add(found, '', 'ServiceAccount', text(subject.namespace) ?? namespace, subject.name, true);
  }
};

const named =
  (group: string, kind: string, field: string): Collector =>
  (object, _namespace, found) =>
    add(found, group, kind, '', record(object.spec)[field]);

const KIND_REFERENCES: Readonly<Record<string, Collector>> = {
  '/PersistentVolumeClaim': (object, _namespace, found) => {
    const spec = record(object.spec);
    add(found, 'storage.k8s.io', 'StorageClass', '', spec.storageClassName);
    add(found, '', 'PersistentVolume', '', spec.volumeName, true);
  },
  '/PersistentVolume': named('storage.k8s.io', 'StorageClass', 'storageClassName'),
  // Without its account a token Secret is deleted again by the cluster.
  '/Secret': (object, namespace, found) => {
    if (object.type !== 'kubernetes.io/service-account-token') return;
    add(found, '', 'ServiceAccount', namespace, object.metadata.annotations?.['kubernetes.io/service-account.name']);
  },
  'apps/StatefulSet': (object, namespace, found) => {
    const spec = record(object.spec);
    add(found, '', 'Service', namespace, spec.serviceName, true);
    for (const claim of list(spec.volumeClaimTemplates)) {
      add(found, 'storage.k8s.io', 'StorageClass', '', record(claim.spec).storageClassName);
    }
  },
  'autoscaling/HorizontalPodAutoscaler': scaleTarget,
  'autoscaling.k8s.io/VerticalPodAutoscaler': scaleTarget,
  'keda.sh/ScaledObject': (object, namespace, found) => {
    scaleTarget(object, namespace, found);
    for (const { authenticationRef } of list(record(object.spec).triggers)) {
      const { kind = 'TriggerAuthentication', name } = record(authenticationRef);
      add(found, 'keda.sh', String(kind), kind === 'TriggerAuthentication' ? namespace : '', name);
    }
  },
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'networking.k8s.io/Ingress': named('networking.k8s.io', 'IngressClass', 'ingressClassName'),
  'gateway.networking.k8s.io/Gateway': named('gateway.networking.k8s.io', 'GatewayClass', 'gatewayClassName'),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': named(
    'admissionregistration.k8s.io',
    'ValidatingAdmissionPolicy',
    'policyName',
  ),
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': named(
    'admissionregistration.k8s.io',
    'MutatingAdmissionPolicy',
    'policyName',
  ),
  'flowcontrol.apiserver.k8s.io/FlowSchema': (object, _namespace, found) => {
    const level = record(record(object.spec).priorityLevelConfiguration);
    add(found, 'flowcontrol.apiserver.k8s.io', 'PriorityLevelConfiguration', '', level.name);
  },
};

function add(
  found: Reference[],
  group: string,
  kind: string,
  namespace: string,
  name: unknown,
  optional = false,
): void {
  if (typeof name === 'string' && name !== '') found.push({ group, kind, namespace, name, optional });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
