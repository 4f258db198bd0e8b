/**
 * Where API servers and the OpenAPI documents that they publish differ. Fields are written without the version: "core.HTTPHeader.value" is that of
 * core/v1. test/schema/schema-differential.cluster.test.ts tries each of them that the corpus has on an API server.
 */

/** Fields that are called required, and which API servers do not ask for: they have a default, or nothing looks at them, or empty is a value. */
export const NOT_ENFORCED: ReadonlySet<string> = new Set([
  'apiextensions.CustomResourceConversion.strategy',
  'apiextensions.CustomResourceDefinitionVersion.served',
  'apiextensions.CustomResourceDefinitionVersion.storage',
  'apps.ControllerRevision.revision',
  'batch.PodFailurePolicy.rules',
  'core.HTTPHeader.value',
  'core.ISCSIPersistentVolumeSource.lun',
  'core.ISCSIVolumeSource.lun',
  'core.LimitRangeSpec.limits',
  'core.PreferredSchedulingTerm.preference',
  'core.ScaleIOPersistentVolumeSource.secretRef',
  'core.ScaleIOVolumeSource.secretRef',
  'core.SleepAction.seconds',
  'core.Sysctl.value',
  'discovery.ForZone.name',
  'resource.Counter.value',
  'resource.DeviceCapacity.value',
  'resource.DeviceClass.spec',
  'resource.ResourceClaim.spec',
  'resource.ResourceClaimTemplate.spec',
  'resource.ResourceClaimTemplateSpec.spec',
  'resource.ResourcePool.generation',
  'storage.CSIDriver.spec',
  'storage.CSINode.spec',
  'storage.CSINodeSpec.drivers',
  'storage.TokenRequest.audience',
]);

/** Fields whose type is asked for, and nothing that stands in it. */
export const NOT_LOOKED_INTO: ReadonlySet<string> = new Set(['autoscaling.MetricIdentifier.selector']);

/** Words that API servers insist on (Unsupported value) and do not publish. Of lists: of their items. */
export const UNPUBLISHED_ENUMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['admissionregistration.ParamRef.parameterNotFoundAction', ['Allow', 'Deny']],
  ['apiextensions.CustomResourceConversion.strategy', ['None', 'Webhook']],
  ['apiextensions.CustomResourceDefinitionSpec.scope', ['Cluster', 'Namespaced']],
  ['apps.StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted', ['Delete', 'Retain']],
  ['apps.StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled', ['Delete', 'Retain']],
  ['autoscaling.HPAScalingPolicy.type', ['Percent', 'Pods']],
  ['autoscaling.HPAScalingRules.selectPolicy', ['Disabled', 'Max', 'Min']],
  ['autoscaling.MetricSpec.type', ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']],
  ['autoscaling.MetricTarget.type', ['AverageValue', 'Utilization', 'Value']],
  ['batch.PodFailurePolicyOnPodConditionsPattern.status', ['False', 'True', 'Unknown']],
  ['core.VolumeMount.recursiveReadOnly', ['Disabled', 'Enabled', 'IfPossible']],
  ['flowcontrol.FlowDistinguisherMethod.type', ['ByNamespace', 'ByUser']],
  ['flowcontrol.LimitResponse.type', ['Queue', 'Reject']],
  ['flowcontrol.PriorityLevelConfigurationSpec.type', ['Exempt', 'Limited']],
  ['flowcontrol.Subject.kind', ['Group', 'ServiceAccount', 'User']],
  ['meta.LabelSelectorRequirement.operator', ['DoesNotExist', 'Exists', 'In', 'NotIn']],
  ['networking.IngressClassParametersReference.scope', ['Cluster', 'Namespace']],
  ['rbac.RoleRef.kind', ['ClusterRole', 'Role']],
  ['rbac.Subject.kind', ['Group', 'ServiceAccount', 'User']],
  ['storage.CSIDriverSpec.fsGroupPolicy', ['File', 'None', 'ReadWriteOnceWithFSType']],
  ['storage.CSIDriverSpec.volumeLifecycleModes', ['Ephemeral', 'Persistent']],
]);
