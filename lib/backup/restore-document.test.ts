import { describe, expect, it } from 'vitest';
import type { Assembly } from '../assembly/assembly.ts';
import { readYaml } from '../yaml/read.ts';
import { type RestoreRequest, restoreDocument } from './restore-document.ts';

const schedule = (plan: string, cluster: string) => ({
  apiVersion: 'velero.io/v1',
  kind: 'Schedule',
  metadata: {
    name: `${plan}-${cluster}`,
    namespace: 'velero',
    labels: { 'app.kubernetes.io/part-of': plan },
  },
  spec: { template: { includedNamespaces: ['mall', 'bank'], storageLocation: 'vault' } },
});
const location = (name: string, prefix: string) => ({
  apiVersion: 'velero.io/v1',
  kind: 'BackupStorageLocation',
  metadata: { name, namespace: 'velero' },
  spec: { provider: 'aws', objectStorage: { bucket: 'b', prefix } },
});
const claim = (storageClassName: string, namespace = 'mall') => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: storageClassName, namespace },
  spec: { storageClassName },
});
const stateful = (storageClassName: string) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'bank' },
  spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { storageClassName } }] },
});

type Parts = Record<string, { readonly storageClasses?: Record<string, string>; readonly objects: readonly object[] }>;

const assembly = (parts: Parts) =>
  ({
    clusters: Object.entries(parts).map(([name, { storageClasses, objects }]) => ({
      manifest: { name, facts: { storageClasses } },
      objects,
    })),
  }) as unknown as Assembly;

const A = {
  storageClasses: { general: 'nfs', block: 'ssd' },
  objects: [schedule('nightly', 'a'), location('vault', 'p/a')],
};
const B = {
  storageClasses: { general: 'csi', block: 'ssd' },
  objects: [location('vault', 'p/b'), location('vault-a', 'p/a')],
};

const restored = (parts: Parts, request: Partial<RestoreRequest> = {}) =>
  restoreDocument(assembly(parts), {
    from: 'a',
    to: 'b',
    namespaces: new Map(),
    storageClasses: new Map(),
    ...request,
  });
const refusal = (parts: Parts, request: Partial<RestoreRequest> = {}) => {
  try {
    restored(parts, request);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
  return undefined;
};
const modifiers = (parts: Parts, request: Partial<RestoreRequest> = {}) => {
  const [map] = restored(parts, request) as unknown as { data: Record<string, string> }[];
  const [document] = readYaml(Object.values(map?.data ?? {})[0] ?? '', { source: 'modifiers' });
  const rules = document?.value as unknown as {
    resourceModifierRules: { conditions: { matches: { value: string }[] }; patches: { value: string }[] }[];
  };
  return rules.resourceModifierRules.map(({ conditions, patches }) => [
    conditions.matches[0]?.value,
    patches[0]?.value,
  ]);
};

describe('the documents of a restore', () => {
  it('restore the last backup of a plan, and change nothing that is there', () => {
    expect(restored({ a: A, b: B })).toEqual([
      {
        apiVersion: 'velero.io/v1',
        kind: 'Restore',
        metadata: { name: 'nightly-a-in-b', namespace: 'velero' },
        spec: { scheduleName: 'nightly-a', includedNamespaces: ['mall', 'bank'], existingResourcePolicy: 'none' },
      },
    ]);
  });

  it('restore one backup, under another name, into other namespaces', () => {
    const namespaces = new Map([['mall', 'mall-restored']]);
    const [restore] = restored({ a: A, b: B }, { backup: 'nightly-a-1', name: 'try-2', namespaces });
    expect(restore).toMatchObject({
      metadata: { name: 'try-2' },
      spec: { backupName: 'nightly-a-1', namespaceMapping: { mall: 'mall-restored' } },
    });
    expect(restore?.spec).not.toHaveProperty('scheduleName');
  });

  it('give volumes the storage classes of the other cluster, where they are called otherwise', () => {
    const from = { ...A, objects: [...A.objects, claim('nfs'), claim('ssd'), stateful('nfs'), claim('other', 'else')] };
    expect(modifiers({ a: from, b: B })).toEqual([['nfs', 'csi']]);
    const [map, restore] = restored({ a: from, b: B });
    expect(restore?.spec).toMatchObject({ resourceModifier: { kind: 'ConfigMap', name: map?.metadata.name } });
    expect(Object.keys(map?.data ?? {})).toHaveLength(1);
    expect(restored({ a: from, b: B }, { to: 'a' })).toHaveLength(1);
  });

  it('say which class is missing, or told twice, and take it from the command line', () => {
    const from = { ...A, objects: [...A.objects, claim('nfs')] };
    const none = { ...B, storageClasses: { block: 'ssd' } };
    expect(refusal({ a: from, b: none })).toContain(
      'nothing says which storage class of cluster "b" stands for "nfs".',
    );
    const both = { ...from, storageClasses: { general: 'nfs', block: 'nfs' } };
    expect(refusal({ a: both, b: B })).toContain('several storage classes of cluster "b" stand for "nfs": csi, ssd.');
    expect(modifiers({ a: both, b: B }, { storageClasses: new Map([['nfs', 'csi']]) })).toEqual([['nfs', 'csi']]);
  });

  it.each<[string, Parts, Partial<RestoreRequest>, string]>([
    ['a cluster that is not there', { a: A, b: B }, { to: 'c' }, 'there is no cluster "c".'],
    ['a cluster without a plan', { a: A, b: B }, { from: 'b', to: 'a' }, 'no plan of backups is for cluster "b".'],
    ['another plan', { a: A, b: B }, { plan: 'hourly' }, 'no plan of backups "hourly" is for cluster "a".'],
    [
      'one of several plans',
      { a: { ...A, objects: [...A.objects, schedule('hourly', 'a')] }, b: B },
      {},
      'cluster "a" has several plans of backups.',
    ],
    [
      'a cluster that cannot read the backups',
      { a: A, b: { objects: [location('vault', 'p/b')] } },
      {},
      'cluster "b" has no location that reads the backups of "a".',
    ],
    [
      'a namespace that is not backed up',
      { a: A, b: B },
      { namespaces: new Map([['cart', 'x']]) },
      'the plan does not back up namespace "cart".',
    ],
  ])('are refused for %s', (_, parts, request, said) => {
    expect(refusal(parts, request)).toContain(`ORR1001 ${said}`);
  });
});
