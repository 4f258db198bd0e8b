import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { canonicalJson, sha256 } from './canonical';
import type { DeliveredApp, DeliveredObject, ReportDelivery } from './hub-delivery';
import type { JsonMap } from './override-operations';
import type { Entry } from './unit';

/** What one object of a hub holds for one cluster. */
export interface Part {
  /** "mall-cart", "mall-cart-2"; "mall" for what belongs to no service, which is first. */
  readonly name: string;
  /** The service or the app. */
  readonly owner: IConstruct;
  readonly cluster: Cluster;
  readonly manifests: readonly Manifest[];
}

export interface Manifest {
  readonly id: Pick<DeliveredObject, 'group' | 'kind' | 'name' | 'namespace'>;
  readonly object: JsonMap;
  readonly entry: Entry;
}

/**
 * What each cluster gets, in parts: one for what belongs to the whole app, one for each service, more where that is too much for one object. A part does not depend
 * on the others, so that a change of one service changes nothing else. Namespaces and definitions come first in theirs.
 */
export function partsOf(
  app: DeliveredApp,
  objects: readonly DeliveredObject[],
  maxBytes: number,
  report: ReportDelivery,
): Part[] {
  const byPlace = new Map<Cluster, Map<IConstruct, Manifest[]>>();
  for (const { group, kind, name, namespace, inCluster } of objects) {
    for (const [cluster, { object, entry }] of inCluster) {
      const ofCluster = byPlace.get(cluster) ?? new Map<IConstruct, Manifest[]>([[app.construct, []]]);
      byPlace.set(cluster, ofCluster);
      const manifests = ofCluster.get(entry.owner) ?? [];
      ofCluster.set(entry.owner, manifests);
      manifests.push({ id: { group, kind, name, namespace }, object, entry });
    }
  }
  return [...byPlace].flatMap(([cluster, owners]) =>
    [...owners].flatMap(([owner, manifests]) => {
      const base = owner === app.construct ? app.name : `${app.name}-${owner.node.id}`;
      return divided(inOrder(manifests), maxBytes, report).map((some, i): Part => {
        return { name: shortened(i === 0 ? base : `${base}-${i + 1}`), owner, cluster, manifests: some };
      });
    }),
  );
}

const FIRST = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount'];

function inOrder(manifests: readonly Manifest[]): Manifest[] {
  const place = ({ id }: Manifest) => (FIRST.indexOf(id.kind) + FIRST.length + 1) % (FIRST.length + 1);
  return [...manifests].sort((a, b) => place(a) - place(b));
}

/** In order, each as full as it may be. */
function divided(manifests: readonly Manifest[], maxBytes: number, report: ReportDelivery): Manifest[][] {
  const parts: Manifest[][] = [];
  let left = 0;
  for (const manifest of manifests) {
    const size = Buffer.byteLength(canonicalJson(manifest.object));
    if (size > maxBytes) {
      const { kind, name } = manifest.id;
      const what = `${kind}/${name} has ${size} bytes, and an object of the hub holds at most ${maxBytes}.`;
      report('ORR2012', what, 'Make it smaller, or deliver the app directly.', { at: manifest.entry.owner });
    }
    if (size > left) {
      parts.push([]);
      left = maxBytes;
    }
    (parts.at(-1) as Manifest[]).push(manifest);
    left -= size;
  }
  return parts;
}

function shortened(name: string): string {
  return name.length <= 63 ? name : `${name.slice(0, 54).replace(/-+$/, '')}-${sha256(name).slice(0, 8)}`;
}

/** What must not, or cannot, be inside an object of a hub. */
export function reportUnpackable(objects: readonly DeliveredObject[], title: string, report: ReportDelivery): void {
  for (const { kind, name, inCluster, entry } of objects) {
    const all = [...inCluster.values()].map(({ object }) => object);
    if (kind === 'Secret' && all.some(({ data, stringData }) => hasMembers(data) || hasMembers(stringData))) {
      const what = `Secret/${name} has values, which would be readable for whoever reads the objects of ${title}.`;
      report('ORR2012', what, 'Use ExternalSecrets, or deliver the app directly.', { at: entry.owner });
    }
    if (!all.some(restartsOnChange)) continue;
    const what = `${kind}/${name} restarts on change, and what is inside objects of ${title} is not looked at.`;
    report('ORR2012', what, 'Leave out restartOnChange, or deliver the app directly.', { at: entry.owner });
  }
}

function hasMembers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function restartsOnChange({ metadata }: JsonMap): boolean {
  const { annotations } = metadata as { readonly annotations?: { readonly [key: string]: string } };
  return annotations?.['orrery.dev/restart-on-change'] === 'true';
}
