import type { GpuPoolView } from './pool-view';

/** Queues of a pool for some namespaces. */
interface QueuesOfPool {
  readonly queueName: string;
  namespaces(): readonly string[];
}

const QUEUES = new WeakMap<object, QueuesOfPool[]>();

/** Remembers that workloads of a pool in some namespaces are queued. */
export function registerQueues({ construct }: GpuPoolView, queues: QueuesOfPool): void {
  QUEUES.set(construct, [...(QUEUES.get(construct) ?? []), queues]);
}

/** The LocalQueue of workloads of a pool in a namespace; undefined where they are not queued. */
export function queueNameIn({ construct }: GpuPoolView, namespaceName: string): string | undefined {
  return QUEUES.get(construct)?.find((queues) => queues.namespaces().includes(namespaceName))?.queueName;
}
