import { isOrreryError, OrreryError } from '../errors.ts';
import { RELEASE_API_VERSION } from '../helm/native-input.ts';
import { describeId, idKey } from '../kubernetes/object.ts';
import { objectsOf, secretsOf } from '../native/release-objects.ts';
import { givenDigest, isThere } from '../native/release-state.ts';
import { listRevisions, readContent, type StoredRevision } from '../native/stored-release.ts';
import type { PlanItem } from '../plan/plan.ts';
import type { DesiredRelease } from '../render/desired-state.ts';
import type { ClusterApply } from './cluster-apply.ts';
import { type ClusterContext, whereOf } from './cluster-context.ts';
import { giveUpRelease } from './move-release.ts';

/**
 * The work of one release that helm installs. It begins only under a fresh lease and when helm's newest revision is the one that the plan shows; from then on it is helm's, and comes to its end whatever becomes
 * of this apply: an interrupt waits for it, a lost lease does not stop it. The revision that helm made is what the inventory knows afterwards.
 */
export class ReleaseWork {
  readonly #run: ClusterApply;
  readonly #context: ClusterContext;
  readonly #item: PlanItem;

  constructor(run: ClusterApply, context: ClusterContext, item: PlanItem) {
    this.#run = run;
    this.#context = context;
    this.#item = item;
  }

  /** helm has waited for what it wrote. */
  async write(): Promise<void> {
    const item = this.#item;
    const key = idKey(item.id);
    if (item.action === 'orphan') {
      const { target, platformId, lease } = this.#context;
      await lease.ensureFresh();
      const beforeSend = this.#beforeStart;
      await giveUpRelease(target, platformId, item.id, (request) => target.client.request({ ...request, beforeSend }));
      this.#run.forget(key);
      this.#run.tally.written(item);
      return;
    }
    await this.#run.helmSlots.run(async () => {
      const newest = await this.#asPlanned();
      if (item.action === 'delete' && newest === undefined) return this.#gone();
      await this.#context.lease.ensureFresh();
      await (item.action === 'delete' ? this.#uninstall() : this.#upgrade(newest));
    });
  }

  async #upgrade(before: StoredRevision | undefined): Promise<void> {
    const item = this.#item;
    const release = this.#desired();
    const { journal } = this.#context;
    const { hmacKey } = journal.inventory;
    // Should we end before helm does, its revision must not be taken for somebody else's.
    if (before !== undefined && item.action === 'update') {
      const { id, path } = release;
      const under = { uid: before.uid, helmRevision: before.revision + 1 };
      await journal.renew([{ id, apiVersion: RELEASE_API_VERSION, path, ...under }]);
    }
    try {
      await this.#context.helm.upgrade(release.input, this.#settings(), this.#where(), this.#beforeStart);
    } catch (error) {
      await this.#recordFailure(release, error);
      throw await this.#masked(error);
    }
    const [newest] = await listRevisions(this.#context.target, item.id);
    if (newest === undefined || newest.status !== 'deployed' || newest.uid === item.precondition?.uid)
      throw this.#notAsPlanned('helm says that it is done, and another revision is the newest');
    this.#record(release, newest, givenDigest(release.input, hmacKey));
    this.#run.tally.written(item);
    this.#run.tally.ready(item.id);
  }

  async #uninstall(): Promise<void> {
    const { id } = this.#item;
    try {
      await this.#context.helm.uninstall(id, this.#settings(), this.#where(), this.#beforeStart);
    } catch (error) {
      throw await this.#masked(error);
    }
    this.#gone();
  }

  #gone(): void {
    const { id } = this.#item;
    this.#run.forget(idKey(id));
    this.#run.tally.deleted(id);
  }

  /** A revision that our helm left behind is ours, so that the next plan does not take it for somebody's. What it was given does not stand. */
  async #recordFailure(release: DesiredRelease, error: unknown): Promise<void> {
    if (!isOrreryError(error) || error.code !== 'ORR5011') return;
    const [newest] = await listRevisions(this.#context.target, release.id).catch(() => []);
    if (newest === undefined || newest.uid === this.#item.precondition?.uid) return;
    this.#record(release, newest, undefined);
  }

  #record({ id, path }: DesiredRelease, { uid, revision }: StoredRevision, desired: string | undefined): void {
    this.#run.record(idKey(id), { id, apiVersion: RELEASE_API_VERSION, path, uid, desired, helmRevision: revision });
  }

  /** helm quotes what the server refused; what it had rendered by then says which of it is secret. */
  async #masked(error: unknown): Promise<unknown> {
    if (!isOrreryError(error) || error.code !== 'ORR5011') return error;
    const { target, mask } = this.#context;
    const { id } = this.#item;
    try {
      const [newest] = await listRevisions(target, id);
      const content = newest && (await readContent(target, id, newest));
      const objects = await objectsOf(content?.manifest ?? '', id.namespace, () => undefined);
      const text = mask.with(secretsOf(objects)).said(error.message, id);
      return new OrreryError(error.code, text, { ...error.where, fix: error.fix });
    } catch {
      return error;
    }
  }

  /** The revision that was compared is still the newest: helm itself compares nothing. */
  async #asPlanned(): Promise<StoredRevision | undefined> {
    const { id, precondition, action } = this.#item;
    const [newest] = await listRevisions(this.#context.target, id);
    if (action === 'delete' && !isThere(newest)) return undefined;
    if (precondition === undefined) {
      if (!isThere(newest)) return undefined;
      throw this.#notAsPlanned(`somebody installed it since (revision ${newest.revision})`);
    }
    if (newest === undefined) throw this.#notAsPlanned('somebody uninstalled it since');
    if (newest.uid === precondition.uid && newest.resourceVersion === precondition.resourceVersion) return newest;
    throw this.#notAsPlanned(`it moved on since the plan was made (revision ${newest.revision}, ${newest.status})`);
  }

  #notAsPlanned(why: string): OrreryError {
    return new OrreryError('ORR4104', `${describeId(this.#item.id)}: ${why}.`, {
      ...this.#where(),
      fix: 'Plan again and look at what would happen now.',
    });
  }

  /** @throws OrreryError ORR4102 when the program has no such release, or gives helm something else */
  #desired(): DesiredRelease {
    const { id, desiredDigest } = this.#item;
    const release = this.#run.releases.get(idKey(id));
    const { hmacKey } = this.#context.journal.inventory;
    if (release !== undefined && (desiredDigest === undefined || givenDigest(release.input, hmacKey) === desiredDigest))
      return release;
    const what = release === undefined ? 'the program does not have it' : 'it is not what the plan was made from';
    throw new OrreryError('ORR4102', `${describeId(id)}: ${what}.`, { ...this.#where(), fix: 'Plan again.' });
  }

  #settings() {
    const { wait, timeoutMs } = this.#context;
    return { wait, timeoutMs };
  }

  #where() {
    return whereOf(this.#context, this.#item.id, this.#item);
  }

  readonly #beforeStart = (): void => this.#context.lease.assertFresh();
}
