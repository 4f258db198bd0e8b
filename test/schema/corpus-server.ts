import { KindCatalogue, type KnownKinds, schemaOf } from '../../lib/checks/schema/known-kinds.ts';
import { type Violation, violationsOf } from '../../lib/checks/schema/violations.ts';
import type { ResourceType } from '../../lib/cluster/discovery.ts';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { isOrreryError } from '../../lib/errors.ts';
import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { isCustomResourceDefinition } from '../../lib/kubernetes/scope.ts';
import type { AppliedPlatform } from '../applied-platform.ts';
import { readCorpus } from '../corpus/corpus.ts';
import { readDefinitions, specOf, storedVersion, validObject } from '../differential/definitions.ts';
import { Random } from '../differential/random.ts';

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
  readonly objects: KubernetesObject[];
  readonly #target: KubeTarget;
  readonly #known: KnownKinds;
  readonly #written: KubernetesObject[] = [];

  private constructor(
    target: KubeTarget,
    objects: readonly KubernetesObject[],
    definitions: readonly KubernetesObject[],
  ) {
    this.#target = target;
    this.#known = new KindCatalogue(definitions).of({ kubernetesVersion: '1.36' }, objects);
    // Under another name where the object is there: some fields cannot change, and the check is about none that is.
    this.objects = objects.map((object) => (isSpare(object) ? renamed(object) : object));
  }

  /** @param crdFolder CRDs of other projects, of some of which a random object is added; undefined: without them */
  static async start(platform: AppliedPlatform, crdFolder: string | undefined): Promise<CorpusServer> {
    const target = await platform.open('beta');
    const corpus = readCorpus({ namespace: platform.namespace(), prefix: platform.id }).map(({ object }) => object);
    // A third of them: what they try, they try several times.
    const others = crdFolder === undefined ? [] : readDefinitions(crdFolder, `${platform.id}.example.com`);
    const definitions = others.filter((_, at) => at % 3 === 0);
    const server = new CorpusServer(target, corpus, definitions);
    const write = async (object: KubernetesObject): Promise<void> => {
      server.#written.push(object);
      const answer = await server.#apply(object, false);
      if (answer !== '') throw new Error(`${object.kind} of the corpus: ${answer}`);
    };
    await inParallel(definitions, write);
    for (const object of corpus.filter(({ kind }) => WRITTEN.includes(kind))) await write(object);
    await server.#addResources(definitions, platform.namespace());
    return server;
  }

  async #addResources(definitions: readonly KubernetesObject[], namespace: string): Promise<void> {
    const { client } = this.#target;
    const made = definitions.map(async (definition) => {
      const { group, names, scope } = specOf(definition);
      const resource = await this.#resource(`${group}/${storedVersion(definition).name}`, names.kind);
      const metadata = scope === 'Namespaced' ? { name: 'one', namespace } : { name: 'one' };
      return validObject(client, definition, resource, metadata, new Random(names.kind));
    });
    this.objects.push(...(await Promise.all(made)));
  }

  /** Removes what lies outside of namespaces; the namespaces are the platform's. */
  async end(): Promise<void> {
    const resources = await this.#target.discovery({ fresh: true });
    await inParallel(this.#written, async ({ apiVersion, kind, metadata }) => {
      const resource = resources.find(apiVersion, kind);
      if (resource === undefined || resource.namespaced) return;
      await this.#target.client.request({ method: 'DELETE', path: resourcePath(resource, '', metadata.name) });
    });
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
    const resource = await this.#resource(apiVersion, kind);
    return this.#patch(resourcePath(resource, metadata.namespace ?? '', metadata.name), object, isDryRun);
  }

  /** A definition of a moment ago is not served yet. */
  async #resource(apiVersion: string, kind: string): Promise<ResourceType> {
    for (let attempt = 1; ; attempt++) {
      const resource = (await this.#target.discovery({ fresh: attempt > 1 })).find(apiVersion, kind);
      if (resource !== undefined) return resource;
      if (attempt === 100) throw new Error(`${apiVersion} ${kind} is not served`);
      await new Promise((resolve) => setTimeout(resolve, 100));
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
