import type { KeptFindings, ObjectFinding } from '../checks/object-findings.ts';
import { type ContentCache, sealed, unsealed } from '../files/content-cache.ts';
import { sha256 } from '../kubernetes/canonical.ts';

const KIND = 'objects';
/** Of 64 hexadecimal digits: enough that no two objects ever meet. */
const NAME_LENGTH = 32;

/**
 * What was found object by object in the last run, in one file. Names are digests of what decided; findings quote objects, so they are sealed under the same: the file says nothing to somebody who
 * does not have the objects.
 */
export class KeptObjectFindings implements KeptFindings {
  readonly from: string;
  readonly #cache: ContentCache;
  readonly #before: ReadonlyMap<string, string>;
  readonly #now = new Map<string, string>();
  #isOld = false;

  private constructor(cache: ContentCache, from: string, before: ReadonlyMap<string, string>) {
    this.#cache = cache;
    this.from = from;
    this.#before = before;
  }

  /** @param from what decides beside objects and facts */
  static async open(cache: ContentCache, from: string): Promise<KeptObjectFindings> {
    const known = await cache.read(KIND, from, 'last');
    return new KeptObjectFindings(cache, from, new Map(Array.isArray(known) ? (known as [string, string][]) : []));
  }

  read(key: string): readonly ObjectFinding[] | undefined {
    const name = nameOf(key);
    const entry = this.#now.get(name) ?? this.#before.get(name);
    if (entry === undefined) return undefined;
    try {
      const found = entry === '' ? [] : (JSON.parse(unsealed(Buffer.from(entry, 'base64'), key)) as ObjectFinding[]);
      this.#now.set(name, entry);
      return found;
    } catch {
      return undefined;
    }
  }

  write(key: string, found: readonly ObjectFinding[]): void {
    this.#isOld = true;
    this.#now.set(nameOf(key), found.length === 0 ? '' : sealed(JSON.stringify(found), key).toString('base64'));
  }

  /** Keeps what this run has read or written, and nothing else. */
  async save(): Promise<void> {
    if (!this.#isOld && this.#now.size === this.#before.size) return;
    // Pairs: an object with a thousand members took 10 ms to make.
    await this.#cache.write(KIND, this.from, [...this.#now], 'last');
  }
}

function nameOf(key: string): string {
  return sha256(`name ${key}`).slice(0, NAME_LENGTH);
}
