import type { AppManifest, ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import type { ObjectId } from '../kubernetes/object.ts';
import type { DesiredObject, LoadedConstruct } from '../render/desired-state.ts';
import type { CelEngine } from './cel/cel-engine.ts';
import type { EnforcedLevel } from './pod-security/enforced-level.ts';
import type { DeclaredPod } from './pod-security/pod.ts';
import type { PromqlReader } from './promql/promql-reader.ts';
import type { KnownKinds } from './schema/known-kinds.ts';
import type { Workloads } from './workloads.ts';

/**
 * How bad a finding is. error: the cluster refuses the object, or it cannot work. warning: it works, and is likely not what was meant.
 */
export type Severity = 'error' | 'warning';

/** An object of the desired state with its namespace resolved as far as synth knows it. */
export interface CheckedObject {
  readonly id: ObjectId;
  readonly desired: DesiredObject;
  /** The pods that it makes; undefined for what makes none. */
  readonly pods: DeclaredPods | undefined;
}

export interface DeclaredPods {
  readonly pod: DeclaredPod;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** A workload and the pods it makes. */
export interface Workload extends DeclaredPods {
  readonly object: CheckedObject;
}

/** Everything that one cluster shall hold. */
export interface CheckedCluster {
  readonly name: string;
  readonly facts: ClusterFactsManifest;
  readonly objects: readonly CheckedObject[];
  /** Those of the objects that make pods. */
  readonly workloads: Workloads;
  /** Levels of the Pod Security Standards that namespaces of the program enforce, by namespace. */
  readonly enforcedLevels: ReadonlyMap<string, EnforcedLevel>;
  readonly kinds: KnownKinds;
  /** Namespaces into which helm installs releases by itself: what is there beside the objects nobody knows, so that nothing is found to be missing. */
  readonly openNamespaces: ReadonlySet<string>;
  /** Constructs of cdk8s that loaded objects in the program. */
  readonly loads: readonly LoadedConstruct[];
  /** Evaluates rules of definitions; undefined where there is none to evaluate. */
  readonly celEngine: CelEngine | undefined;
  /** Reads expressions of rules; undefined where there are none. */
  readonly promqlReader: PromqlReader | undefined;
}

/** All clusters, and what the program declares over them. */
export interface CheckedPlatform {
  readonly clusters: readonly CheckedCluster[];
  readonly apps: readonly AppManifest[];
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

/** What a check over all clusters says about one object of one of them. */
export interface FoundIn extends Found {
  readonly cluster: CheckedCluster;
}

/** Looks for one kind of mistake. Asks no cluster. */
export type Check = ObjectCheck | ClusterCheck | PlatformCheck;

interface CheckName {
  /** Stable: waivers and reports name it, docs/checks.md describes it. */
  readonly id: string;
  /** What it looks for, a few words. */
  readonly title: string;
}

/**
 * Needs nothing but the object, its namespace with the level that is enforced there, and of its cluster the facts and the kinds that are known: what it finds is kept by these
 * (object-findings.ts).
 */
export interface ObjectCheck extends CheckName {
  readonly looksAt: 'object';
  readonly run: (object: CheckedObject, cluster: CheckedCluster) => readonly Found[];
}

/** Compares objects of a cluster with each other. */
export interface ClusterCheck extends CheckName {
  readonly looksAt: 'cluster';
  readonly run: (cluster: CheckedCluster) => readonly Found[];
}

/** Compares clusters with each other, or with what is declared over them. */
export interface PlatformCheck extends CheckName {
  readonly looksAt: 'platform';
  readonly run: (platform: CheckedPlatform) => readonly FoundIn[];
}
