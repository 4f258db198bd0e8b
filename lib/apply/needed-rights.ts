import { METADATA_LIST } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { goesAfterRun } from '../helm/hooks.ts';
import { isRelease } from '../helm/native-input.ts';
import { listShards } from '../inventory/read-inventory.ts';
import { INVENTORY_LABEL, shardName } from '../inventory/shard-format.ts';
import type { ClusterPlan, PlanItem } from '../plan/plan.ts';
import { type Right, rightFor } from '../rights/right.ts';
import type { ResourceLookup } from './cluster-context.ts';
import { OWNS_PODS } from './delete-object.ts';
import { kindKey } from './kinds.ts';
import { leaseName, readLease } from './lease-record.ts';

/** Kinds whose controller has to come by before they are ready: what waits for a new one watches it. */
const WATCHED_WHEN_NEW = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet']);
const TO_WATCH = ['list', 'watch'];

/**
 * The rights without which the writes of a plan would be refused: each one stands for a request that is certain to be sent, so a right that is only sometimes of use
 * (removing old revisions, watching what is ready at once) is none of them. An item that the plan blocked for lack of a right needs what it would have needed.
 * @param wait the apply waits until what it wrote is ready
 */
export function rightsOfItems(items: ClusterPlan['items'], resources: ResourceLookup, wait: boolean): Right[] {
  return items.flatMap((item) => {
    const { apiVersion, id } = item;
    if (isRelease(id))
      return recordVerbs(item).map((verb) => ({ verb, group: '', resource: 'secrets', namespace: id.namespace }));
    const { discovered } = resources;
    const resource = resources.find(apiVersion, id.kind) ?? discovered.preferred(id.group, id.kind);
    if (resource === undefined) return [];
    return verbsOf(item, wait).map((verb) => {
      const right = rightFor(verb, resource, id);
      return TO_WATCH.includes(verb) ? { ...right, name: undefined } : right;
    });
  });
}

/** What helm does to the Secrets that it keeps a release in. What its chart brings only helm knows. */
function recordVerbs({ action }: PlanItem): readonly string[] {
  switch (action) {
    case 'create':
    case 'update':
    case 'adopt':
      return ['get', 'list', 'create', 'update'];
    case 'delete':
      return ['get', 'list', 'update', 'delete'];
    case 'orphan':
      return ['list', 'patch'];
    default:
      return [];
  }
}

function verbsOf(item: PlanItem, wait: boolean): readonly string[] {
  const watches = wait && WATCHED_WHEN_NEW.has(kindKey(item.id)) ? TO_WATCH : [];
  switch (item.action) {
    case 'create':
      return ['create', 'patch', ...watches, ...(goesAfterRun(item) ? ['delete'] : [])];
    case 'update':
    case 'ownership-only':
      return ['patch'];
    case 'adopt':
      return item.takesOver === undefined ? ['patch'] : ['get', 'patch'];
    case 'orphan':
      return ['get', 'patch'];
    case 'replace':
      return ['delete', 'create', 'patch', ...watches];
    case 'delete':
      return ['delete', ...(wait && OWNS_PODS.has(kindKey(item.id)) ? TO_WATCH : [])];
    case 'blocked':
      if (item.problem?.code !== 'ORR3006' || item.desired === undefined) return [];
      return item.precondition === undefined ? ['get', 'create', 'patch'] : ['patch'];
    default:
      return [];
  }
}

/** Which of our own objects a verb writes, beside the lease. */
export interface OwnWrites {
  readonly platformId: string;
  /** Entries of the inventory change. */
  readonly inventory: boolean;
  /** The inventory itself goes in the end, and the lease with it. */
  readonly dissolves?: boolean | undefined;
  /** The program brings the namespace of both. */
  readonly bringsNamespace?: boolean | undefined;
}

export interface OwnRights {
  readonly rights: readonly Right[];
  /** The namespace of lease and inventory is not there yet. */
  readonly lacksNamespace: boolean;
}

/** The rights that lease and inventory take, by what is there already: what exists is updated, what does not is created. */
export async function rightsOfOwn(target: KubeTarget, writes: OwnWrites): Promise<OwnRights> {
  const { platformId, inventory, dissolves, bringsNamespace } = writes;
  const { client, inventoryNamespace: namespace } = target;
  const lease = leaseName(platformId);
  const [held, shards] = await Promise.all([
    readLease(target, lease),
    inventory ? listShards(target, `${INVENTORY_LABEL}=${platformId}`, undefined, METADATA_LIST) : [],
  ]);
  const place = { method: 'GET', path: `/api/v1/namespaces/${namespace}` } as const;
  const lacksNamespace = held === undefined && (await client.request(place)).status === 404;
  const ofLease = { group: 'coordination.k8s.io', resource: 'leases', namespace };
  const ofShards = { group: '', resource: 'secrets', namespace };
  const names = shards.length === 0 ? [shardName(platformId, 0)] : shards.map(({ metadata }) => metadata.name ?? '');
  const verbs = dissolves === true ? ['update', 'delete'] : ['update'];
  const ofNames = verbs.flatMap((verb) => names.map((name) => ({ ...ofShards, verb, name })));
  const rights: Right[] = [
    ...(held === undefined ? [{ ...ofLease, verb: 'create' }] : []),
    { ...ofLease, verb: 'update', name: lease },
    ...(inventory && shards.length === 0 ? [{ ...ofShards, verb: 'create' }] : []),
    ...(inventory ? ofNames : []),
    ...(lacksNamespace && bringsNamespace !== true ? [CREATE_NAMESPACE] : []),
  ];
  return { rights, lacksNamespace };
}

const CREATE_NAMESPACE: Right = { verb: 'create', group: '', resource: 'namespaces', namespace: '' };
