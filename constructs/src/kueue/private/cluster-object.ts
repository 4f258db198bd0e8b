import { type ApiObject, type ApiObjectProps, JsonPatch } from 'cdk8s';
import type { KubernetesMetadata } from '../../kubernetes-metadata';
import { apiValue } from '../../private/api-value';
import { checkAtSynth, type ObjectFinding, typedObject } from '../../private/typed-object';

/** Kueue's API; kept in etcd as this version (kubernetes-sigs/kueue config/components/crd/bases). */
const KUEUE_API = 'kueue.x-k8s.io/v1beta2';

/** An object of Kueue with a spec. */
export function kueueObject(kind: string, metadata: KubernetesMetadata | undefined, spec: object): ApiObjectProps {
  return typedObject({ apiVersion: KUEUE_API, kind, metadata, spec });
}

/** The same of a kind whose fields are not in a spec. */
export function flatObject(kind: string, metadata: KubernetesMetadata | undefined, fields: object): ApiObjectProps {
  const { spec: _, ...object } = kueueObject(kind, metadata, {}) as ApiObjectProps & { readonly spec: object };
  return { ...object, ...(apiValue(fields, kind) as object) };
}

/** Checks an object that is in no namespace, and takes that of its chart away. */
export function checkClusterObject(object: ApiObject, findings: () => readonly ObjectFinding[]): void {
  if (object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  checkAtSynth(object, `${object.kind}/${object.name}`, findings);
}
