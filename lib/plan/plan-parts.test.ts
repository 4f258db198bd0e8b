import { describe, expect, it } from 'vitest';
import type { RawFieldChange } from '../diff/field-changes.ts';
import { desiredDigest } from '../diff/proof.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idKey, idOf, type KubernetesObject, type ManagedFieldsEntry } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { withCause } from './change-cause.ts';
import { conflictsText, dangersOfChange, dangersOfRights, restartsPods } from './dangers.ts';
import { changedImmutableFields, explains, withLiveFields } from './immutable-fields.ts';
import type { FieldChange, PlanItem } from './plan.ts';
import { isNamed, isSelected } from './plan-options.ts';
import { isProtectedNamespace } from './plan-removals.ts';
import { notBroughtBack } from './plan-warnings.ts';
import { withRenames } from './rename-pairs.ts';

const CART = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'cart' };

describe('a selection', () => {
  it('chooses objects by the name that plans print, with "*" and clusters', () => {
    expect(isSelected(undefined, 'prod', CART)).toBe(false);
    expect(isSelected('all', 'prod', CART)).toBe(true);
    expect(isSelected(['Deployment/shop/cart'], 'prod', CART)).toBe(true);
    expect(isSelected(['Deployment/shop/*'], 'prod', CART)).toBe(true);
    expect(isSelected(['*'], 'prod', CART)).toBe(true);
    expect(isSelected(['prod:Deployment/shop/cart'], 'prod', CART)).toBe(true);
    expect(isSelected(['test:Deployment/shop/cart'], 'prod', CART)).toBe(false);
    expect(isSelected(['Deployment/shop/car'], 'prod', CART)).toBe(false);
    expect(isSelected(['Deployment.shop.cart'], 'prod', CART)).toBe(false);
  });

  it('names an object only by its full name', () => {
    expect(isNamed('all', 'prod', CART)).toBe(false);
    expect(isNamed(['Deployment/shop/*'], 'prod', CART)).toBe(false);
    expect(isNamed(['prod:Deployment/shop/cart'], 'prod', CART)).toBe(true);
  });
});

describe('the cause of a change', () => {
  const own: ManagedFieldsEntry = { manager: 'orrery.shop', operation: 'Apply', time: '2026-11-02T10:00:00Z' };
  const later: ManagedFieldsEntry = { manager: 'kubectl-edit', operation: 'Update', time: '2026-11-03T10:00:00Z' };
  const earlier: ManagedFieldsEntry = { manager: 'helm', operation: 'Update', time: '2026-11-01T10:00:00Z' };
  const change = (owners: ManagedFieldsEntry[], op: RawFieldChange['op'] = 'replace') => ({
    path: 'spec.replicas',
    op,
    owners,
  });
  const cause = (
    owners: ManagedFieldsEntry[],
    desiredUnchanged: boolean,
    op?: RawFieldChange['op'],
    controllers: readonly string[] = [],
    untouched = false,
  ) => {
    const isController = (_: string, manager: string) => controllers.includes(manager);
    return withCause(change(owners, op), { manager: 'orrery.shop', desiredUnchanged, untouched, own, isController });
  };

  it('is intent where the program changed a field in a list that its declared controller wrote since', () => {
    expect(cause([later], false)).toMatchObject({ cause: 'drift', by: 'kubectl-edit' });
    expect(cause([later], false, 'replace', ['kubectl-edit'])).toMatchObject({ cause: 'intent' });
  });

  it('is drift when the program asks for what it asked for last time', () => {
    expect(cause([earlier, later], true)).toMatchObject({ cause: 'drift', by: 'kubectl-edit', at: later.time });
    expect(cause([own], true)).toEqual({ path: 'spec.replicas', op: 'replace', cause: 'drift' });
  });

  it('is no drift where nothing of ours moved since the last apply: the server completes the object otherwise, or left something out', () => {
    expect(cause([], true, 'add')).toMatchObject({ cause: 'drift' });
    expect(cause([], true, 'add', [], true)).toEqual({ path: 'spec.replicas', op: 'add', cause: 'intent' });
    expect(cause([own], true, 'replace', [], true)).toMatchObject({ cause: 'intent' });
  });

  it('is intent when the program changed the field', () => {
    expect(cause([own], false)).toMatchObject({ cause: 'intent' });
    expect(cause([], false)).toMatchObject({ cause: 'intent' });
    expect(cause([own, later], false)).toMatchObject({ cause: 'intent' });
  });

  it('is drift where somebody took the field since our last apply, although the program changed elsewhere', () => {
    expect(cause([later], false)).toMatchObject({ cause: 'drift', by: 'kubectl-edit' });
    expect(cause([earlier], false)).toMatchObject({ cause: 'intent' });
    expect(cause([later], false, 'remove')).toMatchObject({ cause: 'intent' });
  });
});

describe('a rollback', () => {
  const item = (action: PlanItem['action'], group: string, kind: string): PlanItem => ({
    ...{ action, id: { group, kind, namespace: 'shop', name: 'a' }, apiVersion: 'v1', reason: '', effect: '' },
    ...{ changes: [], dangers: [], verified: 'dry-run' },
  });

  it('says that what was in volumes, namespaces and of definitions is not brought back with them', () => {
    const crd = item('create', 'apiextensions.k8s.io', 'CustomResourceDefinition');
    const items = [crd, item('replace', '', 'PersistentVolumeClaim'), item('create', '', 'ConfigMap')];
    expect(notBroughtBack(items)).toEqual([
      'A rollback brings back manifests, not data.',
      expect.stringMatching(
        /^CustomResourceDefinition\/shop\/a is created again: resources of this kind .* come back only where/,
      ),
      'PersistentVolumeClaim/shop/a is created again: the data of the one that was deleted is not in it.',
    ]);
    expect(notBroughtBack([item('update', '', 'PersistentVolumeClaim')])).toHaveLength(1);
    expect(notBroughtBack([item('blocked', '', 'PersistentVolumeClaim')])).toEqual([]);
  });
});

describe('dangers', () => {
  const rbac = (more: object): KubernetesObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'a' },
    ...more,
  });
  const texts = (object: KubernetesObject) => dangersOfRights(object).map(({ text }) => text);

  it('name rights that reach far', () => {
    expect(texts(rbac({ roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } }))).toEqual([
      'grants everything (cluster-admin)',
    ]);
    expect(texts(rbac({ roleRef: { kind: 'ClusterRole', name: 'view' } }))).toEqual([]);
    expect(texts(rbac({ rules: [{ verbs: ['*'], resources: ['*'] }] }))).toEqual(['grants everything ("*")']);
    expect(texts(rbac({ rules: [{ verbs: ['*'], resources: ['secrets'] }] }))).toEqual(['grants all verbs on secrets']);
    expect(texts(rbac({ rules: [{ verbs: ['get', 'bind'], resources: ['roles'] }] }))).toEqual(['grants bind']);
    expect(texts(rbac({ rules: [{ verbs: ['get'], resources: ['pods'] }] }))).toEqual([]);
    expect(texts({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, rules: [{ verbs: ['*'] }] })).toEqual([]);
  });

  it('name a workload that is scaled to nothing', () => {
    const replicas = (before: number, after: number) =>
      dangersOfChange([{ path: 'spec.replicas', op: 'replace', before, after, cause: 'intent' }]);
    expect(replicas(3, 0)).toHaveLength(1);
    expect(replicas(0, 3)).toEqual([]);
  });

  it('name pods that are numbered anew', () => {
    const from = (path: string, before: unknown, after: unknown) =>
      dangersOfChange([{ path, op: 'replace', before, after, cause: 'intent' } as FieldChange]).map(({ text }) => text);
    const text = (to: number, old: number) => [
      `pods are numbered from ${to} instead of ${old}: those that run now go, and the new ones have empty volumes`,
    ];
    expect(from('spec.ordinals.start', 100, 200)).toEqual(text(200, 100));
    expect(from('spec.ordinals', undefined, { start: 5 })).toEqual(text(5, 0));
    expect(from('spec.ordinals', { start: 5 }, undefined)).toEqual(text(0, 5));
    expect(from('spec.ordinals', undefined, { start: 0 })).toEqual([]);
  });

  it('tell which changes restart pods', () => {
    const touches = (path: string) => restartsPods(CART, [{ path, op: 'replace', cause: 'intent' }]);
    expect(touches('spec.template.spec.containers[name=cart].image')).toBe(true);
    expect(touches('spec.replicas')).toBe(false);
    expect(
      restartsPods({ group: '', kind: 'ConfigMap' }, [{ path: 'spec.template', op: 'add', cause: 'intent' }]),
    ).toBe(false);
  });

  it('name the managers of conflicting fields with the day of their last write', () => {
    const live: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { managedFields: [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-11-02T10:00:00Z' }] },
    };
    const conflicts = [
      { path: 'spec.ports', manager: 'kubectl-edit' },
      { path: 'spec.type', manager: 'helm' },
    ];
    expect(conflictsText(conflicts, live)).toBe('spec.ports from kubectl-edit (2026-11-02), spec.type from helm');
  });
});

describe('immutable fields', () => {
  const set = (spec: object): KubernetesObject => ({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: {}, spec });
  const id = { group: 'apps', kind: 'StatefulSet' };
  const status = (...fields: string[]) => ({
    code: 422,
    reason: 'Invalid',
    message: '',
    causes: fields.map((field) => ({ reason: '', message: '', field })),
  });

  it('count as changed where desired says something else than live, defaults of the server apart', () => {
    const live = set({ serviceName: 'a', selector: { matchLabels: { a: 'b' } }, podManagementPolicy: 'OrderedReady' });
    expect(
      changedImmutableFields(id, set({ serviceName: 'a', selector: { matchLabels: { a: 'b' } } }), live, undefined),
    ).toEqual([]);
    expect(changedImmutableFields(id, set({ serviceName: 'b' }), live, undefined)).toEqual(['spec.serviceName']);
    const templates = { volumeClaimTemplates: [{ metadata: { name: 'd' } }] };
    const filled = { volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { volumeMode: 'Filesystem' } }] };
    expect(changedImmutableFields(id, set(templates), set(filled), undefined)).toEqual([]);
    expect(changedImmutableFields(id, set(templates), set({ volumeClaimTemplates: [] }), undefined)).toEqual([
      'spec.volumeClaimTemplates',
    ]);
  });

  it('count as changed where desired drops what is ours', () => {
    const live = set({ serviceName: 'a' });
    expect(changedImmutableFields(id, set({}), live, { 'f:spec': { 'f:serviceName': {} } })).toEqual([
      'spec.serviceName',
    ]);
    expect(changedImmutableFields(id, set({}), live, { 'f:spec': { 'f:replicas': {} } })).toEqual([]);
  });

  it('explain a refusal only when nothing else is wrong', () => {
    expect(explains(['spec.serviceName'], status('spec'))).toBe(true);
    expect(explains(['spec.selector'], status('spec.selector'))).toBe(true);
    expect(explains(['data'], status('data[a.b]'))).toBe(true);
    expect(explains(['spec.selector'], status('spec.selector', 'spec.replicas'))).toBe(false);
    expect(explains(['spec.selector'], status())).toBe(false);
    expect(explains(['spec.selector'], status(''))).toBe(false);
    expect(explains(['spec.selector'], status('spec.selectors'))).toBe(false);
    expect(explains([], status('spec'))).toBe(false);
    expect(explains(['spec'], { ...status('spec'), code: 500 })).toBe(false);
  });

  it('are taken from the live object to see what else would change', () => {
    const merged = withLiveFields(set({ serviceName: 'b', replicas: 2, extra: 1 }), set({ serviceName: 'a' }), [
      'spec.serviceName',
      'spec.extra',
    ]);
    expect(merged.spec).toEqual({ serviceName: 'a', replicas: 2 });
  });
});

describe('a rename', () => {
  const config = (name: string, value: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'shop' },
    data: { value },
  });
  const declare = (object: KubernetesObject, path: string): DesiredObject => ({
    id: idOf(object),
    object,
    sha256: sha256(canonicalJson(object)),
    path,
    unit: 'shop',
    dependsOn: [],
  });
  const item = (action: PlanItem['action'], object: KubernetesObject, path: string): PlanItem => ({
    action,
    id: idOf(object),
    apiVersion: 'v1',
    path,
    reason: '',
    changes: [],
    effect: '',
    dangers: [],
    verified: 'dry-run',
  });
  const inventory = (...declared: DesiredObject[]): Inventory => ({
    platform: 'shop',
    clusterUid: 'uid',
    hmacKey: Buffer.alloc(32),
    shards: [],
    unsettled: new Map(),
    entries: new Map(
      declared.map((one) => [
        idKey(one.id),
        { id: one.id, apiVersion: 'v1', path: one.path, desired: desiredDigest(one, Buffer.alloc(32)) },
      ]),
    ),
  });
  const pairs = (items: readonly PlanItem[]) =>
    items.map((one) => [one.id.name, one.renamedFrom?.name ?? one.renamedTo?.name]);

  it('links what is equal but for the name, whatever the path', () => {
    const old = declare(config('old', '1'), 'a');
    const next = declare(config('new', '1'), 'b');
    const items = [item('create', next.object, 'b'), item('delete', old.object, 'a')];
    expect(pairs(withRenames(items, new Map([[idKey(next.id), next]]), inventory(old)))).toEqual([
      ['new', 'old'],
      ['old', 'new'],
    ]);
  });

  it('links what one construct declares, but not where a path declares many', () => {
    const old = [declare(config('old-1', '1'), 'release'), declare(config('old-2', '2'), 'release')];
    const next = [declare(config('new-1', '3'), 'release'), declare(config('new-2', '4'), 'release')];
    const desired = new Map(next.map((one) => [idKey(one.id), one]));
    const single = [item('create', config('new-1', '3'), 'release'), item('delete', config('old-1', '1'), 'release')];
    expect(pairs(withRenames(single, desired, inventory(...old)))).toEqual([
      ['new-1', 'old-1'],
      ['old-1', 'new-1'],
    ]);
    const many = [
      ...next.map((one) => item('create', one.object, 'release')),
      ...old.map((one) => item('delete', one.object, 'release')),
    ];
    expect(pairs(withRenames(many, desired, inventory(...old))).map(([, other]) => other)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('does not link across namespaces', () => {
    const old = declare(config('old', '1'), 'a');
    const elsewhere = { ...config('new', '1'), metadata: { name: 'new', namespace: 'mall' } };
    const next = declare(elsewhere, 'a');
    const items = [item('create', elsewhere, 'a'), item('delete', old.object, 'a')];
    expect(
      pairs(withRenames(items, new Map([[idKey(next.id), next]]), inventory(old))).map(([, other]) => other),
    ).toEqual([undefined, undefined]);
  });
});

it('namespaces of the system and of the inventory are protected', () => {
  const protects = (name: string, kind = 'Namespace') =>
    isProtectedNamespace({ group: '', kind, namespace: '', name }, 'orrery-system');
  expect(['default', 'kube-system', 'kube-anything', 'orrery-system'].every((name) => protects(name))).toBe(true);
  expect(protects('shop')).toBe(false);
  expect(protects('default', 'PriorityClass')).toBe(false);
});
