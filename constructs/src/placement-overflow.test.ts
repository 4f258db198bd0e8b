import { describe, expect, it } from 'vitest';
import { type ClusterFacts, Environment } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { ScalingTrigger } from './scaling-trigger';
import { type ServiceProps, Survive } from './service-props';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

const KEDA: ClusterFacts = { apiVersions: ['keda.sh/v1alpha1'] };
const NAMES = ['cloud', 'own1', 'own2'];

/** Two clusters of our own, with room for 6 and 4, and a cloud behind them. */
const burst = () =>
  Placement.named('own1', 'own2')
    .withBounds({ own1: { maxReplicas: 6 }, own2: { maxReplicas: 4 } })
    .overflowTo(Placement.named('cloud').withBounds({ cloud: { maxReplicas: 20 } }));

function program(placement: Placement, service: Partial<ServiceProps>): (platform: Platform) => void {
  return (platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const name of NAMES) clusters.add(name, { ...KEDA, region: name, environment: Environment.PRODUCTION });
    const app = new MultiClusterApp(platform, 'mall', { placement });
    app.addService('cart', { image: 'cart:1', ...service });
  };
}

const specs = (kind: string, service: Partial<ServiceProps>, placement = burst()) => {
  const assembly = assemblyOf(program(placement, service));
  return NAMES.map((name) => assembly.object(name, `mall/cart/${kind}`).spec);
};
const replicas = (service: Partial<ServiceProps>, placement = burst()) =>
  specs('Deployment', service, placement).map((spec) => spec.replicas);
const refused = (placement: Placement, service: Partial<ServiceProps> = { replicas: 8 }) =>
  problemsOfProgram(program(placement, service)).map(({ code, what }) => `${code} ${what}`);

describe('a placement that overflows', () => {
  it('fills its own clusters first, and gives the others what they cannot take', () => {
    expect(replicas({ replicas: 8 })).toEqual([0, 4, 4]);
    expect(replicas({ replicas: 10 })).toEqual([0, 6, 4]);
    expect(replicas({ replicas: 17 })).toEqual([7, 6, 4]);
    expect(refused(burst(), { replicas: 31 })).toEqual([
      'ORR2012 replicas is 31, and the clusters of the placement take at most 30.',
    ]);
  });

  it('gives the others what the loss of one of its own leaves over, where that shall survive', () => {
    // Without own1 there is room for 4, without own2 for 6.
    expect(replicas({ replicas: 9, survive: Survive.ANY_CLUSTER })).toEqual([5, 6, 4]);
  });

  it('keeps autoscalers elsewhere at one, those of KEDA at none, and lets them make of their load what is above the others', () => {
    const bounds = { minReplicas: 4, maxReplicas: 25 };
    const scaled = specs('HorizontalPodAutoscaler', { autoscaling: bounds, cpu: '1' });
    expect(scaled.map(({ minReplicas, maxReplicas }) => [minReplicas, maxReplicas])).toEqual([
      [1, 15],
      [2, 6],
      [2, 4],
    ]);
    const triggers = [ScalingTrigger.prometheus({ serverAddress: 'http://p', query: 'up', threshold: 1 })];
    const events = specs('ScaledObject', { autoscaling: { ...bounds, triggers } });
    expect(events.map(({ minReplicaCount, maxReplicaCount }) => [minReplicaCount, maxReplicaCount])).toEqual([
      [0, 15],
      [2, 6],
      [2, 4],
    ]);
  });

  it('is spread over its own clusters, and covers all with what has no replicas', () => {
    const placement = burst().spreadOver({ regions: 2 });
    expect(replicas({ replicas: 2 }, placement)).toEqual([0, 1, 1]);
    expect(refused(burst().spreadOver({ regions: 3 }), { replicas: 3 })).toEqual([
      'ORR2021 The placement is spread over at least 3 regions, and its clusters with weight are in 2 (own1, own2).',
    ]);
    expect(replicas({ replicasPerCluster: 2 })).toEqual([2, 2, 2]);
  });

  it('is refused where nobody says when its clusters are full, and where a cluster is in two groups', () => {
    const never =
      'The placement overflows to "cloud", and "own2" is never full: what it can take at a time only a scheduler knows that sees the clusters.';
    const open = Placement.named('own1', 'own2').withBounds({ own1: { maxReplicas: 6 } });
    expect(refused(open.overflowTo(Placement.named('cloud')))).toEqual([`ORR2012 ${never}`]);
    const unbounded = Placement.named('own2').overflowTo(Placement.named('cloud'));
    expect(refused(unbounded)).toEqual([`ORR2012 ${never}`]);
    expect(refused(burst().overflowTo(Placement.everywhere())).slice(0, 3)).toEqual([
      'ORR2012 The placement overflows to cluster "cloud", which it covers before.',
      'ORR2012 The placement overflows to cluster "own1", which it covers before.',
      'ORR2012 The placement overflows to cluster "own2", which it covers before.',
    ]);
  });

  it('goes with the first group that covers a cluster', () => {
    const chosen = Placement.firstOf(Placement.byLabels({ no: 'such' }), burst());
    expect(problemsOfProgram(program(Placement.firstOf(Placement.named('nowhere')), {}))).toHaveLength(2);
    expect(replicas({ replicas: 17 }, chosen)).toEqual([7, 6, 4]);
  });
});
