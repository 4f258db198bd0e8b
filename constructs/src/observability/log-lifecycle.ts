import type { Finding } from '../private/service-validation';
import type { Lifecycle } from './private/logs/lifecycle';
import { lifecycleFindings } from './private/logs/lifecycle';

/** How long records are kept, all of them quick to search. */
export interface HotLifecycleProps {
  /** How long records are kept at least, e.g. "30d": units are d and h. Counted from when their index was rolled over. */
  readonly deleteAfter: string;
  /** Age at which an index is rolled over: records are kept that much longer at most. @default "1d" */
  readonly rolloverAfter?: string;
  /** Size of a primary shard at which an index is rolled over earlier, e.g. "50gb". @default "50gb" */
  readonly rolloverSize?: string;
  /** Copies of each shard beside the primary one. @default 1 */
  readonly replicas?: number;
}

/** How long records are quick to search, and how long they are kept. */
export interface HotColdLifecycleProps extends HotLifecycleProps {
  /** How long records are on hot nodes at least. Counted from when their index was rolled over. @default "14d" */
  readonly coldAfter?: string;
  /** Copies of each shard beside the primary one on cold nodes. @default 1 */
  readonly coldReplicas?: number;
}

/**
 * The life of a log's indices. Elasticsearch (ILM) and OpenSearch (ISM) count ages from rollover: a record is in a phase for at least the time said, and for at most `rolloverAfter` longer (and the few minutes
 * between two looks at the policy).
 */
export class LogLifecycle {
  /** Hot, then gone. */
  public static hot(props: HotLifecycleProps): LogLifecycle {
    return new LogLifecycle({ ...settings(props), coldAfter: undefined, coldReplicas: undefined });
  }

  /** Hot, then cold, then gone. Needs nodes for cold data. */
  public static hotCold(props: HotColdLifecycleProps): LogLifecycle {
    const { coldAfter = '14d', coldReplicas = 1 } = props;
    return new LogLifecycle({ ...settings(props), coldAfter, coldReplicas });
  }

  private constructor(private readonly lifecycle: Lifecycle) {}

  /** @internal */
  public _lifecycle(): Lifecycle {
    return this.lifecycle;
  }

  /** @internal What is wrong with it, whatever the store. */
  public _findings(): Finding[] {
    return lifecycleFindings(this.lifecycle);
  }
}

function settings(props: HotLifecycleProps): Omit<Lifecycle, 'coldAfter' | 'coldReplicas'> {
  const { deleteAfter, rolloverAfter = '1d', rolloverSize = '50gb', replicas = 1 } = props;
  return { deleteAfter, rolloverAfter, rolloverSize, replicas };
}
