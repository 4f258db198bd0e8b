import { describe, expect, it } from 'vitest';
import type { Assembly } from '../assembly/assembly.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { declaredWorkspaces } from './declared-workspaces.ts';

const labels = { 'orrery.dev/workspace': 'mall.retail' };
const objects: KubernetesObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'free' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'retail-machines', labels } },
  ...['shop', 'jobs'].map((namespace) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'workspace-viewer', namespace, labels },
    subjects: [
      { kind: 'User', name: 'ann' },
      { kind: 'ServiceAccount', name: 'robot' },
    ],
  })),
];
const assembly = {
  platform: { id: 'mall' },
  clusters: [
    { manifest: { name: 'prod' }, objects },
    { manifest: { name: 'ops' }, objects: objects.slice(1, 2) },
  ],
} as unknown as Assembly;

describe('the workspaces of an assembly', () => {
  it('are read from what their objects say, cluster by cluster', () => {
    expect(declaredWorkspaces(assembly)).toEqual([
      {
        workspace: 'retail',
        cluster: 'prod',
        namespaces: ['shop'],
        machines: [{ name: 'robot', namespace: 'retail-machines' }],
        members: new Map([
          ['ann', ['shop', 'jobs']],
          ['robot', ['shop', 'jobs']],
        ]),
      },
    ]);
  });
});
