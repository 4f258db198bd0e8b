import { afterEach, describe, expect, it } from 'vitest';
import { renderWritten } from '../../test/render-written.ts';
import { deployment } from '../../test/sample-objects.ts';
import { TemporaryFolders, textAsset } from '../../test/write-assembly.ts';
import { decodeRevision, encodeRevision } from '../revision/revision-format.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());

const render = renderWritten({ helmBinary: '/nowhere/helm' });

const scaler = (apiVersion: string, kind: string, scaleTargetRef: object, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name: `${kind.toLowerCase()}-it`, ...(namespace === undefined ? {} : { namespace }) },
  spec: { scaleTargetRef },
});

const REPLICAS = [{ path: 'spec.replicas', managers: ['kube-controller-manager'] }];

async function owned(...objects: object[]): Promise<Record<string, unknown>> {
  const state = await render(folders.make(), [
    { name: 'a', units: [{ path: 'u', objects: objects.map((object, at) => ({ path: `u/${at}`, object })) }] },
  ]);
  const all = state.clusters[0]?.objects ?? [];
  return Object.fromEntries(
    all.flatMap(({ id, controllerOwned }) =>
      controllerOwned === undefined ? [] : [[`${id.kind}/${id.namespace}/${id.name}`, controllerOwned]],
    ),
  );
}

describe('the replicas of what an autoscaler of the program scales', () => {
  it('belong to it, by group, kind, namespace and name, whether the object sets them or not', async () => {
    const { spec, ...rest } = deployment('shop', 'cart');
    const { replicas: _, ...withoutReplicas } = spec as { replicas: number };
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' };
    for (const cart of [deployment('shop', 'cart'), { ...rest, spec: withoutReplicas }]) {
      const found = await owned(
        cart,
        deployment('other', 'cart'),
        deployment('shop', 'till'),
        { ...deployment('shop', 'cart'), apiVersion: 'example.com/v1' },
        scaler('autoscaling/v2', 'HorizontalPodAutoscaler', target, 'shop'),
      );
      expect(found).toEqual({ 'Deployment/shop/cart': REPLICAS });
    }
  });

  it('belong to KEDA’s ScaledObject, too, which need not name the kind', async () => {
    const found = await owned(
      deployment('shop', 'cart'),
      scaler('keda.sh/v1alpha1', 'ScaledObject', { name: 'cart' }, 'shop'),
    );
    expect(found).toEqual({ 'Deployment/shop/cart': REPLICAS });
  });

  it('are found in included files and in the default namespace; what else has a scaleTargetRef scales nothing', async () => {
    const folder = folders.make();
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' };
    const { namespace: _, ...metadata } = deployment('', 'cart').metadata;
    const file = textAsset(
      folder,
      'scaling.yaml',
      JSON.stringify(scaler('autoscaling/v2', 'HorizontalPodAutoscaler', target)),
    );
    const state = await render(folder, [
      {
        name: 'a',
        units: [
          {
            path: 'u',
            objects: [
              { path: 'u/cart', object: { ...deployment('', 'cart'), metadata } },
              { path: 'u/till', object: deployment('default', 'till') },
              {
                path: 'u/no',
                object: scaler('example.com/v1', 'HorizontalPodAutoscaler', { ...target, name: 'till' }, 'default'),
              },
            ],
            includes: [{ path: 'u/scaling', file }],
          },
        ],
      },
    ]);
    const objects = state.clusters[0]?.objects ?? [];
    expect(objects.map(({ controllerOwned }) => controllerOwned)).toEqual([REPLICAS, undefined, undefined, undefined]);
  });

  it('stay as they are declared, and what is declared travels from the manifest into a revision and back', async () => {
    const declared = [{ path: 'spec.replicas', managers: ['my-scaler'] }, { path: 'spec.paused' }];
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' };
    const state = await render(folders.make(), [
      {
        name: 'a',
        units: [
          {
            path: 'u',
            objects: [
              { path: 'u/cart', object: deployment('shop', 'cart'), controllerOwned: declared },
              { path: 'u/scaler', object: scaler('autoscaling/v2', 'HorizontalPodAutoscaler', target, 'shop') },
            ],
          },
        ],
      },
    ]);
    const [cluster] = state.clusters;
    if (cluster === undefined) throw new Error('no cluster');
    expect(cluster.objects[0]?.controllerOwned).toEqual([
      { path: 'spec.replicas', managers: ['my-scaler'] },
      { path: 'spec.paused', managers: [] },
    ]);
    const { desired } = await decodeRevision(await encodeRevision(cluster, 'digest'), 'a', 1);
    expect(desired.objects.map(({ controllerOwned }) => controllerOwned)).toEqual(
      cluster.objects.map(({ controllerOwned }) => controllerOwned),
    );
  });
});
