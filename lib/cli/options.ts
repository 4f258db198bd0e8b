import { parseDuration } from '@orrery/constructs/duration';
import type { Command, OptionValues } from 'commander';
import { OrreryError } from '../errors.ts';
import type { ColourChoice } from './surroundings.ts';

export type OutputFormat = 'text' | 'json' | 'markdown';

/** Options of every verb. */
export interface GlobalOptions {
  readonly colour: ColourChoice;
  readonly verbose: boolean;
  /** `--config`. */
  readonly config?: string | undefined;
}

/** Where the desired state comes from. */
export interface SourceOptions extends GlobalOptions {
  /** Command instead of `app:`. */
  readonly app?: string | undefined;
  /** Start from this assembly; no program runs. */
  readonly assembly?: string | undefined;
}

/** What `synth --format helm` writes. */
export interface ChartOptions extends SourceOptions {
  /** Folder; default: beside the assembly, with "-helm" behind its name. */
  readonly out?: string | undefined;
  /** Of every chart; default: by content. */
  readonly chartVersion?: string | undefined;
}

/** Which clusters are looked at, and how they are reached. */
export interface ClusterOptions extends SourceOptions {
  /** Only these; empty: all. */
  readonly clusters: readonly string[];
  /** As written: NAME=…. */
  readonly targets: readonly string[];
  readonly sandbox: boolean;
}

/** How a plan is made. */
export interface PlanningOptions extends ClusterOptions {
  /** Only the clusters of these waves; empty: all. */
  readonly waves: readonly string[];
  readonly output: OutputFormat;
  readonly verifyAll: boolean;
  /** The servers are asked by dry runs. */
  readonly dryRun: boolean;
  /** Kind/namespace/name, each. */
  readonly adopt: readonly string[];
  readonly allowEmpty: boolean;
  readonly allowDeletes: boolean;
  readonly allowReplace: readonly string[];
  readonly takeOwnership: readonly string[];
  readonly onLeft: 'ask' | 'delete' | 'orphan' | 'keep';
  readonly exitCode: boolean;
}

export interface WritingOptions {
  readonly yes: boolean;
  readonly wait: boolean;
  /** For one object to become ready, milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** What an apply may do with the rollout of the program: less, or again. */
export interface RolloutOptions {
  /** Clusters at a time. */
  readonly maxParallel?: number | undefined;
  readonly recheck: boolean;
  readonly resume: boolean;
  readonly allowGateCommands: boolean;
}

/** "old=new", once or several times. */
export function pairs(value: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const all = new Map(before);
  for (const pair of collect(value)) {
    const [old = '', other = '', ...rest] = pair.split('=');
    if (old === '' || other === '' || rest.length > 0)
      throw new OrreryError('ORR1001', `"${pair}" is no pair.`, { fix: 'Write it as old=new.' });
    all.set(old, other);
  }
  return all;
}

/** "a,b" and repeated options are the same list. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ];
}

function repeat(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function duration(value: string): number {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined || milliseconds === 0) {
    throw new OrreryError('ORR1001', `"${value}" is no duration.`, { fix: 'Write it like 90s, 5m or 1h30m.' });
  }
  return milliseconds;
}

function positive(value: string): number | undefined {
  const number = Number(value);
  return /^\d+$/.test(value) && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

export function wholeNumber(value: string): number {
  const number = positive(value);
  if (number !== undefined) return number;
  throw new OrreryError('ORR1001', `"${value}" is no number of a revision.`, { fix: 'orrery history lists them.' });
}

function wholeNumberOf(option: string): (value: string) => number {
  return (value) => {
    const number = positive(value);
    if (number !== undefined) return number;
    throw new OrreryError('ORR1001', `${option} cannot be "${value}".`, { fix: 'Use a whole number from 1 on.' });
  };
}

export function oneOf(option: string, choices: readonly string[]): (value: string) => string {
  return (value) => {
    if (!choices.includes(value))
      throw new OrreryError('ORR1001', `${option} cannot be "${value}".`, { fix: `Choose ${choices.join(', ')}.` });
    return value;
  };
}

export function withGlobalOptions(command: Command): Command {
  return command
    .optionsGroup('Everywhere:')
    .option('--config <file>', 'the project file (default: cdk8s.yaml of this folder)')
    .option('--color', 'colours even without a terminal')
    .option('--no-color', 'no colours (NO_COLOR, FORCE_COLOR and TERM=dumb are respected too)')
    .option('-v, --verbose', 'say more: manifests of new objects, targets, stacks of errors')
    .helpOption('-h, --help', 'show this');
}

export function withSourceOptions(command: Command): Command {
  return command
    .optionsGroup('Where the desired state comes from:')
    .option('--app <command>', 'run this program instead of `app` of cdk8s.yaml')
    .option('--assembly <folder>', 'start from an assembly that was synthesized before; no program runs');
}

export function withChartOptions(command: Command): Command {
  return command
    .optionsGroup('What is written:')
    .option(
      '--format <format>',
      'assembly, or helm: an installable chart for every unit of every cluster, rendered',
      oneOf('--format', ['assembly', 'helm']),
      'assembly',
    )
    .option('--out <folder>', 'folder of the charts (default: dist-helm, beside the assembly)')
    .option('--chart-version <version>', 'version of the charts (default: 0.0.0-c and a digest of the content)');
}

/** Undefined where no charts are asked for. */
export function chartOptions(values: OptionValues): ChartOptions | undefined {
  const { out, chartVersion, watch } = values as { out?: string; chartVersion?: string; watch?: boolean };
  if (values.format !== 'helm') {
    const stray = out !== undefined ? '--out' : chartVersion !== undefined ? '--chart-version' : undefined;
    if (stray === undefined) return undefined;
    throw new OrreryError('ORR1001', `${stray} is for --format helm.`, {
      fix: `Add --format helm, or leave ${stray} out.`,
    });
  }
  if (watch === true) {
    throw new OrreryError('ORR1001', '--watch and --format helm do not go together.', {
      fix: 'Watch the assembly, and write charts when it is right.',
    });
  }
  if (chartVersion !== undefined && !SEMANTIC_VERSION.test(chartVersion)) {
    throw new OrreryError('ORR1001', `--chart-version cannot be "${chartVersion}".`, {
      fix: 'helm takes semantic versions: 1.4.0, 1.4.0-rc.1.',
    });
  }
  return { ...sourceOptions(values), out, chartVersion };
}

/** https://semver.org, as helm asks for it. */
const SEMANTIC_VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

export function withClusterNames(command: Command): Command {
  return command
    .optionsGroup('Which clusters, and how they are reached:')
    .option('--cluster <names>', 'only these clusters, separated by commas; may be repeated', collect);
}

export function withJsonOption(command: Command): Command {
  return command
    .optionsGroup('What is printed:')
    .option('--json', 'JSON (the same as --output json)')
    .option('--output <format>', 'text or json', oneOf('--output', ['text', 'json']), 'text');
}

/** Of verbs that only read. */
export function withDryRunOption(command: Command): Command {
  return command
    .optionsGroup('Which rights it takes:')
    .option(
      '--no-dry-run',
      'send no dry run, which takes the rights of a write: what is not proved is shown unverified',
    );
}

function dryRun(values: OptionValues): boolean {
  const asks = values.dryRun !== false;
  if (asks) return true;
  const other = values.verify === 'all' ? '--verify all' : values.out === undefined ? undefined : '--out';
  if (other === undefined) return false;
  throw new OrreryError('ORR1001', `--no-dry-run and ${other} do not go together.`, {
    fix: 'Without dry runs no server verifies anything: such a plan is there to be read, not to be saved and applied.',
  });
}

export function wantsJson(values: OptionValues): boolean {
  return values.json === true || values.output === 'json';
}

export function withClusterOptions(command: Command): Command {
  return withClusterNames(withSourceOptions(command))
    .option(
      '--target <name=…>',
      'reach a cluster by NAME=context:CONTEXT, NAME=kubeconfig:FILE#CONTEXT, NAME=directory:FOLDER or NAME=sandbox; NAME * means all',
      repeat,
    )
    .option('--sandbox', 'reach every cluster in the sandbox of this project');
}

export function withOutputOption(command: Command): Command {
  return command
    .optionsGroup('What is printed:')
    .option(
      '--output <format>',
      'text, json, or markdown for a pull request',
      oneOf('--output', ['text', 'json', 'markdown']),
      'text',
    );
}

export function withPlanningOptions(command: Command): Command {
  return withClusterOptions(command)
    .optionsGroup('What the plan may do:')
    .option(
      '--adopt <objects>',
      'take over objects that exist and are not ours: Kind/namespace/name or Kind/name; * matches anything, CLUSTER: in front means one cluster',
      collect,
    )
    .option(
      '--allow-deletes',
      'go on although a large share of the objects, a Namespace, a CRD or a volume would be deleted',
    )
    .option('--allow-empty', 'go on although a cluster would be left with nothing')
    .option('--allow-replace <objects>', 'delete and create these again where a field cannot be changed', collect)
    .option('--take-ownership <objects>', 'take over fields of these that another field manager owns', collect)
    .option(
      '--on-left <choice>',
      'objects in a target whose cluster left the program: ask, delete, orphan (leave them there and forget them) or keep',
      oneOf('--on-left', ['ask', 'delete', 'orphan', 'keep']),
      'ask',
    )
    .option(
      '--verify <what>',
      'proof: what is provably unchanged costs no request; all: the server is asked about every object',
      oneOf('--verify', ['proof', 'all']),
      'proof',
    );
}

export function withWaveOption(command: Command): Command {
  return command
    .optionsGroup('Which clusters, and how they are reached:')
    .option('--wave <names>', 'only the clusters of these waves of the rollout', collect);
}

export function withRolloutOptions(command: Command): Command {
  return withWaveOption(command)
    .optionsGroup('Going through the waves of the rollout:')
    .option('--max-parallel <number>', 'at most so many clusters at a time', wholeNumberOf('--max-parallel'))
    .option('--resume', 'leave alone every cluster that is through with this assembly, whatever changed there since')
    .option('--recheck', 'soak and ask the gates also of waves that are through')
    .option('--allow-gate-commands', 'run the commands of gates although they come from --assembly');
}

export function rolloutOptions(values: OptionValues): RolloutOptions {
  return {
    maxParallel: values.maxParallel as number | undefined,
    recheck: values.recheck === true,
    resume: values.resume === true,
    allowGateCommands: values.allowGateCommands === true,
  };
}

export function withExitCodeOption(command: Command): Command {
  return command.option('--exit-code', 'end with 2 when there are changes (1 is an error, 0 no changes)');
}

export function withWritingOptions(command: Command): Command {
  return command
    .optionsGroup('Writing:')
    .option('-y, --yes', 'do not ask')
    .option('--no-wait', 'do not wait until objects are ready')
    .option('--timeout <duration>', 'how long an object may take to become ready, e.g. 90s (default: 5m)', duration);
}

function listOf(value: unknown): string[] {
  return (value as string[] | undefined) ?? [];
}

export function clusterNames(values: OptionValues): string[] {
  return listOf(values.cluster);
}

export function globalOptions(values: OptionValues): GlobalOptions {
  return {
    colour: values.color === true ? 'always' : values.color === false ? 'never' : 'auto',
    verbose: values.verbose === true,
    config: values.config as string | undefined,
  };
}

export function sourceOptions(values: OptionValues): SourceOptions {
  return {
    ...globalOptions(values),
    app: values.app as string | undefined,
    assembly: values.assembly as string | undefined,
  };
}

export function clusterOptions(values: OptionValues): ClusterOptions {
  return {
    ...sourceOptions(values),
    clusters: clusterNames(values),
    targets: listOf(values.target),
    sandbox: values.sandbox === true,
  };
}

export function outputFormat(values: OptionValues): OutputFormat {
  return values.output as OutputFormat;
}

export function planningOptions(values: OptionValues): PlanningOptions {
  return {
    ...clusterOptions(values),
    waves: listOf(values.wave),
    output: outputFormat(values),
    verifyAll: values.verify === 'all',
    dryRun: dryRun(values),
    adopt: listOf(values.adopt),
    allowEmpty: values.allowEmpty === true,
    allowDeletes: values.allowDeletes === true,
    allowReplace: listOf(values.allowReplace),
    takeOwnership: listOf(values.takeOwnership),
    onLeft: values.onLeft as PlanningOptions['onLeft'],
    exitCode: values.exitCode === true,
  };
}

export function writingOptions(values: OptionValues): WritingOptions {
  return { yes: values.yes === true, wait: values.wait !== false, timeoutMs: values.timeout as number | undefined };
}
