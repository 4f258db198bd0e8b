import { inspect } from 'node:util';
import { ClusterSet, Include, Placement, Platform } from '@orrery/constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import { authority, FakeApiServer } from '../lib/cluster/testing/fake-api-server.ts';
import type { OrreryError } from '../lib/errors.ts';
import { sha256 } from '../lib/kubernetes/canonical.ts';
import type { RemoteOptions } from '../lib/remote/remote-options.ts';
import { type RenderedState, renderAssembly } from '../lib/render/render-assembly.ts';
import { ORRERY, TestProject } from './project.ts';
import { renderedIds } from './render-written.ts';
import { TemporaryFolders } from './write-assembly.ts';

const folders = new TemporaryFolders();
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
  folders.removeAll();
});
// The command runs here: on a busy machine it takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const TEXT = `apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { password: canary-password }
`;

/** A web server on loopback over https; what it serves may be changed. */
async function serve(text = TEXT) {
  const served = { text };
  const server = await FakeApiServer.start(
    ({ path }) => (path.startsWith('/objects.yaml') ? { body: served.text } : { status: 404 }),
    {
      protocol: 'https',
    },
  );
  open.push(server);
  const host = `127.0.0.1:${server.port}`;
  return { server, served, host, url: `https://${host}/objects.yaml` };
}

async function rendered(url: string, digest: string, remote: RemoteOptions): Promise<RenderedState> {
  const outdir = folders.make();
  const platform = new Platform({ id: 'shop', outdir: `${outdir}/dist` });
  const clusters = new ClusterSet(platform, 'clusters');
  for (const name of ['north', 'south']) clusters.add(name);
  new Include(platform, 'operator', {
    file: url,
    sha256: digest,
    namespaceName: 'shop',
    placement: Placement.everywhere(),
  });
  platform.synth();
  return renderAssembly(await readAssembly(platform.outdir), { remote });
}

describe('a remote file', () => {
  it('is fetched once for all clusters, at rendering, and never again while it is kept', async () => {
    const { server, host, url } = await serve();
    const remote = { ca: authority.cert, privateHosts: [host], cacheFolder: folders.make() };
    const first = await rendered(`${url}?token=canary-token`, sha256(TEXT), remote);
    expect(renderedIds(first)).toEqual(['Secret/shop/login', 'Secret/shop/login']);
    expect(first.clusters[0]?.objects[0]).toMatchObject({ path: 'operator', source: `${url}:1` });
    expect(server.requests.map(({ path }) => path)).toEqual(['/objects.yaml?token=canary-token']);
    await server[Symbol.asyncDispose]();
    expect((await rendered(`${url}?token=canary-token`, sha256(TEXT), remote)).clusters).toEqual(first.clusters);
    await expect(rendered(url, sha256(TEXT), { ...remote, cacheFolder: folders.make() })).rejects.toMatchObject({
      code: 'ORR2204',
    });
  });

  it('with another digest is refused and not kept, with both digests and the place in the program', async () => {
    const { server, served, host, url } = await serve('kind: Other\n');
    const remote = { ca: authority.cert, privateHosts: [host], cacheFolder: folders.make() };
    for (let time = 1; time <= 2; time++) {
      const error: OrreryError = await rendered(url, sha256(TEXT), remote).catch((reason) => reason);
      expect(error).toMatchObject({
        code: 'ORR2205',
        message: `${url} has the sha256 ${sha256('kind: Other\n')}, not ${sha256(TEXT)} as the program says`,
        where: { path: 'operator', source: expect.stringMatching(/remote-files\.test\.ts:\d+$/) },
      });
      expect(server.requests.length).toBe(time);
    }
    served.text = TEXT;
    await expect(rendered(url, sha256(TEXT), remote)).resolves.toMatchObject({ holdsSecrets: true });
  });

  it('with a mistake is named by its address, line and column', async () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nkind: ConfigMap\n';
    const { host, url } = await serve(text);
    await expect(rendered(url, sha256(text), { ca: authority.cert, privateHosts: [host] })).rejects.toMatchObject({
      code: 'ORR2201',
      where: { path: 'operator', source: `${url}:3:1` },
    });
  });

  it('is not asked for where its server is neither public nor named', async () => {
    const { server, url } = await serve();
    const error: OrreryError = await rendered(`${url}?canary-token`, sha256(TEXT), { ca: authority.cert }).catch(
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: 'ORR2206', where: { path: 'operator' } });
    expect(inspect(error, { depth: 10 })).not.toContain('canary-token');
    expect(server.connections).toBe(0);
  });
});

describe('a project with a remote file', () => {
  it('is synthesized without network, planned with it, and planned again without', async () => {
    const { server, host, url } = await serve();
    const project = new TestProject({
      'main.mjs': `import { ClusterSet, Include, Platform } from '@orrery/constructs';
const platform = new Platform({ id: 'shop' });
const ops = new ClusterSet(platform, 'clusters').add('ops');
new Include(ops, 'operator', { file: '${url}', sha256: '${sha256(TEXT)}', namespaceName: 'shop' });
platform.synth();
`,
      'cdk8s.yaml': 'app: node main.mjs\ntargets: { ops: { directory: out, secrets: write } }\n',
      'authority.pem': authority.cert,
    });
    const env = { NODE_EXTRA_CA_CERTS: `${project.folder}/authority.pem` };
    const orrery = (...args: string[]) => project.run([ORRERY, ...args], { env });
    expect(await orrery('synth')).toMatchObject({ code: 0 });
    const refused = await orrery('plan');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/ORR2206[\s\S]*main\.mjs:4[\s\S]*127\.0\.0\.1 is a loopback address/);
    expect(refused.stderr).toContain('remoteFiles.privateHosts');
    expect(server.connections).toBe(0);

    project.write('cdk8s.yaml', `${project.read('cdk8s.yaml')}remoteFiles: { privateHosts: ['${host}'] }\n`);
    expect(await orrery('plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('Secret/shop/login') });
    expect(server.requests.length).toBe(1);
    await server[Symbol.asyncDispose]();
    expect(await orrery('apply', '--yes')).toMatchObject({ code: 0 });
    expect(Object.values(project.files('out')).join('')).toContain('login');
    const kept = Object.entries(project.files('.orrery'));
    expect(kept.some(([name]) => /render\/remote-file-[0-9a-f]{64}$/.test(name))).toBe(true);
    expect(kept.map(([, text]) => text).join('')).not.toMatch(/canary|Y2FuYXJ5/);
  });
});
