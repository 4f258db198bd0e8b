import type { FoundIn, PlatformCheck } from './check.ts';
import { claimNames, dividedVolumes } from './uncovered-data.ts';

/** Volumes of one place in the program in several clusters: they look like one and are several, each with data of its own. */
export const dividedVolumeData: PlatformCheck = {
  looksAt: 'platform',
  id: 'divided-volume',
  title: 'volumes of one app in several clusters of one environment, whose data nothing keeps equal',
  run: ({ clusters }) => {
    const running = clusters.map((cluster) => ({ ...cluster, objects: cluster.objects.map(({ desired }) => desired) }));
    const divided = dividedVolumes(running);
    if (divided.length === 0) return [];
    return clusters.flatMap((cluster) =>
      cluster.objects.flatMap((object): FoundIn[] => {
        const { path, object: content } = object.desired;
        return claimNames(content).flatMap((name): FoundIn[] => {
          const volume = divided.find(
            (one) =>
              one.path === path &&
              one.name === name &&
              one.namespace === (content.metadata.namespace ?? '') &&
              one.clusters.includes(cluster.name),
          );
          if (volume === undefined) return [];
          return [
            {
              cluster,
              object,
              severity: 'warning',
              what: `Volume ${name} is in ${volume.clusters.length} clusters (${volume.clusters.slice(0, 8).join(', ')}${volume.clusters.length > 8 ? ', …' : ''}), each with data of its own: nothing keeps it equal.`,
              fix: 'Let a database or a storage system replicate the data, keep it in one cluster, or waive this where the copies may differ.',
            },
          ];
        });
      }),
    );
  },
};
