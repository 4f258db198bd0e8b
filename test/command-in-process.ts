import { runCommandLine } from '../lib/cli/command-line.ts';
import type { Surroundings } from '../lib/cli/surroundings.ts';
import type { TestProject } from './project.ts';

/** The command line in this process: what a sweep over many commands would spend on starting them. */
export class CommandInProcess {
  readonly surroundings: Surroundings;

  /** Nobody to ask; nothing of the machine's own settings reaches the command. */
  constructor({ folder }: TestProject) {
    this.surroundings = {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder },
      home: folder,
      interactive: false,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 120,
      writeOut: () => undefined,
      writeErr: () => undefined,
    };
  }

  /** @returns the exit code, and all that was said on stdout and stderr */
  async run(...argv: string[]): Promise<{ readonly code: number; readonly text: string }> {
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    const code = await runCommandLine(argv, { ...this.surroundings, writeOut: write, writeErr: write });
    return { code, text };
  }
}
