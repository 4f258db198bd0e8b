import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ReleasePatchManifest } from '@orrery/constructs/assembly-format';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { KindCatalogue, schemaOf } from '../lib/checks/schema/known-kinds.ts';
import type { Json, KubernetesObject } from '../lib/kubernetes/object.ts';
import { applyStrategicMerge } from '../lib/render/strategic-merge.ts';
import { cachedExecutable } from '../lib/sandbox/rig/build-tool.ts';
import { goPlatform } from '../lib/sandbox/rig/cache-key.ts';
import { rigOptionsFromEnvironment } from '../lib/sandbox/rig/ensure-tools.ts';
import { rigModulesFolder } from '../lib/sandbox/rig/modules-folder.ts';
import { writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { renderWritten } from './render-written.ts';
import { folderAsset, TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
// Real programs run here: on a busy machine each may take seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(() => folders.removeAll());

const TEMPLATES = {
  'app.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: app, labels: { tier: front } }
spec:
  selector: { matchLabels: { app: app } }
  template:
    metadata: { labels: { app: app } }
    spec:
      containers:
        - { name: app, image: "example.com/app:1", args: [a], env: [{ name: A, value: one }] }
        - { name: side, image: "example.com/side:1" }
`,
  'settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { a: one }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: other }
data: { a: one }
`,
  'secret.yaml': `apiVersion: v1
kind: Secret
metadata: { name: keys }
stringData: { password: open-sesame }
`,
  'migrate.yaml': `apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: pre-install } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: "example.com/c:1" }] } } }
`,
  'widget.yaml': `apiVersion: example.com/v1
kind: Widget
metadata: { name: w }
`,
};

describe.skipIf(helms.length === 0)('patches of what a chart renders', () => {
  const chart = writeChart(folders.make(), TEMPLATES);
  const cacheFolder = path.join(folders.make(), 'cache');
  const render = async (patches: Record<string, readonly ReleasePatchManifest[]>) => {
    const folder = folders.make();
    const clusters = Object.entries(patches).map(([name, own]) => ({
      name,
      facts: { kubernetesVersion: '1.36' },
      units: [
        {
          path: 'shop',
          helmReleases: [
            {
              path: 'shop/release',
              releaseName: 'shop',
              namespace: 'mall',
              chart: { asset: folderAsset(folder, chart) },
              patches: own,
            },
          ],
        },
      ],
    }));
    const places = { 'shop/release': 'main.ts:7', 'shop/release/patch-1': 'main.ts:12' };
    return renderWritten({ helmBinary: helms[0]?.file, cacheFolder })(folder, clusters, places);
  };
  const patch = (target: ReleasePatchManifest['target'], body: Partial<ReleasePatchManifest>, n = 1) => ({
    path: `shop/release/patch-${n}`,
    target,
    ...body,
  });

  it('come last, in order, and change exactly what they name', async () => {
    const state = await render({
      a: [
        patch({ kind: 'Deployment' }, { json: [{ op: 'add', path: '/spec/replicas', value: 3 }] }),
        patch(
          { kind: 'Deployment', group: 'apps' },
          {
            strategic: { spec: { template: { spec: { containers: [{ name: 'app', image: 'example.com/app:2' }] } } } },
          },
          2,
        ),
        patch(
          { kind: 'Deployment', name: 'app' },
          { merge: { metadata: { labels: { tier: null } }, spec: { replicas: 5 } } },
          3,
        ),
        patch({ kind: 'ConfigMap', namespace: 'mall' }, { merge: { data: { a: 'two' } } }, 4),
        patch({ kind: 'Job' }, { json: [{ op: 'remove', path: '/metadata/annotations/helm.sh~1hook' }] }, 5),
      ],
    });
    const found = state.clusters[0]?.objects ?? [];
    const named = (kind: string, namespace = 'mall') =>
      found.find(({ id }) => id.kind === kind && id.namespace === namespace);
    expect(named('Deployment')?.object).toMatchObject({
      metadata: { labels: {} },
      spec: {
        replicas: 5,
        template: {
          spec: {
            containers: [
              { name: 'app', image: 'example.com/app:2', args: ['a'], env: [{ name: 'A', value: 'one' }] },
              { name: 'side', image: 'example.com/side:1' },
            ],
          },
        },
      },
    });
    expect([named('ConfigMap'), named('ConfigMap', 'other')].map((one) => one?.object.data)).toEqual([
      { a: 'two' },
      { a: 'one' },
    ]);
    // What is no hook after its patches has no turn of its own either.
    expect(named('Job')).not.toHaveProperty('hook');
  });

  it('may change nothing in one cluster, as long as they do in another', async () => {
    const same = patch({ kind: 'ConfigMap', namespace: 'mall' }, { merge: { data: { a: 'one' } } });
    const other = { ...same, merge: { data: { a: 'two' } } };
    expect((await render({ a: [same], b: [other] })).clusters).toHaveLength(2);
    await expect(render({ a: [same], b: [same] })).rejects.toMatchObject({
      code: 'ORR2305',
      message: 'the merge patch of ConfigMap changes nothing',
      where: { path: 'shop/release', source: 'main.ts:12', cluster: 'a' },
    });
  });

  it.each([
    ['no object', { kind: 'Deploymant' }, { merge: {} }, /^the merge patch of Deploymant finds no object$/],
    ['several', { kind: 'ConfigMap', name: 'settings' }, { merge: {} }, /finds 2 objects$/],
    [
      'nothing at its path',
      { kind: 'Deployment' },
      { json: [{ op: 'replace', path: '/spec/replicas', value: 1 }] },
      /JSON patch of Deployment does not apply: replace \/spec\/replicas: \/spec has no "replicas"; it has: selector, template$/,
    ],
    [
      'another value',
      { kind: 'Secret' },
      { json: [{ op: 'test', path: '/stringData/password', value: 'x' }] },
      /^the JSON patch of Secret does not apply: test \/stringData\/password: another value stands there$/,
    ],
    [
      'a kind without a schema',
      { kind: 'Widget' },
      { strategic: { spec: { a: 1 } } },
      /cannot be applied: the schema of example.com\/v1 Widget is not known$/,
    ],
    ['an identity, and remove it', { kind: 'Widget' }, { merge: { metadata: null } }, /leaves no object/],
  ] as const)('that find %s are an error with their place', async (_, target, body, message) => {
    await expect(render({ a: [patch(target, body as Partial<ReleasePatchManifest>)] })).rejects.toMatchObject({
      code: 'ORR2305',
      message: expect.stringMatching(message),
      where: { source: 'main.ts:12' },
    });
  });
});

const kubectl = cachedExecutable(
  'kubectl',
  rigOptionsFromEnvironment(process.env, homedir()).cacheFolder,
  rigModulesFolder(),
  goPlatform(process.platform, process.arch),
);

describe.skipIf(!existsSync(kubectl))('strategic patches against kubectl', () => {
  const kinds = new KindCatalogue().of({ kubernetesVersion: '1.36' }, []);
  const object = (kind: string, spec: object) =>
    ({
      apiVersion: kind === 'Service' ? 'v1' : 'apps/v1',
      kind,
      metadata: { name: 'a' },
      spec,
    }) as unknown as KubernetesObject;
  const pod = (spec: object) => ({ template: { spec } });

  it.each([
    [
      object('Deployment', pod({ containers: [{ name: 'a', image: 'a:1', env: [{ name: 'A', value: '1' }] }] })),
      { spec: pod({ containers: [{ name: 'a', image: 'a:2', env: [{ name: 'A', value: '2' }] }] }) },
    ],
    [
      object('Deployment', pod({ containers: [{ name: 'a' }, { name: 'b' }], nodeSelector: { x: '1' } })),
      { spec: pod({ containers: [{ name: 'b', $patch: 'delete' }], nodeSelector: { $patch: 'replace', y: '2' } }) },
    ],
    [
      object('StatefulSet', pod({ volumes: [{ name: 'v', emptyDir: {} }], tolerations: [{ key: 'a' }] })),
      {
        spec: pod({ volumes: [{ name: 'v', emptyDir: null, configMap: { name: 'c' } }], tolerations: [{ key: 'b' }] }),
      },
    ],
    [
      object('Service', { ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], selector: { a: 'b' } }),
      { spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 9090 }], selector: { a: null, c: 'd' } } },
    ],
    [
      object(
        'Deployment',
        pod({ containers: [{ name: 'a', args: ['x', 'y'], volumeMounts: [{ name: 'v', mountPath: '/v' }] }] }),
      ),
      { spec: pod({ containers: [{ name: 'a', args: ['z'], volumeMounts: [{ mountPath: '/v', readOnly: true }] }] }) },
    ],
  ])('make the same of %j', async (before, patch) => {
    const folder = folders.make();
    const files = ['object.json', 'patch.json'].map((name) => path.join(folder, name));
    writeFileSync(files[0] as string, JSON.stringify(before));
    writeFileSync(files[1] as string, JSON.stringify(patch));
    const args = [
      'patch',
      '--local',
      '--type',
      'strategic',
      '-f',
      files[0] as string,
      '--patch-file',
      files[1] as string,
      '-o',
      'json',
    ];
    const { stdout } = await promisify(execFile)(kubectl, args, { env: { HOME: folder } });
    const own = applyStrategicMerge(before as unknown as Json, patch as unknown as Json, schemaOf(kinds, before));
    // Go writes empty structs that nobody gave.
    const { spec } = JSON.parse(stdout) as { spec: object };
    expect(spec).toMatchObject((own as unknown as { spec: object }).spec);
    expect(leaves((own as unknown as { spec: Json }).spec)).toEqual(leaves(spec as Json));
  });
});

/** Texts, numbers and booleans with their paths. */
function leaves(value: Json, at = ''): string[] {
  if (value === null || typeof value !== 'object') return value === null ? [] : [`${at} ${JSON.stringify(value)}`];
  const members = Array.isArray(value) ? value.map((item, n) => [String(n), item] as const) : Object.entries(value);
  return members.flatMap(([key, member]) => leaves(member as Json, `${at}/${key}`)).sort();
}
