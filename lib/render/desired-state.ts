import type {
  AppManifest,
  CanaryReleaseManifest,
  ClusterFactsManifest,
  DependencyManifest,
  LoadManifest,
  ReleaseInClusterManifest,
  RolloutManifest,
} from '@orrery/constructs/assembly-format';
import type { ReleaseHook } from '../helm/hooks.ts';
import type { NativeInput } from '../helm/native-input.ts';
import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import type { PlannedCanary } from '../plan/plan.ts';
import type { Waiver } from './waivers.ts';

/**
 * The desired state: what every cluster of a platform shall hold, after Helm rendering and parsing of included files.
 * Input of diff; nothing here depends on what a cluster says.
 */
export interface DesiredState {
  readonly platform: { readonly id: string; readonly displayName?: string | undefined };
  /** Digest of the assembly (sha256 of its manifest). Shown as an HMAC where the assembly holds Secrets. */
  readonly assemblyDigest: string;
  /** True when some desired object is a Secret: plain digests of this state must not leave the machine. */
  readonly holdsSecrets: boolean;
  readonly clusters: readonly DesiredCluster[];
  /** How an apply goes through the clusters. Absent: all at once. */
  readonly rollout?: RolloutManifest | undefined;
  /** What is declared of applications over several clusters, for checks. Absent: nothing. */
  readonly apps?: readonly AppManifest[] | undefined;
  /** Releases that go through stages. What each cluster needs of them stands in the cluster, too. Absent: none. */
  readonly canaryReleases?: readonly CanaryReleaseManifest[] | undefined;
}

export interface DesiredCluster {
  readonly name: string;
  readonly facts: ClusterFactsManifest;
  readonly objects: readonly DesiredObject[];
  /** Releases that helm installs by itself. Absent: nobody knows which there are (an earlier revision); then those that are there stay. */
  readonly releases?: readonly DesiredRelease[] | undefined;
  /** Constructs of cdk8s that loaded objects in the program, by a process of their own. */
  readonly loads?: readonly LoadedConstruct[] | undefined;
  /** What waivers dropped from the objects of this cluster, for people. */
  readonly dropped?: readonly DroppedField[] | undefined;
  /** The waivers that did so: a stage of a release may bring such a field again. */
  readonly waivers?: readonly Waiver[] | undefined;
  /** Releases that go through stages here. The objects are those of all stages together until a stage is placed (`placeStages`). Absent: none. */
  readonly canaries?: readonly DesiredCanary[] | undefined;
  /** Once stages are placed: the same cluster before, which is what a revision keeps. */
  readonly unplaced?: DesiredCluster | undefined;
  /** Once stages are placed: at which each release stands, for plans. */
  readonly standings?: readonly PlannedCanary[] | undefined;
}

/** A release that goes through stages, in one cluster. */
export interface DesiredCanary extends Pick<CanaryReleaseManifest, 'name' | 'path' | 'backend' | 'revision'> {
  readonly states: ReleaseInClusterManifest;
}

/** A Helm release that helm installs and upgrades by itself. What it brings is no part of the desired state: only helm, with the cluster at hand, knows it. */
export interface DesiredRelease {
  /** `releaseId`. */
  readonly id: ObjectId;
  readonly input: NativeInput;
  readonly path: string;
  readonly unit: string;
  readonly source?: string | undefined;
  readonly dependsOn: readonly DependencyManifest[];
}

/** A `Helm` or `Include` of cdk8s; the paths of its objects are below its own. */
export interface LoadedConstruct extends LoadManifest {
  /** "main.ts:31" */
  readonly source?: string | undefined;
}

/** A field that a waiver drops; `found` is false when there was nothing to drop. */
export interface DroppedField {
  /** "Deployment/shop/cart". */
  readonly object: string;
  readonly path: string;
  /** "cdk8s.yaml:12". */
  readonly source: string;
  readonly found: boolean;
}

export interface DesiredObject {
  /** Identity as far as synth knows it: `namespace` is '' when the object names none; `resolveNamespace` completes it. */
  readonly id: ObjectId;
  /** Namespace to take when the kind turns out to be namespaced and the object names none. Default "default". */
  readonly defaultNamespace?: string | undefined;
  /** Normalised: stringData merged into data, no `status`, no server-set metadata. Shared between readers: never mutate. */
  readonly object: KubernetesObject;
  /** sha256 of the canonical JSON of `object`. Of a Secret it must stay in the process: use an HMAC with the inventory's key. */
  readonly sha256: string;
  /** Construct path, e.g. "mall/cart/deployment"; for included and Helm objects the path of the construct that brings them. */
  readonly path: string;
  /** Construct path of the unit (chart) that holds it. */
  readonly unit: string;
  /** "main.ts:31", "crds.yaml:12" or "chart/templates/x.yaml". */
  readonly source?: string | undefined;
  /** Explicit dependencies (its own, its unit's); a subtree each. */
  readonly dependsOn: readonly DependencyManifest[];
  /**
   * sha256 over the Secrets with whose content its pods restart; absent when there are none. Plain: it never leaves the process. `withKeyedContent` makes an
   * annotation of its HMAC as soon as the cluster's key is known.
   */
  readonly secretContent?: string | undefined;
  /** Fields that a controller decides once the object exists; absent when there are none. */
  readonly controllerOwned?: readonly ControllerOwnedField[] | undefined;
  /** Fields of a route that a canary release decides at this stage ("spec.http"): what somebody else wrote there is taken back without a word. Absent: none. */
  readonly movedByRelease?: readonly string[] | undefined;
  /** The object is a hook of the Helm release at `path`: it comes before or after the release's other objects. */
  readonly hook?: ReleaseHook | undefined;
}

/** A field of an object whose value in the cluster counts, not the program's. */
export interface ControllerOwnedField {
  /** "spec.http[*].route[*].weight"; grammar: `@orrery/constructs/field-path`. */
  readonly path: string;
  /** Field managers of the controller. Empty: any; then a list applied as a whole is never taken back from somebody else. */
  readonly managers: readonly string[];
}
