import type { KubeTarget } from '../cluster/target.ts';
import { isOrreryError } from '../errors.ts';
import type { InventoryChange } from '../inventory/change-inventory.ts';
import { complete, dissolve, narrow, widen } from '../inventory/change-inventory.ts';
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts';
import { writeInventory } from '../inventory/write-inventory.ts';
import type { HeldLease } from './held-lease.ts';

/**
 * How long an answer may stay unrecorded while the apply goes on. It is only a proof that would be lost, and a dry run of the next plan finds it again: the entry was
 * stored before the write. Each time whole shards are stored, which a server that is busy with the writes of a large apply feels.
 */
const RECORD_AFTER_MS = 10_000;
const ATTEMPTS = 5;

/**
 * The inventory of one cluster during an apply. What must be durable when:
 * before the first write every object that may come into being has an entry (`widen`); answers are recorded in batches (`record`, `flush`);
 * entries go only after the last delete is confirmed (`forget`). One write at a time, each by compare-and-swap and under a fresh lease.
 */
export class InventoryJournal {
  readonly #target: KubeTarget;
  readonly #lease: HeldLease;
  readonly #stateFolder: string;
  readonly #answers = new Map<string, InventoryEntry>();
  #inventory: Inventory;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #broken: unknown;

  constructor(target: KubeTarget, inventory: Inventory, lease: HeldLease, stateFolder: string) {
    this.#target = target;
    this.#inventory = inventory;
    this.#lease = lease;
    this.#stateFolder = stateFolder;
  }

  get inventory(): Inventory {
    return this.#inventory;
  }

  get isEmpty(): boolean {
    return this.#inventory.entries.size + this.#inventory.unsettled.size === 0;
  }

  /** What is known of an object, answers that are not yet stored included. */
  entry(key: string): InventoryEntry | undefined {
    return this.#answers.get(key) ?? this.#inventory.entries.get(key);
  }

  widen(planned: Iterable<Pick<InventoryEntry, 'id' | 'apiVersion' | 'path'>>): Promise<void> {
    return this.#write(() => widen(this.#inventory, planned));
  }

  /** Replaces entries before what they describe is touched. */
  async renew(entries: readonly InventoryEntry[]): Promise<void> {
    if (entries.length > 0) await this.#write(() => complete(this.#inventory, entries));
  }

  /** Remembers an answer; stored with the next batch. */
  record(key: string, entry: InventoryEntry): void {
    this.#answers.set(key, entry);
    this.#timer ??= setTimeout(() => {
      // What went wrong comes up again in the flush at the end.
      this.flush().catch(() => undefined);
    }, RECORD_AFTER_MS);
    this.#timer.unref();
  }

  /** Stores what was recorded. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#answers.size === 0) return this.#writing;
    const batch = [...this.#answers.values()];
    const keys = [...this.#answers.keys()];
    await this.#write(() => complete(this.#inventory, batch));
    for (const [at, key] of keys.entries()) if (this.#answers.get(key) === batch[at]) this.#answers.delete(key);
  }

  /** Removes entries by `idKey`. @param late those that may still come: they stay known */
  async forget(keys: readonly string[], late: readonly string[] = []): Promise<void> {
    if (keys.length + late.length > 0) await this.#write(() => narrow(this.#inventory, keys, late));
  }

  /** Removes the inventory itself, if it holds nothing. */
  async dissolve(): Promise<void> {
    if (this.isEmpty) await this.#write(() => dissolve(this.#inventory));
  }

  #write(change: () => InventoryChange): Promise<void> {
    const written = this.#writing
      .catch(() => undefined)
      .then(async () => {
        // After a failed compare-and-swap what is stored is not known: going on would overwrite somebody's entries.
        if (this.#broken !== undefined) throw this.#broken;
        const next = change();
        if (next.writes.length === 0) {
          this.#inventory = next.inventory;
          return;
        }
        try {
          this.#inventory = await this.#store(next);
        } catch (error) {
          this.#broken = error;
          throw error;
        }
      });
    this.#writing = written;
    return written;
  }

  /**
   * The same change is stored again after a passing failure: shards that were written before it are recognised by their contents, the others are still as they
   * were read.
   */
  async #store(change: InventoryChange): Promise<Inventory> {
    for (let attempt = 1; ; attempt++) {
      // It has all the patience there is: what it gives up is given up.
      await this.#lease.ensureFresh();
      try {
        return await writeInventory(this.#target, change, {
          stateFolder: this.#stateFolder,
          beforeWrite: () => this.#lease.assertFresh(),
        });
      } catch (error) {
        const passing = isOrreryError(error) && (error.code === 'ORR3004' || error.code === 'ORR5005');
        if (!passing || this.#lease.isLost || attempt >= ATTEMPTS) throw error;
      }
    }
  }
}
