import { GpuIsolation, GpuMode, GpuPlugin, GpuSharing, type GpuSharingProps } from '../gpu-sharing-props';

/** What a mode is and gives. */
export interface ModeTraits {
  readonly sharing: readonly GpuSharing[];
  readonly isolation: GpuIsolation;
  readonly plugin: GpuPlugin;
  readonly isMig: boolean;
  /** Several pods on a card, as many as `replicas` says. */
  readonly hasReplicas: boolean;
  /** A pod may have a share of any size. */
  readonly hasShares: boolean;
}

const NVIDIA = { plugin: GpuPlugin.NVIDIA_DEVICE_PLUGIN, isMig: false, hasReplicas: false, hasShares: false };
const SHARED = { sharing: [GpuSharing.SHARED], hasReplicas: true };
const CAPPED = { ...NVIDIA, ...SHARED, isolation: GpuIsolation.SOFT, hasShares: true };
const MIG = { ...NVIDIA, sharing: [GpuSharing.PARTITIONED], isolation: GpuIsolation.STRICT, isMig: true };

/**
 * NVIDIA/k8s-device-plugin README.md: time-slicing isolates neither memory nor faults, MPS gives equal parts and has no MIG devices.
 * Project-HAMi/HAMi README.md: the limit of memory is hard and kept by a library, that of compute is soft.
 */
export const MODES: Readonly<Record<GpuMode, ModeTraits>> = {
  [GpuMode.WHOLE_GPU]: { ...NVIDIA, sharing: [GpuSharing.EXCLUSIVE], isolation: GpuIsolation.STRICT },
  [GpuMode.TIME_SLICING]: { ...NVIDIA, ...SHARED, isolation: GpuIsolation.NONE },
  [GpuMode.MPS]: { ...NVIDIA, ...SHARED, isolation: GpuIsolation.SOFT },
  [GpuMode.MIG_SINGLE]: MIG,
  [GpuMode.MIG_MIXED]: MIG,
  [GpuMode.HAMI]: { ...CAPPED, plugin: GpuPlugin.HAMI },
  [GpuMode.VOLCANO_VGPU]: { ...CAPPED, plugin: GpuPlugin.VOLCANO },
  [GpuMode.DRA]: {
    ...NVIDIA,
    sharing: [GpuSharing.EXCLUSIVE, GpuSharing.PARTITIONED],
    isolation: GpuIsolation.STRICT,
    plugin: GpuPlugin.NVIDIA_DRA_DRIVER,
  },
};

const RANK = [GpuIsolation.NONE, GpuIsolation.SOFT, GpuIsolation.STRICT];

/** Whether what a mode gives is at least what is wanted. */
export function isolates(given: GpuIsolation, wanted: GpuIsolation): boolean {
  return RANK.indexOf(given) >= RANK.indexOf(wanted);
}

/** The isolation that is wanted where nothing is said. */
export function wantedIsolation({ sharing, isolation }: GpuSharingProps): GpuIsolation {
  return isolation ?? (sharing === GpuSharing.SHARED ? GpuIsolation.NONE : GpuIsolation.STRICT);
}

/** The mode that is meant, and why. What does not fit it is found afterwards, by the rules. */
export function chosenMode(props: GpuSharingProps): { readonly mode: GpuMode; readonly reason: string } {
  const { sharing, mode, share, replicas, profiles = {} } = props;
  if (mode !== undefined) return { mode, reason: 'The program says so.' };
  if (sharing === GpuSharing.EXCLUSIVE) return { mode: GpuMode.WHOLE_GPU, reason: 'A pod has whole cards.' };
  if (sharing === GpuSharing.PARTITIONED) {
    const kinds = Object.values(profiles).filter((count) => count > 0).length;
    return kinds === 1
      ? { mode: GpuMode.MIG_SINGLE, reason: 'All partitions are of one profile.' }
      : { mode: GpuMode.MIG_MIXED, reason: 'Partitions are of several profiles.' };
  }
  if (share !== undefined) return { mode: GpuMode.HAMI, reason: 'Only HAMi and Volcano give shares of any size.' };
  if (wantedIsolation(props) === GpuIsolation.NONE) {
    return { mode: GpuMode.TIME_SLICING, reason: 'No isolation is asked for.' };
  }
  return replicas === undefined
    ? { mode: GpuMode.HAMI, reason: 'Memory is limited by software.' }
    : { mode: GpuMode.MPS, reason: 'Equal parts with limited memory are what MPS gives.' };
}
