import { groupOf, type Json, type ObjectId } from '../kubernetes/object.ts';
import type { ClusterPlan, FieldChange, Plan, PlanItem } from '../plan/plan.ts';

/** Hand-made plans for the tests of the reports. */

export function id(apiVersion: string, kind: string, name: string, namespace = 'mall'): ObjectId {
  return { group: groupOf(apiVersion), kind, namespace, name };
}

export function item(over: Partial<PlanItem> & Pick<PlanItem, 'action' | 'id'>): PlanItem {
  return {
    apiVersion: over.id.group === '' ? 'v1' : `${over.id.group}/v1`,
    reason: '',
    changes: [],
    effect: 'e',
    dangers: [],
    verified: 'dry-run',
    ...over,
  };
}

export function replace(path: string, before: Json, after: Json, over: Partial<FieldChange> = {}): FieldChange {
  return { path, op: 'replace', before, after, cause: 'intent', ...over };
}

export function cluster(name: string, items: readonly PlanItem[], over: Partial<ClusterPlan> = {}): ClusterPlan {
  return {
    cluster: name,
    target: `context ${name}`,
    clusterUid: `uid-${name}`,
    items,
    unchanged: 60,
    dryRuns: items.length,
    warnings: [],
    ...over,
  };
}

export function plan(clusters: readonly ClusterPlan[], over: Partial<Plan> = {}): Plan {
  return {
    format: 'orrery/plan',
    version: '1.0',
    platform: { id: 'online-shop', displayName: 'Online shop' },
    purpose: 'apply',
    assemblyDigest: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    createdAt: '2026-11-21T09:00:00Z',
    expiresAt: '2026-11-22T09:00:00Z',
    changes: clusters.some((one) => one.items.some((each) => !['blocked', 'being-deleted'].includes(each.action))),
    clusters,
    ...over,
  };
}

const newImage = replace('spec.template.spec.containers[name=cart].image', 'mall/cart:4.12.0', 'mall/cart:4.13.0');
export const cartChange = item({
  action: 'update',
  id: id('apps/v1', 'Deployment', 'cart'),
  reason: 'the program changed',
  changes: [newImage],
  restartsPods: true,
});
export const canaryCreate = item({
  action: 'create',
  id: id('apps/v1', 'Deployment', 'cart-canary'),
  desired: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart-canary', namespace: 'mall' },
    spec: { replicas: 1 },
  },
});

/** One item of every action, with everything that an item can carry. */
export const everyAction: readonly PlanItem[] = [
  canaryCreate,
  cartChange,
  item({ action: 'ownership-only', id: id('v1', 'ConfigMap', 'cart-settings'), reason: 'only ownership is recorded' }),
  item({
    action: 'adopt',
    id: id('v1', 'Service', 'legacy'),
    reason: 'taken over from helm',
    changes: [replace('spec.ports[port=80].targetPort', 8080, 9090)],
    dangers: [{ kind: 'adopt', text: 'taken over from helm' }],
  }),
  item({
    action: 'replace',
    id: id('batch/v1', 'Job', 'migrate'),
    reason: 'spec.selector cannot change',
    changes: [replace('spec.selector', { app: 'a' }, { app: 'b' })],
    dangers: [{ kind: 'replace', text: 'deleted and created again' }],
  }),
  item({
    action: 'delete',
    id: id('v1', 'PersistentVolumeClaim', 'old-data'),
    reason: 'the program no longer has it',
    dangers: [{ kind: 'delete-storage', text: 'the data is gone for good' }],
    renamedTo: id('v1', 'PersistentVolumeClaim', 'data'),
  }),
  item({ action: 'forget', id: id('v1', 'ConfigMap', 'gone'), reason: 'no longer in the cluster' }),
  item({ action: 'orphan', id: id('v1', 'ConfigMap', 'kept'), reason: 'left in the cluster on request' }),
  item({
    action: 'blocked',
    id: id('v1', 'ConfigMap', 'foreign'),
    reason: 'exists and is not ours',
    problem: {
      code: 'ORR4001',
      what: 'ConfigMap/mall/foreign exists and is managed by "kubectl"',
      where: { path: 'mall/settings', source: 'main.ts:31' },
      fix: 'Adopt it: --adopt ConfigMap/mall/foreign.',
    },
  }),
  item({ action: 'being-deleted', id: id('v1', 'ConfigMap', 'leaving'), reason: 'waits for its finalizer' }),
];
