import type { ResourceType } from '../cluster/discovery.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import { describeId } from '../kubernetes/object.ts';
import { watchKey, watchObjects } from './object-watch.ts';
import type { Readiness } from './readiness.ts';

export interface WaitRequest {
  readonly id: ObjectId;
  readonly resource: ResourceType;
  /** The object as we last saw it; older states that a watch still shows are not judged. */
  readonly seen?: KubernetesObject | undefined;
  /** undefined: it is not in the cluster. */
  readonly judge: (object: KubernetesObject | undefined) => Readiness;
  /** What the wait ends with, for messages. Default 'ready'. */
  readonly goal?: 'ready' | 'gone' | undefined;
  readonly timeoutMs: number;
  /** How long a failure that may heal must last before it counts. */
  readonly failureMs: number;
  /** Whenever what it waits for changes. */
  readonly onReason: (reason: string) => void;
  /** failure: the wait is over, and all is well, when `timeoutMs` went by without one. Default 'ready'. */
  readonly until?: 'ready' | 'failure' | undefined;
  /** Aborts this wait alone; it then rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Namespaces of one kind that are watched one by one; beyond that, one watch serves all. */
const NAMESPACE_WATCHES = 8;

/**
 * Waits for objects of one cluster by WATCH: one stream per kind and namespace in use, shared by all who wait, opened when the first one waits and closed
 * when the last one is done.
 */
export class ReadinessWatch {
  readonly #target: KubeTarget;
  readonly #labelSelector: string;
  readonly #signal: AbortSignal;
  readonly #streams = new Map<string, Stream>();

  /** @param signal aborts all waiting; waits then reject with its reason */
  constructor(target: KubeTarget, labelSelector: string, signal: AbortSignal) {
    this.#target = target;
    this.#labelSelector = labelSelector;
    this.#signal = signal;
  }

  /**
   * Resolves with the readiness that ended the wait: 'ready', or 'suspended'.
   * @throws OrreryError ORR5002 when the time is over, ORR5003 when the object failed, ORR3006 when it may not be watched
   */
  async wait(request: WaitRequest): Promise<Readiness> {
    this.#signal.throwIfAborted();
    request.signal?.throwIfAborted();
    const waiter = new Waiter(request, this.#target.cluster);
    // What the write answered may be all there is to know; nothing is watched then.
    if (request.seen !== undefined) waiter.judge(request.seen);
    if (!waiter.isDone) {
      const stream = this.#streamFor(request.resource, request.id.namespace);
      const signal = request.signal === undefined ? this.#signal : AbortSignal.any([this.#signal, request.signal]);
      const abort = () => waiter.reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      stream.add(waiter);
      waiter.result
        .catch(() => undefined)
        .finally(() => {
          signal.removeEventListener('abort', abort);
          stream.remove(waiter);
        });
    }
    return waiter.result;
  }

  #streamFor(resource: ResourceType, namespace: string): Stream {
    const kind = `${resource.group}/${resource.version}/${resource.plural}`;
    const all = this.#streams.get(`${kind}|`);
    if (all !== undefined) return all;
    const own = this.#streams.get(`${kind}|${namespace}`);
    if (own !== undefined) return own;
    const siblings = [...this.#streams.keys()].filter((key) => key.startsWith(`${kind}|`)).length;
    const watched = siblings < NAMESPACE_WATCHES ? namespace : '';
    const key = `${kind}|${watched}`;
    const stream = new Stream(this.#target, resource, watched, this.#labelSelector, () => this.#streams.delete(key));
    this.#streams.set(key, stream);
    return stream;
  }
}

/** One LIST and WATCH, and who waits for what it shows. */
class Stream {
  readonly #target: KubeTarget;
  readonly #resource: ResourceType;
  readonly #stop = new AbortController();
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #onUnused: () => void;
  #shown: Map<string, KubernetesObject> | undefined;

  constructor(
    target: KubeTarget,
    resource: ResourceType,
    namespace: string,
    labelSelector: string,
    onUnused: () => void,
  ) {
    this.#target = target;
    this.#resource = resource;
    this.#onUnused = onUnused;
    void watchObjects(
      { target, resource, namespace, labelSelector, signal: this.#stop.signal },
      {
        onList: (objects) => {
          this.#shown = new Map(objects);
          for (const key of this.#waiters.keys()) this.#show(key, objects.get(key));
        },
        onObject: (objectNamespace, name, object) => {
          const key = watchKey(objectNamespace, name);
          if (object === undefined) this.#shown?.delete(key);
          else this.#shown?.set(key, object);
          this.#show(key, object);
        },
        onEnd: (error) => {
          for (const waiters of this.#waiters.values()) for (const waiter of waiters) waiter.reject(error);
        },
      },
    );
  }

  add(waiter: Waiter): void {
    const known = this.#waiters.get(waiter.key);
    if (known === undefined) this.#waiters.set(waiter.key, new Set([waiter]));
    else known.add(waiter);
    if (this.#shown !== undefined) this.#show(waiter.key, this.#shown.get(waiter.key));
  }

  remove(waiter: Waiter): void {
    const waiters = this.#waiters.get(waiter.key);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(waiter.key);
    if (this.#waiters.size > 0) return;
    this.#onUnused();
    this.#stop.abort();
  }

  #show(key: string, object: KubernetesObject | undefined): void {
    for (const waiter of this.#waiters.get(key) ?? []) {
      if (object === undefined) void this.#confirmAbsent(waiter);
      else waiter.judge(object);
    }
  }

  /** Not shown by a label-selected watch is not gone: somebody may have taken the label off. */
  async #confirmAbsent(waiter: Waiter): Promise<void> {
    const { namespace, name } = waiter.id;
    const path = resourcePath(this.#resource, namespace, name);
    try {
      const answer = await this.#target.client.request({ method: 'GET', path, signal: this.#stop.signal });
      if (answer.status === 404) waiter.judge(undefined);
      else if (answer.status === 200) waiter.judge(answer.body as KubernetesObject);
    } catch {
      // The stream notices an unreachable server itself, and lists again when it is back.
    }
  }
}

/** One wait for one object. */
class Waiter {
  readonly result: Promise<Readiness>;
  readonly #request: WaitRequest;
  readonly #cluster: string;
  #resolve: (readiness: Readiness) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #timeout: NodeJS.Timeout;
  #failing: NodeJS.Timeout | undefined;
  #last = 'no answer yet';
  isDone = false;

  constructor(request: WaitRequest, cluster: string) {
    this.#request = request;
    this.#cluster = cluster;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timeout = setTimeout(() => this.#timeIsOver(), request.timeoutMs);
  }

  get id(): ObjectId {
    return this.#request.id;
  }

  get key(): string {
    return watchKey(this.#request.id.namespace, this.#request.id.name);
  }

  judge(object: KubernetesObject | undefined): void {
    if (this.isDone || (object !== undefined && isOlder(object, this.#request.seen))) return;
    const readiness = this.#request.judge(object);
    if (this.#request.until === 'failure') {
      if (readiness.status !== 'failed') {
        this.#healed();
        return;
      }
    } else if (readiness.status === 'ready' || readiness.status === 'suspended') {
      this.#done(readiness);
      return;
    }
    if (readiness.reason !== this.#last) this.#request.onReason(readiness.reason);
    this.#last = readiness.reason;
    if (readiness.status === 'waiting') this.#healed();
    else if (readiness.final === true) this.reject(this.#failed());
    else this.#failing ??= setTimeout(() => this.reject(this.#failed()), this.#request.failureMs);
  }

  reject(error: unknown): void {
    if (this.isDone) return;
    this.#end();
    this.#reject(error);
  }

  #healed(): void {
    clearTimeout(this.#failing);
    this.#failing = undefined;
  }

  #done(readiness: Readiness): void {
    if (this.isDone) return;
    this.#end();
    this.#resolve(readiness);
  }

  #timeIsOver(): void {
    if (this.#request.until === 'failure') this.#done({ status: 'ready', reason: 'nothing failed' });
    else this.reject(this.#timedOut());
  }

  #end(): void {
    this.isDone = true;
    clearTimeout(this.#timeout);
    clearTimeout(this.#failing);
  }

  #failed(): OrreryError {
    return new OrreryError('ORR5003', `${describeId(this.id)} failed: ${this.#last}.`, this.#where());
  }

  #timedOut(): OrreryError {
    const seconds = Math.round(this.#request.timeoutMs / 1000);
    const gone = this.#request.goal === 'gone';
    const what = gone ? `is not gone after ${seconds} s` : `did not get ready in ${seconds} s`;
    return new OrreryError('ORR5002', `${describeId(this.id)} ${what}: ${this.#last}.`, {
      ...this.#where(),
      fix: gone
        ? 'Look at its finalizers and at the controllers that set them; apply again to go on waiting.'
        : 'Look at its events and logs; give it more time with --timeout, or apply again to go on waiting.',
    });
  }

  #where(): { readonly cluster: string; readonly object: string } {
    return { cluster: this.#cluster, object: describeId(this.id) };
  }
}

/** resourceVersions are comparable numbers (Kubernetes API concepts, since 1.35; etcd's revisions before); what is no number is never older. */
function isOlder(object: KubernetesObject, than: KubernetesObject | undefined): boolean {
  const [a, b] = [object.metadata.resourceVersion ?? '', than?.metadata.resourceVersion ?? ''];
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
  return BigInt(a) < BigInt(b);
}
