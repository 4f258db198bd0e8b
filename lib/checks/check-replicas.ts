import type { FoundIn, PlatformCheck } from './check.ts';
import { type DeclaredService, declaredServices, fewestOf, type ServiceInCluster, sumOf } from './declared-replicas.ts';
import { neededOf, withoutEach } from './headroom.ts';

/** Services whose replicas in all clusters are not the total that the program declares: an override or a patch changed a share, and nobody took it from another one. */
export const replicaSums: PlatformCheck = {
  looksAt: 'platform',
  id: 'replicas',
  title: 'replicas that do not add up to the declared total',
  // With headroom they are more than the total: the check `headroom` counts those.
  run: (platform) =>
    declaredServices(platform)
      .filter(({ declared }) => declared.survive === undefined)
      .flatMap((service) => mistakenSum(service)),
};

function mistakenSum({ declared, clusters }: DeclaredService): FoundIn[] {
  const { replicas, minReplicas, maxReplicas } = declared;
  const isScaled = clusters.some(({ replicas: all }) => all.some((one) => one.isScaled));
  const fewest = fewestOf(clusters);
  if (replicas !== undefined) {
    if (isScaled || fewest === replicas) return [];
    const what = `Its replicas in all clusters together are ${fewest} (${listed(clusters)}); the program declares ${replicas}.`;
    return inEach(clusters, 'spec.replicas', what, 'Override the others as well, or declare the sum as `replicas`.');
  }
  if (!isScaled || minReplicas === undefined || maxReplicas === undefined) return [];
  if (fewest < minReplicas) {
    const what = `Its autoscalers keep ${fewest} replicas in all clusters together (${listed(clusters)}); the program declares at least ${minReplicas}.`;
    return inEach(clusters, undefined, what, 'Override the others as well, or declare the sum as `minReplicas`.');
  }
  // Every autoscaler may run one pod, also where the total has none for its cluster.
  const most = sumOf(clusters, (one) => one.most);
  const beyond = sumOf(clusters, (one) => (one.most > 1 ? one.most : 0));
  if (beyond <= maxReplicas && most >= maxReplicas) return [];
  const what = `Its autoscalers run up to ${most} replicas in all clusters together; the program declares at most ${maxReplicas}.`;
  return inEach(clusters, undefined, what, 'Override the others as well, or declare the sum as `maxReplicas`.');
}

/** "a 4, b 2" */
function listed(clusters: readonly ServiceInCluster[]): string {
  return clusters.map((place) => `${place.cluster.name} ${fewestOf([place])}`).join(', ');
}

function inEach(
  clusters: readonly ServiceInCluster[],
  field: string | undefined,
  what: string,
  fix: string,
): FoundIn[] {
  return clusters.flatMap(({ cluster, replicas }) =>
    replicas
      .slice(0, 1)
      .map(({ workload: { object } }) => ({ cluster, object, severity: 'warning' as const, field, what, fix })),
  );
}

/** Services that shall survive the loss of any one cluster, and would not. */
export const headroom: PlatformCheck = {
  looksAt: 'platform',
  id: 'headroom',
  title: 'services that would not survive the loss of a cluster',
  run: (platform) =>
    declaredServices(platform)
      .filter(({ declared }) => declared.survive !== undefined)
      .flatMap(missingHeadroom),
};

function missingHeadroom(service: DeclaredService): FoundIn[] {
  const { fewest, most } = neededOf(service.declared);
  return withoutEach(service).flatMap(({ gone, rest, left }): FoundIn[] => {
    const [lost] = gone.replicas;
    const isFloor = left.fewest < fewest;
    if (lost === undefined || (!isFloor && left.most >= most)) return [];
    const what = isFloor
      ? `Without cluster ${gone.cluster.name} ${left.fewest} of its ${fewest} declared replicas are left${rest.length === 0 ? '' : ` (${listed(rest)})`}.`
      : `Without cluster ${gone.cluster.name} its autoscalers run up to ${left.most} replicas; ${most} are declared.`;
    return [
      {
        cluster: gone.cluster,
        object: lost.workload.object,
        severity: 'error',
        what,
        fix: 'Raise what overrides and patches have lowered in the other clusters, or leave out `survive`.',
      },
    ];
  });
}
