import type { Found, ObjectCheck } from './check.ts';
import { levelVersion } from './pod-security/enforced-level.ts';
import { type LevelViolation, violationsOf } from './pod-security/level.ts';

/**
 * Pods against the Pod Security Standards: where the program's own namespace enforces a level, its API server refuses pods that violate it (an error); elsewhere a
 * violation of the baseline level is a warning, because such pods may do what they like with their node.
 */
export const podSecurity: ObjectCheck = {
  looksAt: 'object',
  id: 'pod-security',
  title: 'pods that their namespace refuses, or that reach beyond themselves',
  run: (object, { enforcedLevels, facts }) => {
    if (object.pods === undefined) return [];
    const enforced = enforcedLevels.get(object.id.namespace);
    const { level, minor } = enforced ?? { level: 'baseline', minor: levelVersion(facts.kubernetesVersion) };
    const violations = violationsOf(object.pods.pod, level, minor);
    return grouped(violations).map(
      ({ control, path, whats }): Found => ({
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
      }),
    );
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
