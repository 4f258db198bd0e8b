import { describe, expect, it } from 'vitest';
import { gpuAlerts } from '../../constructs/lib/gpu/private/gpu-alerts.js';
import type { PoolNodes } from '../../constructs/lib/gpu/private/pool-view.js';
import { loadPromqlReader } from '../../lib/checks/promql/promql-reader.ts';
import { checkRules, isPromtoolMissing, promtoolSkipped, testRules } from '../observability/promtool.ts';
import { gauge } from '../observability/rule-series.ts';

const NODES = [{ kind: { product: 'NVIDIA-A100-SXM4-80GB', nodes: 1, cardsPerNode: 2 }, nodes: 1 }] as PoolNodes[];
const GROUPS = gpuAlerts({ pool: 'training', nodes: NODES, idleAfter: '30m' });

const card = (gpu: number, more = '') =>
  `gpu="${gpu}",UUID="GPU-${gpu}",Hostname="gpu-1",modelName="NVIDIA A100-SXM4-80GB"${more}`;
const pod = ',namespace="vision",pod="resnet-0",container="main"';
const other = 'gpu="0",UUID="GPU-9",Hostname="gpu-2",modelName="NVIDIA L40S"';

/** Two cards that are well, one of them with a pod that computes, beside one of another pool that is not. */
const WELL = {
  [`DCGM_FI_DEV_GPU_TEMP{${card(0)}}`]: gauge([60, 90]),
  [`DCGM_FI_DEV_GPU_TEMP{${card(1)}}`]: gauge([60, 90]),
  [`DCGM_FI_DEV_GPU_TEMP{${other}}`]: gauge([99, 90]),
  [`DCGM_FI_DEV_XID_ERRORS{${card(0)}}`]: gauge([0, 90]),
  [`DCGM_FI_DEV_XID_ERRORS{${other}}`]: gauge([79, 90]),
  [`DCGM_FI_DEV_ROW_REMAP_FAILURE{${card(0)}}`]: gauge([0, 90]),
  [`DCGM_FI_DEV_FB_USED{${card(0, pod)}}`]: gauge([40_000, 90]),
  [`DCGM_FI_DEV_FB_FREE{${card(0, pod)}}`]: gauge([40_000, 90]),
  [`DCGM_FI_PROF_GR_ENGINE_ACTIVE{${card(0, pod)}}`]: gauge([0.6, 90]),
  [`DCGM_FI_PROF_GR_ENGINE_ACTIVE{${card(1)}}`]: gauge([0, 90]),
};

interface Situation {
  readonly series: { readonly [series: string]: string };
  readonly told: { readonly [time: string]: readonly string[] };
}

const PAGE = 'page';
const TICKET = 'ticket';

/** From the tenth minute on otherwise than well. */
const SITUATIONS: readonly (readonly [title: string, situation: Situation])[] = [
  [
    'nothing where all is well, beside cards of other pools that are not',
    { series: {}, told: { '5m': [], '89m': [] } },
  ],
  [
    'an error of the hardware, and not one of a program',
    {
      series: { [`DCGM_FI_DEV_XID_ERRORS{${card(0)}}`]: gauge([0, 10], [13, 10], [79, 70]) },
      told: { '15m': [], '25m': [`GpuHardwareError ${PAGE}`] },
    },
  ],
  [
    'memory that cannot be repaired any more',
    {
      series: { [`DCGM_FI_DEV_ROW_REMAP_FAILURE{${card(0)}}`]: gauge([0, 10], [1, 80]) },
      told: { '9m': [], '11m': [`GpuRowRemapFailure ${TICKET}`] },
    },
  ],
  [
    'a card that is gone, and no longer when it is back',
    {
      series: { [`DCGM_FI_DEV_GPU_TEMP{${card(1)}}`]: '60x9 stale 60x70' },
      told: { '9m': [], '11m': [] },
    },
  ],
  [
    'a card that stays away',
    {
      series: { [`DCGM_FI_DEV_GPU_TEMP{${card(1)}}`]: '60x9 stale' },
      told: { '20m': [], '30m': [`GpuCardsMissing ${PAGE}`] },
    },
  ],
  [
    'all cards being gone',
    {
      series: {
        [`DCGM_FI_DEV_GPU_TEMP{${card(0)}}`]: '60x9 stale',
        [`DCGM_FI_DEV_GPU_TEMP{${card(1)}}`]: '60x9 stale',
      },
      told: { '30m': [`GpuCardsMissing ${PAGE}`] },
    },
  ],
  [
    'memory that is nearly full for long, not for a moment',
    {
      series: {
        [`DCGM_FI_DEV_FB_USED{${card(0, pod)}}`]: gauge([40_000, 10], [78_000, 5], [40_000, 5], [78_000, 70]),
        [`DCGM_FI_DEV_FB_FREE{${card(0, pod)}}`]: gauge([40_000, 10], [2_000, 5], [40_000, 5], [2_000, 70]),
      },
      told: { '15m': [], '30m': [], '40m': [`GpuMemoryNearlyFull ${TICKET}`] },
    },
  ],
  [
    'a card that is too hot',
    {
      series: { [`DCGM_FI_DEV_GPU_TEMP{${card(0)}}`]: gauge([60, 10], [90, 80]) },
      told: { '15m': [], '25m': [`GpuHot ${TICKET}`] },
    },
  ],
  [
    'a pod that does not compute on its card, not one that has just come',
    {
      series: { [`DCGM_FI_PROF_GR_ENGINE_ACTIVE{${card(0, pod)}}`]: gauge([0.6, 10], [0, 80]) },
      told: { '30m': [], '45m': [`GpuIdle ${TICKET}`] },
    },
  ],
  [
    'nothing of a pod that has just come',
    {
      series: { [`DCGM_FI_PROF_GR_ENGINE_ACTIVE{${card(0, pod)}}`]: '_x70 0x18' },
      told: { '75m': [], '88m': [] },
    },
  ],
];

describe.skipIf(isPromtoolMissing)(`alerts of GPUs${promtoolSkipped}`, () => {
  it('are rules that Prometheus loads, and our own check reads', async () => {
    expect(checkRules(GROUPS)).toBe('');
    const read = await loadPromqlReader();
    for (const { expr } of GROUPS.flatMap(({ rules }) => rules)) expect(read(expr), expr).toBeUndefined();
  });

  it.each(SITUATIONS)('tell of %s', (_, { series, told }) => {
    const input = Object.entries({ ...WELL, ...series }).map(([name, values]) => ({ series: name, values }));
    const tests = Object.entries(told).map(([eval_time, alerts]) => ({
      expr: 'count by (alertname, severity, pool) (ALERTS{alertstate="firing"})',
      eval_time,
      exp_samples: alerts.map((alert) => {
        const [alertname, severity] = alert.split(' ');
        return { labels: `{alertname="${alertname}",severity="${severity}",pool="training"}`, value: 1 };
      }),
    }));
    expect(testRules(GROUPS, [{ interval: '1m', input_series: input, promql_expr_test: tests }], '1m')).toBe('');
  });
});
