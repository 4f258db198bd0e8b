import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import { sourceOf } from '@orrery/constructs/source-location';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { folderAsset, TemporaryFolders, textAsset, writeAssembly } from '../../test/write-assembly.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { assemblyDigest, readAssembly } from './read-assembly.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());

const configMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

function twoObjects(): string {
  const folder = folders.make();
  writeAssembly(folder, [
    {
      name: 'prod-sh',
      facts: { kubernetesVersion: '1.36' },
      units: [
        {
          path: 'mall',
          objects: [
            { path: 'mall/a', object: configMap('a') },
            { path: 'mall/b', object: configMap('b', { key: 'ü 🌍' }) },
          ],
        },
      ],
    },
    { name: 'empty', units: [] },
  ]);
  return folder;
}

/** Reads manifest.json, lets a test change it, writes it back. */
function edit(folder: string, change: (manifest: Manifest) => void): void {
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

// biome-ignore lint/suspicious/noExplicitAny: tests break the manifest in every way
type Manifest = any;

describe('reading an assembly', () => {
  it('gives clusters with their objects, in order, as they were written', async () => {
    const assembly = await readAssembly(twoObjects());
    expect(assembly.platform).toEqual({ id: 'shop' });
    expect(assembly.clusters.map((cluster) => cluster.manifest.name)).toEqual(['prod-sh', 'empty']);
    expect(assembly.clusters[0]?.objects).toEqual([configMap('a'), configMap('b', { key: 'ü 🌍' })]);
    expect(assembly.clusters[1]?.objects).toEqual([]);
  });

  it('gives the rollout as it was written, and none where there is none', async () => {
    const folder = twoObjects();
    expect((await readAssembly(folder)).rollout).toBeUndefined();
    const rollout = { waves: [{ name: 'all', clusters: ['empty', 'prod-sh'], soakMs: 60_000 }], onFailure: 'rollback' };
    edit(folder, (manifest) => {
      manifest.rollout = rollout;
    });
    expect((await readAssembly(folder)).rollout).toEqual(rollout);
  });

  it('has the sha256 of manifest.json as its digest', async () => {
    const folder = twoObjects();
    const digest = sha256(readFileSync(path.join(folder, 'manifest.json')));
    expect((await readAssembly(folder)).digest).toBe(digest);
    expect(await assemblyDigest(folder)).toBe(digest);
  });

  it('gives back any object, keys like __proto__ included', { timeout: 60_000 }, async () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
    const data = fc.dictionary(fc.oneof(text, fc.constant('__proto__')), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(data, { maxLength: 20 }), async (many) => {
        const folder = folders.make();
        const objects = many.map((value, i) => ({ ...configMap(`o${i}`), value }));
        writeAssembly(folder, [
          { name: 'c', units: [{ path: 'u', objects: objects.map((object, i) => ({ path: `u/${i}`, object })) }] },
        ]);
        const read = (await readAssembly(folder)).clusters[0]?.objects;
        expect(read?.map(canonicalJson)).toEqual(objects.map(canonicalJson));
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    ['a folder that does not exist', (folder: string) => rmSync(folder, { recursive: true })],
    ['an empty folder', (folder: string) => rmSync(path.join(folder, 'manifest.json'))],
  ])('names what to run for %s', async (_, breakIt) => {
    const folder = twoObjects();
    breakIt(folder);
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2101',
      fix: expect.stringContaining('orrery synth'),
    });
    await expect(assemblyDigest(folder)).rejects.toMatchObject({ code: 'ORR2101' });
  });

  it.each([
    ['2.0', 'ORR2102'],
    ['10.1', 'ORR2102'],
    ['1', 'ORR2103'],
    ['one', 'ORR2103'],
  ])('refuses format version %s with %s', async (version, code) => {
    const folder = twoObjects();
    edit(folder, (manifest) => {
      manifest.version = version;
    });
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/version|format/),
    });
  });

  it('reads a newer minor version that says nothing new, and refuses one that does as newer', async () => {
    const folder = twoObjects();
    edit(folder, (manifest) => {
      manifest.version = '1.11';
    });
    await expect(readAssembly(folder)).resolves.toBeDefined();
    edit(folder, (manifest) => {
      manifest.waves = [];
    });
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2102',
      message: expect.stringContaining('1.11'),
    });
  });

  it.each<[string, (manifest: Manifest) => void, string, string]>([
    ['an unknown field', (m) => (m.extra = 1), 'manifest.json', 'extra'],
    [
      'a wave with a cluster that does not exist',
      (m) => (m.rollout = { waves: [{ name: 'a', clusters: ['prod-bj'] }] }),
      'manifest.json#/rollout/waves/0/clusters/0',
      'is not in the assembly',
    ],
    [
      'a cluster in two waves',
      (m) => (m.rollout = { waves: ['a', 'b'].map((name) => ({ name, clusters: ['prod-sh', 'empty'] })) }),
      'manifest.json#/rollout/waves/1/clusters/0',
      'stands twice in the rollout',
    ],
    [
      'a cluster in no wave',
      (m) => (m.rollout = { waves: [{ name: 'a', clusters: ['prod-sh'] }] }),
      'manifest.json#/rollout/waves',
      '"empty" is in no wave',
    ],
    [
      'two waves of one name',
      (m) => (m.rollout = { waves: ['prod-sh', 'empty'].map((cluster) => ({ name: 'a', clusters: [cluster] })) }),
      'manifest.json#/rollout/waves/1/name',
      'stands twice in the rollout',
    ],
    [
      'a gate of no known type',
      (m) =>
        (m.rollout = { waves: [{ name: 'a', clusters: ['prod-sh', 'empty'], gates: [{ type: 'guess', name: 'g' }] }] }),
      'manifest.json#/rollout/waves/0/gates/0',
      'exactly one',
    ],
    [
      'an unknown field of a unit',
      (m) => (m.clusters[0].units[0].wave = 1),
      'manifest.json#/clusters/0/units/0',
      'wave',
    ],
    ['a missing field', (m) => delete m.platform.id, 'manifest.json#/platform', 'id'],
    ['another format', (m) => (m.format = 'cdk/assembly'), 'manifest.json#/format', 'orrery/assembly'],
    [
      'a wrong type',
      (m) => (m.clusters[0].facts.internetFacing = 'yes'),
      'manifest.json#/clusters/0/facts/internetFacing',
      'boolean',
    ],
    [
      'a bad digest',
      (m) => (m.clusters[0].units[0].objects[0].sha256 = 'ABC'),
      'manifest.json#/clusters/0/units/0/objects/0/sha256',
      'pattern',
    ],
    ['a cluster twice', (m) => (m.clusters[1].name = 'prod-sh'), 'manifest.json#/clusters/1/name', 'twice'],
    [
      'a unit twice',
      (m) => m.clusters[0].units.push({ path: 'mall', objects: [] }),
      'manifest.json#/clusters/0/units/1/path',
      'twice',
    ],
    [
      'an object path twice',
      (m) => (m.clusters[0].units[0].objects[1].path = 'mall/a'),
      'manifest.json#/clusters/0/units/0/objects/1/path',
      'twice',
    ],
    [
      'a field path that is none',
      (m) => (m.clusters[0].units[0].objects[1].controllerOwned = [{ path: 'spec.http[0]' }]),
      'manifest.json#/clusters/0/units/0/objects/1/controllerOwned/0/path',
      'no fixed number',
    ],
    [
      'a dependency on an unknown cluster',
      (m) => (m.clusters[0].units[0].dependsOn = [{ cluster: 'nowhere', path: 'x' }]),
      'manifest.json#/clusters/0/units/0/dependsOn/0/cluster',
      'nowhere',
    ],
    [
      'a chart that is neither local nor pinned',
      (m) => {
        const release: Partial<HelmReleaseManifest> = {
          path: 'r',
          releaseName: 'r',
          namespace: 'n',
          chart: { name: 'x' },
        };
        m.clusters[0].units[0].helmReleases = [release];
      },
      'manifest.json#/clusters/0/units/0/helmReleases/0/chart',
      'repository, name and version',
    ],
    ['no object at all', (m) => (m.platform = 'shop'), 'manifest.json#/platform', 'object'],
  ])('refuses %s with the JSON pointer and what was expected', async (_, breakIt, source, word) => {
    const folder = twoObjects();
    edit(folder, breakIt);
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2103',
      where: { source },
      message: expect.stringContaining(word),
    });
  });

  it.each([
    '../outside.json',
    '/etc/hostname',
    'clusters/../../outside.json',
    'clusters\\a.json',
    './clusters/x',
    'clusters//x',
    'a\0b',
    '',
  ])('refuses the objects path %j', async (objects) => {
    const folder = twoObjects();
    edit(folder, (manifest) => {
      manifest.clusters[0].objects = objects;
    });
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2103',
      where: { source: 'manifest.json#/clusters/0/objects' },
    });
  });

  it.each([
    [
      'a link that leads outside',
      (folder: string, file: string) => symlinkSync(path.join(folder, '..', path.basename(folder)), file),
    ],
    ['a device', (_: string, file: string) => symlinkSync('/dev/zero', file)],
    ['a folder', (_: string, file: string) => mkdirSync(file)],
  ])('does not read an objects file that is %s', async (_, replace) => {
    const folder = twoObjects();
    const file = path.join(folder, 'clusters/prod-sh/objects.json');
    rmSync(file);
    replace(folder, file);
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2103',
      message: expect.stringContaining('no file of the assembly'),
    });
  });

  it.each<[string, (text: string) => string, string]>([
    ['a changed object', (text) => text.replace('"name":"b"', '"name":"c"'), 'mall/b'],
    ['a removed object', (text) => text.replace(/,\n.*/, ''), 'mall/b'],
    ['a cut file', (text) => text.slice(0, text.length - 12), 'mall/b'],
    ['an added object', (text) => text.replace('\n]', ',\n{}\n]'), 'more than the 2 objects'],
    ['another order', (text) => text.replace(/(\{.*\}),\n(\{.*\})/, '$2,\n$1'), 'mall/a'],
    ['an empty file', () => '', 'no list'],
    ['no list', (text) => text.slice(1), 'no list'],
    ['something after the list', (text) => `${text}{}\n`, 'more than the 2 objects'],
  ])('refuses %s as changed', async (_, change, word) => {
    const folder = twoObjects();
    const file = path.join(folder, 'clusters/prod-sh/objects.json');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2104',
      message: expect.stringContaining(word),
    });
  });

  it('refuses an assembly without its objects file', async () => {
    const folder = twoObjects();
    rmSync(path.join(folder, 'clusters/prod-sh/objects.json'));
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2104',
      where: { source: 'clusters/prod-sh/objects.json' },
    });
  });

  it.each([
    ['no identity', { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }, 'metadata.name'],
    [
      'a namespace that is no text',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 7 } },
      'namespace',
    ],
    ['null', null, 'apiVersion'],
  ])('refuses an object with %s', async (_, object, word) => {
    const folder = folders.make();
    writeAssembly(folder, [{ name: 'c', units: [{ path: 'u', objects: [{ path: 'u/o', object }] }] }]);
    await expect(readAssembly(folder)).rejects.toMatchObject({
      code: 'ORR2103',
      message: expect.stringContaining(word),
    });
  });

  it('refuses a manifest that is no JSON', async () => {
    const folder = twoObjects();
    writeFileSync(path.join(folder, 'manifest.json'), '{"format": ');
    await expect(readAssembly(folder)).rejects.toMatchObject({ code: 'ORR2103', where: { source: 'manifest.json' } });
  });
});

describe('source lines', () => {
  it('are found for a construct or the nearest one around it, the cluster’s own first', () => {
    const locations = { 'mall/cart': 'main.ts:31', 'prod-gz//mall/cart': 'main.ts:77', 'prod-gz//': 'clusters.ts:3' };
    expect(sourceOf(locations, 'prod-sh', 'mall/cart/deployment')).toBe('main.ts:31');
    expect(sourceOf(locations, 'prod-gz', 'mall/cart')).toBe('main.ts:77');
    expect(sourceOf(locations, 'prod-gz', 'other')).toBe('clusters.ts:3');
    expect(sourceOf(locations, 'prod-sh', 'constructor')).toBeUndefined();
  });

  it('are optional, and a broken file of them harms nothing', async () => {
    const folder = twoObjects();
    expect((await readAssembly(folder)).locations).toEqual({});
    writeFileSync(path.join(folder, 'locations.json'), '{"a": ');
    expect((await readAssembly(folder)).locations).toEqual({});
    writeFileSync(path.join(folder, 'locations.json'), '{"mall": "main.ts:9"}');
    expect((await readAssembly(folder)).locations).toEqual({ mall: 'main.ts:9' });
  });
});

describe('assets', () => {
  it('are given only when they are what was written', async () => {
    const folder = twoObjects();
    const asset = textAsset(folder, 'crds.yaml', 'a: 1\n');
    expect((await (await readAssembly(folder)).assets.bytes(asset)).toString()).toBe('a: 1\n');
    writeFileSync(path.join(folder, 'assets', asset.sha256), 'a: 2\n');
    await expect((await readAssembly(folder)).assets.bytes(asset)).rejects.toMatchObject({
      code: 'ORR2104',
      message: expect.stringContaining('crds.yaml'),
    });
    rmSync(path.join(folder, 'assets', asset.sha256));
    await expect((await readAssembly(folder)).assets.bytes(asset)).rejects.toMatchObject({
      code: 'ORR2104',
      message: expect.stringContaining('missing'),
    });
  });

  it('that are folders are verified as a whole', async () => {
    const chart = folders.make();
    mkdirSync(path.join(chart, 'templates'));
    writeFileSync(path.join(chart, 'Chart.yaml'), 'name: x\n');
    writeFileSync(path.join(chart, 'templates/a.yaml'), '');
    const folder = twoObjects();
    const asset = folderAsset(folder, chart);
    const kept = path.join(folder, 'assets', asset.sha256);
    await expect((await readAssembly(folder)).assets.path(asset)).resolves.toBe(kept);
    writeFileSync(path.join(kept, 'templates/b.yaml'), '');
    await expect((await readAssembly(folder)).assets.path(asset)).rejects.toMatchObject({ code: 'ORR2104' });
    rmSync(path.join(kept, 'templates/b.yaml'));
    symlinkSync('/etc/hostname', path.join(kept, 'templates/b.yaml'));
    await expect((await readAssembly(folder)).assets.path(asset)).rejects.toMatchObject({
      code: 'ORR2104',
      message: expect.stringContaining('link'),
    });
  });
});
