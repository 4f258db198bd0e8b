import { JsonPatch } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { DeliveryEngine } from './delivery-engine';
import { KarmadaPurge, KarmadaScheduling } from './karmada-delivery';
import { build, dynamic, type Karmada, objectsOf, type Program, problems, three } from './karmada-program.test-support';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { Platform } from './platform';
import type { ServiceProps } from './service-props';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

describe('delivery through Karmada is refused', () => {
  const refused: [string, Program, Karmada, string][] = [
    [
      'a hub among the clusters',
      { ...three, app: { placement: Placement.everywhere() } },
      {},
      'ORR2012 The placement covers "hub", the hub of Karmada, which runs nothing itself.',
    ],
    [
      'a cluster in two groups',
      {
        ...three,
        app: { placement: Placement.firstOf(Placement.named('prod-bj'), Placement.named('prod-bj', 'prod-gz')) },
      },
      {},
      'ORR2012 Cluster "prod-bj" is in two groups of the placement.',
    ],
    [
      'two clusters of one name',
      three,
      { memberNames: { 'prod-gz': 'prod-bj' } },
      'ORR2004 Clusters "prod-bj" and "prod-gz" are both "prod-bj" in Karmada.',
    ],
    [
      'a name that Karmada does not take',
      three,
      { memberNames: { 'prod-gz': 'x'.repeat(49) } },
      `ORR2003 "${'x'.repeat(49)}" is no name of a cluster in Karmada.`,
    ],
    [
      'the name of an unknown cluster',
      three,
      { memberNames: { gz: 'a' } },
      'ORR2005 memberNames names cluster "gz", which does not exist.',
    ],
    [
      'overflow beside groups',
      {
        ...dynamic,
        app: {
          placement: Placement.firstOf(
            Placement.named('prod-bj').overflowTo(Placement.named('prod-sh')),
            Placement.named('prod-gz'),
          ),
        },
      },
      { scheduling: KarmadaScheduling.AGGREGATED },
      'ORR2012 overflow goes with one group of clusters, and the placement has several.',
    ],
    [
      'weights with a division by capacity',
      { ...dynamic, app: three.app },
      { scheduling: KarmadaScheduling.AGGREGATED },
      'ORR2012 The placement has weights, and Karmada divides by what clusters can take.',
    ],
    [
      'bounds with a division by capacity',
      {
        ...dynamic,
        app: { placement: Placement.named('prod-bj', 'prod-gz').withBounds({}, { otherwise: { maxReplicas: 9 } }) },
      },
      { scheduling: KarmadaScheduling.AGGREGATED },
      'ORR2012 The placement has bounds, which Karmada does not know.',
    ],
    [
      'a spread over zones with a division by capacity',
      {
        ...dynamic,
        clusters: { 'prod-bj': { zone: 'a' }, 'prod-gz': { zone: 'b' } },
        app: { placement: Placement.named('prod-bj', 'prod-gz').spreadOver({ zones: 2 }) },
      },
      { scheduling: KarmadaScheduling.AGGREGATED },
      "ORR2012 The placement is spread over zones, which Karmada's scheduler does not do.",
    ],
    [
      'autoscalers with a division by capacity',
      { ...dynamic, services: { web: three.services.web as ServiceProps } },
      { scheduling: KarmadaScheduling.AGGREGATED },
      'ORR2012 HorizontalPodAutoscaler/web decides replicas in each cluster, and so does Karmada.',
    ],
    [
      'services without total with a division by capacity',
      { ...dynamic, services: { cart: { image: 'cart:1' } } },
      { scheduling: KarmadaScheduling.AGGREGATED },
      'ORR2012 Deployment/cart has no total of replicas that Karmada could divide.',
    ],
    [
      'replicas of one cluster with a division by capacity',
      { ...dynamic, overrides: [{ service: 'cart', where: 'prod-bj', settings: { replicas: 2 } }] },
      { scheduling: KarmadaScheduling.AGGREGATED },
      'ORR2012 Deployment/cart has replicas of its own in some cluster, and Karmada decides how many each has.',
    ],
    [
      'groups of different totals',
      {
        ...three,
        app: { placement: Placement.firstOf(Placement.named('prod-bj', 'prod-gz'), Placement.named('prod-sh')) },
        services: { cart: { image: 'cart:1', replicas: 4 } },
        overrides: [{ service: 'cart', where: 'prod-sh', settings: { replicas: 2 } }],
      },
      {},
      'ORR2012 Deployment/cart has 4 or 2 replicas, depending on the group of the placement that is used, and Karmada has one number for all.',
    ],
    [
      'failover of clusters without purge',
      three,
      { clusterFailover: KarmadaPurge.NEVER },
      'ORR2012 KarmadaPurge.NEVER is for unhealthy applications, not for clusters.',
    ],
    [
      'failover of applications without what they need',
      three,
      { applicationFailover: {} },
      'ORR2012 applicationFailover is set without propagateDependencies: what moves would leave its ConfigMaps and Secrets behind.',
    ],
    [
      'a grace period without grace',
      three,
      { propagateDependencies: true, applicationFailover: { purge: KarmadaPurge.NEVER, gracePeriodSeconds: 9 } },
      'ORR2012 gracePeriodSeconds is set with KarmadaPurge.NEVER.',
    ],
    [
      'no time',
      three,
      { tolerations: [{ tolerationSeconds: -1 }] },
      'ORR2011 tolerationSeconds of a toleration is -1.',
    ],
    [
      'a sensitive app where the internet is',
      {
        ...three,
        clusters: { ...three.clusters, 'prod-sh': { ...three.clusters['prod-sh'], internetFacing: true } },
        app: { ...three.app, sensitive: true },
      },
      {},
      'ORR2012 The app is sensitive, and the internet reaches cluster "prod-sh".',
    ],
    [
      'a sensitive app where nobody knows',
      { ...three, app: { ...three.app, sensitive: true } },
      {},
      'ORR2013 The app is sensitive, and nobody said whether the internet reaches cluster "prod-sh".',
    ],
    [
      'restarts on a change that the hub does not see',
      {
        ...three,
        services: { cart: { image: 'cart:1', restartOnChange: true, config: { env: { A: 'b' } } } },
        patches: [
          {
            service: 'cart',
            where: 'prod-gz',
            kind: 'ConfigMap',
            operations: [JsonPatch.replace('/data/A', 'c')],
          },
        ],
      },
      {},
      'ORR2012 Deployment/cart restarts on change, and ConfigMap/cart differs between clusters: the hub sees only what they have in common.',
    ],
    [
      'stateful services that an autoscaler scales',
      {
        ...three,
        app: { placement: Placement.named('prod-bj') },
        services: {
          db: { image: 'db:1', cpu: '100m', stateful: {}, autoscaling: { minReplicas: 1, maxReplicas: 3 } },
        },
      },
      {},
      'ORR2012 StatefulSet/db is scaled in its clusters, and Karmada keeps replicas only of Deployments: it would write back the 1 of its hub.',
    ],
    [
      'API versions that differ',
      {
        ...three,
        patches: [
          { service: 'cart', where: 'prod-gz', kind: 'Service', operations: [JsonPatch.replace('/apiVersion', 'v2')] },
        ],
      },
      {},
      'ORR2012 Service/cart is v1 in some clusters and v2 in others: Karmada has one template of it.',
    ],
  ];
  it('refuses a Secret that differs, since policies are read by many', () => {
    const secret = JsonPatch.replace('/kind', 'Secret');
    const clusters = { 'prod-bj': {}, 'prod-gz': {} };
    const program: Program = {
      clusters,
      app: { placement: Placement.named('prod-bj', 'prod-gz') },
      services: { cart: { image: 'cart:1', config: { env: { A: 'b' } } } },
      patches: Object.keys(clusters).map((where) => ({
        service: 'cart',
        where,
        kind: 'ConfigMap',
        operations: [secret, JsonPatch.replace('/data/A', where)],
      })),
    };
    expect(problems(program, {})).toContain(
      'ORR2012 Secret/cart differs between clusters: its values would stand in an OverridePolicy, readable by whoever reads policies.',
    );
  });

  it.each(refused)('refuses %s', (_title, program, karmada, expected) => {
    expect(problems(program, karmada)).toContain(expected);
  });

  it('refuses fields of a controller that Karmada would write back, at the line that declares them', () => {
    const found = problemsOfProgram((platform) => {
      const app = build(platform, three, {});
      app.services[0]?.controllerOwnsIn(
        platform.clusters[0] as NonNullable<(typeof platform.clusters)[0]>,
        { kind: 'Deployment' },
        { path: 'spec.replicas' },
        { path: 'metadata.annotations["example.com/x"]', onlyLive: true },
      );
    });
    expect(found.map(({ code, what, cluster }) => [code, what, cluster])).toEqual([
      [
        'ORR2012',
        'A controller owns spec.replicas of Deployment/cart, and Karmada would write back what the hub has.',
        'prod-bj',
      ],
    ]);
    expect(found[0]?.source).toContain('karmada-refusals.test.ts');
  });

  it('refuses a hub of another platform', () => {
    const other = new Platform({ id: 'other' });
    const hub = new ClusterSet(other, 'clusters').add('hub');
    const found = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('prod');
      const engine = DeliveryEngine.karmada({ hub });
      new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), engine }).addService('cart', {
        image: 'cart:1',
      });
    });
    expect(found.map(({ what }) => what)).toContain('The hub "hub" belongs to another platform.');
  });

  it('is direct where that is said', () => {
    const direct = assemblyOf((platform) => build(platform, three));
    const said = assemblyOf((platform) => {
      const program = { ...three, app: { ...three.app, engine: DeliveryEngine.direct() } };
      build(platform, program);
    });
    expect(objectsOf(said, 'prod-gz')).toEqual(objectsOf(direct, 'prod-gz'));
    expect(objectsOf(said, 'hub')).toEqual([]);
  });
});
