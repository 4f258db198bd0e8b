import { DashboardPanel } from '../../dashboard-panel';
import { ask, askAll, GOOD_TO_BAD, IN_CLUSTER, needs, SHARE, type ShippedRow } from './shipped-dashboard';

const RATE = '[$__rate_interval]';

/** Who waits for GPUs, and how much of each quota is used. */
export const GPU_QUEUES: ShippedRow = {
  title: 'Queues (Kueue)',
  panels: [
    needs(
      ['kueue'],
      DashboardPanel.timeSeries({
        title: 'Workloads waiting by queue',
        queries: ask(
          `sum by (cluster_queue, status) (kueue_pending_workloads{${IN_CLUSTER}})`,
          '{{cluster_queue}} {{status}}',
        ),
        stacked: true,
      }),
    ),
    needs(
      ['kueue'],
      DashboardPanel.timeSeries({
        title: 'Workloads admitted by queue',
        queries: ask(`sum by (cluster_queue) (kueue_admitted_active_workloads{${IN_CLUSTER}})`, '{{cluster_queue}}'),
        stacked: true,
      }),
    ),
    needs(
      ['kueue'],
      DashboardPanel.timeSeries({
        title: '9 of 10 workloads wait at most',
        queries: ask(
          `histogram_quantile(0.9, sum by (cluster_queue, le) (rate(kueue_admission_wait_time_seconds_bucket{${IN_CLUSTER}}${RATE})))`,
          '{{cluster_queue}}',
        ),
        unit: 's',
      }),
    ),
    needs(
      ['kueue'],
      DashboardPanel.timeSeries({
        title: 'Workloads evicted',
        queries: ask(
          `sum by (cluster_queue, reason) (increase(kueue_evicted_workloads_total{${IN_CLUSTER}}${RATE}))`,
          '{{cluster_queue}} {{reason}}',
        ),
        decimals: 0,
      }),
    ),
    needs(
      ['kueue'],
      DashboardPanel.bars({
        title: 'Quota used',
        description: 'Over 100 % is borrowed from other queues of the cohort.',
        queries: ask(
          `sum by (cluster_queue, resource) (kueue_cluster_queue_resource_usage{${IN_CLUSTER}}) / sum by (cluster_queue, resource) (kueue_cluster_queue_nominal_quota{${IN_CLUSTER}} > 0)`,
          '{{cluster_queue}}: {{resource}}',
        ),
        unit: 'percentunit',
        minimum: 0,
        thresholds: GOOD_TO_BAD,
        width: 24,
      }),
    ),
  ],
};

/** Models that are served: who waits, how long tokens take. */
export const GPU_SERVING: ShippedRow = {
  title: 'Models (vLLM)',
  panels: [
    needs(
      ['vllm'],
      DashboardPanel.timeSeries({
        title: 'Requests to models',
        queries: askAll({
          'running {{model_name}}': `sum by (model_name) (vllm:num_requests_running{${IN_CLUSTER}})`,
          'waiting {{model_name}}': `sum by (model_name) (vllm:num_requests_waiting{${IN_CLUSTER}})`,
        }),
        minimum: 0,
      }),
    ),
    needs(
      ['vllm'],
      DashboardPanel.timeSeries({
        title: 'Key-value cache used',
        queries: ask(`max by (model_name, pod) (vllm:kv_cache_usage_perc{${IN_CLUSTER}})`, '{{model_name}} {{pod}}'),
        ...SHARE,
      }),
    ),
    needs(
      ['vllm'],
      DashboardPanel.timeSeries({
        title: 'Tokens',
        queries: askAll({
          'read {{model_name}}': `sum by (model_name) (rate(vllm:prompt_tokens_total{${IN_CLUSTER}}${RATE}))`,
          'written {{model_name}}': `sum by (model_name) (rate(vllm:generation_tokens_total{${IN_CLUSTER}}${RATE}))`,
        }),
        unit: 'tokens/s',
      }),
    ),
    needs(
      ['vllm'],
      DashboardPanel.timeSeries({
        title: '9 of 10 wait for the first token at most',
        queries: ask(
          `histogram_quantile(0.9, sum by (model_name, le) (rate(vllm:time_to_first_token_seconds_bucket{${IN_CLUSTER}}${RATE})))`,
          '{{model_name}}',
        ),
        unit: 's',
      }),
    ),
  ],
};
