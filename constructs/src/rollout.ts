import { Construct } from 'constructs';
import type { HealthGate } from './health-gate';
import type { Placement } from './placement';
import { Platform } from './platform';
import { checkedId } from './private/construct-id';
import { recordLocation } from './private/location';
import { failHere } from './private/problem';

/** What a wave that fails brings about, beside that no later wave starts. */
export enum RolloutFailure {
  /** Nothing more is written; what was written stays. */
  STOP = 'stop',
  /** Every cluster that this apply wrote to goes back to the revision before. Manifests, not data. */
  ROLL_BACK = 'rollback',
}

/** What a cluster means that cannot be reached, or refuses our credentials. */
export enum UnreachableClusters {
  /** It fails its wave: later waves do not start. */
  FAIL = 'fail',
  /** It is reported and the apply ends with an error, but the other clusters and later waves go on. */
  CONTINUE = 'continue',
}

/** Clusters that are written before those of the next wave. */
export interface WaveProps {
  /** A DNS label, unique in the rollout. */
  readonly name: string;
  /** The clusters of the wave. No cluster is in two waves. */
  readonly clusters: Placement;
  /** Clusters under way at a time. @default - that of the rollout */
  readonly maxParallelClusters?: number;
  /** How long everything of the wave is watched after it is ready, like "10m"; an object that fails meanwhile fails the wave. @default - not at all */
  readonly soak?: string;
  /** What is asked before the next wave starts, beside that everything of the wave is ready. @default - nothing more */
  readonly gates?: HealthGate[];
}

export interface RolloutProps {
  /** The waves, first to last. Clusters in none of them are a last wave, named "rest", without soak time and gates of its own. */
  readonly waves: WaveProps[];
  /** Clusters of a wave under way at a time. @default - all of the wave */
  readonly maxParallelClusters?: number;
  /** What a wave that fails brings about. @default RolloutFailure.STOP */
  readonly onFailure?: RolloutFailure;
  /** What a cluster means that cannot be reached. @default UnreachableClusters.FAIL */
  readonly onUnreachable?: UnreachableClusters;
}

/**
 * How an apply goes through the clusters of the platform: wave after wave, the next one only when everything of the one before is ready, its soak
 * time is over and its gates pass. Without one, all clusters are written at once. A platform has one at most.
 */
export class Rollout extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id unique in the scope
   */
  public constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
    const platform = Platform.of(this);
    if (this.node.root !== platform)
      failHere(this, 'ORR2017', 'The Rollout is inside a cluster.', { fix: 'Make it in the platform.' });
    platform._setRollout(this, props);
  }
}
