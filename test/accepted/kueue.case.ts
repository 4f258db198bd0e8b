import {
  ClusterSet,
  KueueAdmissionCheck,
  KueueAdmissionMode,
  KueueBorrowPolicy,
  KueueClusterQueue,
  KueueCohort,
  KueueFlavorPreference,
  KueueFlavorSearch,
  KueueKubeConfigLocation,
  KueueLocalQueue,
  KueueMigrationMode,
  KueueMultiKueueCluster,
  KueueMultiKueueConfig,
  KueuePodSetMergePolicy,
  KueueProvisioningRequestConfig,
  KueueQueueingStrategy,
  KueueQuotaManagement,
  KueueReclaimWithinCohort,
  KueueResourceFlavor,
  KueueStopPolicy,
  KueueTopology,
  KueueWithinClusterQueue,
  KueueWorkloadPriorityClass,
  PodLabelOperator,
  PodTaintEffect,
  PodTolerationOperator,
} from '@orrery/constructs';
import { Chart } from 'cdk8s';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'objects of Kueue, typed',
  crds: ['kueue.x-k8s.io'],
  kinds: [
    ...['ResourceFlavor', 'Topology', 'ClusterQueue', 'Cohort', 'LocalQueue', 'WorkloadPriorityClass'],
    ...['AdmissionCheck', 'MultiKueueConfig', 'MultiKueueCluster', 'ProvisioningRequestConfig'],
  ],
  program(platform) {
    const cluster = new ClusterSet(platform, 'clusters').add('gpu-sh', { apiVersions: ['kueue.x-k8s.io/v1beta2'] });
    const chart = new Chart(cluster, 'queues', { namespace: 'vision' });
    new KueueTopology(chart, 'racks', {
      metadata: { name: 'racks' },
      spec: { levels: [{ nodeLabel: 'topology.example.com/rack' }, { nodeLabel: 'kubernetes.io/hostname' }] },
    });
    new KueueResourceFlavor(chart, 'any', { metadata: { name: 'any' } });
    new KueueResourceFlavor(chart, 'a100', {
      metadata: { name: 'a100', labels: { team: 'platform' } },
      spec: {
        nodeLabels: { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' },
        nodeTaints: [{ key: 'nvidia.com/gpu', value: 'present', effect: PodTaintEffect.NO_SCHEDULE }],
        tolerations: [
          { key: 'nvidia.com/gpu', comparison: PodTolerationOperator.EXISTS, effect: PodTaintEffect.NO_SCHEDULE },
          {
            key: 'spot',
            comparison: PodTolerationOperator.EQUAL,
            value: 'true',
            effect: PodTaintEffect.NO_EXECUTE,
            tolerationSeconds: 60,
          },
        ],
        topologyName: 'racks',
      },
    });
    new KueueCohort(chart, 'all', { metadata: { name: 'all' } });
    const borrowed = { borrowingLimit: '4', lendingLimit: '2' };
    new KueueCohort(chart, 'research', {
      metadata: { name: 'research' },
      spec: {
        parentName: 'all',
        fairSharing: { weight: '2' },
        resourceGroups: [
          {
            coveredResources: ['nvidia.com/gpu'],
            flavors: [{ name: 'a100', resources: [{ name: 'nvidia.com/gpu', nominalQuota: '1', ...borrowed }] }],
          },
        ],
      },
    });
    new KueueClusterQueue(chart, 'vision', {
      metadata: { name: 'vision' },
      spec: {
        cohortName: 'research',
        queueingStrategy: KueueQueueingStrategy.STRICT_FIFO,
        stopPolicy: KueueStopPolicy.NONE,
        namespaceSelector: {
          matchLabels: { 'kubernetes.io/metadata.name': 'vision' },
          matchExpressions: [{ key: 'team', comparison: PodLabelOperator.IN, values: ['vision'] }],
        },
        fairSharing: { weight: '500m' },
        flavorFungibility: {
          whenCanBorrow: KueueFlavorSearch.TRY_NEXT_FLAVOR,
          whenCanPreempt: KueueFlavorSearch.TRY_NEXT_FLAVOR,
          preference: KueueFlavorPreference.PREEMPTION_OVER_BORROWING,
        },
        preemption: {
          reclaimWithinCohort: KueueReclaimWithinCohort.ANY,
          borrowWithinCohort: { policy: KueueBorrowPolicy.LOWER_PRIORITY, maxPriorityThreshold: 100 },
          withinClusterQueue: KueueWithinClusterQueue.LOWER_OR_NEWER_EQUAL_PRIORITY,
        },
        admissionChecksStrategy: { admissionChecks: [{ name: 'nodes', onFlavors: ['a100'] }, { name: 'clusters' }] },
        admissionScope: { admissionMode: KueueAdmissionMode.USAGE_BASED },
        concurrentAdmissionPolicy: {
          migration: {
            mode: KueueMigrationMode.TRY_PREFERRED_FLAVORS,
            constraints: { lastAcceptableFlavorName: 'a100' },
          },
        },
        resourceGroups: [
          {
            coveredResources: ['nvidia.com/gpu', 'memory'],
            flavors: [
              {
                name: 'a100',
                resources: [
                  { name: 'nvidia.com/gpu', nominalQuota: '8', ...borrowed },
                  { name: 'memory', nominalQuota: '1Ti' },
                ],
              },
            ],
          },
        ],
      },
    });
    new KueueLocalQueue(chart, 'queue', {
      metadata: { name: 'gpu' },
      spec: { clusterQueue: 'vision', fairSharing: { weight: '1' }, stopPolicy: KueueStopPolicy.HOLD },
    });
    new KueueWorkloadPriorityClass(chart, 'urgent', {
      metadata: { name: 'urgent' },
      value: 1000,
      description: 'Papers that are due.',
    });
    const parameters = (kind: string, name: string) => ({ apiGroup: 'kueue.x-k8s.io', kind, name });
    new KueueAdmissionCheck(chart, 'nodes', {
      metadata: { name: 'nodes' },
      spec: {
        controllerName: 'kueue.x-k8s.io/provisioning-request',
        parameters: parameters('ProvisioningRequestConfig', 'nodes'),
      },
    });
    new KueueProvisioningRequestConfig(chart, 'node-requests', {
      metadata: { name: 'nodes' },
      spec: {
        provisioningClassName: 'check-capacity.autoscaling.x-k8s.io',
        managedResources: ['nvidia.com/gpu'],
        parameters: { validUntilSeconds: '600' },
        podSetMergePolicy: KueuePodSetMergePolicy.IDENTICAL_POD_TEMPLATES,
        podSetUpdates: {
          nodeSelector: [{ key: 'example.com/request', valueFromProvisioningClassDetail: 'RequestKey' }],
        },
        retryStrategy: { backoffBaseSeconds: 30, backoffLimitCount: 2, backoffMaxSeconds: 600 },
      },
    });
    new KueueAdmissionCheck(chart, 'clusters', {
      metadata: { name: 'clusters' },
      spec: {
        controllerName: 'kueue.x-k8s.io/multikueue',
        parameters: parameters('MultiKueueConfig', 'clusters'),
      },
    });
    new KueueMultiKueueConfig(chart, 'config', {
      metadata: { name: 'clusters' },
      spec: { clusters: ['gpu-gz', 'gpu-bj'], quotaManagement: KueueQuotaManagement.MANUAL },
    });
    new KueueMultiKueueCluster(chart, 'gpu-gz', {
      metadata: { name: 'gpu-gz' },
      spec: {
        clusterSource: { kubeConfig: { location: 'gpu-gz', locationType: KueueKubeConfigLocation.SECRET } },
      },
    });
    new KueueMultiKueueCluster(chart, 'gpu-bj', {
      metadata: { name: 'gpu-bj' },
      spec: { clusterSource: { clusterProfileRef: { name: 'gpu-bj' } } },
    });
  },
} satisfies AcceptedCase;
