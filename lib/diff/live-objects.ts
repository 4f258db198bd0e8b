import type { ResourceType } from '../cluster/discovery.ts';
import { type KubeResponse, METADATA_LIST } from '../cluster/kube-client.ts';
import { listPages } from '../cluster/list-pages.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { describeId, idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';
import { platformSelector } from './ownership.ts';

/**
 * What the cluster says about one object.
 * `unlisted`: it is not among the objects that carry our label. That proves no absence: the label may have been removed, or the object is not ours.
 */
export type Live =
  | { readonly state: 'found'; readonly object: KubernetesObject }
  | { readonly state: 'absent' }
  | { readonly state: 'unlisted' }
  | { readonly state: 'unreadable'; readonly error: OrreryError };

/** The object was found, and what was to be known of it is: it is as it should be. */
export interface Settled {
  readonly state: 'settled';
  readonly uid: string | undefined;
}

/** Says of an object that it need not be kept. Asked as soon as it is read. */
export type Settles = (object: KubernetesObject, key: string) => boolean;

/** What a LIST showed, and the namespaces that it covers; 'forbidden': the right to list is missing. */
type Listed =
  | { readonly objects: ReadonlyMap<string, Live | Settled>; readonly namespaces: ReadonlySet<string> }
  | { readonly error: OrreryError | 'forbidden' };

/** So many members missing from a LIST are confirmed one by one; for more, one LIST of names says which of them exist. */
const FEW = 4;

/**
 * Reads the live objects of one cluster, with as few requests as the answer needs:
 * - one label-selected LIST per kind and version, in the one namespace that holds all of them, or across namespaces;
 * - a GET where we have one object of a kind: the same number of requests, less work for the server;
 * - without the right to list across namespaces a LIST per namespace, without the right to list a GET per object.
 * Label selection keeps the answer small in clusters that hold much else of the kind; what it cannot say, absence, `confirm` finds out.
 */
export class LiveReader {
  readonly #target: KubeTarget;
  readonly #selector: string;
  readonly #settles: Promise<Settles> | undefined;
  /** What is known, by `idKey`; an id that was asked for and is not here is still being read. */
  readonly #live = new Map<string, Live | Settled>();
  readonly #asked = new Set<string>();
  /** One for each LIST or GET that `read` began. */
  readonly #reads: Promise<void>[] = [];
  /** LISTs by resource; '' is the scope of all namespaces, or of cluster-scoped objects. */
  readonly #lists = new Map<ResourceType, { readonly scope: string; readonly answer: Promise<Listed> }[]>();
  /** What was read, also beside what was asked for. */
  readonly #found = new Map<string, KubernetesObject>();

  /**
   * @param settles objects of which this is true are let go as soon as they are read, so that a plan holds what it has to decide about and not all there is. When the
   * promise rejects, what is read with it rejects too. Default: everything is kept.
   */
  constructor(target: KubeTarget, platformId: string, settles?: Promise<Settles>) {
    this.#target = target;
    this.#selector = platformSelector(platformId);
    this.#settles = settles;
  }

  /** Starts reading objects of one kind and version, unless they are known already or a LIST that is under way will show them. */
  read(resource: ResourceType, ids: readonly ObjectId[]): void {
    const fresh: ObjectId[] = [];
    for (const id of ids) {
      const key = idKey(id);
      if (this.#asked.has(key)) continue;
      this.#asked.add(key);
      fresh.push(id);
    }
    const lists = this.#lists.get(resource) ?? [];
    const wanted = new Set(fresh);
    for (const { scope, answer } of lists) {
      const covered = [...wanted].filter((id) => scope === '' || scope === id.namespace);
      for (const id of covered) wanted.delete(id);
      if (covered.length > 0) this.#track(this.#settle(resource, covered, answer));
    }
    const [only] = wanted;
    if (only === undefined) return;
    if (wanted.size === 1) {
      this.#track(this.#settleAlone(resource, only));
      return;
    }
    const namespaces = new Set([...wanted].map((id) => id.namespace));
    const scope = namespaces.size === 1 ? only.namespace : '';
    const answer = this.#list(resource, scope, [...namespaces]);
    this.#lists.set(resource, [...lists, { scope, answer }]);
    this.#track(this.#settle(resource, [...wanted], answer));
  }

  /** Resolves when everything that was asked for is known. Errors: what the client throws. */
  async settled(): Promise<void> {
    let waited = -1;
    while (waited !== this.#reads.length) {
      waited = this.#reads.length;
      await Promise.all(this.#reads);
    }
  }

  #track(read: Promise<void>): void {
    // A failure comes up in `settled`, not as a rejection that nobody handles.
    read.catch(() => undefined);
    this.#reads.push(read);
  }

  async #settle(resource: ResourceType, ids: readonly ObjectId[], answer: Promise<Listed>): Promise<void> {
    const list = await answer;
    const alone: ObjectId[] = [];
    for (const id of ids) {
      if ('error' in list) {
        if (list.error === 'forbidden') alone.push(id);
        else this.#live.set(idKey(id), unreadable(list.error));
      } else if (!list.namespaces.has('') && !list.namespaces.has(id.namespace)) {
        // Without the right to list everywhere only some namespaces were listed.
        alone.push(id);
      } else {
        const key = idKey(id);
        this.#live.set(key, list.objects.get(key) ?? { state: 'unlisted' });
      }
    }
    await Promise.all(alone.map((id) => this.#settleAlone(resource, id)));
  }

  async #settleAlone(resource: ResourceType, id: ObjectId): Promise<void> {
    const live = await this.#get(resource, id);
    const settles = await this.#settles;
    const settled = live.state === 'found' && settles?.(live.object, idKey(id)) === true;
    this.#live.set(idKey(id), settled ? { state: 'settled', uid: live.object.metadata.uid } : live);
  }

  /** An object that cannot exist: nobody serves its kind yet. */
  knowAbsent(id: ObjectId): void {
    this.#asked.add(idKey(id));
    this.#live.set(idKey(id), { state: 'absent' });
  }

  /** All objects that were read so far and kept. */
  found(): KubernetesObject[] {
    return [...this.#found.values()];
  }

  /** What is known of an object by now; undefined when it was not asked for, or is still being read. */
  known(id: ObjectId): Live | Settled | undefined {
    return this.#live.get(idKey(id));
  }

  /** What is known of an object once everything is read; it must have been asked for by `read`, and not be settled. */
  async of(id: ObjectId): Promise<Live> {
    if (this.known(id) === undefined) await this.settled();
    const live = this.known(id);
    if (live === undefined || live.state === 'settled') throw new Error(`${describeId(id)} was not read and kept`);
    return live;
  }

  /** Reads one object again, past what is known. */
  async again(resource: ResourceType, id: ObjectId): Promise<Live> {
    const live = await this.#get(resource, id);
    this.#live.set(idKey(id), live);
    return live;
  }

  /** Finds out for objects of one kind that a LIST did not show whether they exist. */
  async confirm(resource: ResourceType, ids: readonly ObjectId[]): Promise<void> {
    await this.settled();
    let missing = ids.filter((id) => this.known(id)?.state === 'unlisted');
    if (missing.length > FEW) {
      const names = await this.#names(resource, missing);
      if (names !== undefined) {
        for (const id of missing) if (!names.has(idKey(id))) this.#live.set(idKey(id), { state: 'absent' });
        missing = missing.filter((id) => names.has(idKey(id)));
      }
    }
    await Promise.all(missing.map((id) => this.again(resource, id)));
  }

  /** Objects that carry our label and were not asked for. */
  labelledOthers(): KubernetesObject[] {
    return [...this.#found].filter(([key]) => !this.#asked.has(key)).map(([, object]) => object);
  }

  async #get(resource: ResourceType, id: ObjectId): Promise<Live> {
    const path = resourcePath(resource, id.namespace, id.name);
    const answer = await this.#target.client.request({ method: 'GET', path });
    if (answer.status === 200) {
      const object = answer.body as KubernetesObject;
      this.#found.set(idKey(id), object);
      return { state: 'found', object };
    }
    if (answer.status === 404) return { state: 'absent' };
    return unreadable(this.#refusal(answer, describeId(id), `get on ${resource.plural}`));
  }

  async #list(resource: ResourceType, scope: string, namespaces: readonly string[]): Promise<Listed> {
    const query = { labelSelector: this.#selector };
    const make = (items: readonly KubernetesObject[]) => this.#digest(resource, items);
    const read = (namespace: string) =>
      listPages(this.#target.client, resourcePath(resource, namespace), make, { query });
    let scopes = [scope];
    let lists = [await read(scope)];
    if (scope === '' && resource.namespaced && lists.some(isForbidden)) {
      scopes = [...namespaces];
      lists = await Promise.all(scopes.map(read));
    }
    const objects = new Map<string, Live | Settled>();
    for (const list of lists) {
      if (isForbidden(list)) return { error: 'forbidden' };
      if (!Array.isArray(list)) return { error: this.#refusal(list, resource.plural, `list on ${resource.plural}`) };
      for (const [key, live] of list) {
        objects.set(key, live);
        if (live.state === 'found') this.#found.set(key, live.object);
      }
    }
    return { objects, namespaces: new Set(scopes) };
  }

  /** What is kept of a page of a LIST. */
  async #digest(resource: ResourceType, items: readonly KubernetesObject[]): Promise<[string, Live | Settled][]> {
    const settles = await this.#settles;
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    return items.map((object) => {
      // Items of a typed list do not say what they are.
      object.apiVersion ??= apiVersion;
      object.kind ??= resource.kind;
      const key = keyOf(resource, object);
      const settled = settles?.(object, key) === true;
      return [key, settled ? { state: 'settled', uid: object.metadata.uid } : { state: 'found', object }];
    });
  }

  /** Keys of all objects of a kind in the namespaces of the given ones, without what they hold; undefined when they may not be listed. */
  async #names(resource: ResourceType, ids: readonly ObjectId[]): Promise<ReadonlySet<string> | undefined> {
    const namespaces = [...new Set(ids.map((id) => id.namespace))];
    const keys = (items: readonly KubernetesObject[]) => items.map((object) => keyOf(resource, object));
    const lists = await Promise.all(
      namespaces.map((namespace) =>
        listPages(this.#target.client, resourcePath(resource, namespace), keys, { accept: METADATA_LIST }),
      ),
    );
    return lists.every((list) => Array.isArray(list)) ? new Set(lists.flat()) : undefined;
  }

  #refusal(answer: KubeResponse, object: string, verb: string): OrreryError {
    const status = apiStatus(answer);
    const where = { cluster: this.#target.cluster, object };
    if (isMissingRight(status)) {
      return new OrreryError('ORR3006', `${object} cannot be read: ${status.message}`, {
        ...where,
        fix: `Grant ${verb}.`,
      });
    }
    return new OrreryError('ORR3007', `${object} cannot be read: ${status.message} (HTTP ${status.code})`, where);
  }
}

function keyOf({ group, kind }: ResourceType, { metadata }: KubernetesObject): string {
  const { namespace = '', name = '' } = metadata;
  return idKey({ group, kind, namespace, name });
}

function isForbidden(list: readonly unknown[] | KubeResponse): list is KubeResponse {
  return 'status' in list && isMissingRight(apiStatus(list));
}

function unreadable(error: OrreryError): Live {
  return { state: 'unreadable', error };
}

/** Ids by the resource under which they are read; what no resource serves is left out. */
export function byResource(
  members: Iterable<{ readonly id: ObjectId; readonly resource: ResourceType | undefined }>,
): Map<ResourceType, ObjectId[]> {
  const groups = new Map<ResourceType, ObjectId[]>();
  for (const { id, resource } of members) {
    if (resource === undefined) continue;
    const ids = groups.get(resource);
    if (ids === undefined) groups.set(resource, [id]);
    else ids.push(id);
  }
  return groups;
}
