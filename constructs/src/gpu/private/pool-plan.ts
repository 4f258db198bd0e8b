import type { Cluster } from '../../cluster';
import { type GpuNodes, GpuVendor } from '../gpu-nodes';
import type { GpuPoolProps } from '../gpu-pool-props';
import { GpuMode, GpuSharing, type GpuSharingProps } from '../gpu-sharing-props';
import { MigGeometry } from '../mig-geometry';
import type { MigPlan } from '../mig-plan';
import { type MigNode, MigPlanner } from '../mig-planner';
import { memoryOfProduct } from './card-memory';
import { chosenMode } from './gpu-modes';
import { vendorOf } from './gpu-vendors';

/** The kinds of nodes of a cluster that a pool is made of. */
export function kindsOf({ products }: GpuPoolProps, cluster: Cluster): GpuNodes[] {
  const kinds = cluster.facts.gpuNodes ?? [];
  return products === undefined ? kinds : kinds.filter(({ product }) => products.includes(product));
}

/** The vendor of a kind of nodes; NVIDIA where nothing says another. */
export function vendorOfKind({ vendor, product }: GpuNodes): GpuVendor {
  return vendor ?? vendorOf(product) ?? GpuVendor.NVIDIA;
}

/** MiB of a card of a kind of nodes, where it is known. */
export function cardMebibytes(kind: GpuNodes): number | undefined {
  return kind.cardMebibytes ?? memoryOfProduct(kind.product);
}

/** The mode of a pool. Pods ask for its resources in every cluster, so that it is the same in all of them. */
export function poolMode(props: GpuPoolProps, vendor: GpuVendor | undefined): GpuMode {
  const { mode, sharing, workloads } = props;
  if (mode !== undefined) return mode;
  // What pods ask for must not depend on how a cluster's cards happen to be packed.
  if (sharing === GpuSharing.PARTITIONED && workloads !== undefined) return GpuMode.MIG_MIXED;
  if (vendor !== undefined && vendor !== GpuVendor.NVIDIA && sharing === GpuSharing.SHARED) return GpuMode.HAMI;
  return chosenMode({ ...props, products: [] }).mode;
}

/** What the rules of sharing judge: the settings of the pool with what the facts say of a cluster's nodes. */
export function sharingProps(props: GpuPoolProps, mode: GpuMode, cluster: Cluster): GpuSharingProps {
  const { sharing, isolation, replicas, share, memoryScaling, otherPlugins, remote } = props;
  const kinds = kindsOf(props, cluster);
  const memories = kinds.map(cardMebibytes).filter((memory) => memory !== undefined);
  const profiles = props.workloads === undefined ? props.profiles : firstProfile(kinds);
  const { kubernetesVersion } = cluster.facts;
  return {
    sharing,
    products: [...new Set(kinds.map(({ product }) => product))],
    mode,
    ...(isolation === undefined ? {} : { isolation }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(share === undefined ? {} : { share }),
    ...(profiles === undefined ? {} : { profiles }),
    ...(memoryScaling === undefined ? {} : { memoryScaling }),
    ...(otherPlugins === undefined ? {} : { otherPlugins }),
    ...(remote === undefined ? {} : { remote }),
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    ...(kinds.length === 0 ? {} : { gpusPerNode: Math.max(...kinds.map(({ cardsPerNode }) => cardsPerNode)) }),
    ...(memories.length === 0 ? {} : { cardMebibytes: Math.max(...memories) }),
    // A pool that cuts them turns MIG on itself; only the other modes need to know.
    ...(kinds.some(({ migEnabled }) => migEnabled === true) ? { migEnabled: true } : {}),
  };
}

/** Stands for the partitions that are found for workloads: their room is judged by packing them. */
function firstProfile(kinds: readonly GpuNodes[]): { [profile: string]: number } {
  const geometry = kinds.map(({ product }) => MigGeometry.ofProduct(product)).find((found) => found !== undefined);
  const [smallest] = geometry?.profiles ?? [];
  return smallest === undefined ? {} : { [smallest.name]: 1 };
}

/** A node of a kind, by the name that it has or is called by. */
export function nodeNames(kind: GpuNodes): string[] {
  return Array.from({ length: kind.nodes }, (_, at) => kind.nodeNames?.[at] ?? `${kind.product}-${at}`);
}

const PACKED = new WeakMap<GpuPoolProps, WeakMap<Cluster, MigPlan | undefined>>();

/** How the cards of a cluster are cut: for the workloads of the pool, or all alike. Undefined where nothing is cut or cannot be. */
export function migPlanOf(props: GpuPoolProps, cluster: Cluster): MigPlan | undefined {
  const known = PACKED.get(props) ?? new WeakMap<Cluster, MigPlan | undefined>();
  PACKED.set(props, known);
  if (known.has(cluster)) return known.get(cluster);
  const plan = packed(props, cluster);
  known.set(cluster, plan);
  return plan;
}

function packed(props: GpuPoolProps, cluster: Cluster): MigPlan | undefined {
  const { workloads } = props;
  if (workloads === undefined) return undefined;
  const nodes = kindsOf(props, cluster).flatMap((kind) => {
    const model = MigGeometry.ofProduct(kind.product)?.model;
    return model === undefined
      ? []
      : nodeNames(kind).map((name): MigNode => ({ name, model, cards: kind.cardsPerNode }));
  });
  return MigPlanner.pack(nodes, workloads);
}
