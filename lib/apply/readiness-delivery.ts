import { byCondition, type KindCases, READY, type ReadinessCases } from './readiness-cases.ts';

/** Certificates, secrets, releases, workloads and autoscaling; for what they are, see readiness-kinds.ts. */

/** Of the Flux controllers; Reconciling and Stalled as kstatus has them. */
const FLUX: ReadinessCases = [
  ['suspended', 'spec.suspend=true'],
  ['failed', 'Stalled=True'],
  ['failed', 'Ready=False'],
  ['waiting', 'Reconciling=True'],
  ['ready', 'Ready=True'],
];
/** Of the runs and experiments of Argo. */
const ARGO_RUN: ReadinessCases = [
  ['running', 'status.phase=Pending|Running'],
  ['ready', 'status.phase=Successful|Succeeded'],
  ['failed', 'status.phase=Failed|Error|Inconclusive'],
];
/** A rollout of Kruise that stops at a partition goes on when somebody moves it. */
const AT_PARTITION = (partition: string): readonly string[] => [`${partition}>0`, 'metadata.generation>1'];

export const DELIVERY: readonly KindCases[] = [
  // cert-manager
  [['cert-manager.io/Certificate'], [['waiting', 'Issuing=True'], ...READY]],
  [
    ['cert-manager.io/CertificateRequest'],
    [['failed', 'Denied=True'], ['failed', 'InvalidRequest=True'], ['waiting', 'Ready=False:Pending'], ...READY],
  ],
  [
    ['acme.cert-manager.io/Order', 'acme.cert-manager.io/Challenge'],
    [
      ['ready', 'status.state=valid'],
      ['failed', 'status.state=invalid|expired|errored'],
    ],
  ],
  [['trust.cert-manager.io/Bundle'], byCondition('Synced')],
  [['cert-manager.io/Issuer', 'cert-manager.io/ClusterIssuer'], READY],
  // Secrets from elsewhere
  [
    ['external-secrets.io/ClusterExternalSecret'],
    [
      // A condition of before is left standing.
      ['failed', 'status.failedNamespaces'],
      ['ready', 'Ready=True'],
      ['failed', 'NotReady=True'],
      ['failed', 'PartiallyReady=True'],
    ],
  ],
  [
    ['SecretStore', 'ClusterSecretStore', 'ExternalSecret', 'PushSecret'].map((kind) => `external-secrets.io/${kind}`),
    READY,
  ],
  [['bitnami.com/SealedSecret'], byCondition('Synced')],
  // Argo
  [
    ['argoproj.io/Rollout'],
    [
      ['waiting', 'status.observedGeneration<metadata.generation'],
      [
        'waiting',
        'spec.workloadRef',
        'metadata.annotations[rollout.argoproj.io/workload-generation]',
        'status.workloadObservedGeneration!=metadata.annotations[rollout.argoproj.io/workload-generation]',
      ],
      ['suspended', 'status.phase=Paused'],
      ['ready', 'status.phase=Healthy'],
      ['waiting', 'status.phase=Progressing'],
      ['failed', 'status.phase=Degraded'],
      ['failed', 'InvalidSpec'],
      ['failed', 'Progressing:RolloutAborted|ProgressDeadlineExceeded'],
      // Before 1.1 there was no phase.
      ['suspended', 'status.pauseConditions'],
      ['suspended', 'spec.paused=true'],
      ['waiting', '!status.currentPodHash'],
      ['waiting', 'status.updatedReplicas<spec.replicas'],
      ['waiting', 'status.availableReplicas<status.updatedReplicas'],
      ['waiting', 'spec.strategy.blueGreen', 'status.blueGreen.activeSelector!=status.currentPodHash'],
      ['waiting', 'spec.strategy.blueGreen', 'status.stableRS', 'status.stableRS!=status.currentPodHash'],
      ['waiting', 'spec.strategy.canary', 'status.replicas>status.updatedReplicas'],
      [
        'waiting',
        'spec.strategy.canary',
        'status.stableRS!=status.currentPodHash',
        'status.canary.stableRS!=status.currentPodHash',
      ],
      ['ready'],
    ],
  ],
  [['AnalysisRun', 'Experiment', 'Workflow'].map((kind) => `argoproj.io/${kind}`), ARGO_RUN],
  [
    ['argoproj.io/ApplicationSet'],
    [
      ['failed', 'ErrorOccurred=True'],
      ['failed', 'ResourcesUpToDate=False'],
      ['waiting', 'RolloutProgressing=True'],
      ['ready', 'ResourcesUpToDate=True'],
    ],
  ],
  [
    ['argoproj.io/Application'],
    [
      ['running', 'status.operationState.phase=Running'],
      ['ready', 'status.health.status=Healthy', 'status.sync.status=Synced'],
      ['failed', 'status.health.status=Degraded'],
      ['suspended', 'status.health.status=Suspended'],
    ],
  ],
  [['argoproj.io/CronWorkflow'], [['failed', 'SpecError=True'], ['failed', 'SubmissionError=True'], ['ready']]],
  [['argoproj.io/EventBus', 'argoproj.io/EventSource', 'argoproj.io/Sensor'], byCondition('Deployed')],
  // Progressive delivery beside Argo's
  [
    ['flagger.app/Canary'],
    [
      ['ready', 'status.phase=Initialized|Succeeded'],
      ['failed', 'status.phase=Failed'],
      ['suspended', 'status.phase=Waiting|WaitingPromotion'],
    ],
  ],
  [
    ['rollouts.kruise.io/Rollout'],
    [
      ['failed', 'status.phase=Terminating|Disabled', 'status.canaryStatus.currentStepState=StepPaused'],
      ['suspended', 'status.canaryStatus.currentStepState=StepPaused'],
      ['ready', 'status.phase=Healthy'],
    ],
  ],
  // Workloads of Kruise. While some pods are not ready they are on their way, as Deployments are.
  [
    ['apps.kruise.io/CloneSet'],
    [
      ['waiting', '!status.observedGeneration'],
      ['suspended', 'spec.updateStrategy.paused=true'],
      [
        'suspended',
        ...AT_PARTITION('spec.updateStrategy.partition'),
        'status.updatedReplicas>=status.expectedUpdatedReplicas',
      ],
      ['ready', 'status.updatedAvailableReplicas==status.replicas', 'status.updatedAvailableReplicas>=spec.replicas'],
    ],
  ],
  [
    ['apps.kruise.io/StatefulSet'],
    [
      ['waiting', '!status.observedGeneration'],
      ['suspended', 'spec.updateStrategy.rollingUpdate.paused=true'],
      ['suspended', ...AT_PARTITION('spec.updateStrategy.rollingUpdate.partition'), 'status.updatedReplicas>0'],
      ['ready', 'status.updatedAvailableReplicas==status.replicas', 'status.updatedAvailableReplicas>=spec.replicas'],
    ],
  ],
  [
    ['apps.kruise.io/DaemonSet'],
    [
      ['waiting', '!status.observedGeneration'],
      ['suspended', 'spec.updateStrategy.rollingUpdate.paused=true'],
      ['suspended', ...AT_PARTITION('spec.updateStrategy.rollingUpdate.partition'), 'status.updatedNumberScheduled>0'],
      [
        'ready',
        'status.updatedNumberScheduled>=status.desiredNumberScheduled',
        'status.numberAvailable>=status.desiredNumberScheduled',
      ],
    ],
  ],
  [
    ['apps.kruise.io/BroadcastJob'],
    [
      ['ready', 'status.phase=completed'],
      ['failed', 'status.phase=failed'],
      ['suspended', 'status.phase=paused'],
      ['running', 'status.phase=running'],
    ],
  ],
  // A timetable, as CronJobs are.
  [['apps.kruise.io/AdvancedCronJob'], [['suspended', 'spec.paused=true'], ['ready']]],
  // Autoscaling and serving
  [
    ['keda.sh/ScaledObject', 'keda.sh/ScaledJob'],
    [
      ['failed', 'Ready=False|Unknown'],
      ['failed', 'Fallback=True'],
      ['suspended', 'Ready=True', 'Paused=True'],
      ['ready', 'Ready=True'],
    ],
  ],
  [
    ['serving.kserve.io/InferenceService'],
    [
      ['suspended', 'Stopped=True'],
      ['failed', 'status.modelStatus.transitionStatus=BlockedByFailedLoad|InvalidSpec'],
      ['ready', 'Ready=True'],
    ],
  ],
  [['serving.kserve.io/LLMInferenceService'], [['suspended', 'Ready=False:Stopped'], ...READY]],
  [['Service', 'Route', 'Configuration', 'Revision'].map((kind) => `serving.knative.dev/${kind}`), READY],
  [['karpenter.sh/NodePool', 'karpenter.sh/NodeClaim', 'karpenter.k8s.aws/EC2NodeClass'], READY],
  // Flux
  [
    [
      'kustomize.toolkit.fluxcd.io/Kustomization',
      'helm.toolkit.fluxcd.io/HelmRelease',
      ...['GitRepository', 'OCIRepository', 'Bucket', 'HelmChart'].map((kind) => `source.toolkit.fluxcd.io/${kind}`),
      ...['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation'].map((kind) => `image.toolkit.fluxcd.io/${kind}`),
      'notification.toolkit.fluxcd.io/Receiver',
    ],
    FLUX,
  ],
  // Without a status where the registry is an OCI one.
  [['source.toolkit.fluxcd.io/HelmRepository'], [['ready', 'spec.type=oci'], ...FLUX]],
];
