/** Releases of a chart that the pools know: what they set is there, and what it runs on. */
export interface KnownVersion {
  /** First two numbers of the version of the chart. */
  readonly chart: string;
  /** First and last minor version of Kubernetes 1 that it was validated with or says that it runs on. */
  readonly kubernetes: { readonly from: number; readonly to?: number };
  /** First version of NVIDIA's driver. */
  readonly driver?: string;
}

/** Charts by name. */
export type ChartName =
  | 'gpu-operator'
  | 'nvidia-device-plugin'
  | 'hami'
  | 'volcano'
  | 'volcano-vgpu-device-plugin'
  | 'dra-driver-nvidia-gpu';

/**
 * Which versions fit. Lower ends: `kubeVersion` in the Chart.yaml of NVIDIA/gpu-operator v26.7.0, NVIDIA/k8s-device-plugin v0.20.0, Project-HAMi/HAMi v2.10.0 and kubernetes-sigs/dra-driver-nvidia-gpu
 * 0.4.1 (>= 1.32; `resource.k8s.io/v1`, in which claims are written here, is from 1.34 on). The ranges of the older operators: gpu-operator/platform-support.rst of NVIDIA/cloud-native-docs (25.3: 1.29 to
 * 1.33, pull request 217). Drivers: HAMi and Volcano's plugin by the README of Project-HAMi/volcano-vgpu-device-plugin (above 440); the DRA driver by the README of its demo (565).
 */
export const KNOWN_VERSIONS: Readonly<Record<ChartName, readonly KnownVersion[]>> = {
  'gpu-operator': [
    { chart: '26.7', kubernetes: { from: 16 } },
    { chart: '25.3', kubernetes: { from: 29, to: 33 } },
  ],
  'nvidia-device-plugin': [{ chart: '0.20', kubernetes: { from: 10 } }],
  hami: [{ chart: '2.10', kubernetes: { from: 18 }, driver: '440' }],
  volcano: [{ chart: '1.15', kubernetes: { from: 16 } }],
  'volcano-vgpu-device-plugin': [],
  'dra-driver-nvidia-gpu': [
    { chart: '0.5', kubernetes: { from: 34 }, driver: '565' },
    { chart: '0.4', kubernetes: { from: 34 }, driver: '565' },
  ],
};

/**
 * First driver that cuts a model (MIG): https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ (getting started, prerequisites). Models that are not here are not checked.
 */
export const MIG_DRIVERS: readonly (readonly [product: RegExp, driver: string])[] = [
  [/\bA30\b|\bA[18]00\b/, '450.80.02'],
  [/\bH[18]00\b|\bH200\b/, '525.53'],
  [/\bB200\b/, '570.133.20'],
];

/** What is known of a version of a chart; undefined where nothing is. */
export function knownVersion(chart: ChartName, version: string): KnownVersion | undefined {
  const [major, minor] = version.replace(/^v/, '').split('.');
  return KNOWN_VERSIONS[chart].find((known) => known.chart === `${major}.${minor}`);
}

/** Compares versions number by number: below 0 where the first is the older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
