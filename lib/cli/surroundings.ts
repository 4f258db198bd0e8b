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
  let out: Paint | undefined;
  let err: Paint | undefined;
  return {
    out: surroundings.writeOut,
    err: surroundings.writeErr,
    get paint() {
      out ??= paint(coloursWanted(choice, env, surroundings.stdoutIsTerminal));
      return out;
    },
    get talk() {
      err ??= paint(coloursWanted(choice, env, surroundings.stderrIsTerminal));
      return err;
    },
  };
}

/**
 * The surroundings of this very process. A reader that goes away (`orrery plan | head`) ends the printing, never the work. Streams are touched when they are used: each takes
 * milliseconds to set up.
 */
export function processSurroundings(): Surroundings {
  return {
    cwd: process.cwd(),
    env: process.env,
    home: process.env.HOME ?? homedir(),
    get interactive() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true;
    },
    get stdoutIsTerminal() {
      return process.stdout.isTTY === true;
    },
    get stderrIsTerminal() {
      return process.stderr.isTTY === true;
    },
    get columns() {
      return process.stdout.columns ?? 80;
    },
    writeOut: quietWriter(() => process.stdout),
    writeErr: quietWriter(() => process.stderr),
  };
}

function quietWriter(open: () => NodeJS.WriteStream): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined;
  let closed = false;
  return (text) => {
    if (closed || text === '') return;
    if (stream === undefined) {
      stream = open();
      stream.on('error', (error: NodeJS.ErrnoException) => {
        closed = true;
        if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      });
    }
    stream.write(text);
  };
}
