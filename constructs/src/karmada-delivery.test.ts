import { describe, expect, it } from 'vitest';
import { broughtTo } from './karmada.test-support';
import { KarmadaConflict, KarmadaPurge, KarmadaScheduling, KarmadaTaintEffect } from './karmada-delivery';
import {
  build,
  comparable,
  dynamic,
  expectHub,
  expectSame,
  identity,
  names,
  objectsOf,
  on,
  type Program,
  policy,
  RETAIN,
  three,
} from './karmada-program.test-support';
import { Placement } from './placement';
import { type AnyObject, assemblyOf } from './synthesis.test-support';

describe('delivery through Karmada', () => {
  it('has one policy for the app, with the declared weights', () => {
    const { placement, ...rest } = policy(expectHub(three));
    expect(placement).toEqual({
      clusterAffinity: { clusterNames: ['prod-bj', 'prod-gz', 'prod-sh'] },
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: {
          staticWeightList: [
            { targetCluster: { clusterNames: ['prod-bj'] }, weight: 2 },
            { targetCluster: { clusterNames: ['prod-gz'] }, weight: 1 },
            { targetCluster: { clusterNames: ['prod-sh'] }, weight: 1 },
          ],
        },
      },
    });
    expect(rest.conflictResolution).toBe('Abort');
    expect(Object.keys(rest).sort()).toEqual(['conflictResolution', 'resourceSelectors']);
  });

  it('duplicates workloads that are not divided, and leaves replicas to the autoscaler of each cluster', () => {
    const assembly = expectHub(three);
    expect(names(policy(assembly))).toContain('Deployment/cart');
    expect(names(policy(assembly, 'mall-duplicated'))).toEqual(['Deployment/web', 'Deployment/store']);
    expect(policy(assembly, 'mall-duplicated').placement.replicaScheduling).toEqual({
      replicaSchedulingType: 'Duplicated',
    });
    const web = assembly.object('hub', 'mall/web/Deployment');
    expect(web.metadata.labels[RETAIN]).toBe('true');
    expect(web.spec).not.toHaveProperty('replicas');
    const [member] = broughtTo(objectsOf(assembly, 'hub'), 'prod-gz').filter(
      ({ metadata }) => metadata.name === 'web' && metadata.labels[RETAIN],
    );
    expect(member?.kind).toBe('Deployment');
  });

  it('has one override policy per object, and in it what differs', () => {
    const assembly = expectHub(three);
    const all = objectsOf(assembly, 'hub').filter(({ kind }) => kind.endsWith('OverridePolicy'));
    for (const { spec } of all) expect(spec.resourceSelectors).toHaveLength(1);
    expect(new Set(all.map(({ spec }) => JSON.stringify(spec.resourceSelectors))).size).toBe(all.length);
    const [labels, ...rest] = assembly.object('hub', 'mall/cart/Deployment/OverridePolicy').spec.overrideRules;
    expect(labels.targetCluster.clusterNames).toEqual(['prod-bj', 'prod-gz', 'prod-sh']);
    expect(rest).toEqual([
      {
        targetCluster: { clusterNames: ['prod-gz'] },
        overriders: {
          plaintext: [
            {
              path: '/spec/template/spec/containers/0/image',
              operator: 'add',
              value: 'registry.gz.example.com/mall/cart:1',
            },
          ],
        },
      },
    ]);
  });

  it('keeps the hub from spreading the namespace by itself, and its members from what is for the hub', () => {
    const assembly = expectHub(three, { deletionProtected: true });
    const { labels } = assembly.object('hub', 'mall/Namespace').metadata;
    expect(labels['namespace.karmada.io/skip-auto-propagation']).toBe('true');
    for (const object of objectsOf(assembly, 'hub').filter(
      ({ apiVersion }) => !apiVersion.startsWith('policy.karmada.io'),
    ))
      expect(object.metadata.labels['resourcetemplate.karmada.io/deletion-protected'], identity(object)).toBe('Always');
    expect(assembly.object('hub', 'mall/ClusterPropagationPolicy/mall-namespace-mall').spec.resourceSelectors).toEqual([
      { apiVersion: 'v1', kind: 'Namespace', name: 'mall' },
    ]);
  });

  it('makes the namespace on the hub alone where the app has it from elsewhere', () => {
    const elsewhere = { ...three, app: { ...three.app, createNamespace: false } };
    const made = on(elsewhere, { createHubNamespace: true });
    expect(made.object('hub', 'mall/HubNamespace').metadata.labels['namespace.karmada.io/skip-auto-propagation']).toBe(
      'true',
    );
    expect(objectsOf(made, 'hub').map(({ kind }) => kind)).not.toContain('ClusterPropagationPolicy');
    expect(objectsOf(on(elsewhere), 'hub').map(({ kind }) => kind)).not.toContain('Namespace');
  });

  it('gives a service that the weights do not divide as wanted a policy of its own', () => {
    const bounded: Program = {
      ...three,
      app: {
        placement: Placement.weighted({ 'prod-bj': 8, 'prod-gz': 1, 'prod-sh': 1 }).withBounds({
          'prod-bj': { maxReplicas: 4 },
        }),
      },
      services: { cart: { image: 'mall/cart:1', replicas: 10 } },
    };
    const { weightPreference } = policy(expectHub(bounded), 'mall-deployment-cart').placement.replicaScheduling;
    expect(weightPreference.staticWeightList.map(({ weight }: AnyObject) => weight)).toEqual([4, 3, 3]);
  });

  it('uses the groups of a placement in order, and puts all that has no replicas into each of them', () => {
    const standby: Program = {
      ...three,
      app: { placement: Placement.firstOf(Placement.named('prod-sh', 'prod-bj'), Placement.named('prod-gz')) },
    };
    const assembly = on(standby);
    expect(policy(assembly).placement.clusterAffinities).toEqual([
      { affinityName: 'group-1', clusterNames: ['prod-bj', 'prod-sh'] },
      { affinityName: 'group-2', clusterNames: ['prod-gz'] },
    ]);
    expect(policy(assembly).placement).not.toHaveProperty('clusterAffinity');
    expect(policy(assembly, 'mall-everywhere').placement.clusterAffinity.clusterNames).toEqual([
      'prod-bj',
      'prod-sh',
      'prod-gz',
    ]);
    for (const [i, placement] of [Placement.named('prod-sh', 'prod-bj'), Placement.named('prod-gz')].entries()) {
      const direct = assemblyOf((platform) => build(platform, { ...standby, app: { placement } }));
      for (const cluster of i === 0 ? ['prod-bj', 'prod-sh'] : ['prod-gz'])
        expect(comparable(broughtTo(objectsOf(assembly, 'hub'), cluster, { group: i }))).toEqual(
          comparable(objectsOf(direct, cluster)),
        );
    }
  });

  it('fills the clusters that a placement overflows to as bounds say, where the program decides', () => {
    const placement = Placement.named('prod-bj', 'prod-gz')
      .withBounds({}, { otherwise: { maxReplicas: 4 } })
      .overflowTo(Placement.named('prod-sh'));
    const bursting = { ...three, app: { placement }, services: { cart: { image: 'mall/cart:1', replicas: 10 } } };
    const { weightPreference } = policy(expectHub(bursting), 'mall-deployment-cart').placement.replicaScheduling;
    expect(weightPreference.staticWeightList.map(({ weight }: AnyObject) => weight)).toEqual([4, 4, 2]);
  });

  it('knows members by the names that they have there', () => {
    expectSame(three, { memberNames: { 'prod-gz': 'guangzhou' } });
  });

  it('leaves the division to Karmada where it is told to, with every constraint that this needs', () => {
    const weighted = policy(on(dynamic, { scheduling: KarmadaScheduling.AVAILABLE_REPLICAS })).placement;
    expect(weighted.replicaScheduling.weightPreference).toEqual({ dynamicWeight: 'AvailableReplicas' });
    expect(weighted.spreadConstraints).toEqual([{ spreadByField: 'cluster', minGroups: 2, maxGroups: 2 }]);
    const burst = Placement.named('prod-bj', 'prod-gz').spreadOver({ clusters: 2 });
    const placement = burst.overflowTo(Placement.named('prod-sh'));
    const aggregated = on({ ...dynamic, app: { placement } }, { scheduling: KarmadaScheduling.AGGREGATED });
    expect(policy(aggregated).placement.clusterAffinities).toEqual([
      {
        affinityName: 'group-1',
        clusterNames: ['prod-bj', 'prod-gz'],
        overflowAffinities: [{ affinityName: 'overflow-1', clusterNames: ['prod-sh'] }],
      },
    ]);
    expect(policy(aggregated).placement.replicaScheduling).toEqual({
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Aggregated',
    });
  });

  it('constrains regions only together with clusters', () => {
    const regions = { 'prod-bj': { region: 'cn-north' }, 'prod-gz': { region: 'cn-south' } };
    const spread = {
      ...dynamic,
      clusters: regions,
      app: { placement: Placement.named('prod-bj', 'prod-gz').spreadOver({ regions: 2 }) },
    };
    expect(policy(on(spread, { scheduling: KarmadaScheduling.AGGREGATED })).placement.spreadConstraints).toEqual([
      { spreadByField: 'region', minGroups: 2, maxGroups: 2 },
      { spreadByField: 'cluster', minGroups: 2, maxGroups: 2 },
    ]);
  });

  it('moves what is lost as it is told', () => {
    const spec = policy(
      on(three, {
        clusterFailover: KarmadaPurge.GRACEFULLY,
        applicationFailover: { tolerationSeconds: 60 },
        propagateDependencies: true,
        preserveResourcesOnDeletion: true,
        conflictResolution: KarmadaConflict.OVERWRITE,
        tolerations: [
          { key: 'lost', effect: KarmadaTaintEffect.NO_EXECUTE, tolerationSeconds: 30 },
          { key: 'edge', value: 'yes' },
        ],
      }),
    );
    expect(spec.failover).toEqual({
      cluster: { purgeMode: 'Gracefully' },
      application: { decisionConditions: { tolerationSeconds: 60 }, purgeMode: 'Gracefully', gracePeriodSeconds: 600 },
    });
    expect(spec).toMatchObject({
      propagateDeps: true,
      preserveResourcesOnDeletion: true,
      conflictResolution: 'Overwrite',
    });
    expect(spec.placement.clusterTolerations).toEqual([
      { key: 'lost', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 },
      { key: 'edge', operator: 'Equal', value: 'yes' },
    ]);
    const directly = { propagateDependencies: true, applicationFailover: { purge: KarmadaPurge.DIRECTLY } };
    expect(policy(on(three, directly)).failover.application).not.toHaveProperty('gracePeriodSeconds');
  });
});
