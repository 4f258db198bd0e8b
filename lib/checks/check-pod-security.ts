import type { CheckedCluster, ClusterCheck, Found } from './check.ts';
import { isLevel, type LevelViolation, type PodSecurityLevel, violationsOf } from './pod-security/level.ts';

const LABEL = 'pod-security.kubernetes.io/enforce';
/** Rules of the newest version that is known here. */
const NEWEST = 36;

/**
 * Pods against the Pod Security Standards: where the program's own namespace enforces a level, its API server refuses pods that violate it (an error); elsewhere a
 * violation of the baseline level is a warning, because such pods may do what they like with their node.
 */
export const podSecurity: ClusterCheck = {
  looksAt: 'cluster',
  id: 'pod-security',
  title: 'pods that their namespace refuses, or that reach beyond themselves',
  run: (cluster) => {
    const namespaces = enforcedLevels(cluster);
    return cluster.workloads.flatMap(({ object, pod }): Found[] => {
      const enforced = namespaces.get(object.id.namespace);
      const { level, minor } = enforced ?? { level: 'baseline', minor: minorOf(cluster.facts.kubernetesVersion) };
      const violations = violationsOf(pod, level, minor);
      return grouped(violations).map(({ control, path, whats }) => ({
        object,
        severity: enforced === undefined ? 'warning' : 'error',
        field: path,
        what:
          enforced === undefined
            ? `Its pods are less safe than the baseline level (${control}): ${whats}.`
            : `Namespace ${object.id.namespace} enforces the level ${level}, which refuses its pods (${control}): ${whats}.`,
        fix:
          enforced === undefined
            ? 'Do without it, or waive this check for the object with the reason.'
            : 'Set what the level demands, or put it into a namespace of a lower level.',
      }));
    });
  },
};

/** One finding per control: five containers without a setting are one thought. */
function grouped(violations: readonly LevelViolation[]): { control: string; path: string; whats: string }[] {
  return [...Map.groupBy(violations, ({ control }) => control)].map(([control, members]) => ({
    control,
    path: members[0]?.path ?? '',
    whats: members.map(({ path, what }) => `${path} ${what}`).join('; '),
  }));
}

function enforcedLevels({ objects, facts }: CheckedCluster): Map<string, { level: PodSecurityLevel; minor: number }> {
  const levels = new Map<string, { level: PodSecurityLevel; minor: number }>();
  for (const { id, desired } of objects) {
    if (id.group !== '' || id.kind !== 'Namespace') continue;
    const labels = desired.object.metadata.labels ?? {};
    const level = labels[LABEL];
    if (!isLevel(level)) continue;
    const version = labels[`${LABEL}-version`];
    const own = minorOf(facts.kubernetesVersion);
    levels.set(id.name, {
      level,
      minor: version === undefined || version === 'latest' ? own : Math.min(own, minorOf(version)),
    });
  }
  return levels;
}

/** "1.34.2", "v1.34" → 34. */
function minorOf(version: string | undefined): number {
  const minor = /^v?1\.(\d+)/.exec(version ?? '')?.[1];
  return minor === undefined ? NEWEST : Number(minor);
}
