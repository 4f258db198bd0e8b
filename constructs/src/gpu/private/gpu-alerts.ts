import type { RuleGroup } from '../../observability/private/slo-rules';
import type { GpuObservation } from '../gpu-observation';
import type { PoolNodes } from './pool-view';

/** Cards of a pool in a cluster, as their alerts need them. */
export interface AlertedCards extends GpuObservation {
  readonly pool: string;
  readonly nodes: readonly PoolNodes[];
}

/**
 * Errors of the card and not of a program on it: https://docs.nvidia.com/deploy/xid-errors ("Analyzing Xid Errors"): memory that cannot be corrected (48, 94, 95) or remapped (64), NVLink (74),
 * fallen off the bus (79), its own processor (62, 119, 120).
 */
const HARDWARE = [48, 62, 64, 74, 79, 94, 95, 119, 120];

/**
 * Who is told of what of the cards of a pool. Metrics are those of dcgm-exporter (NVIDIA/dcgm-exporter etc/default-counters.csv). Whether a card or partition computes is told by DCGM_FI_PROF_GR_ENGINE_ACTIVE: DCGM_FI_DEV_GPU_UTIL means nothing for a partition.
 */
export function gpuAlerts(cards: AlertedCards): RuleGroup[] {
  const { pool, nodes, memoryFullFrom = 0.95, hotFrom = 85, idleAfter = '2h', alertLabels = {}, runbookUrl } = cards;
  const of = modelSelector(nodes);
  const expected = nodes.reduce((sum, group) => sum + group.nodes * group.kind.cardsPerNode, 0);
  const used = `DCGM_FI_DEV_FB_USED{${of}}`;
  const free = `DCGM_FI_DEV_FB_FREE{${of}}`;
  const rule = (
    alert: string,
    severity: string,
    expr: string,
    during: string,
    summary: string,
    description: string,
  ) => ({
    alert,
    expr,
    for: during,
    labels: { ...alertLabels, severity, pool },
    annotations: { summary, description, ...(runbookUrl === undefined ? {} : { runbook_url: runbookUrl }) },
  });
  const card = 'GPU {{ $labels.gpu }} of {{ $labels.Hostname }}{{ $labels.hostname }}';
  const rules = [
    rule(
      'GpuHardwareError',
      'page',
      HARDWARE.map((code) => `DCGM_FI_DEV_XID_ERRORS{${of}} == ${code}`).join('\nor\n'),
      '0m',
      `${card} reports the hardware error Xid {{ $value }}.`,
      'Programs on it fail or compute wrong results. Drain the node, and reset or replace the card.',
    ),
    rule(
      'GpuRowRemapFailure',
      'ticket',
      `DCGM_FI_DEV_ROW_REMAP_FAILURE{${of}} > 0`,
      '0m',
      `${card} can no longer replace rows of its memory.`,
      'The next error that cannot be corrected ends what runs on it: have the card replaced.',
    ),
    rule(
      'GpuCardsMissing',
      'page',
      `(count(count by (UUID) (DCGM_FI_DEV_GPU_TEMP{${of}})) or vector(0)) < ${expected}`,
      '15m',
      `The pool ${pool} has {{ $value }} of ${expected} cards.`,
      'Nodes are gone, cards have fallen off the bus, or dcgm-exporter does not run on all of them.',
    ),
    rule(
      'GpuMemoryNearlyFull',
      'ticket',
      `${used} / (${used} + ${free}) > ${memoryFullFrom}`,
      '15m',
      `${card} has less than ${percent(1 - memoryFullFrom)} of its memory left.`,
      'The next program that asks for memory there fails. Pods: {{ $labels.namespace }}/{{ $labels.pod }}.',
    ),
    rule(
      'GpuHot',
      'ticket',
      `DCGM_FI_DEV_GPU_TEMP{${of}} >= ${hotFrom}`,
      '10m',
      `${card} has {{ $value }} °C.`,
      'It computes slower, and wears out: look after the cooling of the node.',
    ),
    rule(
      'GpuIdle',
      'ticket',
      `max_over_time(DCGM_FI_PROF_GR_ENGINE_ACTIVE{${of},pod!=""}[${idleAfter}]) < 0.01\nand\nDCGM_FI_PROF_GR_ENGINE_ACTIVE{${of},pod!=""} offset ${idleAfter}`,
      '0m',
      `{{ $labels.namespace }}/{{ $labels.pod }} has had ${card} for ${idleAfter}, and has not computed on it.`,
      'Others could: end it, give it a share, or let it wait in a queue.',
    ),
  ];
  return [{ name: `gpu-${pool}`, rules }];
}

/** The exporter has the name of a card with spaces where labels of nodes have "-". */
function modelSelector(nodes: readonly PoolNodes[]): string {
  const models = [...new Set(nodes.map(({ kind }) => kind.product.replace(/[^A-Za-z0-9]+/g, '.')))];
  return `modelName=~"${models.join('|')}"`;
}

function percent(part: number): string {
  return `${Math.round(part * 1000) / 10} %`;
}
