/** Whether a kind lives in a namespace. */
export type Scope = 'Namespaced' | 'Cluster';

/**
 * Scope of the built-in kinds of Kubernetes 1.34 to 1.36, alpha and beta included: the union of kubernetes/kubernetes:
 * api/discovery/aggregated_v2.json at v1.34.4, v1.35.4 and v1.36.3. No kind changed its scope between them.
 */
const CLUSTER_SCOPED = `
  /Namespace /Node /PersistentVolume /ComponentStatus
  admissionregistration.k8s.io/MutatingAdmissionPolicy admissionregistration.k8s.io/MutatingAdmissionPolicyBinding
  admissionregistration.k8s.io/MutatingWebhookConfiguration admissionregistration.k8s.io/ValidatingAdmissionPolicy
  admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding admissionregistration.k8s.io/ValidatingWebhookConfiguration
  apiextensions.k8s.io/CustomResourceDefinition
  apiregistration.k8s.io/APIService
  authentication.k8s.io/SelfSubjectReview authentication.k8s.io/TokenReview
  authorization.k8s.io/SelfSubjectAccessReview authorization.k8s.io/SelfSubjectRulesReview authorization.k8s.io/SubjectAccessReview
  certificates.k8s.io/CertificateSigningRequest certificates.k8s.io/ClusterTrustBundle
  flowcontrol.apiserver.k8s.io/FlowSchema flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration
  internal.apiserver.k8s.io/StorageVersion
  networking.k8s.io/IPAddress networking.k8s.io/IngressClass networking.k8s.io/ServiceCIDR
  node.k8s.io/RuntimeClass
  rbac.authorization.k8s.io/ClusterRole rbac.authorization.k8s.io/ClusterRoleBinding
  resource.k8s.io/DeviceClass resource.k8s.io/DeviceTaintRule resource.k8s.io/ResourcePoolStatusRequest resource.k8s.io/ResourceSlice
  scheduling.k8s.io/PriorityClass
  storage.k8s.io/CSIDriver storage.k8s.io/CSINode storage.k8s.io/StorageClass storage.k8s.io/VolumeAttachment
  storage.k8s.io/VolumeAttributesClass
  storagemigration.k8s.io/StorageVersionMigration
`;

const NAMESPACED = `
  /Binding /ConfigMap /Endpoints /Event /LimitRange /PersistentVolumeClaim /Pod /PodTemplate /ReplicationController /ResourceQuota
  /Secret /Service /ServiceAccount
  apps/ControllerRevision apps/DaemonSet apps/Deployment apps/ReplicaSet apps/StatefulSet
  authorization.k8s.io/LocalSubjectAccessReview
  autoscaling/HorizontalPodAutoscaler
  batch/CronJob batch/Job
  certificates.k8s.io/PodCertificateRequest
  coordination.k8s.io/Lease coordination.k8s.io/LeaseCandidate
  discovery.k8s.io/EndpointSlice
  events.k8s.io/Event
  networking.k8s.io/Ingress networking.k8s.io/NetworkPolicy
  policy/PodDisruptionBudget
  rbac.authorization.k8s.io/Role rbac.authorization.k8s.io/RoleBinding
  resource.k8s.io/ResourceClaim resource.k8s.io/ResourceClaimTemplate
  scheduling.k8s.io/PodGroup scheduling.k8s.io/Workload
  storage.k8s.io/CSIStorageCapacity
`;

const BUILT_IN: ReadonlyMap<string, Scope> = new Map([
  ...names(CLUSTER_SCOPED).map((name): [string, Scope] => [name, 'Cluster']),
  ...names(NAMESPACED).map((name): [string, Scope] => [name, 'Namespaced']),
]);

/** Scope of a built-in kind; undefined for every other: its definition or the cluster knows. Imports nothing; the engine uses it too. */
export function builtInScope(group: string, kind: string): Scope | undefined {
  return BUILT_IN.get(`${group}/${kind}`);
}

function names(table: string): string[] {
  return table.trim().split(/\s+/);
}
