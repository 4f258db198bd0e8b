import type { ClusterFactsManifest } from './assembly-format';

const REGISTRY = /^[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?(?::\d+)?$/;

/** distribution/reference: path[:tag][@digest], the path in lower case. */
const REPOSITORY =
  /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

export function isImage(image: string): boolean {
  if (typeof image !== 'string') return false;
  const { registry, repository } = parts(image);
  return image.length <= 4096 && (registry === undefined || REGISTRY.test(registry)) && REPOSITORY.test(repository);
}

type RegistryFacts = Pick<ClusterFactsManifest, 'imageRegistry' | 'registryMirror'>;

/**
 * The image as a cluster pulls it. A mirror stands in for every registry; without one, an image that names no registry gets the cluster's.
 */
export function imageIn(image: string, facts: RegistryFacts): string {
  if (typeof image !== 'string') return '';
  return facts.registryMirror === undefined ? imageSource(image, facts) : mirrorName(image, facts.registryMirror);
}

/** The image as a cluster without a mirror would pull it: what its mirror has to hold a copy of. */
export function imageSource(image: string, { imageRegistry }: RegistryFacts): string {
  if (typeof image !== 'string') return '';
  return imageRegistry === undefined || parts(image).registry !== undefined ? image : `${imageRegistry}/${image}`;
}

/** The name of an image in a registry that stands in for every other one. */
export function mirrorName(image: string, mirror: string): string {
  return `${mirror}/${parts(image).repository}`;
}

const REGISTRY_PATH = /^[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** A registry: a host, optionally with port and path, without scheme. */
export function isRegistry(registry: string): boolean {
  return REGISTRY_PATH.test(registry);
}

/**
 * The registries that images may come from in a cluster: the declared ones as they are and behind the cluster's mirror, and the one of images that name none.
 */
export function registriesIn(declared: readonly string[], { imageRegistry, registryMirror }: RegistryFacts): string[] {
  const mirrored = registryMirror === undefined ? [] : declared.map((registry) => mirroredIn(registryMirror, registry));
  return [...new Set([...declared, ...mirrored, ...(imageRegistry === undefined ? [] : [imageRegistry])])];
}

function mirroredIn(mirror: string, registry: string): string {
  const slash = registry.indexOf('/');
  return slash < 0 ? mirror : `${mirror}${registry.slice(slash)}`;
}

/** The image with its registry, which is Docker Hub where it names none. */
export function fullName(image: string): string {
  const { registry, repository } = parts(image);
  if (registry !== undefined) return image;
  return repository.includes('/') ? `docker.io/${image}` : `docker.io/library/${image}`;
}

/** The first part of a name is a registry if it has a "." or ":" or is "localhost" (distribution/reference). */
function parts(image: string): { readonly registry: string | undefined; readonly repository: string } {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  const isRegistry = first === 'localhost' || /[.:]/.test(first);
  return isRegistry
    ? { registry: first, repository: image.slice(slash + 1) }
    : { registry: undefined, repository: image };
}

/** The tag, if there is one. */
export function tagOf(image: string): string | undefined {
  return /:(\w[\w.-]{0,127})(?:@|$)/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1];
}
