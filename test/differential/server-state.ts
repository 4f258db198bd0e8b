import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../../lib/cluster/kube-client.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { bindingOf, labellingPolicy } from '../mutating-policy.ts';
import { type DefaultPlace, defaultPlaces, withDefault } from './changed-defaults.ts';
import { specOf, storedVersion } from './definitions.ts';
import type { Hands } from './hands.ts';
import type { Observation } from './observation.ts';
import type { Random } from './random.ts';
import type { Subject } from './subject.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const PLACES_TRIED = 6;
const ATTEMPTS = 300;
const PAUSE_MS = 100;

/**
 * The CRDs get a default, the objects are applied under it, then it becomes another one. Observed is only what comes after the server has published the schema and
 * the objects are completed by it.
 */
export async function changeDefaults(
  target: KubeTarget,
  definitions: readonly KubernetesObject[],
  subjects: readonly Subject[],
  hands: Hands,
  random: Random,
): Promise<Observation[]> {
  const changed = await Promise.all(
    definitions.map(async (definition) => {
      const { group } = specOf(definition);
      const members = subjects.filter(({ original, retired }) => original.id.group === group && retired === undefined);
      const place = await firstDefault(target, definition, members, random.fork(group));
      return place === undefined ? undefined : { definition, members, place };
    }),
  );
  const places = changed.filter((one) => one !== undefined);
  await hands.refresh();
  const added = await observeAll(
    hands,
    places.flatMap(({ members }) => members),
    'server: default added',
  );
  await Promise.all(places.flatMap(({ members }) => members.map((member) => hands.restore(member))));
  const applied = await observeAll(
    hands,
    places.flatMap(({ members }) => members),
    'server: applied under a default',
  );
  await Promise.all(places.map(({ definition, place }) => setDefault(target, definition, place, place.values[1])));
  await hands.refresh();
  const other = await observeAll(
    hands,
    places.flatMap(({ members }) => members),
    'server: default changed',
  );
  return [...added, ...applied, ...other];
}

async function firstDefault(
  target: KubeTarget,
  definition: KubernetesObject,
  members: readonly Subject[],
  random: Random,
): Promise<DefaultPlace | undefined> {
  const schema = storedVersion(definition).schema.openAPIV3Schema;
  const wanted = members.map(({ baseline }) => baseline.desired.object);
  for (const place of defaultPlaces(schema, wanted, random).slice(0, PLACES_TRIED)) {
    if (await setDefault(target, definition, place, place.values[0])) return place;
  }
  return undefined;
}

/** Says whether the server took it; waits until the OpenAPI index shows it. */
async function setDefault(
  target: KubeTarget,
  definition: KubernetesObject,
  place: DefaultPlace,
  value: Json,
): Promise<boolean> {
  const path = `${CRDS}/${definition.metadata.name}`;
  const { client } = target;
  const before = await publishedAt(client, definition);
  const live = (await client.request({ method: 'GET', path })).body as KubernetesObject;
  const spec = specOf(live);
  const versions = spec.versions.map((version) =>
    version.storage
      ? { ...version, schema: { openAPIV3Schema: withDefault(version.schema.openAPIV3Schema, place, value) } }
      : version,
  );
  const answer = await client.request({ method: 'PUT', path, body: { ...live, spec: { ...spec, versions } } });
  if (answer.status === 409) return setDefault(target, definition, place, value);
  if (answer.status >= 300) return false;
  await until(
    async () => (await publishedAt(client, definition)) !== before,
    `the schema of ${definition.metadata.name}`,
  );
  return true;
}

async function publishedAt(client: KubeClient, definition: KubernetesObject): Promise<string> {
  const { body } = await client.request({ method: 'GET', path: '/openapi/v3' });
  const paths = (body as { paths: Record<string, { serverRelativeURL: string }> }).paths;
  return paths[`apis/${specOf(definition).group}/${storedVersion(definition).name}`]?.serverRelativeURL ?? '';
}

/** Kinds that the policy touches: many of the corpus, few of other tests. */
const TOUCHED = [
  'configmaps',
  'secrets',
  'services',
  'roles',
  'rolebindings',
  'networkpolicies',
  'poddisruptionbudgets',
  'podtemplates',
  'endpoints',
  'cronjobs',
];

/** A mutating policy comes, and changes: in the namespaces given it writes a label on every object of some kinds. */
export async function changePolicies(
  target: KubeTarget,
  name: string,
  namespaces: readonly string[],
  subjects: readonly Subject[],
  hands: Hands,
): Promise<Observation[]> {
  const touched = subjects.filter(
    ({ resource, retired }) => TOUCHED.includes(resource.plural) && retired === undefined,
  );
  const [probe] = touched.filter(({ resource }) => resource.plural === 'configmaps');
  if (probe === undefined) throw new Error('nothing to try a policy on');
  const acts = async () => (await hands.observe(probe, 'probe', probe.baseline.desired))?.outcome === 'changes';
  await hands.restore(probe);
  const looked = { namespaces, apiGroups: ['*'], resources: TOUCHED };
  try {
    await write(target.client, 'mutatingadmissionpolicies', labellingPolicy(name, looked, 'one'));
    await write(target.client, 'mutatingadmissionpolicybindings', bindingOf(name));
    await until(acts, 'the policy');
    await hands.refresh();
    const added = await observeAll(hands, touched, 'server: policy added');
    await Promise.all(touched.map((subject) => hands.restore(subject)));
    const applied = await observeAll(hands, touched, 'server: applied under a policy');
    await write(target.client, 'mutatingadmissionpolicies', labellingPolicy(name, looked, 'two'));
    await until(acts, 'the changed policy');
    await hands.refresh();
    return [...added, ...applied, ...(await observeAll(hands, touched, 'server: policy changed'))];
  } finally {
    await target.client.request({ method: 'DELETE', path: `${ADMISSION}/mutatingadmissionpolicybindings/${name}` });
    await target.client.request({ method: 'DELETE', path: `${ADMISSION}/mutatingadmissionpolicies/${name}` });
  }
}

/** Objects that are on their way out and wait for somebody. */
export async function deleteSome(subjects: readonly Subject[], hands: Hands): Promise<Observation[]> {
  const observed = await Promise.all(
    subjects.map(async (subject) => {
      await hands.restore(subject);
      if (!(await hands.leave(subject))) return [];
      const observation = await hands.observe(subject, 'live: being deleted', subject.baseline.desired);
      return observation === undefined ? [] : [observation];
    }),
  );
  return observed.flat();
}

async function observeAll(hands: Hands, subjects: readonly Subject[], mutation: string): Promise<Observation[]> {
  const observed = subjects.map(async (subject) => {
    if ((await hands.read(subject)) === undefined) return [];
    const observation = await hands.observe(subject, mutation, subject.baseline.desired);
    return observation === undefined ? [] : [observation];
  });
  return (await Promise.all(observed)).flat();
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await holds()) return;
    await sleep(PAUSE_MS);
  }
  throw new Error(`${what} never acted`);
}

async function write(client: KubeClient, plural: string, object: KubernetesObject): Promise<void> {
  const path = `${ADMISSION}/${plural}/${object.metadata.name}`;
  const query = { fieldManager: 'admin', force: 'true' };
  const contentType = 'application/apply-patch+yaml';
  const answer = await client.request({ method: 'PATCH', path, query, contentType, body: object, idempotent: true });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
}
