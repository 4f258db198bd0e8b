import type { SourceMetrics } from './source-metrics';

const REQUEST =
  'reporter source_workload source_workload_namespace source_principal source_app source_version source_cluster source_canonical_service source_canonical_revision destination_workload destination_workload_namespace destination_principal destination_app destination_version destination_cluster destination_service destination_service_name destination_service_namespace destination_canonical_service destination_canonical_revision request_protocol response_code response_flags grpc_response_status connection_security_policy';
const CONNECTION = REQUEST.replace(' response_code', '').replace(' grpc_response_status', '');

/** istio/istio.io content/en/docs/reference/config/metrics/index.md. */
export const ISTIO: SourceMetrics = {
  upstream: 'istio/istio.io content/en/docs/reference/config/metrics/index.md',
  gauges: {
    pilot_xds: 'type version',
  },
  counters: {
    istio_request_messages_total: REQUEST,
    istio_requests_total: REQUEST,
    istio_response_messages_total: REQUEST,
    istio_tcp_connections_closed_total: CONNECTION,
    istio_tcp_connections_opened_total: CONNECTION,
    istio_tcp_received_bytes_total: CONNECTION,
    istio_tcp_sent_bytes_total: CONNECTION,
    pilot_xds_pushes: 'type',
    pilot_total_xds_rejects: 'type',
  },
  histograms: {
    istio_request_bytes: REQUEST,
    istio_request_duration_milliseconds: REQUEST,
    istio_response_bytes: REQUEST,
    pilot_proxy_convergence_time: '',
  },
};

/** argoproj/argo-rollouts controller/metrics/prommetrics.go. */
export const ARGO_ROLLOUTS: SourceMetrics = {
  upstream: 'argoproj/argo-rollouts controller/metrics/prommetrics.go',
  ownLabels: true,
  gauges: {
    analysis_run_info: 'namespace name phase',
    analysis_run_metric_phase: 'namespace name metric type dry_run phase',
    analysis_run_metric_type: 'namespace name metric type',
    experiment_info: 'namespace name phase',
    rollout_info: 'namespace name strategy traffic_router phase',
    rollout_info_replicas_available: 'namespace name',
    rollout_info_replicas_desired: 'namespace name',
    rollout_info_replicas_unavailable: 'namespace name',
    rollout_info_replicas_updated: 'namespace name',
  },
  counters: {
    rollout_events_total: 'namespace name type reason',
    rollout_reconcile_error: 'namespace name',
  },
  histograms: {
    analysis_run_reconcile: 'namespace name',
    rollout_reconcile: 'namespace name',
  },
};

/** fluxcd/flagger pkg/metrics/recorder.go. Of flagger_canary_status 0 is running, 1 succeeded, 2 failed. */
export const FLAGGER: SourceMetrics = {
  upstream: 'fluxcd/flagger pkg/metrics/recorder.go',
  ownLabels: true,
  gauges: {
    flagger_canary_metric_analysis: 'name namespace metric',
    flagger_canary_status: 'name namespace',
    flagger_canary_total: 'namespace',
    flagger_canary_weight: 'workload namespace',
    flagger_info: 'version mesh_provider',
  },
  counters: {
    flagger_canary_failures_total: 'name namespace deployment_strategy analysis_status',
    flagger_canary_successes_total: 'name namespace deployment_strategy analysis_status',
  },
  histograms: {
    flagger_canary_duration_seconds: 'name namespace',
  },
};

const JOB = 'jenkins_job repo';
const LAST_BUILD = 'jenkins_job repo buildable number';

/**
 * jenkinsci/prometheus-plugin docs/metrics/index.md; counters end with `_total` as its client library writes them. Of last_build_result_ordinal 0 is SUCCESS, 1 UNSTABLE, 2 FAILURE,
 * 3 NOT_BUILT, 4 ABORTED.
 */
export const JENKINS: SourceMetrics = {
  upstream: 'jenkinsci/prometheus-plugin docs/metrics/index.md',
  gauges: {
    default_jenkins_builds_available_builds_count: JOB,
    default_jenkins_builds_health_score: JOB,
    default_jenkins_builds_last_build_duration_milliseconds: LAST_BUILD,
    default_jenkins_builds_last_build_result: LAST_BUILD,
    default_jenkins_builds_last_build_result_ordinal: LAST_BUILD,
    default_jenkins_builds_last_build_start_time_milliseconds: LAST_BUILD,
    default_jenkins_builds_last_build_tests_failing: LAST_BUILD,
    default_jenkins_builds_last_build_tests_total: LAST_BUILD,
    default_jenkins_builds_running_build_duration_milliseconds: JOB,
    default_jenkins_disk_usage_bytes: 'file_store directory',
    default_jenkins_executors_available: 'label',
    default_jenkins_executors_busy: 'label',
    default_jenkins_executors_defined: 'label',
    default_jenkins_executors_idle: 'label',
    default_jenkins_executors_online: 'label',
    default_jenkins_executors_queue_length: 'label',
    default_jenkins_nodes_online: 'node',
    default_jenkins_up: '',
    default_jenkins_uptime: '',
  },
  counters: {
    default_jenkins_builds_failed_build_count_total: JOB,
    default_jenkins_builds_success_build_count_total: JOB,
  },
  summaries: {
    default_jenkins_builds_duration_milliseconds_summary: `${JOB} quantile`,
    default_jenkins_builds_last_stage_duration_milliseconds_summary: `${JOB} stage quantile`,
    default_jenkins_builds_queueing_time_milliseconds_summary: `${JOB} quantile`,
  },
};

/** tektoncd/pipeline docs/metrics.md, with the levels that config-observability has from the start: histograms of pipelines and tasks. */
export const TEKTON: SourceMetrics = {
  upstream: 'tektoncd/pipeline docs/metrics.md',
  ownLabels: true,
  gauges: {
    tekton_pipelines_controller_running_pipelineruns: '',
    tekton_pipelines_controller_running_pipelineruns_waiting_on_pipeline_resolution: '',
    tekton_pipelines_controller_running_pipelineruns_waiting_on_task_resolution: '',
    tekton_pipelines_controller_running_taskruns: '',
    tekton_pipelines_controller_running_taskruns_throttled_by_node: 'namespace',
    tekton_pipelines_controller_running_taskruns_throttled_by_quota: 'namespace',
    tekton_pipelines_controller_taskruns_pod_latency_milliseconds: 'namespace pod task',
  },
  counters: {
    tekton_pipelines_controller_pipelinerun_total: 'status',
    tekton_pipelines_controller_taskrun_total: 'status',
  },
  histograms: {
    tekton_pipelines_controller_client_latency: '',
    tekton_pipelines_controller_pipelinerun_duration_seconds: 'namespace pipeline status',
    tekton_pipelines_controller_pipelinerun_taskrun_duration_seconds: 'namespace pipeline task status',
    tekton_pipelines_controller_taskrun_duration_seconds: 'namespace task status',
  },
};

const PRICED_NODE = 'node instance_type region provider_id arch';

/** opencost/opencost docs of its metrics and pkg/costmodel/metrics.go. Prices are for an hour; memory and volumes by GiB. */
export const OPENCOST: SourceMetrics = {
  upstream: 'opencost/opencost pkg/costmodel/metrics.go',
  ownLabels: true,
  gauges: {
    container_cpu_allocation: 'namespace pod container node',
    container_gpu_allocation: 'namespace pod container node',
    container_memory_allocation_bytes: 'namespace pod container node',
    kubecost_cluster_management_cost: 'provisioner_name',
    kubecost_load_balancer_cost: 'namespace service_name ingress_ip',
    kubecost_node_is_spot: PRICED_NODE,
    node_cpu_hourly_cost: PRICED_NODE,
    node_gpu_count: PRICED_NODE,
    node_gpu_hourly_cost: PRICED_NODE,
    node_ram_hourly_cost: PRICED_NODE,
    node_total_hourly_cost: PRICED_NODE,
    pod_pvc_allocation: 'namespace pod persistentvolume persistentvolumeclaim',
    pv_hourly_cost: 'persistentvolume volumename provider_id',
  },
};
