import type { KubeRequest } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import type { ObjectId } from '../kubernetes/object.ts';
import { beginRevision, endRevision, type RecordedRevision, removeRevisions } from '../revision/record-revision.ts';
import type { NewRevision } from '../revision/revision.ts';
import { revisionPrefix } from '../revision/revision-names.ts';
import type { HeldLease } from './held-lease.ts';

/**
 * Records what an apply brings to its cluster, beside the writes themselves. A revision that cannot be stored is a warning and no failure: the objects count more
 * than the way back.
 */
export class RevisionRecorder {
  readonly #target: KubeTarget;
  readonly #platformId: string;
  readonly #lease: HeldLease;
  readonly #warn: (id: ObjectId, warning: string) => void;
  #begun: Promise<RecordedRevision | undefined> = Promise.resolve(undefined);

  constructor(target: KubeTarget, platformId: string, lease: HeldLease, warn: (id: ObjectId, warning: string) => void) {
    this.#target = target;
    this.#platformId = platformId;
    this.#lease = lease;
    this.#warn = warn;
  }

  /** Begins to store the revision; does not wait for it. */
  begin(revision: NewRevision): void {
    this.#begun = beginRevision(this.#target, revision, this.#options()).catch((error: unknown) => this.#warned(error));
  }

  /** Goes on with one that an earlier apply began and did not end. */
  resume(unfinished: RecordedRevision): void {
    this.#begun = Promise.resolve(unfinished);
  }

  /** Number of the revision that is being recorded; undefined when there is none, or it could not be stored. */
  async number(): Promise<number | undefined> {
    return (await this.#begun)?.head.number;
  }

  /** @param complete everything that the plan shows was done */
  async end(complete: boolean): Promise<void> {
    const begun = await this.#begun;
    if (begun === undefined || !complete) return;
    await endRevision(this.#target, begun, this.#options()).catch((error: unknown) => this.#warned(error));
  }

  /** The platform is gone from the cluster. */
  async removeAll(): Promise<void> {
    await removeRevisions(this.#target, this.#options()).catch((error: unknown) => this.#warned(error));
  }

  #options() {
    const send = (request: KubeRequest) => this.#lease.send(request);
    return { platformId: this.#platformId, now: new Date(), send };
  }

  #warned(error: unknown): undefined {
    const namespace = this.#target.inventoryNamespace;
    const id = { group: '', kind: 'Secret', namespace, name: revisionPrefix(this.#platformId) };
    this.#warn(id, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
