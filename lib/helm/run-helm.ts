import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OrreryError, type Where } from '../errors.ts';
import type { HelmOptions } from './helm-options.ts';

const DEFAULT_TIMEOUT_MS = 120_000;
/** Characters of stdout and stderr, each. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Settings of the surroundings that a download may need; everything else stays outside. */
const TRUST_VARIABLES = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'SystemRoot'];
const NETWORK_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', ...TRUST_VARIABLES];
/** What of the words of a helm that writes is repeated, in characters. */
const MAX_SAID = 64 * 1024;

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
  /** The cluster it works on. Default: none. */
  readonly kubeconfig?: string | undefined;
  /**
   * Folder for what it writes. It writes to the cluster, and must come to its end whatever becomes of us: it takes no time limit but its own, hears no Ctrl-C of the terminal, and does not end with this process, whose
   * pipes it would miss.
   */
  readonly outlives?: string | undefined;
  /** Told the process id of a helm that outlives us, as soon as it has one. */
  readonly onStart?: ((pid: number) => Promise<void>) | undefined;
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
  if (run.outlives !== undefined) return runToItsEnd(run, run.outlives, options, describe);
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

async function runToItsEnd(
  run: HelmRun,
  folder: string,
  options: HelmOptions,
  describe: (stderr: string) => OrreryError | Promise<OrreryError>,
): Promise<HelmOutput> {
  await mkdir(run.home, { recursive: true, mode: 0o700 });
  const [stdout, stderr] = [path.join(folder, 'stdout'), path.join(folder, 'stderr')];
  // Files of its own, not pipes to this process: a helm that writes into a pipe without a reader dies on the spot.
  const files = await Promise.all([open(stdout, 'wx', 0o600), open(stderr, 'wx', 0o600)]);
  try {
    const [out, err] = files;
    const child = spawn(run.binary, run.args, {
      cwd: run.cwd,
      env: environment(run, options),
      stdio: ['pipe', out.fd, err.fd],
      detached: true,
      windowsHide: true,
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', ({ code }: NodeJS.ErrnoException) =>
        reject(new OrreryError('ORR2301', `${run.binary} cannot be run (${code})`)),
      );
      child.once('close', resolve);
    });
    // One that ends before it has read everything says why.
    child.stdin?.on('error', () => undefined);
    if (child.pid !== undefined) await run.onStart?.(child.pid);
    child.stdin?.end(run.stdin ?? '');
    const code = await ended;
    const said = { stdout: await beginningOf(stdout), stderr: await beginningOf(stderr) };
    if (code !== 0) throw await describe(said.stderr);
    return said;
  } finally {
    for (const file of files) await file.close();
  }
}

async function beginningOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).slice(0, MAX_SAID);
}

function environment(run: HelmRun, options: HelmOptions): Record<string, string> {
  const env: Record<string, string> = {
    HOME: run.home,
    HELM_CACHE_HOME: path.join(run.home, 'cache'),
    HELM_CONFIG_HOME: path.join(run.home, 'config'),
    HELM_DATA_HOME: path.join(run.home, 'data'),
    HELM_PLUGINS: path.join(run.home, 'plugins'),
    KUBECONFIG: run.kubeconfig ?? path.join(run.home, 'no-kubeconfig'),
    TMPDIR: tmpdir(),
    // Rendering is over before garbage matters: collecting it takes a fifth of the time. A chart that needs much memory still gets its collector.
    ...(run.outlives === undefined ? { GOGC: 'off', GOMEMLIMIT: '512MiB' } : {}),
    TZ: run.timeZone ?? 'UTC',
  };
  // A proxy to a cluster stands in the kubeconfig, or there is none.
  for (const name of run.kubeconfig === undefined ? NETWORK_VARIABLES : TRUST_VARIABLES) {
    for (const spelling of [name, name.toLowerCase()]) {
      const value = options.environment?.[spelling];
      if (value !== undefined) env[spelling] = value;
    }
  }
  return env;
}
