import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKubeconfig } from './load-connection.ts';
import { failure } from './testing/failure.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'orrery-kubeconfig-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const target = path.join(folder, name);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

interface Parts {
  readonly cluster?: Record<string, unknown>;
  readonly user?: Record<string, unknown>;
}

function config(name: string, { cluster = {}, user = {} }: Parts = {}): string {
  return JSON.stringify({
    'current-context': name,
    contexts: [{ name, context: { cluster: `${name}-cluster`, user: `${name}-user` } }],
    clusters: [{ name: `${name}-cluster`, cluster: { server: `https://${name}.example.com:6443`, ...cluster } }],
    users: [{ name: `${name}-user`, user }],
  });
}

const env = {};

describe('a kubeconfig', () => {
  it('in YAML gives address, authority and token of its current context', async () => {
    const kubeconfig = file(
      'config',
      `apiVersion: v1
kind: Config
current-context: prod
contexts:
- name: prod
  context: { cluster: c, user: u, namespace: shop }
clusters:
- name: c
  cluster:
    server: https://10.0.0.1:6443/k8s
    certificate-authority-data: ${Buffer.from('PEM').toString('base64')}
    tls-server-name: api.example.com
users:
- name: u
  user: { token: t0ken }
`,
    );
    const settings = await loadKubeconfig({ kubeconfig, env });
    expect(settings.server.href).toBe('https://10.0.0.1:6443/k8s');
    expect(settings.tls).toEqual({ ca: Buffer.from('PEM'), insecure: false, serverName: 'api.example.com' });
    expect(settings.description).toBe(`context "prod" of ${kubeconfig}`);
    expect(await settings.credentials.current()).toMatchObject({ authorization: 'Bearer t0ken' });
    expect(await settings.credentials.refresh({})).toBe(false);
  });

  it('may be JSON, and another context may be chosen', async () => {
    const [a, b] = [JSON.parse(config('a')), JSON.parse(config('b'))];
    for (const list of ['contexts', 'clusters', 'users']) a[list].push(...b[list]);
    const settings = await loadKubeconfig({ kubeconfig: file('config', JSON.stringify(a)), context: 'b', env });
    expect(settings.server.hostname).toBe('b.example.com');
  });

  it('resolves relative paths from its own folder and "~/" from home', async () => {
    file('home/.kube/certs/ca.pem', 'CA');
    file('home/.kube/certs/me.pem', 'CERT');
    file('home/.kube/me.key', 'KEY');
    file(
      'home/.kube/config',
      config('a', {
        cluster: { 'certificate-authority': 'certs/ca.pem' },
        user: { 'client-certificate': 'certs/me.pem', 'client-key': './me.key' },
      }),
    );
    const home = { HOME: path.join(folder, 'home') };
    for (const options of [{ env: home }, { kubeconfig: '~/.kube/config', env: home }]) {
      const settings = await loadKubeconfig(options);
      expect(String(settings.tls.ca)).toBe('CA');
      const { cert, key } = await settings.credentials.current();
      expect([String(cert), String(key)]).toEqual(['CERT', 'KEY']);
    }
  });

  it('of several files is merged as kubectl does it: the first one to name a thing wins, missing files are skipped', async () => {
    const first = file('one', config('a', { user: { token: 'first' } }));
    const second = file('two', config('a', { user: { token: 'second' }, cluster: { server: 'https://other' } }));
    const third = file('three', config('b'));
    const KUBECONFIG = [path.join(folder, 'missing'), first, second, third].join(path.delimiter);
    const settings = await loadKubeconfig({ env: { KUBECONFIG } });
    expect(settings.server.hostname).toBe('a.example.com');
    expect(await settings.credentials.current()).toMatchObject({ authorization: 'Bearer first' });
    expect((await loadKubeconfig({ context: 'b', env: { KUBECONFIG } })).server.hostname).toBe('b.example.com');
  });

  it('may leave the scheme of the address out, and never shows a password in it', async () => {
    const kubeconfig = file('config', config('a', { cluster: { server: 'https://ann:pass@api.example.com' } }));
    expect((await loadKubeconfig({ kubeconfig, env })).server.href).toBe('https://api.example.com/');
    const bare = file('bare', config('a', { cluster: { server: 'api.example.com:8443' } }));
    expect((await loadKubeconfig({ kubeconfig: bare, env })).server.href).toBe('https://api.example.com:8443/');
  });

  it('impersonates as it says', async () => {
    const user = {
      token: 't',
      as: 'ann',
      'as-groups': ['dev', 'ops'],
      'as-uid': '7',
      'as-user-extra': { 'Acme/Reason': ['audit'] },
    };
    const settings = await loadKubeconfig({ kubeconfig: file('config', config('a', { user })), env });
    expect(settings.headers).toEqual({
      'impersonate-user': 'ann',
      'impersonate-uid': '7',
      'impersonate-group': ['dev', 'ops'],
      'impersonate-extra-acme%2Freason': ['audit'],
    });
  });

  it('asks for packed answers unless the server is on this machine or it says no', async () => {
    const of = async (cluster: Record<string, unknown>) =>
      (await loadKubeconfig({ kubeconfig: file('config', config('a', { cluster })), env })).compression;
    expect(await of({})).toBe(true);
    expect(await of({ 'disable-compression': true })).toBe(false);
    for (const server of ['https://127.0.0.1:1', 'https://localhost:1', 'https://[::1]:1'])
      expect(await of({ server })).toBe(false);
  });
});

describe('a user of a kubeconfig', () => {
  const credentials = async (user: Record<string, unknown>) =>
    (await loadKubeconfig({ kubeconfig: file('config', config('a', { user })), env })).credentials;

  it('may have a token in a file, which is read again after a refusal', async () => {
    file('token', 'one\n');
    const source = await credentials({ tokenFile: 'token', token: 'ignored' });
    expect(await source.current()).toMatchObject({ authorization: 'Bearer one' });
    const refused = await source.current();
    expect(await source.refresh(refused)).toBe(false);
    file('token', 'two\n');
    expect(await source.current()).toMatchObject({ authorization: 'Bearer one' });
    // Two requests that were refused together.
    expect(await Promise.all([source.refresh(refused), source.refresh(refused)])).toEqual([true, true]);
    expect(await source.current()).toMatchObject({ authorization: 'Bearer two' });
  });

  it('may have a name and a password', async () => {
    const source = await credentials({ username: 'ann', password: 'pass' });
    expect((await source.current()).authorization).toBe(`Basic ${Buffer.from('ann:pass').toString('base64')}`);
  });

  it('whose token file is gone is told so', async () => {
    const error = await failure((await credentials({ tokenFile: 'gone' })).current());
    expect(error.code).toBe('ORR3005');
    expect(error.message).toContain(path.join(folder, 'gone'));
  });
});

describe('a kubeconfig that cannot be used is ORR3002 and', () => {
  it.each<[string, () => Parameters<typeof loadKubeconfig>[0], RegExp]>([
    [
      'names the missing file',
      () => ({ kubeconfig: path.join(folder, 'none'), env }),
      /none cannot be read: no such file/,
    ],
    ['says that there is none', () => ({ env: { HOME: folder } }), /no kubeconfig/],
    ['says where it looked for the context', () => ({ context: 'x', env: { HOME: folder } }), /\.kube.config/],
    [
      'names the contexts there are',
      () => ({ kubeconfig: file('c', config('a')), context: 'x', env }),
      /no context "x".*Contexts there are: a\./,
    ],
    [
      'says that no context is current',
      () => ({ kubeconfig: file('c', '{"contexts":[]}'), env }),
      /no current context/,
    ],
    [
      'names the missing cluster',
      () => ({ kubeconfig: file('c', '{"contexts":[{"name":"a","context":{"cluster":"q"}}]}'), context: 'a', env }),
      /cluster "q"/,
    ],
    [
      'names the missing user',
      () => ({ kubeconfig: file('c', config('a').replace('"name":"a-user"', '"name":"b"')), env }),
      /user "a-user"/,
    ],
    [
      'names the cluster without address',
      () => ({ kubeconfig: file('c', config('a', { cluster: { server: '' } })), env }),
      /no server address/,
    ],
    [
      'refuses other schemes',
      () => ({ kubeconfig: file('c', config('a', { cluster: { server: 'ftp://x' } })), env }),
      /http\(s\) URL/,
    ],
    [
      'names the missing certificate',
      () => ({ kubeconfig: file('c', config('a', { cluster: { 'certificate-authority': 'ca.pem' } })), env }),
      /ca\.pem.*ENOENT/,
    ],
    [
      'refuses a certificate authority that would not be used',
      () => ({
        kubeconfig: file(
          'c',
          config('a', { cluster: { 'insecure-skip-tls-verify': true, 'certificate-authority-data': 'QQ==' } }),
        ),
        env,
      }),
      /both/,
    ],
    [
      'refuses auth providers that would run a shell',
      () => ({
        kubeconfig: file(
          'c',
          config('a', { user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'touch' } } } }),
        ),
        env,
      }),
      /auth provider "gcp"/,
    ],
    ['refuses a list', () => ({ kubeconfig: file('c', '- a'), env }), /top level/],
  ])('%s', async (_title, options, message) => {
    const error = await failure(loadKubeconfig(options()));
    expect(error.code).toBe('ORR3002');
    expect(error.message).toMatch(message);
    expect(error.fix).toBeDefined();
  });

  it('is malformed is named with its line, and its text is not quoted', async () => {
    const kubeconfig = file('c', 'users:\n- name: a\n  user:\n    token: "t0ken-canary\n    x: [}');
    const error = await failure(loadKubeconfig({ kubeconfig, env }));
    expect(error.code).toBe('ORR3002');
    expect(error.where.source).toMatch(/:\d+$/);
    expect(`${error.message}${String(error.cause)}`).not.toContain('canary');
  });
});
