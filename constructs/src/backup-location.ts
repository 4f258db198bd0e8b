import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import type { IClusterSelection } from './cluster-selection';
import type { Placement } from './placement';
import { Platform } from './platform';
import { type LocationSettings, locationObjects, locationProblems } from './private/backup-location-rendering';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { Overrides } from './private/overrides';
import { present } from './private/present-members';
import { collectProblems, type Problem, problemAt } from './private/problem';
import { type Rendering, renderLate } from './private/unit';
import { reportNoVelero } from './private/velero';
import type { SecretKey } from './service-props';

/** Where some clusters keep their backups, where that differs. */
export interface BackupLocationOverride {
  /** @default - the location's */
  readonly provider?: string;
  /** @default - the location's */
  readonly bucket?: string;
  /** @default - the location's */
  readonly prefix?: string;
  /** Instead of the location's, not merged: keys of two providers do not mix. @default - the location's */
  readonly config?: { [key: string]: string };
  /** @default - the location's */
  readonly credential?: SecretKey;
}

export interface BackupLocationProps {
  /** The clusters that keep their backups here. */
  readonly placement: Placement;
  /** Velero's plugin for the store: "aws" (S3, and what speaks its protocol), "azure", "gcp", … */
  readonly provider: string;
  /** Bucket or container. */
  readonly bucket: string;
  /** Folder in the bucket. Each cluster has one of its own below it: Velero must not write into one folder from two clusters. @default - the platform's id */
  readonly prefix?: string;
  /** Settings of the plugin, e.g. { region: 'cn-shanghai', s3Url: 'https://minio.example.com' }. @default - none */
  readonly config?: { [key: string]: string };
  /** Key of a Secret in Velero's namespace with the plugin's credentials. @default - what Velero was installed with */
  readonly credential?: SecretKey;
  /**
   * Clusters in which backups of the others can be restored: each has, beside its own, a read-only location for each of them. @default - backups are
   * restored where they come from
   */
  readonly restoreIn?: IClusterSelection;
  /** Namespace that Velero is in. @default "velero" */
  readonly namespaceName?: string;
}

/** A store for backups by Velero: a location in each cluster, and in standby clusters those of the others to restore from. */
export class BackupLocation extends Construct {
  /** Namespace that Velero is in. */
  public readonly namespaceName: string;
  private readonly props: BackupLocationProps;
  private readonly overrides: Overrides<BackupLocationOverride>;
  private keeping: readonly Cluster[] = [];
  private restoring: readonly Cluster[] = [];

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the BackupStorageLocation of each cluster's own backups
   */
  public constructor(scope: Construct, id: string, props: BackupLocationProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.namespaceName = props.namespaceName ?? 'velero';
    this.props = props;
    this.overrides = new Overrides(this);
    renderLate(this, {
      clusters: (problems) => this.clusters(problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  /** Another store, or another way into it, for the backups of some clusters. Later overrides win. */
  public overrideIn(where: IClusterSelection, settings: BackupLocationOverride): void {
    this.overrides.add(where, settings);
  }

  /**
   * The clusters that keep their backups here; none where the placement is wrong, which the location itself reports.
   * @internal
   */
  public _clusters(): readonly Cluster[] {
    return placedClusters(this, this.props.placement, []);
  }

  private clusters(problems: Problem[]): Cluster[] {
    this.keeping = placedClusters(this, this.props.placement, problems);
    this.restoring = collectProblems(problems, () => this.props.restoreIn?.selectedClusters) ?? [];
    this.overrides.validate('override', this.keeping, problems);
    const all = new Set([...this.keeping, ...this.restoring]);
    return Platform.of(this).clusters.filter((cluster) => all.has(cluster));
  }

  private validate(problems: Problem[]): void {
    const places = [
      { settings: this.settingsIn(undefined), source: undefined },
      ...this.overrides.all.map(({ value, site }) => ({
        settings: overridden(this.settingsIn(undefined), value),
        source: site.source,
      })),
    ];
    const said = new Set<string>();
    for (const { settings, source } of places) {
      for (const { code, what, fix } of locationProblems(settings)) {
        if (said.has(what)) continue;
        said.add(what);
        problems.push(problemAt(this, code, what, { fix, source }));
      }
    }
    if (!isDnsLabel(this.namespaceName)) {
      const what = `"${this.namespaceName}" is not a valid namespace.`;
      problems.push(problemAt(this, 'ORR2003', what, { fix: `Use ${DNS_LABEL_RULE}.` }));
    }
  }

  private settingsIn(cluster: Cluster | undefined): LocationSettings {
    const { provider, bucket, prefix, config, credential } = this.props;
    let settings: LocationSettings = {
      provider,
      bucket,
      prefix: prefix ?? Platform.of(this).platformId,
      config,
      credential,
    };
    for (const { value } of cluster === undefined ? [] : this.overrides.for(cluster))
      settings = overridden(settings, value);
    return settings;
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    reportNoVelero(this, cluster, problems);
    const restores = this.restoring.includes(cluster);
    const shown = this.keeping.filter((one) => one === cluster || restores);
    const objects = locationObjects({
      name: this.node.id,
      namespace: this.namespaceName,
      cluster: cluster.clusterName,
      stores: shown.map((one) => ({ cluster: one.clusterName, settings: this.settingsIn(one) })),
    });
    return {
      entries: objects.map(({ id, object }) => ({
        path: `${this.node.path}/${id}`,
        owner: this,
        content: { type: 'object', object },
      })),
    };
  }
}

function overridden(settings: LocationSettings, override: BackupLocationOverride): LocationSettings {
  return { ...settings, ...present(override) };
}
