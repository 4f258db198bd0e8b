import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { plainConfigMap, renderedIds, renderWritten } from '../../test/render-written.ts';
import { TemporaryFolders, textAsset, writeAssembly } from '../../test/write-assembly.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { describeId } from '../kubernetes/object.ts';
import { renderAssembly } from './render-assembly.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());

const render = renderWritten({ helmBinary: '/nowhere/helm' });

describe('rendering an assembly', () => {
  it('keeps order, paths, sources and the manifest’s digests', async () => {
    const state = await render(
      folders.make(),
      [
        {
          name: 'a',
          facts: { region: 'cn-shanghai' },
          units: [
            { path: 'base', objects: [{ path: 'base/one', object: plainConfigMap('one') }] },
            {
              path: 'mall',
              objects: [{ path: 'mall/two', object: plainConfigMap('two', 'mall'), dependsOn: ['base/one'] }],
              dependsOn: [{ path: 'base' }, { cluster: 'b', path: 'db' }],
            },
          ],
        },
        { name: 'b', units: [] },
      ],
      { mall: 'main.ts:7' },
    );
    expect(state.clusters.map(({ name, facts }) => [name, facts])).toEqual([
      ['a', { region: 'cn-shanghai' }],
      ['b', {}],
    ]);
    expect(state.clusters[0]?.objects).toEqual([
      {
        id: { group: '', kind: 'ConfigMap', namespace: '', name: 'one' },
        object: plainConfigMap('one'),
        sha256: sha256(canonicalJson(plainConfigMap('one'))),
        path: 'base/one',
        unit: 'base',
        source: undefined,
        dependsOn: [],
      },
      {
        id: { group: '', kind: 'ConfigMap', namespace: 'mall', name: 'two' },
        object: plainConfigMap('two', 'mall'),
        sha256: sha256(canonicalJson(plainConfigMap('two', 'mall'))),
        path: 'mall/two',
        unit: 'mall',
        source: 'main.ts:7',
        dependsOn: [{ path: 'base/one' }, { path: 'base' }, { cluster: 'b', path: 'db' }],
      },
    ]);
    expect([state.holdsSecrets, state.notes]).toEqual([false, []]);
  });

  it('gives a normalised object the digest of its normalised form', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', creationTimestamp: null },
      stringData: { a: 'b' },
      status: {},
    };
    const state = await render(folders.make(), [
      { name: 'a', units: [{ path: 'u', objects: [{ path: 'u/s', object: secret }] }] },
    ]);
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'Yg==' } };
    expect(state.clusters[0]?.objects[0]).toMatchObject({ object, sha256: sha256(canonicalJson(object)) });
    expect(state.holdsSecrets).toBe(true);
  });

  it('reads included files with their lines, and gives a namespace only where the kind has one and names none', async () => {
    const folder = folders.make();
    const yaml = `# ours
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: b, namespace: other } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader, namespace: mall }
---
apiVersion: example.com/v1
kind: Widget
metadata: { name: w }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.com }
spec: { group: example.com, scope: Namespaced, names: { kind: Gadget } }
---
apiVersion: example.com/v1
kind: Gadget
metadata: { name: g }
`;
    const file = textAsset(folder, 'manifests/ours.yaml', yaml);
    const state = await render(folder, [
      { name: 'a', units: [{ path: 'u', includes: [{ path: 'u/ours', file, namespace: 'mall', dependsOn: ['x'] }] }] },
    ]);
    expect(
      state.clusters[0]?.objects.map(({ id, object, source, defaultNamespace }) => [
        describeId(id),
        object.metadata.namespace,
        source,
        defaultNamespace,
      ]),
    ).toEqual([
      ['ConfigMap/mall/a', 'mall', 'manifests/ours.yaml:5', 'mall'],
      ['ConfigMap/other/b', 'other', 'manifests/ours.yaml:6', 'mall'],
      ['ClusterRole/reader', undefined, 'manifests/ours.yaml:8', 'mall'],
      ['Widget/w', undefined, 'manifests/ours.yaml:12', 'mall'],
      ['CustomResourceDefinition/gadgets.example.com', undefined, 'manifests/ours.yaml:16', 'mall'],
      ['Gadget/mall/g', 'mall', 'manifests/ours.yaml:21', 'mall'],
    ]);
    expect(state.clusters[0]?.objects[0]).toMatchObject({ path: 'u/ours', unit: 'u', dependsOn: [{ path: 'x' }] });
  });

  it.each([
    ['malformed YAML', 'a: [1\nb: 2\n', 'ORR2201', /^x\.yaml:\d+:\d+$/],
    ['a key that stands twice', 'apiVersion: v1\nkind: ConfigMap\nkind: Secret\n', 'ORR2201', /^x\.yaml:3:1$/],
    ['no object', 'just text\n', 'ORR2202', /^x\.yaml:1$/],
    ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {}\n', 'ORR2202', /^x\.yaml:4$/],
  ])('locates %s in an included file by file, construct and cluster', async (_, text, code, source) => {
    const folder = folders.make();
    const file = textAsset(folder, 'x.yaml', text);
    const rendering = render(folder, [{ name: 'a', units: [{ path: 'u', includes: [{ path: 'u/i', file }] }] }]);
    await expect(rendering).rejects.toMatchObject({
      code,
      where: { cluster: 'a', path: 'u/i', source: expect.stringMatching(source) },
    });
  });

  it('refuses an included file that changed after the assembly was written', async () => {
    const folder = folders.make();
    const file = textAsset(folder, 'x.yaml', 'a: 1\n');
    writeFileSync(path.join(folder, 'assets', file.sha256), 'a: 2\n');
    const rendering = render(folder, [{ name: 'a', units: [{ path: 'u', includes: [{ path: 'u/i', file }] }] }]);
    await expect(rendering).rejects.toMatchObject({ code: 'ORR2104', where: { path: 'u/i' } });
  });

  it('refuses two objects of one identity, naming both', async () => {
    const folder = folders.make();
    const file = textAsset(
      folder,
      'x.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: mall }\n',
    );
    const rendering = render(
      folder,
      [
        {
          name: 'prod',
          units: [
            { path: 'u', objects: [{ path: 'u/a', object: plainConfigMap('a', 'mall') }] },
            { path: 'v', includes: [{ path: 'v/i', file }] },
          ],
        },
      ],
      { u: 'main.ts:3' },
    );
    await expect(rendering).rejects.toMatchObject({
      code: 'ORR2203',
      message: expect.stringMatching(/ConfigMap\/mall\/a .*u\/a \(main\.ts:3\).*v\/i \(x\.yaml:1\)/),
      where: { cluster: 'prod', path: 'v/i' },
    });
  });

  it('sees through versions, default namespaces and namespaces on kinds that have none', async () => {
    const pairs = [
      [plainConfigMap('a'), plainConfigMap('a', 'default')],
      [
        { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata: { name: 'h', namespace: 'n' } },
        { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'h', namespace: 'n' } },
      ],
      [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', namespace: 'x' } },
      ],
    ];
    for (const [one, two] of pairs) {
      const rendering = render(folders.make(), [
        {
          name: 'a',
          units: [
            {
              path: 'u',
              objects: [
                { path: 'u/1', object: one },
                { path: 'u/2', object: two },
              ],
            },
          ],
        },
      ]);
      await expect(rendering).rejects.toMatchObject({ code: 'ORR2203' });
    }
  });

  it('keeps the same identity in two clusters, and the same name in two namespaces or groups', async () => {
    const objects = [
      { path: 'u/1', object: plainConfigMap('a', 'x') },
      { path: 'u/2', object: plainConfigMap('a', 'y') },
      { path: 'u/3', object: { ...plainConfigMap('a', 'x'), apiVersion: 'example.com/v1' } },
    ];
    const state = await render(folders.make(), [
      { name: 'a', units: [{ path: 'u', objects }] },
      { name: 'b', units: [{ path: 'u', objects }] },
    ]);
    expect(renderedIds(state)).toHaveLength(6);
  });

  it('needs no helm where there is no release', async () => {
    const folder = folders.make();
    writeAssembly(folder, [
      { name: 'a', units: [{ path: 'u', objects: [{ path: 'u/1', object: plainConfigMap('a') }] }] },
    ]);
    const state = await renderAssembly(await readAssembly(folder), { helm: { helmBinary: '/nowhere/helm' } });
    expect(renderedIds(state)).toEqual(['ConfigMap/a']);
  });
});
