import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createKubeClient } from '../lib/cluster/http-client.ts';
import type { KubeClient, WatchEvent } from '../lib/cluster/kube-client.ts';
import { loadKubeconfig } from '../lib/cluster/load-connection.ts';
import { type OpenTargetOptions, openTarget } from '../lib/cluster/open-target.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';

const APPLY = 'application/apply-patch+yaml';

describe.skipIf(inject('rig') === 'missing')('a real cluster', () => {
  const name = `access-${randomBytes(3).toString('hex')}`;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orrery-access-'));
  const { kubeconfig } = inject('clusters');
  const opened: KubeClient[] = [];
  const made: string[] = [`/api/v1/namespaces/${name}`];
  let target: KubeTarget;

  async function open(
    context = 'alpha',
    options: Partial<OpenTargetOptions> & { file?: string } = {},
  ): Promise<KubeTarget> {
    const { file = kubeconfig, ...rest } = options;
    const result = await openTarget(
      { kind: 'kubeconfig', kubeconfig: file, context },
      { cluster: context, env: {}, ...rest },
    );
    if (result.kind !== 'kube') throw new Error('no cluster');
    opened.push(result.client);
    return result;
  }

  function kubectl(...args: string[]): string {
    const { kubectl: binary } = inject('tools');
    return execFileSync(binary ?? 'kubectl', ['--kubeconfig', kubeconfig, '--context', 'alpha', ...args], {
      encoding: 'utf8',
    });
  }

  async function create(collection: string, object: Record<string, unknown>): Promise<KubernetesObject> {
    const answer = await target.client.request({ method: 'POST', path: collection, body: object });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    const result = answer.body as KubernetesObject;
    if (!collection.includes(`/namespaces/${name}`)) made.push(`${collection}/${result.metadata.name}`);
    return result;
  }

  /** A kubeconfig in which the users of alpha's context is another one. */
  function kubeconfigOf(user: Record<string, unknown>): string {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as { users: { name: string; user: unknown }[] };
    const file = path.join(folder, `kubeconfig-${randomBytes(3).toString('hex')}`);
    writeFileSync(file, stringify({ ...config, users: config.users.map((entry) => ({ ...entry, user })) }), {
      mode: 0o600,
    });
    return file;
  }

  beforeAll(async () => {
    target = await open();
    await create('/api/v1/namespaces', { metadata: { name } });
  });

  afterAll(async () => {
    for (const one of made.reverse()) await target.client.request({ method: 'DELETE', path: one });
    for (const client of opened) await client.close();
    rmSync(folder, { recursive: true });
  });

  it('is known by the uid of its kube-system namespace', () => {
    expect(target.clusterUid).toBe(kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}'));
  });

  it('behind the context of another one is refused after one request', async () => {
    const pin = { uid: target.clusterUid };
    await expect(open('beta', { pin })).rejects.toMatchObject({ code: 'ORR3003' });
    expect((await open('alpha', { pin })).client.traffic.requests).toBe(1);
  });

  it('refuses a wrong token as ORR3005, and does not show it', async () => {
    const refused = open('alpha', { file: kubeconfigOf({ token: 't0ken-canary' }) });
    await expect(refused).rejects.toMatchObject({ code: 'ORR3005', message: expect.not.stringContaining('canary') });
  });

  it('whose certificate another authority signed is ORR3004', async () => {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as {
      clusters: { name: string; cluster: Record<string, string> }[];
    };
    const authority = (cluster: string) =>
      config.clusters.find((entry) => entry.name === cluster)?.cluster['certificate-authority-data'];
    const clusters = config.clusters.map((entry) => ({
      ...entry,
      cluster: { ...entry.cluster, 'certificate-authority-data': authority('beta') },
    }));
    const file = path.join(folder, 'wrong-authority');
    writeFileSync(file, stringify({ ...config, clusters }), { mode: 0o600 });
    await expect(open('alpha', { file })).rejects.toMatchObject({
      code: 'ORR3004',
      message: expect.stringMatching(/certificate/),
    });
  });

  it('tells what it serves, as kubectl sees it', async () => {
    const discovered = await target.discovery();
    const lines = kubectl('api-resources', '--no-headers').trim().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines) {
      const [kind, namespaced, apiVersion] = line.trim().split(/\s+/).reverse();
      const plural = line.trim().split(/\s+/)[0];
      expect(discovered.find(apiVersion as string, kind as string)).toMatchObject({
        plural,
        namespaced: namespaced === 'true',
      });
    }
    expect(discovered.unavailableGroups).toEqual([]);
  });

  it('is asked again for what it serves only when its schemas changed', async () => {
    const cacheDirectory = path.join(folder, 'cache');
    const first = await open('alpha', { cacheDirectory });
    await first.discovery();
    const second = await open('alpha', { cacheDirectory });
    expect((await second.discovery()).find('apps/v1', 'Deployment')?.plural).toBe('deployments');
    // Identity and OpenAPI index.
    expect(second.client.traffic.requests).toBe(2);
    const group = `late-${name}.example.com`;
    await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(group, 'first'));
    await expect
      .poll(
        async () => (await (await open('alpha', { cacheDirectory })).discovery()).find(`${group}/v1`, 'Cart')?.plural,
        { timeout: 20_000, interval: 200 },
      )
      .toBe('carts');
    expect((await second.discovery()).find(`${group}/v1`, 'Cart')).toBeUndefined();
    expect((await second.discovery({ fresh: true })).find(`${group}/v1`, 'Cart')).toMatchObject({ namespaced: true });
  });

  it('has another state after a CRD default changed and after a mutating policy came', async () => {
    const group = `state-${name}.example.com`;
    const stateKey = async () => (await target.serverState({ fresh: true })).key;
    const settled = async (changed: string | undefined) => {
      await expect.poll(async () => (await stateKey()) !== changed, { timeout: 20_000, interval: 100 }).toBe(true);
      return stateKey();
    };
    const empty = await stateKey();
    expect(empty).toMatch(/^[0-9a-f]{64}$/);
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await create(crds, definition(group, 'first'));
    await expect
      .poll(async () => kubectl('get', '--raw', '/openapi/v3').includes(group), { timeout: 20_000, interval: 200 })
      .toBe(true);
    const before = await settled(empty);
    const changed = await target.client.request({
      method: 'PATCH',
      path: `${crds}/carts.${group}`,
      contentType: 'application/json-patch+json',
      body: [
        {
          op: 'replace',
          path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/default',
          value: 'second',
        },
      ],
    });
    expect(changed.status).toBe(200);
    const after = await settled(before);
    const admission = '/apis/admissionregistration.k8s.io/v1';
    await create(`${admission}/mutatingadmissionpolicies`, {
      metadata: { name },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE'], resources: ['carts'] }],
        },
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        mutations: [
          { patchType: 'JSONPatch', jsonPatch: { expression: '[JSONPatch{op: "remove", path: "/spec/size"}]' } },
        ],
      },
    });
    const state = await target.serverState({ fresh: true });
    expect(state.key).not.toBe(after);
    expect(state.parts?.policies.map(({ metadata }) => (metadata as { name: string }).name)).toContain(name);
  });

  it('of which RBAC hides a part is in doubt, and one that hides its identity is not opened', async () => {
    const account = `/api/v1/namespaces/${name}/serviceaccounts`;
    await create(account, { metadata: { name: 'reader' } });
    const answer = await target.client.request({
      method: 'POST',
      path: `${account}/reader/token`,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } },
    });
    const { token } = (answer.body as { status: { token: string } }).status;
    const file = kubeconfigOf({ token });
    await expect(open('alpha', { file })).rejects.toMatchObject({
      code: 'ORR3006',
      fix: expect.stringContaining('kube-system'),
    });
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const rules = [{ apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] }];
    await create(`${rbac}/clusterroles`, { metadata: { name }, rules });
    await create(`${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: name }],
    });
    const allowed = () =>
      open('alpha', { file }).then(
        () => true,
        () => false,
      );
    await expect.poll(allowed, { timeout: 10_000 }).toBe(true);
    const limited = await open('alpha', { file });
    const { key, doubts } = await limited.serverState();
    expect(key).toBeUndefined();
    expect(doubts).toHaveLength(3);
    expect((await limited.discovery()).find('v1', 'Secret')).toBeDefined();
    expect(await limited.client.request({ method: 'GET', path: '/api/v1/secrets' })).toMatchObject({ status: 403 });
  });

  it('takes hundreds of writes over one connection, and a watch sees every one of them whole', async () => {
    const collection = `/api/v1/namespaces/${name}/configmaps`;
    const start = await target.client.request({ method: 'GET', path: collection });
    const { resourceVersion } = (start.body as { metadata: { resourceVersion: string } }).metadata;
    const text = 'grüße 日本語 🚀 '.repeat(50);
    const stop = new AbortController();
    const seen = new Map<string, string>();
    const watching = (async () => {
      const request = { path: collection, query: { resourceVersion }, signal: stop.signal };
      for await (const { type, object } of target.client.watch(request)) {
        if (type !== 'ADDED') continue;
        const { metadata, data } = object as KubernetesObject & { data?: Record<string, string> };
        if (metadata.name?.startsWith('many-') === true) seen.set(metadata.name, data?.text ?? '');
        if (seen.size === 300) stop.abort();
      }
    })();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        target.client.request({
          method: 'PATCH',
          path: `${collection}/many-${i}`,
          query: { fieldManager: 'orrery.access' },
          contentType: APPLY,
          body: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: `many-${i}` },
            data: { text: `${i} ${text}` },
          },
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    await watching;
    for (const [one, value] of seen) expect(value).toBe(`${one.slice(5)} ${text}`);
  });

  it('sends long lists packed when it may, with the same content', async () => {
    const settings = await loadKubeconfig({ kubeconfig, context: 'alpha', env: {} });
    const client = createKubeClient({ ...settings, compression: true });
    opened.push(client);
    const request = { method: 'GET', path: `/api/v1/namespaces/${name}/configmaps` } as const;
    const before = target.client.traffic.bytesReceived;
    const plain = await target.client.request(request);
    const size = target.client.traffic.bytesReceived - before;
    expect(size).toBeGreaterThan(131_072);
    // The list's own resourceVersion moves with everything else that happens in the cluster.
    const items = (body: unknown) => (body as { items: unknown }).items;
    expect(items((await client.request(request)).body)).toEqual(items(plain.body));
    expect(client.traffic.bytesReceived).toBeLessThan(size / 4);
  });

  it('says 410 in a watch that begins too far back, and the caller gets it as an event', async () => {
    // A kind that came late: the server remembers nothing of it from its own first moments.
    const group = `${name}.example.com`;
    await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(group, 'first'));
    const carts = { method: 'GET', path: `/apis/${group}/v1/carts` } as const;
    await expect.poll(async () => (await target.client.request(carts)).status, { timeout: 20_000 }).toBe(200);
    const first = async (resourceVersion: string): Promise<WatchEvent | undefined> => {
      for await (const event of target.client.watch({
        path: carts.path,
        query: { resourceVersion, timeoutSeconds: '5' },
      }))
        return event;
      return undefined;
    };
    const event = await first('1');
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410 } });
  });

  it('warns, and the warnings come through', async () => {
    const answer = await target.client.request({
      method: 'POST',
      path: `/api/v1/namespaces/${name}/configmaps`,
      query: { fieldValidation: 'Warn', dryRun: 'All' },
      body: { metadata: { name: 'warned' }, nonsense: true },
    });
    expect(answer).toMatchObject({ status: 201, warnings: ['unknown field "nonsense"'] });
  });
});

function definition(group: string, size: string): Record<string, unknown> {
  const spec = { type: 'object', properties: { size: { type: 'string', default: size } } };
  return {
    metadata: { name: `carts.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'carts', singular: 'cart', kind: 'Cart', listKind: 'CartList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}
