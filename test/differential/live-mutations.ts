import { applyEntryOf } from '../../lib/diff/field-set.ts';
import type { Json, JsonObject, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { ALTERATIONS, type AlterationName, filled, isEmpty, type Part } from './alterations.ts';
import type { Hands } from './hands.ts';
import { at, isMap, nodesOf, withValue } from './json-nodes.ts';
import { otherOrder, partOf } from './partial-apply.ts';
import type { Random } from './random.ts';
import type { Subject } from './subject.ts';
import { alterationTable, namesByWeight, type WeightedTable } from './weighted.ts';

/** Somebody changes an object in the cluster. Undefined: there is nothing to change in that way, or the server refuses it. */
export type LiveMutation = (hands: Hands, subject: Subject, random: Random) => Promise<unknown>;

/** Draws a kind of mutation. What only some objects have is drawn more often for those. */
export function drawLiveMutation({ otherVersions, resource }: Subject, random: Random): string {
  if (otherVersions.length > 0 && random.chance(0.25)) return 'other version';
  if (SCALABLE.has(resource.kind) && random.chance(0.1)) return 'scale';
  return random.pick(BY_WEIGHT);
}

const SCALABLE = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController']);
const EDITOR = 'kubectl-edit';
const OPERATOR = 'some-operator';

/** Kinds of mutation by their names, with weights. */
export const LIVE_MUTATIONS: WeightedTable<LiveMutation> = {
  ...updates(),
  'update, twice': {
    weight: 2,
    run: async (hands, subject, random) => {
      const first = await update(hands, subject, random, EDITOR);
      return (await update(hands, subject, random, OPERATOR)) ?? first;
    },
  },
  'update, then back': { weight: 2, run: changedAndBack },
  'update, then our managedFields': { weight: 3, run: changedUnderOurName },
  'managedFields cleared': {
    weight: 1,
    run: (hands, subject) => hands.patch(subject, { metadata: { managedFields: [{}] } }, EDITOR, 'merge'),
  },
  'managedFields renamed': {
    weight: 1,
    run: (hands, subject) => hands.put(subject, renamed(subject.live, hands.manager), EDITOR),
  },
  'apply, same value': {
    weight: 3,
    run: (hands, subject, random) => applyPart(hands, subject, random, (value) => value),
  },
  'apply, other value': {
    weight: 4,
    run: (hands, subject, random) => applyPart(hands, subject, random, (value) => otherValue(value, random)),
  },
  'update, fill what we own empty': { weight: 4, run: fillOurs },
  'apply, other order': { weight: 5, run: applyOrder },
  'apply, then let go': {
    weight: 2,
    run: async (hands, subject, random) => {
      const applied = await applyPart(hands, subject, random, (value) => otherValue(value, random));
      return applied && hands.patch(subject, bare(subject), OPERATOR, 'apply');
    },
  },
  'apply, added': { weight: 3, run: applyAdded },
  'status, update': { weight: 2, run: updateStatus },
  'status, apply under our name': { weight: 1, run: applyStatus },
  scale: { weight: 1, run: scale },
  'other version': { weight: 3, run: updateOtherVersion },
  nothing: { weight: 2, run: async (_, subject) => subject.live },
};

const BY_WEIGHT = namesByWeight(LIVE_MUTATIONS);

function updates(): WeightedTable<LiveMutation> {
  const weights = { order: 6, fill: 4, add: 5, duplicate: 4, null: 2, type: 1 };
  return alterationTable(
    (name) => `update, ${name}`,
    weights,
    3,
    (name) => async (hands, subject, random) => {
      const altered = ALTERATIONS[name](subject.live, random, partToday(subject, random));
      return altered && hands.put(subject, altered, EDITOR);
    },
  );
}

/** Many kinds let nobody change anything but metadata: some of the draws go there. */
function partToday({ part }: Subject, random: Random): Part {
  return random.chance(0.15) ? 'metadata' : part;
}

async function update(
  hands: Hands,
  subject: Subject,
  random: Random,
  who: string,
): Promise<KubernetesObject | undefined> {
  const name = random.pick(Object.keys(ALTERATIONS) as AlterationName[]);
  const altered = ALTERATIONS[name](subject.live, random, partToday(subject, random));
  return altered && hands.put(subject, altered, who);
}

async function changedAndBack(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  const before = subject.live;
  if ((await update(hands, subject, random, EDITOR)) === undefined) return undefined;
  const { resourceVersion = '', managedFields = [] } = subject.live.metadata;
  return hands.put(subject, { ...before, metadata: { ...before.metadata, resourceVersion, managedFields } }, EDITOR);
}

/** Values change, and the managedFields of before are written over what says so. */
async function changedUnderOurName(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  const { managedFields = [] } = subject.live.metadata;
  const changed = await update(hands, subject, random, EDITOR);
  return changed && hands.put(subject, { ...changed, metadata: { ...changed.metadata, managedFields } }, EDITOR);
}

function renamed(live: KubernetesObject, manager: string): KubernetesObject {
  const managedFields = (live.metadata.managedFields ?? []).map((entry) =>
    entry.manager === manager ? { ...entry, manager: 'renamed' } : entry,
  );
  return { ...live, metadata: { ...live.metadata, managedFields } };
}

function applyPart(hands: Hands, subject: Subject, random: Random, change: (value: Json) => Json): Promise<unknown> {
  const fields = ourFields(subject, hands, random);
  const part = fields && partOf(fields, subject.live as unknown as Json, random, change);
  return isMap(part)
    ? hands.patch(subject, withIdentity(part, subject), OPERATOR, 'apply')
    : Promise.resolve(undefined);
}

/** What the program writes without meaning anything the server often does not keep; nothing but our fields says that it is ours. */
async function fillOurs(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  const empty = nodesOf(subject.baseline.desired.object, subject.part).filter(({ value }) => isEmpty(value));
  if (empty.length === 0) return undefined;
  const { path, value } = random.pick(empty);
  if (!isMap(at(subject.live, path.slice(0, -1)))) return undefined;
  return hands.put(subject, withValue(subject.live, path, filled(value, random)), EDITOR);
}

function applyOrder(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  const fields = applyEntryOf(subject.live, hands.manager)?.fieldsV1;
  if (subject.part === 'metadata') return Promise.resolve(undefined);
  const part = fields && otherOrder(fields, random);
  return part === undefined
    ? Promise.resolve(undefined)
    : hands.patch(subject, withIdentity(part, subject), OPERATOR, 'apply');
}

/** Applies what stands beside our fields: something that an alteration adds, and nothing else. */
async function applyAdded(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  const name = random.pick(['zz', 'aa', 'example.com/alien']);
  const map = random.pick(['labels', 'annotations', 'data'] as const);
  const value = random.pick(['one', 'two']);
  if (map === 'data') {
    if (subject.resource.kind !== 'ConfigMap') return undefined;
    return hands.patch(subject, { ...bare(subject), data: { aa: value } }, OPERATOR, 'apply');
  }
  return hands.patch(subject, withIdentity({ metadata: { [map]: { [name]: value } } }, subject), OPERATOR, 'apply');
}

async function updateStatus(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  if (subject.part === 'metadata') return undefined;
  const name = random.pick(['value', 'remove', 'add', 'order', 'empty'] as const);
  const altered = ALTERATIONS[name](subject.live, random, 'status');
  return altered && hands.put(subject, altered, EDITOR, '/status');
}

async function applyStatus(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  const { status } = subject.live;
  if (subject.part === 'metadata' || !isMap(status) || Object.keys(status).length === 0) return undefined;
  const name = random.pick(Object.keys(status));
  return hands.patch(
    subject,
    { ...bare(subject), status: { [name]: status[name] } },
    hands.manager,
    'apply',
    '/status',
  );
}

async function scale(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  if (!SCALABLE.has(subject.resource.kind)) return undefined;
  return hands.patch(subject, { spec: { replicas: random.below(3) } }, EDITOR, 'merge', '/scale');
}

async function updateOtherVersion(hands: Hands, subject: Subject, random: Random): Promise<unknown> {
  if (subject.otherVersions.length === 0) return undefined;
  const resource = random.pick(subject.otherVersions);
  const live = await hands.readAs(subject, resource);
  const name = random.pick(['value', 'order', 'remove', 'add', 'duplicate'] as const);
  const altered = live && ALTERATIONS[name](live, random, subject.part);
  return altered && hands.put(subject, altered, EDITOR, '', resource);
}

/** Our fields below one member of the root: metadata as often as the rest. */
function ourFields({ live, part }: Subject, { manager }: Hands, random: Random): JsonObject | undefined {
  const fields = applyEntryOf(live, manager)?.fieldsV1;
  if (fields === undefined) return undefined;
  const names = Object.keys(fields).filter((name) => part === 'all' || name === 'f:metadata');
  if (names.length === 0) return undefined;
  const name = random.pick(names);
  return { [name]: fields[name] };
}

function otherValue(value: Json, random: Random): Json {
  const wrapped = { apiVersion: '', kind: '', metadata: {}, value } as unknown as KubernetesObject;
  const names = ['value', 'fill', 'quantity', 'order', 'add', 'duplicate', 'empty'] as const;
  for (const name of random.shuffled(names)) {
    const altered = ALTERATIONS[name](wrapped, random, 'all');
    if (altered?.value !== undefined) return altered.value as Json;
  }
  return value;
}

function bare({ original }: Subject): KubernetesObject {
  const { name = '', namespace } = original.object.metadata;
  const { apiVersion, kind } = original.object;
  return { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
}

function withIdentity(part: JsonObject, subject: Subject): KubernetesObject {
  const whole = bare(subject);
  return { ...part, ...whole, metadata: { ...(isMap(part.metadata) ? part.metadata : {}), ...whole.metadata } };
}
