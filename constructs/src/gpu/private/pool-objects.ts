import type { Cluster } from '../../cluster';
import { Platform } from '../../platform';
import { present } from '../../private/present-members';
import type { Entry } from '../../private/unit';
import { WORKSPACE_LABEL } from '../../private/workspace-namespaces';
import { writeYaml } from '../../yaml';
import { GpuInstaller } from '../gpu-pool-props';
import { GpuSharingPlan } from '../gpu-sharing-plan';
import { GpuMode } from '../gpu-sharing-props';
import { MigGeometry } from '../mig-geometry';
import type { SharingFinding } from './gpu-sharing-rules';
import { capacityOf, isMig, poolNodes } from './pool-nodes';
import { kindsOf, migPlanOf, sharingProps } from './pool-plan';
import type { PoolForPods } from './pool-pods';
import { tenantQuotas } from './pool-tenants';
import type { GpuPoolView, PoolNodes } from './pool-view';
import { sharesOf } from './queue-flavors';
import { installerOf, isNvidiaPool, SOFTWARE_NAMESPACE } from './software-values';

/** Says of an object which pool it is of. */
const POOL_LABEL = 'gpu.orrery.dev/pool';

/** The objects of a pool in a cluster. */
export function poolEntries(view: GpuPoolView, cluster: Cluster): Entry[] {
  const pool = view.inCluster(cluster);
  const { construct, name } = view;
  const labels = { 'app.kubernetes.io/managed-by': 'orrery', [POOL_LABEL]: name };
  const entries: Entry[] = [];
  const add = (path: string, object: object) =>
    entries.push({ path: `${construct.node.path}/${path}`, owner: construct, content: { type: 'object', object } });
  for (const { tenant, namespace, hard } of tenantQuotas(view, cluster)) {
    const { workspace } = tenant;
    const owner = workspace === undefined ? undefined : `${Platform.of(construct).platformId}.${workspace.node.id}`;
    const own = owner === undefined ? {} : { [WORKSPACE_LABEL]: owner };
    add(`ResourceQuota/${namespace}`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: `gpu-${name}`, namespace, labels: { ...labels, ...own } },
      spec: { hard },
    });
  }
  const rules = view.props.labelNodes === true ? featureRules(pool) : [];
  if (rules.length > 0) {
    add('NodeFeatureRule', {
      apiVersion: 'nfd.k8s-sigs.io/v1alpha1',
      kind: 'NodeFeatureRule',
      metadata: { name: `gpu-pool-${name}`, labels },
      spec: { rules },
    });
  }
  add('ConfigMap', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `gpu-pool-${name}`, namespace: view.props.software?.namespaceName ?? SOFTWARE_NAMESPACE, labels },
    data: { 'pool.yaml': writeYaml(descriptionOf(view, pool)) },
  });
  return entries;
}

/** What works, and may surprise. */
export function poolWarnings({ props, mode, cluster }: PoolForPods): string[] {
  return [...GpuSharingPlan.of(sharingProps(props, mode, cluster)).warnings];
}

/** What people and `orrery gpu plan` read of a pool in a cluster. */
function descriptionOf(view: GpuPoolView, pool: PoolForPods): object {
  const groups = view.nodes(pool.cluster);
  const { nodes, cards, mebibytes, resources, partitions } = capacityOf(groups);
  const waste = migPlanOf(pool.props, pool.cluster)?.waste;
  const warnings = poolWarnings(pool);
  const kinds = kindsOf(pool.props, pool.cluster);
  const selectors = view.nodeSelectors(pool.cluster);
  return present({
    pool: pool.name,
    mode: pool.mode,
    shares: sharesOf(view, groups[0]),
    sharing: pool.props.sharing,
    isolation: view.isolation(),
    capacity: present({
      nodes,
      cards,
      mebibytes,
      resources,
      partitions: Object.keys(partitions).length === 0 ? undefined : partitions,
    }),
    waste,
    nodes: groups.map(({ kind, nodes: count, names, labels, taints, cardMebibytes }) =>
      present({
        product: kind.product,
        selector: selectors[kinds.indexOf(kind)],
        nodes: count,
        names,
        cards: kind.cardsPerNode,
        cardMebibytes,
        labels,
        taints: taints.length === 0 ? undefined : taints,
      }),
    ),
    warnings: warnings.length === 0 ? undefined : warnings,
  });
}

/**
 * Rules by which node feature discovery labels the nodes: it never makes a node, and takes a label back where a rule goes. Nodes are told by their names, or by the device ids of
 * their cards (https://kubernetes-sigs.github.io/node-feature-discovery, "Customization guide").
 */
function featureRules(pool: PoolForPods): object[] {
  return poolNodes(pool).flatMap((group, at) => {
    const { labels, taints } = group;
    const matchFeatures = matcherOf(group);
    if (matchFeatures === undefined || (Object.keys(labels).length === 0 && taints.length === 0)) return [];
    return [
      present({ name: `${pool.name}-${at}`, labels, taints: taints.length === 0 ? undefined : taints, matchFeatures }),
    ];
  });
}

function matcherOf({ kind, names }: PoolNodes): object[] | undefined {
  if (names !== undefined)
    return [{ feature: 'system.name', matchExpressions: { nodename: { op: 'In', value: names } } }];
  const ids = MigGeometry.ofProduct(kind.product)?.deviceIds;
  if (ids === undefined) return undefined;
  // "0x20B210DE": the device, then the vendor.
  const devices = ids.map((id) => id.slice(2, 6).toLowerCase());
  const vendor = { op: 'In', value: ['10de'] };
  return [{ feature: 'pci.device', matchExpressions: { vendor, device: { op: 'In', value: devices } } }];
}

/** Why nodes cannot be labelled as it is asked for. */
export function labelFindings(pool: PoolForPods): SharingFinding[] {
  if (pool.props.labelNodes !== true) return [];
  if (installerOf(pool, isNvidiaPool(pool)) !== GpuInstaller.GPU_OPERATOR || !isNvidiaPool(pool)) {
    const what = 'Node feature discovery, which labels nodes, comes with the GPU operator.';
    const fix = 'Leave out `labelNodes` and label the nodes where they are made, or use the GPU operator.';
    return [{ code: 'ORR2012', what, fix }];
  }
  if (pool.mode === GpuMode.HAMI) {
    const what = 'HAMi finds its nodes by the label "gpu", and node feature discovery gives none without a prefix.';
    return [{ code: 'ORR2012', what, fix: 'Leave out `labelNodes` and label the nodes where they are made: gpu=on.' }];
  }
  const groups = poolNodes(pool);
  return kindsOf(pool.props, pool.cluster).flatMap((kind) => {
    const own = groups.filter((group) => group.kind === kind);
    // Nodes of one device id that are cut differently cannot be told apart by it.
    const isTold =
      own.every(({ names }) => names !== undefined) ||
      (own.length === 1 && matcherOf(own[0] as PoolNodes) !== undefined);
    if (isTold) return [];
    const why = isMig(pool.mode) && own.length > 1 ? 'are cut differently' : 'cannot be told from others';
    const what = `Nodes with ${kind.product} ${why}, and their names are not said.`;
    return [{ code: 'ORR2013', what, fix: 'Say them with `nodeNames`, or leave out `labelNodes`.' }];
  });
}
