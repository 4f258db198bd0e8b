import { tolerationOf } from '../../private/pod-rendering';
import { present } from '../../private/present-members';
import { writeYaml } from '../../yaml';
import { GpuVendor } from '../gpu-nodes';
import { GpuInstaller, type GpuSoftware } from '../gpu-pool-props';
import { GpuMode, GpuPlugin } from '../gpu-sharing-props';
import { MigStrategy } from '../mig-plan';
import { MODES } from './gpu-modes';
import { migValues } from './mig-values';
import { isMig, migLayouts, PLUGIN_LABEL, POOL_TAINT, poolNodes } from './pool-nodes';
import { kindsOf, vendorOfKind } from './pool-plan';
import type { PoolForPods } from './pool-pods';
import type { ChartName } from './software-versions';

/** Configuration of the device plugin for nodes whose cards are not shared. */
const WHOLE = 'whole';
const NVIDIA_TAINT = tolerationOf({ key: POOL_TAINT, effect: 'NoSchedule' });

/** A chart in a cluster, for the pools that are there. */
export interface SoftwareChart {
  readonly chart: ChartName;
  readonly repository: string;
  readonly version: string;
  /** Folder or archive that is taken instead. */
  readonly local?: string | undefined;
  readonly values: { readonly [key: string]: unknown };
}

/** What installs the software of a pool. Cards of other vendors need what their vendors give; HAMi alone is ours to install. */
export function installerOf({ props }: PoolForPods, isNvidia: boolean): GpuInstaller {
  return props.software?.installer ?? (isNvidia ? GpuInstaller.GPU_OPERATOR : GpuInstaller.NONE);
}

/** Whether the cards of a pool in its cluster are NVIDIA's. */
export function isNvidiaPool({ props, cluster }: PoolForPods): boolean {
  return kindsOf(props, cluster).some((kind) => vendorOfKind(kind) === GpuVendor.NVIDIA);
}

/** The charts that the pools of a cluster need there. */
export function chartsFor(pools: readonly PoolForPods[]): SoftwareChart[] {
  const installed = pools.filter(({ props }) => props.software?.installer !== GpuInstaller.NONE);
  const ofNvidia = installed.filter(isNvidiaPool);
  const byOperator = ofNvidia.filter((pool) => installerOf(pool, true) === GpuInstaller.GPU_OPERATOR);
  const byPlugin = ofNvidia.filter(
    (pool) => installerOf(pool, true) === GpuInstaller.DEVICE_PLUGIN && plugin(pool) === GpuPlugin.NVIDIA_DEVICE_PLUGIN,
  );
  const withHami = installed.filter(({ mode }) => mode === GpuMode.HAMI);
  const withVolcano = ofNvidia.filter(({ mode }) => mode === GpuMode.VOLCANO_VGPU);
  const withDra = ofNvidia.filter(({ mode }) => mode === GpuMode.DRA);
  const hasOperator = byOperator.length > 0;
  return [
    ...chart(byOperator, 'gpu-operator', 'https://helm.ngc.nvidia.com/nvidia', operatorVersion, operatorValues),
    ...chart(
      byPlugin,
      'nvidia-device-plugin',
      'https://nvidia.github.io/k8s-device-plugin',
      (software) => software.devicePluginVersion ?? '0.20.0',
      devicePluginValues,
    ),
    ...chart(
      withHami,
      'hami',
      'https://project-hami.github.io/HAMi',
      (software) => software.hamiVersion ?? '2.10.0',
      (own) => hamiValues(own, hasOperator),
    ),
    ...chart(
      withVolcano,
      'volcano',
      'https://volcano-sh.github.io/helm-charts',
      (software) => software.volcanoVersion ?? '1.15.1',
      () => ({ custom: { scheduler_config_override: VOLCANO_SCHEDULER } }),
    ),
    ...chart(
      withVolcano,
      'volcano-vgpu-device-plugin',
      'https://project-hami.github.io/volcano-vgpu-device-plugin',
      (software) => software.volcanoPluginVersion ?? '',
      volcanoPluginValues,
    ),
    ...chart(
      withDra,
      'dra-driver-nvidia-gpu',
      'oci://registry.k8s.io/dra-driver-nvidia/charts',
      (software) => software.draDriverVersion ?? '0.5.0',
      draValues,
    ),
  ];
}

function chart(
  pools: readonly PoolForPods[],
  name: ChartName,
  repository: string,
  version: (software: GpuSoftware) => string,
  values: (pools: readonly PoolForPods[]) => { readonly [key: string]: unknown },
): SoftwareChart[] {
  const [first] = pools;
  if (first === undefined) return [];
  const { software = {} } = first.props;
  return [
    { chart: name, repository, version: version(software), local: software.charts?.[name], values: values(pools) },
  ];
}

function operatorVersion({ operatorVersion = 'v26.7.0' }: GpuSoftware): string {
  return operatorVersion;
}

function plugin({ mode }: PoolForPods): GpuPlugin {
  return MODES[mode].plugin;
}

/** Whether the operator installs the driver: not over one that the nodes are said to have. */
function installsDriver({ props, cluster }: PoolForPods): boolean {
  return (
    props.software?.installsDriver ?? kindsOf(props, cluster).every(({ driverVersion }) => driverVersion === undefined)
  );
}

function operatorValues(pools: readonly PoolForPods[]): { [key: string]: unknown } {
  const cut = pools.filter(({ mode }) => isMig(mode));
  const layouts = Object.assign({}, ...cut.map(migLayouts)) as ReturnType<typeof migLayouts>;
  const strategy = cut.some(({ mode }) => mode === GpuMode.MIG_MIXED) ? MigStrategy.MIXED : MigStrategy.SINGLE;
  const usesPlugin = pools.some((pool) => plugin(pool) === GpuPlugin.NVIDIA_DEVICE_PLUGIN);
  const configs = pluginConfigs(pools);
  const installs = pools.every(installsDriver);
  const driverVersion = pools
    .map(({ props }) => props.software?.driverVersion)
    .find((version) => version !== undefined);
  const tolerations = nodeTolerations(pools);
  const taintsByRules = pools.some(({ props }) => props.labelNodes === true && props.dedicated === true)
    ? { master: { config: { enableTaints: true } } }
    : {};
  return {
    driver: present({ enabled: installs, version: installs ? driverVersion : undefined }),
    devicePlugin: present({
      enabled: usesPlugin,
      config: configs === undefined ? undefined : { create: true, name: 'gpu-sharing', default: WHOLE, data: configs },
    }),
    ...(cut.length === 0 ? { migManager: { enabled: false } } : migValues(strategy, 'mig-layouts', layouts)),
    ...(tolerations.length === 0
      ? Object.keys(taintsByRules).length === 0
        ? {}
        : { 'node-feature-discovery': taintsByRules }
      : {
          daemonsets: { tolerations: [NVIDIA_TAINT, ...tolerations] },
          'node-feature-discovery': {
            worker: { tolerations: [CONTROL_PLANE, NVIDIA_TAINT, ...tolerations] },
            ...taintsByRules,
          },
        }),
  };
}

const CONTROL_PLANE = tolerationOf({ key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' });

/** What the software on the nodes puts up with beside NVIDIA's own taint. */
function nodeTolerations(pools: readonly PoolForPods[]): object[] {
  const all = pools.flatMap(({ props, cluster }) =>
    kindsOf(props, cluster).flatMap(({ tolerations = [] }) => tolerations),
  );
  const texts = new Map(all.map((toleration) => [JSON.stringify(toleration), toleration]));
  return [...texts.values()].filter(({ key }) => key !== POOL_TAINT).map(tolerationOf);
}

/** Configurations of the device plugin by name, one for each pool with shared cards; undefined where no cards are. */
function pluginConfigs(pools: readonly PoolForPods[]): { [name: string]: string } | undefined {
  const shared = pools.filter(({ mode }) => mode === GpuMode.TIME_SLICING || mode === GpuMode.MPS);
  if (shared.length === 0) return undefined;
  return Object.fromEntries([
    [WHOLE, writeYaml({ version: 'v1' })],
    ...shared.map((pool): [string, string] => [pool.name, writeYaml({ version: 'v1', sharing: sharingOf(pool) })]),
  ]);
}

/** Replicas have a name of their own, so that nobody takes one for a whole card. */
function sharingOf({ mode, props }: PoolForPods): object {
  const resources = [{ name: 'nvidia.com/gpu', replicas: props.replicas }];
  return mode === GpuMode.MPS
    ? { mps: { renameByDefault: true, resources } }
    : { timeSlicing: { renameByDefault: true, failRequestsGreaterThanOne: true, resources } };
}

function devicePluginValues(pools: readonly PoolForPods[]): { [key: string]: unknown } {
  const configs = pluginConfigs(pools);
  const tolerations = nodeTolerations(pools);
  return {
    gfd: { enabled: true },
    ...(configs === undefined ? {} : { config: { map: configs, default: WHOLE } }),
    ...(tolerations.length === 0 ? {} : { tolerations: [CRITICAL, NVIDIA_TAINT, ...tolerations] }),
  };
}

const CRITICAL = tolerationOf({ key: 'CriticalAddonsOnly' });
const VENDOR_VALUES: { readonly [V in GpuVendor]?: string } = {
  [GpuVendor.ASCEND]: 'ascend',
  [GpuVendor.ILUVATAR]: 'iluvatar',
  [GpuVendor.MTHREADS]: 'mthreads',
  [GpuVendor.ENFLAME]: 'enflame',
  [GpuVendor.KUNLUNXIN]: 'kunlun',
  [GpuVendor.BIREN]: 'biren',
  [GpuVendor.VASTAI]: 'vastai',
};

function hamiValues(pools: readonly PoolForPods[], hasOperator: boolean): { [key: string]: unknown } {
  const ofNvidia = pools.filter(isNvidiaPool);
  const vendors = new Set(pools.flatMap(({ props, cluster }) => kindsOf(props, cluster).map(vendorOfKind)));
  const devices = [...vendors].flatMap((vendor) => VENDOR_VALUES[vendor] ?? []);
  const [first] = ofNvidia;
  const tolerations = nodeTolerations(pools);
  const nodeconfig = ofNvidia.flatMap(nodeConfigs);
  const runtime = first?.props.software?.runtimeClassName ?? (hasOperator ? 'nvidia' : undefined);
  return {
    devicePlugin:
      first === undefined
        ? { enabled: false }
        : present({
            enabled: true,
            deviceSplitCount: first.props.replicas ?? 10,
            deviceMemoryScaling: first.props.memoryScaling ?? 1,
            // The chart's own is an example for a node that nobody has.
            nodeConfiguration: { config: JSON.stringify({ nodeconfig }) },
            runtimeClassName: runtime,
            gpuOperatorToolkitReady: hasOperator ? { enabled: true } : undefined,
            tolerations: [NVIDIA_TAINT, ...tolerations],
          }),
    ...(devices.length === 0
      ? {}
      : { devices: Object.fromEntries(devices.map((device) => [device, { enabled: true }])) }),
  };
}

/** Project-HAMi/HAMi docs/config.md: what is said of a node by its name wins. */
function nodeConfigs(pool: PoolForPods): object[] {
  const { replicas = 10, memoryScaling = 1 } = pool.props;
  return poolNodes(pool).flatMap(({ names = [] }) =>
    names.map((name) => ({
      name,
      operatingmode: 'hami-core',
      devicememoryscaling: memoryScaling,
      devicesplitcount: replicas,
      migstrategy: 'none',
      filterdevices: { uuid: [], index: [] },
    })),
  );
}

/** Plugins and their order as Project-HAMi/HAMi docs/how-to-use-volcano-vgpu.md needs them: `deviceshare` counts the shares. */
const VOLCANO_SCHEDULER = writeYaml({
  actions: 'enqueue, allocate, backfill',
  tiers: [
    { plugins: [{ name: 'priority' }, { name: 'gang' }, { name: 'conformance' }] },
    {
      plugins: [
        { name: 'drf' },
        { name: 'deviceshare', arguments: { 'deviceshare.VGPUEnable': true } },
        { name: 'predicates' },
        { name: 'proportion' },
        { name: 'nodeorder' },
        { name: 'binpack' },
      ],
    },
  ],
});

function volcanoPluginValues(pools: readonly PoolForPods[]): { [key: string]: unknown } {
  const [first] = pools;
  const { replicas = 10, memoryScaling = 1, software = {} } = first?.props ?? {};
  return {
    namespace: software.namespaceName ?? SOFTWARE_NAMESPACE,
    deviceConfig: { nvidia: { deviceSplitCount: replicas, deviceMemoryScaling: memoryScaling } },
    nodeConfig: { enabled: false },
    nodeSelector: { [PLUGIN_LABEL]: 'volcano' },
    tolerations: [CRITICAL, NVIDIA_TAINT, ...nodeTolerations(pools)],
  };
}

/** Namespace of what pools install, where they say no other. */
export const SOFTWARE_NAMESPACE = 'gpu-system';

/** GPUs are off by default in this driver; the other half of it, for links between nodes, is not what a pool is. */
function draValues(pools: readonly PoolForPods[]): { [key: string]: unknown } {
  const byOperator = pools.some(
    (pool) => installerOf(pool, true) === GpuInstaller.GPU_OPERATOR && installsDriver(pool),
  );
  return {
    gpuResourcesEnabledOverride: true,
    nvidiaDriverRoot: byOperator ? '/run/nvidia/driver' : '/',
    resources: { gpus: { enabled: true }, computeDomains: { enabled: false } },
    kubeletPlugin: {
      nodeSelector: { [PLUGIN_LABEL]: 'dra' },
      tolerations: [NVIDIA_TAINT, ...nodeTolerations(pools)],
    },
  };
}
