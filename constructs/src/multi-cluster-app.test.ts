import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { ReplicaDivision } from './replica-division';
import { deployment, withService } from './service-synthesis.test-support';
import { type Assembly, problemsOfProgram } from './synthesis.test-support';

describe('an app', () => {
  it('has a namespace that admits only restricted pods', () => {
    expect(withService({}).object('prod', 'mall/Namespace')).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'mall',
        labels: {
          'app.kubernetes.io/part-of': 'mall',
          'app.kubernetes.io/managed-by': 'orrery',
          'pod-security.kubernetes.io/enforce': 'restricted',
        },
      },
    });
  });

  it('may use a namespace of another name, or one that exists', () => {
    const assembly = withService(
      {},
      { app: { namespaceName: 'shop', createNamespace: false, labels: { team: 'retail' } } },
    );
    expect([...assembly.objects('prod').keys()]).toEqual(['mall/cart/ServiceAccount', 'mall/cart/Deployment']);
    expect(deployment(assembly).metadata).toMatchObject({
      name: 'cart',
      namespace: 'shop',
      labels: { team: 'retail' },
    });
  });

  it('is a unit of its clusters, and of these only', () => {
    const assembly = withService(
      {},
      { clusters: { a: {}, b: {}, c: {} }, app: { placement: Placement.named('a', 'c') } },
    );
    expect(assembly.manifest.clusters.map((cluster) => cluster.units.length)).toEqual([1, 0, 1]);
  });

  it('is refused with an invalid id or namespace', () => {
    const codes = (id: string, namespaceName?: string) =>
      problemsOfProgram((platform) => {
        new ClusterSet(platform, 'clusters').add('prod');
        new MultiClusterApp(platform, id, {
          placement: Placement.everywhere(),
          ...(namespaceName === undefined ? {} : { namespaceName }),
        });
      }).map((problem) => problem.code);
    for (const id of ['Mall', 'a_b', 'a.b', '', '..', 'x'.repeat(64)]) expect(codes(id)).toEqual(['ORR2003']);
    expect(codes('mall', 'Not Valid')).toEqual(['ORR2003']);
  });

  it('refuses two services of one name, and invalid names', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('prod');
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      app.addService('cart', { image: 'cart:1' });
      app.addService('cart', { image: 'cart:1' });
    });
    expect(problems[0]).toMatchObject({ code: 'ORR2004', path: 'mall/cart' });
    for (const id of ['1cart', 'Cart', 'a.b', 'x'.repeat(64)]) {
      const invalid = problemsOfProgram((platform) =>
        new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() }).addService(id, { image: 'x' }),
      );
      expect(invalid[0]).toMatchObject({ code: 'ORR2003', path: `mall/${id}` });
    }
  });
});

describe('replicas of a service', () => {
  const three = { clusters: { a: {}, b: {}, c: {} } };
  const counts = (assembly: Assembly) => ['a', 'b', 'c'].map((name) => deployment(assembly, name).spec.replicas);

  it('are divided over the clusters, or the same in each', () => {
    expect(counts(withService({ replicas: 7 }, three))).toEqual([3, 2, 2]);
    expect(counts(withService({ replicas: 1 }, three))).toEqual([1, 0, 0]);
    expect(counts(withService({ replicasPerCluster: 2 }, three))).toEqual([2, 2, 2]);
    expect(counts(withService({}, three))).toEqual([1, 1, 1]);
  });

  it('are divided as the app says', () => {
    const placement = Placement.weighted({ a: 170, b: 110, c: 60 });
    const by = (replicaDivision: ReplicaDivision) =>
      counts(withService({ replicas: 5 }, { ...three, app: { placement, replicaDivision } }));
    expect(by(ReplicaDivision.WEBSTER)).toEqual([2, 2, 1]);
    expect(by(ReplicaDivision.LEGACY_KARMADA)).toEqual([3, 2, 0]);
  });

  it('are left to the autoscaler where there is one, whose bounds are divided', () => {
    const assembly = withService(
      { cpu: '1', autoscaling: { minReplicas: 6, maxReplicas: 30 } },
      { ...three, app: { placement: Placement.weighted({ a: 2, b: 1, c: 0 }) } },
    );
    expect(deployment(assembly, 'a').spec).not.toHaveProperty('replicas');
    expect(assembly.object('a', 'mall/cart/HorizontalPodAutoscaler').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
      minReplicas: 4,
      maxReplicas: 20,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    });
    expect(assembly.object('b', 'mall/cart/HorizontalPodAutoscaler').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 10,
    });
    expect(assembly.objects('c').has('mall/cart/HorizontalPodAutoscaler')).toBe(false);
    expect(deployment(assembly, 'c').spec.replicas).toBe(0);
  });

  it('never go below one under an autoscaler, nor above its most', () => {
    const assembly = withService(
      { memory: '1Gi', autoscaling: { minReplicas: 1, maxReplicas: 2, memoryPercent: 70 } },
      three,
    );
    const bounds = ['a', 'b', 'c'].map((name) => assembly.object(name, 'mall/cart/HorizontalPodAutoscaler').spec);
    expect(bounds.map((spec) => [spec.minReplicas, spec.maxReplicas])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(bounds[0].metrics).toEqual([
      { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } } },
    ]);
  });
});
