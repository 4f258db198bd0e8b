import { CanaryStep } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts';
import { lacksMesh, MeshClusters, ReleasedShop } from './released-shop.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const steps = [CanaryStep.weight(20), CanaryStep.weight(100)];

/** What the page of rights gives to whoever applies, and the kinds of a release. */
const RULES = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'create', 'patch'] },
  {
    apiGroups: [''],
    resources: ['serviceaccounts', 'services'],
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
  },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update', 'delete'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
];
const ISTIO = { apiGroups: ['networking.istio.io'], resources: ['virtualservices', 'destinationrules'] };

describe.skipIf(lacksMesh)('who moves a canary release', { timeout: 120_000 }, () => {
  let mesh: MeshClusters;
  let shop: ReleasedShop;
  let proxy: FaultProxy;
  beforeAll(async () => {
    mesh = await MeshClusters.start('north');
    shop = new ReleasedShop(mesh);
    proxy = await startFaultProxy(mesh.kubeconfig, 'north', { 'impersonate-user': shop.id });
  }, 300_000);
  afterAll(async () => {
    await proxy?.close();
    await shop?.cleanUp(['north']);
    await mesh?.end();
  });

  it('is told which rights its stages lack before the first of them is written, and needs no others', async () => {
    await shop.move({});
    await grant([...RULES, { ...ISTIO, verbs: ['get', 'list', 'watch', 'create', 'patch'] }]);
    const writes = () => proxy.requests.filter(({ isWrite }) => isWrite).length;
    const server = () => proxy.url;
    await vi.waitUntil(() => shop.open('north', proxy.url).catch(() => undefined), { timeout: 10_000 });
    const before = writes();
    const { releases } = await shop.move({ steps }, { server });
    expect(releases).toMatchObject([{ status: 'failed', problem: { code: 'ORR3006' } }]);
    expect(releases[0]?.problem?.what).toContain('delete virtualservices.networking.istio.io');
    expect(writes()).toBe(before);
    expect(await shop.record()).toBeUndefined();

    await grant([...RULES, { ...ISTIO, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] }]);
    const moved = await shop.move({ steps }, { server });
    expect(moved.releases).toMatchObject([{ status: 'through' }]);
  });

  async function grant(rules: readonly object[]): Promise<void> {
    const { client } = await shop.open('north');
    const metadata = { name: shop.id };
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: shop.id };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: shop.id }];
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef,
      subjects,
    };
    const query = { fieldManager: 'test', force: 'true' };
    const contentType = 'application/apply-patch+yaml';
    for (const [plural, body] of [
      ['clusterroles', role],
      ['clusterrolebindings', binding],
    ] as const) {
      const answer = await client.request({
        method: 'PATCH',
        path: `${RBAC}/${plural}/${shop.id}`,
        query,
        contentType,
        body,
      });
      expect(answer.status).toBeLessThan(300);
    }
  }
});
