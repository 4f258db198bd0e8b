import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { userCacheFolder } from '../../files/user-cache-folder.ts';
import { type BuildOptions, buildTool, cachedExecutable, type RigEvent } from './build-tool.ts';
import { goPlatform } from './cache-key.ts';
import { findInAssets, findOnPath } from './existing-tool.ts';
import { checkGo } from './go-toolchain.ts';
import { rigModulesFolder } from './modules-folder.ts';
import type { Environment } from './run-program.ts';
import { TOOL_SETS, TOOLS, type ToolDefinition, type ToolName, type ToolSet } from './tool-catalogue.ts';

export interface RigOptions {
  /** Folder of built executables, absolute; made when missing. */
  readonly cacheFolder: string;
  /** Environment that `go` runs in, and on whose PATH go and helm are looked for. */
  readonly environment: Environment;
  /** Folder with etcd, kube-apiserver and kubectl to use instead of building, when their versions fit. */
  readonly assetsFolder?: string | undefined;
  /** Default: those of this package. */
  readonly modulesFolder?: string | undefined;
  readonly onEvent?: ((event: RigEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The options that environment variables ask for: XDG_CACHE_HOME, LOCALAPPDATA, KUBEBUILDER_ASSETS. */
export function rigOptionsFromEnvironment(environment: Environment, homeFolder: string): RigOptions {
  return {
    cacheFolder: join(userCacheFolder({ platform: process.platform, environment, homeFolder }), 'rig'),
    environment,
    assetsFolder: environment.KUBEBUILDER_ASSETS || undefined,
  };
}

/** Which builds run side by side: two small ones, or one that needs gigabytes of memory. */
const CAPACITY = 2;

/**
 * Makes tools available: finds each among binaries already there, in the cache, or builds it from its pinned module.
 *
 * @returns absolute path of each tool's executable.
 * @throws OrreryError ORR6001 when something must be built and Go is missing or too old; ORR6002 when a build fails.
 */
export async function ensureTools<Name extends ToolName>(
  tools: readonly Name[],
  options: RigOptions,
): Promise<Record<Name, string>> {
  const report = options.onEvent ?? (() => undefined);
  const found = await Promise.all(tools.map((tool) => findTool(tool, options)));
  const paths: Partial<Record<ToolName, string>> = {};
  const missing: ToolName[] = [];
  for (const [index, tool] of tools.entries()) {
    const location = found[index];
    if (location === undefined) missing.push(tool);
    else {
      paths[tool] = location.path;
      report({ tool, phase: 'found', seconds: 0, detail: location.path });
    }
  }
  if (missing.length > 0) {
    await checkGo(options.environment);
    await buildAll(missing, { ...buildOptions(options), report }, paths);
  }
  return paths as Record<Name, string>;
}

/** Names of the tools of these sets, each once. */
export function toolsOf(...sets: readonly ToolSet[]): ToolName[] {
  return [...new Set(sets.flatMap((set) => TOOL_SETS[set] as readonly ToolName[]))];
}

export interface RigToolStatus {
  readonly tool: ToolName;
  /** Version it is pinned to. */
  readonly version: string;
  /** Sets it belongs to; none: built when something asks for it. */
  readonly sets: readonly ToolSet[];
  /** Where it is, and who put it there; undefined: it would be built. */
  readonly found: ToolLocation | undefined;
}

export interface ToolLocation {
  readonly path: string;
  readonly source: 'assets' | 'cache' | 'path';
}

/** Which tools are there. Builds and changes nothing. */
export async function rigStatus(options: RigOptions): Promise<RigToolStatus[]> {
  const names = Object.keys(TOOLS) as ToolName[];
  return Promise.all(
    names.map(async (tool) => ({
      tool,
      version: TOOLS[tool].version,
      sets: (Object.keys(TOOL_SETS) as ToolSet[]).filter((set) => toolsOf(set).includes(tool)),
      found: await findTool(tool, options),
    })),
  );
}

async function findTool(tool: ToolName, options: RigOptions): Promise<ToolLocation | undefined> {
  if (options.assetsFolder !== undefined) {
    const path = await findInAssets(tool, options.assetsFolder, options.environment);
    if (path !== undefined) return { path, source: 'assets' };
  }
  const { cacheFolder, modulesFolder, platform } = buildOptions(options);
  const cached = cachedExecutable(tool, cacheFolder, modulesFolder, platform);
  if (existsSync(cached)) return { path: cached, source: 'cache' };
  const path = await findOnPath(tool, options.environment);
  return path === undefined ? undefined : { path, source: 'path' };
}

function buildOptions(options: RigOptions): Omit<BuildOptions, 'report'> {
  return {
    cacheFolder: options.cacheFolder,
    modulesFolder: options.modulesFolder ?? rigModulesFolder(),
    platform: goPlatform(process.platform, process.arch),
    environment: options.environment,
    signal: options.signal,
  };
}

async function buildAll(
  tools: readonly ToolName[],
  options: BuildOptions,
  paths: Partial<Record<ToolName, string>>,
): Promise<void> {
  const failed = new AbortController();
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const waiting = [...tools];
  const running = new Set<Promise<void>>();
  let load = 0;

  const start = (tool: ToolName, weight: number): void => {
    load += weight;
    const build: Promise<void> = buildTool(tool, { ...options, signal })
      .then((path) => {
        paths[tool] = path;
      })
      .catch((error: unknown) => {
        // The first failure ends the others; theirs only say that they were ended.
        failed.abort(error);
      })
      .finally(() => {
        load -= weight;
        running.delete(build);
      });
    running.add(build);
  };

  while (waiting.length > 0 || running.size > 0) {
    const next = waiting[0];
    const weight = next === undefined ? 0 : weightOf(next);
    if (next !== undefined && !signal.aborted && load + weight <= CAPACITY) {
      waiting.shift();
      start(next, weight);
    } else if (running.size > 0) {
      await Promise.race(running);
    } else {
      break;
    }
  }
  signal.throwIfAborted();
}

function weightOf(tool: ToolName): number {
  const definition: ToolDefinition = TOOLS[tool];
  return definition.heavy ? CAPACITY : 1;
}
