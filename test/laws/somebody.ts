import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';

/** Somebody else at work in a cluster, by plain requests; every refusal is an error. */
export class Somebody {
  readonly #target: KubeTarget;
  readonly #manager: string;

  constructor(target: KubeTarget, manager = 'kubectl-edit') {
    this.#target = target;
    this.#manager = manager;
  }

  get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubernetesObject> {
    return this.#send('GET', apiVersion, kind, namespace, name);
  }

  /** The object, or undefined when there is none. */
  async find(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubernetesObject | undefined> {
    const answer = await this.#target.client.request({
      method: 'GET',
      path: await this.#path(apiVersion, kind, namespace, name),
    });
    return answer.status === 404 ? undefined : (answer.body as KubernetesObject);
  }

  create(object: KubernetesObject): Promise<KubernetesObject> {
    return this.#send('POST', object.apiVersion, object.kind, object.metadata.namespace ?? '', undefined, object);
  }

  /** Applies fields by server-side apply, with force. */
  apply(object: KubernetesObject): Promise<KubernetesObject> {
    const { apiVersion, kind, metadata } = object;
    return this.#send('PATCH', apiVersion, kind, metadata.namespace ?? '', metadata.name, object, {
      contentType: 'application/apply-patch+yaml',
      query: { force: 'true' },
    });
  }

  merge(apiVersion: string, kind: string, namespace: string, name: string, body: object): Promise<KubernetesObject> {
    return this.#send('PATCH', apiVersion, kind, namespace, name, body, {
      contentType: 'application/merge-patch+json',
    });
  }

  remove(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubernetesObject> {
    return this.#send('DELETE', apiVersion, kind, namespace, name);
  }

  async #path(apiVersion: string, kind: string, namespace: string, name?: string): Promise<string> {
    const discovered = (await this.#target.discovery()).find(apiVersion, kind);
    const resource = discovered ?? (await this.#target.discovery({ fresh: true })).find(apiVersion, kind);
    if (resource === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
    return resourcePath(resource, namespace, name);
  }

  async #send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    apiVersion: string,
    kind: string,
    namespace: string,
    name?: string,
    body?: object,
    more: { contentType?: string; query?: Record<string, string> } = {},
  ): Promise<KubernetesObject> {
    const path = await this.#path(apiVersion, kind, namespace, name);
    const query = { fieldManager: this.#manager, ...more.query };
    const answer = await this.#target.client.request({ method, path, body, query, contentType: more.contentType });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body as KubernetesObject;
  }
}
