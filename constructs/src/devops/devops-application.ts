import type { ApplicationSettings } from './private/application-settings';

/** A place in Git that Argo CD reads. One of `directory` and `chart`, or neither for the top of the repository. */
export interface ArgoSource {
  /** Address of the repository, of Git or of charts. */
  readonly repoUrl: string;
  /** Branch, tag or commit, or version of the chart. @default "HEAD" */
  readonly targetRevision?: string;
  /** Folder in the repository. @default - its top */
  readonly directory?: string;
  /** Name of a chart, where the repository is one of charts. @default - none */
  readonly chart?: string;
  /** Values files of a chart. @default - none */
  readonly valueFiles?: string[];
}

/** Of an application of Argo CD. */
export interface ArgoApplicationOptions {
  readonly source: ArgoSource;
  /** Name of the cluster in Argo CD. @default - the one that it runs in */
  readonly destinationCluster?: string;
  /** Namespace that it is for. */
  readonly destinationNamespace: string;
  /** Changes are applied without anybody. @default false */
  readonly automated?: boolean;
  /** With `automated`: what the repository no longer has is deleted. @default false */
  readonly prune?: boolean;
  /** With `automated`: what others change is changed back. @default false */
  readonly selfHeal?: boolean;
  /** e.g. ["CreateNamespace=true"]. @default - none */
  readonly syncOptions?: string[];
}

/** What Flux reads. */
export enum FluxSourceKind {
  GIT_REPOSITORY = 'GitRepository',
  HELM_REPOSITORY = 'HelmRepository',
  BUCKET = 'Bucket',
}

/** A source of Flux, which there is already. */
export interface FluxSource {
  /** @default FluxSourceKind.GIT_REPOSITORY */
  readonly sourceKind?: FluxSourceKind;
  readonly name: string;
  /** @default - that of the project */
  readonly namespaceName?: string;
}

/** Where Flux brings something. */
export interface FluxDestination {
  readonly targetNamespace: string;
  /** Secret with the kubeconfig of another cluster. @default - the one that Flux runs in */
  readonly kubeconfigSecret?: string;
  /** Key of it. @default "value" */
  readonly kubeconfigKey?: string;
}

/** Of kustomizations that Flux builds. */
export interface FluxKustomizationOptions {
  readonly source: FluxSource;
  /** Folder in the source. @default - its top */
  readonly directory?: string;
  /** At least one. */
  readonly destinations: FluxDestination[];
  /** How often it is looked at, e.g. "10m". @default "10m" */
  readonly interval?: string;
  /** What the source no longer has is deleted. @default true */
  readonly prune?: boolean;
}

/** Of a chart that Flux installs. */
export interface FluxHelmReleaseOptions {
  readonly source: FluxSource;
  /** Name or path of the chart in the source. */
  readonly chart: string;
  /** @default - the newest */
  readonly version?: string;
  /** At least one. */
  readonly destinations: FluxDestination[];
  /** How often it is looked at, e.g. "10m". @default "10m" */
  readonly interval?: string;
  /** Values files beside the chart's, in the source. @default - none */
  readonly valueFiles?: string[];
  /** Values. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly values?: { [key: string]: any };
  /** Make the target namespaces. @default false */
  readonly createNamespace?: boolean;
}

/** An application of continuous delivery in KubeSphere DevOps, and what keeps it. */
export class DevOpsApplication {
  /** Argo CD. */
  public static argoCd(options: ArgoApplicationOptions): DevOpsApplication {
    return new DevOpsApplication({ engine: 'argocd', options });
  }

  /** Flux, of a kustomization. */
  public static fluxKustomization(options: FluxKustomizationOptions): DevOpsApplication {
    return new DevOpsApplication({ engine: 'kustomization', options });
  }

  /** Flux, of a chart. */
  public static fluxHelmRelease(options: FluxHelmReleaseOptions): DevOpsApplication {
    return new DevOpsApplication({ engine: 'helm', options });
  }

  private constructor(private readonly settings: ApplicationSettings) {}

  /** @internal */
  public _settings(): ApplicationSettings {
    return this.settings;
  }
}
