import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ClusterSet,
  MultiClusterApp,
  Placement,
  Platform,
  PriorityClass,
  StorageClass,
  TopologyDomain,
  VolumeBinding,
  VolumeProvisioner,
} from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { record } from '../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { AppliedPlatform, outcomeOf } from './applied-platform.ts';

describe.skipIf(inject('rig') === 'missing')('where and how services run on a real cluster', () => {
  let platform: AppliedPlatform;
  const owned: string[] = [];

  beforeAll(async () => {
    platform = new AppliedPlatform('scheduling');
  });
  afterAll(async () => {
    const { client } = await platform.open();
    for (const path of owned) await client.request({ method: 'DELETE', path });
    await platform.cleanUp();
  });

  it('is what the program says: spread over nodes, by priority, on the nodes of a purpose, with storage of a class, and evictions within the budget', async () => {
    const { client } = await platform.open();
    const get = async (path: string) => (await client.request({ method: 'GET', path })).body as KubernetesObject;
    const items = async (path: string) => ((await get(path)) as unknown as { items: KubernetesObject[] }).items;
    const namespace = platform.namespace('mall');
    const pods = async (service: string) =>
      (await items(`/api/v1/namespaces/${namespace}/pods`)).filter(
        ({ metadata }) =>
          metadata.labels?.['app.kubernetes.io/name'] === service && metadata.deletionTimestamp === undefined,
      );
    const nodes = await items('/api/v1/nodes');
    const { name: special = '', labels = {} } = nodes[0]?.metadata ?? {};
    const zones = new Map(
      nodes.map(({ metadata }) => [metadata.name, metadata.labels?.['topology.kubernetes.io/zone']]),
    );

    const objects = objectsOf(platform, { 'kubernetes.io/hostname': labels['kubernetes.io/hostname'] ?? '' });
    const applied = await platform.apply({ alpha: objects });
    owned.push(
      `/apis/storage.k8s.io/v1/storageclasses/${platform.id}-nfs`,
      `/apis/scheduling.k8s.io/v1/priorityclasses/${platform.id}-checkout`,
    );
    expect(outcomeOf(applied, 'alpha')).toMatchObject({ status: 'done', failures: [] });

    const web = await pods('web');
    const perZone = new Map<unknown, number>();
    for (const { spec } of web) {
      const zone = zones.get(String(record(spec).nodeName));
      perZone.set(zone, (perZone.get(zone) ?? 0) + 1);
    }
    expect(web).toHaveLength(2 * new Set(zones.values()).size);
    expect([...new Set(perZone.values())]).toEqual([2]);
    expect(web.map(({ spec }) => record(spec).priority)).toEqual(web.map(() => 4711));

    const search = await pods('search');
    expect(search.map(({ spec }) => record(spec).nodeName)).toEqual([special, special]);
    const claims = await items(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`);
    expect(
      claims.map(({ metadata, spec, status }) => [metadata.name, record(spec).storageClassName, record(status).phase]),
    ).toEqual(['data-search-0', 'data-search-1'].map((name) => [name, `${platform.id}-nfs`, 'Bound']));

    // What a budget forbids is answered with 429, which would be tried again.
    const { client: impatient } = await platform.open('alpha', undefined, { attempts: 1 });
    const evict = async (service: string) => {
      const [pod] = await pods(service);
      const name = pod?.metadata.name ?? '';
      const { status } = await impatient.request({
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } } as KubernetesObject,
      });
      return status;
    };
    await expect
      .poll(
        async () =>
          record((await get(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/web`)).status)
            .disruptionsAllowed,
      )
      .toBe(1);
    expect(await evict('web')).toBe(201);
    expect(await evict('search')).toBe(429);
  });
});

/** A service that may lose one pod at a time, and one that may lose none. */
function objectsOf(applied: AppliedPlatform, nodeSelector: Record<string, string>): KubernetesObject[] {
  const outdir = join(applied.stateFolder, 'assembly');
  const platform = new Platform({ id: applied.id, outdir });
  new ClusterSet(platform, 'clusters').add('alpha', {
    storageClasses: { general: `${applied.id}-nfs` },
    nodePools: { search: { nodeSelector } },
  });
  const placement = Placement.everywhere();
  const provisioner = VolumeProvisioner.nfs({ server: 'nas.example.com', share: '/' });
  new StorageClass(platform, 'general', {
    ...{ placement, purpose: 'general', provisioner, volumeBinding: VolumeBinding.IMMEDIATE },
  });
  const priority = new PriorityClass(platform, `${applied.id}-checkout`, { placement, value: 4711 });
  const app = new MultiClusterApp(platform, 'mall', { placement, namespaceName: applied.namespace('mall') });
  app.addService('web', {
    image: 'nginx:1.27',
    replicas: 6,
    spread: [{ over: TopologyDomain.ZONE, required: true }],
    disruptionBudget: { maxUnavailable: '1' },
    priorityClass: priority.className,
  });
  app.addService('search', {
    image: 'mall/search:2',
    replicas: 2,
    nodePool: 'search',
    volumes: [{ name: 'data', mountPath: '/data', size: '1Gi' }],
    disruptionBudget: { minAvailable: '2' },
    stateful: {},
  });
  platform.synth();
  return JSON.parse(readFileSync(join(outdir, 'clusters', 'alpha', 'objects.json'), 'utf8')) as KubernetesObject[];
}
