import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OrreryError } from '../errors.ts';
import { readYaml } from '../yaml/read.ts';
import { errorCode } from './transport.ts';

/** Variables of the environment that decide how a cluster is reached: KUBECONFIG, HOME, HTTPS_PROXY, NO_PROXY, KUBERNETES_SERVICE_*; exec plugins inherit all. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A context of a kubeconfig with its cluster and user, names resolved and paths made absolute. */
export interface KubeconfigContext {
  readonly name: string;
  /** The files that were read, for messages. */
  readonly files: readonly string[];
  readonly cluster: KubeconfigCluster;
  /** Empty when the context names no user. */
  readonly user: KubeconfigUser;
}

/** Field names and meaning: k8s.io/client-go tools/clientcmd/api/v1/types.go. */
interface KubeconfigCluster {
  readonly name: string;
  readonly server: string;
  readonly 'tls-server-name'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'proxy-url'?: string;
  readonly 'disable-compression'?: boolean;
}

export interface KubeconfigUser {
  readonly name: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  readonly exec?: KubeconfigExec;
  readonly 'auth-provider'?: { readonly name: string; readonly config?: Readonly<Record<string, string>> };
}

export interface KubeconfigExec {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: string;
}

export interface KubeconfigOptions {
  /** A file; "~/" is the home folder. Default: the files of KUBECONFIG, else ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** Default: the kubeconfig's current context. */
  readonly context?: string | undefined;
  readonly env: Environment;
  /** Default: any credential plugin may run. */
  readonly plugins?: PluginPolicy | undefined;
}

/** Which credential plugins may run: a kubeconfig names any program of this machine (as `credentialPluginPolicy` of kubectl 1.35). */
export interface PluginPolicy {
  /** Bare names and absolute paths, as the kubeconfig has them once its relative paths are resolved. */
  readonly allowed: readonly string[];
  /** What becomes of others: refused, or run after this was told which program it is. */
  readonly others: 'refuse' | ((command: string, description: string) => void);
}

type Named = { name: string; file: string; value: Record<string, unknown> };

interface Merged {
  readonly files: string[];
  currentContext: string;
  readonly contexts: Map<string, Named>;
  readonly clusters: Map<string, Named>;
  readonly users: Map<string, Named>;
}

/**
 * Reads a context. Several files of KUBECONFIG are merged as kubectl does it: missing ones are skipped, the first that names a thing wins, relative
 * paths start at the file that holds them.
 * @returns undefined when no kubeconfig was asked for and there is none
 * @throws OrreryError ORR3002 naming the file and the contexts there are
 */
export function readKubeconfig(options: KubeconfigOptions): KubeconfigContext | undefined {
  const merged: Merged = { files: [], currentContext: '', contexts: new Map(), clusters: new Map(), users: new Map() };
  const candidates = kubeconfigFiles(options);
  for (const file of candidates.files) {
    const text = readText(file, candidates.required);
    if (text === undefined) continue;
    merged.files.push(file);
    mergeFile(merged, file, parse(text, file));
  }
  if (merged.files.length === 0) {
    if (options.kubeconfig === undefined && options.context === undefined) return undefined;
    throw new OrreryError('ORR3002', `There is no kubeconfig: looked for ${candidates.files.join(', ')}.`, {
      fix: 'Set `kubeconfig` of the target in cdk8s.yaml or the variable KUBECONFIG.',
    });
  }
  return select(merged, options.context);
}

function kubeconfigFiles(options: KubeconfigOptions): { files: string[]; required: boolean } {
  const home = options.env.HOME ?? options.env.USERPROFILE ?? '';
  if (options.kubeconfig !== undefined) {
    const { kubeconfig } = options;
    return {
      files: [path.resolve(/^~[/\\]/.test(kubeconfig) ? path.join(home, kubeconfig.slice(2)) : kubeconfig)],
      required: true,
    };
  }
  const listed = (options.env.KUBECONFIG ?? '').split(path.delimiter).filter((file) => file !== '');
  if (listed.length > 0) return { files: [...new Set(listed.map((file) => path.resolve(file)))], required: false };
  return { files: home === '' ? [] : [path.join(home, '.kube', 'config')], required: false };
}

function readText(file: string, required: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT' && !required) return undefined;
    throw new OrreryError(
      'ORR3002',
      `The kubeconfig ${file} cannot be read: ${code === 'ENOENT' ? 'no such file' : (code ?? 'unknown error')}.`,
      {
        cause,
        fix: 'Correct `kubeconfig` of the target in cdk8s.yaml or the variable KUBECONFIG.',
      },
    );
  }
}

/** kubectl reads the first document, by the same rules as a manifest. */
function parse(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = readYaml(text, { source: file })[0]?.value;
  } catch (error) {
    if (!(error instanceof OrreryError)) throw error;
    // The reader's message may quote a token: only the place is told.
    const source = error.where.source ?? file;
    const line = /:(\d+):\d+$/.exec(source)?.[1];
    throw new OrreryError(
      'ORR3002',
      `The kubeconfig ${file} is malformed${line === undefined ? '' : ` at line ${line}`}.`,
      { source, fix: 'Correct the file; `kubectl config view` reads the same file.' },
    );
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new OrreryError('ORR3002', `${file} is no kubeconfig: its top level is no map.`, {
      source: file,
      fix: 'Correct `kubeconfig` of the target in cdk8s.yaml or the variable KUBECONFIG.',
    });
  }
  return value as Record<string, unknown>;
}

function mergeFile(merged: Merged, file: string, config: Record<string, unknown>): void {
  const current = config['current-context'];
  if (merged.currentContext === '' && typeof current === 'string') merged.currentContext = current;
  for (const [list, member, into] of [
    ['contexts', 'context', merged.contexts],
    ['clusters', 'cluster', merged.clusters],
    ['users', 'user', merged.users],
  ] as const) {
    const items = config[list];
    if (!Array.isArray(items)) continue;
    for (const item of items as (Record<string, unknown> | null)[]) {
      const name = item?.name;
      if (typeof name !== 'string' || into.has(name)) continue;
      into.set(name, { name, file, value: (item?.[member] ?? {}) as Record<string, unknown> });
    }
  }
}

const CLUSTER_PATHS = ['certificate-authority'];
const USER_PATHS = ['client-certificate', 'client-key', 'tokenFile'];

function select(merged: Merged, wanted: string | undefined): KubeconfigContext {
  const files = merged.files.join(', ');
  const name = wanted ?? merged.currentContext;
  const known =
    merged.contexts.size === 0
      ? 'It has no contexts.'
      : `Contexts there are: ${[...merged.contexts.keys()].join(', ')}.`;
  const fail = (what: string, fix: string) => new OrreryError('ORR3002', what, { source: merged.files[0], fix });
  if (name === '')
    throw fail(`${files} names no current context. ${known}`, 'Set `context` of the target in cdk8s.yaml.');
  const context = merged.contexts.get(name);
  if (context === undefined)
    throw fail(`${files} has no context "${name}". ${known}`, 'Correct `context` of the target in cdk8s.yaml.');
  const { cluster: clusterName, user: userName } = context.value;
  const cluster = typeof clusterName === 'string' ? merged.clusters.get(clusterName) : undefined;
  if (cluster === undefined) {
    throw fail(
      `Context "${name}" of ${files} names the cluster "${String(clusterName ?? '')}", which is not there.`,
      'Correct the kubeconfig.',
    );
  }
  const user = typeof userName === 'string' && userName !== '' ? merged.users.get(userName) : undefined;
  if (user === undefined && typeof userName === 'string' && userName !== '') {
    throw fail(
      `Context "${name}" of ${files} names the user "${userName}", which is not there.`,
      'Correct the kubeconfig.',
    );
  }
  if (typeof cluster.value.server !== 'string' || cluster.value.server === '') {
    throw fail(`Cluster "${cluster.name}" of ${files} has no server address.`, 'Correct the kubeconfig.');
  }
  return {
    name,
    files: merged.files,
    cluster: { ...resolved(cluster, CLUSTER_PATHS), name: cluster.name } as unknown as KubeconfigCluster,
    user: user === undefined ? { name: '' } : (resolvedUser(user) as unknown as KubeconfigUser),
  };
}

function resolved(item: Named, paths: readonly string[]): Record<string, unknown> {
  const value = { ...item.value };
  for (const key of paths) {
    const file = value[key];
    if (typeof file === 'string' && file !== '') value[key] = path.resolve(path.dirname(item.file), file);
  }
  return value;
}

/** A plugin's command that is a relative path starts at the kubeconfig; a bare name is looked up in PATH (client-go clientcmd loader.go). */
function resolvedUser(user: Named): Record<string, unknown> {
  const value = { ...resolved(user, USER_PATHS), name: user.name } as Record<string, unknown>;
  const exec = value.exec as { command?: unknown } | undefined | null;
  if (typeof exec?.command === 'string' && /[/\\]/.test(exec.command)) {
    value.exec = { ...exec, command: path.resolve(path.dirname(user.file), exec.command) };
  }
  return value;
}
