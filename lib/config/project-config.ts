import type { FindingWaiver } from '../checks/run-checks.ts';
import type { TargetConfig } from '../cluster/target.ts';

/** What `cdk8s.yaml` says, checked, with paths made absolute. */
export interface ProjectConfig {
  /** Absolute path of the file; undefined when there is none and nothing needs one. */
  readonly file?: string | undefined;
  /** Folder that paths and the program are relative to: the one of the file. */
  readonly folder: string;
  /** Command that runs the program. */
  readonly app?: string | undefined;
  /** Folder the program writes the assembly to, absolute. */
  readonly output: string;
  /** As written; `'*'` is the default entry. Paths may hold `{cluster}`. */
  readonly targets: ReadonlyMap<string, ConfiguredTarget>;
  /** Credential plugins that kubeconfigs may have run: bare names or absolute paths. */
  readonly credentialPlugins: readonly string[];
  /** How long a saved plan may be applied. */
  readonly planExpiresInMs: number;
  /** helm executable; undefined: "helm" of the PATH. */
  readonly helmBinary?: string | undefined;
  /** kubectl or kustomize; undefined: "kubectl" of the PATH, else "kustomize". */
  readonly kustomizeBinary?: string | undefined;
  /** "host" or "host:port" of servers of remote files that may be private. */
  readonly privateHosts: readonly string[];
  readonly limits: ProjectLimits;
  /** Fields that are not applied in a cluster that does not know them. */
  readonly waivers: readonly ConfiguredWaiver[];
  /** Findings of checks that may stay. */
  readonly waivedFindings: readonly FindingWaiver[];
  /** Files and folders with CustomResourceDefinitions that something else brings into the clusters, as written: relative to the folder. */
  readonly definitions: readonly string[];
  /** Modules with checks of the project's own, absolute. */
  readonly ownChecks: readonly string[];
}

export interface ConfiguredWaiver {
  readonly cluster: string;
  /** "Deployment/shop/cart", as plans print it. */
  readonly object: string;
  /** "spec.template.spec.containers[name=cart].resizePolicy", as plans print it. */
  readonly path: string;
  /** "cdk8s.yaml:12". */
  readonly source: string;
}

export interface ConfiguredTarget {
  readonly target: TargetConfig;
  /** "cdk8s.yaml:12", or "--target" on the command line. */
  readonly source: string;
}

export interface ProjectLimits {
  /** Requests under way at a time in one cluster. */
  readonly requestsPerCluster?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
  /** For one request. */
  readonly requestTimeoutMs?: number | undefined;
}

export const DEFAULT_OUTPUT = 'dist';
export const DEFAULT_PLAN_EXPIRES_IN_MS = 24 * 3_600_000;
