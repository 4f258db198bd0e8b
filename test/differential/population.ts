import { setTimeout as sleep } from 'node:timers/promises';
import type { DiscoveredResources, ResourceType } from '../../lib/cluster/discovery.ts';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { FieldSetCache } from '../../lib/diff/field-set.ts';
import { doubtAboutSets } from '../../lib/diff/field-set-proof.ts';
import { appliedObject } from '../../lib/diff/ownership.ts';
import { desiredDigest, doubtAbout } from '../../lib/diff/proof.ts';
import { readServerStateKeys } from '../../lib/diff/server-state-key.ts';
import { idKey, idOf, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { ClusterPlan } from '../../lib/plan/plan.ts';
import { type AppliedPlatform, clusterPlan } from '../applied-platform.ts';
import { readCorpus } from '../corpus/corpus.ts';
import { deployment, namespace } from '../sample-objects.ts';
import { readDefinitions, specOf, validObject } from './definitions.ts';
import { rendered } from './desired-mutations.ts';
import { Hands } from './hands.ts';
import { Random } from './random.ts';
import { desiredOf, mutablePart, quiet, type Subject } from './subject.ts';

/** Everything that is in the cluster before the first mutation. */
export interface Population {
  readonly subjects: readonly Subject[];
  readonly hands: Hands;
  readonly definitions: readonly KubernetesObject[];
  /** The plan right after the one apply. */
  readonly plan: ClusterPlan;
  /** Objects that this apply leaves without a proof, and why. */
  readonly unproved: readonly string[];
  readonly kinds: number;
  readonly bySets: SetsShare;
}

/** What the proof by sets of fields says of objects right after an apply. */
interface SetsShare {
  readonly proved: number;
  readonly of: number;
  /** Doubts with how often. */
  readonly doubts: ReadonlyMap<string, number>;
}

const COPIES = 3;
const OBJECTS_PER_DEFINITION = 10;
/** Of each sort. */
const DELICATE = 4;

/** Applies the corpus in copies and resources of the CRDs, by the engine itself, and takes what its inventory says. */
export async function populate(
  platform: AppliedPlatform,
  cluster: string,
  crdFolder: string,
  seed: string,
): Promise<Population> {
  const target = await platform.open(cluster);
  const definitions = readDefinitions(crdFolder, `${platform.id}.example.com`);
  const custom = platform.namespace('custom');
  const random = new Random(`${seed}/objects`);
  await install(target, definitions);
  const resources = await customObjects(target, definitions, custom, platform.id, random);
  const corpus = Array.from({ length: COPIES }, (_, copy) => {
    const scope = { namespace: platform.namespace(`c${copy}`), prefix: `${platform.id}-${copy}` };
    const objects = readCorpus(scope).map(({ object }) => rendered(object) ?? object);
    return copy === 0 ? objects : objects.map(quiet);
  }).flat();
  const program = { [cluster]: [namespace(custom), ...definitions, ...corpus, ...resources] };
  const adopt = definitions.map(({ metadata }) => `CustomResourceDefinition/${metadata.name}`);
  const { outcome } = await platform.apply(program, { wait: false, timeoutMs: 120_000 }, { adopt });
  const failures = outcome.clusters.flatMap((one) => one.failures);
  if (failures.length > 0) throw new Error(`not everything could be applied: ${JSON.stringify(failures.slice(0, 5))}`);
  const plan = await restingPlan(platform, program, cluster);
  const hands = await handsOf(platform, target, cluster);
  const regular = await subjectsOf(platform, target, hands, cluster, [...corpus, ...resources], definitions);
  const unproved = regular.flatMap((subject) => doubtOf(subject, hands) ?? []);
  const subjects = [...(await delicateSubjects(target, hands, custom)), ...regular];
  const kinds = new Set(corpus.map(({ apiVersion, kind }) => `${apiVersion.replace(platform.id, '')} ${kind}`)).size;
  return { subjects, hands, definitions, plan, unproved, kinds, bySets: shareBySets(regular, hands) };
}

/** How many objects are proved by what they are, after one apply; why others are not, with how often. */
function shareBySets(subjects: readonly Subject[], hands: Hands): SetsShare {
  const doubts = new Map<string, number>();
  let proved = 0;
  for (const { live, baseline, resource, onlyVersion } of subjects) {
    const facts = { mutates: hands.states.mutates(resource), onlyVersion };
    const applied = appliedObject(baseline.desired, hands.platformId);
    const doubt = doubtAboutSets(live, applied, hands.manager, facts, new FieldSetCache());
    if (doubt === undefined) proved++;
    else doubts.set(doubt, (doubts.get(doubt) ?? 0) + 1);
  }
  return { proved, of: subjects.length, doubts };
}

function doubtOf({ live, baseline: { entry, desired }, resource, key }: Subject, hands: Hands): string | undefined {
  const { hmacKey, manager, states } = hands;
  const digest = desiredDigest(desired, hmacKey);
  const state = states.keyOf(resource, desired.id.namespace);
  const doubt = doubtAbout(live, entry, desired, digest, state, hmacKey, manager, new FieldSetCache());
  return doubt && `${key}: ${doubt}`;
}

async function handsOf(platform: AppliedPlatform, target: KubeTarget, cluster: string): Promise<Hands> {
  const { hmacKey } = await platform.inventory(cluster);
  const hands = new Hands(target, platform.id, hmacKey, await readServerStateKeys(target, true));
  hands.refresh = async () => {
    hands.states = await readServerStateKeys(target, true);
  };
  return hands;
}

/** Controllers go on for a while after an apply: the plan that counts is the first after which nothing is left to do. */
async function restingPlan(
  platform: AppliedPlatform,
  program: Readonly<Record<string, readonly KubernetesObject[]>>,
  cluster: string,
): Promise<ClusterPlan> {
  for (let attempt = 1; ; attempt++) {
    const plan = clusterPlan(await platform.plan(program, [await platform.open(cluster)]), cluster);
    if (plan.items.length === 0 || attempt === 20) return plan;
    await sleep(1000);
  }
}

/** Somebody else's CRDs, which the platform adopts: objects can be tried out before the one apply. */
async function install(target: KubeTarget, definitions: readonly KubernetesObject[]): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const { status, body } of await Promise.all(
    definitions.map((definition) => target.client.request({ method: 'POST', path, body: definition })),
  )) {
    if (status >= 300) throw new Error(`a CRD was refused: ${JSON.stringify(body)}`);
  }
}

async function customObjects(
  target: KubeTarget,
  definitions: readonly KubernetesObject[],
  namespaceName: string,
  prefix: string,
  random: Random,
): Promise<KubernetesObject[]> {
  const resources = await served(target, definitions);
  const made = definitions.flatMap((definition, index) =>
    Array.from({ length: OBJECTS_PER_DEFINITION }, async (_, copy) => {
      const resource = resources[index] as ResourceType;
      const name = `${prefix}-${copy}`;
      const metadata = resource.namespaced ? { name, namespace: 'default' } : { name };
      const object = await validObject(
        target.client,
        definition,
        resource,
        metadata,
        random.fork(`${resource.plural}/${copy}`),
      );
      return resource.namespaced ? { ...object, metadata: { name, namespace: namespaceName } } : object;
    }),
  );
  return Promise.all(made);
}

async function served(target: KubeTarget, definitions: readonly KubernetesObject[]): Promise<ResourceType[]> {
  for (let attempt = 1; ; attempt++) {
    const discovered = await target.discovery({ fresh: true });
    const found = definitions.map((definition) => storedResource(discovered, definition));
    if (found.every((resource) => resource !== undefined)) return found;
    if (attempt === 100) throw new Error('a CRD is not served');
    await sleep(200);
  }
}

function storedResource(discovered: DiscoveredResources, definition: KubernetesObject): ResourceType | undefined {
  const { group, names, versions } = specOf(definition);
  return discovered.find(`${group}/${versions.find(({ storage }) => storage)?.name}`, names.kind);
}

async function subjectsOf(
  platform: AppliedPlatform,
  target: KubeTarget,
  hands: Hands,
  cluster: string,
  objects: readonly KubernetesObject[],
  definitions: readonly KubernetesObject[],
): Promise<Subject[]> {
  const { entries } = await platform.inventory(cluster);
  const discovered = await target.discovery({ fresh: true });
  const subjects = objects.map(async (object): Promise<Subject | undefined> => {
    const resource = discovered.find(object.apiVersion, object.kind);
    const entry = entries.get(idKey(idOf(object)));
    if (resource === undefined || entry === undefined)
      throw new Error(`${object.kind} ${object.metadata.name} is not ours`);
    const original = desiredOf(object);
    const subject: Subject = {
      key: idKey(original.id).replaceAll(platform.id, ''),
      resource,
      otherVersions: otherVersions(discovered, object, definitions),
      onlyVersion: discovered.isOnlyVersion(resource),
      original,
      part: mutablePart(original.id),
      baseline: { entry, desired: original, applied: '' },
      live: object,
      turn: 0,
      rest: 0,
    };
    const live = await hands.read(subject);
    subject.baseline = { entry, desired: original, applied: JSON.stringify(live) };
    // Some do not stay: a controller removes them, or they run out.
    return live === undefined ? undefined : subject;
  });
  return (await Promise.all(subjects)).filter((subject) => subject !== undefined);
}

function otherVersions(
  discovered: DiscoveredResources,
  { apiVersion, kind }: KubernetesObject,
  definitions: readonly KubernetesObject[],
): ResourceType[] {
  const definition = definitions.find((one) => apiVersion.startsWith(`${specOf(one).group}/`));
  const names =
    definition === undefined
      ? ['autoscaling/v1', 'autoscaling/v2']
      : specOf(definition).versions.map(({ name }) => `${specOf(definition).group}/${name}`);
  return names.filter((name) => name !== apiVersion).flatMap((name) => discovered.find(name, kind) ?? []);
}

/**
 * Objects whose proof hangs on one thing, applied without the engine: Secrets with stringData, as no rendering lets them through; Deployments that own what the server does not
 * keep; Services of which the server drops a value because their type no longer has it.
 */
async function delicateSubjects(target: KubeTarget, hands: Hands, where: string): Promise<Subject[]> {
  const discovered = await target.discovery();
  const made = Array.from({ length: DELICATE }, async (_, index): Promise<Subject[]> => {
    const metadata = (name: string) => ({ name: `${name}-${index}`, namespace: where });
    const raw = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('raw'),
      stringData: { one: 'first', two: 'second' },
    };
    const hollow = deployment(where, `hollow-${index}`, HOLLOW_POD, 0);
    const ports = [{ name: 'http', port: 80, protocol: 'TCP' }];
    const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: metadata('dropped'), spec });
    const nodePort = service({ type: 'NodePort', externalTrafficPolicy: 'Cluster', ports });
    const dropped = service({ externalTrafficPolicy: 'Cluster', ports });
    return [
      await applied(discovered, hands, raw),
      await applied(discovered, hands, hollow),
      await applied(discovered, hands, nodePort, dropped),
    ];
  });
  return (await Promise.all(made)).flat();
}

const HOLLOW_POD = {
  containers: [
    { name: 'main', image: 'example.com/main:1', args: [], command: [], env: [{ name: 'EMPTY', value: '' }] },
  ],
};

/** A subject after objects of the same name were applied one after the other; the last one stays what the program wants. */
async function applied(
  discovered: DiscoveredResources,
  hands: Hands,
  ...objects: KubernetesObject[]
): Promise<Subject> {
  const [first] = objects;
  const original = first && desiredOf(first);
  const resource = first && discovered.find(first.apiVersion, first.kind);
  if (original === undefined || resource === undefined) throw new Error('nothing to apply');
  const entry = { id: original.id, apiVersion: original.object.apiVersion, path: original.path };
  const baseline = { entry, desired: original, applied: '' };
  const onlyVersion = discovered.isOnlyVersion(resource);
  const shape = { key: original.id.name, resource, otherVersions: [], onlyVersion, original, part: 'all' } as const;
  const subject: Subject = {
    ...shape,
    constant: true,
    baseline,
    live: { ...original.object, metadata: {} },
    turn: 0,
    rest: 0,
  };
  for (const object of objects) {
    if (!(await hands.apply(subject, desiredOf(object)))) throw new Error(`${object.kind} was refused`);
  }
  return subject;
}

/** Removes what lies outside the namespaces of the platform, and whatever would keep those from going. */
export async function clearAway(target: KubeTarget, subjects: readonly Subject[]): Promise<void> {
  await Promise.all(
    subjects.map(async ({ resource, original, live }) => {
      const path = resourcePath(resource, original.id.namespace, original.id.name);
      const contentType = 'application/merge-patch+json';
      if (live.metadata.finalizers !== undefined) {
        const body = { metadata: { finalizers: null } };
        await target.client.request({ method: 'PATCH', path, body, contentType, idempotent: true });
      }
      if (!resource.namespaced) await target.client.request({ method: 'DELETE', path, idempotent: true });
    }),
  );
}
