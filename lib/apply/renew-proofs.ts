import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceType } from '../cluster/discovery.ts';
import { compareStates } from '../diff/compare-states.ts';
import { dryRun } from '../diff/dry-run.ts';
import { LiveReader } from '../diff/live-objects.ts';
import { desiredDigest, doubtAbout, entryFromResponse } from '../diff/proof.ts';
import { sentObject } from '../diff/sent-object.ts';
import { readServerStateKeys, type ServerStateKeys } from '../diff/server-state-key.ts';
import { isRun } from '../helm/hooks.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { idKey } from '../kubernetes/object.ts';
import type { ClusterPlan } from '../plan/plan.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import type { ClusterContext } from './cluster-context.ts';
import { kindKey } from './kinds.ts';

export interface RenewalInput {
  readonly desired: ReadonlyMap<string, DesiredObject>;
  /** What this apply was to do. */
  readonly items: ClusterPlan['items'];
  /** Keys of the objects that this apply wrote. */
  readonly written: ReadonlySet<string>;
  /** Proofs that the plan found by dry runs, if it was made in this process. */
  readonly renewals: readonly InventoryEntry[] | undefined;
  /** Unchanged objects that took the plan a dry run. */
  readonly dryRuns: number;
}

/** The server publishes the schema of a new CRD a moment after it is established (measured: 0.4 s). */
const SCHEMA_PATIENCE_MS = 3_000;
const SCHEMA_PAUSE_MS = 200;
/** How often an object that keeps changing is read again. */
const ATTEMPTS = 5;

/**
 * Makes the inventory prove as much as it can at the end of an apply that wrote anyway: objects written under a server state that this very apply then
 * changed (a CRD, a webhook), and unchanged ones that the plan had to dry-run. Whatever is in doubt is dry-run once more and recorded only when that
 * changes nothing.
 */
export async function renewProofs(input: RenewalInput, context: ClusterContext): Promise<void> {
  if (!hasToRenew(input)) return;
  const { journal } = context;
  const states = await settledStates(input, context);
  const doubtful: Doubtful[] = [];
  const known = new Map(input.renewals?.map((entry) => [idKey(entry.id), entry]));
  for (const [key, desired] of input.desired) {
    const resource = resourceOf(desired, context);
    if (resource === undefined) continue;
    const state = states.keyOf(resource, desired.id.namespace);
    if (state === undefined) continue;
    const renewal = known.get(key);
    if (isRun(desired)) {
      // That a hook ran is known by seeing its end, not by what it is.
      if (renewal !== undefined && !input.written.has(key)) journal.record(key, renewal);
      continue;
    }
    if (renewal?.serverState === state) journal.record(key, renewal);
    else if (
      input.written.has(key) ? journal.entry(key)?.serverState !== state : renewal !== undefined || mayDoubt(input)
    ) {
      doubtful.push({ desired, resource });
    }
  }
  const reader = new LiveReader(context.target, context.platformId);
  const byResource = Map.groupBy(doubtful, ({ resource }) => resource);
  for (const [resource, members] of byResource)
    reader.read(
      resource,
      members.map(({ desired }) => desired.id),
    );
  await Promise.all(
    doubtful.map(async (one) => {
      const entry = await provedAnew(one, reader, states, context);
      if (entry !== undefined) journal.record(idKey(entry.id), entry);
    }),
  );
}

interface Doubtful {
  readonly desired: DesiredObject;
  readonly resource: ResourceType;
}

/** The entry of an object that a dry run does not change; one that its controller just writes to (a status, many times a second) is read again. */
async function provedAnew(
  { desired, resource }: Doubtful,
  reader: LiveReader,
  states: ServerStateKeys,
  { journal, fieldSets, manager, platformId, target }: ClusterContext,
): Promise<InventoryEntry | undefined> {
  const { hmacKey } = journal.inventory;
  const state = states.keyOf(resource, desired.id.namespace);
  const digest = desiredDigest(desired, hmacKey);
  const entry = journal.entry(idKey(desired.id));
  if (entry === undefined) return undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const live = attempt === 1 ? await reader.of(desired.id) : await reader.again(resource, desired.id);
    if (live.state !== 'found' || live.object.metadata.deletionTimestamp !== undefined) return undefined;
    if (doubtAbout(live.object, entry, desired, digest, state, hmacKey, manager, fieldSets) === undefined)
      return undefined;
    const { uid = '', resourceVersion = '' } = live.object.metadata;
    const options = { manager, precondition: { uid, resourceVersion } };
    const { object, wholes } = sentObject(desired, live.object, platformId, fieldSets);
    const result = await dryRun(target.client, object, resource, options);
    if (result.outcome === 'moved') continue;
    if (result.outcome !== 'accepted') return undefined;
    const { kind } = compareStates(live.object, result.object, manager, fieldSets, wholes);
    return kind === 'unchanged'
      ? entryFromResponse(desired, live.object, state, hmacKey, manager, fieldSets)
      : undefined;
  }
  return undefined;
}

/** Kinds of which an object decides what the server makes of others (lib/diff/server-state-key.ts). */
const DECIDING = new Set([
  '/Namespace',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
]);

/** What somebody else changed meanwhile the next plan finds out by itself. */
function hasToRenew(input: RenewalInput): boolean {
  const { renewals = [], items } = input;
  return renewals.length > 0 || mayDoubt(input) || items.some(({ id }) => DECIDING.has(kindKey(id)));
}

/** A plan from a file does not bring its proofs, only how many it lacked. */
function mayDoubt({ renewals, dryRuns }: RenewalInput): boolean {
  return renewals === undefined && dryRuns > 0;
}

/** The server state as it is now; where this apply brought CRDs, once the server has published them. */
async function settledStates({ desired, written }: RenewalInput, context: ClusterContext): Promise<ServerStateKeys> {
  const fresh = [...written].flatMap((key) => {
    const object = desired.get(key);
    const resource = object && resourceOf(object, context);
    return object !== undefined && resource !== undefined && context.resources.isNew(resource)
      ? [{ object, resource }]
      : [];
  });
  const until = performance.now() + SCHEMA_PATIENCE_MS;
  for (;;) {
    const states = await readServerStateKeys(context.target, true);
    const missing = fresh.some(({ object, resource }) => states.keyOf(resource, object.id.namespace) === undefined);
    if (!missing || performance.now() > until) return states;
    await sleep(SCHEMA_PAUSE_MS);
  }
}

function resourceOf({ object }: DesiredObject, context: ClusterContext): ResourceType | undefined {
  return context.resources.find(object.apiVersion, object.kind);
}
