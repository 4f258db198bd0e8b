import { readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Assets } from '../lib/assembly/assets.ts';
import { HelmRenderer } from '../lib/helm/render-release.ts';
import { sha256 } from '../lib/kubernetes/canonical.ts';
import { packedChart, tarArchive, writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
const servers: Server[] = [];
// Real programs run here: on a busy machine each may take seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  folders.removeAll();
});

const TEMPLATE = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n';

function sampleArchive(): Buffer {
  return packedChart(writeChart(folders.make(), { 'a.yaml': TEMPLATE }), 'sample');
}

/** Serves bodies by path on loopback and writes down what was asked. */
async function serve(
  bodies: (origin: string) => Record<string, { type: string; body: string | Buffer; headers?: Record<string, string> }>,
) {
  const asked: string[] = [];
  let answers: ReturnType<typeof bodies> = {};
  const server = createServer((request, response) => {
    const url = (request.url ?? '').split('?')[0] ?? '';
    asked.push(`${request.method} ${url}`);
    const answer = answers[url];
    if (answer === undefined) return void response.writeHead(404).end();
    const body = Buffer.from(answer.body);
    response.writeHead(200, { 'content-type': answer.type, 'content-length': body.length, ...answer.headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  answers = bodies(`http://${host}`);
  const close = async () => {
    servers.splice(servers.indexOf(server), 1);
    await new Promise((resolve) => server.close(resolve));
  };
  return { host, asked, close };
}

const chartRepository = (archive: Buffer) => (origin: string) => ({
  '/index.yaml': {
    type: 'application/yaml',
    body: `apiVersion: v1\nentries:\n  sample:\n    - apiVersion: v2\n      name: sample\n      version: 0.1.0\n      urls: ["${origin}/sample-0.1.0.tgz"]\n`,
  },
  '/sample-0.1.0.tgz': { type: 'application/gzip', body: archive },
});

const registry = (archive: Buffer) => () => {
  const config = JSON.stringify({ name: 'sample', version: '0.1.0', apiVersion: 'v2' });
  const layer = (mediaType: string, body: string | Buffer) => ({
    mediaType,
    digest: `sha256:${sha256(body)}`,
    size: Buffer.from(body).length,
  });
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: layer('application/vnd.cncf.helm.config.v1+json', config),
    layers: [layer('application/vnd.cncf.helm.chart.content.v1.tar+gzip', archive)],
  });
  const digest = `sha256:${sha256(manifest)}`;
  const entry = { type, body: manifest, headers: { 'docker-content-digest': digest } };
  return {
    '/v2/': { type: 'application/json', body: '{}' },
    '/v2/charts/sample/tags/list': {
      type: 'application/json',
      body: JSON.stringify({ name: 'charts/sample', tags: ['0.1.0'] }),
    },
    '/v2/charts/sample/manifests/0.1.0': entry,
    [`/v2/charts/sample/manifests/${digest}`]: entry,
    [`/v2/charts/sample/blobs/sha256:${sha256(config)}`]: { type: 'application/octet-stream', body: config },
    [`/v2/charts/sample/blobs/sha256:${sha256(archive)}`]: { type: 'application/octet-stream', body: archive },
  };
};

async function render(repository: string, cacheFolder: string, helmBinary: string, version = '0.1.0') {
  const renderer = new HelmRenderer(new Assets(folders.make()), { helmBinary, cacheFolder });
  const chart = { repository, name: 'sample', version };
  const release = { path: 'apps/sample', releaseName: 'sample', namespace: 'apps', chart };
  return renderer.render(release, { kubeVersion: '1.36', apiVersions: [] }, { path: 'apps/sample' });
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
