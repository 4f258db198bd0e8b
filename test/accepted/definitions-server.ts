import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { ResourceType } from '../../lib/cluster/discovery.ts';
import type { KubeClient } from '../../lib/cluster/kube-client.ts';
import { openTarget } from '../../lib/cluster/open-target.ts';
import { DEFINITIONS, resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { apiStatus } from '../../lib/kubernetes/status.ts';
import { startApiServerOnly } from '../../lib/sandbox/api-server-only.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';

/** Third-party definitions (data/SOURCES.md). */
export const CRDS = join(import.meta.dirname, '../../../shared/data/crds');

/** An API server without controllers that knows custom resources of other projects. */
export class DefinitionsServer {
  readonly definitions: readonly KubernetesObject[];
  readonly #folder: string;
  readonly #target: KubeTarget;
  readonly #namespaces = new Set<string>();

  private constructor(folder: string, target: KubeTarget, definitions: readonly KubernetesObject[]) {
    this.#folder = folder;
    this.#target = target;
    this.definitions = definitions;
  }

  /** @param paths folders or files below `CRDS`, or with "./" in front below this folder */
  static async start(paths: readonly string[]): Promise<DefinitionsServer> {
    const folder = ownSandboxFolder();
    const { kubeconfig } = await startApiServerOnly({ folder, tools: inject('tools') });
    const target = await openTarget({ kind: 'kubeconfig', kubeconfig, context: 'api' }, { cluster: 'api', env: {} });
    if (target.kind !== 'kube') throw new Error('not a cluster');
    const definitions = [...new Set(paths.flatMap(filesAt))].flatMap(definitionsIn);
    await Promise.all(definitions.map((definition) => established(target.client, definition)));
    return new DefinitionsServer(folder, target, definitions);
  }

  /** What the server says to the object in a dry run: '' where it accepts it. Unknown fields are refused. */
  async answer(object: KubernetesObject, resource: ResourceType): Promise<string> {
    const answer = await this.#dryRun(object, resource);
    return answer.status < 300 ? '' : `${answer.status}: ${apiStatus(answer).message}`;
  }

  /** The object as the server would keep it, defaults included. */
  async stored(object: KubernetesObject): Promise<KubernetesObject> {
    const answer = await this.#dryRun(object, await this.resource(object));
    if (answer.status >= 300) throw new Error(`${object.kind}/${object.metadata.name}: ${apiStatus(answer).message}`);
    return answer.body as KubernetesObject;
  }

  async #dryRun(object: KubernetesObject, resource: ResourceType): Promise<{ status: number; body: unknown }> {
    const { client } = this.#target;
    const namespace = resource.namespaced ? (object.metadata.namespace ?? '') : '';
    if (namespace !== '' && !this.#namespaces.has(namespace)) {
      await client.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
      this.#namespaces.add(namespace);
    }
    return await client.request({
      method: 'PATCH',
      path: resourcePath(resource, namespace, object.metadata.name),
      query: { dryRun: 'All', fieldManager: 'accepted', fieldValidation: 'Strict', force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
  }

  /** @throws where the server does not serve the kind in that version. */
  async resource({ apiVersion, kind }: KubernetesObject): Promise<ResourceType> {
    const found =
      (await this.#target.discovery()).find(apiVersion, kind) ??
      (await this.#target.discovery({ fresh: true })).find(apiVersion, kind);
    if (found === undefined) throw new Error(`${apiVersion} ${kind} is not served: is its definition among "crds"?`);
    return found;
  }

  async end(): Promise<void> {
    await this.#target.client.close();
    await sandboxDown({ folder: this.#folder });
  }
}

function filesAt(path: string): string[] {
  const whole = join(path.startsWith('./') ? import.meta.dirname : CRDS, path);
  if (!statSync(whole).isDirectory()) return [whole];
  return readdirSync(whole)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(whole, name));
}

function definitionsIn(file: string): KubernetesObject[] {
  return readYaml(readFileSync(file), { source: file }).map(({ value }) => {
    const { apiVersion, kind, metadata, spec } = value as unknown as KubernetesObject;
    const { name = '', annotations = {} } = metadata;
    // Without its webhook: nothing of the project runs here.
    const { conversion: _, ...kept } = spec as { conversion?: unknown };
    return { apiVersion, kind, metadata: { name, annotations }, spec: kept };
  });
}

async function established(client: KubeClient, definition: KubernetesObject): Promise<void> {
  const made = await client.request({ method: 'POST', path: resourcePath(DEFINITIONS, ''), body: definition });
  if (made.status !== 201) throw new Error(`${definition.metadata.name}: ${apiStatus(made).message}`);
  const path = resourcePath(DEFINITIONS, '', definition.metadata.name);
  for (;;) {
    const { body } = await client.request({ method: 'GET', path });
    const { status } = body as { status?: { conditions?: { type: string; status: string }[] | null } };
    if (status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
