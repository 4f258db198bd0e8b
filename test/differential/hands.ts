import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceType } from '../../lib/cluster/discovery.ts';
import type { KubeRequest, KubeResponse } from '../../lib/cluster/kube-client.ts';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { applyRequest } from '../../lib/diff/apply-request.ts';
import { FieldSetCache } from '../../lib/diff/field-set.ts';
import { appliedObject, fieldManagerOf } from '../../lib/diff/ownership.ts';
import { entryFromResponse } from '../../lib/diff/proof.ts';
import type { ServerStateKeys } from '../../lib/diff/server-state-key.ts';
import { isOrreryError } from '../../lib/errors.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { DesiredObject } from '../../lib/render/desired-state.ts';
import { judgedByServer, type Observation } from './observation.ts';
import { type Judge, provedSomehow } from './proofs.ts';
import type { Subject } from './subject.ts';

/** How often an object that controllers keep writing is read again before it is given up. */
const ATTEMPTS = 20;
/** More requests without an answer mean that the server is gone. */
const MOST_PANICS = 50;

/** What is done to the subjects by real requests: somebody else's writes, our applies, and the dry run that judges. */
export class Hands implements Judge {
  readonly manager: string;
  readonly hmacKey: Uint8Array;
  states: ServerStateKeys;
  /** Observations that were made again because a controller or the server's state was still moving. */
  retried = 0;
  /** Requests at which the server's handler broke down instead of answering. */
  panics = 0;
  readonly #target: KubeTarget;
  readonly platformId: string;

  constructor(target: KubeTarget, platformId: string, hmacKey: Uint8Array, states: ServerStateKeys) {
    this.#target = target;
    this.platformId = platformId;
    this.manager = fieldManagerOf(platformId);
    this.hmacKey = hmacKey;
    this.states = states;
  }

  /** The live object, or undefined when there is none. */
  async read(subject: Subject): Promise<KubernetesObject | undefined> {
    const answer = await this.#send({ method: 'GET', path: pathOf(subject, subject.resource) });
    if (answer.status >= 300) return undefined;
    subject.live = answer.body as KubernetesObject;
    return subject.live;
  }

  /** Somebody else writes the object as a whole; undefined when the server refuses it. */
  async put(
    subject: Subject,
    object: KubernetesObject,
    fieldManager: string,
    subresource = '',
    resource: ResourceType = subject.resource,
  ): Promise<KubernetesObject | undefined> {
    const path = pathOf(subject, resource) + subresource;
    const answer = await this.#send({ method: 'PUT', path, body: object, query: { fieldManager } });
    // A controller was faster: what is drawn next rests on what it wrote.
    if (answer.status === 409) await this.read(subject);
    return this.#kept(subject, answer, resource);
  }

  /** Somebody else patches the object or a subresource of it; undefined when the server refuses it. */
  async patch(
    subject: Subject,
    body: object,
    fieldManager: string,
    how: 'apply' | 'merge',
    subresource = '',
  ): Promise<KubernetesObject | undefined> {
    const path = pathOf(subject, subject.resource) + subresource;
    const contentType = how === 'apply' ? 'application/apply-patch+yaml' : 'application/merge-patch+json';
    const query = { fieldManager, force: how === 'apply' ? 'true' : undefined };
    const answer = await this.#send({ method: 'PATCH', path, body, contentType, query, idempotent: true });
    if (subresource === '/scale' && answer.status < 300) return this.read(subject);
    return this.#kept(subject, answer, subject.resource);
  }

  /** The object in another version of its kind. */
  async readAs(subject: Subject, resource: ResourceType): Promise<KubernetesObject | undefined> {
    const answer = await this.#send({ method: 'GET', path: pathOf(subject, resource) });
    return answer.status < 300 ? (answer.body as KubernetesObject) : undefined;
  }

  /** Applies for real, taking over what others own, and remembers what the inventory would. Says whether the server took it. */
  async apply(subject: Subject, desired: DesiredObject): Promise<boolean> {
    const { uid = '' } = subject.live.metadata;
    const object = appliedObject(desired, this.platformId);
    const body = uid === '' ? object : { ...object, metadata: { ...object.metadata, uid } };
    const answer = await this.#send({
      method: 'PATCH',
      path: pathOf(subject, subject.resource),
      query: { fieldManager: this.manager, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body,
      idempotent: true,
    });
    if (answer.status >= 300) return false;
    subject.live = answer.body as KubernetesObject;
    const { namespace } = desired.id;
    const state = this.states.keyOf(subject.resource, namespace);
    const entry = entryFromResponse(desired, subject.live, state, this.hmacKey, this.manager, new FieldSetCache());
    subject.baseline = { entry, desired, applied: JSON.stringify(subject.live) };
    return true;
  }

  /** Brings an object back to where it can be applied, by writing it as it was, else by making it anew. */
  async restore(subject: Subject): Promise<void> {
    if (await this.apply(subject, subject.baseline.desired)) return;
    const live = await this.read(subject);
    if (live !== undefined) {
      const { resourceVersion = '', uid = '' } = live.metadata;
      const before = JSON.parse(subject.baseline.applied) as KubernetesObject;
      await this.put(subject, { ...before, metadata: { ...before.metadata, resourceVersion, uid } }, 'restore');
      if (await this.apply(subject, subject.baseline.desired)) return;
      if (await this.apply(subject, subject.original)) return;
    }
    await this.remove(subject);
    subject.live = { ...subject.live, metadata: {} };
    if (!(await this.apply(subject, subject.original))) subject.retired = 'could not be made again';
  }

  /** Deletes at once, whatever waits for it. */
  async remove(subject: Subject): Promise<void> {
    const path = pathOf(subject, subject.resource);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { status, body } = await this.#send({
        method: 'DELETE',
        path,
        query: { gracePeriodSeconds: '0' },
        idempotent: true,
      });
      if (status === 404) return;
      const finalizers = (body as KubernetesObject).metadata?.finalizers;
      if (finalizers !== undefined) await this.patch(subject, { metadata: { finalizers: null } }, 'restore', 'merge');
      await sleep(50);
    }
  }

  /** Deletes while somebody's finalizer holds the object. Says whether it is on its way out. */
  async leave(subject: Subject): Promise<boolean> {
    const body = { metadata: { finalizers: ['example.com/hold'] } };
    if ((await this.patch(subject, body, 'somebody', 'merge')) === undefined) return false;
    const path = pathOf(subject, subject.resource);
    await this.#send({ method: 'DELETE', path, query: { gracePeriodSeconds: '0' }, idempotent: true });
    return (await this.read(subject))?.metadata.deletionTimestamp !== undefined;
  }

  /**
   * What the server would make of an apply, beside everything a proof may look at. Rests on one read: where something wrote in between, it is read again.
   * Undefined when the object is gone, or never at rest.
   */
  async observe(subject: Subject, mutation: string, desired: DesiredObject): Promise<Observation | undefined> {
    const first = await this.#observeOnce(subject, mutation, desired);
    if (first === undefined || first.outcome === 'same' || first.outcome === 'ownership' || !provedSomehow(first, this))
      return first;
    // The server's own state may have moved since its key was read: what the planner would read now counts.
    this.retried++;
    await this.refresh();
    return (await this.read(subject)) && this.#observeOnce(subject, mutation, desired);
  }

  /** Reads the keys of the server's state again; set by who owns the target. */
  refresh: () => Promise<void> = async () => undefined;

  async #observeOnce(subject: Subject, mutation: string, desired: DesiredObject): Promise<Observation | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { live, baseline } = subject;
      const { uid = '', resourceVersion = '' } = live.metadata;
      const options = { manager: this.manager, precondition: { uid, resourceVersion }, force: true, dryRun: true };
      const resource = resourceOf(subject, desired);
      const answer = await this.#send(applyRequest(appliedObject(desired, this.platformId), resource, options));
      if (answer.status === 409 || answer.status === 404) {
        this.retried++;
        if ((await this.read(subject)) === undefined) return undefined;
        continue;
      }
      const shown = resource === subject.resource ? live : await this.readAs(subject, resource);
      if (shown?.metadata.resourceVersion !== resourceVersion) continue;
      const serverState = this.states.keyOf(subject.resource, desired.id.namespace);
      const outcome = judgedByServer(shown, answer);
      const facts = { mutates: this.states.mutates(subject.resource), onlyVersion: subject.onlyVersion };
      return { mutation, baseline, desired, live: JSON.stringify(live), serverState, facts, outcome };
    }
    return undefined;
  }

  /** A handler of the server that breaks down over a request (its log says "panic serving") closes the stream instead of answering: a refusal too. */
  #send(request: KubeRequest): Promise<KubeResponse> {
    return this.#target.client.request(request).catch((error: unknown): KubeResponse => {
      if (!isOrreryError(error) || error.code !== 'ORR3004' || ++this.panics > MOST_PANICS) throw error;
      return { status: 500, body: {}, warnings: [] };
    });
  }

  /** The answer to a write is the live object, unless it came in another version. */
  async #kept(subject: Subject, answer: KubeResponse, resource: ResourceType): Promise<KubernetesObject | undefined> {
    if (answer.status >= 300) return undefined;
    if (resource !== subject.resource) return this.read(subject);
    subject.live = answer.body as KubernetesObject;
    return subject.live;
  }
}

function resourceOf({ resource, otherVersions }: Subject, { object }: DesiredObject): ResourceType {
  const groupVersion = ({ group, version }: ResourceType) => (group === '' ? version : `${group}/${version}`);
  return [resource, ...otherVersions].find((one) => groupVersion(one) === object.apiVersion) ?? resource;
}

function pathOf({ original }: Subject, resource: ResourceType): string {
  return resourcePath(resource, original.id.namespace, original.id.name);
}
