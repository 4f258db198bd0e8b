import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Assembly, temporaryFolder } from '../src/synthesis.test-support';

const PAGES = 'docs/constructs';

/** Which structs and enums of the API a page explains. */
const EXPLAINED: Record<string, string[]> = {
  'platform.md': ['PlatformProps'],
  'cluster.md': ['ClusterFacts', 'ClusterProps', 'Environment'],
  'placement.md': ['WeightOptions', 'ReplicaBounds', 'BoundsOptions', 'SpreadOptions', 'ReplicaDivision'],
  'multi-cluster-app.md': [
    ...[
      'MultiClusterAppProps',
      'ServiceProps',
      'ServicePort',
      'SecretKey',
      'SecretVolume',
      'ServiceConfig',
      'ServiceVolume',
      'ScratchVolume',
    ],
    ...['ServiceAccountOptions', 'DisruptionBudget', 'TopologySpread', 'Toleration', 'ProbeOptions'],
  ],
  'autoscaling.md': [
    ...['Autoscaling', 'ScalingRules', 'ScalingPolicy', 'ScalingSelect', 'ScalingFallback', 'MetricTarget'],
    ...['MetricObject', 'TriggerAuthentication', 'TriggerIdentity', 'TriggerOptions', 'CronTrigger'],
    ...['PrometheusTrigger', 'KafkaTrigger', 'KafkaSasl', 'OffsetReset', 'RabbitMqTrigger', 'RabbitMqMode'],
  ],
  'alerts.md': [
    ...[
      'AliyunSmsOptions',
      'ChatbotOptions',
      'KubeSphereEmailOptions',
      'KubeSphereNotificationsProps',
      'KubeSphereNotificationManager',
      'KubeSphereRoutePolicy',
      'KubeSphereReceiver',
    ],
    ...[
      'KubeSphereRouter',
      'KubeSphereRuleGroupProps',
      'KubeSphereRuleLevel',
      'KubeSphereSilence',
      'KubeSphereSlackOptions',
    ],
    'KubeSphereWebhookOptions',
    ...[
      'AlertRuleGroup',
      'AlertRuleProps',
      'AlertRulesProps',
      'PlatformAlertsProps',
      'PlatformAlertTopic',
      'RecordingRuleProps',
    ],
    ...['AlertHeartbeat', 'AlertInhibition', 'AlertMailServer', 'AlertReceiver', 'AlertRoute'],
    ...['AlertTenant', 'AlertTimeInterval', 'AlertTimes', 'AlertmanagerOptions'],
    ...['ChatAdapterOptions', 'EmailChannelOptions', 'PagerDutyChannelOptions', 'SlackChannelOptions'],
    ...['SmsChannelOptions', 'TelegramChannelOptions', 'WeChatChannelOptions', 'WebhookChannelOptions'],
  ],
  'slo.md': [
    ...[
      'ServiceLevelObjectiveProps',
      'ErrorRatio',
      'SuccessRatio',
      'IstioRequests',
      'IstioRequestDuration',
      'IstioReporter',
    ],
    ...['HttpRequests', 'HttpRequestDuration', 'DeadMansSwitchProps'],
  ],
  'service-observation.md': ['ServiceObservation', 'ServiceObjective', 'OwnRequestMetrics'],
  'dashboards.md': [
    ...['DashboardProps', 'DashboardRow', 'DashboardAnnotation', 'DashboardTarget', 'GrafanaDashboardsProps'],
    ...[
      'DashboardDelivery',
      'PanelProps',
      'ValuePanelProps',
      'PanelThreshold',
      'TimeSeriesPanelProps',
      'StatPanelProps',
    ],
    ...['TablePanelProps', 'HeatmapPanelProps', 'LogsPanelProps', 'TextPanelProps', 'LabelColumnOptions'],
    ...['ValueColumnOptions', 'MetricQueryOptions', 'LogQueryOptions', 'LuceneStore', 'DashboardVariableOptions'],
    ...['ChoiceVariableOptions', 'QueryVariableOptions', 'StackDashboardsProps', 'DashboardSet'],
    'PipelineAlertsProps',
  ],
  'observability.md': [
    ...['ObservabilityStackProps', 'PrometheusProps', 'ClusterMetrics', 'SeriesEstimate', 'MetricEndpoint'],
    ...['GrafanaProps', 'ChartSource', 'MonitorSelection', 'ScrapedComponent', 'ThanosProps', 'ThanosHashring'],
    ...['ThanosLimits', 'ExistingPrometheusProps'],
  ],
  'storage-and-scheduling.md': [
    ...['StorageClassProps', 'NfsShare', 'NfsOnDelete', 'ReclaimPolicy', 'VolumeBinding', 'NodePool'],
    'PriorityClassProps',
  ],
  'stateful-service.md': ['StatefulOptions', 'OrdinalRange', 'PodManagement', 'PodUpdate'],
  'delivery-engines.md': [
    ...['KarmadaDeliveryProps', 'KarmadaScheduling', 'KarmadaConflict', 'KarmadaPurge', 'KarmadaApplicationFailover'],
    ...['KarmadaToleration', 'KarmadaTaintEffect', 'KarmadaTaintPolicyProps', 'KarmadaClusterCondition'],
    ...['ArgoCdDeliveryProps', 'ArgoCdGrouping', 'ManifestWorkDeliveryProps', 'FleetDeliveryProps'],
  ],
  'controller-owned-fields.md': ['ControllerOwnedField'],
  'overrides.md': ['ServiceOverride', 'HelmReleaseOverride', 'PatchTarget'],
  'helm-release.md': ['HelmReleaseProps', 'RenderedTarget', 'HelmMode'],
  'gpu-partitions.md': [
    ...['GpuSharing', 'GpuIsolation', 'GpuMode', 'GpuPlugin', 'GpuShare', 'GpuSharingProps', 'MigModel', 'MigProfile'],
    ...['MigPlacement', 'MigNode', 'MigWorkload', 'MigStrategy', 'MigAssignment', 'MigCard', 'MigUnplaced', 'MigWaste'],
  ],
  'gpu-pool.md': ['GpuPoolProps', 'GpuNodes', 'GpuVendor', 'GpuInstaller', 'GpuSoftware', 'GpuTenant'],
  'gpu-queues.md': [
    ...['GpuQueuesProps', 'GpuQueueTenant', 'KueueProps', 'KueueTransformation', 'KueueUndeclaredResources'],
    'GpuObservation',
  ],
  'gpu-workloads.md': [
    ...['GpuNeeds', 'GpuPacking', 'GpuShareMode', 'GpuComputePolicy', 'GpuUrgency', 'GpuChoice', 'GpuDataset'],
    ...['GpuProgram', 'GpuContainerSettings', 'GpuContainer', 'GpuWorkloadProps', 'GpuTrainingKind', 'GpuRendezvous'],
    ...['GpuTrainingProps', 'GpuNotebookProps', 'VllmServer', 'KserveModel', 'GpuServerProgram', 'GpuServiceScaling'],
    ...['GpuServiceProps', 'GpuTurn', 'GpuClaimSharing'],
  ],
  'include.md': ['IncludeProps'],
  'kubesphere.md': ['KubeSphereWorkspaceProps', 'KubeSphereVersion'],
  'kustomization.md': ['KustomizationProps'],
  'workspace.md': [
    ...['WorkspaceProps', 'WorkspaceLimits', 'WorkspaceRole', 'PodSecurityLevel', 'GuardRail'],
    ...['NetworkAllowanceOptions', 'CidrAllowanceOptions'],
    ...['ExternalCredentialOptions', 'RemoteSecretKey', 'SecretStoreKind'],
  ],
  'exposure.md': [
    ...['ExposureScheme', 'Announcement', 'EntryPoints', 'EntryPoint'],
    ...['ExposureOptions', 'HttpExposureOptions', 'IngressOptions', 'HttpRouteOptions', 'LoadBalancerOptions'],
    ...['AddressPoolProps', 'BgpSpeakerProps', 'BgpPeer'],
  ],
  'argo-rollouts.md': ['KubernetesMetadata'],
  'flagger.md': [],
  'backup.md': [...['BackupLocationProps', 'BackupLocationOverride', 'BackupPlanProps', 'BackupHook', 'BackupVolumes']],
  'resilience.md': [
    ...['ResilienceProps', 'ResilienceBackend', 'RequestRetries', 'RetryCondition'],
    ...['ConnectionLimits', 'CircuitBreaker', 'RateLimit'],
  ],
  'global-address.md': [
    ...['GlobalAddressProps', 'NearestOptions', 'K8gbOptions', 'GslbHealthPolicy'],
    ...['DnsRecordOptions', 'ExternalDnsOptions', 'DnsProvider', 'ExternalDnsPrefix'],
  ],
  'mesh.md': ['MeshProps'],
  'canary-release.md': [
    ...['CanaryReleaseProps', 'CanaryDeployment', 'CanaryVersions', 'CanaryVersion', 'CanaryFailure'],
    ...['CanaryAnalysis', 'CanaryLatency', 'CanarySloBurn', 'CanaryMetricBounds', 'CanaryTextMatch'],
    ...['CanaryUserGroupOptions', 'CanaryRegionOptions', 'BlueGreenOptions', 'CanaryFault'],
    ...['CanaryStickiness', 'CanaryVersionStickiness', 'CanaryPodStickiness', 'CanaryDyeOptions'],
  ],
  'image-build.md': [
    ...['ImageBuildProps', 'ImageBuildRun', 'BuildRetention', 'VulnerabilityScan', 'VulnerabilitySeverity'],
    ...[
      'DockerfileBuildOptions',
      'KoBuildOptions',
      'ImageSourceOptions',
      'OciArtifactOptions',
      'UploadedArtifactOptions',
    ],
  ],
  'tekton.md': [
    ...['TektonParam', 'TektonResult', 'TektonWorkspace', 'TektonType', 'TektonStep', 'TektonSidecar', 'TektonRights'],
    ...['TektonOnError', 'TektonTaskSpec', 'TektonTaskProps', 'TektonPipelineTask', 'TektonPipelineSpec'],
    ...['TektonPipelineProps', 'TektonPipelineResult', 'TektonMatrix', 'TektonCombination', 'TektonRunSpec'],
    ...['TektonPipelineRunProps', 'TektonTriggerBindingProps', 'TektonTriggerTemplateProps', 'TektonTemplateParam'],
    ...['TektonListenerTrigger', 'TektonEventListenerProps', 'TektonInterceptorServiceProps', 'TektonOverlay'],
    ...['TektonBackendProps', 'TektonSource', 'TektonForge'],
  ],
  'pipeline-definition.md': [
    ...['PipelineDefinitionProps', 'PipelineScopeOptions', 'PipelineStageOptions', 'ParallelStageOptions'],
    ...[
      'PipelineMatrixOptions',
      'PipelineAxis',
      'PipelineExclude',
      'PipelineInputOptions',
      'PipelineDefinitionChanges',
    ],
    ...['PodAgentOptions', 'DockerAgentOptions', 'DockerfileAgentOptions', 'NodeAgentOptions', 'BuildContainerOptions'],
    ...['ChangeRequestPattern', 'PatternComparator', 'PipelineParameterOptions', 'TextParameterOptions'],
    ...['FlagParameterOptions', 'BuildDiscarderOptions', 'UpstreamThreshold', 'SshKeyVariables', 'GitOptions'],
    ...['ShellOptions', 'BuildOptions', 'BuildTool', 'SonarScanOptions', 'QualityGateOptions', 'ImageBuildOptions'],
    ...['ImageTool', 'DeployOptions', 'StashOptions', 'ArchiveOptions', 'ApprovalOptions', 'JenkinsPlugins'],
    'PluginSymbol',
  ],
  'pipeline.md': ['PipelineProps', 'JenkinsfileProps'],
  'pipeline-templates.md': [
    ...['PipelineTemplateProps', 'ProjectTemplateProps', 'FrontEndTemplateProps', 'LibraryReleaseTemplateProps'],
    ...['ImageTemplateProps', 'PromotionTemplateProps', 'PromotionStage', 'MigrationTemplateProps', 'MigrationTool'],
    ...['DeliveryTemplateProps', 'TemplateRepository', 'TemplateImage', 'TemplateSonar', 'TemplateDeployment'],
    'TemplateNotification',
  ],
  'kubesphere-devops.md': [
    ...['DevOpsProjectProps', 'DevOpsCredentialStore', 'BasicAuthOptions', 'SshKeyOptions', 'SecretTextOptions'],
    ...['KubeconfigOptions', 'DevOpsCredentialType', 'DevOpsPipelineProps', 'JenkinsfileEditMode', 'RunDiscarder'],
    ...['GenericWebhook', 'WebhookVariable', 'WebhookFilter', 'ScmWebhook', 'DevOpsRun', 'ScmRefType', 'RunAction'],
    ...['DevOpsSourceOptions', 'GitBranchOptions', 'GitSourceOptions', 'GitCloneOptions', 'HostedSourceOptions'],
    ...['GitHubSourceOptions', 'GitLabSourceOptions', 'BitbucketSourceOptions', 'SvnSourceOptions'],
    ...['SingleSvnSourceOptions', 'BranchDiscovery', 'PullRequestRevision', 'GitHubForkTrust', 'GitLabForkTrust'],
    ...['BitbucketForkTrust', 'DevOpsAgentProps', 'DevOpsTemplateProps', 'TemplateParameter'],
    ...['TemplateParameterType', 'DevOpsStepTemplateProps', 'StepParameter', 'StepParameterType', 'StepRuntime'],
    ...['DevOpsDeliveryProps', 'ArgoApplicationOptions', 'ArgoSource', 'FluxKustomizationOptions'],
    ...['FluxHelmReleaseOptions', 'FluxSource', 'FluxSourceKind', 'FluxDestination', 'ImageUpdates'],
    ...['SourceToImageProps', 'ImageSourceOptions', 'UploadedArtifactOptions', 'SourceToImageRun'],
    ...['SourceToImageTemplateProps', 'BuilderContainer'],
  ],
  'jenkins.md': [
    ...['JenkinsProps', 'JenkinsAgent', 'SharedLibrary', 'SonarServer', 'JenkinsSingleSignOn', 'JenkinsGroups'],
  ],
  'service-map.md': ['ServiceMapProps'],
  'logs.md': [
    ...['FluentBitProps', 'ElasticProps', 'LogSourceProps', 'AuditLogSource', 'MultilineStart', 'MultilineFormat'],
    ...['HotLifecycleProps', 'HotColdLifecycleProps', 'OpenSearchStoreProps', 'LogCredentials'],
    ...['ExistingIndexStoreProps', 'LogEndpoint', 'LokiStoreProps', 'LokiMode', 'S3Bucket', 'ElasticNodes'],
    ...['LogstashProps', 'LogRoute', 'KibanaProps', 'AuditPolicyProps', 'AuditRule', 'AuditResources', 'AuditLevel'],
    'AuditStage',
  ],
  'log-alerts.md': [
    ...['LogAlerts', 'LogAlertProps', 'LogFrequencyProps', 'LogFlatlineProps', 'LogSpikeProps', 'SpikeDirection'],
    ...['LogMetricProps', 'LogMetric', 'LogMetricSpikeProps', 'LogShareProps', 'LogCardinalityProps'],
    ...['LogNewTermProps', 'LogChangeProps', 'LogValuesProps'],
  ],
  'tracing.md': [
    ...['JaegerProps', 'BadgerStorageProps', 'JaegerIndexProps', 'OtlpStoreProps', 'SkyWalkingElasticsearch'],
    ...['SkyWalkingProps', 'SentryProps', 'TraceCollection', 'TraceKeeping', 'MeshTracing', 'KialiLogin', 'KialiProps'],
    'TracedLanguage',
  ],
  'rollout.md': [
    ...['RolloutProps', 'WaveProps', 'RolloutFailure', 'UnreachableClusters'],
    ...['HealthGateOptions', 'HttpGateOptions', 'PrometheusGateOptions'],
  ],
};

/** Folders whose structs have, field by field, what an API of somebody else has: each says it in its docstring, and a page would say it again. */
const MIRRORED = ['src/pods/', 'src/argo/', 'src/flagger/', 'src/istio/', 'src/kueue/', 'src/opentelemetry/'];

interface ApiType {
  readonly kind: string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string }[];
  readonly members?: readonly { readonly name: string }[];
  readonly datatype?: boolean;
  readonly locationInModule?: { readonly filename: string };
}

function apiTypes(): ApiType[] {
  const { types } = JSON.parse(fs.readFileSync('constructs/.jsii', 'utf8')) as { types: Record<string, ApiType> };
  return Object.values(types);
}

describe('the documentation of the constructs', { timeout: 30_000 }, () => {
  it('has a page for every construct, and explains every struct of the API', () => {
    expect(fs.readdirSync(PAGES).sort()).toEqual(Object.keys(EXPLAINED).sort());
    const structs = apiTypes().filter(
      ({ datatype, locationInModule }) =>
        datatype === true && !MIRRORED.some((folder) => locationInModule?.filename.startsWith(folder)),
    );
    expect(structs.map((type) => type.name).filter((name) => !Object.values(EXPLAINED).flat().includes(name))).toEqual(
      [],
    );
  });

  it('lists every page in the README of the package', () => {
    const readme = fs.readFileSync('constructs/README.md', 'utf8');
    expect(Object.keys(EXPLAINED).filter((page) => !readme.includes(`(../${PAGES}/${page})`))).toEqual([]);
  });

  it.each(Object.entries(EXPLAINED))('names every property in %s', (page, names) => {
    const text = fs.readFileSync(path.join(PAGES, page), 'utf8');
    const missing = names.flatMap((name) => {
      const type = apiTypes().find((candidate) => candidate.name === name);
      if (type === undefined) return [name];
      return [...(type.properties ?? []), ...(type.members ?? [])]
        .map((member) => member.name)
        .filter((member) => !text.includes(`\`${member}\``));
    });
    expect(missing).toEqual([]);
  });

  it.each(['constructs/README.md', ...Object.keys(EXPLAINED).map((page) => path.join(PAGES, page))])(
    'has an example that runs in %s',
    (page) => {
      const [, program] = /```ts\n(.*?)```/s.exec(fs.readFileSync(page, 'utf8')) ?? [];
      expect(program).toBeDefined();
      const folder = temporaryFolder();
      fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
      fs.writeFileSync(path.join(folder, 'main.ts'), program as string);
      const { CDK8S_OUTDIR: _cdk8s, ORRERY_OUTDIR: _orrery, NODE_OPTIONS: _options, ...env } = process.env;
      const { status, stderr } = spawnSync(process.execPath, ['main.ts'], { cwd: folder, env, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(new Assembly(path.join(folder, 'dist')).manifest.clusters.length).toBeGreaterThan(0);
    },
  );
});
