import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourcePath } from '../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { JsonObject, KubernetesObject } from '../lib/kubernetes/object.ts';
import { withScaledReplicas } from '../lib/render/scaled-replicas.ts';
import { readYaml } from '../lib/yaml/read.ts';
import type { Declared } from './applied-platform.ts';
import { desiredOf } from './differential/subject.ts';

/** Third-party data; a test without it is skipped. */
export const ISTIO_FILE = join(
  import.meta.dirname,
  '../../shared/data/crds/networking.istio.io/virtualservices.networking.istio.io.yaml',
);

/** Istio's VirtualService in a group of its own, so that it meets nobody else's in the cluster. */
export function virtualServices(domain: string): KubernetesObject {
  const [document] = readYaml(readFileSync(ISTIO_FILE), { source: ISTIO_FILE });
  if (document === undefined) throw new Error(`${ISTIO_FILE} is empty`);
  const { apiVersion, kind, spec } = document.value as unknown as KubernetesObject;
  const group = `istio.${domain}`;
  return { apiVersion, kind, metadata: { name: `virtualservices.${group}` }, spec: { ...(spec as JsonObject), group } };
}

/** Objects with the controller-owned fields that rendering finds by itself. */
export function asRendered(objects: readonly KubernetesObject[]): Declared[] {
  return withScaledReplicas(objects.map(desiredOf)).map(({ object, controllerOwned }) => ({ object, controllerOwned }));
}

export interface Routes {
  readonly timeout?: string;
  /** By subset. */
  readonly weights: Readonly<Record<string, number>>;
  readonly hosts?: readonly string[];
}

export function virtualService(
  domain: string,
  namespace: string,
  { timeout, weights, hosts }: Routes,
): KubernetesObject {
  const route = Object.entries(weights).map(([subset, weight]) => ({ destination: { host: 'cart', subset }, weight }));
  return {
    apiVersion: `istio.${domain}/v1`,
    kind: 'VirtualService',
    metadata: { name: 'cart', namespace },
    spec: { hosts: hosts ?? ['cart'], http: [{ timeout: timeout ?? '5s', route }] },
  };
}

/** The weights of a VirtualService, by subset. */
export function weightsOf(object: KubernetesObject): Record<string, number> {
  const { http } = object.spec as { http: { route: { destination: { subset: string }; weight: number }[] }[] };
  return Object.fromEntries((http[0]?.route ?? []).map(({ destination, weight }) => [destination.subset, weight]));
}

/** Sees every state of one object from now on, in order. */
export class Witness {
  readonly seen: KubernetesObject[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(target: KubeTarget, path: string, name: string, since: string) {
    this.#running = this.#watch(target, path, {
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: since,
      watch: 'true',
    });
  }

  static async of(
    target: KubeTarget,
    resource: { group: string; version: string; plural: string; namespaced: boolean },
    namespace: string,
    name: string,
  ): Promise<Witness> {
    const path = resourcePath(resource, namespace);
    const { body } = await target.client.request({ method: 'GET', path });
    return new Witness(target, path, name, (body as KubernetesObject).metadata.resourceVersion ?? '');
  }

  /** Waits until the object was seen in a state, and ends the watch. */
  async until(isReached: (object: KubernetesObject) => boolean): Promise<readonly KubernetesObject[]> {
    while (!this.seen.some(isReached)) await new Promise((resolve) => setTimeout(resolve, 20));
    this.#stop.abort();
    await this.#running;
    return this.seen;
  }

  async #watch(target: KubeTarget, path: string, query: Record<string, string>): Promise<void> {
    try {
      for await (const { type, object } of target.client.watch({ path, query, signal: this.#stop.signal })) {
        if (type === 'ERROR' || type === 'DELETED') throw new Error(`the watch says ${type}`);
        if (type !== 'BOOKMARK') this.seen.push(object as KubernetesObject);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}
