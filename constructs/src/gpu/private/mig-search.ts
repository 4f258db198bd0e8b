import { MediaEngines, type ProfileGeometry } from './mig-models';

/** How many instances of each profile, in the order of the profiles. */
export type Counts = readonly number[];

/** An instance on a card: index of its profile, first memory slice. */
export interface Spot {
  readonly profile: number;
  readonly start: number;
}

/**
 * Where the instances of a mix go on one card, or undefined where there is no room: slices cannot be summed, since a profile may begin only at
 * some of them. The larger ones first, each as far back as it can (what begins at 0 only is then not in its own way).
 */
export function placeMix(profiles: readonly ProfileGeometry[], counts: Counts): Spot[] | undefined {
  if (!mediaSuffice(profiles, counts)) return undefined;
  const order = profiles
    .map((profile, at) => ({ profile, at, count: counts[at] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort(
      (a, b) => b.profile.memorySlices - a.profile.memorySlices || a.profile.starts.length - b.profile.starts.length,
    );
  // More instances than starts have no room, whatever they are: looking for it would take long.
  if (order.some(({ profile, count }) => count > profile.starts.length)) return undefined;
  const instances = order.flatMap(({ at, count }) => Array.from({ length: count }, () => at));
  const spots: Spot[] = [];
  return fits(profiles, instances, 0, 0, spots) ? spots.sort((a, b) => a.start - b.start) : undefined;
}

function fits(
  profiles: readonly ProfileGeometry[],
  instances: readonly number[],
  next: number,
  taken: number,
  spots: Spot[],
): boolean {
  const at = instances[next];
  if (at === undefined) return true;
  const { starts, memorySlices } = profiles[at] as ProfileGeometry;
  const before = spots[next - 1];
  for (const start of [...starts].reverse()) {
    // Instances of one profile are alike: only one order of them is tried.
    if (before?.profile === at && start > before.start) continue;
    const mask = ((1 << memorySlices) - 1) << start;
    if ((taken & mask) !== 0) continue;
    spots.push({ profile: at, start });
    if (fits(profiles, instances, next + 1, taken | mask, spots)) return true;
    spots.pop();
  }
  return false;
}

/** A card has one optical flow accelerator; an instance with all media engines leaves none to others. */
function mediaSuffice(profiles: readonly ProfileGeometry[], counts: Counts): boolean {
  const number = (media: MediaEngines): number =>
    profiles.reduce((sum, profile, at) => sum + (profile.media === media ? (counts[at] ?? 0) : 0), 0);
  const all = number(MediaEngines.ALL);
  if (all + number(MediaEngines.EXTENDED) > 1) return false;
  return all === 0 || number(MediaEngines.SHARE) === 0;
}

/** All mixes with room on a card but the empty one, those with more of the first profiles first. */
export function feasibleMixes(profiles: readonly ProfileGeometry[]): number[][] {
  const found: number[][] = [];
  const extend = (counts: number[], at: number): void => {
    if (at === profiles.length) {
      if (counts.some((count) => count > 0)) found.push(counts);
      return;
    }
    const tries: number[][] = [];
    for (let count = 0; ; count++) {
      const tried = [...counts, count];
      // A mix without room has none with more instances either.
      if (placeMix(profiles, tried) === undefined) break;
      tries.push(tried);
    }
    for (const tried of tries.reverse()) extend(tried, at + 1);
  };
  extend([], 0);
  return found;
}

/** Those to which no instance of the profiles can be added. */
export function maximalMixes(profiles: readonly ProfileGeometry[]): number[][] {
  return feasibleMixes(profiles).filter((counts) =>
    profiles.every((_, at) => placeMix(profiles, added(counts, at)) === undefined),
  );
}

/** One instance more. */
export function added(counts: Counts, at: number): number[] {
  return counts.map((count, index) => (index === at ? count + 1 : count));
}
