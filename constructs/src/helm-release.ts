import type { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { IClusterSelection } from './cluster-selection';
import type { Placement } from './placement';
import { checkedId } from './private/construct-id';
import { chartNamespace, clustersOf } from './private/delivery';
import { type ComputedValues, renderRelease, validateMode, validateRelease } from './private/helm-rendering';
import { recordLocation } from './private/location';
import { Overrides } from './private/overrides';
import { type ReleasePatch, renderPatches } from './private/release-patch';
import { renderLate } from './private/unit';

/** Who installs a release. */
export enum HelmMode {
  /** The chart is rendered, and its objects are planned, applied and pruned like all others. */
  RENDERED = 'rendered',
  /** helm itself installs, upgrades and uninstalls it (`helm upgrade --install`): for charts that need hooks of every kind, or `lookup`. */
  NATIVE = 'native',
}

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
  /** Who installs it. @default HelmMode.RENDERED */
  readonly mode?: HelmMode;
  /** An install or upgrade that fails is undone by helm (`--rollback-on-failure`, in helm 3 `--atomic`). Only with HelmMode.NATIVE. @default false */
  readonly rollbackOnFailure?: boolean;
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
}

/** Which object of a rendered chart a patch is for: exactly one must match. */
export interface RenderedTarget {
  /** Kind of the object. */
  readonly kind: string;
  /** API group of the kind; "" for the core group. @default - any */
  readonly apiGroup?: string;
  /** Name of the object. @default - there is one of the kind */
  readonly name?: string;
  /** Namespace of the object. @default - any */
  readonly namespaceName?: string;
}

/**
 * A Helm chart with values. The program only says which: local charts and values files are copied into the assembly, and the engine renders
 * them, for each cluster with its Kubernetes version. In native mode helm does it all instead.
 */
export class HelmRelease extends Construct {
  /** Name of the release. */
  public readonly releaseName: string;
  /** Namespace of the release. */
  public readonly namespaceName: string;
  private readonly overrides: Overrides<HelmReleaseOverride>;
  private readonly patches: Overrides<ReleasePatch>;
  private readonly computed: ComputedValues[] = [];

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
    this.patches = new Overrides(this);
    const release = { construct: this, props, releaseName: this.releaseName, namespace: this.namespaceName };
    renderLate(this, {
      clusters: (problems) => {
        const clusters = clustersOf(this, props.placement, problems);
        this.overrides.validate('override', clusters, problems);
        this.patches.validate('patch', clusters, problems);
        return clusters;
      },
      validate: (problems) => {
        validateRelease(release, this.overrides, problems);
        validateMode(release, this.patches, problems);
      },
      render: (cluster) => {
        const patches = renderPatches(this, this.patches, cluster);
        const computed = this.computed.map((values) => values(cluster));
        return renderRelease(release, { computed, declared: this.overrides.for(cluster) }, patches);
      },
    });
  }

  /** Other values, values files or version in some clusters. Later overrides win. */
  public overrideIn(where: IClusterSelection, settings: HelmReleaseOverride): void {
    this.overrides.add(where, settings);
  }

  /**
   * Values that are known at synth only, for each cluster: over those of the props, under overrides.
   * @internal
   */
  public _computeValues(values: ComputedValues): void {
    this.computed.push(values);
  }

  /**
   * Changes an object that the chart renders, in some clusters, by JSON patch (RFC 6902). Patches come after everything else, in the order in which they are declared.
   * One that finds no object, does not apply, or changes nothing in any of the clusters, is an error when the chart is rendered.
   */
  public patchIn(where: IClusterSelection, target: RenderedTarget, ...operations: JsonPatch[]): void {
    this.patches.add(where, { target, type: 'json', operations });
  }

  /** The same by merge patch (RFC 7386): maps are merged by key, null removes, anything else replaces, lists included. */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  public mergePatchIn(where: IClusterSelection, target: RenderedTarget, patch: { [key: string]: any }): void {
    this.patches.add(where, { target, type: 'merge', patch });
  }

  /**
   * The same, with lists merged item by item where the kind's schema says by which fields items are told apart (containers by name, ports by number and
   * protocol). An item with "$patch": "delete" goes; "$patch": "replace" in a map, or as an item of a list, replaces the whole of it.
   */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  public strategicPatchIn(where: IClusterSelection, target: RenderedTarget, patch: { [key: string]: any }): void {
    this.patches.add(where, { target, type: 'strategic', patch });
  }
}
