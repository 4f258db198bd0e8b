import { spawn } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProgramResult {
  /** "not-found": there is no such program. Ended by a signal: 128. */
  readonly exitCode: number | 'not-found';
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly environment: Environment;
  readonly workingFolder?: string | undefined;
  readonly onErrorLine?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end. Resolves for every exit code; rejects with the signal's reason when aborted. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { environment, workingFolder, onErrorLine, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...environment },
      cwd: workingFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let stdout = '';
    let stderr = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      if (onErrorLine === undefined) return;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onErrorLine(line);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ exitCode: 'not-found', stdout, stderr });
      else reject(signal?.aborted ? signal.reason : error);
    });
    child.on('close', (code) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve({ exitCode: code ?? 128, stdout, stderr });
    });
  });
}
