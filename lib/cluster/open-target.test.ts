import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DIRECTORY_INDEX } from './directory-index.ts';
import { openTarget } from './open-target.ts';
import { authority, FakeApiServer } from './testing/fake-api-server.ts';

let folder: string;
const open: AsyncDisposable[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'orrery-target-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function cluster(
  status: number,
  uid = 'uid-of-kube-system',
): Promise<{ server: FakeApiServer; kubeconfig: string }> {
  const server = await FakeApiServer.start(() => ({
    status,
    body: status === 200 ? { metadata: { uid } } : { kind: 'Status' },
  }));
  open.push(server);
  const kubeconfig = path.join(folder, 'kubeconfig');
  const data = Buffer.from(authority.cert).toString('base64');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'c', user: '' } }],
      clusters: [{ name: 'c', cluster: { server: server.settings().server.href, 'certificate-authority-data': data } }],
    }),
  );
  return { server, kubeconfig };
}

describe('a cluster target', () => {
  it('is opened with the uid of kube-system as its identity, and nothing else is read', async () => {
    const { server, kubeconfig } = await cluster(200);
    const target = await openTarget({ kind: 'kubeconfig', kubeconfig }, { cluster: 'prod', env: {} });
    if (target.kind !== 'kube') throw new Error('not a cluster');
    open.unshift({ [Symbol.asyncDispose]: () => target.client.close() });
    expect(target).toMatchObject({
      cluster: 'prod',
      clusterUid: 'uid-of-kube-system',
      inventoryNamespace: 'orrery-system',
      description: `context "here" of ${kubeconfig}`,
    });
    expect(server.requests.map(({ path: asked }) => asked)).toEqual(['/api/v1/namespaces/kube-system']);
  });

  it('that is another cluster than the pinned one is refused before anything else is read', async () => {
    const { server, kubeconfig } = await cluster(200);
    const pin = { uid: 'another' };
    const refused = openTarget({ kind: 'kubeconfig', kubeconfig }, { cluster: 'prod', env: {}, pin });
    await expect(refused).rejects.toMatchObject({
      code: 'ORR3003',
      message: expect.stringContaining('uid-of-kube-system'),
      fix: expect.stringContaining('targets.prod'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [403, 'ORR3006'],
    [401, 'ORR3005'],
    [404, 'ORR3007'],
  ])('that answers %i about itself is %s', async (status, code) => {
    const { kubeconfig } = await cluster(status);
    await expect(openTarget({ kind: 'kubeconfig', kubeconfig }, { cluster: 'prod', env: {} })).rejects.toMatchObject({
      code,
    });
  });

  it('in the sandbox is reached by the kubeconfig of the sandbox', async () => {
    const { kubeconfig } = await cluster(200);
    const options = { cluster: 'prod', env: {} };
    await expect(openTarget({ kind: 'sandbox' }, options)).rejects.toMatchObject({
      code: 'ORR3002',
      fix: expect.stringContaining('sandbox up'),
    });
    const target = await openTarget(
      { kind: 'sandbox', inventoryNamespace: 'own' },
      { ...options, sandbox: { kubeconfig, context: 'here' } },
    );
    if (target.kind !== 'kube') throw new Error('not a cluster');
    open.unshift({ [Symbol.asyncDispose]: () => target.client.close() });
    expect(target.inventoryNamespace).toBe('own');
  });
});

describe('a directory target', () => {
  const index = (id: string) =>
    JSON.stringify({ format: 'orrery/directory', version: 1, platform: 'shop', cluster: 'prod', id, entries: [] });
  const config = () => ({ kind: 'directory', directory: path.join(folder, 'out') }) as const;

  it('needs no folder; it has no identity before the first apply, and keeps the pinned one when it is emptied', async () => {
    expect(await openTarget(config(), { cluster: 'prod', env: {} })).toEqual({
      kind: 'directory',
      cluster: 'prod',
      directory: path.join(folder, 'out'),
      description: `folder ${path.join(folder, 'out')}`,
      folderId: undefined,
      secrets: 'refuse',
    });
    expect(await openTarget(config(), { cluster: 'prod', env: {}, pin: { uid: 'id-1' } })).toMatchObject({
      folderId: 'id-1',
    });
  });

  it('is known by the id in its index, and refused when that is another one', async () => {
    mkdirSync(config().directory);
    writeFileSync(path.join(config().directory, DIRECTORY_INDEX), index('id-1'));
    expect(await openTarget(config(), { cluster: 'prod', env: {}, pin: { uid: 'id-1' } })).toMatchObject({
      folderId: 'id-1',
    });
    await expect(openTarget(config(), { cluster: 'prod', env: {}, pin: { uid: 'id-2' } })).rejects.toMatchObject({
      code: 'ORR3003',
    });
  });

  it.each([
    ['no JSON', '<<<<<<< HEAD'],
    ['something else', '{"entries":[]}'],
    ['of a newer version', index('a').replace('"version":1', '"version":2')],
    [
      'an entry that leads out of the folder',
      index('a').replace(
        '[]',
        JSON.stringify([
          {
            group: '',
            kind: 'A',
            namespace: '',
            name: 'a',
            apiVersion: 'v1',
            path: 'p',
            file: '../../home/.ssh/x.yaml',
          },
        ]),
      ),
    ],
    [
      'an entry that is absolute',
      index('a').replace(
        '[]',
        JSON.stringify([
          { group: '', kind: 'A', namespace: '', name: 'a', apiVersion: 'v1', path: 'p', file: '/etc/x.yaml' },
        ]),
      ),
    ],
    [
      'an entry that is no manifest',
      index('a').replace(
        '[]',
        JSON.stringify([
          { group: '', kind: 'A', namespace: '', name: 'a', apiVersion: 'v1', path: 'p', file: 'package.json' },
        ]),
      ),
    ],
  ])('with an index that is or has %s is refused', async (_name, content) => {
    mkdirSync(config().directory);
    writeFileSync(path.join(config().directory, DIRECTORY_INDEX), content);
    await expect(openTarget(config(), { cluster: 'prod', env: {} })).rejects.toMatchObject({ code: 'ORR4006' });
  });
});
