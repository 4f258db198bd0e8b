import type { Cluster } from './cluster';
import type { Environment, Provider } from './cluster-facts';

/** Something that stands for clusters: one cluster, a cluster set, or a selection from it. */
export interface IClusterSelection {
  /** The clusters, in order of declaration. Read when the platform is synthesized, so clusters added later count. */
  readonly selectedClusters: Cluster[];
}

/** Clusters picked by their facts. Selections can be narrowed further; what they hold is decided at synth. */
export class ClusterSelection implements IClusterSelection {
  /** The clusters of several selections together, in the order given. */
  public static union(...selections: IClusterSelection[]): ClusterSelection {
    return ClusterSelection._lazy(() => [...new Set(selections.flatMap((selection) => selection.selectedClusters))]);
  }

  /** @internal */
  public static _lazy(clusters: () => Cluster[]): ClusterSelection {
    const selection = new ClusterSelection();
    selection.produce = clusters;
    return selection;
  }

  private produce: () => Cluster[] = () => [];

  private constructor() {}

  public get selectedClusters(): Cluster[] {
    return this.produce();
  }

  /** Those of the environment. */
  public inEnvironment(environment: Environment): ClusterSelection {
    return this.filter((cluster) => cluster.facts.environment === environment);
  }

  /** Those in the region. */
  public inRegion(region: string): ClusterSelection {
    return this.filter((cluster) => cluster.facts.region === region);
  }

  /** Those in the zone. */
  public inZone(zone: string): ClusterSelection {
    return this.filter((cluster) => cluster.facts.zone === zone);
  }

  /** Those of which the facts say that the internet does not reach them; clusters without this fact are not among them. */
  public notInternetFacing(): ClusterSelection {
    return this.filter((cluster) => cluster.facts.internetFacing === false);
  }

  /** Those of the provider. */
  public withProvider(provider: Provider): ClusterSelection {
    return this.filter((cluster) => cluster.facts.provider === provider);
  }

  /** Those that have all of these labels. */
  public withLabels(labels: { [key: string]: string }): ClusterSelection {
    const wanted = Object.entries(labels);
    return this.filter((cluster) => wanted.every(([key, value]) => cluster.facts.labels?.[key] === value));
  }

  /** Those not in another selection. */
  public excluding(selection: IClusterSelection): ClusterSelection {
    return ClusterSelection._lazy(() => {
      const out = new Set(selection.selectedClusters);
      return this.selectedClusters.filter((cluster) => !out.has(cluster));
    });
  }

  private filter(keep: (cluster: Cluster) => boolean): ClusterSelection {
    return ClusterSelection._lazy(() => this.selectedClusters.filter(keep));
  }
}
