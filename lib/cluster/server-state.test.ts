import { describe, expect, it } from 'vitest';
import { readOpenApiIndex, readServerState, type ServerState } from './server-state.ts';
import { CannedClient } from './testing/canned-client.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io';
const index = (hash: string, versions: readonly string[] = ['v1']) => ({
  paths: Object.fromEntries([
    ['apis/apps/v1', { serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${hash}` }],
    ...versions.map((version) => [`apis/admissionregistration.k8s.io/${version}`, { serverRelativeURL: 'x' }]),
  ]),
});
const webhook = (name: string, changes: Record<string, unknown> = {}) => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: String(Math.random()) },
  webhooks: [
    { name: `${name}.example.com`, clientConfig: { caBundle: 'QQ==', service: { name: 'hook' } }, ...changes },
  ],
});
const healthy = {
  '/openapi/v3': index('1'),
  [`${ADMISSION}/v1/mutatingwebhookconfigurations`]: { items: [webhook('a')] },
  [`${ADMISSION}/v1/mutatingadmissionpolicies`]: { items: [] },
  [`${ADMISSION}/v1/mutatingadmissionpolicybindings`]: { items: [] },
};

async function stateOf(answers: Record<string, unknown>): Promise<ServerState> {
  const client = new CannedClient(answers);
  const state = await readServerState(client, readOpenApiIndex(client));
  expect(client.asked.length).toBeLessThanOrEqual(8);
  return state;
}

const keyOf = async (changes: Record<string, unknown>) => (await stateOf({ ...healthy, ...changes })).key;

describe('the key of the server state', () => {
  it('is the same for the same state, whatever resource versions say, and costs four requests', async () => {
    const client = new CannedClient({ ...healthy });
    const first = await readServerState(client, readOpenApiIndex(client));
    expect(first.key).toMatch(/^[0-9a-f]{64}$/);
    expect(first.doubts).toEqual([]);
    expect(client.asked).toHaveLength(4);
    const again = { [`${ADMISSION}/v1/mutatingwebhookconfigurations`]: { items: [webhook('a')] } };
    expect(await keyOf(again)).toBe(first.key);
  });

  it('moves with schemas, webhooks, policies and bindings', async () => {
    const webhooks = `${ADMISSION}/v1/mutatingwebhookconfigurations`;
    const policies = `${ADMISSION}/v1/mutatingadmissionpolicies`;
    const bindings = `${ADMISSION}/v1/mutatingadmissionpolicybindings`;
    const policy = (spec: unknown) => ({ items: [{ metadata: { name: 'p', uid: 'u' }, spec }] });
    const keys = await Promise.all(
      [
        {},
        { '/openapi/v3': index('2') },
        { [webhooks]: { items: [] } },
        { [webhooks]: { items: [webhook('a'), webhook('b')] } },
        { [webhooks]: { items: [webhook('a', { failurePolicy: 'Ignore' })] } },
        { [webhooks]: { items: [{ ...webhook('a'), metadata: { name: 'a', uid: 'recreated' } }] } },
        { [policies]: policy({ mutations: [1] }) },
        { [policies]: policy({ mutations: [2] }) },
        { [bindings]: policy({ policyName: 'p' }) },
      ].map(keyOf),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).not.toContain(undefined);
  });

  it('does not move when only a certificate is renewed', async () => {
    const renewed = webhook('a', { clientConfig: { caBundle: 'Qg==', service: { name: 'hook' } } });
    expect(await keyOf({ [`${ADMISSION}/v1/mutatingwebhookconfigurations`]: { items: [renewed] } })).toBe(
      await keyOf({}),
    );
  });

  it('takes a kind that is not served for none, and reads older versions where only those are', async () => {
    const policies = `${ADMISSION}/v1/mutatingadmissionpolicies`;
    const bindings = `${ADMISSION}/v1/mutatingadmissionpolicybindings`;
    const without = { ...healthy, [policies]: 404, [bindings]: 404 };
    const old = await stateOf(without);
    expect(old.key).toBeDefined();
    const beta = {
      ...without,
      '/openapi/v3': index('1', ['v1', 'v1beta1']),
      [`${ADMISSION}/v1beta1/mutatingadmissionpolicies`]: { items: [{ metadata: { name: 'p' }, spec: {} }] },
    };
    const empty = { ...beta, [`${ADMISSION}/v1beta1/mutatingadmissionpolicies`]: { items: [] } };
    expect((await stateOf(beta)).key).not.toBe((await stateOf(empty)).key);
  });

  it.each([
    ['/openapi/v3', 403],
    ['/openapi/v3', 404],
    ['/openapi/v3', 'no index'],
    [`${ADMISSION}/v1/mutatingwebhookconfigurations`, 403],
    [`${ADMISSION}/v1/mutatingadmissionpolicies`, 403],
    [`${ADMISSION}/v1/mutatingadmissionpolicybindings`, 500],
    [
      `${ADMISSION}/v1/mutatingadmissionpolicies`,
      { items: [{ metadata: { name: 'p' }, spec: { paramKind: { kind: 'ConfigMap' } } }] },
    ],
  ])('is doubt, not a key, when %s is answered with %o', async (path, answer) => {
    const state = await stateOf({ ...healthy, [path]: answer });
    expect(state.key).toBeUndefined();
    expect(state.doubts).toHaveLength(1);
  });
});
