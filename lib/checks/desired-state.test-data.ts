import type { AppManifest, ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredState } from '../render/desired-state.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A desired state of clusters and their objects, as it comes out of rendering. */
export function state(
  clusters: Readonly<Record<string, readonly KubernetesObject[]>>,
  facts: ClusterFactsManifest = {},
  apps?: readonly AppManifest[],
): DesiredState {
  return {
    platform: { id: 'shop' },
    assemblyDigest: 'x',
    holdsSecrets: false,
    ...(apps === undefined ? {} : { apps }),
    clusters: Object.entries(clusters).map(([name, objects]) => ({
      name,
      facts,
      objects: objects.map((object) => ({
        id: idOf(object),
        object,
        sha256: sha256(canonicalJson(object)),
        path: `shop/${object.metadata.name}`,
        unit: 'shop',
        source: 'main.ts:7',
        dependsOn: [],
      })),
    })),
  };
}

/** An object of namespace "shop". */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  fields: Fields,
  metadata: Fields = {},
): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, ...fields };
}
