import type { DiscoveredResources, ResourceType } from '../cluster/discovery.ts';
import type { KubeTarget } from '../cluster/target.ts';
import type { FieldSetCache } from '../diff/field-set.ts';
import type { SecretMask } from '../diff/secret-mask.ts';
import type { ServerStateKeys } from '../diff/server-state-key.ts';
import type { Where } from '../errors.ts';
import type { ObjectId } from '../kubernetes/object.ts';
import { describeId } from '../kubernetes/object.ts';
import type { HelmOnCluster } from '../native/helm-on-cluster.ts';
import type { HeldLease } from './held-lease.ts';
import type { InventoryJournal } from './inventory-journal.ts';
import type { ReadinessWatch } from './watch-ready.ts';

/** What reading and waiting in one cluster share. */
export interface ReadContext {
  readonly target: KubeTarget;
  readonly watch: ReadinessWatch;
  readonly resources: ResourceLookup;
  readonly timeoutMs: number;
  readonly failureMs: number;
  /** Objects (`idKey`) that nobody waits for. */
  readonly followed?: ReadonlySet<string> | undefined;
  /** Aborted: waiting ends. */
  readonly signal: AbortSignal;
  readonly mask: SecretMask;
}

/** What the writes of one cluster share. */
export interface ClusterContext extends ReadContext {
  readonly platformId: string;
  readonly manager: string;
  readonly lease: HeldLease;
  readonly journal: InventoryJournal;
  /** The server state as the apply began: what is written is proved under it, if it is the same in the end. */
  readonly serverState: ServerStateKeys;
  /** The shapes of fieldsV1 that were parsed: objects of one kind have few. */
  readonly fieldSets: FieldSetCache;
  /** For the releases that helm installs. */
  readonly helm: HelmOnCluster;
  readonly wait: boolean;
  readonly onWarning: (id: ObjectId, warning: string) => void;
  readonly onWaiting: (id: ObjectId, reason: string) => void;
}

/** Finds the resource type of an object, also of kinds whose CRD comes with this apply. */
export interface ResourceLookup {
  readonly discovered: DiscoveredResources;
  find(apiVersion: string, kind: string): ResourceType | undefined;
  /** The kind is defined by a CRD of this apply that the server did not know when it began: it may take a moment until it is served everywhere. */
  isNew(resource: ResourceType): boolean;
  /** The CRD of the kind is written by this apply: for a moment the server may still judge its objects by the schema it had before. */
  isRedefined(resource: ResourceType): boolean;
}

export function whereOf(
  context: Pick<ClusterContext, 'target'>,
  id: ObjectId,
  item?: Pick<Where, 'path' | 'source'>,
): Where {
  return { cluster: context.target.cluster, object: describeId(id), path: item?.path, source: item?.source };
}
