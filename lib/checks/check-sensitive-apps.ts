import { isAtOrBelow } from '../assembly/construct-path.ts';
import type { CheckedCluster, CheckedObject, FoundIn, PlatformCheck } from './check.ts';

/** Apps that the program calls sensitive, in clusters that the internet reaches. */
export const sensitiveApps: PlatformCheck = {
  looksAt: 'platform',
  id: 'sensitive-app',
  title: 'sensitive apps in clusters that the internet reaches',
  run: ({ clusters, apps }) =>
    apps.flatMap(({ path, sensitive }) =>
      sensitive === true ? clusters.flatMap((cluster) => exposed(path, cluster)) : [],
    ),
};

/** The workloads of the app; where it has none, whatever it has. */
function exposed(path: string, cluster: CheckedCluster): FoundIn[] {
  const { internetFacing } = cluster.facts;
  if (internetFacing === false) return [];
  const own = cluster.objects.filter((object) => isAtOrBelow(object.desired.path, path));
  const workloads = own.filter(({ pods }) => pods !== undefined);
  const about: readonly CheckedObject[] = workloads.length > 0 ? workloads : own.slice(0, 1);
  return about.map((object) => ({ cluster, object, ...(internetFacing === true ? REACHED : UNKNOWN) }));
}

const REACHED = {
  severity: 'error',
  what: 'It belongs to a sensitive app, and the internet reaches the entry points of this cluster.',
  fix: 'Take the cluster out of the placement of the app, or correct `internetFacing` of its facts.',
} as const;

const UNKNOWN = {
  severity: 'warning',
  what: 'It belongs to a sensitive app, and nobody said whether the internet reaches this cluster.',
  fix: 'Say it in the facts of the cluster: `internetFacing: false`.',
} as const;
