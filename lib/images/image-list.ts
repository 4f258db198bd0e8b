import type { MirroredImageManifest } from '@orrery/constructs/assembly-format';
import { mirrorName } from '@orrery/constructs/image-name';
import { list, record } from '../kubernetes/fields.ts';
import { describeId, type KubernetesObject } from '../kubernetes/object.ts';
import { CONTAINER_FIELDS, podSpecOf } from '../kubernetes/pods.ts';
import type { DesiredCluster } from '../render/desired-state.ts';

/** An image, and how the clusters name it. */
export interface ListedImage {
  /** As it is named without any mirror. */
  readonly image: string;
  readonly clusters: readonly ImageInCluster[];
}

export interface ImageInCluster {
  readonly cluster: string;
  /** As pods name it. */
  readonly image: string;
  /** Its name in the mirror of the cluster. Absent: the cluster has none. */
  readonly mirror?: string | undefined;
  /** "Deployment/shop/cart", in the order of the desired state. */
  readonly objects: readonly string[];
}

/** Whether pods take an image from where it was before the cluster had a mirror. */
export function passesMirror({ image, mirror }: ImageInCluster): boolean {
  return mirror !== undefined && mirror !== image;
}

/**
 * The images of pods and pod templates (containers of every sort, and images as volumes), by name. Of a service in a cluster with a mirror the program says where the image comes from
 * (`mirrored`); of what a chart or an included file names, the name is all there is.
 * @param mirrored images from mirrors, by cluster
 */
export function imageList(
  clusters: readonly DesiredCluster[],
  mirrored: ReadonlyMap<string, readonly MirroredImageManifest[]>,
): ListedImage[] {
  const images = new Map<string, Map<string, ImageInCluster & { readonly objects: string[] }>>();
  for (const { name, facts, objects } of clusters) {
    const sources = new Map((mirrored.get(name) ?? []).map(({ image, source }) => [image, source]));
    const { registryMirror: at } = facts;
    for (const { id, object } of objects)
      for (const image of new Set(imagesOf(object))) {
        const source = sources.get(image) ?? image;
        const inClusters = images.get(source) ?? new Map();
        images.set(source, inClusters);
        const key = `${name}\n${image}`;
        const known = inClusters.get(key);
        if (known !== undefined) known.objects.push(describeId(id));
        else {
          const mirror = at === undefined ? undefined : image.startsWith(`${at}/`) ? image : mirrorName(image, at);
          inClusters.set(key, { cluster: name, image, mirror, objects: [describeId(id)] });
        }
      }
  }
  return [...images.keys()].sort().map((image) => ({ image, clusters: [...(images.get(image)?.values() ?? [])] }));
}

function imagesOf(object: KubernetesObject): string[] {
  const pod = podSpecOf(object);
  if (pod === undefined) return [];
  const ofContainers = CONTAINER_FIELDS.flatMap((field) => list(pod[field]).map(({ image }) => image));
  const ofVolumes = list(pod.volumes).map((volume) => record(volume.image).reference);
  return [...ofContainers, ...ofVolumes].filter((image): image is string => typeof image === 'string' && image !== '');
}

/** What has to be copied where, so that every mirror holds all that its cluster needs; sorted. What is named by a mirror alone came there by itself. */
export function copiesOf(images: readonly ListedImage[]): readonly { readonly from: string; readonly to: string }[] {
  const copies = new Map<string, { readonly from: string; readonly to: string }>();
  for (const { image: from, clusters } of images)
    for (const { mirror: to } of clusters)
      if (to !== undefined && to !== from) copies.set(`${from} ${to}`, { from, to });
  return [...copies.values()];
}
