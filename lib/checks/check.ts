import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import type { ObjectId } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import type { KnownKinds } from './schema/known-kinds.ts';

/**
 * How bad a finding is. error: the cluster refuses the object, or it cannot work. warning: it works, and is likely not what was meant.
 */
export type Severity = 'error' | 'warning';

/** An object of the desired state with its namespace resolved as far as synth knows it. */
export interface CheckedObject {
  readonly id: ObjectId;
  readonly desired: DesiredObject;
}

/** What checks look at: everything that one cluster shall hold. */
export interface CheckedCluster {
  readonly name: string;
  readonly facts: ClusterFactsManifest;
  readonly objects: readonly CheckedObject[];
  readonly kinds: KnownKinds;
}

/** What a check says about one object. */
export interface Found {
  readonly object: CheckedObject;
  readonly severity: Severity;
  /** Field of the object, as plans write it: "spec.ports[0].targetPort". */
  readonly field?: string | undefined;
  /** What is wrong, one sentence. */
  readonly what: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Looks for one kind of mistake. Asks no cluster. */
export interface Check {
  /** Stable: waivers and reports name it, docs/checks.md describes it. */
  readonly id: string;
  /** What it looks for, a few words. */
  readonly title: string;
  readonly run: (cluster: CheckedCluster) => readonly Found[];
}
