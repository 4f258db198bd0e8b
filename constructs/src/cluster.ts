import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { ClusterFacts, ClusterProps } from './cluster-facts';
import type { IClusterSelection } from './cluster-selection';
import { Platform } from './platform';
import { clusterProblems } from './private/cluster-validation';
import { recordChildren, recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { failHere } from './private/problem';
import { recordLoads } from './private/program-loads';

/**
 * A Kubernetes cluster of the platform, and the root of its own cdk8s tree: a chart placed in it gets the names that a plain cdk8s `App`
 * gives it, because generated names hash the path from the root.
 */
export class Cluster extends App implements IClusterSelection {
  /** The cluster that a construct is in, or undefined for constructs of the platform itself. */
  public static tryOf(construct: IConstruct): Cluster | undefined {
    const root = construct.node.root;
    return root instanceof Cluster ? root : undefined;
  }

  /** Name of the cluster, unique in the platform. */
  public readonly clusterName: string;
  /** The platform that the cluster belongs to. */
  public readonly platform: Platform;
  /** What the program says about the cluster. */
  public readonly facts: ClusterFacts;

  /**
   * @param scope the platform or a construct of it
   * @param name a DNS label, unique in the platform; it is the cluster's identity in placements, targets and output
   * @param props facts about the cluster
   */
  public constructor(scope: IConstruct, name: string, props: ClusterProps = {}) {
    const platform = Platform.of(scope);
    if (!isDnsLabel(name)) {
      failHere(scope, 'ORR2003', `"${name}" is not a valid cluster name.`, { fix: `Use ${DNS_LABEL_RULE}.` });
    }
    const { resolvers, ...facts } = props;
    super({ outdir: platform.outdir, ...(resolvers === undefined ? {} : { resolvers }) });
    recordLocation(this);
    recordChildren(this, recordLoads);
    this.clusterName = name;
    this.platform = platform;
    this.facts = facts;
    platform._addCluster(this);
    this.node.addValidation({ validate: () => clusterProblems(facts) });
  }

  /** Just this cluster. */
  public get selectedClusters(): Cluster[] {
    return [this];
  }

  /** Synthesizes the whole platform: one cluster's output alone would not be a state that can be applied. */
  public override synth(): void {
    this.platform.synth();
  }

  /** The cluster's name. */
  public override toString(): string {
    return this.clusterName;
  }
}
