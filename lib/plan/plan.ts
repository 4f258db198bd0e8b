import type { RolloutManifest } from '@orrery/constructs/assembly-format';
import type { ErrorCode, Where } from '../errors.ts';
import type { ReleaseHook } from '../helm/hooks.ts';
import type { Json, KubernetesObject, ObjectId } from '../kubernetes/object.ts';

/** One plan for all clusters: what will be done, why, and under which preconditions. Serialised as JSON (plan.schema.json). */
export interface Plan {
  readonly format: 'orrery/plan';
  readonly version: string;
  readonly platform: { readonly id: string; readonly displayName?: string | undefined };
  /** 'apply' brings the clusters to the desired state; 'destroy' removes everything of the platform. */
  readonly purpose: 'apply' | 'destroy';
  /**
   * Digest of the assembly; where it holds Secrets, an HMAC (prefix "hmac:") with the key of the first cluster that has a seal: nobody who reads the plan can test
   * guesses against it. Empty for a destroy.
   */
  readonly assemblyDigest: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** True when any cluster has an item that would write. */
  readonly changes: boolean;
  readonly clusters: readonly ClusterPlan[];
  /** Made without asking the server, for reading: what is not proved is a guess, and nothing of it is ever applied. */
  readonly unverified?: boolean | undefined;
  /** How an apply goes through the clusters, as the program says. Absent: all at once. */
  readonly rollout?: RolloutManifest | undefined;
  /** Services that shall survive the loss of any one cluster, and what each loss would leave of them. For people; since 1.4. */
  readonly headroom?: readonly ServiceHeadroom[] | undefined;
  /** Data that the program does not keep from being lost, said honestly. For people; since 1.7. */
  readonly uncovered?: readonly Uncovered[] | undefined;
  /** Services of which less shall run somewhere, as far as that waits for clusters that run or get replicas of it. Since 1.6. */
  readonly moves?: readonly ServiceMove[] | undefined;
}

/** Data of some clusters that is lost with them, or is not what it is elsewhere. */
export interface Uncovered {
  /** Construct path of what it is said of: "mall". */
  readonly path: string;
  readonly what: string;
  readonly clusters: readonly string[];
}

/**
 * A service whose replicas become fewer in some clusters, its donors: an apply takes them away once the receivers are ready, so that never less of it is ready than
 * before or after, whichever is less.
 */
export interface ServiceMove {
  /** Construct path: "mall/cart". */
  readonly service: string;
  /** Clusters in which it gets more replicas, or keeps them. */
  readonly receivers: readonly (ShareChange & { readonly workloads: readonly AwaitedWorkload[] })[];
  readonly donors: readonly (ShareChange & { readonly writes: readonly LateWrite[] })[];
}

/** The share of one cluster: replicas that are kept there at least. */
export interface ShareChange {
  readonly cluster: string;
  /** Absent: this plan does not know (the cluster could not be read, or is not part of it). */
  readonly before?: number | undefined;
  readonly after: number;
}

/** Deployment or StatefulSet of a receiver. */
export interface AwaitedWorkload {
  readonly id: ObjectId;
  /** Replicas that have to be available. */
  readonly fewest: number;
  /** Its autoscaler: the number is known to the cluster once that is written. */
  readonly scaler?: ObjectId | undefined;
}

/** A write or delete that takes replicas away. */
export interface LateWrite {
  readonly id: ObjectId;
  /** What else changes in it does not wait: it is written twice, first with so many replicas, those that it has. */
  readonly keeps?: number | undefined;
}

/** What is there of a service when a cluster is lost. */
export interface ServiceHeadroom {
  /** Construct path of its app. */
  readonly app: string;
  /** Construct path: "mall/cart". */
  readonly service: string;
  /** What the program declares for all clusters together. */
  readonly needed: ReplicaBounds;
  /** For each cluster that it runs in: what the others have without that one. */
  readonly without: readonly { readonly cluster: string; readonly left: ReplicaBounds }[];
}

/** Replicas: what is kept, and what autoscalers may make of it. Equal where nothing scales. */
export interface ReplicaBounds {
  readonly fewest: number;
  readonly most: number;
}

export interface ClusterPlan {
  readonly cluster: string;
  /** For people: how it is reached. */
  readonly target: string;
  /** kube-system uid, or the id file of a directory target; absent when it could not be read. */
  readonly clusterUid?: string | undefined;
  /** Absent: read and planned. Present: nothing of this cluster was planned (unreachable, refused, somebody else's). */
  readonly problem?: Problem | undefined;
  /** Cluster is configured and holds our inventory, but the program no longer has it. */
  readonly left?: boolean | undefined;
  /** How many objects of ours a cluster that left still holds. */
  readonly leftObjects?: number | undefined;
  /** HMAC of this cluster's plan and the assembly with the key of its inventory: what was reviewed is what is applied. Absent with `problem`. */
  readonly seal?: string | undefined;
  /** Everything but the unchanged, in apply order; deletes last. */
  readonly items: readonly PlanItem[];
  /** Objects proved or dry-run to be unchanged. */
  readonly unchanged: number;
  /** How many of `unchanged` needed a dry run. */
  readonly dryRuns: number;
  readonly warnings: readonly string[];
  /** Canary releases: at which stage each of them stands here, and so what this plan brings. Since 1.8. Absent: none. */
  readonly canaryReleases?: readonly PlannedCanary[] | undefined;
}

/** Where a canary release stands in a cluster. */
export interface PlannedCanary {
  readonly release: string;
  readonly phase: 'not-begun' | 'progressing' | 'paused' | 'aborting' | 'aborted' | 'through';
  /** Name of the stage; absent before it begins, and on the way back. */
  readonly stage?: string | undefined;
  /** "2/9": which of its stages that is. */
  readonly place?: string | undefined;
  /** Share of the requests that the canary gets, in percent. */
  readonly weight?: number | undefined;
  /** What it waits for, or why it is paused or went back. One line; may hold text of strangers. */
  readonly reason?: string | undefined;
  /** Clusters that come first. */
  readonly after?: readonly string[] | undefined;
  /** Not begun: what its first stage does. "create Deployment/shop/cart-canary". */
  readonly begins?: readonly string[] | undefined;
}

/**
 * create: absent, will be created (resourceVersion "1"). update: values change. ownership-only: only managedFields change. adopt: exists, not ours, taken over by
 * choice. replace: delete and create, an immutable field changes. delete: ours, no longer desired. forget: in the inventory, no longer in the cluster, not desired.
 * orphan: no longer desired, left in the cluster on request. blocked: cannot be planned, see `problem`; never written. being-deleted: has a deletionTimestamp.
 */
export type Action =
  | 'create'
  | 'update'
  | 'ownership-only'
  | 'adopt'
  | 'replace'
  | 'delete'
  | 'forget'
  | 'orphan'
  | 'blocked'
  | 'being-deleted';

/** Actions that change something in the cluster or in its inventory. */
export function writes(action: Action): boolean {
  return action !== 'blocked' && action !== 'being-deleted';
}

export interface PlanItem {
  readonly action: Action;
  readonly id: ObjectId;
  readonly apiVersion: string;
  readonly path?: string | undefined;
  readonly unit?: string | undefined;
  readonly source?: string | undefined;
  /** One line for people: why. */
  readonly reason: string;
  /** What was read when this was decided; create has none (it sends resourceVersion "1"). */
  readonly precondition?: { readonly uid: string; readonly resourceVersion: string } | undefined;
  /** Field changes, Secret values masked. */
  readonly changes: readonly FieldChange[];
  /** Digest of the unmasked changes (HMAC for Secrets): after a 409 the apply goes on only if the new effect is the same. */
  readonly effect: string;
  /** Desired object with Secret values replaced by "hmac:…"; absent for delete, forget, orphan. */
  readonly desired?: KubernetesObject | undefined;
  /** As in the inventory entry. */
  readonly desiredDigest?: string | undefined;
  readonly dangers: readonly Danger[];
  /** dry-run: the server was asked. unverified: it was not (its namespace or CRD is created by this plan; directory target; a plan without dry runs). */
  readonly verified: 'dry-run' | 'unverified';
  /** The pod template changes: pods restart. */
  readonly restartsPods?: boolean | undefined;
  /** An adoption: former managers whose fields become ours, so that what the program does not set goes. */
  readonly takesOver?: readonly { readonly manager: string; readonly operation: 'Apply' | 'Update' }[] | undefined;
  /** A delete and a create that belong together. */
  readonly renamedFrom?: ObjectId | undefined;
  readonly renamedTo?: ObjectId | undefined;
  /** A hook of a Helm release: written, and awaited where it is run, before or after the other objects of the release. Since 1.3. */
  readonly hook?: ReleaseHook | undefined;
  /** Of a native Helm release: what helm would do to its objects, as far as it was asked. Since 1.5. */
  readonly release?: PlannedRelease | undefined;
  readonly problem?: Problem | undefined;
}

/** What helm does to a release, by a dry run of its own. */
export interface PlannedRelease {
  /** Number that helm will give to the new revision; absent for an uninstall. */
  readonly revision?: number | undefined;
  readonly objects: readonly ReleaseObjectChange[];
}

export interface ReleaseObjectChange {
  readonly id: ObjectId;
  /** stay: the release lets go of it, the object is kept (helm.sh/resource-policy). run: a hook on the way. */
  readonly effect: 'create' | 'update' | 'delete' | 'stay' | 'run';
  /** Of an update: changes of what the chart renders, Secret values masked. */
  readonly changes: readonly FieldChange[];
}

export interface FieldChange {
  /** "spec.template.spec.containers[name=cart].image" */
  readonly path: string;
  readonly op: 'add' | 'remove' | 'replace';
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
  /** drift: somebody changed the live field (`by`, `at`). intent: everything else; the program changed, or the server makes something else of it. */
  readonly cause: 'intent' | 'drift';
  readonly by?: string | undefined;
  readonly at?: string | undefined;
  /** True: before/after are masked. */
  readonly masked?: boolean | undefined;
}

export interface Danger {
  readonly kind:
    | 'delete-namespace'
    | 'delete-crd'
    | 'crd-upgrade'
    | 'delete-storage'
    | 'delete-workload'
    | 'delete-many'
    | 'delete-all'
    | 'replace'
    | 'adopt'
    | 'ownership-taken'
    | 'grants-rights'
    | 'scale-to-zero'
    | 'pods-renamed'
    | 'gpu-repartition';
  readonly text: string;
}

/** A serialised OrreryError. */
export interface Problem {
  readonly code: ErrorCode;
  readonly what: string;
  readonly where: Where;
  readonly fix?: string | undefined;
}
