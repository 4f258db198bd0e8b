import type { SourceMetrics } from './source-metrics';

/** dcgm-exporter renamed Hostname to hostname in 2026-05: queries that group by it name both. */
const CARD = 'gpu UUID pci_bus_id device modelName Hostname hostname GPU_I_PROFILE GPU_I_ID DCGM_FI_DRIVER_VERSION';
const CARD_IN_USE = `${CARD} namespace pod container`;

/**
 * NVIDIA/dcgm-exporter etc/default-counters.csv; labels: internal/pkg/rendermetrics. Pods are named where Kubernetes maps them to devices, which is the exporter's default in its chart and in the
 * GPU operator.
 */
export const DCGM: SourceMetrics = {
  upstream: 'NVIDIA/dcgm-exporter etc/default-counters.csv',
  ownLabels: true,
  gauges: {
    DCGM_FI_DEV_DEC_UTIL: CARD_IN_USE,
    DCGM_FI_DEV_ENC_UTIL: CARD_IN_USE,
    DCGM_FI_DEV_FB_FREE: CARD_IN_USE,
    DCGM_FI_DEV_FB_RESERVED: CARD_IN_USE,
    DCGM_FI_DEV_FB_USED: CARD_IN_USE,
    DCGM_FI_DEV_GPU_TEMP: CARD_IN_USE,
    DCGM_FI_DEV_GPU_UTIL: CARD_IN_USE,
    DCGM_FI_DEV_MEMORY_TEMP: CARD_IN_USE,
    DCGM_FI_DEV_MEM_CLOCK: CARD_IN_USE,
    DCGM_FI_DEV_MEM_COPY_UTIL: CARD_IN_USE,
    DCGM_FI_DEV_POWER_USAGE: CARD_IN_USE,
    DCGM_FI_DEV_ROW_REMAP_FAILURE: CARD_IN_USE,
    DCGM_FI_DEV_SM_CLOCK: CARD_IN_USE,
    DCGM_FI_DEV_VGPU_LICENSE_STATUS: CARD_IN_USE,
    DCGM_FI_DEV_XID_ERRORS: `${CARD_IN_USE} err_code err_msg`,
    DCGM_FI_PROF_DRAM_ACTIVE: CARD_IN_USE,
    DCGM_FI_PROF_GR_ENGINE_ACTIVE: CARD_IN_USE,
    DCGM_FI_PROF_PCIE_RX_BYTES: CARD_IN_USE,
    DCGM_FI_PROF_PCIE_TX_BYTES: CARD_IN_USE,
    DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: CARD_IN_USE,
  },
  counters: {
    DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS: CARD_IN_USE,
    DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL: CARD_IN_USE,
    DCGM_FI_DEV_PCIE_REPLAY_COUNTER: CARD_IN_USE,
    DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: CARD_IN_USE,
    DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS: CARD_IN_USE,
  },
};

const HAMI_CARD = 'node device_uuid device_index device_type zone';
const HAMI_SHARE = 'namespace node pod container_index device_uuid zone';
const HAMI_IN_CONTAINER = 'namespace pod container vdevice_index device_uuid zone';

/** Project-HAMi/HAMi cmd/scheduler/metrics.go (what is given away) and cmd/vGPUmonitor/metrics.go (what is used); core ratios are 0 to 100. */
export const HAMI: SourceMetrics = {
  upstream: 'Project-HAMi/HAMi cmd/scheduler/metrics.go, cmd/vGPUmonitor/metrics.go',
  ownLabels: true,
  gauges: {
    hami_container_device_memory_bytes: HAMI_IN_CONTAINER,
    hami_container_device_utilization_ratio: HAMI_IN_CONTAINER,
    hami_container_last_kernel_elapsed_seconds: HAMI_IN_CONTAINER,
    hami_gpu_core_allocated_ratio: HAMI_CARD,
    hami_gpu_core_limit_ratio: HAMI_CARD,
    hami_gpu_memory_allocated_bytes: `${HAMI_CARD} device_cores`,
    hami_gpu_memory_limit_bytes: HAMI_CARD,
    hami_gpu_shared_count: HAMI_CARD,
    hami_host_gpu_memory_used_bytes: HAMI_CARD,
    hami_host_gpu_utilization_ratio: HAMI_CARD,
    hami_node_gpu_memory_allocated_ratio: 'node device_uuid device_index zone',
    hami_node_gpu_mig_instance_info: 'node device_uuid device_index mig_name zone',
    hami_node_gpu_overview: `${HAMI_CARD} device_cores device_memory_limit`,
    hami_resource_quota_used: 'namespace quota_name limit zone',
    hami_vgpu_core_allocated_ratio: HAMI_SHARE,
    hami_vgpu_memory_allocated_bytes: HAMI_SHARE,
    hami_vgpu_memory_limit_bytes: HAMI_IN_CONTAINER,
    hami_vgpu_memory_used_bytes: HAMI_IN_CONTAINER,
  },
};

const QUEUE = 'cluster_queue replica_role';
const QUOTA = 'cohort cluster_queue flavor resource replica_role';

/**
 * kubernetes-sigs/kueue site/content/en/docs/reference/metrics.md. Quota and use are exposed with `metrics.enableClusterQueueResources: true` in its configuration.
 */
export const KUEUE: SourceMetrics = {
  upstream: 'kubernetes-sigs/kueue site/content/en/docs/reference/metrics.md',
  gauges: {
    kueue_admitted_active_workloads: QUEUE,
    kueue_cluster_queue_borrowing_limit: QUOTA,
    kueue_cluster_queue_lending_limit: QUOTA,
    kueue_cluster_queue_nominal_quota: QUOTA,
    kueue_cluster_queue_resource_reservation: QUOTA,
    kueue_cluster_queue_resource_usage: QUOTA,
    kueue_cluster_queue_status: `${QUEUE} status`,
    kueue_cluster_queue_weighted_share: `${QUEUE} cohort`,
    kueue_pending_workloads: `${QUEUE} status`,
    kueue_reserving_active_workloads: QUEUE,
  },
  counters: {
    kueue_admission_attempts_total: 'result replica_role',
    kueue_admitted_workloads_total: QUEUE,
    kueue_evicted_workloads_total: `${QUEUE} reason`,
    kueue_preempted_workloads_total: 'preempting_cluster_queue reason replica_role',
    kueue_quota_reserved_workloads_total: QUEUE,
  },
  histograms: {
    kueue_admission_attempt_duration_seconds: 'result replica_role',
    kueue_admission_checks_wait_time_seconds: QUEUE,
    kueue_admission_wait_time_seconds: QUEUE,
    kueue_quota_reserved_wait_time_seconds: QUEUE,
  },
};

const MODEL = 'model_name engine';

/** vllm-project/vllm docs/usage/metrics.md and vllm/v1/metrics/loggers.py. */
export const VLLM: SourceMetrics = {
  upstream: 'vllm-project/vllm vllm/v1/metrics/loggers.py',
  gauges: {
    'vllm:kv_cache_usage_perc': MODEL,
    'vllm:num_requests_running': MODEL,
    'vllm:num_requests_waiting': MODEL,
  },
  counters: {
    'vllm:generation_tokens_total': MODEL,
    'vllm:num_preemptions_total': MODEL,
    'vllm:prefix_cache_hits_total': MODEL,
    'vllm:prefix_cache_queries_total': MODEL,
    'vllm:prompt_tokens_total': MODEL,
    'vllm:request_success_total': `${MODEL} finished_reason`,
  },
  histograms: {
    'vllm:e2e_request_latency_seconds': MODEL,
    'vllm:inter_token_latency_seconds': MODEL,
    'vllm:request_generation_tokens': MODEL,
    'vllm:request_prompt_tokens': MODEL,
    'vllm:request_queue_time_seconds': MODEL,
    'vllm:time_to_first_token_seconds': MODEL,
  },
};
