import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  ClusterSet,
  LogCollection,
  LogLifecycle,
  LogStore,
  ObservabilityStack,
  Placement,
  Platform,
  Workspace,
  WorkspaceRole,
} from '@orrery/constructs';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { TemporaryFolders } from '../write-assembly.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());

const isCurlMissing = spawnSync('curl', ['--version']).error !== undefined && process.env.CI !== 'true';

const secret = (key: string) => ({ secret: 'store', key });
const administrator = { username: secret('user'), password: secret('password') };
const lifecycle = LogLifecycle.hotCold({ deleteAfter: '90d' });
const PASSWORDS = {
  STORE_USER: 'admin',
  STORE_PASSWORD: 'p:"\\ $HOME',
  USER_PASSWORD_0: 'w"\\é$(id)',
  USER_PASSWORD_1: "k'`id`",
};

interface Told {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly user: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The files that a Job has. */
function filesOf(logs: LogCollection): Readonly<Record<string, string>> {
  const outdir = path.join(folders.make(), 'dist');
  const platform = new Platform({ id: 'logs', outdir });
  new ClusterSet(platform, 'clusters').add('ops', { storageClasses: { general: 'disk' } });
  const retail = new Workspace(platform, 'retail', {
    placement: Placement.everywhere(),
    namespaces: ['mall'],
    groups: { 'retail-developers': WorkspaceRole.DEVELOPER },
  });
  new ObservabilityStack(platform, 'watch', { placement: Placement.everywhere(), workspaces: [retail], logs });
  platform.synth();
  const objects: (KubernetesObject & { data?: Record<string, string> })[] = JSON.parse(
    readFileSync(path.join(outdir, 'clusters/ops/objects.json'), 'utf8'),
  );
  const data = objects.find((object) => object.data?.['setup.sh'] !== undefined)?.data;
  if (data === undefined) throw new Error('there is no Job');
  return data;
}

/** What a store is told by the script of a Job, run by a real shell with a real curl. @param refused a path that the store refuses once */
async function told(logs: LogCollection, refused?: string): Promise<{ code: number | null; requests: Told[] }> {
  const folder = folders.make();
  const requests: Told[] = [];
  let refusals = refused === undefined ? 0 : 1;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === `/${refused}` && refusals-- > 0) {
        response.writeHead(503).end();
        return;
      }
      const user = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
      requests.push({
        method: request.method,
        url: request.url,
        user,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
      response.writeHead(200).end('{}');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  for (const [name, text] of Object.entries(filesOf(logs))) {
    const local = text
      .replaceAll('/setup/', `${folder}/`)
      .replace(/https:\/\/[^/"]+:9200/, `http://127.0.0.1:${port}`)
      .replace(/ --cacert \S+/, '')
      .replace('--retry-delay 10', '--retry-delay 1');
    writeFileSync(path.join(folder, name), local);
  }
  const shell = spawn('sh', [path.join(folder, 'setup.sh')], {
    env: { PATH: process.env.PATH ?? '', ...PASSWORDS },
    stdio: 'ignore',
  });
  const code = await new Promise<number | null>((ended) => shell.on('exit', ended));
  await new Promise((closed) => server.close(closed));
  return { code, requests };
}

const ELASTIC = LogCollection.elastic({
  lifecycle,
  hot: { storage: '1Ti' },
  cold: { nodes: 2, storage: '1Ti' },
  tlsSecret: 'tls',
  elasticPassword: secret('elastic'),
  writerPassword: secret('writer'),
  kibana: { systemPassword: secret('kibana'), encryptionKey: secret('key') },
});

describe.skipIf(isCurlMissing)(
  `what a store is told${isCurlMissing ? ' (skipped: curl, apt package "curl", is not there)' : ''}`,
  () => {
    it('is policy, template, roles and users of Elasticsearch, as its administrator, whatever passwords contain', async () => {
      const { code, requests } = await told(ELASTIC);
      expect(code).toBe(0);
      expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'PUT /_ilm/policy/k8s',
        'PUT /_index_template/k8s',
        'PUT /_security/role/k8s-writer',
        'PUT /_security/role/k8s-retail-reader',
        'PUT /_security/role/k8s-platform-reader',
        'PUT /_security/user/k8s-writer',
        'PUT /_security/user/kibana_system/_password',
      ]);
      expect(new Set(requests.map(({ user }) => user))).toEqual(new Set([`admin:${PASSWORDS.STORE_PASSWORD}`]));
      expect(requests.at(-2)?.body).toEqual({ password: PASSWORDS.USER_PASSWORD_0, roles: ['k8s-writer'] });
      expect(requests.at(-1)?.body).toEqual({ password: PASSWORDS.USER_PASSWORD_1 });
    });

    it('is told again where the store is not there yet', async () => {
      const { code, requests } = await told(ELASTIC, '_index_template/k8s');
      expect(code).toBe(0);
      expect(requests).toHaveLength(7);
    });

    it('is policy, template, roles, tenants and their members of OpenSearch', async () => {
      const to = LogStore.existingOpenSearch({ host: 'os', administrator, lifecycle, coldNodes: 2, hotNodes: 3 });
      const { requests } = await told(LogCollection.fluentBit({ to }));
      const body = (url: string) => requests.find((request) => request.url === url)?.body;
      expect(body('/_plugins/_ism/policies/k8s')).toMatchObject({
        policy: { default_state: 'hot', ism_template: [{ index_patterns: ['k8s-*'] }] },
      });
      expect(body('/_plugins/_security/api/rolesmapping/k8s-retail-reader')).toEqual({
        backend_roles: ['retail-developers'],
      });
      expect(body('/_plugins/_security/api/tenants/retail')).toEqual({ description: 'Logs of workspace retail' });
      expect(JSON.stringify(body('/_plugins/_security/api/roles/k8s-retail-reader'))).not.toContain('platform');
    });
  },
);
