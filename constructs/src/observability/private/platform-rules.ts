import type { Rule, RuleGroup } from './slo-rules';

/** An alert about the platform itself, before a runbook is known. */
interface Told {
  readonly alert: string;
  readonly severity: 'page' | 'ticket';
  readonly expr: string;
  readonly for: string;
  readonly summary: string;
  readonly description: string;
}

/** Filesystems that hold nothing of nodes (memory, layers of containers) are left out. */
const DISK = '{fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660"}';

const NODES: readonly Told[] = [
  {
    alert: 'NodeNotReady',
    severity: 'page',
    expr: 'max by (cluster, node) (kube_node_status_condition{condition="Ready",status="true"}) == 0',
    for: '10m',
    summary: 'Node {{ $labels.node }} is not ready.',
    description: 'Its kubelet says so or is silent; pods on it are moved elsewhere where they can be.',
  },
  {
    alert: 'NodeUnderPressure',
    severity: 'ticket',
    expr: 'max by (cluster, node, condition) (kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure",status="true"}) == 1',
    for: '10m',
    summary: 'Node {{ $labels.node }} has {{ $labels.condition }}.',
    description: 'The kubelet evicts pods until there is room again.',
  },
  {
    alert: 'NodeDiskNearlyFull',
    severity: 'ticket',
    expr: `max by (cluster, instance, device) (1 - node_filesystem_avail_bytes${DISK} / node_filesystem_size_bytes${DISK}) > 0.85`,
    for: '30m',
    summary: 'A disk of {{ $labels.instance }} is nearly full.',
    description: '{{ $value | humanizePercentage }} of {{ $labels.device }} are used.',
  },
  {
    alert: 'NodeMemorySaturated',
    severity: 'ticket',
    expr: 'max by (cluster, instance) (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > 0.95',
    for: '15m',
    summary: 'The memory of {{ $labels.instance }} is used up.',
    description: '{{ $value | humanizePercentage }} are used.',
  },
  {
    alert: 'NodeCpuSaturated',
    severity: 'ticket',
    expr: '1 - avg by (cluster, instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.95',
    for: '30m',
    summary: 'The CPU of {{ $labels.instance }} is used up.',
    description: '{{ $value | humanizePercentage }} are used.',
  },
];

const each = (label: string, metric: string) => `max by (cluster, namespace, ${label}) (${metric})`;

const WORKLOADS: readonly Told[] = [
  {
    alert: 'PodCrashLoop',
    severity: 'ticket',
    expr: `${each('pod, container', 'max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m])')} > 0`,
    for: '10m',
    summary: 'Pod {{ $labels.namespace }}/{{ $labels.pod }} crashes again and again.',
    description: 'Container {{ $labels.container }} waits to be started again.',
  },
  ...(
    [
      ['deployment', 'Deployment', 'kube_deployment_spec_replicas', 'kube_deployment_status_replicas_available'],
      ['statefulset', 'StatefulSet', 'kube_statefulset_replicas', 'kube_statefulset_status_replicas_available'],
      [
        'daemonset',
        'DaemonSet',
        'kube_daemonset_status_desired_number_scheduled',
        'kube_daemonset_status_number_available',
      ],
    ] as const
  ).map(
    ([label, kind, wanted, available]): Told => ({
      alert: `${kind}PodsMissing`,
      severity: 'ticket',
      expr: `${each(label, wanted)} - ${each(label, available)} > 0`,
      for: '30m',
      summary: `${kind} {{ $labels.namespace }}/{{ $labels.${label} }} has fewer pods than it shall have.`,
      description: '{{ $value }} are not available.',
    }),
  ),
  {
    alert: 'AutoscalerAtMaximum',
    severity: 'ticket',
    expr: `${each('horizontalpodautoscaler', 'kube_horizontalpodautoscaler_status_current_replicas')} >= ${each('horizontalpodautoscaler', 'kube_horizontalpodautoscaler_spec_max_replicas')}\nand\n${each('horizontalpodautoscaler', 'kube_horizontalpodautoscaler_spec_max_replicas')} > ${each('horizontalpodautoscaler', 'kube_horizontalpodautoscaler_spec_min_replicas')}`,
    for: '30m',
    summary: 'Autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} cannot make more pods.',
    description: 'It has {{ $value }}, the most that it may make.',
  },
  {
    alert: 'VolumeNearlyFull',
    severity: 'ticket',
    expr: `1 - ${each('persistentvolumeclaim', 'kubelet_volume_stats_available_bytes')} / ${each('persistentvolumeclaim', 'kubelet_volume_stats_capacity_bytes')} > 0.85`,
    for: '15m',
    summary: 'Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is nearly full.',
    description: '{{ $value | humanizePercentage }} are used.',
  },
  {
    alert: 'QuotaNearlyUsed',
    severity: 'ticket',
    expr: `${each('resourcequota, resource', 'kube_resourcequota{type="used"}')} / (${each('resourcequota, resource', 'kube_resourcequota{type="hard"}')} > 0) > 0.9`,
    for: '15m',
    summary: 'Namespace {{ $labels.namespace }} has nearly used its quota of {{ $labels.resource }}.',
    description: '{{ $value | humanizePercentage }} of {{ $labels.resourcequota }} are used.',
  },
  {
    alert: 'JobFailed',
    severity: 'ticket',
    expr: `${each('job_name', 'kube_job_status_failed')} > 0\nunless\n${each('job_name', 'kube_job_status_succeeded')} > 0`,
    for: '15m',
    summary: 'Job {{ $labels.namespace }}/{{ $labels.job_name }} failed.',
    description: '{{ $value }} pods of it failed, and none succeeded.',
  },
];

const CERTIFICATES: readonly Told[] = (
  [
    ['ticket', 21],
    ['page', 3],
  ] as const
).map(([severity, days]) => ({
  alert: 'CertificateExpires',
  severity,
  expr: `(${'min by (cluster, namespace, name) (certmanager_certificate_expiration_timestamp_seconds)'} - time()) / 86400 < ${days}`,
  for: '1h',
  summary: 'Certificate {{ $labels.namespace }}/{{ $labels.name }} expires soon, and was not renewed.',
  description: '{{ $value | humanize }} days are left.',
}));

const ENGINE: readonly Told[] = [
  {
    alert: 'TargetsDown',
    severity: 'ticket',
    expr: '1 - avg by (cluster, namespace, job) (up) > 0.1',
    for: '15m',
    summary: 'Prometheus cannot scrape {{ $labels.job }}.',
    description: '{{ $value | humanizePercentage }} of its targets do not answer.',
  },
  {
    alert: 'RulesFail',
    severity: 'ticket',
    expr: 'max by (cluster, rule_group) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0',
    for: '15m',
    summary: 'Rules of Prometheus fail: {{ $labels.rule_group }}.',
    description: 'What they would tell is not told.',
  },
  {
    alert: 'AlertsNotSent',
    severity: 'ticket',
    expr: 'max by (cluster, alertmanager) (rate(prometheus_notifications_errors_total[5m]) / (rate(prometheus_notifications_sent_total[5m]) > 0)) > 0.01',
    for: '15m',
    summary: 'Prometheus cannot send alerts to {{ $labels.alertmanager }}.',
    description: '{{ $value | humanizePercentage }} get lost.',
  },
  {
    alert: 'NotificationsFail',
    severity: 'page',
    expr: 'sum by (cluster, integration) (rate(alertmanager_notifications_failed_total[5m])) / (sum by (cluster, integration) (rate(alertmanager_notifications_total[5m])) > 0) > 0.1',
    for: '10m',
    summary: 'Notifications by {{ $labels.integration }} do not arrive.',
    description: '{{ $value | humanizePercentage }} of those of the last 5 minutes failed.',
  },
  {
    alert: 'ConfigurationNotLoaded',
    severity: 'ticket',
    expr: 'min by (cluster, job, instance) ({__name__=~"prometheus_config_last_reload_successful|alertmanager_config_last_reload_successful"}) == 0',
    for: '10m',
    summary: 'A new configuration of {{ $labels.instance }} was not loaded.',
    description: 'It goes on with the last one that was right.',
  },
];

/** Groups of the platform's own alerts, by what they are about. */
export const PLATFORM_TOPICS = ['nodes', 'workloads', 'certificates', 'engine'] as const;
export type PlatformTopic = (typeof PLATFORM_TOPICS)[number];

const TOLD: { readonly [K in PlatformTopic]: readonly Told[] } = {
  nodes: NODES,
  workloads: WORKLOADS,
  certificates: CERTIFICATES,
  engine: ENGINE,
};

/**
 * Rules about a platform.
 * @param runbooks address of what to do: the name of the alert is put behind it
 */
export function platformGroups(topics: readonly PlatformTopic[], runbooks: string | undefined): RuleGroup[] {
  return topics.map((topic) => ({
    name: `platform-${topic}`,
    rules: TOLD[topic].map((told) => ruleOf(told, runbooks)),
  }));
}

function ruleOf(
  { alert, severity, expr, for: pending, summary, description }: Told,
  runbooks: string | undefined,
): Rule {
  const annotations = {
    summary,
    description,
    ...(runbooks === undefined ? {} : { runbook_url: `${runbooks}${alert}` }),
  };
  return { alert, expr, for: pending, labels: { severity }, annotations };
}
