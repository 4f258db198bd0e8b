import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { record } from '../kubernetes/fields.ts';
import { describeId, idKey, isSecret } from '../kubernetes/object.ts';
import { configurationOf, podSpecOf, withPodAnnotation } from '../kubernetes/pods.ts';
import type { DesiredObject } from './desired-state.ts';
import { namespaceOf } from './namespace.ts';

/** On a workload, "true": its pods restart when a ConfigMap or Secret of the program changes that they read. */
const RESTART = 'orrery.dev/restart-on-change';
/** On its pods: digest of the ConfigMaps. */
const CONFIG_DIGEST = 'orrery.dev/config-sha256';

/** Kinds with a pod template whose change restarts nothing: it is for pods to come, or cannot change at all. */
const WITHOUT_ROLLOUT = new Set(['batch/Job', 'batch/CronJob', 'apps/ReplicaSet', '/ReplicationController', '/Pod']);

export interface WithContentDigests {
  readonly objects: readonly DesiredObject[];
  /** What a workload asks for in vain, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Gives the pods of workloads that ask for it a digest of what they read, so that another content is another pod template. It is decided here, where all objects of
 * the cluster are known as the cluster gets them: after overrides and patches, those of charts, included files and other units too. What is not in the program cannot
 * be counted. Of Secrets only the digest is taken; it becomes an annotation where there is a key (`withKeyedContent`).
 */
export function withContentDigests(objects: readonly DesiredObject[], cluster: string): WithContentDigests {
  const asking = new Set(objects.filter(({ object }) => record(object.metadata.annotations)[RESTART] === 'true'));
  if (asking.size === 0) return { objects, notes: [] };
  const contents = new Map(
    objects.flatMap((desired) => {
      const { group, kind } = desired.id;
      const holds = group === '' && (kind === 'ConfigMap' || kind === 'Secret');
      return holds ? [[idKey({ ...desired.id, namespace: namespaceOf(desired) }), desired] as const] : [];
    }),
  );
  const notes: string[] = [];
  const note = ({ id }: DesiredObject, why: string) =>
    notes.push(`${describeId(id)} on ${cluster} is to restart when its configuration changes, but ${why}.`);
  const result = objects.map((desired) => {
    if (!asking.has(desired)) return desired;
    const pod = podSpecOf(desired.object);
    if (pod === undefined || WITHOUT_ROLLOUT.has(`${desired.id.group}/${desired.id.kind}`)) {
      note(desired, 'it has no pods that could be replaced');
      return desired;
    }
    const keys = configurationOf(pod).map(({ kind, name }) =>
      idKey({ group: '', kind, namespace: namespaceOf(desired), name }),
    );
    const read = [...new Set(keys)].sort().flatMap((key) => contents.get(key) ?? []);
    if (read.length === 0) note(desired, 'it reads no ConfigMap or Secret of the program');
    return withDigests(desired, read);
  });
  return { objects: result, notes };
}

function withDigests(desired: DesiredObject, read: readonly DesiredObject[]): DesiredObject {
  const secrets = read.filter(({ id }) => isSecret(id));
  const configuration = read.filter(({ id }) => !isSecret(id));
  const secretContent = secrets.length === 0 ? {} : { secretContent: contentDigest(secrets) };
  if (configuration.length === 0) return { ...desired, ...secretContent };
  const object = withPodAnnotation(desired.object, CONFIG_DIGEST, contentDigest(configuration));
  return { ...desired, ...secretContent, object, sha256: sha256(canonicalJson(object)) };
}

/** What pods can see: names and data. Labels, annotations and the order of keys are not. */
function contentDigest(objects: readonly DesiredObject[]): string {
  const seen = objects.map(({ id: { kind, name }, object: { data, binaryData } }) => {
    return { kind, name, data: record(data), binaryData: record(binaryData) };
  });
  return sha256(canonicalJson(seen));
}
