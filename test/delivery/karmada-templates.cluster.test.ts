import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AccessMode,
  ClusterSet,
  DeliveryEngine,
  MultiClusterApp,
  Placement,
  Platform,
  TopologyDomain,
} from '@orrery/constructs';
import { JsonPatch } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { CRDS, DefinitionsServer } from '../accepted/definitions-server.ts';

/** What Karmada brings to a cluster, written anew from its sources (constructs/src/karmada.test-support.ts). */
const karmada = '../../constructs/src/karmada.test-support.ts';
const { broughtTo } = (await import(karmada)) as {
  broughtTo(hub: readonly KubernetesObject[], cluster: string): KubernetesObject[];
};

const MEMBERS = ['prod-sh', 'prod-gz', 'edge'];

/** Differences of every sort between the clusters: things that are more, less, other, and empty. */
function program(platform: Platform, throughHub: boolean): void {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('prod-sh', { storageClasses: { general: 'nfs', fast: 'ssd' } });
  clusters.add('prod-gz', {
    registryMirror: 'registry.gz.example.com',
    storageClasses: { general: 'csi', fast: 'csi' },
  });
  clusters.add('edge', {
    imageRegistry: 'registry.edge.example.com',
    storageClasses: { general: 'local', fast: 'nvme' },
  });
  const hub = clusters.add('hub');
  const app = new MultiClusterApp(platform, 'mall', {
    placement: Placement.weighted({ 'prod-sh': 3, 'prod-gz': 2, edge: 1 }),
    ...(throughHub ? { engine: DeliveryEngine.karmada({ hub, deletionProtected: true }) } : {}),
  });
  const cart = app.addService('cart', {
    image: 'mall/cart:1',
    replicas: 13,
    port: 8080,
    env: { A: 'a' },
    config: { env: { MODE: 'shop' }, files: { empty: '' } },
    volumes: [
      { name: 'data', mountPath: '/data', size: '1Gi', purpose: 'fast', accessMode: AccessMode.READ_WRITE_MANY },
    ],
    nodeSelector: { disk: 'ssd' },
    podAnnotations: { 'example.com/team': 'cart' },
    tolerations: [{ key: 'a' }],
    disruptionBudget: { maxUnavailable: '25%' },
    spread: [{ over: TopologyDomain.ZONE }],
  });
  app.addService('web', { image: 'mall/web:1', cpu: '100m', autoscaling: { minReplicas: 3, maxReplicas: 12 } });
  const base = app.addService('base', { image: 'mall/base:1' });
  cart.overrideIn(clusters.named('prod-gz'), {
    env: { A: 'b', B: 'c' },
    nodeSelector: { disk: 'hdd' },
    tolerations: [],
  });
  cart.overrideIn(clusters.named('edge'), { replicas: 5, podLabels: { place: 'edge' }, cpu: '0.5', memory: '128Mi' });
  const deployment = { kind: 'Deployment' };
  cart.patchIn(clusters.named('edge'), deployment, JsonPatch.remove('/spec/template/spec/nodeSelector'));
  cart.patchIn(clusters.named('edge'), deployment, JsonPatch.remove('/spec/template/spec/enableServiceLinks'));
  cart.patchIn(clusters.named('edge'), deployment, JsonPatch.add('/spec/strategy', { type: 'Recreate' }));
  cart.patchIn(clusters.named('edge'), { kind: 'ServiceAccount' }, JsonPatch.remove('/automountServiceAccountToken'));
  cart.patchIn(clusters.named('prod-gz'), { kind: 'ConfigMap' }, JsonPatch.remove('/data/empty'));
  cart.patchIn(clusters.named('prod-gz'), { kind: 'Service' }, JsonPatch.add('/spec/sessionAffinity', 'ClientIP'));
  // The template is that of the first cluster here; its server drops what is empty.
  const first = clusters.named('prod-sh');
  base.patchIn(first, deployment, JsonPatch.add('/spec/template/spec/hostAliases', []));
  base.patchIn(first, deployment, JsonPatch.add('/spec/template/metadata/annotations', {}));
  base.patchIn(
    clusters.named('prod-gz'),
    deployment,
    JsonPatch.add('/spec/template/metadata/annotations', { 'example.com/x': 'y' }),
  );
}

function objectsOf(throughHub: boolean): Map<string, KubernetesObject[]> {
  const outdir = mkdtempSync(join(inject('scratch'), 'karmada-'));
  const platform = new Platform({ id: 'karmada', outdir });
  program(platform, throughHub);
  platform.synth();
  const read = (cluster: string) => readFileSync(join(outdir, 'clusters', cluster, 'objects.json'), 'utf8');
  return new Map([...MEMBERS, 'hub'].map((cluster) => [cluster, JSON.parse(read(cluster)) as KubernetesObject[]]));
}

describe.skipIf(inject('rig') === 'missing' || !existsSync(CRDS))(
  'templates as the API server of a hub keeps them',
  () => {
    let server: DefinitionsServer;
    beforeAll(async () => {
      server = await DefinitionsServer.start(
        ['propagationpolicies', 'clusterpropagationpolicies', 'overridepolicies', 'clusteroverridepolicies'].map(
          (kind) => `policy.karmada.io/${kind}.policy.karmada.io.yaml`,
        ),
      );
    });
    afterAll(() => server?.end());

    it('become in every cluster, defaults included, what direct delivery makes there', async () => {
      const direct = objectsOf(false);
      const hub = await Promise.all((objectsOf(true).get('hub') ?? []).map((object) => kept(withApplyLabel(object))));
      for (const cluster of MEMBERS) {
        const expected = await Promise.all((direct.get(cluster) ?? []).map(kept));
        const brought = await Promise.all(broughtTo(hub, cluster).map(kept));
        expect(named(brought), cluster).toEqual(named(expected));
      }
    });

    /** As the server keeps it, without what it gives each object of its own. */
    async function kept(object: KubernetesObject): Promise<KubernetesObject> {
      const { status: _status, ...stored } = await server.stored(object);
      const { name, namespace, labels, annotations } = stored.metadata;
      const metadata = { name, ...(namespace === undefined ? {} : { namespace }), labels, annotations };
      const spec = stored.kind === 'Service' ? { spec: withoutAddress(stored.spec as Fields) } : {};
      return { ...stored, ...spec, metadata: JSON.parse(JSON.stringify(metadata)) } as KubernetesObject;
    }
  },
);

/** Of an apply, and of Karmada's claim. */
function withApplyLabel(object: KubernetesObject): KubernetesObject {
  const labels = {
    ...object.metadata.labels,
    'orrery.dev/platform': 'karmada',
    'propagationpolicy.karmada.io/name': 'x',
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}

type Fields = Readonly<Record<string, unknown>>;

/** Karmada takes it off, too, unless there shall be none (karmada-io/karmada: pkg/resourceinterpreter/default/native/prune). */
function withoutAddress({ clusterIP, clusterIPs, ...spec }: Fields): Fields {
  return clusterIP === 'None' ? { ...spec, clusterIP, clusterIPs } : spec;
}

/** By kind and name, without Karmada's mark. */
function named(objects: readonly KubernetesObject[]): Record<string, KubernetesObject> {
  return Object.fromEntries(
    objects.map((object) => {
      const { 'resourcetemplate.karmada.io/retain-replicas': _mark, ...labels } = object.metadata.labels ?? {};
      return [`${object.kind}/${object.metadata.name}`, { ...object, metadata: { ...object.metadata, labels } }];
    }),
  );
}
