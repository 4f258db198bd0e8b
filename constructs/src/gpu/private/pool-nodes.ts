import type { Cluster } from '../../cluster';
import { type GpuNodes, GpuVendor } from '../gpu-nodes';
import type { GpuPoolProps } from '../gpu-pool-props';
import { GpuMode } from '../gpu-sharing-props';
import { hamiResources, wholeCardResource } from './gpu-vendors';
import { resourceNameOf } from './mig-models';
import { type MigEntry, migEntry, migLayoutName } from './mig-values';
import { cardMebibytes, kindsOf, migPlanOf, nodeNames, vendorOfKind } from './pool-plan';
import type { PoolCapacity, PoolNodes } from './pool-view';

/** Taint of nodes that are for a pool alone, and label by which nobody finds them: NVIDIA's software puts up with any of this key. */
export const POOL_TAINT = 'nvidia.com/gpu';
/** Label of nodes whose cards another plugin than NVIDIA's or HAMi's announces. */
export const PLUGIN_LABEL = 'gpu.orrery.dev/plugin';
const DEFAULT_SPLIT = 10;

/** A pool in one of its clusters. */
export interface PoolInCluster {
  readonly name: string;
  readonly props: GpuPoolProps;
  readonly mode: GpuMode;
  readonly cluster: Cluster;
  /** Whether NVIDIA's device plugin announces cards of other nodes of the cluster. */
  readonly besideDevicePlugin: boolean;
}

/** The nodes of a pool in a cluster: equal ones in one entry. */
export function poolNodes(pool: PoolInCluster): PoolNodes[] {
  return kindsOf(pool.props, pool.cluster).flatMap((kind) => {
    const cut = isMig(pool.mode) ? cutNodes(pool, kind) : [{ nodes: kind.nodes, names: kind.nodeNames, layout: [] }];
    return cut.map(({ nodes, names, layout }): PoolNodes => {
      const partitions = partitionsOf(layout, kind.cardsPerNode);
      return {
        kind,
        vendor: vendorOfKind(kind),
        nodes,
        names,
        cardMebibytes: cardMebibytes(kind),
        labels: nodeLabels(pool, kind, layout),
        taints: pool.props.dedicated === true ? [{ key: POOL_TAINT, value: pool.name, effect: 'NoSchedule' }] : [],
        resources: resourcesOf(pool, kind, layout, partitions),
        partitions,
      };
    });
  });
}

/** How the cards of the pool's nodes are cut in a cluster: entries of mig-parted by the name of the layout. */
export function migLayouts(pool: PoolInCluster): { [layout: string]: MigEntry[] } {
  if (!isMig(pool.mode)) return {};
  const layouts = kindsOf(pool.props, pool.cluster)
    .flatMap((kind) => cutNodes(pool, kind))
    .filter(({ layout }) => layout.length > 0);
  return Object.fromEntries(layouts.map(({ layout }) => [migLayoutName(layout), layout]));
}

interface CutNodes {
  readonly nodes: number;
  readonly names: readonly string[] | undefined;
  /** Empty where the cards stay whole. */
  readonly layout: MigEntry[];
}

function cutNodes({ props, cluster }: PoolInCluster, kind: GpuNodes): CutNodes[] {
  const plan = migPlanOf(props, cluster);
  if (plan === undefined) {
    const profiles = Object.entries(props.profiles ?? {}).filter(([, count]) => count > 0);
    const layout = profiles.length === 0 ? [] : [migEntry('all', Object.fromEntries(profiles))];
    return [{ nodes: kind.nodes, names: kind.nodeNames, layout }];
  }
  const entries = plan._entries();
  const groups = new Map<string, { names: string[]; layout: MigEntry[] }>();
  for (const name of nodeNames(kind)) {
    const layout = entries.get(name) ?? [];
    const key = JSON.stringify(layout);
    const group = groups.get(key) ?? { names: [], layout };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ names, layout }) => ({
    nodes: names.length,
    names: kind.nodeNames === undefined ? undefined : names,
    layout,
  }));
}

function partitionsOf(layout: readonly MigEntry[], cards: number): { [profile: string]: number } {
  const sums: { [profile: string]: number } = {};
  for (const { devices, 'mig-devices': mix = {} } of layout) {
    const times = devices === 'all' ? cards : devices.length;
    for (const [profile, count] of Object.entries(mix)) sums[profile] = (sums[profile] ?? 0) + count * times;
  }
  return sums;
}

function nodeLabels(pool: PoolInCluster, kind: GpuNodes, layout: readonly MigEntry[]): { [label: string]: string } {
  const vendor = vendorOfKind(kind);
  switch (pool.mode) {
    case GpuMode.TIME_SLICING:
    case GpuMode.MPS:
      return { 'nvidia.com/device-plugin.config': pool.name };
    case GpuMode.MIG_SINGLE:
    case GpuMode.MIG_MIXED:
      return layout.length === 0 ? {} : { 'nvidia.com/mig.config': migLayoutName(layout) };
    case GpuMode.HAMI:
      if (vendor === GpuVendor.ASCEND) return { ascend: 'on' };
      return vendor === GpuVendor.NVIDIA ? { gpu: 'on', ...withoutDevicePlugin(pool) } : {};
    case GpuMode.VOLCANO_VGPU:
      return { [PLUGIN_LABEL]: 'volcano', ...withoutDevicePlugin(pool) };
    case GpuMode.DRA:
      return { [PLUGIN_LABEL]: 'dra', ...withoutDevicePlugin(pool) };
    default:
      return {};
  }
}

/** One plugin announces the cards of a node: the operator starts its own on all that do not say otherwise (NVIDIA/gpu-operator controllers/state_manager.go). */
function withoutDevicePlugin({ besideDevicePlugin }: PoolInCluster): { [label: string]: string } {
  return besideDevicePlugin ? { 'nvidia.com/gpu.deploy.device-plugin': 'false' } : {};
}

function resourcesOf(
  pool: PoolInCluster,
  kind: GpuNodes,
  layout: readonly MigEntry[],
  partitions: { readonly [profile: string]: number },
): { [resource: string]: number } {
  const { mode, props } = pool;
  const cards = kind.cardsPerNode;
  const { replicas = DEFAULT_SPLIT, memoryScaling = 1 } = props;
  const memory = cardMebibytes(kind);
  const vendor = vendorOfKind(kind);
  switch (mode) {
    case GpuMode.WHOLE_GPU:
      return { [wholeCardResource(vendor, kind.product)]: cards };
    case GpuMode.TIME_SLICING:
    case GpuMode.MPS:
      return { 'nvidia.com/gpu.shared': cards * (props.replicas ?? 1) };
    case GpuMode.MIG_SINGLE:
      return { 'nvidia.com/gpu': Object.values(partitions).reduce((sum, count) => sum + count, 0) };
    case GpuMode.MIG_MIXED: {
      const cut = layout
        .filter((entry) => entry['mig-enabled'])
        .reduce((sum, { devices }) => sum + (devices === 'all' ? cards : devices.length), 0);
      return {
        ...(cut < cards ? { 'nvidia.com/gpu': cards - cut } : {}),
        ...Object.fromEntries(Object.entries(partitions).map(([name, count]) => [resourceNameOf(name), count])),
      };
    }
    case GpuMode.HAMI: {
      const names = hamiResources(vendor, kind.product);
      const ofCard = memory === undefined ? undefined : Math.floor((memory * memoryScaling) / (names.memoryUnit ?? 1));
      return {
        // A card that cannot be shared is one.
        [names.count]: names.memory === undefined ? cards : cards * replicas,
        ...(names.memory === undefined || ofCard === undefined ? {} : { [names.memory]: cards * ofCard }),
        ...(names.cores === undefined ? {} : { [names.cores]: cards * (names.coresOfCard ?? 100) }),
      };
    }
    case GpuMode.VOLCANO_VGPU:
      return {
        'volcano.sh/vgpu-number': cards * replicas,
        ...(memory === undefined ? {} : { 'volcano.sh/vgpu-memory': Math.floor(cards * memory * memoryScaling) }),
        'volcano.sh/vgpu-cores': cards * 100,
      };
    case GpuMode.DRA:
      return {};
  }
}

/** What the nodes of a pool have together. */
export function capacityOf(groups: readonly PoolNodes[]): PoolCapacity {
  const resources: { [resource: string]: number } = {};
  const partitions: { [profile: string]: number } = {};
  let [nodes, cards] = [0, 0];
  let mebibytes: number | undefined;
  for (const group of groups) {
    nodes += group.nodes;
    cards += group.nodes * group.kind.cardsPerNode;
    if (group.cardMebibytes !== undefined)
      mebibytes = (mebibytes ?? 0) + group.nodes * group.kind.cardsPerNode * group.cardMebibytes;
    for (const [name, count] of Object.entries(group.resources))
      resources[name] = (resources[name] ?? 0) + count * group.nodes;
    for (const [name, count] of Object.entries(group.partitions))
      partitions[name] = (partitions[name] ?? 0) + count * group.nodes;
  }
  return { nodes, cards, mebibytes, resources, partitions };
}

export function isMig(mode: GpuMode): boolean {
  return mode === GpuMode.MIG_SINGLE || mode === GpuMode.MIG_MIXED;
}
