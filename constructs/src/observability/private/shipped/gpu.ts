import { DashboardLink } from '../../dashboard-link';
import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import { GPU_QUEUES, GPU_SERVING } from './gpu-workloads';
import {
  ask,
  clusterVariable,
  columnsOf,
  fromColumns,
  GOOD_TO_BAD,
  IN_CLUSTER,
  NONE_IS_GOOD,
  needs,
  SHARE,
  type ShippedDashboard,
} from './shipped-dashboard';

/** The exporter calls the label otherwise by version: one of the two is empty. */
const HOST = 'Hostname, hostname';
const CARD = `cluster, ${HOST}, gpu`;
const NAME = '{{Hostname}}{{hostname}} card {{gpu}}';
const SLICE = `${NAME} {{GPU_I_PROFILE}} {{GPU_I_ID}}`;
const SLICES = `${IN_CLUSTER},GPU_I_ID!=""`;
/** What has no slices: of cards that are cut, the utilisation means nothing (NVIDIA DCGM user guide, "Multi-Instance GPU"). */
const WHOLE = `${IN_CLUSTER},GPU_I_ID=""`;
const USED = `sum(DCGM_FI_DEV_FB_USED{${IN_CLUSTER}})`;
const FREE = `sum(DCGM_FI_DEV_FB_FREE{${IN_CLUSTER}})`;

/** GPUs: what cards, slices and shares do, who has them, who waits for them. */
export const GPU: ShippedDashboard = {
  key: 'gpu',
  set: DashboardSet.GPU,
  title: 'GPUs',
  description:
    'What cards, slices of cards and shares of them do, which pods have them, and which workloads wait for them.',
  anyOf: ['dcgm', 'hami', 'kueue', 'vllm'],
  content: (view) => ({
    variables: [
      clusterVariable(
        view.has('dcgm') ? 'DCGM_FI_DEV_FB_USED' : view.has('hami') ? 'hami_gpu_memory_limit_bytes' : 'up',
      ),
    ],
    links: [...view.wayTo('fleet', 'Fleet', {}), ...view.wayTo('cost', 'Cost')],
    top: [
      needs(
        ['dcgm'],
        DashboardPanel.stat({
          title: 'Cards',
          queries: ask(`count(count by (cluster, UUID) (DCGM_FI_DEV_GPU_TEMP{${IN_CLUSTER}}))`),
        }),
      ),
      needs(
        ['dcgm'],
        DashboardPanel.stat({
          title: 'Engines active',
          description: 'Of cards and slices, the share of time in which any of their engines did something.',
          queries: ask(`avg(DCGM_FI_PROF_GR_ENGINE_ACTIVE{${IN_CLUSTER}})`),
          unit: 'percentunit',
          decimals: 0,
          sparkline: true,
        }),
      ),
      needs(
        ['dcgm'],
        DashboardPanel.stat({
          title: 'Memory used',
          queries: ask(`${USED} / (${USED} + ${FREE})`),
          unit: 'percentunit',
          decimals: 0,
          sparkline: true,
        }),
      ),
      needs(
        ['dcgm'],
        DashboardPanel.stat({
          title: 'Power',
          queries: ask(`sum(max by (cluster, UUID) (DCGM_FI_DEV_POWER_USAGE{${IN_CLUSTER}}))`),
          unit: 'watt',
          decimals: 0,
        }),
      ),
      needs(
        ['dcgm'],
        DashboardPanel.stat({
          title: 'Cards with an XID error',
          description:
            'Errors that the driver reported last; what each number means is in NVIDIA’s table of XID errors.',
          queries: ask(`count(max by (cluster, UUID) (DCGM_FI_DEV_XID_ERRORS{${IN_CLUSTER}}) > 0) or vector(0)`),
          thresholds: NONE_IS_GOOD,
        }),
      ),
      needs(
        ['kueue'],
        DashboardPanel.stat({
          title: 'Workloads waiting',
          queries: ask(`sum(kueue_pending_workloads{${IN_CLUSTER}})`),
          decimals: 0,
        }),
      ),
    ],
    rows: [
      {
        title: 'Cards',
        panels: [
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Utilisation of whole cards',
              queries: ask(`max by (${CARD}) (DCGM_FI_DEV_GPU_UTIL{${WHOLE}})`, NAME),
              unit: 'percent',
              minimum: 0,
              maximum: 100,
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Memory used of cards',
              queries: ask(
                `sum by (${CARD}) (DCGM_FI_DEV_FB_USED{${IN_CLUSTER}}) / (sum by (${CARD}) (DCGM_FI_DEV_FB_USED{${IN_CLUSTER}}) + sum by (${CARD}) (DCGM_FI_DEV_FB_FREE{${IN_CLUSTER}}))`,
                NAME,
              ),
              ...SHARE,
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Temperature',
              queries: ask(`max by (${CARD}) (DCGM_FI_DEV_GPU_TEMP{${IN_CLUSTER}})`, NAME),
              unit: 'celsius',
              thresholds: [{ value: 85, color: 'red' }],
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Power by card',
              queries: ask(`max by (${CARD}) (DCGM_FI_DEV_POWER_USAGE{${IN_CLUSTER}})`, NAME),
              unit: 'watt',
            }),
          ),
        ],
      },
      {
        title: 'Engines of cards and slices',
        panels: [
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Engine active, whole cards',
              queries: ask(`max by (${CARD}) (DCGM_FI_PROF_GR_ENGINE_ACTIVE{${WHOLE}})`, NAME),
              ...SHARE,
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Engine active, slices',
              description: 'Utilisation is not told of slices: this is what they do instead.',
              queries: ask(
                `max by (${CARD}, GPU_I_PROFILE, GPU_I_ID) (DCGM_FI_PROF_GR_ENGINE_ACTIVE{${SLICES}})`,
                SLICE,
              ),
              ...SHARE,
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Tensor cores active',
              queries: ask(
                `max by (${CARD}, GPU_I_PROFILE, GPU_I_ID) (DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${IN_CLUSTER}})`,
                SLICE,
              ),
              ...SHARE,
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'Memory interface active',
              queries: ask(
                `max by (${CARD}, GPU_I_PROFILE, GPU_I_ID) (DCGM_FI_PROF_DRAM_ACTIVE{${IN_CLUSTER}})`,
                SLICE,
              ),
              ...SHARE,
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.table({
              title: 'Pods with GPUs',
              queries: columnsOf([
                `count by (cluster, namespace, pod) (DCGM_FI_PROF_GR_ENGINE_ACTIVE{${IN_CLUSTER},pod!=""})`,
                `avg by (cluster, namespace, pod) (DCGM_FI_PROF_GR_ENGINE_ACTIVE{${IN_CLUSTER},pod!=""})`,
                `sum by (cluster, namespace, pod) (DCGM_FI_DEV_FB_USED{${IN_CLUSTER},pod!=""})`,
              ]),
              columns: [
                TableColumn.label('cluster', { title: 'Cluster' }),
                TableColumn.label('namespace', { title: 'Namespace' }),
                TableColumn.label('pod', {
                  title: 'Pod',
                  links: view.wayTo('pod', 'This pod', fromColumns('cluster', 'namespace', 'pod')),
                }),
                TableColumn.value(0, { title: 'Cards or slices' }),
                TableColumn.value(1, { title: 'Engine active', unit: 'percentunit', decimals: 0 }),
                TableColumn.value(2, { title: 'Memory', unit: 'mbytes' }),
              ],
              sortBy: 'Memory',
            }),
          ),
        ],
      },
      {
        title: 'Shares (HAMi)',
        panels: [
          needs(
            ['hami'],
            DashboardPanel.timeSeries({
              title: 'Memory given away',
              queries: ask(
                `sum by (cluster, node, device_index) (hami_gpu_memory_allocated_bytes{${IN_CLUSTER}}) / sum by (cluster, node, device_index) (hami_gpu_memory_limit_bytes{${IN_CLUSTER}})`,
                '{{node}} card {{device_index}}',
              ),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['hami'],
            DashboardPanel.timeSeries({
              title: 'Cores given away',
              queries: ask(
                `sum by (cluster, node, device_index) (hami_gpu_core_allocated_ratio{${IN_CLUSTER}})`,
                '{{node}} card {{device_index}}',
              ),
              unit: 'percent',
              minimum: 0,
            }),
          ),
          needs(
            ['hami'],
            DashboardPanel.timeSeries({
              title: 'Containers on a card',
              queries: ask(
                `sum by (cluster, node, device_index) (hami_gpu_shared_count{${IN_CLUSTER}})`,
                '{{node}} card {{device_index}}',
              ),
              minimum: 0,
            }),
          ),
          needs(
            ['hami'],
            DashboardPanel.bars({
              title: 'Memory used of the share, fullest',
              queries: ask(
                `topk(15, sum by (cluster, namespace, pod) (hami_vgpu_memory_used_bytes{${IN_CLUSTER}}) / sum by (cluster, namespace, pod) (hami_vgpu_memory_limit_bytes{${IN_CLUSTER}} > 0))`,
                '{{namespace}}/{{pod}}',
              ),
              ...SHARE,
              thresholds: GOOD_TO_BAD,
              valueLinks: view.wayTo('pod', 'This pod', {
                namespace: DashboardLink.labelValue('namespace'),
                pod: DashboardLink.labelValue('pod'),
              }),
            }),
          ),
        ],
      },
      GPU_QUEUES,
      GPU_SERVING,
    ],
  }),
};
