import { JsonPatch } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { DeliveryEngine } from './delivery-engine';
import { MultiClusterApp } from './multi-cluster-app';
import type { FleetDeliveryProps, ManifestWorkDeliveryProps } from './packed-delivery';
import { Placement } from './placement';
import type { Platform } from './platform';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from './synthesis.test-support';

type More = (app: MultiClusterApp) => void;

function build(
  platform: Platform,
  engine: ((hub: ReturnType<ClusterSet['add']>) => DeliveryEngine) | undefined,
  more: More,
) {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('prod-sh', { imageRegistry: 'registry.sh.example.com' });
  clusters.add('prod-gz', { registryMirror: 'registry.gz.example.com' });
  const hub = clusters.add('ops');
  const mall = new MultiClusterApp(platform, 'mall', {
    placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }),
    ...(engine === undefined ? {} : { engine: engine(hub) }),
  });
  mall.addService('cart', {
    image: 'mall/cart:1',
    replicas: 12,
    port: 8080,
    config: { files: { a: 'b'.repeat(900) } },
  });
  mall.addService('web', { image: 'mall/web:1', cpu: '100m', autoscaling: { minReplicas: 3, maxReplicas: 9 } });
  more(mall);
}

const works =
  (props: Partial<ManifestWorkDeliveryProps> = {}) =>
  (hub: ManifestWorkDeliveryProps['hub']) =>
    DeliveryEngine.openClusterManagement({ hub, ...props });
const bundles =
  (props: Partial<FleetDeliveryProps> = {}) =>
  (hub: FleetDeliveryProps['hub']) =>
    DeliveryEngine.fleet({ hub, ...props });

const nothing: More = () => undefined;
const on = (engine: ReturnType<typeof works> | undefined, more = nothing) =>
  assemblyOf((platform) => build(platform, engine, more));
const refusals = (engine: ReturnType<typeof works>, more = nothing) =>
  problemsOfProgram((platform) => build(platform, engine, more)).map(({ code, what }) => `${code} ${what}`);
const values = (assembly: Assembly, cluster: string): AnyObject[] => [...assembly.objects(cluster).values()];

const byIdentity = (objects: readonly AnyObject[]) =>
  Object.fromEntries(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
const directly = (cluster: string) => values(on(undefined), cluster);
const owns: More = (app) => {
  const [cart] = app.services;
  const [sh] = (app.node.root as Platform).clusters;
  cart?.controllerOwnsIn(
    sh as NonNullable<typeof sh>,
    { kind: 'Service' },
    { path: 'spec.ports[name=http].nodePort', onlyLive: true },
    { path: 'spec.type' },
  );
};

describe('delivery through Open Cluster Management', () => {
  const inside = (assembly: Assembly, namespace: string): AnyObject[] =>
    values(assembly, 'ops')
      .filter(({ metadata }) => metadata.namespace === namespace)
      .flatMap(({ spec }) => spec.workload.manifests);

  it.each(['prod-sh', 'prod-gz'])('holds for %s exactly what direct delivery gives it', (cluster) => {
    const assembly = on(works());
    expect(byIdentity(inside(assembly, cluster))).toEqual(byIdentity(directly(cluster)));
    expect(inside(assembly, cluster)).toHaveLength(directly(cluster).length);
    expect(values(assembly, cluster)).toEqual([]);
  });

  it('has a ManifestWork for the app and one for each service, applied on the server', () => {
    const assembly = on(works({ memberNames: { 'prod-gz': 'guangzhou' } }));
    expect(values(assembly, 'ops').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      ...['prod-sh/mall', 'prod-sh/mall-cart', 'prod-sh/mall-web'],
      ...['guangzhou/mall', 'guangzhou/mall-cart', 'guangzhou/mall-web'],
    ]);
    const { spec } = assembly.object('ops', 'mall/web/ManifestWork/prod-gz/mall-web');
    expect(spec.deleteOption).toEqual({ propagationPolicy: 'Foreground' });
    expect(spec.manifestConfigs[1]).toEqual({
      resourceIdentifier: { group: 'apps', resource: 'deployments', namespace: 'mall', name: 'web' },
      updateStrategy: {
        type: 'ServerSideApply',
        serverSideApply: {
          force: false,
          ignoreFields: [{ condition: 'OnSpokePresent', jsonPointers: ['/spec/replicas'] }],
        },
      },
    });
    expect(spec.manifestConfigs[0].resourceIdentifier).toEqual({
      resource: 'serviceaccounts',
      namespace: 'mall',
      name: 'web',
    });
  });

  it('leaves fields to the controllers of the cluster that declares them', () => {
    const assembly = on(works(), owns);
    const fields = (cluster: string) =>
      assembly
        .object('ops', `mall/cart/ManifestWork/${cluster}/mall-cart`)
        .spec.manifestConfigs.find(({ resourceIdentifier }: AnyObject) => resourceIdentifier.resource === 'services')
        .updateStrategy.serverSideApply.ignoreFields;
    expect(fields('prod-sh')).toEqual([
      {
        condition: 'OnSpokePresent',
        jsonPointers: ['/spec/type'],
        jqPathExpressions: ['.spec.ports[]? | select((.name | tostring) == "http") | .nodePort'],
      },
    ]);
    expect(fields('prod-gz')).toBeUndefined();
  });

  it('divides what is too much for one object, and refuses an object that is', () => {
    const assembly = on(works({ maxBytes: 1600 }));
    const parts = values(assembly, 'ops').filter(({ metadata }) => metadata.name.startsWith('mall-cart'));
    expect(parts.length).toBeGreaterThan(2);
    for (const { spec } of parts) expect(JSON.stringify(spec.workload.manifests).length).toBeLessThan(1700);
    expect(byIdentity(inside(assembly, 'prod-gz'))).toEqual(byIdentity(directly('prod-gz')));
    expect(refusals(works({ maxBytes: 900 }))[0]).toMatch(
      /^ORR2012 \w+\/cart has \d+ bytes, and an object of the hub holds at most 900\.$/,
    );
    expect(refusals(works({ maxBytes: 0.5 }))[0]).toBe('ORR2011 maxBytes is 0.5.');
  });

  it('orphans and forces where that is said', () => {
    const { spec } = on(works({ orphanOnDeletion: true, forceConflicts: true })).object(
      'ops',
      'mall/ManifestWork/prod-sh/mall',
    );
    expect(spec.deleteOption).toEqual({ propagationPolicy: 'Orphan' });
    expect(spec.manifestConfigs[0].updateStrategy.serverSideApply.force).toBe(true);
  });
});

describe('delivery through Fleet', () => {
  const inside = (assembly: Assembly, cluster: string): AnyObject[] =>
    values(assembly, 'ops')
      .filter(({ spec }) => spec.targets[0].clusterName === cluster)
      .flatMap(({ spec }) => spec.resources.map(({ content }: AnyObject) => JSON.parse(content)));

  it.each(['prod-sh', 'prod-gz'])('holds for %s exactly what direct delivery gives it', (cluster) => {
    const assembly = on(bundles());
    expect(byIdentity(inside(assembly, cluster))).toEqual(byIdentity(directly(cluster)));
    expect(inside(assembly, cluster)).toHaveLength(directly(cluster).length);
  });

  it('has Bundles for one cluster each, those of services after that of the app', () => {
    const assembly = on(bundles({ memberNames: { 'prod-gz': 'guangzhou' } }));
    const { metadata, spec } = assembly.object('ops', 'mall/web/Bundle/prod-gz/mall-web');
    expect(metadata).toMatchObject({ name: 'mall-web-prod-gz', namespace: 'fleet-default' });
    expect(spec.targets).toEqual([{ clusterName: 'guangzhou' }]);
    expect(spec.dependsOn).toEqual([{ name: 'mall-prod-gz' }]);
    expect(spec.resources.map(({ name }: AnyObject) => name)).toEqual([
      'serviceaccount-web.yaml',
      'deployment-web.yaml',
      'horizontalpodautoscaler-web.yaml',
    ]);
    expect(spec.diff.comparePatches).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'mall',
        name: 'web',
        operations: [{ op: 'remove', path: '/spec/replicas' }],
      },
    ]);
    expect(assembly.object('ops', 'mall/Bundle/prod-gz/mall').spec).not.toHaveProperty('dependsOn');
    expect(Object.keys(assembly.object('ops', 'mall/Bundle/prod-gz/mall').spec).sort()).toEqual([
      'resources',
      'targets',
    ]);
  });

  it('keeps, corrects and takes over where that is said', () => {
    const props = { keepResources: true, correctDrift: true, takeOwnership: true, workspaceNamespace: 'shops' };
    const { metadata, spec } = on(bundles(props)).object('ops', 'mall/Bundle/prod-sh/mall');
    expect(metadata.namespace).toBe('shops');
    expect(spec).toMatchObject({ keepResources: true, correctDrift: { enabled: true }, helm: { takeOwnership: true } });
  });

  it('refuses fields of controllers that Helm would write', () => {
    expect(refusals(bundles(), owns)).toEqual([
      'ORR2012 A controller owns spec.ports[name=http].nodePort of Service/cart, and Fleet ignores fields by fixed paths only.',
      'ORR2012 A controller owns spec.type of Service/cart, and Fleet would write it with every upgrade.',
    ]);
  });
});

describe.each([
  ['Open Cluster Management', works()],
  ['Fleet', bundles()],
])('what is packed for %s', (title, engine) => {
  it('holds no Secret with values, and nothing that restarts on a change', () => {
    const secret: More = (app) => {
      const [cart] = app.services;
      cart?.patchIn(
        { selectedClusters: (app.node.root as Platform).clusters.slice(0, 2) },
        { kind: 'ConfigMap' },
        JsonPatch.replace('/kind', 'Secret'),
      );
      app.addService('late', { image: 'late:1', restartOnChange: true });
    };
    expect(refusals(engine, secret)).toEqual([
      `ORR2012 Secret/cart has values, which would be readable for whoever reads the objects of ${title}.`,
      `ORR2012 Deployment/late restarts on change, and what is inside objects of ${title} is not looked at.`,
    ]);
  });

  it('uses the first group of a placement that has clusters, as direct delivery does', () => {
    const assembly = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      for (const name of ['prod', 'standby']) clusters.add(name);
      const placement = Placement.firstOf(Placement.named('prod'), Placement.named('standby'));
      new MultiClusterApp(platform, 'mall', { placement, engine: engine(clusters.add('ops')) });
    });
    expect([...assembly.objects('ops').keys()].filter((path) => path.includes('standby'))).toEqual([]);
    expect(assembly.objects('ops').size).toBe(1);
  });
});
