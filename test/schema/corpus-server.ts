import { KindCatalogue, type KnownKinds, schemaOf } from '../../lib/checks/schema/known-kinds.ts';
import { type Violation, violationsOf } from '../../lib/checks/schema/violations.ts';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { isOrreryError } from '../../lib/errors.ts';
import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { isCustomResourceDefinition } from '../../lib/kubernetes/scope.ts';
import type { AppliedPlatform } from '../applied-platform.ts';
import { readCorpus } from '../corpus/corpus.ts';

/** The corpus has them for others to refer to, and they are written; everything else is only tried. */
const WRITTEN = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ServiceAccount',
];

/** An API server that tells of objects like those of the corpus whether it takes them, beside the check that tells it without asking. */
export class CorpusServer {
  readonly objects: readonly KubernetesObject[];
  readonly #target: KubeTarget;
  readonly #known: KnownKinds;

  private constructor(target: KubeTarget, objects: readonly KubernetesObject[]) {
    this.#target = target;
    this.#known = new KindCatalogue().of({ kubernetesVersion: '1.36' }, objects);
    // Under another name where the object is there: some fields cannot change, and the check is about none that is.
    this.objects = objects.map((object) => (isSpare(object) ? renamed(object) : object));
  }

  static async start(platform: AppliedPlatform): Promise<CorpusServer> {
    const corpus = readCorpus({ namespace: platform.namespace(), prefix: platform.id });
    const objects = corpus.map(({ object }) => object);
    const server = new CorpusServer(await platform.open('beta'), objects);
    for (const object of objects.filter(({ kind }) => WRITTEN.includes(kind))) {
      const answer = await server.#apply(object, false);
      if (answer !== '') throw new Error(`${object.kind} of the corpus: ${answer}`);
    }
    return server;
  }

  /** Removes what lies outside of namespaces; the namespaces are the platform's. */
  async end(): Promise<void> {
    const resources = await this.#target.discovery({ fresh: true });
    for (const { apiVersion, kind, metadata } of this.objects) {
      const resource = resources.find(apiVersion, kind);
      if (resource === undefined || resource.namespaced || !WRITTEN.includes(kind)) continue;
      const name = metadata.name?.replace(/-spare$/, '') ?? '';
      await this.#target.client.request({ method: 'DELETE', path: resourcePath(resource, '', name) });
    }
  }

  /** What the check says. */
  check(object: KubernetesObject): Violation[] {
    const schema = schemaOf(this.#known, object);
    if (schema === undefined) throw new Error(`no schema of ${object.apiVersion} ${object.kind}`);
    return violationsOf(schema, object as unknown as Json);
  }

  schemaOf(object: KubernetesObject): ReturnType<typeof schemaOf> {
    return schemaOf(this.#known, object);
  }

  /** Why the server refuses an object (dry run, strict); '' when it takes it. */
  refusal(object: KubernetesObject): Promise<string> {
    return this.#apply(object, true);
  }

  async #apply(object: KubernetesObject, isDryRun: boolean): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const options = { fresh: false };
    for (let attempt = 1; ; attempt++) {
      const resource = (await this.#target.discovery(options)).find(apiVersion, kind);
      if (resource === undefined && attempt < 50) {
        // A definition of a moment ago is not served yet.
        await new Promise((resolve) => setTimeout(resolve, 100));
        options.fresh = true;
        continue;
      }
      if (resource === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
      return this.#patch(resourcePath(resource, metadata.namespace ?? '', metadata.name), object, isDryRun);
    }
  }

  async #patch(path: string, body: KubernetesObject, isDryRun: boolean): Promise<string> {
    const query = { fieldManager: 'test', fieldValidation: 'Strict', dryRun: isDryRun ? 'All' : undefined };
    try {
      const answer = await this.#target.client.request({
        method: 'PATCH',
        path,
        query,
        contentType: 'application/apply-patch+yaml',
        body,
      });
      const { message = '' } = answer.body as { message?: string };
      return answer.status < 300 ? '' : `${answer.status} ${message}`;
    } catch (error) {
      // A defaulter that panics over a Job without spec.
      if (isOrreryError(error) && error.message.includes('HTTP2_STREAM')) return '500 the server dropped the request';
      throw error;
    }
  }
}

function isSpare(object: KubernetesObject): boolean {
  return WRITTEN.includes(object.kind) && !isCustomResourceDefinition(object);
}

function renamed(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-spare` } };
}

/** Runs jobs, several at a time. */
export async function inParallel<T>(jobs: readonly T[], run: (job: T) => Promise<void>): Promise<void> {
  const queue = jobs.values();
  const worker = async (): Promise<void> => {
    for (const job of queue) await run(job);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
