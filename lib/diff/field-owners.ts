import type { JsonObject, ManagedFieldsEntry } from '../kubernetes/object.ts';
import { type FieldSetCache, ownsItem } from './field-set.ts';

/**
 * Who owns a field, followed down an object. Each manager is at a node of its fieldsV1, or owns everything below (`'all'`: a leaf of fieldsV1 means the
 * whole value), or nothing there.
 */
export class FieldOwners {
  readonly #at: readonly { readonly entry: ManagedFieldsEntry; readonly node: JsonObject | 'all' }[];
  readonly #fieldSets: FieldSetCache;

  private constructor(
    at: readonly { readonly entry: ManagedFieldsEntry; readonly node: JsonObject | 'all' }[],
    fieldSets: FieldSetCache,
  ) {
    this.#at = at;
    this.#fieldSets = fieldSets;
  }

  static of(entries: readonly ManagedFieldsEntry[] | undefined, fieldSets: FieldSetCache): FieldOwners {
    const at = (entries ?? []).flatMap((entry) => (entry.fieldsV1 ? [{ entry, node: entry.fieldsV1 }] : []));
    return new FieldOwners(at, fieldSets);
  }

  /** Into a member of an object. */
  member(name: string): FieldOwners {
    return this.#below((node) => node[`f:${name}`] as JsonObject | undefined);
  }

  /** Into an item of a list. */
  item(value: unknown, index: number): FieldOwners {
    return this.#below((node) => {
      for (const name in node) {
        if (name !== '.' && ownsItem(name, value, index, this.#fieldSets)) return node[name] as JsonObject;
      }
      return undefined;
    });
  }

  /** Managers that own this field or something below it. */
  entries(): ManagedFieldsEntry[] {
    return this.#at.map(({ entry }) => entry);
  }

  /** Names of the members that are the key of this list's items, e.g. ["containerPort", "protocol"]; undefined when no manager knows. */
  listKey(): readonly string[] | undefined {
    for (const { node } of this.#at) {
      if (node === 'all') continue;
      for (const name in node) {
        if (!name.startsWith('k:')) continue;
        try {
          return Object.keys(JSON.parse(name.slice(2)));
        } catch {
          return undefined;
        }
      }
    }
    return undefined;
  }

  #below(child: (node: JsonObject) => JsonObject | undefined): FieldOwners {
    const at: { entry: ManagedFieldsEntry; node: JsonObject | 'all' }[] = [];
    for (const { entry, node } of this.#at) {
      if (node === 'all') {
        at.push({ entry, node });
        continue;
      }
      const next = child(node);
      if (next !== undefined) at.push({ entry, node: isLeaf(next) ? 'all' : next });
    }
    return new FieldOwners(at, this.#fieldSets);
  }
}

function isLeaf(node: JsonObject): boolean {
  for (const _ in node) return false;
  return true;
}
