import { randomBytes } from 'node:crypto';
import { secretsOfStages } from '../canary-release/place-stage.ts';
import { readClusterUid } from '../cluster/identity.ts';
import type { KubeRequest } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { applyRequest } from '../diff/apply-request.ts';
import { FieldSetCache } from '../diff/field-set.ts';
import { clusterWithKeyedContent, withKeyedContent } from '../diff/keyed-content.ts';
import { appliedObject, fieldManagerOf, platformSelector } from '../diff/ownership.ts';
import { SecretMask } from '../diff/secret-mask.ts';
import { readServerStateKeys } from '../diff/server-state-key.ts';
import { OrreryError } from '../errors.ts';
import { isRun } from '../helm/hooks.ts';
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { idKey, isSecret, type KubernetesObject } from '../kubernetes/object.ts';
import { HelmOnCluster } from '../native/helm-on-cluster.ts';
import type { ClusterPlan, ServiceMove } from '../plan/plan.ts';
import { HELMS } from '../plan/plan-releases.ts';
import type { DesiredCluster, DesiredObject, DesiredRelease } from '../render/desired-state.ts';
import { listRevisions } from '../revision/read-revisions.ts';
import { contentOf, type RecordedRevision, unfinishedRevision } from '../revision/record-revision.ts';
import { Slots } from '../slots.ts';
import type { ApplyOptions } from './apply-options.ts';
import { checkInventory } from './check-inventory.ts';
import type { ClusterContext, ReadContext } from './cluster-context.ts';
import type { ClusterTally } from './cluster-tally.ts';
import { desiredById } from './desired-lookup.ts';
import type { HeldLease } from './held-lease.ts';
import { InventoryJournal } from './inventory-journal.ts';
import { isRemoval } from './item-role.ts';
import { definedKinds } from './kinds.ts';
import { settledCreates } from './late-creates.ts';
import { acquireLease } from './lease.ts';
import type { OrderedObject } from './order.ts';
import { orderedObjects, unwrittenObjects } from './ordered-objects.ts';
import { renewProofs } from './renew-proofs.ts';
import { resourceLookup } from './resource-lookup.ts';
import { RevisionRecorder } from './revision-recorder.ts';
import { ClusterShares } from './share-ready.ts';
import { ReadinessWatch } from './watch-ready.ts';

const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const DEFAULT_FAILURE_MS = 30_000;

export interface ClusterApplyInput {
  readonly plan: ClusterPlan;
  readonly desired: DesiredCluster | undefined;
  /** Digest of the assembly, plain and as the plan shows it. */
  readonly assembly: { readonly digest: string; readonly shown: string };
  /** Absent: it could not be opened, the plan's problem says why. */
  readonly target?: KubeTarget | undefined;
  readonly platformId: string;
  readonly purpose: 'apply' | 'destroy';
  /** Services whose replicas move between clusters. */
  readonly moves?: readonly ServiceMove[] | undefined;
  readonly options: ApplyOptions;
  readonly tally: ClusterTally;
}

/**
 * The apply of one cluster, in steps that the whole apply takes for all clusters together: `resolve` (reads only), `lock`, `read`, `open`, then the work of the graph
 * (vertex-work.ts), then `close`.
 */
export class ClusterApply {
  readonly input: ClusterApplyInput;
  /** Releases of the program that helm installs, by `idKey`. */
  readonly releases: ReadonlyMap<string, DesiredRelease>;
  /** helm processes at a time: most of their time they wait, but each takes memory. */
  readonly helmSlots: Slots;
  readonly shares: ClusterShares;
  readonly #stop = new AbortController();
  readonly #gone: string[] = [];
  readonly #written = new Set<string>();
  #stopReason: unknown;
  #desired: ReadonlyMap<string, DesiredObject> = new Map();
  #reader: ReadContext | undefined;
  #lease: HeldLease | undefined;
  #found: (Pick<ClusterContext, 'serverState'> & { readonly inventory: Inventory }) | undefined;
  #context: ClusterContext | undefined;
  #revisions: RevisionRecorder | undefined;
  #unfinished: RecordedRevision | undefined;
  #unproved = false;
  #finished: Promise<void> | undefined;
  #narrowed = false;
  #dissolved = false;

  constructor(input: ClusterApplyInput) {
    this.input = input;
    this.releases = new Map((input.desired?.releases ?? []).map((release) => [idKey(release.id), release]));
    this.shares = new ClusterShares(input.plan.cluster, input.moves ?? []);
    this.helmSlots = new Slots(input.options.helm?.concurrency ?? HELMS);
  }

  get tally(): ClusterTally {
    return this.input.tally;
  }

  get desired(): ReadonlyMap<string, DesiredObject> {
    return this.#desired;
  }

  /** Set once `resolve` succeeded. */
  get reader(): ReadContext | undefined {
    return this.#reader;
  }

  /** Set once `open` succeeded. */
  get context(): ClusterContext | undefined {
    return this.#context;
  }

  /** Makes sure that the target is the cluster of the plan, and finds its resource types. */
  async resolve(): Promise<void> {
    const { plan, desired, platformId, options } = this.input;
    const target = this.#target();
    const uid = await readClusterUid(target.client, target.cluster, target.description);
    if (uid !== target.clusterUid || (plan.clusterUid !== undefined && plan.clusterUid !== uid)) {
      throw new OrreryError('ORR3003', `${target.description} is not the cluster that the plan was made for.`, {
        cluster: target.cluster,
        fix: 'Correct the target in cdk8s.yaml, or plan again.',
      });
    }
    const objects = desired?.objects.map(({ object }) => object) ?? [];
    const written = new Set(plan.items.flatMap((item) => (isRemoval(item) ? [] : definedKinds(item.desired))));
    const resources = resourceLookup(await target.discovery(), objects, written);
    this.#desired = desiredById(desired, resources);
    const signal =
      options.signal === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, options.signal]);
    this.#reader = {
      target,
      resources,
      watch: new ReadinessWatch(target, platformSelector(platformId), signal),
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      failureMs: options.failureMs ?? DEFAULT_FAILURE_MS,
      followed: options.followed,
      signal,
      // The inventory's key is not known yet; what is only waited for is not compared with what a plan shows.
      mask: new SecretMask(randomBytes(32), () => this.#secrets()),
    };
  }

  /** What the graph is made of. */
  ordered(): readonly OrderedObject[] {
    const { plan, desired, options } = this.input;
    const { releases, shares } = this;
    if (this.#reader === undefined)
      return unwrittenObjects(plan.cluster, [...(desired?.objects ?? []), ...releases.values()]);
    return orderedObjects({ plan, desired: this.#desired, releases, shares, isPart: options.part !== undefined });
  }

  /** Whether anything is written here; without, there is no lease and no inventory write. */
  get writes(): boolean {
    return this.#unfinished !== undefined || this.input.plan.items.some((item) => item.action !== 'blocked');
  }

  /**
   * In a rollout: finds out whether an earlier apply left this cluster, in which there is nothing to write, before its wave was through. It then takes part in
   * the wave as if it had been written.
   */
  async findUnfinished(): Promise<void> {
    const { target, platformId, options, desired } = this.input;
    if (target === undefined || desired === undefined || this.writes) return;
    this.#unfinished = unfinishedRevision(await listRevisions(target, platformId, options.signal));
  }

  /** The wave of this cluster was not through when the apply ended: the next one has to prove it again. */
  leaveUnproved(): void {
    this.#unproved = true;
  }

  async lock(): Promise<void> {
    const { platformId, options, tally } = this.input;
    this.#lease = await acquireLease(this.#target(), {
      platformId,
      who: options.who,
      durationSeconds: options.leaseSeconds,
      waitMs: options.leaseWaitMs,
      namespaceRequest: this.#namespaceRequest(),
      clock: options.clock,
      signal: options.signal,
      onWaiting: (holder) => tally.leaseWaiting(holder),
    });
  }

  /** The create of the inventory's namespace, where the plan has it: lease and inventory need the namespace before its turn comes. */
  #namespaceRequest(): KubeRequest | undefined {
    const { plan, platformId } = this.input;
    const { inventoryNamespace } = this.#target();
    const id = { group: '', kind: 'Namespace', namespace: '', name: inventoryNamespace };
    const item = plan.items.find((one) => one.action === 'create' && idKey(one.id) === idKey(id));
    const desired = this.#desired.get(idKey(id));
    const resource = this.#reader?.resources.find('v1', 'Namespace');
    if (item === undefined || desired === undefined || resource === undefined) return undefined;
    return applyRequest(appliedObject(desired, platformId), resource, {
      manager: fieldManagerOf(platformId),
      precondition: 'absent',
    });
  }

  /** Reads the inventory under the lease and compares it with the plan. @throws OrreryError ORR5006 when another apply ran in between */
  async read(): Promise<void> {
    const { plan, platformId, options } = this.input;
    const target = this.#target();
    const [inventory, serverState] = await Promise.all([
      readInventory(target, platformId, { stateFolder: options.stateFolder }),
      readServerStateKeys(target, true),
    ]);
    checkInventory(plan, inventory, options.inventories?.get(plan.cluster));
    this.#found = { inventory, serverState };
  }

  /** Enters into the inventory what is about to come into being. */
  async open(): Promise<void> {
    const { platformId, options, tally } = this.input;
    const target = this.#target();
    const lease = this.#lease;
    const reader = this.#reader;
    const found = this.#found;
    if (lease === undefined || reader === undefined || found === undefined)
      throw new Error('a cluster is opened after it is locked and read');
    const { inventory, serverState } = found;
    this.#desired = new Map([...this.#desired].map(([key, one]) => [key, withKeyedContent(one, inventory.hmacKey)]));
    const journal = new InventoryJournal(target, inventory, lease, options.stateFolder);
    await journal.widen(this.#planned());
    await journal.renew(this.#replaced());
    this.#recordRevision(target, lease, inventory.hmacKey);
    const mask = new SecretMask(inventory.hmacKey, () => this.#secrets());
    this.#context = {
      ...reader,
      platformId,
      manager: fieldManagerOf(platformId),
      lease,
      journal,
      serverState,
      mask,
      fieldSets: new FieldSetCache(),
      helm: new HelmOnCluster(target, platformId, options.helm ?? {}, mask),
      wait: options.wait ?? true,
      onWarning: (id, warning) => tally.warning(id, mask.said(warning, id)),
      onWaiting: (id, reason) => tally.waiting(id, reason),
    };
  }

  #recordRevision(target: KubeTarget, lease: HeldLease, hmacKey: Uint8Array): void {
    const { purpose, platformId, assembly, options, tally, plan } = this.input;
    this.#revisions = new RevisionRecorder(target, platformId, lease, (id, warning) => tally.warning(id, warning));
    if (options.part !== undefined) {
      const amended = options.part.get(plan.cluster);
      if (amended === undefined) return;
      const desired = clusterWithKeyedContent(amended.desired, hmacKey);
      this.#revisions.begin({ ...amended, desired, by: options.who, hmacKey });
      return;
    }
    if (purpose === 'destroy' || this.input.desired === undefined) return;
    const desired = clusterWithKeyedContent(this.input.desired.unplaced ?? this.input.desired, hmacKey);
    const { digest: assemblyDigest, shown } = assembly;
    if (this.#unfinished?.head.content === contentOf(desired, hmacKey)) {
      this.#revisions.resume(this.#unfinished);
      return;
    }
    const rollbackOf = options.rollbackOf?.get(plan.cluster);
    this.#revisions.begin({ desired, assemblyDigest, assembly: shown, by: options.who, rollbackOf, hmacKey });
  }

  /** The server's answer to a write. */
  record(key: string, entry: InventoryEntry): void {
    this.#written.add(key);
    this.#context?.journal.record(key, entry);
  }

  /** An object is confirmed gone, left or never ours: its entry goes when everything else is done. */
  forget(key: string): void {
    this.#gone.push(key);
  }

  get stopReason(): unknown {
    return this.#stopReason;
  }

  /** Nothing more is written in this cluster; waiting ends. */
  stop(error: unknown): void {
    this.#stopReason ??= error;
    this.tally.stopped(error);
    this.#stop.abort(error);
  }

  /** Brings the inventory up to date, once. Also after failures: what was done is recorded. The lease stays ours. */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<void> {
    const journal = this.#context?.journal;
    if (journal === undefined) return;
    try {
      await journal.flush();
      await this.#renew();
      await this.#forgetGone(journal);
      this.#narrowed = true;
      const { signal, part } = this.input.options;
      const amendsIncomplete = part?.get(this.input.plan.cluster)?.complete === false;
      const through = signal?.aborted !== true && !this.#unproved && !amendsIncomplete;
      this.tally.recorded(await this.#revisions?.number());
      await this.#revisions?.end(!this.tally.hasFailures && through);
      if (this.input.purpose === 'destroy' && journal.isEmpty) {
        await this.#revisions?.removeAll();
        await this.#removeRecords();
        await journal.dissolve();
        this.#dissolved = true;
      }
    } catch (error) {
      this.stop(error);
    }
  }

  /** Where canary releases stood, when the platform is gone. */
  async #removeRecords(): Promise<void> {
    const { inventoryNamespace } = this.#target();
    for (const { metadata } of this.#found?.inventory.records ?? []) {
      const path = resourcePath(SECRETS, inventoryNamespace, metadata.name);
      const body = { preconditions: { uid: metadata.uid } };
      await this.#lease?.send({ method: 'DELETE', path, body, idempotent: true });
    }
  }

  /** Finishes and lets go. */
  async close(): Promise<void> {
    await this.finish();
    this.#stop.abort(new Error('done'));
    await this.#lease?.release({ remove: this.#dissolved, recorded: this.#narrowed });
  }

  /** What is nice to have: not after a failure of the cluster, not when somebody wants us to stop. */
  async #renew(): Promise<void> {
    const { plan, options, tally } = this.input;
    const context = this.#context;
    if (context === undefined || tally.problem !== undefined || options.signal?.aborted === true) return;
    const renewals = options.renewals?.get(plan.cluster);
    const { items, dryRuns } = plan;
    await renewProofs({ desired: this.#desired, items, written: this.#written, renewals, dryRuns }, context);
    await context.journal.flush();
  }

  async #forgetGone(journal: InventoryJournal): Promise<void> {
    const context = this.#context;
    if (context === undefined) return;
    const absent = this.input.plan.items.filter(({ action }) => action === 'forget').map(({ id }) => idKey(id));
    if (!context.lease.wasReleased) return journal.forget(this.#gone, absent);
    await journal.forget([...this.#gone, ...absent, ...(await settledCreates(context))]);
  }

  #secrets(): KubernetesObject[] {
    const own = [...this.#desired.values()].filter(({ id }) => isSecret(id)).map(({ object }) => object);
    return this.input.desired === undefined ? own : [...own, ...secretsOfStages(this.input.desired)];
  }

  #target(): KubeTarget {
    const { target, plan } = this.input;
    if (target !== undefined) return target;
    throw new OrreryError('ORR3001', `Cluster ${plan.cluster} has no target.`, {
      cluster: plan.cluster,
      fix: 'Add it to `targets:` in cdk8s.yaml.',
    });
  }

  #planned(): Pick<InventoryEntry, 'id' | 'apiVersion' | 'path'>[] {
    return this.input.plan.items.flatMap((item) => {
      if (isRemoval(item) || item.action === 'blocked' || item.action === 'being-deleted') return [];
      return { id: item.id, apiVersion: item.apiVersion, path: item.path ?? '' };
    });
  }

  /**
   * A replaced object gets a new uid; should we die in between, an entry with the old one would disown it. And a hook that is about to run has not run, whatever
   * the inventory knows of the last time.
   */
  #replaced(): InventoryEntry[] {
    return this.input.plan.items
      .filter((item) => item.action === 'replace' || (item.action === 'create' && isRun(item)))
      .map((item) => ({ id: item.id, apiVersion: item.apiVersion, path: item.path ?? '' }));
  }
}
