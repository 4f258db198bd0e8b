import { locationOf } from './location';
import type { Problem } from './problem';
import { problemAt } from './problem';
import type { Entry } from './unit';

/** What makes an object one and the same in a cluster; the version is not part of it. */
export interface Identity {
  readonly group: string;
  readonly kind: string;
  namespace: string | undefined;
  readonly name: string;
}

/** Reports objects that two constructs of one cluster both make. */
export class IdentityCheck {
  /** By group, kind, namespace and name: a text of all four for each object would be garbage of its own size. */
  private readonly seen = new Map<string, Map<string, Map<string, Map<string, Entry>>>>();

  public constructor(
    private readonly cluster: string,
    private readonly problems: Problem[],
  ) {}

  public add(identity: Identity, entry: Entry): void {
    const names = inner(inner(inner(this.seen, identity.group), identity.kind), identity.namespace ?? '');
    const twin = names.get(identity.name);
    if (twin === undefined) {
      names.set(identity.name, entry);
      return;
    }
    const object = [identity.kind, identity.namespace, identity.name].filter(Boolean).join('/');
    const place = locationOf(twin.owner);
    this.problems.push({
      ...problemAt(
        entry.owner,
        'ORR2009',
        `${object} is made by "${twin.path}"${place === undefined ? '' : ` (${place})`} and again by "${entry.path}".`,
        {
          fix: 'An object has one owner in a cluster: rename one of them or remove it.',
          cluster: this.cluster,
          object,
        },
      ),
      path: entry.path,
    });
  }
}

function inner<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}
