import type { MirroredImageManifest } from '../assembly-format';
import { fullName } from '../image-name';
import type { ClusterUnits } from './dependencies';
import { type Problem, problemAt } from './problem';

/** The images of a cluster that come from its mirror, in order. Reports those of which the mirror could hold one only. */
export function mirroredImages({ cluster, units }: ClusterUnits, problems: Problem[]): MirroredImageManifest[] {
  const sources = new Map<string, string>();
  for (const { entries } of units)
    for (const { mirrored, owner } of entries) {
      if (mirrored === undefined) continue;
      const { image, source } = mirrored;
      const other = sources.get(image);
      if (other === undefined) sources.set(image, source);
      else if (fullName(other) !== fullName(source)) {
        const what = `${source} and ${other} have the same name in the mirror: ${image}.`;
        const fix = 'A mirror holds one image of a name: use the image of one registry.';
        problems.push(problemAt(owner, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
      }
    }
  return [...sources.keys()].sort().map((image) => ({ image, source: sources.get(image) as string }));
}
