import type { Command, OptionValues } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Screen, Surroundings } from './surroundings.ts';

/** What a verb gets beside its own options. */
export interface VerbContext {
  readonly surroundings: Surroundings;
  readonly screen: Screen;
}

/** Runs with what was given on the command line. */
export type Verb = (context: VerbContext, values: OptionValues, args: readonly string[]) => Promise<ExitCode>;
/** Runs an action with its screen, and keeps its exit code. */
export type Run = (
  values: OptionValues,
  action: (context: VerbContext, values: OptionValues) => Promise<ExitCode>,
) => Promise<void>;

/** commander gives the arguments, then the options, then the command. Options given before the verb count too. */
export function handler(run: Run, action: Verb): (...args: unknown[]) => Promise<void> {
  return (...args) => {
    const command = args.at(-1) as Command;
    return run(command.optsWithGlobals(), (context, values) => action(context, values, command.args));
  };
}
