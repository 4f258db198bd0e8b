import type { CommandGateManifest } from '@orrery/constructs/assembly-format';
import type { GateAnswer, GateSurroundings } from './gate.ts';

/** Characters of a command's output that are kept, from its end. */
const KEPT_OUTPUT = 4_000;

/**
 * Runs the program of a gate without a shell, in a process group of its own: what it started ends with it, and an interrupt of the terminal reaches it through
 * us alone.
 */
export async function runCommandGate(gate: CommandGateManifest, around: GateSurroundings): Promise<GateAnswer> {
  const { execa } = await import('execa');
  const [program = '', ...args] = gate.command;
  const child = execa(program, args, {
    cwd: around.folder,
    env: environmentOf(around),
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let output = '';
  child.all.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT);
  });
  let ending: 'timeout' | 'abort' | undefined;
  const end = (why: typeof ending) => {
    ending ??= why;
    killGroup(child);
  };
  const timer = setTimeout(() => end('timeout'), gate.timeoutMs);
  const onAbort = () => end('abort');
  const onExit = () => killGroup(child);
  around.signal?.addEventListener('abort', onAbort, { once: true });
  if (around.signal?.aborted === true) onAbort();
  process.once('exit', onExit);
  const result = await child.finally(() => {
    clearTimeout(timer);
    around.signal?.removeEventListener('abort', onAbort);
    process.off('exit', onExit);
  });
  return { ...verdict(gate, result, ending), output: output.trim() === '' ? undefined : output };
}

function verdict(
  gate: CommandGateManifest,
  result: {
    readonly exitCode?: number | undefined;
    readonly signal?: string | undefined;
    readonly code?: string | undefined;
  },
  ending: 'timeout' | 'abort' | undefined,
): GateAnswer {
  if (ending === 'timeout') return { passed: false, detail: `it did not end in ${gate.timeoutMs / 1000} s` };
  if (ending === 'abort') return { passed: false, detail: 'it was stopped' };
  if (result.exitCode === 0) return { passed: true, detail: 'it ended with 0' };
  if (result.exitCode !== undefined) return { passed: false, detail: `it ended with ${result.exitCode}` };
  if (result.signal !== undefined) return { passed: false, detail: `it was ended by ${result.signal}` };
  return { passed: false, detail: `${gate.command[0]} cannot be run (${result.code ?? 'unknown reason'})` };
}

function environmentOf({ environment, platform, wave, clusters }: GateSurroundings): Record<string, string> {
  const known = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(known),
    ORRERY_PLATFORM: platform,
    ORRERY_WAVE: wave,
    ORRERY_CLUSTERS: clusters.join(','),
  };
}

/** The program and everything it started; one that was only asked to end could leave a pipe open and us waiting. */
function killGroup(child: { readonly pid?: number | undefined; kill(signal: 'SIGKILL'): boolean }): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
