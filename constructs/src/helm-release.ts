import { Construct } from 'constructs';
import type { IClusterSelection } from './cluster-selection';
import type { Placement } from './placement';
import { checkedId } from './private/construct-id';
import { chartNamespace, clustersOf } from './private/delivery';
import { renderRelease, validateRelease } from './private/helm-rendering';
import { recordLocation } from './private/location';
import { Overrides } from './private/overrides';
import { renderLate } from './private/unit';

/** What may differ from cluster to cluster. */
export interface HelmReleaseOverride {
  /** Merged into the release's values: maps by key, anything else replaced; null removes the chart's default. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly values?: { [key: string]: any };
  /** Used after the release's own values files. @default - none */
  readonly valuesFiles?: string[];
  /** Another version of a chart from a repository. @default - the release's */
  readonly version?: string;
}

export interface HelmReleaseProps {
  /**
   * The chart: a local folder or archive (.tgz), relative to the folder that the program runs in; with `repository` its name there; or a
   * whole OCI reference ("oci://registry.example.com/charts/gateway").
   */
  readonly chart: string;
  /** "https://…" or "oci://…". @default - `chart` is local or a whole OCI reference */
  readonly repository?: string;
  /** Exact version of a chart from a repository; required there, not allowed for a local one. @default - none */
  readonly version?: string;
  /** At most 53 characters. @default - the id */
  readonly releaseName?: string;
  /** Namespace of the release. @default - the namespace of the chart around it; required elsewhere */
  readonly namespaceName?: string;
  /** Also make the namespace. @default false */
  readonly createNamespace?: boolean;
  /** Values; they win over the files. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly values?: { [key: string]: any };
  /** Values files, later ones win. @default - none */
  readonly valuesFiles?: string[];
  /** Whether custom resource definitions of the chart's crds/ folder are part of the release. @default true */
  readonly includeCrds?: boolean;
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
}

/**
 * A Helm chart with values. The program only says which: local charts and values files are copied into the assembly, and the engine renders
 * them, for each cluster with its Kubernetes version.
 */
export class HelmRelease extends Construct {
  /** Name of the release. */
  public readonly releaseName: string;
  /** Namespace of the release. */
  public readonly namespaceName: string;
  private readonly overrides: Overrides<HelmReleaseOverride>;

  /**
   * @param scope the platform (with a placement), a cluster, or a chart in a cluster
   * @param id unique in the scope
   */
  public constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
    this.releaseName = props.releaseName ?? id;
    this.namespaceName = props.namespaceName ?? chartNamespace(this) ?? '';
    this.overrides = new Overrides(this);
    const release = { construct: this, props, releaseName: this.releaseName, namespace: this.namespaceName };
    renderLate(this, {
      clusters: (problems) => {
        const clusters = clustersOf(this, props.placement, problems);
        this.overrides.validate('override', clusters, problems);
        return clusters;
      },
      validate: (problems) => validateRelease(release, this.overrides, problems),
      render: (cluster) => renderRelease(release, this.overrides.for(cluster)),
    });
  }

  /** Other values, values files or version in some clusters. Later overrides win. */
  public overrideIn(where: IClusterSelection, settings: HelmReleaseOverride): void {
    this.overrides.add(where, settings);
  }
}
