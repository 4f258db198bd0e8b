import { applyEntryOf, ownedFields } from '../../lib/diff/field-set.ts';
import { doubtAbout } from '../../lib/diff/proof.ts';
import type { InventoryEntry } from '../../lib/inventory/inventory.ts';
import { hmacSha256 } from '../../lib/kubernetes/canonical.ts';
import { isSecret, type Json, type JsonObject, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import { isMap } from './json-nodes.ts';
import type { Observation } from './observation.ts';

/** Who judges: our field manager, and the key of the inventory. */
export interface Judge {
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
    const before = JSON.parse(observation.baseline.applied) as KubernetesObject;
    const sameButOrder =
      owned(ordered(now, judge), observation, judge)?.projection ===
      owned(ordered(before, judge), observation, judge)?.projection;
    return (
      sameButOrder && verdict(observation, judge, { entry: { projection: owned(now, observation, judge)?.projection } })
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
  return doubtAbout(now, entry, { ...desired, object }, digest, state, hmacKey, manager, new Map()) === undefined;
}

function live(observation: Observation): KubernetesObject {
  return JSON.parse(observation.live) as KubernetesObject;
}

function owned(object: KubernetesObject, { desired }: Observation, { manager, hmacKey }: Judge) {
  const fields = applyEntryOf(object, manager)?.fieldsV1;
  return fields && ownedFields(object, fields, new Map(), isSecret(desired.id) ? hmacKey : undefined);
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

function isItem(item: Json, key: Json): boolean {
  if (!isMap(key)) return item === key;
  return isMap(item) && Object.entries(key).every(([name, value]) => item[name] === value);
}
