import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { canonicalJson, sha256 } from '../lib/kubernetes/canonical.ts';
import { STOREFRONT, writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { plainConfigMap, renderedIds, renderWritten } from './render-written.ts';
import { folderAsset, TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
const shared = new TemporaryFolders();
const helm = { helmBinary: helms[0]?.file, cacheFolder: path.join(shared.make(), 'cache') };
// Real programs run here: on a busy machine each may take seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterEach(() => folders.removeAll());
afterAll(() => shared.removeAll());

const render = renderWritten(helm);

describe.skipIf(helms.length === 0)('rendering Helm releases', () => {
  const storefront = (folder: string) => ({
    path: 'mall/front',
    releaseName: 'shop',
    namespace: 'mall',
    chart: { asset: folderAsset(folder, STOREFRONT) },
    dependsOn: ['mall/db'],
  });

  it('puts their objects where the program declared them, in the release’s namespace, with the template as source', async () => {
    const folder = folders.make();
    const state = await render(folder, [
      {
        name: 'prod',
        facts: { kubernetesVersion: '1.36' },
        units: [
          {
            path: 'mall',
            objects: [{ path: 'mall/db', object: plainConfigMap('db', 'mall') }],
            helmReleases: [storefront(folder)],
            dependsOn: [{ path: 'base' }],
          },
        ],
      },
    ]);
    expect(renderedIds(state).slice(0, 3)).toEqual([
      'ConfigMap/mall/db',
      'CustomResourceDefinition/shopwindows.example.com',
      'CustomResourceDefinition/themes.example.com',
    ]);
    const found = state.clusters[0]?.objects ?? [];
    const service = found.find(({ id }) => id.kind === 'Service');
    expect(service).toMatchObject({
      id: { namespace: 'mall', name: 'shop-cache' },
      object: { metadata: { namespace: 'mall' } },
      defaultNamespace: 'mall',
      path: 'mall/front',
      unit: 'mall',
      source: 'storefront/charts/cache/templates/cache.yaml',
      dependsOn: [{ path: 'mall/db' }, { path: 'base' }],
    });
    const secret = found.find(({ id }) => id.kind === 'Secret');
    expect(secret?.object).toMatchObject({ data: { key: '' } });
    expect(found.find(({ id }) => id.kind === 'ClusterRole')?.object.metadata).not.toHaveProperty('namespace');
    expect(renderedIds(state)).toContain('ShopWindow/mall/shop');
    expect(renderedIds(state)).toContain('Theme/shop');
    for (const { object, sha256: digest } of found) expect(digest).toBe(sha256(canonicalJson(object)));
    expect(state.notes).toEqual([
      'prod: Helm release mall/front: hooks that are left out: Pod/shop-ping (test: a test).',
    ]);
    expect(found.find(({ id }) => id.kind === 'Job')).toMatchObject({
      path: 'mall/front',
      hook: { events: ['pre-install', 'pre-upgrade'], weight: -5 },
    });
    expect(state.holdsSecrets).toBe(true);
  });

  it('shows charts the definitions of the same cluster as API versions', async () => {
    const folder = folders.make();
    const monitors = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'servicemonitors.monitoring.coreos.com' },
      spec: {
        group: 'monitoring.coreos.com',
        scope: 'Namespaced',
        names: { kind: 'ServiceMonitor' },
        versions: [{ name: 'v1', served: true }],
      },
    };
    const unit = { path: 'mall', helmReleases: [storefront(folder)] };
    const state = await render(folder, [
      {
        name: 'with',
        facts: { kubernetesVersion: '1.36' },
        units: [{ ...unit, objects: [{ path: 'mall/crd', object: monitors }] }],
      },
      {
        name: 'declared',
        facts: { kubernetesVersion: '1.36', apiVersions: ['monitoring.coreos.com/v1'] },
        units: [unit],
      },
      { name: 'without', facts: { kubernetesVersion: '1.36' }, units: [unit] },
    ]);
    const has = state.clusters.map(({ objects }) => objects.some(({ id }) => id.kind === 'ServiceMonitor'));
    expect(has).toEqual([true, true, false]);
  });

  it('refuses a chart that brings what the program already has', async () => {
    const folder = folders.make();
    const rendering = render(folder, [
      {
        name: 'a',
        units: [
          {
            path: 'mall',
            objects: [{ path: 'mall/x', object: plainConfigMap('shop-cache', 'mall') }],
            helmReleases: [storefront(folder)],
          },
        ],
      },
    ]);
    await expect(rendering).rejects.toMatchObject({
      code: 'ORR2203',
      message: expect.stringContaining('storefront/charts/cache/templates/cache.yaml'),
    });
  });

  it('shows charts what their cluster serves by itself, with kinds, and the definitions of all charts', async () => {
    const folder = folders.make();
    const asked = [
      'networking.k8s.io/v1/Ingress',
      'v1/Pod',
      'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy',
      'storage.k8s.io/v1beta1/VolumeAttributesClass',
      'policy/v1beta1/PodDisruptionBudget',
      'example.com/v1/ShopWindow',
      'example.com/v1/Nothing',
    ];
    const lines = asked.map((name, n) => `  "${n}": {{ .Capabilities.APIVersions.Has "${name}" | quote }}`);
    const chart = writeChart(folders.make(), {
      'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: asked }\ndata:\n${lines.join('\n')}\n`,
    });
    const release = {
      path: 'ask',
      releaseName: 'ask',
      namespace: 'mall',
      chart: { asset: folderAsset(folder, chart) },
    };
    const alone = { path: 'ask', helmReleases: [release] };
    const state = await render(folder, [
      {
        name: 'new',
        facts: { kubernetesVersion: '1.36' },
        units: [alone, { path: 'mall', helmReleases: [storefront(folder)] }],
      },
      {
        name: 'without',
        facts: { kubernetesVersion: '1.36' },
        units: [alone, { path: 'mall', helmReleases: [{ ...storefront(folder), includeCrds: false }] }],
      },
      { name: 'old', facts: { kubernetesVersion: '1.34.2' }, units: [alone] },
    ]);
    const served = state.clusters.map(({ objects }) => {
      const data = objects.find(({ id }) => id.name === 'asked')?.object.data as Record<string, string>;
      return asked.filter((_, n) => data[n] === 'true');
    });
    const everywhere = ['networking.k8s.io/v1/Ingress', 'v1/Pod'];
    const since36 = 'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy';
    expect(served).toEqual([
      [...everywhere, since36, 'example.com/v1/ShopWindow'],
      [...everywhere, since36],
      everywhere,
    ]);
  });
});
