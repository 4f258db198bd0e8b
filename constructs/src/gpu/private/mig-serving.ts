import type { MigWorkload } from '../mig-planner';
import type { ModelGeometry, ProfileGeometry } from './mig-models';

/** Index of the profile of a model that serves a workload: the named one, or the smallest without suffix that has what is needed. */
export function serving(geometry: ModelGeometry, workload: MigWorkload): number | undefined {
  const { profile: name, gigabytes = 0, computeSlices = 1 } = workload;
  let found: number | undefined;
  for (const [at, profile] of geometry.profiles.entries()) {
    if (name !== undefined) {
      if (profile.name === name || profile.otherNames.includes(name)) return at;
      continue;
    }
    if (profile.gigabytes < gigabytes || profile.computeSlices < computeSlices || !profile.name.endsWith('gb'))
      continue;
    if (found === undefined || isSmaller(profile, geometry.profiles[found] as ProfileGeometry)) found = at;
  }
  return found;
}

function isSmaller(a: ProfileGeometry, b: ProfileGeometry): boolean {
  return a.memorySlices === b.memorySlices ? a.computeSlices < b.computeSlices : a.memorySlices < b.memorySlices;
}
