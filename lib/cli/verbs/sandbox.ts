import { OrreryError } from '../../errors.ts';
import { oneLine, printableJson } from '../../report/sanitize.ts';
import { count, duration } from '../../report/wording.ts';
import { ensureTools, rigOptionsFromEnvironment, rigStatus, toolsOf } from '../../sandbox/rig/ensure-tools.ts';
import {
  kubernetesRelease,
  kubernetesVersions,
  TOOL_SETS,
  TOOLS,
  type ToolName,
  type ToolSet,
} from '../../sandbox/rig/tool-catalogue.ts';
import type { SandboxCluster, SandboxEvent } from '../../sandbox/sandbox-cluster.ts';
import { sandboxDown } from '../../sandbox/sandbox-down.ts';
import { type SandboxState, sandboxStatus } from '../../sandbox/sandbox-state.ts';
import { sandboxUp } from '../../sandbox/sandbox-up.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { GlobalOptions, SourceOptions } from '../options.ts';
import { loadProject, projectAssembly, sandboxFolder } from '../project.ts';
import type { Screen } from '../surroundings.ts';
import type { VerbContext } from '../verb.ts';
import { rigProgress } from './rig-progress.ts';

export interface SandboxClustersOptions extends SourceOptions {
  readonly clusters: readonly string[];
}

export async function up(context: VerbContext, options: SandboxClustersOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const project = loadProject(surroundings, options);
  const assembly = await projectAssembly(project, surroundings, options);
  const wanted = assembly.clusters.filter(
    ({ manifest }) => options.clusters.length === 0 || options.clusters.includes(manifest.name),
  );
  const unknown = options.clusters.filter((name) => !assembly.clusters.some(({ manifest }) => manifest.name === name));
  if (unknown.length > 0)
    throw unknownCluster(
      unknown[0] ?? '',
      assembly.clusters.map(({ manifest }) => manifest.name),
    );
  const clusters = wanted.map(
    ({ manifest }): SandboxCluster => ({
      name: manifest.name,
      kubernetesVersion: availableVersion(manifest.facts.kubernetesVersion, manifest.name, screen),
    }),
  );
  const tools = await rigTools(
    [...toolsOf('sandbox'), ...clusters.flatMap((cluster) => apiServerOf(cluster))],
    context,
  );
  const started = performance.now();
  const state = await sandboxUp({
    folder: sandboxFolder(project),
    clusters,
    tools,
    onEvent: (event) => tellSandboxEvent(event, screen),
  });
  screen.err(`${count(clusters.length, 'control plane')} ready in ${duration(performance.now() - started)}\n`);
  screen.out(statusText(state, screen));
  return EXIT.ok;
}

/** The API server of a version that is not the rig's own needs a build of its own. */
function apiServerOf(cluster: SandboxCluster): ToolName[] {
  const release = kubernetesRelease(cluster.kubernetesVersion);
  return release === undefined ? [] : [release.apiServer];
}

function availableVersion(declared: string | undefined, cluster: string, screen: Screen): string | undefined {
  const release = kubernetesRelease(declared);
  if (declared === undefined || release !== undefined) return declared;
  screen.err(
    screen.talk.yellow(
      `${oneLine(cluster)} declares Kubernetes ${oneLine(declared)}, which the sandbox does not have (${kubernetesVersions()}): it gets the newest.\n`,
    ),
  );
  return undefined;
}

function unknownCluster(name: string, known: readonly string[]): OrreryError {
  return new OrreryError('ORR1001', `the program has no cluster "${name}".`, { fix: `It has ${known.join(', ')}.` });
}

async function rigTools(
  names: readonly ToolName[],
  { surroundings, screen }: VerbContext,
): Promise<Record<ToolName, string>> {
  const interrupt = listenForInterrupt(() => screen.err('stopping\n'));
  try {
    return await ensureTools([...new Set(names)], {
      ...rigOptionsFromEnvironment(surroundings.env, surroundings.home),
      signal: interrupt.signal,
      onEvent: rigProgress(screen),
    });
  } finally {
    interrupt.end();
  }
}

export async function down(
  { surroundings, screen }: VerbContext,
  options: GlobalOptions & { readonly clusters: readonly string[] },
): Promise<ExitCode> {
  const project = loadProject(surroundings, options);
  const clusters = options.clusters.length === 0 ? undefined : options.clusters;
  const ended = await sandboxDown({
    folder: sandboxFolder(project),
    clusters,
    onEvent: (event) => tellSandboxEvent(event, screen),
  });
  screen.out(ended.length === 0 ? 'no sandbox is running\n' : `ended: ${ended.map(oneLine).join(', ')}\n`);
  return EXIT.ok;
}

export async function status(
  { surroundings, screen }: VerbContext,
  options: GlobalOptions & { readonly json: boolean },
): Promise<ExitCode> {
  const state = await sandboxStatus({ folder: sandboxFolder(loadProject(surroundings, options)) });
  screen.out(options.json ? `${printableJson(state, 2)}\n` : statusText(state, screen));
  return EXIT.ok;
}

function statusText(state: SandboxState, screen: Screen): string {
  if (state.clusters.length === 0) return 'no sandbox is running (orrery sandbox up starts it)\n';
  const width = Math.max(...state.clusters.map(({ name }) => name.length));
  const lines = state.clusters.map((cluster) => {
    const down = cluster.components.filter((component) => !component.ready);
    const health = cluster.ready
      ? screen.paint.green('✔ ready')
      : screen.paint.red(`✖ not ready: ${down.map(({ name, log }) => `${name} (log: ${oneLine(log)})`).join(', ')}`);
    return `  ${cluster.name.padEnd(width)}  Kubernetes ${cluster.kubernetesVersion}  ${cluster.server}  ${health}`;
  });
  return `${lines.join('\n')}\n\nkubectl --kubeconfig ${oneLine(state.kubeconfig)} --context ${state.clusters[0]?.name ?? ''} get pods -A\n`;
}

function tellSandboxEvent(event: SandboxEvent, screen: Screen): void {
  if (event.type === 'cluster-ready') screen.err(`${event.cluster}  ready after ${event.seconds.toFixed(1)} s\n`);
  else if (event.type === 'component-ready' && !event.kept)
    screen.err(screen.talk.dim(`${event.cluster}  ${event.component} ${event.seconds.toFixed(1)} s\n`));
  else if (event.type === 'component-stopped')
    screen.err(screen.talk.dim(`${event.cluster}  ${event.component} ended\n`));
  else if (event.type === 'waiting-for-lock')
    screen.err(`waiting for process ${event.pid}, which is changing this sandbox\n`);
}

export interface RigVerbOptions extends GlobalOptions {
  readonly statusOnly: boolean;
  /** Sets or tools; empty: the set "sandbox". */
  readonly names: readonly string[];
}

export async function rig(context: VerbContext, options: RigVerbOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  if (options.statusOnly) {
    const tools = await rigStatus(rigOptionsFromEnvironment(surroundings.env, surroundings.home));
    const width = Math.max(...tools.map(({ tool }) => tool.length));
    for (const { tool, version, sets, found } of tools) {
      const where =
        found === undefined
          ? screen.paint.dim('not built')
          : `${oneLine(found.path)} ${screen.paint.dim(`(${found.source})`)}`;
      screen.out(`${tool.padEnd(width)}  ${version.padEnd(8)}  ${sets.join(',').padEnd(7)}  ${where}\n`);
    }
    return EXIT.ok;
  }
  const names = (options.names.length === 0 ? ['sandbox'] : options.names).flatMap(toolsNamed);
  const paths = await rigTools(names, context);
  for (const [tool, file] of Object.entries(paths)) screen.out(`${tool}  ${oneLine(file)}\n`);
  return EXIT.ok;
}

function toolsNamed(name: string): ToolName[] {
  if (Object.hasOwn(TOOL_SETS, name)) return toolsOf(name as ToolSet);
  if (Object.hasOwn(TOOLS, name)) return [name as ToolName];
  throw new OrreryError('ORR1001', `the rig has no set or tool "${name}".`, {
    fix: `Sets: ${Object.keys(TOOL_SETS).join(', ')}. Tools: ${Object.keys(TOOLS).join(', ')}.`,
  });
}
