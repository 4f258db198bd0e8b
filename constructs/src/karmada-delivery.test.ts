import { JsonPatch } from 'cdk8s';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { DeliveryEngine } from './delivery-engine';
import { ExposureScheme } from './entry-points';
import { Exposure } from './exposure';
import { GlobalBackend } from './global-backend';
import { GlobalRouting } from './global-routing';
import { broughtTo } from './karmada.test-support';
import {
  KarmadaConflict,
  type KarmadaDeliveryProps,
  KarmadaPurge,
  KarmadaScheduling,
  KarmadaTaintEffect,
} from './karmada-delivery';
import { MultiClusterApp, type MultiClusterAppProps } from './multi-cluster-app';
import { Placement } from './placement';
import { Platform } from './platform';
import { ReplicaDivision } from './replica-division';
import { type ServiceOverride, type ServiceProps, Survive } from './service-props';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from './synthesis.test-support';
import { Workspace } from './workspace';

const RETAIN = 'resourcetemplate.karmada.io/retain-replicas';

type Karmada = Omit<KarmadaDeliveryProps, 'hub'>;

/** An app, delivered directly or through Karmada. */
interface Program {
  readonly clusters: Record<string, ClusterProps>;
  readonly app: Omit<MultiClusterAppProps, 'engine'>;
  readonly services: Record<string, ServiceProps>;
  readonly overrides?: readonly { service: string; where: string; settings: ServiceOverride }[];
  readonly patches?: readonly { service: string; where: string; kind: string; operations: JsonPatch[] }[];
}

function build(platform: Platform, program: Program, karmada?: Karmada): MultiClusterApp {
  const clusters = new ClusterSet(platform, 'clusters');
  for (const [name, facts] of Object.entries(program.clusters)) clusters.add(name, facts);
  const hub = clusters.add('hub');
  const app = new MultiClusterApp(platform, 'mall', {
    ...program.app,
    ...(karmada === undefined ? {} : { engine: DeliveryEngine.karmada({ hub, ...karmada }) }),
  });
  for (const [name, props] of Object.entries(program.services)) app.addService(name, props);
  const service = (name: string) => app.services.find(({ serviceName }) => serviceName === name);
  for (const { service: name, where, settings } of program.overrides ?? [])
    service(name)?.overrideIn(clusters.named(where), settings);
  for (const { service: name, where, kind, operations } of program.patches ?? [])
    service(name)?.patchIn(clusters.named(where), { kind }, ...operations);
  return app;
}

const objectsOf = (assembly: Assembly, cluster: string): AnyObject[] => [...assembly.objects(cluster).values()];
const identity = ({ kind, metadata }: AnyObject) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

/** Without Karmada's own mark, and without Deployments of no replica, which Karmada leaves out. */
function comparable(objects: readonly AnyObject[]): Record<string, AnyObject> {
  return Object.fromEntries(
    objects
      .filter(({ kind, spec }) => kind !== 'Deployment' || spec.replicas !== 0)
      .map((object) => {
        const { [RETAIN]: _mark, ...labels } = object.metadata.labels ?? {};
        const metadata = { ...object.metadata, ...(object.metadata.labels === undefined ? {} : { labels }) };
        const hasDefault = object.kind === 'Deployment' && _mark === 'true';
        return [
          identity(object),
          { ...object, metadata, ...(hasDefault ? { spec: { ...object.spec, replicas: undefined } } : {}) },
        ];
      }),
  );
}

/** What an apply and Karmada put on templates. */
function onServer(template: AnyObject): AnyObject {
  const labels = {
    ...template.metadata.labels,
    'orrery.dev/platform': 'test',
    'propagationpolicy.karmada.io/permanent-id': 'x',
  };
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** False where direct delivery refuses the program. */
function expectSame(program: Program, karmada: Karmada = {}): boolean {
  let direct: Assembly;
  try {
    direct = assemblyOf((platform) => build(platform, program));
  } catch (error) {
    if ((error as { problems?: unknown }).problems === undefined) throw error;
    return false;
  }
  const assembly = assemblyOf((platform) => build(platform, program, karmada));
  const hub = objectsOf(assembly, 'hub');
  for (const cluster of Object.keys(program.clusters)) {
    expect(objectsOf(assembly, cluster)).toEqual([]);
    for (const odd of [false, true]) {
      const brought = broughtTo(hub, karmada.memberNames?.[cluster] ?? cluster, { odd, server: onServer });
      expect(comparable(brought), cluster).toEqual(comparable(objectsOf(direct, cluster)));
    }
  }
  return true;
}

const NAMES = ['prod-bj', 'prod-gz', 'prod-sh', 'prod-cd'];
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
const text = fc.constantFrom('x', 'y', 'z');
const textMap = fc.dictionary(fc.constantFrom('a', 'b', 'example.com/c'), text, { maxKeys: 2 });
const facts: fc.Arbitrary<ClusterProps> = fc
  .record(
    {
      imageRegistry: text.map((name) => `${name}.example.com`),
      registryMirror: text.map((name) => `mirror-${name}.example.com`),
    },
    { requiredKeys: [] },
  )
  // A mirror holds one image of a name: clusters that share one mean the same by an image without a registry.
  .map(({ registryMirror: mirror, ...some }) =>
    mirror === undefined ? some : { ...some, registryMirror: `${mirror}/${some.imageRegistry ?? 'docker.io'}` },
  )
  .chain((some) => text.map((name) => ({ ...some, storageClasses: { general: `class-${name}` } })));
const scaling = fc.oneof(
  fc.integer({ min: 4, max: 20 }).map((replicas) => ({ replicas })),
  fc.integer({ min: 4, max: 12 }).map((replicas) => ({ replicas, survive: Survive.ANY_CLUSTER })),
  fc.integer({ min: 1, max: 3 }).map((replicasPerCluster) => ({ replicasPerCluster })),
  fc
    .integer({ min: 1, max: 6 })
    .map((minReplicas) => ({ autoscaling: { minReplicas, maxReplicas: minReplicas + 9 }, cpu: '100m' })),
  fc.integer({ min: 1, max: 3 }).map((replicasPerCluster) => ({ replicasPerCluster, stateful: {} })),
  fc.constant({}),
);
const service: fc.Arbitrary<ServiceProps> = fc
  .record({
    scaling,
    image: fc.constantFrom('mall/cart:1', 'ghcr.io/mall/cart:2'),
    more: fc.record(
      {
        env: textMap.map((map) => ({ E: JSON.stringify(map) })),
        nodeSelector: textMap,
        podAnnotations: textMap,
        port: fc.constant(8080),
        volumes: fc.constant([{ name: 'data', mountPath: '/data', size: '1Gi' }]),
        config: text.map((value) => ({ files: { file: value } })),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ scaling: numbers, image, more }) => {
    const { volumes: _one, ...others } = more;
    return {
      image,
      ...numbers,
      ...('replicasPerCluster' in numbers && numbers.replicasPerCluster === 1 ? more : others),
    };
  });
const programs: fc.Arbitrary<Program> = fc
  .integer({ min: 2, max: 4 })
  .chain((count) => {
    const names = NAMES.slice(0, count);
    const where = fc.constantFrom(...names);
    return fc.record({
      clusters: fc.tuple(...names.map(() => facts)),
      weights: fc
        .tuple(...names.map(() => fc.integer({ min: 0, max: 3 })))
        .filter((list) => list.filter(Boolean).length > 1),
      division: fc.constantFrom(...Object.values(ReplicaDivision)),
      bounds: option(fc.integer({ min: 9, max: 20 })),
      services: fc.tuple(service, service),
      overrides: fc.array(
        fc.record({
          service: fc.constantFrom('cart', 'web'),
          where,
          settings: fc.record(
            { env: textMap.map((map) => ({ O: JSON.stringify(map) })), nodeSelector: textMap, podLabels: textMap },
            { requiredKeys: [] },
          ),
        }),
        { maxLength: 3 },
      ),
      replicas: option(fc.record({ where, replicas: fc.integer({ min: 0, max: 5 }) })),
      patched: fc.array(fc.record({ service: fc.constantFrom('cart', 'web'), where, value: text }), { maxLength: 2 }),
      names: fc.constant(names),
    });
  })
  .map(({ clusters, weights, division, bounds, services: [cart, web], overrides, replicas, patched, names }) => {
    const placement = Placement.weighted(Object.fromEntries(names.map((name, i) => [name, weights[i] as number])));
    return {
      clusters: Object.fromEntries(names.map((name, i) => [name, clusters[i] as ClusterProps])),
      app: {
        placement: bounds === undefined ? placement : placement.withBounds({}, { otherwise: { maxReplicas: bounds } }),
        replicaDivision: division,
      },
      services: { cart, web },
      overrides: [
        ...overrides,
        ...(replicas === undefined || cart.autoscaling !== undefined
          ? []
          : [{ service: 'cart', where: replicas.where, settings: { replicas: replicas.replicas } }]),
      ],
      patches: patched.map(({ service: name, where, value }) => ({
        service: name,
        where,
        kind: 'ServiceAccount',
        operations: [JsonPatch.add('/metadata/annotations', { 'example.com/role': value })],
      })),
    };
  });

describe('delivery through Karmada', () => {
  it('brings every cluster, for all programs, byte for byte what direct delivery gives it', () => {
    let compared = 0;
    fc.assert(
      fc.property(programs, (program) => {
        // What direct delivery refuses has nothing to compare with.
        fc.pre(expectSame(program));
        compared++;
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThanOrEqual(40);
  }, 60_000);

  const three: Program = {
    clusters: {
      'prod-bj': { storageClasses: { general: 'ssd' } },
      'prod-gz': { registryMirror: 'registry.gz.example.com', storageClasses: { general: 'csi' } },
      'prod-sh': { storageClasses: { general: 'ssd' } },
    },
    app: { placement: Placement.weighted({ 'prod-bj': 2, 'prod-gz': 1, 'prod-sh': 1 }) },
    services: {
      cart: { image: 'mall/cart:1', replicas: 12, port: 8080 },
      web: { image: 'mall/web:1', cpu: '100m', autoscaling: { minReplicas: 3, maxReplicas: 9 } },
      store: {
        image: 'mall/store:1',
        replicasPerCluster: 1,
        volumes: [{ name: 'data', mountPath: '/data', size: '1Gi' }],
      },
    },
  };
  const on = (program: Program, karmada: Karmada = {}) => assemblyOf((platform) => build(platform, program, karmada));
  const policy = (assembly: Assembly, name = 'mall') => assembly.object('hub', `mall/PropagationPolicy/${name}`).spec;
  const names = (spec: AnyObject) => spec.resourceSelectors.map(({ kind, name }: AnyObject) => `${kind}/${name}`);

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

  it('also brings exposures, a global address and resilience, which differ by the facts of clusters', () => {
    const whole = (karmada: boolean) =>
      assemblyOf((platform) => {
        const clusters = new ClusterSet(platform, 'clusters');
        const internetFacing = true;
        const entryPoints = (ingressClass: string) => ({ internet: { ingressClass } });
        clusters.add('prod-sh', {
          geoTag: 'sh',
          apiVersions: ['k8gb.io/v1beta1', 'networking.istio.io/v1'],
          internetFacing,
          entryPoints: entryPoints('nginx'),
        });
        clusters.add('prod-gz', {
          geoTag: 'gz',
          apiVersions: ['k8gb.io/v1beta1', 'networking.istio.io/v1'],
          internetFacing,
          entryPoints: entryPoints('nginx-public'),
        });
        const retail = new Workspace(platform, 'retail', { placement: Placement.named('prod-sh', 'prod-gz') });
        const hub = clusters.add('hub');
        const app = new MultiClusterApp(platform, 'mall', {
          placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }),
          workspace: retail,
          ...(karmada ? { engine: DeliveryEngine.karmada({ hub }) } : {}),
        });
        const cart = app.addService('cart', { image: 'mall/cart:1', replicas: 6, port: 8080, cpu: '1', memory: '1Gi' });
        cart.expose(Exposure.ingress('shop.example.com', { scheme: ExposureScheme.INTERNET_FACING }));
        app.exposeGlobally('shop.example.com', {
          service: cart,
          routing: GlobalRouting.failover('prod-sh'),
          backend: GlobalBackend.k8gb(),
        });
        cart.resilience({ timeout: '2s', limits: { connections: 100 } });
      });
    const direct = whole(false);
    const assembly = whole(true);
    const hub = objectsOf(assembly, 'hub');
    for (const cluster of ['prod-sh', 'prod-gz']) {
      const without = new Set([...assembly.objects(cluster).values()].map(identity));
      const expected = objectsOf(direct, cluster).filter((object) => !without.has(identity(object)));
      expect(expected.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Ingress', 'Gslb', 'DestinationRule']));
      expect(comparable(broughtTo(hub, cluster, { server: onServer })), cluster).toEqual(comparable(expected));
    }
    // The members have their namespace from the workspace; the hub has its own for the templates.
    expect(assembly.object('hub', 'mall/HubNamespace').metadata.name).toBe('retail');
  });

  it('knows members by the names that they have there', () => {
    expectSame(three, { memberNames: { 'prod-gz': 'guangzhou' } });
  });

  const dynamic: Program = {
    ...three,
    app: { placement: Placement.named('prod-bj', 'prod-gz').spreadOver({ clusters: 2 }) },
    services: { cart: { image: 'mall/cart:1', replicas: 12 } },
  };

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
    expect(found[0]?.source).toContain('karmada-delivery.test.ts');
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

  /** The hub's assembly, of which members were compared. */
  function expectHub(program: Program, karmada: Karmada = {}): Assembly {
    expect(expectSame(program, karmada)).toBe(true);
    return on(program, karmada);
  }
});

function problems(program: Program, karmada: Karmada): string[] {
  return problemsOfProgram((platform) => build(platform, program, karmada)).map(({ code, what }) => `${code} ${what}`);
}
