import { byCondition, type KindCases, READY, type ReadinessCase, type ReadinessCases } from './readiness-cases.ts';

/** Clouds, clusters, data, pipelines, traffic and policies; for what they are, see readiness-kinds.ts. */

const STRIMZI: ReadinessCases = [
  ['waiting', 'NotReady=True:Creating'],
  ['failed', 'NotReady=True'],
  ['ready', 'Ready=True'],
];
const CROSSPLANE: ReadinessCases = [
  ['suspended', 'Synced=False:ReconcilePaused'],
  ['failed', 'LastAsyncOperation=False'],
  ['failed', 'Synced=False'],
  ...['Ready', 'Healthy', 'Offered', 'Established', 'ValidPipeline', 'RevisionHealthy'].map(
    (type): ReadinessCase => ['ready', `${type}=True`],
  ),
  ['ready', 'Established:InactiveManagedResource', '!spec.state=Active'],
];
/** Settings of Crossplane: nothing reports on them. */
const CROSSPLANE_SETTINGS = [
  'Composition',
  'CompositionRevision',
  'DeploymentRuntimeConfig',
  'EnvironmentConfig',
  'ImageConfig',
  'ProviderConfig',
  'ProviderConfigUsage',
  'ControllerConfig',
  'StoreConfig',
  'ClusterProviderConfig',
  'ClusterProviderConfigUsage',
];
const CROSSPLANE_PACKAGE: ReadinessCases = [
  ['failed', 'Installed=False'],
  ['failed', 'Healthy=False'],
  ['ready', 'Installed=True', 'Healthy=True'],
];
const CLUSTER_API: ReadinessCases = [
  ['suspended', 'spec.paused=true'],
  ['failed', 'status.phase=Failed'],
  ['ready', 'status.phase=Provisioned|Running'],
];
const PROMETHEUS: ReadinessCases = [
  ['suspended', 'spec.paused=true'],
  ['waiting', 'Available=False|Unknown|Degraded:SomePodsNotReady'],
  ['failed', 'Available=False|Unknown|Degraded'],
  ['ready', 'Available=True'],
];
/** What each gateway says that a route or policy names. */
const OF_PARENTS = (parents: string): ReadinessCases => [
  ['failed', `any ${parents} ResolvedRefs=False`],
  ['failed', `any ${parents} Accepted=False`],
  ['waiting', `any ${parents} Programmed=False|Unknown`],
  ['ready', `any ${parents} Accepted=True`],
];

export const INFRASTRUCTURE: readonly KindCases[] = [
  // Crossplane
  [['Provider', 'Configuration', 'Function'].map((kind) => `pkg.crossplane.io/${kind}`), CROSSPLANE_PACKAGE],
  [
    CROSSPLANE_SETTINGS.flatMap((kind) => [`*.crossplane.io/${kind}`, `*.upbound.io/${kind}`]),
    [['failed', 'Synced=False'], ['failed', 'ValidPipeline=False'], ['ready']],
  ],
  [['*.crossplane.io/*', '*.upbound.io/*'], CROSSPLANE],
  // Other clouds
  [
    ['*.services.k8s.aws/*'],
    [
      ['failed', 'ACK.Terminal=True'],
      ['failed', 'ACK.Recoverable=True'],
      ['ready', 'Ready=True'],
      ['ready', 'ACK.ResourceSynced=True'],
    ],
  ],
  // Clusters and machines
  [['Cluster', 'Machine', 'MachineDeployment', 'MachinePool'].map((kind) => `cluster.x-k8s.io/${kind}`), CLUSTER_API],
  [
    ['kubevirt.io/VirtualMachine'],
    [
      ['ready', 'spec.running=false', '!status.created=true'],
      ['ready', 'spec.runStrategy=Halted', '!status.created=true'],
      ['suspended', 'Paused=True'],
      ['ready', 'Ready=True'],
      ['suspended', 'Ready=False', '!status.created=true'],
    ],
  ],
  [
    ['kubevirt.io/VirtualMachineInstance'],
    [
      ['failed', 'status.phase=Failed'],
      ['waiting', 'status.phase=Pending|Scheduling|Scheduled'],
      ['suspended', 'status.phase=Succeeded'],
      ['suspended', 'Paused=True'],
      ...READY,
    ],
  ],
  // Data
  [['Kafka', 'KafkaConnect', 'KafkaBridge', 'KafkaMirrorMaker2'].map((kind) => `kafka.strimzi.io/${kind}`), STRIMZI],
  [['KafkaTopic', 'KafkaUser', 'KafkaConnector'].map((kind) => `kafka.strimzi.io/${kind}`), STRIMZI],
  [
    ['ceph.rook.io/CephCluster'],
    [
      ['failed', 'status.ceph.health=HEALTH_ERR|HEALTH_WARN'],
      ['failed', 'status.state=Error'],
      ['ready', 'status.ceph.health=HEALTH_OK', 'status.state=Created|Connected'],
    ],
  ],
  [
    ['CephObjectStore', 'CephBlockPool', 'CephFilesystem'].map((kind) => `ceph.rook.io/${kind}`),
    [
      ['ready', 'status.phase=Ready|Connected'],
      ['failed', 'status.phase=Failure'],
    ],
  ],
  [
    ['postgresql.cnpg.io/Cluster'],
    [
      ['suspended', 'cnpg.io/hibernation=True'],
      ['ready', 'status.phase=Cluster in healthy state'],
      ['ready', '!status.phase', 'Ready=True'],
    ],
  ],
  [
    ['postgresql.cnpg.io/Backup'],
    [
      ['ready', 'status.phase=completed'],
      ['failed', 'status.phase=failed|walArchivingFailing'],
      ['running', 'status.phase'],
    ],
  ],
  [
    ['Binding', 'Exchange', 'Permission', 'Policy', 'Queue', 'Shovel', 'User', 'Vhost'].map(
      (kind) => `rabbitmq.com/${kind}`,
    ),
    READY,
  ],
  [
    ['rabbitmq.com/RabbitmqCluster'],
    [
      ['failed', 'ReconcileSuccess=False'],
      ['suspended', 'spec.replicas=0', 'AllReplicasReady=False:ScaledToZero'],
      ['ready', 'ClusterAvailable=True', 'AllReplicasReady=True'],
    ],
  ],
  [
    ['elasticsearch.k8s.elastic.co/Elasticsearch'],
    [
      ['failed', 'status.phase=Invalid'],
      ['waiting', 'status.phase=ApplyingChanges|MigratingData'],
      ['ready', 'status.phase=Ready', 'status.health=green'],
      ['failed', 'status.phase=Ready', 'status.health=red'],
    ],
  ],
  [
    ['snapshot.storage.k8s.io/VolumeSnapshot', 'snapshot.storage.k8s.io/VolumeSnapshotContent'],
    [
      ['ready', 'status.readyToUse=true'],
      ['failed', 'status.error.message'],
    ],
  ],
  [
    ['velero.io/Backup', 'velero.io/Restore'],
    [
      ['ready', 'status.phase=Completed'],
      [
        'failed',
        'status.phase=FailedValidation|Failed|PartiallyFailed|WaitingForPluginOperationsPartiallyFailed|FinalizingPartiallyFailed',
      ],
      ['running', 'status.phase'],
    ],
  ],
  // Velero looks at no schedule that is paused, and gives it no phase.
  [
    ['velero.io/Schedule'],
    [
      ['suspended', 'spec.paused=true'],
      ['failed', 'status.phase=FailedValidation'],
      ['ready', 'status.phase=Enabled'],
    ],
  ],
  [
    ['velero.io/BackupStorageLocation'],
    [
      ['failed', 'status.phase=Unavailable'],
      ['ready', 'status.phase=Available'],
    ],
  ],
  // Pipelines
  [
    ['tekton.dev/PipelineRun', 'tekton.dev/TaskRun'],
    [
      ['ready', 'Succeeded=True'],
      ['failed', 'Succeeded=False'],
      ['running', 'Succeeded=Unknown'],
    ],
  ],
  // Observing
  [['Prometheus', 'Alertmanager', 'ThanosRuler'].map((kind) => `monitoring.coreos.com/${kind}`), PROMETHEUS],
  // Traffic
  [['gateway.networking.k8s.io/GatewayClass'], byCondition('Accepted')],
  [
    ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map((kind) => `gateway.networking.k8s.io/${kind}`),
    OF_PARENTS('status.parents'),
  ],
  [['gateway.networking.k8s.io/BackendTLSPolicy'], OF_PARENTS('status.ancestors')],
  [
    ['gateway.networking.k8s.io/Gateway'],
    [
      ['failed', 'any status.listeners ResolvedRefs=False'],
      ['failed', 'any status.listeners Accepted=False'],
      ['failed', 'ResolvedRefs=False'],
      ['waiting', 'Accepted=False:Pending'],
      ['failed', 'Accepted=False'],
      ['waiting', 'Programmed=False|Unknown'],
      ['ready', 'Programmed=True'],
      ['ready', 'Accepted=True'],
    ],
  ],
  // Policies
  [['kyverno.io/ClusterPolicy', 'kyverno.io/Policy'], READY],
];
