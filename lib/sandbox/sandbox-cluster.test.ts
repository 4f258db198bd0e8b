import { describe, expect, it } from 'vitest';
import { planClusterRecord } from './cluster-record.ts';
import { COMPONENTS, checkClusters, componentsOf, type SandboxCluster } from './sandbox-cluster.ts';
import { simulatedNodes } from './simulated-nodes.ts';

describe('a sandbox cluster definition', () => {
  it.each<[string, SandboxCluster[], RegExp]>([
    ['a name that is no DNS label', [{ name: 'Prod_1' }], /"Prod_1" cannot name/],
    ['a name that climbs out of the folder', [{ name: '..' }], /"\.\." cannot name/],
    ['the same name twice', [{ name: 'a' }, { name: 'a' }], /two clusters named "a"/],
    ['a negative number of nodes', [{ name: 'a', nodes: -1 }], /cannot have -1 nodes/],
    [
      'controllers without an API server',
      [{ name: 'a', components: ['etcd', 'kwok'] }],
      /needs at least etcd and kube-apiserver/,
    ],
  ])('with %s is refused', (_, clusters, message) => {
    expect(() => checkClusters(clusters)).toThrow(message);
  });

  it('runs every component unless some are chosen, always in starting order', () => {
    expect(componentsOf({ name: 'a' })).toEqual([...COMPONENTS]);
    expect(componentsOf({ name: 'a', components: ['kube-apiserver', 'etcd'] })).toEqual(['etcd', 'kube-apiserver']);
  });

  it('gets three nodes in three zones, or those that are described', () => {
    const nodes = simulatedNodes({ name: 'a' });
    expect(nodes.map(({ name }) => name)).toEqual(['a-node-1', 'a-node-2', 'a-node-3']);
    expect(new Set(nodes.map(({ labels }) => labels?.['topology.kubernetes.io/zone'])).size).toBe(3);
    const [gpu] = simulatedNodes({ name: 'a', nodes: [{ name: 'gpu-1', capacity: { 'nvidia.com/gpu': '8' } }] });
    expect(gpu?.capacity).toMatchObject({ cpu: '32', 'nvidia.com/gpu': '8' });
  });
});

describe('the record of a sandbox cluster', () => {
  const tools = {
    etcd: '/etcd',
    'kube-apiserver': '/new',
    'kube-apiserver-1.35': '/old',
    'kube-controller-manager': '/cm',
    'kube-scheduler': '/s',
    kwok: '/k',
  };

  it('keeps ports and tokens when the definition changes', async () => {
    const first = await planClusterRecord({ name: 'a', tokens: [{ name: 'dev' }] }, tools, undefined, new Set());
    const again = await planClusterRecord(
      { name: 'a', auditLog: true, tokens: [{ name: 'dev' }, { name: 'ops', token: 'chosen' }] },
      tools,
      first,
      new Set(),
    );
    expect(again.ports).toEqual(first.ports);
    expect(again.etcdMember).toBe(first.etcdMember);
    const tokenOf = (record: typeof first, user: string): string | undefined =>
      record.credentials.find((credential) => credential.user === user)?.token;
    expect(tokenOf(again, 'dev')).toBe(tokenOf(first, 'dev'));
    expect(tokenOf(again, 'ops')).toBe('chosen');
    expect(tokenOf(first, 'dev')).not.toBe(tokenOf(first, 'admin'));
  });

  it.each([
    ['1.35', '1.35.4', '/old'],
    ['v1.36.3', '1.36.3', '/new'],
    [undefined, '1.36.3', '/new'],
  ])('takes the API server of Kubernetes %s', async (kubernetesVersion, version, binary) => {
    const record = await planClusterRecord({ name: 'a', kubernetesVersion }, tools, undefined, new Set());
    expect(record.kubernetesVersion).toBe(version);
    expect(record.binaries['kube-apiserver']).toBe(binary);
  });

  it('refuses a Kubernetes version that there is no API server for, and a tool without executable', async () => {
    await expect(
      planClusterRecord({ name: 'a', kubernetesVersion: '1.19' }, tools, undefined, new Set()),
    ).rejects.toMatchObject({
      code: 'ORR6003',
      fix: 'Choose one of 1.36.3, 1.35.4, 1.34.4.',
    });
    await expect(planClusterRecord({ name: 'a' }, { etcd: '/etcd' }, undefined, new Set())).rejects.toThrow(
      'there is no executable for kube-apiserver',
    );
  });
});
