import path from 'node:path';
import { readDirectoryIndex } from '../cluster/directory-index.ts';
import type { PluginPolicy } from '../cluster/kubeconfig.ts';
import { type LockFile, type TargetPin, writePins } from '../cluster/lock-file.ts';
import { openTarget } from '../cluster/open-target.ts';
import type { Target, TargetConfig } from '../cluster/target.ts';
import {
  type ChosenTargets,
  type ClusterTarget,
  chooseTargets,
  parseTargetArgument,
} from '../config/choose-targets.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import type { PlanTarget, UnopenedTarget } from '../plan/make-plan.ts';
import { oneLine } from '../report/sanitize.ts';
import type { SandboxState } from '../sandbox/sandbox-state.ts';
import type { ClusterOptions } from './options.ts';
import { type Project, sandboxFolder } from './project.ts';
import type { Surroundings } from './surroundings.ts';

/** The targets of a run, opened side by side; one that fails, fails alone. */
export interface OpenedTargets {
  readonly all: readonly PlanTarget[];
  readonly opened: readonly Target[];
  /** Records who each target is, after writing made an identity that was not there before. */
  readonly pin: () => void;
  readonly close: () => Promise<void>;
}

/**
 * How every cluster is reached.
 * @param declared clusters of the program
 * @param lock as it is now
 * @throws OrreryError ORR1001 for a name that neither program nor cdk8s.yaml has
 */
export function chooseClusters(
  project: Project,
  surroundings: Surroundings,
  options: ClusterOptions,
  declared: readonly string[],
  lock: LockFile,
): ChosenTargets {
  const { cwd, home } = surroundings;
  const overrides = new Map<string, TargetConfig>(
    options.targets.map((argument) => parseTargetArgument(argument, { cwd, home })),
  );
  const chosen = chooseTargets({
    config: project.config,
    clusters: declared,
    overrides,
    sandbox: options.sandbox,
    remembered: [...lock.targets.keys()],
  });
  const known = [...declared, ...chosen.left.map(({ cluster }) => cluster)];
  assertClusters([...options.clusters, ...overrides.keys()], ['*', ...known], declared);
  if (options.clusters.length === 0) return chosen;
  const wanted = ({ cluster }: { readonly cluster: string }): boolean => options.clusters.includes(cluster);
  return {
    targets: chosen.targets.filter(wanted),
    missing: chosen.missing.filter(wanted),
    left: chosen.left.filter(wanted),
  };
}

/** @throws OrreryError ORR1001 for a name that is not known */
export function assertClusters(names: readonly string[], known: readonly string[], declared: readonly string[]): void {
  const strange = names.find((name) => !known.includes(name));
  if (strange === undefined) return;
  throw new OrreryError('ORR1001', `there is no cluster "${strange}".`, {
    fix: `The program has ${declared.join(', ')}.`,
  });
}

export async function openTargets(
  project: Project,
  surroundings: Surroundings,
  chosen: ChosenTargets,
  { targets: pins }: LockFile,
): Promise<OpenedTargets> {
  const configured = [...chosen.targets, ...chosen.left];
  const usesSandbox = configured.some(({ config }) => config.kind === 'sandbox');
  const sandbox = usesSandbox ? await sandboxOf(project) : undefined;
  const { limits } = project.config;
  const client = {
    concurrency: limits.requestsPerCluster,
    connectTimeoutMs: limits.connectTimeoutMs,
    requestTimeoutMs: limits.requestTimeoutMs,
  };
  const plugins = pluginPolicy(project, surroundings);
  const results = await Promise.all(
    configured.map(async ({ cluster, config, source }): Promise<PlanTarget> => {
      try {
        return await openTarget(config, {
          cluster,
          env: surroundings.env,
          // A sandbox is a new cluster each time it is made; its processes are found by what `sandbox up` recorded.
          pin: config.kind === 'sandbox' ? undefined : pins.get(cluster),
          cacheDirectory: path.join(project.stateFolder, 'cache'),
          sandbox: sandbox?.clusters.find(({ name }) => name === cluster),
          client,
          plugins,
        });
      } catch (error) {
        if (!isOrreryError(error)) throw error;
        return unopened(cluster, describeConfig(config), atTarget(error, cluster, source));
      }
    }),
  );
  const opened = results.filter((target): target is Target => target.kind !== 'unopened');
  const pin = (): void => writePins(project.lockFile, newPins(opened, configured, pins));
  pin();
  const missing = chosen.missing.map(({ cluster, error }) => unopened(cluster, 'no target', error));
  return {
    all: [...results, ...missing],
    opened,
    pin,
    close: async () => {
      await Promise.all(opened.map((target) => (target.kind === 'kube' ? target.client.close() : undefined)));
    },
  };
}

/** With CI=true only what cdk8s.yaml lists may run; elsewhere somebody sees which program it is. */
function pluginPolicy({ config }: Project, { env, writeErr }: Surroundings): PluginPolicy {
  const told = new Set<string>();
  const tell = (command: string, description: string): void => {
    if (!told.has(command)) writeErr(`note: ${oneLine(description)} runs the credential plugin ${oneLine(command)}\n`);
    told.add(command);
  };
  return { allowed: config.credentialPlugins, others: env.CI === 'true' ? 'refuse' : tell };
}

/** Loaded only where a target is a sandbox: it brings node:http, whose import takes a twelfth of the time of a plan that writes nothing. */
async function sandboxOf(project: Project): Promise<SandboxState> {
  const { sandboxStatus } = await import('../sandbox/sandbox-state.ts');
  return sandboxStatus({ folder: sandboxFolder(project) });
}

function unopened(cluster: string, description: string, error: OrreryError): UnopenedTarget {
  return { kind: 'unopened', cluster, description, error };
}

/** An error of opening stands where the target is configured, unless it points to a line of its own. */
function atTarget(error: OrreryError, cluster: string, source: string): OrreryError {
  const { where, fix } = error;
  const own = where.source !== undefined && /:\d+$/.test(where.source) ? where.source : source;
  return new OrreryError(error.code, error.message, { ...where, cluster, source: own, fix, cause: error });
}

function describeConfig(config: TargetConfig): string {
  if (config.kind === 'directory') return `folder ${config.directory}`;
  if (config.kind === 'sandbox') return 'sandbox';
  return [
    config.context === undefined ? 'current context' : `context ${config.context}`,
    ...(config.kubeconfig === undefined ? [] : [`of ${config.kubeconfig}`]),
  ].join(' ');
}

/** Identities met for the first time. */
function newPins(
  opened: readonly Target[],
  configured: readonly ClusterTarget[],
  pins: ReadonlyMap<string, TargetPin>,
): Map<string, TargetPin> {
  const sandboxed = new Set(configured.filter(({ config }) => config.kind === 'sandbox').map(({ cluster }) => cluster));
  const found = new Map<string, TargetPin>();
  for (const target of opened) {
    if (pins.has(target.cluster) || sandboxed.has(target.cluster)) continue;
    const uid = target.kind === 'kube' ? target.clusterUid : readDirectoryIndex(target.directory, target.cluster)?.id;
    if (uid !== undefined) found.set(target.cluster, { uid });
  }
  return found;
}
