import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster';
import { ObservabilityStack } from '../observability/observability-stack';
import { Placement } from '../placement';
import { problemsOf, synthesized, testPlatform } from '../synthesis.test-support';
import type { GpuNodes } from './gpu-nodes';
import type { GpuObservation } from './gpu-observation';
import { GpuPool } from './gpu-pool';
import { GpuSharing } from './gpu-sharing-props';

const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 };

function observed(how: GpuObservation = {}, gpuNodes: GpuNodes[] = [A100], on = Placement.everywhere()) {
  const platform = testPlatform();
  new Cluster(platform, 'sh', { kubernetesVersion: '1.36', gpuNodes });
  new Cluster(platform, 'gz', { kubernetesVersion: '1.36', gpuNodes: [{ ...A100, nodes: 1 }] });
  const stack = new ObservabilityStack(platform, 'monitoring', { placement: on, centre: Placement.named('gz') });
  const pool = new GpuPool(platform, 'training', { placement: Placement.everywhere(), sharing: GpuSharing.EXCLUSIVE });
  pool.observe(stack, how);
  return { platform, stack };
}

describe('a pool that a stack observes', () => {
  it('is scraped, and told of by rules that the Prometheus of the stack selects, with the cards of each cluster', () => {
    const { platform, stack } = observed({
      alertLabels: { team: 'platform' },
      runbookUrl: 'https://wiki.example.com/gpu',
    });
    const assembly = synthesized(platform);
    const { selectedBy } = stack._context();
    const objects = (cluster: string) => [...assembly.objects(cluster).values()];
    const rules = objects('sh').find(({ kind }) => kind === 'PrometheusRule');
    const monitor = objects('sh').find(({ kind }) => kind === 'ServiceMonitor');
    for (const { metadata } of [rules, monitor]) {
      expect(metadata.labels).toMatchObject(selectedBy);
      expect(metadata.namespace).toBe('observability');
    }
    expect(monitor.spec.selector).toEqual({ matchLabels: { app: 'nvidia-dcgm-exporter' } });
    const [group] = rules.spec.groups;
    expect(group.rules.map(({ alert }: { alert: string }) => alert)).toEqual([
      'GpuHardwareError',
      'GpuRowRemapFailure',
      'GpuCardsMissing',
      'GpuMemoryNearlyFull',
      'GpuHot',
      'GpuIdle',
    ]);
    expect(group.rules[0].labels).toEqual({ team: 'platform', severity: 'page', pool: 'training' });
    expect(group.rules[0].annotations.runbook_url).toBe('https://wiki.example.com/gpu');
    expect(group.rules[2].expr).toContain('< 16');
    const other = objects('gz').find(({ kind }) => kind === 'PrometheusRule');
    expect(other.spec.groups[0].rules[2].expr).toContain('< 8');
    expect(stack._scrapes('dcgm')).toBe(true);
  });

  it('has no rules where nobody wants them', () => {
    const objects = [
      ...synthesized(observed({ alerts: false }).platform)
        .objects('sh')
        .values(),
    ];
    expect(objects.some(({ kind }) => kind === 'PrometheusRule')).toBe(false);
    expect(objects.some(({ kind }) => kind === 'ServiceMonitor')).toBe(true);
  });

  it.each<[string, GpuObservation, string]>([
    ['a part of memory above 1', { memoryFullFrom: 95 }, 'memoryFullFrom is 95'],
    ['no temperature', { hotFrom: Number.NaN }, 'hotFrom is NaN'],
    ['a time that is none', { idleAfter: '2 hours' }, 'is no duration'],
    ['a label that the alerts have', { alertLabels: { severity: 'high' } }, 'severity'],
    ['an address that is none', { runbookUrl: 'wiki' }, '"wiki" is no address'],
  ])('refuses %s', (_, how, text) => {
    expect(problemsOf(() => observed(how).platform.synth())).toEqual([
      expect.objectContaining({ what: expect.stringContaining(text) }),
    ]);
  });

  it('refuses clusters that the stack does not observe, and cards without a known exporter', () => {
    expect(problemsOf(() => observed({}, [A100], Placement.named('gz')).platform.synth())).toMatchObject([
      { code: 'ORR2012', cluster: 'sh', what: expect.stringContaining('does not observe sh') },
    ]);
    const platform = testPlatform();
    new Cluster(platform, 'sh', { gpuNodes: [{ product: 'Ascend910B4', nodes: 1, cardsPerNode: 8 }] });
    const placement = Placement.everywhere();
    const pool = new GpuPool(platform, 'npu', { placement, sharing: GpuSharing.EXCLUSIVE });
    pool.observe(new ObservabilityStack(platform, 'monitoring', { placement }));
    expect(problemsOf(() => platform.synth()).map(({ what }) => what)).toContain(
      'Of cards of ascend no exporter is known whose metrics these alerts are of.',
    );
  });
});
