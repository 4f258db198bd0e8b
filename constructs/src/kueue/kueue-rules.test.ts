import { Chart } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { PodLabelOperator, PodTaintEffect } from '../pods/pod-scheduling';
import { assemblyOf, problemsOf, testPlatform } from '../synthesis.test-support';
import type { KueueClusterQueueSpec, KueueResourceQuota } from './cluster-queue-props';
import { KueueClusterQueue, KueueCohort, KueueLocalQueue, KueueWorkloadPriorityClass } from './kueue-queues';
import { clusterQueueProblems, cohortProblems, resourceFlavorProblems } from './private/queue-rules';

const words = (findings: readonly { readonly what: string }[]) => findings.map(({ what }) => what);
const only = (text: string) => [expect.stringContaining(text)];

function queue(
  quota: Partial<KueueResourceQuota> = {},
  more: Partial<KueueClusterQueueSpec> = {},
): KueueClusterQueueSpec {
  const resources = [{ name: 'nvidia.com/gpu', nominalQuota: '8', ...quota }];
  return {
    cohortName: 'all',
    resourceGroups: [{ coveredResources: ['nvidia.com/gpu'], flavors: [{ name: 'a100', resources }] }],
    ...more,
  };
}

/** What the definitions say is tried on a real server: test/kueue/kueue-rules.cluster.test.ts. */
describe('what the admission of Kueue refuses, and definitions do not', () => {
  const [group] = queue().resourceGroups ?? [];
  if (group === undefined) throw new Error('no group');

  it.each<[string, KueueClusterQueueSpec, string]>([
    ['a quota below 0', queue({ nominalQuota: '-1' }), 'is -1'],
    ['more lent than there is', queue({ lendingLimit: '9' }), 'lendingLimit is 9'],
    ['lending to nobody', { resourceGroups: queue({ lendingLimit: '1' }).resourceGroups ?? [] }, 'without cohortName'],
    [
      'another resource than the covered one',
      { resourceGroups: [{ ...group, coveredResources: ['nvidia.com/gpu.shared'] }] },
      'covers nvidia.com/gpu.shared',
    ],
    [
      'a flavor in two groups',
      {
        resourceGroups: [
          group,
          {
            coveredResources: ['cpu'],
            flavors: [{ name: 'a100', resources: [{ name: 'cpu', nominalQuota: '1' }] }],
          },
        ],
      },
      'has "a100" twice',
    ],
    [
      'a resource in two groups',
      { resourceGroups: [group, { ...group, flavors: [{ ...group.flavors[0], name: 'b' } as never] }] },
      'has "nvidia.com/gpu" twice',
    ],
    [
      'a namespace by a label that is none',
      queue({}, { namespaceSelector: { matchLabels: { 'a b': 'c' } } }),
      'which is no label',
    ],
    [
      'one of no values',
      queue({}, { namespaceSelector: { matchExpressions: [{ key: 'team', comparison: PodLabelOperator.IN }] } }),
      'there are no values',
    ],
    ['a share below 0', queue({}, { fairSharing: { weight: '-1' } }), 'weight is -1'],
  ])('is found at synth: %s', (_what, spec, text) => {
    expect(words(clusterQueueProblems(spec))).toEqual(only(text));
  });

  it('is a taint twice in a flavor, and a label that nodes cannot have', () => {
    const taint = { key: 'nvidia.com/gpu', effect: PodTaintEffect.NO_SCHEDULE };
    expect(words(resourceFlavorProblems({ nodeTaints: [taint, taint] }))).toEqual(only('twice'));
    expect(words(resourceFlavorProblems({ nodeLabels: { gpu: 'a b' } }))).toEqual(only('which is no label'));
  });

  it('is not that a Cohort lends more than its own: it lends what its queues do', () => {
    const { resourceGroups = [] } = queue({ lendingLimit: '9' });
    expect(cohortProblems({ parentName: 'all', resourceGroups })).toEqual([]);
    expect(words(cohortProblems({ resourceGroups }))).toEqual(only('without parentName'));
    expect(words(cohortProblems({ parentName: 'all' }, 'all'))).toEqual(only('itself'));
  });

  it('is nothing of a queue that lends no more than it has, whatever it has', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), (own, lent) => {
        const spec = queue({ nominalQuota: String(own), lendingLimit: String(lent) });
        expect(clusterQueueProblems(spec).length).toBe(lent > own ? 1 : 0);
      }),
    );
  });
});

describe('objects of Kueue', () => {
  it('stand in the cluster where they have no namespace, also in a chart that has one', () => {
    const assembly = assemblyOf((platform) => {
      const chart = new Chart(new ClusterSet(platform, 'clusters').add('gpu-sh'), 'queues', { namespace: 'vision' });
      new KueueCohort(chart, 'all', { metadata: { name: 'all' } });
      new KueueClusterQueue(chart, 'vision', { metadata: { name: 'vision' }, spec: queue() });
      new KueueLocalQueue(chart, 'gpu', { metadata: { name: 'gpu' }, spec: { clusterQueue: 'vision' } });
      new KueueWorkloadPriorityClass(chart, 'urgent', { metadata: { name: 'urgent' }, value: 5 });
    });
    const objects = [...assembly.objects('gpu-sh').values()];
    expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['Cohort', undefined],
      ['ClusterQueue', undefined],
      ['LocalQueue', 'vision'],
      ['WorkloadPriorityClass', undefined],
    ]);
    expect(objects[3]).toEqual({
      apiVersion: 'kueue.x-k8s.io/v1beta2',
      kind: 'WorkloadPriorityClass',
      metadata: { name: 'urgent' },
      value: 5,
    });
  });

  it('are refused at synth with the object and the field', () => {
    const platform = testPlatform();
    const cluster = new ClusterSet(platform, 'clusters').add('gpu-sh');
    new KueueClusterQueue(cluster, 'vision', { metadata: { name: 'vision' }, spec: queue({ nominalQuota: 'all' }) });
    expect(problemsOf(() => platform.synth())).toMatchObject([
      {
        code: 'ORR2011',
        object: 'ClusterQueue/vision',
        what: 'spec.resourceGroups[0].flavors[0].resources[0].nominalQuota "all" is no quantity.',
      },
    ]);
  });
});
