import { OrreryError, type Where } from '../errors.ts';
import { describeId, idOf, isSecret, type KubernetesObject, type ObjectMeta } from '../kubernetes/object.ts';

/** What the API server writes into metadata: part of no desired state. */
const SERVER_SET = ['managedFields', 'uid', 'resourceVersion', 'creationTimestamp', 'generation', 'selfLink'] as const;

/**
 * The form in which objects are compared and applied: without `status` and server-set metadata, a Secret's `stringData` merged into `data` as the
 * API server does it (it wins; kubernetes/kubernetes: pkg/apis/core/v1/conversion.go). Everything else, unknown fields included, stays. Gives
 * back the same object when nothing has to change.
 * @throws OrreryError ORR2202 for a Secret whose stringData is no map of texts
 */
export function normalise(object: KubernetesObject, where: Where): KubernetesObject {
  const dropsMetadata = SERVER_SET.some((field) => Object.hasOwn(object.metadata, field));
  const dropsStatus = Object.hasOwn(object, 'status');
  const mergesStrings = Object.hasOwn(object, 'stringData') && isSecret(idOf(object));
  if (!dropsMetadata && !dropsStatus && !mergesStrings) return object;
  const result: KubernetesObject = { ...object };
  if (dropsStatus) delete result.status;
  if (dropsMetadata) result.metadata = withoutServerSet(object.metadata);
  if (mergesStrings) mergeStringData(result, where);
  return result;
}

function withoutServerSet(metadata: ObjectMeta): ObjectMeta {
  const result: Record<string, unknown> = { ...metadata };
  for (const field of SERVER_SET) delete result[field];
  return result;
}

function mergeStringData(secret: KubernetesObject, where: Where): void {
  const { stringData } = secret;
  delete secret.stringData;
  if (stringData === null) return;
  const refuse: (what: string) => never = (what) => {
    throw new OrreryError('ORR2202', `${what} of the Secret ${secret.metadata.name ?? ''} is no text`, {
      ...where,
      object: describeId(idOf(secret)),
      fix: 'Quote the value: stringData holds texts only.',
    });
  };
  if (typeof stringData !== 'object' || Array.isArray(stringData)) refuse('stringData');
  const data: Record<string, unknown> = { ...(secret.data as Record<string, unknown> | null | undefined) };
  for (const [key, value] of Object.entries(stringData as Record<string, unknown>)) {
    if (value !== null && typeof value !== 'string') refuse(`stringData[${JSON.stringify(key)}]`);
    const encoded = Buffer.from((value as string | null) ?? '', 'utf8').toString('base64');
    Object.defineProperty(data, key, { value: encoded, enumerable: true, configurable: true, writable: true });
  }
  secret.data = data;
}
