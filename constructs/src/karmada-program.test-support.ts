import type { JsonPatch } from 'cdk8s';
import { expect } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { DeliveryEngine } from './delivery-engine';
import { broughtTo } from './karmada.test-support';
import type { KarmadaDeliveryProps } from './karmada-delivery';
import { MultiClusterApp, type MultiClusterAppProps } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import type { ServiceOverride, ServiceProps } from './service-props';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from './synthesis.test-support';

export const RETAIN = 'resourcetemplate.karmada.io/retain-replicas';

export type Karmada = Omit<KarmadaDeliveryProps, 'hub'>;

/** An app, delivered directly or through Karmada. */
export interface Program {
  readonly clusters: Record<string, ClusterProps>;
  readonly app: Omit<MultiClusterAppProps, 'engine'>;
  readonly services: Record<string, ServiceProps>;
  readonly overrides?: readonly { service: string; where: string; settings: ServiceOverride }[];
  readonly patches?: readonly { service: string; where: string; kind: string; operations: JsonPatch[] }[];
}

export function build(platform: Platform, program: Program, karmada?: Karmada): MultiClusterApp {
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

export const objectsOf = (assembly: Assembly, cluster: string): AnyObject[] => [...assembly.objects(cluster).values()];
export const identity = ({ kind, metadata }: AnyObject) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

/** Without Karmada's own mark, and without Deployments of no replica, which Karmada leaves out. */
export function comparable(objects: readonly AnyObject[]): Record<string, AnyObject> {
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
export function onServer(template: AnyObject): AnyObject {
  const labels = {
    ...template.metadata.labels,
    'orrery.dev/platform': 'test',
    'propagationpolicy.karmada.io/permanent-id': 'x',
  };
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** False where direct delivery refuses the program. */
export function expectSame(program: Program, karmada: Karmada = {}): boolean {
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

/** An app in three clusters that differ. */
export const three: Program = {
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

export const on = (program: Program, karmada: Karmada = {}) =>
  assemblyOf((platform) => build(platform, program, karmada));

export const policy = (assembly: Assembly, name = 'mall') =>
  assembly.object('hub', `mall/PropagationPolicy/${name}`).spec;
export const names = (spec: AnyObject) => spec.resourceSelectors.map(({ kind, name }: AnyObject) => `${kind}/${name}`);

/** The same with divided replicas alone, in any two of the clusters. */
export const dynamic: Program = {
  ...three,
  app: { placement: Placement.named('prod-bj', 'prod-gz').spreadOver({ clusters: 2 }) },
  services: { cart: { image: 'mall/cart:1', replicas: 12 } },
};

/** The hub's assembly, of which members were compared. */
export function expectHub(program: Program, karmada: Karmada = {}): Assembly {
  expect(expectSame(program, karmada)).toBe(true);
  return on(program, karmada);
}

export function problems(program: Program, karmada: Karmada): string[] {
  return problemsOfProgram((platform) => build(platform, program, karmada)).map(({ code, what }) => `${code} ${what}`);
}
