import type { CanaryNames, LooseObject } from './canary-objects';
import type { ReleaseInCluster } from './release-in-cluster';
import type { ReleaseWorlds, World } from './states';

/** Whether the service has no pods in a cluster: then there is nothing to divide. */
export function hasNoPods(world: World, { workload }: CanaryNames): boolean {
  return world.some(({ content }) => {
    if (content.type !== 'object') return false;
    const { kind, metadata, spec } = content.object as LooseObject;
    return kind === 'Deployment' && metadata.name === workload && spec?.replicas === 0;
  });
}

/** A release of which a controller has nothing to move: the version changes, and that is all. */
export function versionAlone(release: ReleaseInCluster): ReleaseWorlds {
  const before = release.service({});
  const world = release.service({ changes: release.changes });
  return { before, stages: [{ name: 'end', world }], abort: [before] };
}
