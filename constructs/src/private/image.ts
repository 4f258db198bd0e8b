import type { ClusterFacts } from '../cluster-facts';

/** distribution/reference: [host[:port]/]path[:tag][@digest], path in lower case. */
const REFERENCE =
  /^(?:(?:[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?(?::\d+)?)\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

export function isImage(image: string): boolean {
  return image.length <= 4096 && REFERENCE.test(image);
}

/**
 * The image as a cluster pulls it. A mirror stands in for every registry; without one, an image that names no registry gets the cluster's.
 * The first part of a name is a registry if it has a "." or ":" or is "localhost" (distribution/reference).
 */
export function imageIn(image: string, facts: ClusterFacts): string {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const named = first === 'localhost' || /[.:]/.test(first);
  if (facts.registryMirror !== undefined) return `${facts.registryMirror}/${named ? image.slice(slash + 1) : image}`;
  return named || facts.imageRegistry === undefined ? image : `${facts.imageRegistry}/${image}`;
}

/** The tag, if there is one. */
export function tagOf(image: string): string | undefined {
  return /:(\w[\w.-]{0,127})(?:@|$)/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1];
}
