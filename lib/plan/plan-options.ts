import type { HelmOptions } from '../helm/helm-options.ts';
import { describeId, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredCluster } from '../render/desired-state.ts';
import type { ServiceHeadroom, Uncovered } from './plan.ts';

/**
 * Objects chosen for something that is never done by itself: 'all', or names as plans print them: "Deployment/shop/cart", "Namespace/shop", with "*" for any
 * text, optionally "cluster:" in front.
 */
export type Selection = 'all' | readonly string[];

export interface PlanOptions {
  /** proof: what is provably unchanged costs no request. all: every object is dry-run. Default 'proof'. */
  readonly verify?: 'proof' | 'all' | undefined;
  /**
   * Ask the server by dry runs, which take the rights of a write. Default true. Without, what is not proved unchanged is shown as far as it can be told, unverified, and the plan can only be read.
   */
  readonly dryRun?: boolean | undefined;
  /**
   * Dry-run objects that are to be created. Default true. Without it a create is decided by the server when it is applied; resourceVersion "1" still
   * protects what exists.
   */
  readonly dryRunCreates?: boolean | undefined;
  /** Existing objects that are not ours and shall become ours. An object of another platform must be named without "*". Default: none. */
  readonly adopt?: Selection | undefined;
  /** Objects whose fields are taken over from other field managers. Default: none. */
  readonly takeOwnership?: Selection | undefined;
  /** Objects that may be deleted and created again when an immutable field changes. Default: none. */
  readonly replace?: Selection | undefined;
  /** A cluster may lose all its objects. Default false. */
  readonly allowEmpty?: boolean | undefined;
  /** A cluster may lose a large share of its objects. Default false. */
  readonly allowDeletes?: boolean | undefined;
  /** What a large share is: more than this part of at least so many objects. Default: half of 10. */
  readonly largeShare?: { readonly part: number; readonly ofAtLeast: number } | undefined;
  /** What becomes of the objects in a cluster that the program no longer has. Default 'ask': shown, nothing done. */
  readonly onLeft?: 'ask' | 'delete' | 'orphan' | 'keep' | undefined;
  /**
   * The plan deals with some objects alone and leaves the rest as it is. adopt: existing ones that are not ours and shall become ours. orphan: ours that are given up. Default: everything.
   */
  readonly part?: { readonly verb: 'adopt' | 'orphan'; readonly objects: Selection } | undefined;
  /** Keys (`idKey`) of the objects that a stage of a canary release has to do with: of nothing else anything is planned. Default: everything. */
  readonly stage?: ReadonlySet<string> | undefined;
  /** The desired state is what earlier revisions held: the plan says what that cannot bring back. Default false. */
  readonly rollback?: boolean | undefined;
  /** What the plan shows of services that shall survive the loss of a cluster (`headroomOf`). Default: nothing. */
  readonly headroom?: readonly ServiceHeadroom[] | undefined;
  /** What the plan says of data that is lost with a cluster (`uncoveredData`). Default: nothing. */
  readonly uncovered?: readonly Uncovered[] | undefined;
  /** Clusters of the program that this plan leaves out: what is to run there may have to be ready first. Default: none. */
  readonly leftOut?: readonly DesiredCluster[] | undefined;
  /** The clock. */
  readonly now: () => Date;
  /** Seal it for the apply that reads it from a file. Default true; an apply of this very process needs none. */
  readonly sealed?: boolean | undefined;
  /** How long the plan may be applied. Default 24 h. */
  readonly lifetimeMs?: number | undefined;
  /** helm, for releases that it installs by itself. Default: the one that is called "helm" in no folder, so none. */
  readonly helm?: HelmOptions | undefined;
  /** The project's `.orrery` folder: keeps HMAC keys of clusters without inventory. */
  readonly stateFolder: string;
}

/** Whether an object of a cluster is chosen. */
export function isSelected(selection: Selection | undefined, cluster: string, id: ObjectId): boolean {
  if (selection === undefined) return false;
  if (selection === 'all') return true;
  const names = [describeId(id), `${cluster}:${describeId(id)}`];
  return selection.some((pattern) => names.some((name) => matches(pattern, name)));
}

/** The patterns that choose none of some objects of a cluster. */
export function unmatched(selection: Selection, cluster: string, ids: readonly ObjectId[]): string[] {
  return selection === 'all' ? [] : selection.filter((one) => !ids.some((id) => isSelected([one], cluster, id)));
}

/** Whether an object is chosen by its own name, not by a pattern. */
export function isNamed(selection: Selection | undefined, cluster: string, id: ObjectId): boolean {
  if (selection === undefined || selection === 'all') return false;
  return selection.includes(describeId(id)) || selection.includes(`${cluster}:${describeId(id)}`);
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
