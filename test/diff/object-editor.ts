import type { ResourceType } from '../../lib/cluster/discovery.ts';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of every kind
export type Loose = any;

/** Somebody else who works on one object. */
export class ObjectEditor {
  readonly #target: KubeTarget;
  readonly #object: KubernetesObject;
  readonly #resource: ResourceType;
  readonly #manager: string;

  constructor(target: KubeTarget, object: KubernetesObject, resource: ResourceType, manager: string) {
    this.#target = target;
    this.#object = object;
    this.#resource = resource;
    this.#manager = manager;
  }

  as(group: string, version: string, plural: string): ObjectEditor {
    return new ObjectEditor(this.#target, this.#object, { ...this.#resource, group, version, plural }, this.#manager);
  }

  async live(): Promise<KubernetesObject> {
    return (await this.#send('GET')) as KubernetesObject;
  }

  merge(body: object, manager = 'kubectl-edit', subresource?: string): Promise<unknown> {
    return this.#send('PATCH', body, 'application/merge-patch+json', { fieldManager: manager }, subresource);
  }

  json(body: object[]): Promise<unknown> {
    return this.#send('PATCH', body, 'application/json-patch+json', { fieldManager: 'kubectl-edit' });
  }

  remove(): Promise<unknown> {
    return this.#send('DELETE');
  }

  /** Reads, changes, writes back whole; again when a controller was faster. */
  async edit(change: (live: Loose) => unknown, fieldManager = 'kubectl-edit'): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const live = await this.live();
      change(live);
      try {
        return await this.#send('PUT', live, 'application/json', { fieldManager });
      } catch (error) {
        if (attempt === 5 || !String(error).includes('has been modified')) throw error;
      }
    }
  }

  applyAs(who: 'ours' | 'other', fields: object, force: boolean, subresource?: string): Promise<unknown> {
    const { apiVersion, kind, metadata } = this.#object;
    const { name, namespace: where } = metadata;
    const fieldManager = who === 'ours' ? this.#manager : who;
    const query = { fieldManager, force: String(force) };
    const body = { apiVersion, kind, metadata: { name, namespace: where }, ...fields };
    return this.#send('PATCH', body, 'application/apply-patch+yaml', query, subresource);
  }

  async #send(
    method: 'GET' | 'PATCH' | 'PUT' | 'DELETE',
    body?: object,
    contentType?: string,
    query?: Record<string, string>,
    subresource?: string,
  ): Promise<unknown> {
    const { namespace: where = '', name } = this.#object.metadata;
    const path = resourcePath(this.#resource, where, name) + (subresource === undefined ? '' : `/${subresource}`);
    const answer = await this.#target.client.request({ method, path, body, contentType, query });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
