import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Placement } from './placement';
import { divideWithHeadroom } from './private/service-replicas';
import { divideReplicas, ReplicaDivision } from './replica-division';
import { Survive } from './service-props';
import { deployment, refusals, withService } from './service-synthesis.test-support';

const three = { clusters: { a: {}, b: {}, c: {} } };

function replicasOf(props: Parameters<typeof withService>[0], setting: Parameters<typeof withService>[1]): number[] {
  const assembly = withService(props, setting);
  return Object.keys(setting?.clusters ?? {}).map((name) => deployment(assembly, name).spec.replicas);
}

describe('replicas that survive the loss of any one cluster', () => {
  it('are what each cluster would have if one of the others were gone', () => {
    expect(replicasOf({ replicas: 12, survive: Survive.ANY_CLUSTER }, three)).toEqual([6, 6, 6]);
    const weighted = { ...three, app: { placement: Placement.weighted({ a: 2, b: 1, c: 0 }) } };
    expect(replicasOf({ replicas: 12, survive: Survive.ANY_CLUSTER }, weighted)).toEqual([12, 12, 0]);
  });

  it('hold for both bounds of autoscalers', () => {
    const autoscaling = { minReplicas: 4, maxReplicas: 10 };
    const assembly = withService({ autoscaling, cpu: '1', survive: Survive.ANY_CLUSTER }, three);
    for (const cluster of ['a', 'b', 'c']) {
      expect(assembly.object(cluster, 'mall/cart/HorizontalPodAutoscaler').spec).toMatchObject({
        minReplicas: 2,
        maxReplicas: 5,
      });
    }
  });

  it('are refused where nothing is left to survive in, and without a number', () => {
    const survive = Survive.ANY_CLUSTER;
    expect(refusals({ replicas: 3, survive })).toEqual([
      'ORR2012 The service shall survive the loss of any one cluster, and all its replicas are in "prod".',
    ]);
    expect(refusals({ replicasPerCluster: 3, survive })).toContain(
      'ORR2012 survive is set, and no number that shall survive.',
    );
  });

  it('are there without any one cluster, and never fewer than without headroom, for all weights and divisions', () => {
    const weights = fc
      .dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.nat({ max: 100 }), { minKeys: 2, maxKeys: 8 })
      .filter((all) => Object.values(all).filter((weight) => weight > 0).length >= 2);
    fc.assert(
      fc.property(
        fc.nat({ max: 500 }),
        weights,
        fc.constantFrom(...Object.values(ReplicaDivision)),
        (total, given, division) => {
          const named = new Map(Object.entries(given));
          const sized = divideWithHeadroom(total, [named], new Map(), division);
          const sum = [...sized.values()].reduce((all, one) => all + one, 0);
          const shares = divideReplicas(total, named, division);
          for (const [name, replicas] of sized) {
            expect(sum - replicas).toBeGreaterThanOrEqual(total);
            expect(replicas).toBeGreaterThanOrEqual(shares.get(name) ?? 0);
            if (named.get(name) === 0) expect(replicas).toBe(0);
          }
        },
      ),
    );
  });
});

describe('what is declared of an app', () => {
  it('stands in the manifest: totals, bounds, headroom and sensitivity, and no number per cluster', () => {
    const declared = (props: Parameters<typeof withService>[0], app: object = {}) =>
      withService(props, { ...three, app }).manifest.apps;
    const path = 'mall/cart';
    expect(declared({ replicas: 12 })).toEqual([{ path: 'mall', services: [{ path, replicas: 12 }] }]);
    expect(declared({ replicas: 12, survive: Survive.ANY_CLUSTER })).toEqual([
      { path: 'mall', services: [{ path, replicas: 12, survive: 'any-cluster' }] },
    ]);
    expect(declared({ autoscaling: { minReplicas: 1, maxReplicas: 4 }, cpu: '1' }, { sensitive: true })).toEqual([
      { path: 'mall', sensitive: true, services: [{ path, minReplicas: 1, maxReplicas: 4 }] },
    ]);
    expect(declared({ replicasPerCluster: 2 }, { sensitive: true })).toEqual([{ path: 'mall', sensitive: true }]);
    expect(declared({})).toBeUndefined();
  });
});
