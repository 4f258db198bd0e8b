import { Construct } from 'constructs';
import { Cluster } from './cluster';
import type { ClusterProps, Environment, Provider } from './cluster-facts';
import { ClusterSelection, type IClusterSelection } from './cluster-selection';
import { checkedId } from './private/construct-id';
import { CallSite, recordLocation } from './private/location';
import { fail } from './private/problem';

/** The clusters of a platform, or a part of them: adds them and selects from them. */
export class ClusterSet extends Construct implements IClusterSelection {
  private readonly members: Cluster[] = [];

  /**
   * @param scope the platform or a construct of it
   * @param id unique in the scope
   */
  public constructor(scope: Construct, id: string) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
  }

  /** The clusters of this set, in order of declaration. */
  public get selectedClusters(): Cluster[] {
    return [...this.members];
  }

  /**
   * Declares a cluster.
   * @param name a DNS label, unique in the platform
   * @param props what is known about it
   */
  public add(name: string, props: ClusterProps = {}): Cluster {
    const cluster = new Cluster(this, name, props);
    this.members.push(cluster);
    return cluster;
  }

  /** The cluster of that name. Fails where the set has none. */
  public cluster(name: string): Cluster {
    return this.member(name);
  }

  /** All clusters of this set. */
  public all(): ClusterSelection {
    return ClusterSelection._lazy(() => this.selectedClusters);
  }

  /** The clusters of these names. Unknown names are reported at synth. */
  public named(...names: string[]): ClusterSelection {
    const site = new CallSite();
    return ClusterSelection._lazy(() => names.map((name) => this.member(name, site.source)));
  }

  /** Clusters of the environment. */
  public inEnvironment(environment: Environment): ClusterSelection {
    return this.all().inEnvironment(environment);
  }

  /** Clusters in the region. */
  public inRegion(region: string): ClusterSelection {
    return this.all().inRegion(region);
  }

  /** Clusters of the provider. */
  public withProvider(provider: Provider): ClusterSelection {
    return this.all().withProvider(provider);
  }

  /** Clusters that have all of these labels. */
  public withLabels(labels: { [key: string]: string }): ClusterSelection {
    return this.all().withLabels(labels);
  }

  /** @param source where it was asked for; without it: the line that is being executed */
  private member(name: string, source?: string): Cluster {
    const cluster = this.members.find((member) => member.clusterName === name);
    if (cluster !== undefined) return cluster;
    const what = `There is no cluster "${name}" in this set.`;
    fail(this, 'ORR2005', what, { fix: this.known(), source: source ?? new CallSite().source });
  }

  private known(): string {
    return this.members.length === 0
      ? 'The set is empty: add clusters with add().'
      : `Known: ${this.members.map((member) => member.clusterName).join(', ')}.`;
  }
}
