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
  private readonly seen = new Map<string, Entry>();

  public constructor(
    private readonly cluster: string,
    private readonly problems: Problem[],
  ) {}

  public add(identity: Identity, entry: Entry): void {
    const key = `${identity.group}|${identity.kind}|${identity.namespace ?? ''}|${identity.name}`;
    const twin = this.seen.get(key);
    if (twin === undefined) {
      this.seen.set(key, entry);
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
