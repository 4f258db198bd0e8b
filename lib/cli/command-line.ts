import { Command, CommanderError, type OptionValues } from 'commander';
import { OrreryError } from '../errors.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import {
  backupCommands,
  gpuCommands,
  importCommands,
  pipelineCommands,
  releaseCommands,
  sandboxCommands,
  workspaceCommands,
} from './grouped-verbs.ts';
import { HELP, VERB_HELP } from './help.ts';
import {
  chartOptions,
  clusterNames,
  clusterOptions,
  type GlobalOptions,
  globalOptions,
  oneOf,
  outputFormat,
  planningOptions,
  rolloutOptions,
  sourceOptions,
  wantsJson,
  wholeNumber,
  withChartOptions,
  withClusterNames,
  withClusterOptions,
  withDryRunOption,
  withExitCodeOption,
  withGlobalOptions,
  withJsonOption,
  withOutputOption,
  withPlanningOptions,
  withRolloutOptions,
  withSourceOptions,
  withWaveOption,
  withWritingOptions,
  writingOptions,
} from './options.ts';
import { printError } from './print-error.ts';
import { type Surroundings, screenOf } from './surroundings.ts';
import { handler, type Run, type Verb } from './verb.ts';
import { VERSION } from './version.ts';

/** Parses the arguments, runs one verb and returns the exit code. Nothing is thrown: every error is printed where it belongs. */
export async function runCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  // Known before parsing is done, so that mistakes in the arguments are shown in the right colours.
  let seen: GlobalOptions = {
    colour: argv.includes('--no-color') ? 'never' : argv.includes('--color') ? 'always' : 'auto',
    verbose: false,
  };
  let exitCode: ExitCode = EXIT.ok;
  const run: Run = async (values, action) => {
    seen = globalOptions(values);
    exitCode = await action({ surroundings, screen: screenOf(surroundings, seen.colour) }, values);
  };
  try {
    await commandLine(argv, surroundings, run).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    printError(error, screenOf(surroundings, seen.colour), seen.verbose);
    return EXIT.error;
  }
}

/** Every command as it is typed, "import crd" for those of a verb that has verbs of its own, with its long options. */
export function commandTable(
  surroundings: Surroundings,
): readonly { readonly name: string; readonly options: readonly string[] }[] {
  const { commands } = commandLine(Object.keys(VERB_HELP), surroundings, () => Promise.resolve());
  const entry = (command: Command, name: string) => ({ name, options: command.options.map(({ long }) => long ?? '') });
  return commands.flatMap((command) => {
    const inner = command.commands.map((verb) => entry(verb, `${command.name()} ${verb.name()}`));
    return inner.length === 0 ? [entry(command, command.name())] : inner;
  });
}

function commandLine(argv: readonly string[], surroundings: Surroundings, run: Run): Command {
  const program = withGlobalOptions(new Command('orrery'))
    .version(VERSION, '-V, --version', 'show the version')
    .usage('<verb> [options]')
    .description(HELP.description)
    .addHelpText('after', HELP.after)
    .commandsGroup('Verbs:')
    .helpCommand('help [verb]', 'show the help of a verb')
    .configureHelp({
      subcommandTerm: (command) => VERB_HELP[command.name() as keyof typeof VERB_HELP]?.term ?? command.name(),
    })
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.writeOut,
      writeErr: surroundings.writeErr,
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(Math.max(surroundings.columns, 60), 120),
    });

  const verb = (name: keyof typeof VERB_HELP, add: (command: Command) => Command, action: Verb): Command => {
    const help = VERB_HELP[name];
    const command = program.command(name).summary(help.summary).description(help.description);
    // Options of verbs that are not asked for would take as long to set up as everything else together.
    if (!argv.includes(name)) return command;
    return withGlobalOptions(add(command)).addHelpText('after', help.after).action(handler(run, action));
  };

  verb(
    'init',
    (command) =>
      command
        .argument('[folder]', 'folder of the project (default: this one)')
        .option('--id <id>', 'id of the platform, its identity for life (default: name of the folder)'),
    async (context, values, [folder = '.']) =>
      (await import('./verbs/init.ts')).init(context, { folder, id: values.id as string | undefined }),
  );
  verb(
    'synth',
    (command) =>
      withChartOptions(withSourceOptions(command).option('--watch', 'again whenever a file of the project changes')),
    async (context, values) => {
      const charts = chartOptions(values);
      if (charts !== undefined) return (await import('./verbs/charts.ts')).charts(context, charts);
      return values.watch === true
        ? (await import('./verbs/watch.ts')).watch(context, sourceOptions(values))
        : (await import('./verbs/synth.ts')).synth(context, sourceOptions(values));
    },
  );
  verb(
    'ls',
    (command) => withJsonOption(withSourceOptions(command)).option('--objects', 'every object, not only their number'),
    async (context, values) =>
      (await import('./verbs/ls.ts')).ls(context, {
        ...sourceOptions(values),
        objects: values.objects === true,
        json: wantsJson(values),
      }),
  );
  verb(
    'images',
    (command) =>
      withClusterNames(withSourceOptions(command))
        .optionsGroup('What is printed:')
        .option(
          '--output <format>',
          'text, json, or copies: a line "FROM TO" for each image that a mirror has to hold',
          oneOf('--output', ['text', 'json', 'copies']),
          'text',
        ),
    async (context, values) =>
      (await import('./verbs/images.ts')).images(context, {
        ...sourceOptions(values),
        clusters: clusterNames(values),
        output: values.output as 'text' | 'json' | 'copies',
      }),
  );
  verb(
    'check',
    (command) =>
      withSourceOptions(command)
        .optionsGroup('What is printed:')
        .option('--output <format>', 'text, json or sarif', oneOf('--output', ['text', 'json', 'sarif']), 'text')
        .option('--strict', 'end with 1 for warnings too'),
    async (context, values) =>
      (await import('./verbs/check.ts')).check(context, {
        ...sourceOptions(values),
        output: values.output as 'text' | 'json' | 'sarif',
        strict: values.strict === true,
      }),
  );
  verb(
    'explain',
    (command) => withJsonOption(command.argument('[what]', 'code of an error or id of a check')),
    async (context, values, [what]) =>
      (await import('./verbs/explain.ts')).explain(context, { what, json: wantsJson(values) }),
  );
  verb(
    'diff',
    (command) => withExitCodeOption(withOutputOption(withWaveOption(withDryRunOption(withPlanningOptions(command))))),
    async (context, values) => (await import('./verbs/plan.ts')).diff(context, planningOptions(values)),
  );
  verb(
    'plan',
    (command) =>
      withExitCodeOption(withOutputOption(withWaveOption(withDryRunOption(withPlanningOptions(command))))).option(
        '--out <file>',
        'save the plan, to apply exactly this later',
      ),
    async (context, values) =>
      (await import('./verbs/plan.ts')).plan(context, {
        ...planningOptions(values),
        out: values.out as string | undefined,
      }),
  );
  verb(
    'apply',
    (command) =>
      withOutputOption(
        withRolloutOptions(
          withWritingOptions(withPlanningOptions(command.argument('[plan]', 'a plan saved by orrery plan --out'))),
        ),
      ),
    async (context, values, [planFile]) =>
      (await import('./verbs/apply.ts')).apply(context, {
        ...planningOptions(values),
        ...writingOptions(values),
        ...rolloutOptions(values),
        planFile,
      }),
  );
  verb(
    'destroy',
    (command) => withOutputOption(withWritingOptions(withPlanningOptions(command))),
    async (context, values) =>
      (await import('./verbs/apply.ts')).destroy(context, { ...planningOptions(values), ...writingOptions(values) }),
  );
  verb(
    'status',
    (command) => withJsonOption(withClusterOptions(command)),
    async (context, values) =>
      (await import('./verbs/status.ts')).status(context, { ...clusterOptions(values), json: wantsJson(values) }),
  );
  verb(
    'history',
    (command) => withJsonOption(withClusterOptions(command)),
    async (context, values) =>
      (await import('./verbs/revisions.ts')).history(context, { ...clusterOptions(values), json: wantsJson(values) }),
  );
  verb(
    'rollback',
    (command) =>
      withOutputOption(withWritingOptions(withPlanningOptions(command))).option(
        '--to <number>',
        'the revision (default: the newest complete one with other contents than the present)',
        wholeNumber,
      ),
    async (context, values) =>
      (await import('./verbs/revisions.ts')).rollback(context, {
        ...planningOptions(values),
        ...writingOptions(values),
        to: values.to as number | undefined,
      }),
  );
  verb(
    'drift',
    (command) => withExitCodeOption(withJsonOption(withDryRunOption(withClusterOptions(command)))),
    async (context, values) =>
      (await import('./verbs/revisions.ts')).drift(context, { ...planningOptions(values), json: wantsJson(values) }),
  );
  const objects =
    'Kind/namespace/name or Kind/name, as plans print them; * matches anything, CLUSTER: in front means one cluster, all means all';
  const partOptions = (values: OptionValues, names: readonly string[]) => ({
    ...planningOptions(values),
    ...writingOptions(values),
    objects: names.flatMap((list) => list.split(',')),
  });
  verb(
    'adopt',
    (command) =>
      withOutputOption(withWritingOptions(withClusterOptions(command)))
        .argument('[objects...]', objects)
        .option('--from-platform <id>', 'everything that the platform held under this former id'),
    async (context, values, names) => {
      const from = values.fromPlatform as string | undefined;
      if ((from === undefined) === (names.length === 0)) {
        throw new OrreryError('ORR1001', 'adopt takes names of objects or --from-platform, one of both.', {
          fix: 'orrery adopt Deployment/shop/cart, or orrery adopt --from-platform FORMER-ID.',
        });
      }
      if (from === undefined) return (await import('./verbs/part.ts')).adopt(context, partOptions(values, names));
      const options = { ...clusterOptions(values), output: outputFormat(values), yes: values.yes === true, from };
      return (await import('./verbs/move.ts')).move(context, options);
    },
  );
  verb(
    'orphan',
    (command) => withOutputOption(withWritingOptions(withClusterOptions(command))).argument('<objects...>', objects),
    async (context, values, names) => (await import('./verbs/part.ts')).orphan(context, partOptions(values, names)),
  );
  verb(
    'unlock',
    (command) =>
      withOutputOption(withClusterOptions(command)).option(
        '--lease-id <id>',
        'remove the lease with this id (without it: show who holds which, and write nothing)',
      ),
    async (context, values) =>
      (await import('./verbs/unlock.ts')).unlock(context, {
        ...clusterOptions(values),
        output: outputFormat(values),
        leaseId: values.leaseId as string | undefined,
      }),
  );
  verb(
    'refresh',
    (command) =>
      withOutputOption(withClusterOptions(command))
        .option('-y, --yes', 'do not ask')
        .option('--partial', 'go on although not every kind can be read: members of those stay unknown'),
    async (context, values) =>
      (await import('./verbs/refresh.ts')).refresh(context, {
        ...clusterOptions(values),
        output: outputFormat(values),
        yes: values.yes === true,
        partial: values.partial === true,
      }),
  );
  importCommands(program, argv, run);
  workspaceCommands(program, argv, run);
  backupCommands(program, argv, run);
  pipelineCommands(program, argv, run);
  releaseCommands(program, argv, run);
  gpuCommands(program, argv, run);
  sandboxCommands(program, argv, run);
  verb(
    'doctor',
    (command) => withJsonOption(withClusterOptions(command)),
    async (context, values) =>
      (await import('./verbs/doctor.ts')).doctor(context, { ...clusterOptions(values), json: wantsJson(values) }),
  );
  return program;
}
