import type { SourceMetrics } from './source-metrics';

/** prometheus/prometheus: tsdb, scrape, rules, notifier and storage/remote, the metrics that each registers. */
export const PROMETHEUS: SourceMetrics = {
  upstream: 'prometheus/prometheus documentation/prometheus-mixin, tsdb/head.go, storage/remote/queue_manager.go',
  gauges: {
    prometheus_config_last_reload_successful: '',
    prometheus_notifications_queue_capacity: '',
    prometheus_notifications_queue_length: '',
    prometheus_remote_storage_highest_timestamp_in_seconds: '',
    prometheus_remote_storage_queue_highest_sent_timestamp_seconds: 'remote_name url',
    prometheus_remote_storage_samples_pending: 'remote_name url',
    prometheus_remote_storage_shards: 'remote_name url',
    prometheus_remote_storage_shards_desired: 'remote_name url',
    prometheus_remote_storage_shards_max: 'remote_name url',
    prometheus_rule_group_interval_seconds: 'rule_group',
    prometheus_rule_group_last_duration_seconds: 'rule_group',
    prometheus_tsdb_head_chunks: '',
    prometheus_tsdb_head_series: '',
    prometheus_tsdb_storage_blocks_bytes: '',
  },
  counters: {
    prometheus_notifications_dropped_total: '',
    prometheus_notifications_errors_total: 'alertmanager',
    prometheus_notifications_sent_total: 'alertmanager',
    prometheus_remote_storage_samples_dropped_total: 'remote_name url reason',
    prometheus_remote_storage_samples_failed_total: 'remote_name url',
    prometheus_remote_storage_samples_retried_total: 'remote_name url',
    prometheus_remote_storage_samples_total: 'remote_name url',
    prometheus_rule_evaluation_failures_total: 'rule_group',
    prometheus_rule_evaluations_total: 'rule_group',
    prometheus_rule_group_iterations_missed_total: 'rule_group',
    prometheus_target_scrape_pool_exceeded_target_limit_total: '',
    prometheus_target_scrapes_exceeded_sample_limit_total: '',
    prometheus_tsdb_compactions_failed_total: '',
    prometheus_tsdb_head_samples_appended_total: 'type',
    prometheus_tsdb_reloads_failures_total: '',
  },
  histograms: { prometheus_tsdb_compaction_duration_seconds: '' },
  summaries: { prometheus_engine_query_duration_seconds: 'slice quantile' },
};

/** prometheus/alertmanager notify/notify.go, provider/mem, cluster. */
export const ALERTMANAGER: SourceMetrics = {
  upstream: 'prometheus/alertmanager notify/notify.go',
  gauges: {
    alertmanager_alerts: 'state',
    alertmanager_cluster_members: '',
    alertmanager_config_last_reload_successful: '',
    alertmanager_silences: 'state',
  },
  counters: {
    alertmanager_alerts_invalid_total: 'version',
    alertmanager_alerts_received_total: 'status version',
    alertmanager_notifications_failed_total: 'integration reason receiver_name',
    alertmanager_notifications_total: 'integration receiver_name',
  },
  histograms: { alertmanager_notification_latency_seconds: 'integration receiver_name' },
};

/** thanos-io/thanos mixin/: receive, query, store, compact and rule. */
export const THANOS: SourceMetrics = {
  upstream: 'thanos-io/thanos mixin',
  gauges: {
    thanos_compact_halted: '',
    thanos_objstore_bucket_last_successful_upload_time: 'bucket',
    thanos_receive_hashring_nodes: 'name',
    thanos_receive_hashring_tenants: 'name',
    thanos_rule_config_last_reload_successful: '',
    prometheus_tsdb_head_series: 'tenant',
  },
  counters: {
    http_requests_total: 'code handler method tenant',
    thanos_alert_sender_alerts_dropped_total: '',
    thanos_alert_sender_alerts_sent_total: 'alertmanager',
    thanos_compact_group_compactions_failures_total: '',
    thanos_compact_group_compactions_total: '',
    thanos_objstore_bucket_operation_failures_total: 'bucket operation',
    thanos_objstore_bucket_operations_total: 'bucket operation',
    thanos_receive_forward_requests_total: 'result',
    thanos_receive_replications_total: 'result',
    thanos_rule_evaluation_with_warnings_total: 'strategy',
  },
  histograms: {
    http_request_duration_seconds: 'code handler method tenant',
    thanos_objstore_bucket_operation_duration_seconds: 'bucket operation',
    thanos_receive_write_samples: 'code tenant',
    thanos_receive_write_timeseries: 'code tenant',
  },
};

/** grafana/grafana pkg/infra/metrics/metrics.go. */
export const GRAFANA: SourceMetrics = {
  upstream: 'grafana/grafana pkg/infra/metrics/metrics.go',
  gauges: { grafana_stat_totals_dashboard: '', grafana_stat_active_users: '' },
  histograms: { grafana_http_request_duration_seconds: 'handler method status_code status_source slo_group' },
};

/** fluent/fluent-bit-docs administration/monitoring.md (v2 metrics). */
export const FLUENT_BIT: SourceMetrics = {
  upstream: 'fluent/fluent-bit-docs administration/monitoring.md',
  gauges: { fluentbit_build_info: 'hostname version os' },
  counters: {
    fluentbit_filter_drop_records_total: 'name',
    fluentbit_input_bytes_total: 'name',
    fluentbit_input_records_total: 'name',
    fluentbit_output_dropped_records_total: 'name',
    fluentbit_output_errors_total: 'name',
    fluentbit_output_proc_bytes_total: 'name',
    fluentbit_output_proc_records_total: 'name',
    fluentbit_output_retried_records_total: 'name',
    fluentbit_output_retries_failed_total: 'name',
    fluentbit_output_retries_total: 'name',
  },
};

/** open-telemetry/opentelemetry-collector receiverhelper, processorhelper and exporterhelper, documentation.md each; with the endings that its exporter for Prometheus writes. */
export const OPENTELEMETRY_COLLECTOR: SourceMetrics = {
  upstream: 'open-telemetry/opentelemetry-collector receiver/receiverhelper/documentation.md',
  gauges: {
    otelcol_exporter_queue_capacity: 'exporter data_type',
    otelcol_exporter_queue_size: 'exporter data_type',
    otelcol_process_memory_rss_bytes: '',
  },
  counters: {
    otelcol_exporter_send_failed_log_records_total: 'exporter',
    otelcol_exporter_send_failed_spans_total: 'exporter',
    otelcol_exporter_sent_log_records_total: 'exporter',
    otelcol_exporter_sent_spans_total: 'exporter',
    otelcol_receiver_accepted_log_records_total: 'receiver transport',
    otelcol_receiver_accepted_spans_total: 'receiver transport',
    otelcol_receiver_refused_log_records_total: 'receiver transport',
    otelcol_receiver_refused_spans_total: 'receiver transport',
  },
};

const SLO = 'slo';
const PIPELINE = 'system namespace pipeline jenkins_job';

/** Series that rules make: those of ServiceLevelObjective (slo-rules.ts) and PipelineAlerts (pipeline-rules.ts), and what Prometheus itself writes of alerts. */
export const RULES: SourceMetrics = {
  upstream: 'private/slo-rules.ts, private/pipeline-rules.ts; prometheus/prometheus rules/alerting.go',
  gauges: {
    ALERTS: 'alertname alertstate severity namespace pod slo',
    ALERTS_FOR_STATE: 'alertname severity namespace pod slo',
    'pipeline:failed_runs:ratio3h': PIPELINE,
    'pipeline:lead_time_seconds:mean1d': PIPELINE,
    'pipeline:runs:increase3h': PIPELINE,
    'slo:objective:ratio': SLO,
    'slo:period_error_budget_remaining:ratio': SLO,
    'slo:sli_error:ratio_rate5m': SLO,
    'slo:sli_error:ratio_rate30m': SLO,
    'slo:sli_error:ratio_rate1h': SLO,
    'slo:sli_error:ratio_rate2h': SLO,
    'slo:sli_error:ratio_rate6h': SLO,
    'slo:sli_error:ratio_rate1d': SLO,
    'slo:sli_error:ratio_rate3d': SLO,
    'slo:sli_error:ratio_rate30d': SLO,
  },
};
