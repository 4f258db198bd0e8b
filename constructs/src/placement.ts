import type { Cluster } from './cluster';
import type { Environment, Provider } from './cluster-facts';
import { ClusterSelection, type IClusterSelection } from './cluster-selection';
import type { Problem } from './private/problem';

/** How the clusters that a placement covers without a weight of their own are weighed. */
export interface WeightOptions {
  /**
   * Weight of every covered cluster that the weights do not name; 0 places the app there with no replica.
   * @default - a covered cluster without weight is an error
   */
  readonly otherwise?: number;
}

/** Which clusters something goes to, and with which weights replicas are divided over them. Without weights all weigh the same. */
export class Placement {
  /** Every cluster of the platform. */
  public static everywhere(): Placement {
    return new Placement('everywhere', (all) => ClusterSelection._lazy(() => all));
  }

  /** The clusters of these names. */
  public static named(...names: string[]): Placement {
    return new Placement('named', undefined, names);
  }

  /** The clusters that have all of these labels. */
  public static byLabels(labels: { [key: string]: string }): Placement {
    const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return Placement.filtered(`byLabels(${text.join(', ')})`, (all) => all.withLabels(labels));
  }

  /** The clusters of the environment. */
  public static inEnvironment(environment: Environment): Placement {
    return Placement.filtered(`inEnvironment(${environment})`, (all) => all.inEnvironment(environment));
  }

  /** The clusters in the region. */
  public static inRegion(region: string): Placement {
    return Placement.filtered(`inRegion(${region})`, (all) => all.inRegion(region));
  }

  /** The clusters of the provider. */
  public static withProvider(provider: Provider): Placement {
    return Placement.filtered(`withProvider(${provider})`, (all) => all.withProvider(provider));
  }

  /** One cluster, a cluster set or a selection from it. */
  public static on(selection: IClusterSelection): Placement {
    return new Placement('on', () => selection);
  }

  /** The named clusters, replicas divided by these weights: whole numbers ≥ 0, not all 0. Weight 0 places the app there with no replica. */
  public static weighted(weights: { [cluster: string]: number }): Placement {
    return Placement.named(...Object.keys(weights)).withWeights(weights);
  }

  private static filtered(description: string, narrow: (all: ClusterSelection) => IClusterSelection): Placement {
    return new Placement(description, (clusters) => narrow(ClusterSelection._lazy(() => clusters)));
  }

  private constructor(
    private readonly description: string,
    private readonly select: ((all: Cluster[]) => IClusterSelection) | undefined,
    private readonly names: readonly string[] = [],
    private readonly weights: ReadonlyMap<string, number> | undefined = undefined,
    private readonly otherwise: number | undefined = undefined,
  ) {}

  /**
   * The same clusters, replicas divided by these weights.
   * @param weights cluster name to weight: whole numbers ≥ 0, not all 0
   */
  public withWeights(weights: { [cluster: string]: number }, options: WeightOptions = {}): Placement {
    const map = new Map(Object.entries(weights));
    return new Placement(this.description, this.select, this.names, map, options.otherwise);
  }

  /**
   * The clusters in order of declaration, each with its weight.
   * @internal
   */
  public _resolve(all: Cluster[], report: (problem: PlacementProblem) => void): Map<Cluster, number> {
    const covered = this.covered(all, report);
    const known = knownClusters(all);
    const weights = this.weights;
    for (const [name, weight] of weights ?? []) {
      if (!isWeight(weight)) {
        const what = `The placement gives cluster "${name}" the weight ${weight}.`;
        report({ code: 'ORR2007', what, fix: WEIGHT_RULE });
      }
      if (
        covered.some((cluster) => cluster.clusterName === name) ||
        (this.select === undefined && this.names.includes(name))
      )
        continue;
      if (all.some((cluster) => cluster.clusterName === name)) {
        const what = `The placement gives weight to cluster "${name}", which it does not select.`;
        report({ code: 'ORR2007', what, fix: 'Remove the weight or select the cluster.' });
      } else {
        const what = `The placement gives weight to cluster "${name}", which does not exist.`;
        report({ code: 'ORR2005', what, fix: known });
      }
    }
    const { otherwise } = this;
    if (otherwise !== undefined && !isWeight(otherwise)) {
      const what = `The placement gives clusters without a weight of their own the weight ${otherwise}.`;
      report({ code: 'ORR2007', what, fix: WEIGHT_RULE });
    }
    const result = new Map<Cluster, number>();
    for (const cluster of covered) {
      const weight = weights === undefined ? 1 : (weights.get(cluster.clusterName) ?? otherwise);
      if (weight === undefined) {
        const what = `The placement covers cluster "${cluster}" but gives it no weight.`;
        const fix = 'Give it a weight, or say what clusters without one get: withWeights(…, { otherwise: 0 }).';
        report({ code: 'ORR2007', what, fix });
      }
      result.set(cluster, weight ?? 0);
    }
    if (covered.length > 0 && [...result.values()].every((weight) => weight === 0) && weights !== undefined) {
      report({
        code: 'ORR2007',
        what: 'All weights of the placement are 0.',
        fix: 'Give at least one cluster a weight.',
      });
    }
    return result;
  }

  private covered(all: Cluster[], report: (problem: PlacementProblem) => void): Cluster[] {
    if (this.select !== undefined) {
      const selected = new Set(this.select(all).selectedClusters);
      if (selected.size === 0) {
        const known =
          all.length === 0 ? 'The platform has no clusters.' : `The platform has: ${all.map(String).join(', ')}.`;
        report({ code: 'ORR2006', what: `The placement ${this.description} selects no cluster.`, fix: known });
      }
      return all.filter((cluster) => selected.has(cluster));
    }
    if (this.names.length === 0)
      report({
        code: 'ORR2006',
        what: 'The placement names no cluster.',
        fix: `Name at least one. ${knownClusters(all)}`,
      });
    const seen = new Set<string>();
    for (const name of this.names) {
      if (seen.has(name)) {
        report({ code: 'ORR2004', what: `The placement names cluster "${name}" twice.`, fix: 'Name it once.' });
      }
      seen.add(name);
      if (all.some((cluster) => cluster.clusterName === name)) continue;
      const what = `The placement ${this.weights?.has(name) ? 'gives weight to' : 'names'} cluster "${name}", which does not exist.`;
      report({
        code: 'ORR2005',
        what,
        fix: knownClusters(all),
      });
    }
    return all.filter((cluster) => seen.has(cluster.clusterName));
  }
}

/** A problem of a placement, before it is known which construct uses it. */
export type PlacementProblem = Pick<Problem, 'code' | 'what' | 'fix'>;

const WEIGHT_RULE = 'Weights are whole numbers from 0 on.';

function isWeight(weight: number): boolean {
  return Number.isSafeInteger(weight) && weight >= 0;
}

function knownClusters(all: readonly Cluster[]): string {
  return all.length === 0 ? 'The platform has no clusters.' : `Known: ${all.map(String).join(', ')}.`;
}
