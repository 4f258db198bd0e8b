import { type Fields, list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { readYaml } from '../yaml/read.ts';

/** Label of the ConfigMaps in which pools of GPUs say what they are (`GpuPool` of the constructs). */
const POOL_LABEL = 'gpu.orrery.dev/pool';

/** Equal nodes of a pool. */
export interface NodeGroup {
  readonly product: string;
  /** Labels by which they are found. */
  readonly selector: Readonly<Record<string, string>>;
  readonly nodes: number;
  /** Of each node. */
  readonly cards: number;
  /** Of each card; undefined where it is not known. */
  readonly mebibytes: number | undefined;
}

/** Resources by which pods ask for parts of cards of any size. */
export interface ShareResources {
  /** Cards of a pod. */
  readonly count: string;
  /** Memory of each of them. */
  readonly memory: string | undefined;
  /** MiB of one of it. */
  readonly memoryUnit: number;
  /** The same in hundredths of a card. */
  readonly memoryPercentage: string | undefined;
  readonly cores: string | undefined;
  /** Of a whole card. */
  readonly coresOfCard: number;
}

/** A pool of GPUs in a cluster. */
export interface PoolRecord {
  readonly name: string;
  /** As the constructs name it: "whole-gpu", "time-slicing", "mps", "mig-single", "mig-mixed", "hami", "volcano-vgpu", "dra". */
  readonly mode: string;
  readonly groups: readonly NodeGroup[];
  readonly cards: number;
  /** What all nodes announce, by resource. */
  readonly resources: Readonly<Record<string, number>>;
  readonly shares: ShareResources | undefined;
}

/** The pools of a cluster, as its objects say them. */
export function poolsOf(objects: readonly KubernetesObject[]): PoolRecord[] {
  return objects.flatMap((object) => {
    const text = record(object.data)['pool.yaml'];
    if (object.kind !== 'ConfigMap' || object.metadata.labels?.[POOL_LABEL] === undefined) return [];
    if (typeof text !== 'string') return [];
    const [document] = readYaml(text, { source: `ConfigMap ${object.metadata.name}` });
    return document === undefined ? [] : [poolFrom(record(document.value))];
  });
}

/** What one pod has of a pool at least: the resources that stand for cards or parts of them. */
export function unitResources(pool: PoolRecord): string[] {
  if (pool.shares !== undefined) return [pool.shares.count];
  return Object.keys(pool.resources);
}

/** Sum of what one pod may have. */
export function slicesOf(pool: PoolRecord): number {
  return unitResources(pool).reduce((sum, resource) => sum + (pool.resources[resource] ?? 0), 0);
}

function poolFrom(said: Fields): PoolRecord {
  const capacity = record(said.capacity);
  const shares = record(said.shares);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    name: text(said.pool) ?? '',
    mode: text(said.mode) ?? '',
    cards: number(capacity.cards),
    resources: numbers(capacity.resources),
    groups: list(said.nodes).map((group) => ({
      product: text(group.product) ?? '',
      selector: record(group.selector) as Record<string, string>,
      nodes: number(group.nodes),
      cards: number(group.cards),
      mebibytes: typeof group.cardMebibytes === 'number' ? group.cardMebibytes : undefined,
    })),
    shares:
      typeof shares.count === 'string'
        ? {
            count: shares.count,
            memory: text(shares.memory),
            memoryUnit: number(shares.memoryUnit, 1),
            memoryPercentage: text(shares.memoryPercentage),
            cores: text(shares.cores),
            coresOfCard: number(shares.coresOfCard, 100),
          }
        : undefined,
  };
}

function number(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise;
}

function numbers(value: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(record(value)).map(([name, count]) => [name, number(count)]));
}
