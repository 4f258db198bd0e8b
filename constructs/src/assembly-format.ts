/**
 * The assembly format: the only contract between a program (constructs) and the engine (lib).
 *
 * An assembly is a folder:
 *
 *     manifest.json                     this file's `AssemblyManifest`
 *     clusters/<cluster>/objects.json   the objects of a cluster: a JSON array, one canonical object per line
 *     yaml/<cluster>/<nnnn>-<unit>.k8s.yaml   the same objects for people and GitOps tools; never read back
 *     assets/<sha256>                   included files, values files (a file) and local charts (a folder)
 *     locations.json                    construct path → "file:line" of the program; outside the digest
 *
 * Types only: nothing here exists at run time.
 */

/** Value of `AssemblyManifest.format`. */
export type AssemblyFormatName = 'orrery/assembly';

/** Any JSON value. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** `manifest.json`. */
export interface AssemblyManifest {
  readonly format: AssemblyFormatName;
  /** "major.minor". A reader refuses a newer major and reads every older minor. */
  readonly version: string;
  readonly platform: PlatformManifest;
  /** In the order of declaration. */
  readonly clusters: readonly ClusterManifest[];
  /** How an apply goes through the clusters; since 1.1. Absent: all of them at once. */
  readonly rollout?: RolloutManifest;
  /** What is declared of applications over several clusters and no object says; since 1.3. Absent: nothing. */
  readonly apps?: readonly AppManifest[];
  /** Releases that go through stages; since 1.10. Absent: none. */
  readonly canaryReleases?: readonly CanaryReleaseManifest[];
  /** Files for other tools than a cluster; since 1.10. Absent: none. */
  readonly documents?: readonly DocumentManifest[];
}

/** A file that the program makes for another tool than a cluster: people put it where that tool reads it. */
export interface DocumentManifest {
  /** Path of the construct that it comes from. */
  readonly path: string;
  readonly type: 'jenkinsfile';
  /** Where it belongs in its repository, with forward slashes: "Jenkinsfile". */
  readonly file: string;
  readonly asset: AssetManifest;
}

export interface PlatformManifest {
  /** Identity for life: field manager, ownership label and inventory derive from it. */
  readonly id: string;
  /** Name for people. */
  readonly displayName?: string;
}

export interface ClusterManifest {
  readonly name: string;
  readonly facts: ClusterFactsManifest;
  /** Path of the objects file, relative to the assembly folder. */
  readonly objects: string;
  /**
   * In dependency order, as far as units have one: parts of two apps may wait for each other both ways, and `dependsOn` alone says what waits.
   * The objects file holds the objects of the units one after another, in this order.
   */
  readonly units: readonly UnitManifest[];
  /** Images that services take from the mirror of the cluster, in order of `image`; since 1.8. Absent: none. */
  readonly mirrored?: readonly MirroredImageManifest[];
}

/** An image that a mirror holds a copy of. */
export interface MirroredImageManifest {
  /** As pods name it. */
  readonly image: string;
  /** As it is named without the mirror. */
  readonly source: string;
}

/** An application over several clusters. Checks hold its objects against what is declared of it. */
export interface AppManifest {
  /** Construct path: everything at or below it belongs to the application. */
  readonly path: string;
  /** Nothing of it may be in a cluster that the internet reaches. */
  readonly sensitive?: true;
  /** The services of which a total is declared. */
  readonly services?: readonly AppServiceManifest[];
}

/** What is declared of a service over all clusters of its application. Either `replicas` or the bounds are there. */
export interface AppServiceManifest {
  /** Construct path: everything at or below it belongs to the service. */
  readonly path: string;
  /** Replicas in all clusters together. */
  readonly replicas?: number;
  /** Fewest replicas that the autoscalers of all clusters keep together. */
  readonly minReplicas?: number;
  /** Most replicas that the autoscalers of all clusters run together. */
  readonly maxReplicas?: number;
  /** "any-cluster": the numbers are what the other clusters have when any one of them is gone. */
  readonly survive?: 'any-cluster';
}

/** In which order the clusters are written, and what has to hold before it goes on. */
export interface RolloutManifest {
  /** In order; every cluster of the platform is in exactly one. */
  readonly waves: readonly WaveManifest[];
  /** What a wave that fails brings about, beside that no later one starts. Absent: nothing. */
  readonly onFailure?: 'rollback';
  /** Absent: a cluster that cannot be reached fails its wave. "continue": it is reported, and the other clusters go on. */
  readonly onUnreachable?: 'continue';
}

export interface WaveManifest {
  /** Unique in the rollout. */
  readonly name: string;
  readonly clusters: readonly string[];
  /** Clusters under way at a time. Absent: all of the wave. */
  readonly maxParallelClusters?: number;
  /** Milliseconds in which no object of the wave may fail after everything is ready. Absent: 0. */
  readonly soakMs?: number;
  /** Asked one after another, after the soak time. That everything of the wave is ready is always asked, and first. */
  readonly gates?: readonly GateManifest[];
}

/** A question whose answer lets a rollout go on. */
export type GateManifest = CommandGateManifest | HttpGateManifest | PrometheusGateManifest;

/** Passes when the program ends with 0. */
export interface CommandGateManifest {
  readonly type: 'command';
  /** For people; unique in the wave. */
  readonly name: string;
  /** Milliseconds that one try may take. */
  readonly timeoutMs: number;
  /** Milliseconds in which a gate that does not pass is tried again. Absent: it is tried once. */
  readonly retryMs?: number;
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
}

/** Passes when a GET is answered as expected. */
export interface HttpGateManifest {
  readonly type: 'http';
  /** For people; unique in the wave. */
  readonly name: string;
  /** Milliseconds that one try may take. */
  readonly timeoutMs: number;
  /** Milliseconds in which a gate that does not pass is tried again. Absent: it is tried once. */
  readonly retryMs?: number;
  readonly url: string;
  /** Absent: 200 to 299. */
  readonly status?: number;
  /** Text that the answer must contain. */
  readonly contains?: string;
}

/** Passes when a query gives samples, and every one is inside the bounds. */
export interface PrometheusGateManifest {
  readonly type: 'prometheus';
  /** For people; unique in the wave. */
  readonly name: string;
  /** Milliseconds that one try may take. */
  readonly timeoutMs: number;
  /** Milliseconds in which a gate that does not pass is tried again. Absent: it is tried once. */
  readonly retryMs?: number;
  /** Of the server, without "/api/v1/query". */
  readonly url: string;
  readonly query: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What the program says about a cluster; every field optional because only declared facts are written. */
export interface ClusterFactsManifest {
  readonly provider?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly environment?: string;
  readonly network?: string;
  readonly labels?: { readonly [key: string]: string };
  /** "1.36" or "1.36.3". */
  readonly kubernetesVersion?: string;
  /** API versions served beside the built-in ones, e.g. "monitoring.coreos.com/v1". */
  readonly apiVersions?: readonly string[];
  readonly networkPlugin?: string;
  /** Whether network policies do something. Since 1.8. */
  readonly enforcesNetworkPolicies?: boolean;
  /** Purpose ("general", "fast", "block", …) → StorageClass name. */
  readonly storageClasses?: { readonly [purpose: string]: string };
  /** Purpose → the nodes for it. Since 1.9. */
  readonly nodePools?: { readonly [purpose: string]: NodePoolManifest };
  readonly loadBalancer?: string;
  /** By what traffic enters, by who can reach it. Since 1.9. */
  readonly entryPoints?: { readonly intranet?: EntryPointManifest; readonly internet?: EntryPointManifest };
  /** Name of the cluster in addresses over several clusters. Since 1.9. */
  readonly geoTag?: string;
  readonly imageRegistry?: string;
  readonly registryMirror?: string;
  readonly internetFacing?: boolean;
  /** What workloads may use, by resource, as quantities. Since 1.6. */
  readonly capacity?: { readonly [resource: string]: string };
  /** Which block of ordinals is its own in stateful services. Since 1.9. */
  readonly ordinalBlock?: number;
  readonly gpuModels?: readonly string[];
}

/** By what traffic of one scheme enters a cluster; since 1.9. */
export interface EntryPointManifest {
  readonly ingressClass?: string;
  /** "namespace/name". */
  readonly gateway?: string;
  readonly gatewayClass?: string;
  readonly addressPool?: string;
  readonly announcement?: string;
  readonly loadBalancerClass?: string;
  readonly loadBalancerAnnotations?: { readonly [key: string]: string };
  readonly addresses?: readonly string[];
}

/** Nodes of a cluster that are for something. */
export interface NodePoolManifest {
  /** Labels that they have. */
  readonly nodeSelector?: { readonly [key: string]: string };
  /** Taints that they may have. */
  readonly tolerations?: readonly { readonly key: string; readonly value?: string; readonly effect?: string }[];
}

/** A unit is one cdk8s Chart bound to one cluster. */
export interface UnitManifest {
  /** Construct path of the chart in its cluster's tree, unique in the cluster. */
  readonly path: string;
  /** Subtrees (units or constructs inside units) that must be ready before anything of this unit is written. */
  readonly dependsOn?: readonly DependencyManifest[];
  /** Objects of this unit, in the order in which they stand in the objects file. */
  readonly objects: readonly ObjectManifest[];
  readonly helmReleases?: readonly HelmReleaseManifest[];
  readonly includes?: readonly IncludeManifest[];
  /** Constructs of cdk8s that loaded objects of this unit in the program; since 1.3. */
  readonly loads?: readonly LoadManifest[];
}

/**
 * A `Helm` or `Include` of cdk8s, whose constructor starts a process, or (since 1.6) a call of `Yaml.load`, which does so too. The objects are among those of the unit: below the
 * path of the construct, or those that are named.
 */
export interface LoadManifest {
  /** Of the construct; of a call of `Yaml.load`, that of its first object. */
  readonly path: string;
  readonly type: 'helm' | 'include' | 'yaml';
  /** Of a `Helm`. */
  readonly releaseName?: string;
  /** What was loaded, where that is the same on every machine: an address, or a path from the working folder. Since 1.6. */
  readonly from?: string;
  /** Paths of the objects of a call of `Yaml.load`. Since 1.6. */
  readonly objects?: readonly string[];
}

/** A reference to a subtree: all objects whose construct path is `path` or starts with `path + "/"`. */
export interface DependencyManifest {
  /** Absent: the same cluster. Another cluster: an order between those clusters. */
  readonly cluster?: string;
  readonly path: string;
}

export interface ObjectManifest {
  /** Construct path, unique in the cluster. */
  readonly path: string;
  /** Lower-case hex sha256 of the object's canonical JSON (keys sorted by UTF-16 code unit at every level, no white space). */
  readonly sha256: string;
  /** Subtrees of the same cluster that this object waits for (own ones and those of the constructs around it below the chart). */
  readonly dependsOn?: readonly string[];
  /** Fields of which a controller of the cluster decides the value; since 1.1. */
  readonly controllerOwned?: readonly ControllerOwnedManifest[];
}

/** Fields of an object that a controller owns once the object exists. */
export interface ControllerOwnedManifest {
  /** Grammar: field-path.ts. */
  readonly path: string;
  /** Field managers of the controller, from whom a list applied as a whole may be taken back. */
  readonly managers?: readonly string[];
}

/**
 * A release that goes through stages, cluster by cluster; since 1.10. What a cluster shall hold is a function of the assembly and of the stage at which the release stands there;
 * the stage stands in a record in the cluster, beside the inventory. `objects.json` holds every object that any stage needs, as it is at the last stage before the end.
 */
export interface CanaryReleaseManifest {
  /** Construct path. */
  readonly path: string;
  /** DNS label, unique in the platform: its name on the command line and in the record. */
  readonly name: string;
  /** Who moves the weights: our own engine (istio, gateway-api) or a controller of the cluster. */
  readonly backend: 'istio' | 'gateway-api' | 'argo-rollouts' | 'flagger';
  /** Groups of clusters in order; every cluster of `clusters` is in exactly one. A group begins when every cluster of those before is through and healthy. */
  readonly waves: readonly (readonly string[])[];
  /** Lower-case hex sha256 over what is released, not over the steps: another one is another release, which begins from the beginning. */
  readonly revision: string;
  /** By cluster. */
  readonly clusters: { readonly [cluster: string]: ReleaseInClusterManifest };
  /** What a failed analysis, or a canary that does not get ready, brings about. "pause": it stays where it is and asks. Absent: the states of `abort`. */
  readonly onFailure?: 'pause';
}

/** The states of a release in one cluster. Each is complete in itself, not a difference to the one before. */
export interface ReleaseInClusterManifest {
  /** While it has not begun here. */
  readonly before: ReleaseStateManifest;
  /** In order, at least one. The last one is the end: it stays until the release leaves the program. */
  readonly stages: readonly ReleaseStageManifest[];
  /** What an abort goes through, in order: routes back first, objects of the canary away last. The last one stays. Empty only where a controller aborts. */
  readonly abort: readonly ReleaseStateManifest[];
}

/** How the objects of the cluster look in a state, where that is not how objects.json has them. */
export interface ReleaseStateManifest {
  readonly fields?: readonly ReleaseFieldManifest[];
  /** Construct paths of objects that are not there. */
  readonly absent?: readonly string[];
}

/** A field of an object in a state. */
export interface ReleaseFieldManifest {
  /** Construct path of the object in its cluster. */
  readonly object: string;
  /** Grammar: field-path.ts, members only ("spec.http", "spec.template", `metadata.annotations["example.com/x"]`). All but the last member are there in objects.json, and are objects. */
  readonly field: string;
  /** Absent: the field is absent. */
  readonly value?: JsonValue;
}

export interface ReleaseStageManifest {
  /** For people and for the record; unique in the release: "begin", "weight-5", "analyse-2", "approve-3", "promote", "end". Where steps change, a release goes on at the stage of the same name. */
  readonly name: string;
  /** Share of the requests that the canary gets, in percent, where one is set. */
  readonly weight?: number;
  readonly fields?: readonly ReleaseFieldManifest[];
  readonly absent?: readonly string[];
  /** What has to hold, once the objects are written and ready, before the next stage. Absent: nothing more. */
  readonly hold?: HoldManifest;
}

/** What a stage waits for. */
export type HoldManifest = PauseHoldManifest | ApproveHoldManifest | AnalysisHoldManifest | ControllerHoldManifest;

/** A time goes by. */
export interface PauseHoldManifest {
  readonly type: 'pause';
  readonly ms: number;
}

/** Somebody says so. */
export interface ApproveHoldManifest {
  readonly type: 'approve';
  /** What is to be looked at, for whom is asked. */
  readonly message?: string;
}

/** Metrics stay inside their bounds for a time, judged by range queries over that time. */
export interface AnalysisHoldManifest {
  readonly type: 'analysis';
  readonly durationMs: number;
  /** Between two measurements; no longer than `durationMs`. */
  readonly intervalMs: number;
  /** At least one. */
  readonly metrics: readonly AnalysisMetricManifest[];
}

/** A query of Prometheus and its bounds; at least one bound is there. */
export interface AnalysisMetricManifest {
  /** Unique in the analysis. */
  readonly name: string;
  /** Of the server, without "/api/v1/query_range". Never with credentials. */
  readonly url: string;
  readonly query: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Measurements outside the bounds that are tolerated. Absent: 0. */
  readonly failureLimit?: number;
  /** Measurements without data that are tolerated. Absent: 0. An analysis in which no measurement has data never passes. */
  readonly inconclusiveLimit?: number;
}

/** A controller of the cluster moves the traffic; the engine watches its status. */
export interface ControllerHoldManifest {
  readonly type: 'controller';
  /** Construct path of the Rollout or Canary. */
  readonly object: string;
}

/** A file or folder kept in `assets/`. */
export interface AssetManifest {
  /** Hex sha256 of the file's bytes; of a folder: of the sorted list "path NUL sha256 LF" of its files. Also the name in `assets/`. */
  readonly sha256: string;
  /** Where the program found it, relative to the program's folder with forward slashes; for messages only. */
  readonly source: string;
}

export interface HelmReleaseManifest {
  readonly path: string;
  /** Release name given to helm. */
  readonly releaseName: string;
  readonly namespace: string;
  readonly chart: HelmChartManifest;
  /** Values files in order of precedence, later ones win. */
  readonly valuesFiles?: readonly AssetManifest[];
  /** Inline values, they win over the files. */
  readonly values?: { readonly [key: string]: JsonValue };
  /** Default true. */
  readonly includeCrds?: boolean;
  /** Changes of what the chart renders, in order, after everything else; since 1.4. */
  readonly patches?: readonly ReleasePatchManifest[];
  /** helm installs it by itself; nothing of it is rendered into the desired state. Not with `patches`. Since 1.7. Absent: it is rendered. */
  readonly native?: NativeReleaseManifest;
  readonly dependsOn?: readonly string[];
}

/** How helm installs a release by itself. */
export interface NativeReleaseManifest {
  /** helm undoes what fails. */
  readonly rollbackOnFailure?: true;
}

/** A change of one object that a chart renders. Exactly one of `json`, `merge` and `strategic`. */
export interface ReleasePatchManifest {
  /** Its key in `locations.json`, and its name in messages; the same in every cluster. */
  readonly path: string;
  readonly target: ReleasePatchTarget;
  /** RFC 6902. */
  readonly json?: readonly PatchOperation[];
  /** RFC 7386. */
  readonly merge?: { readonly [key: string]: JsonValue };
  /** Like `merge`, but lists whose items have keys are merged item by item. */
  readonly strategic?: { readonly [key: string]: JsonValue };
}

/** Selects exactly one object. What is absent may be anything. */
export interface ReleasePatchTarget {
  readonly kind: string;
  /** API group; "" for the core group. */
  readonly group?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** An operation of RFC 6902. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: JsonValue;
}

export interface HelmChartManifest {
  /** A local chart folder or archive copied into the assembly. */
  readonly asset?: AssetManifest;
  /** Repository URL (https) or OCI reference (oci://…); together with `name` and `version`. */
  readonly repository?: string;
  readonly name?: string;
  readonly version?: string;
}

/** A YAML file whose documents are added to the desired state by the engine, as they are; or what a kustomization makes. */
export interface IncludeManifest {
  readonly path: string;
  /** With `kustomization`: a folder. With `url`: not in `assets/`. */
  readonly file: AssetManifest;
  /** https address that the file is fetched from when it is rendered; what comes must have the digest of `file`. Not with `kustomization`. Since 1.5. */
  readonly url?: string;
  /** Folder in `file` whose kustomization is built, with forward slashes; "." for `file` itself. Since 1.2. */
  readonly kustomization?: string;
  /** Given to namespaced objects of the file that name no namespace. */
  readonly namespace?: string;
  readonly dependsOn?: readonly string[];
}

/** `locations.json`. */
export interface AssemblyLocations {
  /**
   * Construct path ("mall/cart") → "main.ts:31", relative to the working folder of the program. Charts of one path in several clusters may have
   * different places: further ones stand under "<cluster>//<path>", which comes first where it exists. "<cluster>//" is the cluster itself, ""
   * the platform. A path without an entry has the place of the nearest one around it.
   */
  readonly [path: string]: string;
}
