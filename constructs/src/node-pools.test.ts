import { describe, expect, it } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { Platform } from './platform';
import { pod, refusals, withService } from './service-synthesis.test-support';

const pools = (nodePools: ClusterProps['nodePools']): ClusterProps => (nodePools === undefined ? {} : { nodePools });

describe('node pools in the facts of clusters', () => {
  const clusters = {
    sh: pools({
      memory: {
        nodeSelector: { 'alibabacloud.com/nodepool-id': 'np-7', tier: 'memory' },
        tolerations: [{ key: 'memory', effect: 'NoSchedule' }],
      },
    }),
    gz: pools({ memory: { nodeSelector: { 'qingcloud.com/class': 'm2' } } }),
  };

  it('say for each cluster where a service runs that names only their purpose', () => {
    const tolerations = [{ key: 'team', value: 'retail' }];
    const assembly = withService({ nodePool: 'memory', nodeSelector: { tier: 'own' }, tolerations }, { clusters });
    expect(pod(assembly, 'sh')).toMatchObject({
      nodeSelector: { 'alibabacloud.com/nodepool-id': 'np-7', tier: 'own' },
      tolerations: [
        { key: 'memory', operator: 'Exists', effect: 'NoSchedule' },
        { key: 'team', operator: 'Equal', value: 'retail' },
      ],
    });
    expect(pod(assembly, 'gz').nodeSelector).toEqual({ 'qingcloud.com/class': 'm2', tier: 'own' });
    expect(assembly.manifest.clusters[1]?.facts.nodePools).toEqual({
      memory: { nodeSelector: { 'qingcloud.com/class': 'm2' } },
    });
  });

  it('are others where a cluster overrides them', () => {
    const both = { a: pools({ memory: { nodeSelector: { m: '1' } }, cpu: { nodeSelector: { c: '1' } } }) };
    const assembly = withService({ nodePool: 'memory' }, { clusters: both }, (service) =>
      service.overrideIn({ selectedClusters: Platform.of(service).clusters }, { nodePool: 'cpu' }),
    );
    expect(pod(assembly, 'a').nodeSelector).toEqual({ c: '1' });
  });

  it('are refused where a cluster has none of the purpose, or none that Kubernetes takes', () => {
    expect(refusals({ nodePool: 'gpu' }, pools({ memory: {} }))).toEqual([
      'ORR2013 The service runs on "gpu" nodes, of which cluster "prod" has none. It declares: memory.',
    ]);
    const wrong = { nodeSelector: { 'a b': 'c', d: 'e f' }, tolerations: [{ key: 'x', effect: 'Never' }] };
    expect(refusals({}, pools({ memory: wrong }))).toEqual([
      'ORR2001 nodePools: "a b" (purpose "memory") is not a valid label key.',
      'ORR2001 nodePools: "e f" (purpose "memory") is not a valid value for label "d".',
      'ORR2001 nodePools: "Never" (purpose "memory") is not an effect of a taint.',
    ]);
  });
});
