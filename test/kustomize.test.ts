import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { ClusterSet, Kustomization, type KustomizationProps, Placement, Platform } from '@orrery/constructs';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import type { OrreryError } from '../lib/errors.ts';
import { findExecutable } from '../lib/files/find-executable.ts';
import type { JsonObject } from '../lib/kubernetes/object.ts';
import type { KustomizeOptions } from '../lib/kustomize/kustomize-options.ts';
import { type RenderedState, renderAssembly } from '../lib/render/render-assembly.ts';
import { cachedExecutable } from '../lib/sandbox/rig/build-tool.ts';
import { goPlatform } from '../lib/sandbox/rig/cache-key.ts';
import { rigOptionsFromEnvironment } from '../lib/sandbox/rig/ensure-tools.ts';
import { rigModulesFolder } from '../lib/sandbox/rig/modules-folder.ts';
import { renderedIds } from './render-written.ts';
import { TemporaryFolders } from './write-assembly.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());
// A real kubectl runs here: on a busy machine it takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const fromRig = cachedExecutable(
  'kubectl',
  rigOptionsFromEnvironment(process.env, homedir()).cacheFolder,
  rigModulesFolder(),
  goPlatform(process.platform, process.arch),
);
const kubectl = existsSync(fromRig) ? fromRig : await findExecutable(process.env.PATH ?? '', 'kubectl');
if (kubectl === undefined && process.env.CI === 'true') throw new Error('CI needs a kubectl: build the rig');

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart }
spec:
  replicas: 1
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: cart }] }
`;

/** A repository of the usual kind: a base, and an overlay for production beside it. */
function repository(files: Readonly<Record<string, string>> = {}): string {
  const folder = folders.make();
  const all = {
    'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
    'base/deployment.yaml': DEPLOYMENT,
    'overlays/prod/kustomization.yaml': `namespace: mall
resources: [../../base]
images: [{ name: cart, newTag: 1.4.0 }]
replicas: [{ name: cart, count: 3 }]
configMapGenerator: [{ name: settings, literals: [REGION=south] }]
secretGenerator: [{ name: login, literals: [password=canary-password] }]
`,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

function assemblyOf(props: KustomizationProps): string {
  const outdir = path.join(folders.make(), 'dist');
  const platform = new Platform({ id: 'shop', outdir });
  const clusters = new ClusterSet(platform, 'clusters');
  for (const name of ['north', 'south']) clusters.add(name);
  new Kustomization(platform, 'cart', { placement: Placement.everywhere(), ...props });
  platform.synth();
  return outdir;
}

async function rendered(props: KustomizationProps, options: KustomizeOptions = {}): Promise<RenderedState> {
  const kustomize = { binary: kubectl, ...options };
  return renderAssembly(await readAssembly(assemblyOf(props)), { kustomize });
}

const overlay = (root: string): KustomizationProps => ({ folder: path.join(root, 'overlays/prod'), root });

async function refused(files: Readonly<Record<string, string>>, options: KustomizeOptions = {}): Promise<OrreryError> {
  return rendered(overlay(repository(files)), options).then(
    () => expect.unreachable('it was built'),
    (error: OrreryError) => error,
  );
}

describe.skipIf(kubectl === undefined)('a kustomization', () => {
  it('is built with its base, for every cluster, and names its file as the source', async () => {
    const state = await rendered(overlay(repository()));
    expect(state.clusters.map(({ name }) => name)).toEqual(['north', 'south']);
    expect(renderedIds(state).slice(0, 3)).toEqual([
      expect.stringMatching(/^ConfigMap\/mall\/settings-\w+$/),
      expect.stringMatching(/^Secret\/mall\/login-\w+$/),
      'Deployment/mall/cart',
    ]);
    const deployment = state.clusters[0]?.objects.find(({ id }) => id.kind === 'Deployment');
    expect(deployment?.object.spec).toMatchObject({
      replicas: 3,
      template: { spec: { containers: [{ image: 'cart:1.4.0' }] } },
    });
    expect(deployment?.path).toBe('cart');
    expect(deployment?.source).toMatch(/overlays\/prod\/kustomization\.yaml$/);
    expect(state.holdsSecrets).toBe(true);
  });

  it('is built once and taken from the cache after that, also where kubectl would fail by then', async () => {
    const root = repository();
    const wrapper = path.join(folders.make(), 'kubectl');
    const calls = path.join(folders.make(), 'calls');
    writeFileSync(wrapper, `#!/bin/sh\necho call >> '${calls}'\nexec '${kubectl}' "$@"\n`);
    chmodSync(wrapper, 0o755);
    const options = { binary: wrapper, cacheFolder: path.join(folders.make(), 'cache') };
    const first = await rendered(overlay(root), options);
    expect((await rendered(overlay(root), options)).clusters).toEqual(first.clusters);
    expect(readFileSync(calls, 'utf8')).toBe('call\n');
    writeFileSync(path.join(root, 'base/deployment.yaml'), DEPLOYMENT.replace('replicas: 1', 'paused: true'));
    const changed = await rendered(overlay(root), options);
    expect(
      changed.clusters[0]?.objects.some(({ object }) => (object.spec as JsonObject | undefined)?.paused === true),
    ).toBe(true);
  });

  it('gets a namespace where it names none', async () => {
    const root = repository();
    const state = await rendered({ folder: path.join(root, 'base'), namespaceName: 'given' });
    expect(renderedIds(state)).toEqual(['Deployment/given/cart', 'Deployment/given/cart']);
  });

  it('tells what kustomize said beside it', async () => {
    const state = await rendered(
      overlay(repository({ 'overlays/prod/kustomization.yaml': 'bases: [../../base]\ncommonLabels: { a: b }\n' })),
    );
    expect(state.notes.join('\n')).toMatch(/kustomization\.yaml: kustomize says: .*deprecated/);
  });

  it('reaches nothing outside of the assembly: no address, no folder beside it', async () => {
    const files = (entry: string) => ({
      'overlays/prod/kustomization.yaml': `namePrefix: a-\nresources:\n  - ${entry}\n`,
    });
    for (const entry of [
      'https://example.com/deployment.yaml',
      'github.com/example/shop//deploy?ref=v1',
      'git@example.com:shop/deploy.git',
    ]) {
      const error = await refused(files(entry));
      expect(error).toMatchObject({
        code: 'ORR2312',
        where: { source: expect.stringMatching(/kustomization\.yaml:3$/) },
      });
      expect(error.message).toContain('fetched from elsewhere');
    }
    const outside = await refused(files('../../../other'));
    expect(outside.message).toContain('lies outside of');
    const missing = await refused(files('../../bse'));
    expect(missing.message).toBe('"../../bse" does not exist.');
    const deeper = await refused({ 'base/kustomization.yaml': 'resources: [https://example.com/x.yaml]\n' });
    expect(deeper.where.source).toMatch(/base\/kustomization\.yaml:1$/);
  });

  it('fetches nothing, not even from this machine, wherever an address stands', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(DEPLOYMENT);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const at = 'overlays/prod/kustomization.yaml';
    const base = 'resources: [../../base]\n';
    for (const files of [
      { [at]: `resources: [${url}/a]\n` },
      // A folder of that name in the repository does not make it a path.
      { [at]: `resources: ["${url}/b"]\n`, [`overlays/prod/${url.replace('//', '/')}/b`]: DEPLOYMENT },
      { [at]: `${base}components: [${url}/c]\n` },
      { [at]: `${base}patches: [{ path: ${url}/d }]\n` },
      { [at]: `${base}patchesStrategicMerge: [${url}/e]\n` },
      { [at]: `${base}patchesJson6902: [{ path: ${url}/f, target: { version: v1, kind: Deployment, name: cart } }]\n` },
      { [at]: `${base}configMapGenerator: [{ name: a, files: [${url}/g] }]\n` },
      { [at]: `${base}configMapGenerator: [{ name: a, files: ["key=${url}/h"] }]\n` },
      { [at]: `${base}secretGenerator: [{ name: a, envs: [${url}/i] }]\n` },
      { [at]: `${base}crds: [${url}/j]\n` },
      { [at]: `${base}Patches: [{ Path: ${url}/k }]\n` },
      { [at]: `${base}configurations: [${url}/k]\n` },
      { [at]: `${base}openapi: { path: ${url}/l }\n` },
      { [at]: `${base}replacements: [{ path: ${url}/m }]\n` },
      { [at]: `${base}generators: [${url}/n]\n` },
      { [at]: `${base}transformers: [${url}/o]\n` },
      { [at]: `${base}validators: [${url}/p]\n` },
      {
        [at]: `${base}transformers: [t.yaml]\n`,
        'overlays/prod/t.yaml': `apiVersion: builtin\nkind: PatchTransformer\nmetadata: { name: a }\npath: ${url}/q\n`,
      },
      {
        [at]: `${base}transformers: ["apiVersion: builtin\\nkind: PatchTransformer\\nmetadata: { name: a }\\npath: ${url}/r\\n"]\n`,
      },
      {
        [at]: `${base}generators: [g]\n`,
        'overlays/prod/g/kustomization.yaml': 'resources: [g.yaml]\n',
        'overlays/prod/g/g.yaml': `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: a }\nfiles: [${url}/s]\n`,
      },
    ]) {
      expect(await refused(files)).toMatchObject({
        code: 'ORR2312',
        message: expect.stringContaining('fetched from elsewhere'),
        where: { source: expect.stringMatching(/(kustomization|t|g)\.yaml:\d+$/) },
      });
    }
    expect(asked).toEqual([]);

    const composed = {
      'overlays/prod/g/kustomization.yaml': 'resources: [g.yaml]\nnamePrefix: a-\n',
      'overlays/prod/g/g.yaml': 'kind: A\n',
    };
    const error = await refused({ ...composed, [at]: `${base}generators: [g]\n` });
    expect(error).toMatchObject({
      message: expect.stringContaining('"namePrefix"'),
      where: { source: expect.stringMatching(/g\/kustomization\.yaml:2$/) },
    });
  });

  it('may hold addresses where they are text, and configurations of plugins in files, folders and in place', async () => {
    const link = 'https://files.example.com/x';
    const annotation = (name: string) =>
      `apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata: { name: ${name} }\nannotations: { ${name}: "${link}" }\nfieldSpecs: [{ path: metadata/annotations, create: true }]\n`;
    const state = await rendered(
      overlay(
        repository({
          'overlays/prod/kustomization.yaml': `resources: [../../base]
commonAnnotations: { docs: "${link}" }
configMapGenerator: [{ name: a, literals: ["URL=${link}"] }]
patches: [{ patch: '[{"op":"add","path":"/metadata/annotations/patched","value":"${link}"}]', target: { kind: Deployment } }]
transformers: [t.yaml, folder, ${JSON.stringify(annotation('inline'))}]
`,
          'overlays/prod/t.yaml': annotation('file'),
          'overlays/prod/folder/kustomization.yaml': 'resources: [t.yaml]\n',
          'overlays/prod/folder/t.yaml': annotation('folder'),
        }),
      ),
    );
    const objects = state.clusters[0]?.objects.map(({ object }) => object);
    expect(objects?.find(({ kind }) => kind === 'Deployment')?.metadata.annotations).toEqual({
      docs: link,
      file: link,
      folder: link,
      inline: link,
      patched: link,
    });
    expect(objects?.find(({ kind }) => kind === 'ConfigMap')).toMatchObject({ data: { URL: link } });
  });

  it('with charts, without objects or with a mistake is refused with its file, and no literal of a secret is quoted', async () => {
    const at = 'overlays/prod/kustomization.yaml';
    expect(await refused({ [at]: 'helmCharts: [{ name: a }]\n' })).toMatchObject({
      code: 'ORR2312',
      fix: 'Make a HelmRelease of each chart.',
    });
    expect(await refused({ [at]: 'namespace: mall\n', 'base/kustomization.yaml': '' })).toMatchObject({
      where: { path: 'cart' },
    });
    const mistake = await refused({ [at]: 'resources: [../../base]\npatches: [{ path: none.yaml }]\n' });
    expect(mistake).toMatchObject({ code: 'ORR2312', where: { path: 'cart', source: expect.stringContaining(at) } });
    expect(mistake.message).not.toContain('/assets/');
    const leaky = await refused({ [at]: 'secretGenerator: [{ name: a, literals: [canary-without-equals] }]\n' });
    expect(`${leaky.message}${leaky.fix}`).not.toContain('canary');
  });

  it('needs a kubectl, and says so', async () => {
    const none = { binary: undefined, searchPath: folders.make() };
    expect(await refused({}, none)).toMatchObject({ code: 'ORR2311' });
    expect(await refused({}, { binary: '/nowhere/kubectl' })).toMatchObject({ code: 'ORR2311' });
  });
});

describe('a Kustomization in a program', () => {
  it('names a folder that is there and has a kustomization, in a root around it', () => {
    const root = repository();
    expect(() => assemblyOf({ folder: path.join(root, 'nowhere') })).toThrow(
      /ORR2014[\s\S]*There is no kustomization in/,
    );
    expect(() => assemblyOf({ folder: path.join(root, 'base'), root: path.join(root, 'overlays') })).toThrow(
      /is not in/,
    );
    expect(() => assemblyOf({} as KustomizationProps)).toThrow(/has no folder/);
    expect(() => assemblyOf({ folder: path.join(root, 'base'), namespaceName: 'No' })).toThrow(/ORR2003/);
  });

  it('copies the whole root, and nothing else decides about its digest', async () => {
    const root = repository();
    const digest = async () => (await readAssembly(assemblyOf(overlay(root)))).digest;
    const before = await digest();
    expect(await digest()).toBe(before);
    rmSync(path.join(root, 'base/deployment.yaml'));
    expect(await digest()).not.toBe(before);
  });
});
