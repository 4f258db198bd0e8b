import type { Cluster } from './cluster';
import type { Environment, Provider } from './cluster-facts';
import { ClusterSelection, type IClusterSelection } from './cluster-selection';
import {
  type Placed,
  type PlacementRules,
  type ReportPlacement,
  resolveGroups,
  resolvePlacement,
} from './private/placement-rules';

/** How the clusters that a placement covers without a weight of their own are weighed. */
export interface WeightOptions {
  /**
   * Weight of every covered cluster that the weights do not name; 0 places the app there with no replica.
   * @default - a covered cluster without weight is an error
   */
  readonly otherwise?: number;
}

/** Fewest and most replicas of each service in a cluster. */
export interface ReplicaBounds {
  /** @default 0 */
  readonly minReplicas?: number;
  /** @default - as many as its weight gives it */
  readonly maxReplicas?: number;
}

/** The bounds of clusters that have none of their own. */
export interface BoundsOptions {
  /** @default - unbounded */
  readonly otherwise?: ReplicaBounds;
}

/** Over how many of what the replicas of each service are spread, at least. */
export interface SpreadOptions {
  /** @default 1 */
  readonly clusters?: number;
  /** Regions by the facts of the clusters, which all must say it. @default 1 */
  readonly regions?: number;
  /** Zones by the facts of the clusters, which all must say it; zones of one name in two regions are two. @default 1 */
  readonly zones?: number;
  /** Providers by the facts of the clusters, which all must say it. @default 1 */
  readonly providers?: number;
}

/** Which clusters something goes to, and with which weights replicas are divided over them. Without weights all weigh the same. */
export class Placement {
  /** Every cluster of the platform. */
  public static everywhere(): Placement {
    return Placement.selecting('everywhere', (all) => all);
  }

  /** The clusters of these names. */
  public static named(...names: string[]): Placement {
    return new Placement({ cover: { type: 'named', names }, without: [] });
  }

  /** The clusters that have all of these labels. */
  public static byLabels(labels: { [key: string]: string }): Placement {
    const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return Placement.selecting(`byLabels(${text.join(', ')})`, (all) => all.withLabels(labels));
  }

  /** The clusters of the environment. */
  public static inEnvironment(environment: Environment): Placement {
    return Placement.selecting(`inEnvironment(${environment})`, (all) => all.inEnvironment(environment));
  }

  /** The clusters in the region. */
  public static inRegion(region: string): Placement {
    return Placement.selecting(`inRegion(${region})`, (all) => all.inRegion(region));
  }

  /** The clusters in the zone. */
  public static inZone(zone: string): Placement {
    return Placement.selecting(`inZone(${zone})`, (all) => all.inZone(zone));
  }

  /** The clusters of the provider. */
  public static withProvider(provider: Provider): Placement {
    return Placement.selecting(`withProvider(${provider})`, (all) => all.withProvider(provider));
  }

  /** The clusters of which the facts say that the internet does not reach them. */
  public static notInternetFacing(): Placement {
    return Placement.selecting('notInternetFacing', (all) => all.notInternetFacing());
  }

  /** One cluster, a cluster set or a selection from it. */
  public static on(selection: IClusterSelection): Placement {
    return Placement.selecting('on', () => selection);
  }

  /** The named clusters, replicas divided by these weights: whole numbers ≥ 0, not all 0. Weight 0 places the app there with no replica. */
  public static weighted(weights: { [cluster: string]: number }): Placement {
    return Placement.named(...Object.keys(weights)).withWeights(weights);
  }

  /**
   * The first of several placements that covers a cluster: groups in order of preference. What is said of the result (weights, bounds, spread, clusters
   * left out) holds for whichever it is.
   */
  public static firstOf(...placements: Placement[]): Placement {
    const candidates = placements.map(({ rules }) => rules);
    return new Placement({ cover: { type: 'first', candidates }, without: [] });
  }

  /**
   * Every cluster that one of several placements covers; what they cannot resolve is reported where they are used.
   * @internal
   */
  public static _anyOf(...placements: Placement[]): Placement {
    const covers = (all: Cluster[]) =>
      new Set(placements.flatMap((placement) => [...placement._resolve(all, () => undefined).weights.keys()]));
    return Placement.selecting('anyOf', ({ selectedClusters: all }) =>
      ClusterSelection._lazy(() => all.filter((cluster) => covers(all).has(cluster))),
    );
  }

  private static selecting(description: string, narrow: (all: ClusterSelection) => IClusterSelection): Placement {
    const select = (clusters: Cluster[]) => narrow(ClusterSelection._lazy(() => clusters));
    return new Placement({ cover: { type: 'selected', description, select }, without: [] });
  }

  private constructor(private readonly rules: PlacementRules) {}

  /** The same clusters without those of a selection. */
  public excluding(selection: IClusterSelection): Placement {
    return this.with({ without: [...this.rules.without, selection] });
  }

  /** The same clusters without those of these names. */
  public excludingNamed(...names: string[]): Placement {
    return this.with({ without: [...this.rules.without, ...names] });
  }

  /**
   * The same clusters, replicas divided by these weights.
   * @param weights cluster name to weight: whole numbers ≥ 0, not all 0
   */
  public withWeights(weights: { [cluster: string]: number }, options: WeightOptions = {}): Placement {
    const given = new Map(Object.entries(weights));
    return this.with({ weighing: { type: 'given', weights: given, otherwise: options.otherwise } });
  }

  /**
   * The same clusters, replicas divided by how much they have of a resource, as their fact `capacity` says.
   * @param resource "cpu", "memory", "nvidia.com/gpu", …
   */
  public weightedByCapacity(resource: string): Placement {
    return this.with({ weighing: { type: 'capacity', resource } });
  }

  /**
   * The same clusters; each service has at least and at most so many replicas in them. What bounds keep from one cluster goes to the others.
   * @param bounds cluster name to its bounds
   */
  public withBounds(bounds: { [cluster: string]: ReplicaBounds }, options: BoundsOptions = {}): Placement {
    const given = new Map(Object.entries(bounds));
    return this.with({ bounds: { given, otherwise: options.otherwise ?? {} } });
  }

  /** The same clusters; the replicas of each service are in at least so many of them, or of their regions, zones or providers. */
  public spreadOver(least: SpreadOptions): Placement {
    return this.with({ spread: { ...this.rules.spread, ...least } });
  }

  /**
   * The same clusters, and others for what these cannot take: they get the replicas above the `maxReplicas` of these, group by group. Until then a service has none there, under a HorizontalPodAutoscaler one.
   * What is said of weights, bounds and spread holds for the clusters that it is said of.
   * @param placements in order; none covers a cluster that one before it covers
   */
  public overflowTo(...placements: Placement[]): Placement {
    return this.with({ overflow: [...(this.rules.overflow ?? []), ...placements.map(({ rules }) => rules)] });
  }

  /**
   * The clusters in order of declaration, each with its weight, and what else the placement says.
   * @internal
   */
  public _resolve(all: Cluster[], report: ReportPlacement): Placed {
    return resolvePlacement(this.rules, all, report);
  }

  /**
   * The placements among which `firstOf` chooses, in order, each resolved like the whole; of any other placement itself alone.
   * @internal
   */
  public _resolveGroups(all: Cluster[], report: ReportPlacement): Placed[] {
    return resolveGroups(this.rules, all, report);
  }

  private with(rules: Partial<PlacementRules>): Placement {
    return new Placement({ ...this.rules, ...rules });
  }
}
