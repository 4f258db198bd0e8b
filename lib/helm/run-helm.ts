import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OrreryError, type Where } from '../errors.ts';
import type { HelmOptions } from './helm-options.ts';

const DEFAULT_TIMEOUT_MS = 120_000;
/** Characters of stdout and stderr, each. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Settings of the surroundings that a download may need; everything else stays outside. */
const NETWORK_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'SystemRoot'];

export interface HelmRun {
  /** Absolute path of helm. */
  readonly binary: string;
  readonly args: readonly string[];
  /** Folder that relative paths in `args` start from. */
  readonly cwd: string;
  /** Folder for helm's own configuration, data and cache. */
  readonly home: string;
  readonly stdin?: string | undefined;
  /** Time zone that date functions of templates use. Default "UTC". */
  readonly timeZone?: string | undefined;
}

export interface HelmOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs helm without a shell, with an environment of its own: no kubeconfig, plugins, repositories or credentials of the user.
 * @param describe says what failed, from what helm wrote to stderr
 * @throws OrreryError of `describe` when helm fails, ORR2302 when it takes too long or writes too much
 */
export async function runHelm(
  run: HelmRun,
  options: HelmOptions,
  where: Where,
  describe: (stderr: string) => OrreryError | Promise<OrreryError>,
): Promise<HelmOutput> {
  const { execa } = await import('execa');
  await mkdir(run.home, { recursive: true, mode: 0o700 });
  const timeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const result = await execa(run.binary, run.args, {
    cwd: run.cwd,
    env: environment(run, options),
    extendEnv: false,
    input: run.stdin ?? '',
    timeout,
    maxBuffer: MAX_OUTPUT,
    stripFinalNewline: false,
    reject: false,
    windowsHide: true,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (result.timedOut) throw new OrreryError('ORR2302', `helm did not finish in ${timeout / 1000} s`, where);
  if (result.isMaxBuffer)
    throw new OrreryError('ORR2302', `helm wrote more than ${MAX_OUTPUT / 1024 / 1024} million characters`, where);
  if (result.isCanceled) throw new OrreryError('ORR2302', 'helm was stopped', where);
  if (result.code !== undefined)
    throw new OrreryError('ORR2301', `${run.binary} cannot be run (${result.code})`, where);
  if (result.failed) throw await describe(result.stderr);
  return { stdout: result.stdout, stderr: result.stderr };
}

function environment(run: HelmRun, options: HelmOptions): Record<string, string> {
  const env: Record<string, string> = {
    HOME: run.home,
    HELM_CACHE_HOME: path.join(run.home, 'cache'),
    HELM_CONFIG_HOME: path.join(run.home, 'config'),
    HELM_DATA_HOME: path.join(run.home, 'data'),
    HELM_PLUGINS: path.join(run.home, 'plugins'),
    KUBECONFIG: path.join(run.home, 'no-kubeconfig'),
    TMPDIR: tmpdir(),
    // A run is over before garbage matters: collecting it takes a fifth of the time. A chart that needs much memory still gets its collector.
    GOGC: 'off',
    GOMEMLIMIT: '512MiB',
    TZ: run.timeZone ?? 'UTC',
  };
  for (const name of NETWORK_VARIABLES) {
    for (const spelling of [name, name.toLowerCase()]) {
      const value = options.environment?.[spelling];
      if (value !== undefined) env[spelling] = value;
    }
  }
  return env;
}
