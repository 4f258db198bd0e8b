import { present } from '../../private/present-members';
import { quantityOf } from '../../private/quantity';
import type { GpuClaimSharing } from '../gpu-needs';
import { GpuMode, GpuSharing } from '../gpu-sharing-props';
import type { SharingFinding } from './gpu-sharing-rules';
import type { PoolInCluster } from './pool-nodes';

/** Parameters of NVIDIA's driver for devices that several containers have (api/nvidia.com/resource/v1beta1 and demo/specs of kubernetes-sigs/dra-driver-nvidia-gpu). */
export function sharingConfig(request: string, sharing: GpuClaimSharing, isPartition: boolean): object {
  const { turn, activeThreadPercentage, pinnedMemory } = sharing;
  const mpsConfig = present({
    defaultActiveThreadPercentage: activeThreadPercentage,
    defaultPinnedDeviceMemoryLimit: pinnedMemory,
  });
  const isMps = Object.keys(mpsConfig).length > 0;
  return {
    requests: [request],
    opaque: {
      driver: 'gpu.nvidia.com',
      parameters: {
        apiVersion: 'resource.nvidia.com/v1beta1',
        kind: isPartition ? 'MigDeviceConfig' : 'GpuConfig',
        sharing: {
          strategy: isMps ? 'MPS' : 'TimeSlicing',
          ...(isMps ? { mpsConfig } : {}),
          ...(isMps || isPartition ? {} : { timeSlicingConfig: { interval: turn ?? 'Default' } }),
        },
      },
    },
  };
}

/** What is wrong with it. */
export function claimSharingFindings({ mode, props }: PoolInCluster, sharing: GpuClaimSharing): SharingFinding[] {
  const { turn, activeThreadPercentage, pinnedMemory } = sharing;
  const findings: SharingFinding[] = [];
  const bad = (what: string, fix: string) => findings.push({ code: 'ORR2011', what, fix });
  const contradiction = (what: string, fix: string) => findings.push({ code: 'ORR2012', what, fix });
  if (mode !== GpuMode.DRA) {
    const fix = `Leave it out, or use a pool with the mode ${GpuMode.DRA}.`;
    contradiction(`With ${mode} pods claim nothing that containers could share by \`claimSharing\`.`, fix);
  }
  const isMps = activeThreadPercentage !== undefined || pinnedMemory !== undefined;
  if (isMps && turn !== undefined) {
    contradiction(
      'Containers take turns by `turn`, or run side by side with limits (MPS).',
      'Leave out one of the two.',
    );
  }
  if (turn !== undefined && props.sharing === GpuSharing.PARTITIONED) {
    contradiction('Turns on a partition have no length.', 'Leave out `turn`.');
  }
  if (
    activeThreadPercentage !== undefined &&
    !(Number.isSafeInteger(activeThreadPercentage) && activeThreadPercentage >= 1 && activeThreadPercentage <= 100)
  ) {
    bad(`\`activeThreadPercentage\` is ${activeThreadPercentage}.`, 'Use a whole number from 1 to 100.');
  }
  if (pinnedMemory !== undefined && (quantityOf(pinnedMemory) ?? 0) <= 0) {
    bad(`\`pinnedMemory\` is "${pinnedMemory}".`, 'Use a quantity like "10Gi".');
  }
  return findings;
}
