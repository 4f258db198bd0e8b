import {
  GpuInstaller,
  GpuIsolation,
  GpuPool,
  GpuQueues,
  GpuSharing,
  Kueue,
  Placement,
  type Platform,
} from '@orrery/constructs';
import type { Tenants } from './tenants.ts';

/** The cards: cut in hardware for training, shared by memory for serving. */
export interface Pools {
  readonly training: GpuPool;
  readonly serving: GpuPool;
}

/** Pools of cards, and what of them belongs to whom. */
export function addPools(platform: Platform, { vision, speech }: Tenants): Pools {
  // Whoever runs the clusters has installed it. Without these two lines the releases are part of the program.
  const software = { installer: GpuInstaller.NONE };
  const kueue = new Kueue(platform, 'kueue', { placement: Placement.everywhere(), install: false });

  const training = new GpuPool(platform, 'training', {
    placement: Placement.named('gpu-sh'),
    sharing: GpuSharing.PARTITIONED,
    profiles: { '3g.40gb': 2 },
    products: ['NVIDIA-A100-SXM4-80GB'],
    software,
  });
  const serving = new GpuPool(platform, 'serving', {
    placement: Placement.everywhere(),
    sharing: GpuSharing.SHARED,
    isolation: GpuIsolation.SOFT,
    share: { memoryMebibytes: 12_288, corePercentage: 25 },
    products: ['NVIDIA-L40S'],
    software,
  });

  // Half of the partitions belong to each; who has work for more borrows.
  new GpuQueues(platform, 'train', {
    pool: training,
    kueue,
    tenants: [
      { workspace: vision, share: 50 },
      { workspace: speech, share: 50 },
    ],
  });
  // What serves customers is lent to nobody.
  new GpuQueues(platform, 'serve', {
    pool: serving,
    kueue,
    tenants: [
      { workspace: vision, share: 40, lending: 0 },
      { workspace: speech, share: 60, lending: 0 },
    ],
  });
  return { training, serving };
}
