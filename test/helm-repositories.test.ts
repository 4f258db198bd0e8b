import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Assets } from '../lib/assembly/assets.ts';
import { HelmRenderer } from '../lib/helm/render-release.ts';
import { sha256 } from '../lib/kubernetes/canonical.ts';
import { packedChart, tarArchive, writeChart } from './chart-fixtures.ts';
import { chartRepository, registry, serve } from './chart-servers.ts';
import { helmBinaries } from './helm-binaries.ts';
import { TestProject } from './project.ts';
import { TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
// Real programs run here: on a busy machine each may take seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterEach(() => folders.removeAll());

const TEMPLATE = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n';

function sampleArchive(template = TEMPLATE): Buffer {
  return packedChart(writeChart(folders.make(), { 'a.yaml': template }), 'sample');
}

async function render(
  repository: string,
  cacheFolder: string,
  helmBinary: string,
  version = '0.1.0',
  chartPins: ReadonlyMap<string, string> = new Map(),
) {
  const renderer = new HelmRenderer(new Assets(folders.make()), { helmBinary, cacheFolder, chartPins });
  const chart = { repository, name: 'sample', version };
  const release = { path: 'apps/sample', releaseName: 'sample', namespace: 'apps', chart };
  const rendered = await renderer.render(release, { kubeVersion: '1.36', apiVersions: [] }, { path: 'apps/sample' });
  return { ...rendered, charts: renderer.fetchedCharts };
}

describe.skipIf(helms.length === 0).each(helms)('a chart of a repository, with $name', ({ file: helmBinary }) => {
  it.each([
    ['HTTP', chartRepository, (host: string) => `http://${host}`],
    ['OCI', registry, (host: string) => `oci://${host}/charts`],
  ])('is fetched once over %s, and rendered without network afterwards', async (_, answers, address) => {
    const server = await serve(answers(sampleArchive()));
    const cache = folders.make();
    const first = await render(address(server.host), cache, helmBinary);
    expect(first.objects).toEqual([
      {
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'sample' } },
        source: 'sample/templates/a.yaml',
      },
    ]);
    expect(server.asked.length).toBeGreaterThan(1);
    await server.close();
    expect(await render(address(server.host), cache, helmBinary)).toEqual(first);
    const kept = readdirSync(path.join(cache, 'charts'));
    expect(kept).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.tgz$/)]);
    expect(statSync(path.join(cache, 'charts')).mode & 0o777).toBe(0o700);
  });
});

describe.skipIf(helms.length === 0)('the digest of a chart of a repository', () => {
  const helmBinary = helms[0]?.file ?? '';

  it.each([
    ['HTTP', chartRepository, (host: string) => `http://${host}`],
    ['OCI', registry, (host: string) => `oci://${host}/charts`],
  ])('is that of its archive, and another one over %s is refused', async (_, answers, address) => {
    const [first, second] = [sampleArchive(), sampleArchive(`${TEMPLATE}data: { other: "yes" }\n`)];
    const server = await serve(answers(first));
    const where = address(server.host);
    const cache = folders.make();
    const { charts } = await render(where, cache, helmBinary);
    expect([...charts]).toEqual([[`${where}/sample 0.1.0`, sha256(first)]]);

    server.publish(answers(second));
    // What was kept is still the chart that is pinned; a machine that has kept nothing meets the other one.
    await expect(render(where, cache, helmBinary, '0.1.0', charts)).resolves.toMatchObject({ charts });
    await expect(render(where, folders.make(), helmBinary, '0.1.0', charts)).rejects.toMatchObject({
      code: 'ORR2306',
      message: expect.stringContaining(sha256(second)),
      where: { path: 'apps/sample' },
    });

    // The other way round: somebody took the new one, and what is kept here is older than the pin.
    const taken = new Map([[`${where}/sample 0.1.0`, sha256(second)]]);
    const { objects } = await render(where, cache, helmBinary, '0.1.0', taken);
    expect(objects[0]?.object).toMatchObject({ data: { other: 'yes' } });
  });
});

describe.skipIf(helms.length === 0)('a project with a chart of a repository', () => {
  it('keeps its digest in orrery.lock, and plans with no other chart of that version', async () => {
    const server = await serve(registry(sampleArchive()));
    const one = new TestProject({
      'main.mjs': `import { ClusterSet, HelmRelease, Platform } from '@orrery/constructs';
const platform = new Platform({ id: 'apps' });
const ops = new ClusterSet(platform, 'clusters').add('ops');
new HelmRelease(ops, 'sample', { chart: 'oci://${server.host}/charts/sample', version: '0.1.0', namespaceName: 'apps' });
platform.synth();
`,
      'cdk8s.yaml': `app: node main.mjs\nhelm: { binary: ${JSON.stringify(helms[0]?.file)} }\ntargets: { ops: { directory: out } }\n`,
    });
    const name = `oci://${server.host}/charts/sample 0.1.0`;
    const first = await one.orrery('plan');
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining(`${name} was met for the first time`) });
    const lock = one.read('orrery.lock');
    expect(JSON.parse(lock).charts).toEqual({ [name]: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    const again = await one.orrery('plan');
    expect(again.stderr).not.toContain('met for the first time');

    server.publish(registry(sampleArchive(`${TEMPLATE}data: { other: "yes" }\n`)));
    rmSync(path.join(one.folder, '.orrery', 'render'), { recursive: true });
    const refused = await one.orrery('plan');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/ORR2306[\s\S]*main\.mjs:4/) });
    expect(one.read('orrery.lock')).toBe(lock);
  });
});

describe.skipIf(helms.length === 0)('fetching a chart', () => {
  const helmBinary = helms[0]?.file ?? '';

  it('says what is missing', async () => {
    const server = await serve(chartRepository(sampleArchive()));
    await expect(render(`http://${server.host}`, folders.make(), helmBinary, '9.9.9')).rejects.toMatchObject({
      code: 'ORR2302',
      message: expect.stringMatching(/could not fetch sample[\s\S]*9\.9\.9/),
      where: { path: 'apps/sample' },
    });
    await server.close();
    await expect(render(`http://${server.host}`, folders.make(), helmBinary)).rejects.toMatchObject({
      code: 'ORR2302',
    });
  });

  it('refuses a hostile archive, and again when it is already there', async () => {
    const hostile = tarArchive([
      { name: 'sample/Chart.yaml', content: 'apiVersion: v2\nname: sample\nversion: 0.1.0\n' },
      { name: 'sample/templates/link', type: '2' },
    ]);
    const server = await serve(chartRepository(hostile));
    const cache = folders.make();
    const refused = { code: 'ORR2304', message: expect.stringContaining('link') };
    await expect(render(`http://${server.host}`, cache, helmBinary)).rejects.toMatchObject(refused);
    await server.close();
    await expect(render(`http://${server.host}`, cache, helmBinary)).rejects.toMatchObject(refused);
  });
});
