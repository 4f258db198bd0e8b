import { join } from 'node:path';
import { CanaryRelease, type CanaryReleaseProps, CanaryStep, ClusterSet, Platform } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { tellRelease } from '../../lib/canary-release/release-action.ts';
import { list, record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { lacksMesh, MeshClusters, ReleasedShop } from './released-shop.ts';

type Made = Readonly<Record<string, ApiObject>>;

/** A chart with Deployments of the program, each for one version of `web`, and a Service of all of them. */
async function stateOf(
  shop: ReleasedShop,
  images: Readonly<Record<string, string>>,
  release?: (made: Made) => Partial<CanaryReleaseProps>,
): Promise<DesiredState> {
  const outdir = join(shop.stateFolder, `targets-${Math.random().toString(36).slice(2)}`);
  const platform = new Platform({ id: shop.id, outdir });
  const north = new ClusterSet(platform, 'clusters').add('north', { apiVersions: ['networking.istio.io/v1'] });
  const chart = new Chart(north, 'web', { namespace: shop.mall });
  new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: shop.mall } });
  const made: Record<string, ApiObject> = {};
  for (const [name, image] of Object.entries(images)) {
    const labels = { app: 'web', version: name };
    made[name] = new ApiObject(chart, name, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
      },
    });
  }
  made.service = new ApiObject(chart, 'service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
  });
  if (release !== undefined) new CanaryRelease(platform, 'web-2', { steps: [], ...release(made) });
  platform.synth();
  return renderAssembly(await readAssembly(outdir));
}

/** "v1 90 · v2 10": where the first route of `web` leads. */
function shares(route: KubernetesObject | undefined): string {
  const [rule] = list(record(route?.spec).http);
  return list(rule?.route)
    .map(({ destination, weight = 100 }) => {
      const { subset, host } = record(destination);
      return `${String(subset ?? String(host).split('.')[0])} ${String(weight)}`;
    })
    .join(' · ');
}

describe.skipIf(lacksMesh)('a canary release of what is no service of an app', { timeout: 240_000 }, () => {
  let mesh: MeshClusters;
  let shop: ReleasedShop;
  beforeAll(async () => {
    mesh = await MeshClusters.start('north');
    shop = new ReleasedShop(mesh);
  }, 300_000);
  afterAll(async () => {
    await shop?.cleanUp(['north']);
    await mesh?.end();
  });
  const promoted = async (state: DesiredState) => {
    const [north] = state.clusters;
    const [canary] = north?.canaries ?? [];
    if (north === undefined || canary === undefined) throw new Error('no release');
    await tellRelease(await shop.open('north'), shop.id, north, canary, 'promote', 'test');
    return shop.move(state);
  };
  const image = async (name: string) => {
    const deployment = await shop.get(shop.deploymentPath(name));
    const [container] = list(record(record(record(deployment?.spec).template).spec).containers);
    return container?.image;
  };
  const generation = async (name: string) => (await shop.get(shop.deploymentPath(name)))?.metadata.generation;

  it('brings a Deployment of the program its image, and leaves the program without touching it again', async () => {
    await shop.move(await stateOf(shop, { v1: 'web:1' }));
    const release = ({ v1, service }: Made): Partial<CanaryReleaseProps> => ({
      deployment: { deployment: v1 as ApiObject, service: service as ApiObject },
      image: 'web:2',
      steps: [CanaryStep.weight(50), CanaryStep.approve()],
    });
    const waiting = await shop.move(await stateOf(shop, { v1: 'web:1' }, release), { followMs: 0 });
    expect(waiting.releases).toMatchObject([{ release: 'web-2', stage: 'approve-2' }]);
    expect(shares(await shop.get(shop.routePath('web')))).toBe('web 50 · web-canary 50');
    expect([await image('v1'), await image('v1-canary')]).toEqual(['web:1', 'web:2']);

    const ended = await promoted(await stateOf(shop, { v1: 'web:1' }, release));
    expect(ended.releases).toMatchObject([{ status: 'through', stage: 'end' }]);
    expect(await image('v1')).toBe('web:2');
    expect(await shop.get(shop.deploymentPath('v1-canary'))).toBeUndefined();
    expect(await shop.get(shop.routePath('web'))).toBeUndefined();
    const before = await generation('v1');
    const left = await shop.move(await stateOf(shop, { v1: 'web:2' }));
    expect(left.outcome.clusters).toMatchObject([{ status: 'done' }]);
    expect(await generation('v1')).toBe(before);
  });

  it('divides the requests of one Service between two versions, and touches no pod', async () => {
    const images = { v1: 'web:1', v2: 'web:2' };
    await shop.move(await stateOf(shop, images));
    const before = [await generation('v1'), await generation('v2')];
    const release = (): Partial<CanaryReleaseProps> => ({
      versions: {
        serviceName: 'web',
        namespaceName: shop.mall,
        stable: { name: 'v1', labels: { version: 'v1' } },
        canary: { name: 'v2', labels: { version: 'v2' } },
      },
      steps: [CanaryStep.weight(10), CanaryStep.approve()],
    });
    const waiting = await shop.move(await stateOf(shop, images, release), { followMs: 0 });
    expect(waiting.releases).toMatchObject([{ stage: 'approve-2' }]);
    expect(shares(await shop.get(shop.routePath('web')))).toBe('v1 90 · v2 10');
    const ended = await promoted(await stateOf(shop, images, release));
    expect(ended.releases).toMatchObject([{ status: 'through', stage: 'end' }]);
    expect(shares(await shop.get(shop.routePath('web')))).toBe('v2 100');
    expect([await generation('v1'), await generation('v2')]).toEqual(before);
  });
});
