import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OrreryError } from '../../errors.ts';
import { withProcessLock } from '../../files/process-lock.ts';
import { buildArguments, cacheKey, type GoPlatform } from './cache-key.ts';
import { executableName } from './existing-tool.ts';
import { goEnvironment } from './go-toolchain.ts';
import { type Environment, runProgram } from './run-program.ts';
import { TOOLS, type ToolDefinition, type ToolName } from './tool-catalogue.ts';

/** Progress of one tool. */
export interface RigEvent {
  readonly tool: ToolName;
  /** found: nothing to do. waiting: another process builds it. built: done. The other two repeat. */
  readonly phase: 'found' | 'waiting' | 'downloading' | 'compiling' | 'built';
  /** Since work on the tool began. */
  readonly seconds: number;
  /** Executable (found, built), Go module (downloading), process id (waiting). */
  readonly detail?: string | undefined;
}

export interface BuildOptions {
  readonly cacheFolder: string;
  readonly modulesFolder: string;
  readonly platform: GoPlatform;
  readonly environment: Environment;
  readonly report: (event: RigEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

const HEARTBEAT_MS = 5_000;
const SHOWN_ERROR_LINES = 20;

/** Where the build of a tool is kept; its folder carries the key of everything that it depends on. */
export function cachedExecutable(
  tool: ToolName,
  cacheFolder: string,
  modulesFolder: string,
  platform: GoPlatform,
): string {
  const definition: ToolDefinition = TOOLS[tool];
  const key = cacheKey(definition, modulesFolder, platform);
  return join(
    cacheFolder,
    `${tool}-${definition.version}-${key}`,
    executableName(tool, platform.os === 'windows' ? 'win32' : ''),
  );
}

/**
 * Builds a tool into the cache, unless another process just did. The executable appears complete or not at all.
 *
 * @returns its path.
 * @throws OrreryError ORR6002 with the end of what the compiler said.
 */
export async function buildTool(tool: ToolName, options: BuildOptions): Promise<string> {
  const { cacheFolder, modulesFolder, platform, report, signal } = options;
  const executable = cachedExecutable(tool, cacheFolder, modulesFolder, platform);
  const started = performance.now();
  const tell = (phase: RigEvent['phase'], detail?: string): void =>
    report({ tool, phase, seconds: (performance.now() - started) / 1000, detail });

  mkdirSync(cacheFolder, { recursive: true });
  return withProcessLock(
    `${dirname(executable)}.lock`,
    async () => {
      if (existsSync(executable)) {
        tell('found', executable);
        return executable;
      }
      await compile(tool, executable, options, tell);
      tell('built', executable);
      return executable;
    },
    { signal, onWait: ({ pid }) => tell('waiting', String(pid)) },
  );
}

async function compile(
  tool: ToolName,
  executable: string,
  { modulesFolder, platform, environment, signal }: BuildOptions,
  tell: (phase: RigEvent['phase'], detail?: string) => void,
): Promise<void> {
  const definition: ToolDefinition = TOOLS[tool];
  const temporary = join(dirname(executable), `.${randomBytes(6).toString('hex')}.partial`);
  mkdirSync(dirname(executable), { recursive: true });
  tell('compiling');
  const heartbeat = setInterval(() => tell('compiling'), HEARTBEAT_MS);
  try {
    const result = await runProgram('go', [...buildArguments(definition), '-o', temporary, definition.package], {
      environment: goEnvironment(environment, platform),
      workingFolder: join(modulesFolder, definition.module),
      signal,
      onErrorLine: (line) => {
        const module = /^go: downloading (.+)$/.exec(line)?.[1];
        if (module !== undefined) tell('downloading', module);
      },
    });
    if (result.exitCode !== 0) throw buildFailure(tool, result.stderr);
    renameSync(temporary, executable);
  } finally {
    clearInterval(heartbeat);
    rmSync(temporary, { force: true });
  }
}

function buildFailure(tool: ToolName, stderr: string): OrreryError {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('go: downloading '));
  const offline = /dial tcp|no such host|i\/o timeout|connection refused/.test(stderr);
  return new OrreryError('ORR6002', `go could not build ${tool}:\n${lines.slice(-SHOWN_ERROR_LINES).join('\n')}`, {
    fix: offline
      ? 'The Go modules could not be fetched: check the network, or set GOPROXY to a proxy that this machine reaches.'
      : 'Read what the compiler said above; free memory or disk space if it was killed or could not write.',
  });
}
