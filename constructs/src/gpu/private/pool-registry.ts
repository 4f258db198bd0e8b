import type { Cluster } from '../../cluster';
import type { Platform } from '../../platform';
import type { GpuPoolView } from './pool-view';

const POOLS = new WeakMap<Platform, GpuPoolView[]>();

/** Remembers a pool of a platform. */
export function registerPool(platform: Platform, pool: GpuPoolView): void {
  POOLS.set(platform, [...poolsOf(platform), pool]);
}

/** The pools of a platform, in order of declaration. */
export function poolsOf(platform: Platform): readonly GpuPoolView[] {
  return POOLS.get(platform) ?? [];
}

/** Those that have nodes in a cluster. */
export function poolsIn(platform: Platform, cluster: Cluster): readonly GpuPoolView[] {
  return poolsOf(platform).filter((pool) => pool.clusters().includes(cluster));
}
