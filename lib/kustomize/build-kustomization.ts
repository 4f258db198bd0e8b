import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Assets } from '../assembly/assets.ts';
import { OrreryError } from '../errors.ts';
import { ContentCache } from '../files/content-cache.ts';
import { fileIdentity, findExecutable, isExecutable, isPath } from '../files/find-executable.ts';
import { withoutSecrets } from '../helm/secret-values.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { checkReferences, refusal } from './check-references.ts';
import type { KustomizeOptions } from './kustomize-options.ts';

/** Part of every cache key: raised when what is kept changes. */
const CACHE_FORMAT = 1;
const DEFAULT_TIMEOUT_MS = 120_000;
/** Characters of stdout and stderr, each. */
const MAX_OUTPUT = 64 * 1024 * 1024;
const GET_KUBECTL =
  'Install kubectl (https://kubernetes.io/docs/tasks/tools), or set kustomize.binary in cdk8s.yaml to a kubectl or kustomize.';

/** What a kustomization made. */
export interface BuiltKustomization {
  readonly yaml: string;
  /** The file of the kustomization, as people know it. */
  readonly source: string;
  /** What kustomize said beside it, e.g. of deprecated fields. */
  readonly warnings: readonly string[];
}

/** Builds kustomizations of an assembly, by the kustomize that kubectl carries or by kustomize itself. */
export class KustomizationBuilder {
  readonly #assets: Assets;
  readonly #options: KustomizeOptions;
  readonly #cache: ContentCache;
  #binary: Promise<string> | undefined;

  constructor(assets: Assets, options: KustomizeOptions) {
    this.#assets = assets;
    this.#options = options;
    this.#cache = new ContentCache(options.cacheFolder);
  }

  /**
   * Builds one, from the cache where nothing has changed. Without a shell, network, plugins or settings of the user.
   * @param asset the folder that the assembly has
   * @param within folder of the kustomization in it
   * @throws OrreryError ORR2104 for a changed copy, ORR2311 without kubectl, ORR2312 for a kustomization that is refused or fails
   */
  async build(asset: Parameters<Assets['path']>[0], within: string): Promise<BuiltKustomization> {
    const root = await this.#assets.path(asset);
    const { file, secrets } = checkReferences(root, within, asset.source);
    const source = path.posix.join(asset.source, file);
    this.#binary ??= locateKustomize(this.#options);
    const binary = await this.#binary;
    const key = sha256(
      canonicalJson({ format: CACHE_FORMAT, binary: await fileIdentity(binary), asset: asset.sha256, within }),
    );
    const known = await this.#cache.read('kustomized', key);
    if (isBuilt(known)) return { ...known, source };
    const built = await this.#run(binary, path.join(root, within), source, secrets);
    await this.#cache.write('kustomized', key, built);
    return { ...built, source };
  }

  async #run(
    binary: string,
    folder: string,
    source: string,
    secrets: readonly string[],
  ): Promise<Omit<BuiltKustomization, 'source'>> {
    const { execa } = await import('execa');
    const timeout = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const home = await mkdtemp(path.join(tmpdir(), 'orrery-kustomize-'));
    try {
      const result = await execa(binary, [...command(binary), folder], {
        cwd: home,
        // No PATH: without git there is nothing to fetch a remote base with. The rest of the network ends at a closed port.
        env: { HOME: home, TMPDIR: home, PATH: '', ...NO_NETWORK, KUBECONFIG: path.join(home, 'no-kubeconfig') },
        extendEnv: false,
        input: '',
        timeout,
        maxBuffer: MAX_OUTPUT,
        stripFinalNewline: false,
        reject: false,
        windowsHide: true,
      });
      if (result.timedOut) throw refusal(`it was not built in ${timeout / 1000} s.`, 'Make it smaller.', source);
      if (result.isMaxBuffer) throw refusal('it makes more than 64 million characters.', 'Make it smaller.', source);
      if (result.code !== undefined)
        throw new OrreryError('ORR2311', `${binary} cannot be run (${result.code}).`, { fix: GET_KUBECTL });
      const said = withoutSecrets(withoutPaths(result.stderr, folder, source).trim(), secrets);
      if (result.failed)
        throw refusal(
          `it cannot be built:\n${said === '' ? 'kustomize said nothing' : said}`,
          'Correct it there.',
          source,
        );
      return { yaml: result.stdout, warnings: said === '' ? [] : said.split('\n') };
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }
}

const CLOSED = 'http://127.0.0.1:9';
const NO_NETWORK = {
  HTTP_PROXY: CLOSED,
  HTTPS_PROXY: CLOSED,
  http_proxy: CLOSED,
  https_proxy: CLOSED,
  ALL_PROXY: CLOSED,
};

/** kustomize itself has another verb than the one in kubectl. */
function command(binary: string): readonly string[] {
  return /^kustomize/.test(path.basename(binary)) ? ['build'] : ['kustomize'];
}

/** The folder of the assembly means nothing to whoever reads the message. */
function withoutPaths(text: string, folder: string, source: string): string {
  return text.replaceAll(folder, path.posix.dirname(source)).replace(/^error: /gim, '');
}

/**
 * The kubectl or kustomize to use.
 * @throws OrreryError ORR2311 when there is none
 */
export async function locateKustomize({ binary, searchPath = '' }: KustomizeOptions): Promise<string> {
  if (binary !== undefined && isPath(binary)) {
    if (await isExecutable(binary)) return realpath(binary);
    throw new OrreryError('ORR2311', `${binary} is no executable kubectl or kustomize.`, { fix: GET_KUBECTL });
  }
  for (const name of binary === undefined ? ['kubectl', 'kustomize'] : [binary]) {
    const found = await findExecutable(searchPath, name);
    if (found !== undefined) return found;
  }
  const what = binary === undefined ? 'neither kubectl nor kustomize is' : `${binary} is not`;
  throw new OrreryError('ORR2311', `${what} on the PATH, and the platform has kustomizations.`, { fix: GET_KUBECTL });
}

function isBuilt(value: unknown): value is Omit<BuiltKustomization, 'source'> {
  const built = value as Partial<BuiltKustomization> | null | undefined;
  return typeof built?.yaml === 'string' && Array.isArray(built.warnings);
}
