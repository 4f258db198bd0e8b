import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import type { DesiredObject } from '../../render/desired-state.ts';
import { isLevel, type PodSecurityLevel } from './level.ts';

const LABEL = 'pod-security.kubernetes.io/enforce';
/** Rules of the newest version that is known here. */
const NEWEST = 36;

/** A level of the Pod Security Standards, as it was in a minor version of Kubernetes. */
export interface EnforcedLevel {
  readonly level: PodSecurityLevel;
  readonly minor: number;
}

/** What the namespaces among some objects enforce, by name. */
export function enforcedLevels(
  objects: readonly DesiredObject[],
  facts: ClusterFactsManifest,
): Map<string, EnforcedLevel> {
  const levels = new Map<string, EnforcedLevel>();
  for (const { id, object } of objects) {
    if (id.group !== '' || id.kind !== 'Namespace') continue;
    const labels = object.metadata.labels ?? {};
    const level = labels[LABEL];
    if (!isLevel(level)) continue;
    const version = labels[`${LABEL}-version`];
    const own = levelVersion(facts.kubernetesVersion);
    const minor = version === undefined || version === 'latest' ? own : Math.min(own, levelVersion(version));
    levels.set(id.name, { level, minor });
  }
  return levels;
}

/** "1.34.2", "v1.34" → 34. */
export function levelVersion(version: string | undefined): number {
  const minor = /^v?1\.(\d+)/.exec(version ?? '')?.[1];
  return minor === undefined ? NEWEST : Number(minor);
}
