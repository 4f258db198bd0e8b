import type { SourceMetrics } from './source-metrics';

const POD = 'namespace pod uid';
const CONTAINER = 'namespace pod container uid';
const WORKLOAD = 'namespace';

/** kubernetes/kube-state-metrics docs/metrics; what needs an opt-in is left out. */
export const KUBE_STATE_METRICS: SourceMetrics = {
  upstream: 'kubernetes/kube-state-metrics docs/metrics',
  ownLabels: true,
  gauges: {
    kube_namespace_created: 'namespace',
    kube_namespace_status_phase: 'namespace phase',
    kube_node_created: 'node',
    kube_node_info: 'node kernel_version os_image container_runtime_version kubelet_version provider_id internal_ip',
    kube_node_spec_taint: 'node key value effect',
    kube_node_spec_unschedulable: 'node',
    kube_node_status_allocatable: 'node resource unit',
    kube_node_status_capacity: 'node resource unit',
    kube_node_status_condition: 'node condition status',
    kube_pod_container_info: `${CONTAINER} image image_id image_spec container_id`,
    kube_pod_container_resource_limits: `${CONTAINER} node resource unit`,
    kube_pod_container_resource_requests: `${CONTAINER} node resource unit`,
    kube_pod_container_state_started: CONTAINER,
    kube_pod_container_status_last_terminated_reason: `${CONTAINER} reason`,
    kube_pod_container_status_ready: CONTAINER,
    kube_pod_container_status_running: CONTAINER,
    kube_pod_container_status_terminated: CONTAINER,
    kube_pod_container_status_waiting: CONTAINER,
    kube_pod_container_status_waiting_reason: `${CONTAINER} reason`,
    kube_pod_created: POD,
    kube_pod_info: `${POD} host_ip pod_ip node created_by_kind created_by_name priority_class host_network`,
    kube_pod_owner: `${POD} owner_kind owner_name owner_is_controller`,
    kube_pod_spec_volumes_persistentvolumeclaims_info: `${POD} volume persistentvolumeclaim`,
    kube_pod_start_time: POD,
    kube_pod_status_phase: `${POD} phase`,
    kube_pod_status_ready: `${POD} condition`,
    kube_pod_status_reason: `${POD} reason`,
    kube_pod_status_scheduled: `${POD} condition`,
    kube_pod_status_unschedulable: POD,
    kube_deployment_created: `${WORKLOAD} deployment`,
    kube_deployment_metadata_generation: `${WORKLOAD} deployment`,
    kube_deployment_spec_paused: `${WORKLOAD} deployment`,
    kube_deployment_spec_replicas: `${WORKLOAD} deployment`,
    kube_deployment_status_condition: `${WORKLOAD} deployment condition status reason`,
    kube_deployment_status_observed_generation: `${WORKLOAD} deployment`,
    kube_deployment_status_replicas: `${WORKLOAD} deployment`,
    kube_deployment_status_replicas_available: `${WORKLOAD} deployment`,
    kube_deployment_status_replicas_ready: `${WORKLOAD} deployment`,
    kube_deployment_status_replicas_unavailable: `${WORKLOAD} deployment`,
    kube_deployment_status_replicas_updated: `${WORKLOAD} deployment`,
    kube_replicaset_owner: `${WORKLOAD} replicaset owner_kind owner_name owner_is_controller`,
    kube_statefulset_created: `${WORKLOAD} statefulset`,
    kube_statefulset_replicas: `${WORKLOAD} statefulset`,
    kube_statefulset_status_replicas: `${WORKLOAD} statefulset`,
    kube_statefulset_status_replicas_available: `${WORKLOAD} statefulset`,
    kube_statefulset_status_replicas_ready: `${WORKLOAD} statefulset`,
    kube_statefulset_status_replicas_updated: `${WORKLOAD} statefulset`,
    kube_daemonset_status_current_number_scheduled: `${WORKLOAD} daemonset`,
    kube_daemonset_status_desired_number_scheduled: `${WORKLOAD} daemonset`,
    kube_daemonset_status_number_available: `${WORKLOAD} daemonset`,
    kube_daemonset_status_number_misscheduled: `${WORKLOAD} daemonset`,
    kube_daemonset_status_number_ready: `${WORKLOAD} daemonset`,
    kube_daemonset_status_number_unavailable: `${WORKLOAD} daemonset`,
    kube_horizontalpodautoscaler_spec_max_replicas: `${WORKLOAD} horizontalpodautoscaler`,
    kube_horizontalpodautoscaler_spec_min_replicas: `${WORKLOAD} horizontalpodautoscaler`,
    kube_horizontalpodautoscaler_status_condition: `${WORKLOAD} horizontalpodautoscaler condition status`,
    kube_horizontalpodautoscaler_status_current_replicas: `${WORKLOAD} horizontalpodautoscaler`,
    kube_horizontalpodautoscaler_status_desired_replicas: `${WORKLOAD} horizontalpodautoscaler`,
    kube_job_status_active: `${WORKLOAD} job_name`,
    kube_job_status_failed: `${WORKLOAD} job_name reason`,
    kube_job_status_succeeded: `${WORKLOAD} job_name`,
    kube_cronjob_status_last_successful_time: `${WORKLOAD} cronjob`,
    kube_persistentvolumeclaim_resource_requests_storage_bytes: `${WORKLOAD} persistentvolumeclaim`,
    kube_persistentvolumeclaim_status_phase: `${WORKLOAD} persistentvolumeclaim phase`,
    kube_persistentvolume_status_phase: 'persistentvolume phase',
    kube_poddisruptionbudget_status_current_healthy: `${WORKLOAD} poddisruptionbudget`,
    kube_poddisruptionbudget_status_desired_healthy: `${WORKLOAD} poddisruptionbudget`,
    kube_poddisruptionbudget_status_pod_disruptions_allowed: `${WORKLOAD} poddisruptionbudget`,
    kube_resourcequota: `${WORKLOAD} resourcequota resource type`,
    kube_service_info: `${WORKLOAD} service cluster_ip external_name load_balancer_ip uid`,
  },
  counters: {
    kube_pod_container_status_restarts_total: CONTAINER,
  },
};

const CADVISOR_CONTAINER = 'namespace pod container image id name node metrics_path';
const CADVISOR_POD = 'namespace pod interface id image name node metrics_path';

/**
 * google/cadvisor docs/storage/prometheus.md, as a kubelet exposes them at /metrics/cadvisor, without what the chart drops (kube-prometheus-stack
 * kubelet.serviceMonitor.cAdvisorMetricRelabelings): series of no pod, container_spec_…, throttled seconds. `node` is put there by the operator, which names the target of each address.
 */
export const CADVISOR: SourceMetrics = {
  upstream: 'google/cadvisor docs/storage/prometheus.md',
  ownLabels: true,
  gauges: {
    container_memory_cache: CADVISOR_CONTAINER,
    container_memory_rss: CADVISOR_CONTAINER,
    container_memory_usage_bytes: CADVISOR_CONTAINER,
    container_memory_working_set_bytes: CADVISOR_CONTAINER,
    container_fs_usage_bytes: `${CADVISOR_CONTAINER} device`,
    container_start_time_seconds: CADVISOR_CONTAINER,
  },
  counters: {
    container_cpu_cfs_periods_total: CADVISOR_CONTAINER,
    container_cpu_cfs_throttled_periods_total: CADVISOR_CONTAINER,
    container_cpu_usage_seconds_total: `${CADVISOR_CONTAINER} cpu`,
    container_fs_reads_bytes_total: `${CADVISOR_CONTAINER} device`,
    container_fs_writes_bytes_total: `${CADVISOR_CONTAINER} device`,
    container_network_receive_bytes_total: CADVISOR_POD,
    container_network_receive_packets_dropped_total: CADVISOR_POD,
    container_network_transmit_bytes_total: CADVISOR_POD,
    container_network_transmit_packets_dropped_total: CADVISOR_POD,
    container_oom_events_total: CADVISOR_CONTAINER,
  },
};

/** kubernetes/kubernetes pkg/kubelet/metrics/metrics.go and pkg/kubelet/metrics/collectors/volume_stats.go. */
export const KUBELET: SourceMetrics = {
  upstream: 'kubernetes/kubernetes pkg/kubelet/metrics/metrics.go',
  ownLabels: true,
  gauges: {
    kubelet_node_name: 'node metrics_path',
    kubelet_running_containers: 'container_state node metrics_path',
    kubelet_running_pods: 'node metrics_path',
    kubelet_volume_stats_available_bytes: 'namespace persistentvolumeclaim node metrics_path',
    kubelet_volume_stats_capacity_bytes: 'namespace persistentvolumeclaim node metrics_path',
    kubelet_volume_stats_inodes: 'namespace persistentvolumeclaim node metrics_path',
    kubelet_volume_stats_inodes_used: 'namespace persistentvolumeclaim node metrics_path',
    kubelet_volume_stats_used_bytes: 'namespace persistentvolumeclaim node metrics_path',
  },
  counters: {
    kubelet_evictions: 'eviction_signal node metrics_path',
    kubelet_runtime_operations_errors_total: 'operation_type node metrics_path',
    kubelet_runtime_operations_total: 'operation_type node metrics_path',
  },
  histograms: {
    kubelet_pleg_relist_duration_seconds: 'node metrics_path',
    kubelet_pod_start_duration_seconds: 'node metrics_path',
    kubelet_pod_worker_duration_seconds: 'operation_type node metrics_path',
  },
};

/** kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/metrics/metrics.go. */
export const KUBE_APISERVER: SourceMetrics = {
  upstream: 'kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/metrics/metrics.go',
  gauges: {
    apiserver_current_inflight_requests: 'request_kind',
    apiserver_storage_objects: 'resource group',
  },
  counters: {
    apiserver_audit_error_total: 'plugin',
    apiserver_audit_event_total: '',
    apiserver_request_terminations_total: 'verb group version resource subresource scope component code',
    apiserver_request_total: 'verb dry_run group version resource subresource scope component code',
  },
  histograms: {
    apiserver_request_duration_seconds: 'verb dry_run group version resource subresource scope component',
    apiserver_request_sli_duration_seconds: 'verb group version resource subresource scope component',
  },
};

/** prometheus/node_exporter collector/fixtures/e2e-output.txt. A node is known by `instance`; node_uname_info tells its name. */
export const NODE_EXPORTER: SourceMetrics = {
  upstream: 'prometheus/node_exporter collector/fixtures/e2e-output.txt',
  gauges: {
    node_boot_time_seconds: '',
    node_filesystem_avail_bytes: 'device fstype mountpoint device_error',
    node_filesystem_files: 'device fstype mountpoint device_error',
    node_filesystem_files_free: 'device fstype mountpoint device_error',
    node_filesystem_free_bytes: 'device fstype mountpoint device_error',
    node_filesystem_readonly: 'device fstype mountpoint device_error',
    node_filesystem_size_bytes: 'device fstype mountpoint device_error',
    node_load1: '',
    node_load15: '',
    node_load5: '',
    node_memory_Buffers_bytes: '',
    node_memory_Cached_bytes: '',
    node_memory_MemAvailable_bytes: '',
    node_memory_MemFree_bytes: '',
    node_memory_MemTotal_bytes: '',
    node_network_up: 'device',
    node_nf_conntrack_entries: '',
    node_nf_conntrack_entries_limit: '',
    node_time_seconds: '',
    node_timex_offset_seconds: '',
    node_timex_sync_status: '',
    node_uname_info: 'domainname machine nodename release sysname version',
  },
  counters: {
    node_cpu_seconds_total: 'cpu mode',
    node_disk_io_time_seconds_total: 'device',
    node_disk_read_bytes_total: 'device',
    node_disk_written_bytes_total: 'device',
    node_network_receive_bytes_total: 'device',
    node_network_receive_errs_total: 'device',
    node_network_transmit_bytes_total: 'device',
    node_network_transmit_errs_total: 'device',
    node_pressure_cpu_waiting_seconds_total: '',
    node_pressure_io_stalled_seconds_total: '',
    node_pressure_memory_stalled_seconds_total: '',
    node_vmstat_oom_kill: '',
    node_vmstat_pgmajfault: '',
  },
};
