import { applyEntryOf, FieldSetCache, ownedFields } from '../../lib/diff/field-set.ts';
import { doubtAboutSets, type ServerFacts } from '../../lib/diff/field-set-proof.ts';
import { appliedObject } from '../../lib/diff/ownership.ts';
import { doubtAbout } from '../../lib/diff/proof.ts';
import type { InventoryEntry } from '../../lib/inventory/inventory.ts';
import { hmacSha256 } from '../../lib/kubernetes/canonical.ts';
import { isSecret, type Json, type JsonObject, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import { isMap } from './json-nodes.ts';
import type { Observation } from './observation.ts';

/** Who judges: our platform and its field manager, and the key of the inventory. */
export interface Judge {
  readonly platformId: string;
  readonly manager: string;
  readonly hmacKey: Uint8Array;
}

/** Says whether an object is provably unchanged. */
export type Proof = (observation: Observation, judge: Judge) => boolean;

/** The proof as it is. */
export const proved: Proof = (observation, judge) => verdict(observation, judge, {});

/** The proof with one of its legs cut off. Each of them has to be found out by the same observations that the whole proof stands. */
export const BROKEN_PROOFS: Readonly<Record<string, Proof>> = {
  'F off': (observation, judge) => {
    const now = owned(live(observation), observation, judge);
    return verdict(observation, judge, { entry: { fields: now?.fields } });
  },
  'P off': (observation, judge) => {
    const now = owned(live(observation), observation, judge);
    return verdict(observation, judge, { entry: { projection: now?.projection } });
  },
  'order off': (observation, judge) => {
    const now = live(observation);
    // What this finds is rare, and putting lists in order the most work of all.
    if (!verdict(observation, judge, { entry: { projection: owned(now, observation, judge)?.projection } }))
      return false;
    const before = JSON.parse(observation.baseline.applied) as KubernetesObject;
    return (
      owned(ordered(now, judge), observation, judge)?.projection ===
      owned(ordered(before, judge), observation, judge)?.projection
    );
  },
  'stringData off': (observation, judge) => {
    const { stringData, ...object } = observation.desired.object;
    return (
      stringData !== undefined &&
      verdict(observation, judge, { object: object as KubernetesObject, entry: taken(observation, judge) })
    );
  },
  'dropped values off': (observation, judge) => verdict(observation, judge, { entry: taken(observation, judge) }),
  'desired digest off': (observation, judge) =>
    verdict(observation, judge, {
      digest: observation.baseline.entry.desired,
      entry: { apiVersion: observation.desired.object.apiVersion },
    }),
  'server state off': (observation, judge) =>
    verdict(observation, judge, { serverState: observation.baseline.entry.serverState }),
  'deletion off': (observation, judge) => {
    const { deletionTimestamp: _, ...metadata } = live(observation).metadata;
    return verdict(observation, judge, { live: { ...live(observation), metadata } });
  },
};

/** The proof from the sets of fields, which knows nothing of the inventory. */
export const provedBySets: Proof = (observation, judge) => setsVerdict(observation, judge, {});

/** Either of the two: what a plan calls unchanged without asking. */
export const provedSomehow: Proof = (observation, judge) =>
  proved(observation, judge) || provedBySets(observation, judge);

/** The same for the proof from sets of fields. */
export const BROKEN_SET_PROOFS: Readonly<Record<string, Proof>> = {
  'sets: live values off': (observation, judge) => {
    const { managedFields } = live(observation).metadata;
    const before = JSON.parse(observation.baseline.applied) as KubernetesObject;
    return setsVerdict(observation, judge, {
      live: { ...before, metadata: { ...before.metadata, ...(managedFields && { managedFields }) } },
    });
  },
  'sets: what was dropped off': (observation, judge) => {
    const { metadata, ...now } = live(observation);
    const wanted = appliedObject(observation.desired, judge.platformId) as unknown as Json;
    const managedFields = (metadata.managedFields ?? []).map((entry) =>
      entry.manager === judge.manager ? { ...entry, fieldsV1: heldBy(wanted, entry.fieldsV1 ?? {}) } : entry,
    );
    return setsVerdict(observation, judge, { live: { ...now, metadata: { ...metadata, managedFields } } });
  },
  'sets: order off': (observation, judge) =>
    setsVerdict(observation, judge, {
      live: ordered(live(observation), judge),
      fieldsOf: live(observation),
    }),
  'sets: policies off': (observation, judge) =>
    setsVerdict(observation, judge, { facts: { ...observation.facts, mutates: false } }),
  'sets: deletion off': (observation, judge) => {
    const { deletionTimestamp: _, ...metadata } = live(observation).metadata;
    return setsVerdict(observation, judge, { live: { ...live(observation), metadata } });
  },
};

interface DoctoredSets {
  readonly live?: KubernetesObject;
  readonly facts?: ServerFacts;
  /** What is wanted is put in one order too, by the keyed lists of this object. */
  readonly fieldsOf?: KubernetesObject;
}

function setsVerdict(observation: Observation, judge: Judge, doctored: DoctoredSets): boolean {
  const { manager, platformId } = judge;
  const wanted = appliedObject(observation.desired, platformId);
  const fields = doctored.fieldsOf && applyEntryOf(doctored.fieldsOf, manager)?.fieldsV1;
  const applied = fields ? (sorted(wanted as unknown as Json, fields) as unknown as KubernetesObject) : wanted;
  const now = doctored.live ?? live(observation);
  return doubtAboutSets(now, applied, manager, doctored.facts ?? observation.facts, new FieldSetCache()) === undefined;
}

interface Doctored {
  readonly live?: KubernetesObject;
  readonly entry?: Partial<InventoryEntry>;
  readonly object?: KubernetesObject;
  readonly digest?: string | undefined;
  readonly serverState?: string | undefined;
}

function verdict(observation: Observation, { hmacKey, manager }: Judge, doctored: Doctored): boolean {
  const { baseline, desired } = observation;
  const entry = { ...baseline.entry, ...doctored.entry };
  const object = doctored.object ?? desired.object;
  const digest = doctored.digest ?? (isSecret(desired.id) ? hmacSha256(hmacKey, desired.sha256) : desired.sha256);
  const state = doctored.serverState ?? observation.serverState;
  const now = doctored.live ?? live(observation);
  return (
    doubtAbout(now, entry, { ...desired, object }, digest, state, hmacKey, manager, new FieldSetCache()) === undefined
  );
}

function live(observation: Observation): KubernetesObject {
  return JSON.parse(observation.live) as KubernetesObject;
}

function owned(object: KubernetesObject, { desired }: Observation, { manager, hmacKey }: Judge) {
  const fields = applyEntryOf(object, manager)?.fieldsV1;
  return fields && ownedFields(object, fields, new FieldSetCache(), isSecret(desired.id) ? hmacKey : undefined);
}

/** F and P as they were, also where they prove nothing because the server dropped a value. */
function taken(observation: Observation, judge: Judge): Partial<InventoryEntry> {
  return owned(JSON.parse(observation.baseline.applied) as KubernetesObject, observation, judge) ?? {};
}

/** The object with its keyed lists and sets in one order, as a projection by key would see them. */
function ordered(object: KubernetesObject, { manager }: Judge): KubernetesObject {
  const fields = applyEntryOf(object, manager)?.fieldsV1;
  return fields === undefined ? object : (sorted(object as unknown as Json, fields) as unknown as KubernetesObject);
}

function sorted(value: Json | undefined, fields: JsonObject): Json | undefined {
  if (Array.isArray(value)) {
    const names = Object.keys(fields).filter((name) => /^[kv]:/.test(name));
    if (names.length === 0) return value;
    const items = value.map((item) => {
      const name = names.find((one) => isItem(item, JSON.parse(one.slice(2)) as Json));
      return { name: name ?? '', item: name === undefined ? item : (sorted(item, fields[name] as JsonObject) ?? null) };
    });
    return items.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(({ item }) => item);
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const below = fields[`f:${name}`];
      return [name, isMap(below) ? sorted(member, below) : member];
    }),
  );
}

/** Of a set of fields what a value has. */
function heldBy(value: Json | undefined, fields: JsonObject): JsonObject {
  const held = Object.entries(fields).flatMap(([name, below]) => {
    const member = name.startsWith('f:') ? (isMap(value) ? value[name.slice(2)] : undefined) : itemAt(value, name);
    return name === '.' || member !== undefined ? [[name, heldBy(member, below as JsonObject)] as const] : [];
  });
  return Object.fromEntries(held);
}

function itemAt(value: Json | undefined, name: string): Json | undefined {
  if (!Array.isArray(value) || !/^[kv]:/.test(name)) return undefined;
  return value.find((item) => isItem(item, JSON.parse(name.slice(2)) as Json));
}

function isItem(item: Json, key: Json): boolean {
  if (!isMap(key)) return item === key;
  return isMap(item) && Object.entries(key).every(([name, value]) => item[name] === value);
}
