import { homedir } from 'node:os';
import { type Paint, paint } from '../report/paint.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command finds around it. Only here and in orrery.ts is `process` looked at; everything else is told. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Environment;
  readonly home: string;
  /** A person can be asked: stdin and stderr are terminals. */
  readonly interactive: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal behind stdout. */
  readonly columns: number;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

/** Output that knows its colours. stdout = data, stderr = talk. */
export interface Screen {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Colours of stdout. */
  readonly paint: Paint;
  /** Colours of stderr. */
  readonly talk: Paint;
}

export type ColourChoice = 'always' | 'never' | 'auto';

/** The flag wins, then NO_COLOR (no-color.org), FORCE_COLOR, TERM=dumb, then whether it is a terminal. */
export function coloursWanted(choice: ColourChoice, env: Environment, isTerminal: boolean): boolean {
  if (choice !== 'auto') return choice === 'always';
  if ((env.NO_COLOR ?? '') !== '') return false;
  if ((env.FORCE_COLOR ?? '') !== '') return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}

export function screenOf(surroundings: Surroundings, choice: ColourChoice): Screen {
  const { env } = surroundings;
  return {
    out: surroundings.writeOut,
    err: surroundings.writeErr,
    paint: paint(coloursWanted(choice, env, surroundings.stdoutIsTerminal)),
    talk: paint(coloursWanted(choice, env, surroundings.stderrIsTerminal)),
  };
}

/** The surroundings of this very process. A reader that goes away (`orrery plan | head`) ends the printing, never the work. */
export function processSurroundings(): Surroundings {
  const { stdout, stderr, stdin } = process;
  return {
    cwd: process.cwd(),
    env: process.env,
    home: process.env.HOME ?? homedir(),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    stdoutIsTerminal: stdout.isTTY === true,
    stderrIsTerminal: stderr.isTTY === true,
    columns: stdout.columns ?? 80,
    writeOut: quietWriter(stdout),
    writeErr: quietWriter(stderr),
  };
}

function quietWriter(stream: NodeJS.WriteStream): (text: string) => void {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
  });
  return (text) => {
    if (!closed && text !== '') stream.write(text);
  };
}
