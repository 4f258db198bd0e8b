import { GpuVendor } from '../gpu-nodes';
import { GpuInstaller } from '../gpu-pool-props';
import { GpuMode, GpuPlugin, GpuSharing } from '../gpu-sharing-props';
import { MODES } from './gpu-modes';
import { type SharingFinding, sharingFindings } from './gpu-sharing-rules';
import { isMig } from './pool-nodes';
import { kindsOf, migPlanOf, sharingProps, vendorOfKind } from './pool-plan';
import { type PoolForPods, requestFindings } from './pool-pods';
import { chartsFor, installerOf, isNvidiaPool, type SoftwareChart } from './software-values';
import { compareVersions, knownVersion, MIG_DRIVERS } from './software-versions';

/** What is wrong with a pool in one of its clusters, each with the nearest that works. */
export function poolFindings(pool: PoolForPods, others: readonly PoolForPods[]): SharingFinding[] {
  const kinds = kindsOf(pool.props, pool.cluster);
  if (kinds.length === 0) return [noNodes(pool)];
  const vendors = [...new Set(kinds.map(vendorOfKind))];
  if (vendors.length > 1) {
    const what = `Its nodes have cards of ${vendors.join(' and ')}.`;
    return [contradiction(what, 'Make a pool for each, with `products`.')];
  }
  return [
    ...vendorFindings(pool, vendors[0] as GpuVendor),
    ...sharingFindings(sharingProps(pool.props, pool.mode, pool.cluster), pool.mode),
    ...defaultFindings(pool),
    ...workloadFindings(pool),
    ...neighbourFindings(pool, others),
    ...versionFindings(pool, others),
  ];
}

function contradiction(what: string, fix: string): SharingFinding {
  return { code: 'ORR2012', what, fix };
}

function noNodes({ props, cluster }: PoolForPods): SharingFinding {
  const there = (cluster.facts.gpuNodes ?? []).map(({ product }) => product);
  return there.length === 0
    ? {
        code: 'ORR2013',
        what: `The pool is on cluster "${cluster}", of whose GPUs nothing is known.`,
        fix: "Say them with `gpuNodes` of the cluster's facts, or place the pool elsewhere.",
      }
    : {
        code: 'ORR2012',
        what: `Cluster "${cluster}" has no ${(props.products ?? []).join(' or ')}.`,
        fix: `It has: ${there.join(', ')}.`,
      };
}

/** Project-HAMi/HAMi shares cards of other vendors; the rest here is NVIDIA's. */
function vendorFindings({ mode }: PoolForPods, vendor: GpuVendor): SharingFinding[] {
  if (vendor === GpuVendor.NVIDIA || mode === GpuMode.WHOLE_GPU || mode === GpuMode.HAMI) return [];
  const fix = `Use sharing "${GpuSharing.SHARED}" (${GpuMode.HAMI}) or "${GpuSharing.EXCLUSIVE}".`;
  return [contradiction(`The mode ${mode} is for NVIDIA's cards, and these are of ${vendor}.`, fix)];
}

/** What a pod that says nothing of its own gets. */
function defaultFindings(pool: PoolForPods): SharingFinding[] {
  if (isMig(pool.mode) || pool.mode === GpuMode.DRA) return [];
  return pool.props.share === undefined ? [] : requestFindings(pool, { share: pool.props.share });
}

function workloadFindings(pool: PoolForPods): SharingFinding[] {
  const { props, mode, cluster } = pool;
  const { workloads, profiles } = props;
  if (workloads === undefined) return [];
  if (!isMig(mode)) {
    const fix = 'Leave out `workloads`, or use sharing "partitioned".';
    return [contradiction(`Cards are cut for \`workloads\` by MIG, and not by ${mode}.`, fix)];
  }
  if (profiles !== undefined) {
    const fix = 'Leave out one of the two: `profiles` is the same on every card, `workloads` is packed.';
    return [contradiction('The pool has `profiles` and `workloads`.', fix)];
  }
  const plan = migPlanOf(props, cluster);
  const kinds = new Set((plan?.cards ?? []).flatMap(({ mix }) => Object.keys(mix)));
  return [
    ...(plan?.unplaced ?? []).map(({ workload, instances, reason }) =>
      contradiction(
        `${instances} instances of "${workload}" have no place. ${reason}`,
        'Use fewer or smaller instances, or more cards; `MigPlanner` shows what is left.',
      ),
    ),
    ...(mode === GpuMode.MIG_SINGLE && kinds.size > 1
      ? [
          contradiction(
            `The strategy "single" is for one profile on a node, and the workloads need ${[...kinds].join(' and ')}.`,
            `Leave out \`mode\`, or use the mode ${GpuMode.MIG_MIXED}.`,
          ),
        ]
      : []),
  ];
}

/** A node's cards are of one pool, and one release is there once in a cluster. The later of two pools reports it. */
function neighbourFindings(pool: PoolForPods, others: readonly PoolForPods[]): SharingFinding[] {
  return others.flatMap((other) => [
    ...nodeFindings(pool, other),
    ...strategyFindings(pool, other),
    ...hamiFindings(pool, other),
    ...softwareFindings(pool, other),
  ]);
}

function nodeFindings(pool: PoolForPods, other: PoolForPods): SharingFinding[] {
  const findings: SharingFinding[] = [];
  if (pool.name === other.name) {
    findings.push({
      code: 'ORR2004',
      what: `Two pools of the cluster are named "${pool.name}".`,
      fix: 'Give one of them another id.',
    });
  }
  const kinds = new Set(kindsOf(other.props, other.cluster));
  const both = kindsOf(pool.props, pool.cluster).filter((kind) => kinds.has(kind));
  if (both.length > 0) {
    const plugins = new Set([MODES[pool.mode].plugin, MODES[other.mode].plugin]);
    const why = plugins.size > 1 ? `, and ${[...plugins].join(' and ')} would announce the same cards` : '';
    const names = both.map(({ product }) => product).join(', ');
    findings.push(
      contradiction(
        `The pool "${other.name}" has the same nodes (${names})${why}.`,
        'Say with `products` which nodes each pool has; nodes of one product are two kinds only with products of their own.',
      ),
    );
  }
  return findings;
}

/** The operator has one strategy for all nodes of a cluster. */
function strategyFindings(pool: PoolForPods, other: PoolForPods): SharingFinding[] {
  if (!isMig(pool.mode) || !isMig(other.mode) || pool.mode === other.mode) return [];
  const what = `The pool "${other.name}" cuts cards with the mode ${other.mode}, this one with ${pool.mode}, and a cluster has one strategy.`;
  return [contradiction(what, `Use the mode ${GpuMode.MIG_MIXED} in both.`)];
}

/** What HAMi has one value for in a cluster, unless it is said of each node by name. */
function hamiFindings(pool: PoolForPods, other: PoolForPods): SharingFinding[] {
  const modes = [pool.mode, other.mode];
  if (modes[0] === modes[1] && (modes[0] === GpuMode.HAMI || modes[0] === GpuMode.VOLCANO_VGPU)) {
    const same =
      (pool.props.replicas ?? 10) === (other.props.replicas ?? 10) &&
      (pool.props.memoryScaling ?? 1) === (other.props.memoryScaling ?? 1);
    const named = [pool, other].every(({ props, cluster }) =>
      kindsOf(props, cluster).every(({ nodeNames }) => nodeNames !== undefined),
    );
    if (!isNvidiaPool(pool) || !isNvidiaPool(other)) return [];
    if (same || (named && modes[0] === GpuMode.HAMI)) return [];
    const what = `The pool "${other.name}" of the cluster has other \`replicas\` or another \`memoryScaling\`.`;
    return [{ code: 'ORR2013', what, fix: 'Say the `nodeNames` of both kinds of nodes, or use the same numbers.' }];
  }
  // The operator leaves single nodes to another plugin; NVIDIA's plugin alone runs on all that have its cards.
  const besideNvidia =
    [pool, other].filter(isNvidiaPool).length === 2 && MODES[pool.mode].plugin !== MODES[other.mode].plugin;
  const alone = [pool, other].find(
    (one) =>
      installerOf(one, isNvidiaPool(one)) === GpuInstaller.DEVICE_PLUGIN &&
      MODES[one.mode].plugin === GpuPlugin.NVIDIA_DEVICE_PLUGIN,
  );
  if (!besideNvidia || alone === undefined) return [];
  const what = `NVIDIA's device plugin of the pool "${alone.name}" would announce the cards of both pools.`;
  return [contradiction(what, `Use the installer "${GpuInstaller.GPU_OPERATOR}", which leaves labelled nodes out.`)];
}

function softwareFindings(pool: PoolForPods, other: PoolForPods): SharingFinding[] {
  const [own, its] = [pool.props.software ?? {}, other.props.software ?? {}];
  const differ = (Object.keys({ ...own, ...its }) as (keyof typeof own)[]).filter(
    (key) => key !== 'takesUnknownVersions' && JSON.stringify(own[key]) !== JSON.stringify(its[key]),
  );
  if (differ.length === 0 || !isNvidiaPool(pool) || !isNvidiaPool(other)) return [];
  const what = `The pool "${other.name}" of the cluster says something else of its \`software\`: ${differ.join(', ')}.`;
  return [contradiction(what, 'Say the same in both: a cluster has each release once.')];
}

function versionFindings(pool: PoolForPods, others: readonly PoolForPods[]): SharingFinding[] {
  const { props, mode } = pool;
  const installer = installerOf(pool, isNvidiaPool(pool));
  const findings: SharingFinding[] = [];
  if (isMig(mode) && installer === GpuInstaller.DEVICE_PLUGIN) {
    const fix = `Use the installer "${GpuInstaller.GPU_OPERATOR}".`;
    findings.push(contradiction("NVIDIA's device plugin alone cuts no cards: the MIG manager does it.", fix));
  }
  const own = chartsFor([pool]);
  if (mode === GpuMode.VOLCANO_VGPU && own.some(({ version }) => version === '')) {
    findings.push({
      code: 'ORR2013',
      what: "It is not said which version of Volcano's device plugin is installed.",
      fix: 'Say it with `volcanoPluginVersion` of `software`.',
    });
  }
  if (props.software?.takesUnknownVersions === true || others.some(({ props: its }) => its === props)) return findings;
  return [...findings, ...own.flatMap((chart) => chartFindings(pool, chart)), ...driverFindings(pool)];
}

const TAKEN = 'or set `takesUnknownVersions` of `software`';

function chartFindings({ cluster, mode }: PoolForPods, { chart, version }: SoftwareChart): SharingFinding[] {
  if (version === '' || chart === 'volcano-vgpu-device-plugin') return [];
  const known = knownVersion(chart, version);
  if (known === undefined) {
    const what = `Nothing is known of version ${version} of ${chart}: whether it fits the others, and has what is set.`;
    return [{ code: 'ORR2011', what, fix: `Leave the version out, ${TAKEN}.` }];
  }
  const minor = minorOf(cluster.facts.kubernetesVersion);
  if (minor === undefined) return [];
  // What dynamic resource allocation needs is a rule of the mode.
  if (mode === GpuMode.DRA && chart === 'dra-driver-nvidia-gpu') return [];
  const { from, to } = known.kubernetes;
  if (minor >= from && (to === undefined || minor <= to)) return [];
  const range = to === undefined ? `1.${from} or newer` : `1.${from} to 1.${to}`;
  const what = `${chart} ${version} is for Kubernetes ${range}, and cluster "${cluster}" has 1.${minor}.`;
  return [contradiction(what, `Use another version of it, ${TAKEN}.`)];
}

function minorOf(version: string | undefined): number | undefined {
  return version === undefined ? undefined : Number(version.split('.')[1]);
}

function driverFindings(pool: PoolForPods): SharingFinding[] {
  const { props, cluster, mode } = pool;
  const needs = chartsFor([pool]).flatMap(({ chart, version }) => {
    const driver = knownVersion(chart, version)?.driver;
    return driver === undefined ? [] : [{ what: `${chart} ${version}`, driver }];
  });
  return kindsOf(props, cluster).flatMap(({ product, driverVersion = props.software?.driverVersion }) => {
    if (driverVersion === undefined || vendorOfKind({ product, nodes: 0, cardsPerNode: 0 }) !== GpuVendor.NVIDIA)
      return [];
    const cut = isMig(mode) ? MIG_DRIVERS.find(([pattern]) => pattern.test(product)) : undefined;
    const all = cut === undefined ? needs : [...needs, { what: `MIG on a ${product}`, driver: cut[1] }];
    return all
      .filter(({ driver }) => compareVersions(driverVersion, driver) < 0)
      .map(({ what, driver }) =>
        contradiction(
          `${what} needs driver ${driver} or newer, and the nodes have ${driverVersion}.`,
          'Upgrade the driver, or let the GPU operator install it (`installsDriver`).',
        ),
      );
  });
}
