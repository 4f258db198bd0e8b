import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { ORRERY, type TestProject } from './project.ts';

/** The command on a terminal, as a person has it: what is typed goes through the terminal's own line discipline. */

/** Gives a program a terminal of its own, hands on what comes on stdin, and ends with its exit code. */
const PYTHON = `
import os, pty, sys
status = pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 65536))
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

const found = (names: readonly string[]) => names.find((name) => existsSync(name));
const inFolders = (name: string) => (process.env.PATH ?? '').split(':').map((folder) => `${folder}/${name}`);

/** What the machine has to make terminals with: Python's module pty, or script of util-linux; undefined: neither. */
export const TERMINAL: 'python3' | 'script' | undefined =
  found(inFolders('python3')) === undefined
    ? found(inFolders('script')) === undefined || process.platform !== 'linux'
      ? undefined
      : 'script'
    : 'python3';

/** For titles of tests. */
export const withoutTerminal = TERMINAL === undefined ? ' (skipped: neither python3 nor script makes a terminal)' : '';

/** A command under way on a terminal. */
export class TerminalCommand {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #shown = '';

  /** @param env beside HOME and PATH */
  constructor(project: TestProject, ...args: string[]) {
    const command = [process.execPath, ORRERY, ...args];
    const [program = '', ...words] =
      TERMINAL === 'python3'
        ? ['python3', '-c', PYTHON, ...command]
        : ['script', '--quiet', '--return', '--command', command.map(quoted).join(' '), '/dev/null'];
    const env = { PATH: process.env.PATH ?? '', HOME: project.folder, TERM: 'xterm' };
    this.#child = spawn(program, words, { cwd: project.folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#shown += chunk;
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code) => resolve(code));
    });
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  /** What stands on the screen, without colours. */
  get shown(): string {
    return stripVTControlCharacters(this.#shown).replaceAll('\r', '');
  }

  /** Waits until the screen shows a text. */
  async shows(text: string): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.shown.includes(text)) throw new Error(`not shown: ${text}\n${this.shown}`);
      },
      { timeout: 30_000 },
    );
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Exit code. */
  async ended(): Promise<number | null> {
    const code = await this.#ended;
    this.#child.stdin?.destroy();
    return code;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
