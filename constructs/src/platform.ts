import type { App } from 'cdk8s';
import { type IConstruct, type IMixin, RootConstruct } from 'constructs';
import type { Cluster } from './cluster';
import { recordChildren, recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { failHere } from './private/problem';
import { synthesize } from './private/synthesis';
import { withDescendants } from './private/tree';
import type { Rollout, RolloutProps } from './rollout';

export interface PlatformProps {
  /**
   * Identity of the platform for life, a DNS label: ownership of everything in the clusters derives from it. Never change it; it is not
   * shown where `displayName` is.
   */
  readonly id: string;
  /** Name for people. @default - the id */
  readonly displayName?: string;
  /**
   * Folder that the assembly is written to.
   * @default - environment variable ORRERY_OUTDIR, else CDK8S_OUTDIR, else "dist"
   */
  readonly outdir?: string;
}

/** A platform over many clusters: the root of everything that does not belong to one cluster alone. */
export class Platform extends RootConstruct {
  /** The platform that a construct belongs to, directly or through its cluster. */
  public static of(construct: IConstruct): Platform {
    const root = construct.node.root;
    if (root instanceof Platform) return root;
    const owner = PLATFORM_OF.get(root as App);
    if (owner === undefined) {
      failHere(construct, 'ORR2017', 'The construct belongs to no platform.', {
        fix: 'Place it in a Platform, in a Cluster of one, or below them.',
      });
    }
    return owner;
  }

  /** Identity of the platform for life. */
  public readonly platformId: string;
  /** Name for people. */
  public readonly displayName: string | undefined;
  /** Folder that the assembly is written to. */
  public readonly outdir: string;
  private readonly members: Cluster[] = [];
  private declaredRollout: DeclaredRollout | undefined;

  public constructor(props: PlatformProps) {
    super('');
    recordLocation(this);
    recordChildren(this);
    if (typeof props?.id !== 'string' || !isDnsLabel(props.id)) {
      failHere(
        this,
        'ORR2003',
        props?.id === undefined ? 'The platform has no id.' : `"${props.id}" is not a valid platform id.`,
        { fix: `Use ${DNS_LABEL_RULE}.` },
      );
    }
    this.platformId = props.id;
    this.displayName = props.displayName;
    // The convention of cdk8s: whoever runs the program says where its output goes.
    this.outdir = props.outdir ?? (process.env.ORRERY_OUTDIR || process.env.CDK8S_OUTDIR || 'dist');
  }

  /** All clusters, in order of declaration. */
  public get clusters(): Cluster[] {
    return [...this.members];
  }

  /** Every construct of the platform and of all its clusters, parents before children. */
  public findAll(): IConstruct[] {
    return [this, ...this.members].flatMap(withDescendants);
  }

  /**
   * Applies mixins to every construct of the platform and of all its clusters.
   * Not declared to other languages ("with" is reserved in Python): they reach it through the method of Construct.
   * @jsii ignore
   */
  public override with(...mixins: IMixin[]): IConstruct {
    for (const root of this.members) root.with(...mixins);
    return super.with(...mixins);
  }

  /**
   * Checks the program and writes the assembly. The last good output stays where this fails; calling it again writes the same again.
   * Throws one error with every problem found.
   */
  public synth(): void {
    synthesize(this);
  }

  /** @internal */
  public _addCluster(cluster: Cluster): void {
    const twin = this.members.find((member) => member.clusterName === cluster.clusterName);
    if (twin !== undefined) {
      failHere(cluster, 'ORR2004', `There are two clusters named "${cluster.clusterName}".`, {
        fix: 'Cluster names are unique in a platform: rename one.',
      });
    }
    this.members.push(cluster);
    PLATFORM_OF.set(cluster, this);
  }

  /** @internal */
  public _setRollout(construct: Rollout, props: RolloutProps): void {
    if (this.declaredRollout !== undefined) {
      failHere(
        construct,
        'ORR2004',
        `The platform has two rollouts: ${this.declaredRollout.construct.node.path} and ${construct.node.path}.`,
        {
          fix: 'Declare one, with all waves.',
        },
      );
    }
    this.declaredRollout = { construct, props };
  }

  /** @internal */
  public get _rollout(): DeclaredRollout | undefined {
    return this.declaredRollout;
  }
}

interface DeclaredRollout {
  readonly construct: Rollout;
  readonly props: RolloutProps;
}

const PLATFORM_OF = new WeakMap<object, Platform>();
