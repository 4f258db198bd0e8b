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
import { comparable, expectSame, identity, objectsOf, onServer, type Program } from './karmada-program.test-support';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { ReplicaDivision } from './replica-division';
import { type ServiceProps, Survive } from './service-props';
import { assemblyOf } from './synthesis.test-support';
import { Workspace } from './workspace';

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

describe('what Karmada brings to clusters', () => {
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
});
