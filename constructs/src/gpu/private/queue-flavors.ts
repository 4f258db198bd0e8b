import type { Cluster } from '../../cluster';
import type { KueueTransformation } from '../../kueue/kueue';
import type { ConfigurationPart } from '../../kueue/private/kueue-configuration';
import type { KueueResourceFlavorSpec } from '../../kueue/resource-flavor-props';
import { GpuMode, GpuSharing } from '../gpu-sharing-props';
import type { SharingFinding } from './gpu-sharing-rules';
import { resourcesOf, type VendorResources } from './gpu-vendors';
import { VOLCANO } from './hami-devices';
import { kindsOf } from './pool-plan';
import type { GpuPoolView, PoolNodes } from './pool-view';

/** Cards of a kind in a cluster, as a queue counts them. */
export interface QueueFlavor {
  /** Name of the ResourceFlavor. */
  readonly name: string;
  readonly spec: KueueResourceFlavorSpec;
  /** What there is, by resource that queues count. */
  readonly capacity: ReadonlyMap<string, number>;
}

/** Kueue counts devices of this class as the cards that they are (NVIDIA's driver for dynamic resource allocation: deployments/helm). */
const DRA_CARDS = 'nvidia.com/gpu';
const DRA_CLASS = 'gpu.nvidia.com';

/** The flavors of a pool in a cluster: nodes that are found by the same labels are one. */
export function flavorsOf(pool: GpuPoolView, cluster: Cluster): QueueFlavor[] {
  const kinds = kindsOf(pool.props, cluster);
  const selectors = pool.nodeSelectors(cluster);
  const groups = new Map<string, PoolNodes[]>();
  for (const group of pool.nodes(cluster)) {
    const selector = selectors[kinds.indexOf(group.kind)] ?? {};
    const key = JSON.stringify(Object.entries(selector).sort());
    groups.set(key, [...(groups.get(key) ?? []), group]);
  }
  const names = new Set<string>();
  return [...groups].map(([key, nodes]) => {
    const name = unused(flavorName(pool.name, nodes[0]?.kind.product ?? ''), names);
    const nodeLabels = Object.fromEntries(JSON.parse(key) as [string, string][]);
    const tolerations = pool.tolerations(cluster).map(({ key: taint, value, effect }) => ({
      key: taint,
      ...(value === undefined ? { comparison: 'Exists' } : { comparison: 'Equal', value }),
      ...(effect === undefined ? {} : { effect }),
    })) as KueueResourceFlavorSpec['tolerations'];
    const spec: KueueResourceFlavorSpec = {
      ...(Object.keys(nodeLabels).length === 0 ? {} : { nodeLabels }),
      ...(tolerations === undefined || tolerations.length === 0 ? {} : { tolerations }),
    };
    return { name, spec, capacity: capacityOf(pool, nodes) };
  });
}

/** What the Kueue of a cluster has to know of a pool: how requests become what quotas are of. */
export function configurationFor(pool: GpuPoolView, cluster: Cluster): ConfigurationPart {
  if (pool.mode() === GpuMode.DRA) return { deviceClasses: { [DRA_CARDS]: [DRA_CLASS] } };
  return { transformations: pool.nodes(cluster).flatMap((nodes) => transformationsOf(pool, nodes)) };
}

/** Why the cards of a pool in a cluster cannot be counted. */
export function countingFindings(pool: GpuPoolView, cluster: Cluster): SharingFinding[] {
  if (pool.mode() === GpuMode.DRA && pool.props.sharing === GpuSharing.PARTITIONED) {
    const what = 'Partitions that pods claim are not counted before they are made, so that no queue can give them out.';
    return [{ code: 'ORR2012', what, fix: 'Use sharing "exclusive", or partitions without DRA (MIG).' }];
  }
  const unknown = pool
    .nodes(cluster)
    .filter((nodes) => nodes.cardMebibytes === undefined && sharesOf(pool, nodes)?.memory !== undefined);
  return [...new Set(unknown.map(({ kind }) => kind.product))].map((product) => ({
    code: 'ORR2013',
    what: `The memory of ${product} is not known, and queues give it out.`,
    fix: 'Say `cardMebibytes` of the nodes.',
  }));
}

/** The resources of shares; undefined where pods have no shares. */
export function sharesOf(pool: GpuPoolView, nodes: PoolNodes | undefined): VendorResources | undefined {
  if (nodes === undefined) return undefined;
  return pool.mode() === GpuMode.VOLCANO_VGPU ? resourcesOf(VOLCANO) : pool.hamiResources(nodes.kind);
}

function capacityOf(pool: GpuPoolView, groups: readonly PoolNodes[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  const add = (resource: string, count: number) => sums.set(resource, (sums.get(resource) ?? 0) + count);
  for (const group of groups) {
    if (pool.mode() === GpuMode.DRA) add(DRA_CARDS, group.kind.cardsPerNode * group.nodes);
    const names = sharesOf(pool, group);
    for (const [resource, count] of Object.entries(group.resources)) {
      if (resource === names?.memory) add(totalOf(resource), count * (names.memoryUnit ?? 1) * group.nodes);
      else if (resource === names?.cores) add(totalOf(resource), count * group.nodes);
      else add(resource, count * group.nodes);
    }
  }
  return sums;
}

/**
 * What HAMi and Volcano are asked for is of each card, so that a quota of it would count a pod with two cards as one: totals are counted instead, memory in MiB (kubernetes-sigs/kueue
 * site/content/en/docs/tasks/run/using_hami.md).
 */
function transformationsOf(pool: GpuPoolView, nodes: PoolNodes): KueueTransformation[] {
  const names = sharesOf(pool, nodes);
  if (names === undefined) return [];
  const { count: multiplyBy, memory, memoryUnit = 1, memoryPercentage, cores } = names;
  const percent = Math.ceil(((nodes.cardMebibytes ?? 0) * (pool.props.memoryScaling ?? 1)) / 100);
  const of = (inputResource: string | undefined, output: string | undefined, factor: number) =>
    inputResource === undefined || output === undefined
      ? []
      : [{ inputResource, multiplyBy, outputs: { [totalOf(output)]: String(factor) } }];
  return [...of(memory, memory, memoryUnit), ...of(memoryPercentage, memory, percent), ...of(cores, cores, 1)];
}

/** "nvidia.com/gpumem" becomes "nvidia.com/total-gpumem". */
function totalOf(resource: string): string {
  return resource.replace('/', '/total-');
}

function flavorName(pool: string, product: string): string {
  const slug = product.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${pool}-${slug}`.replace(/^-+|-+$/g, '').slice(0, 240);
}

function unused(name: string, names: Set<string>): string {
  const free = names.has(name) ? `${name}-${names.size + 1}` : name;
  names.add(free);
  return free;
}
