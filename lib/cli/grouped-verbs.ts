import type { Command, OptionValues } from 'commander';
import { VERB_HELP } from './help.ts';
import {
  clusterNames,
  clusterOptions,
  collect,
  duration,
  globalOptions,
  pairs,
  sourceOptions,
  wantsJson,
  withClusterNames,
  withClusterOptions,
  withGlobalOptions,
  withJsonOption,
  withSourceOptions,
} from './options.ts';
import { handler, type Run, type Verb } from './verb.ts';

/** Verbs that have verbs of their own. */

type AddVerb = (name: string, text: string, add: (command: Command) => Command, action: Verb) => Command;

/** Adds such a verb; undefined where it is not asked for: then it is only listed. */
function verbGroup(
  program: Command,
  argv: readonly string[],
  run: Run,
  group: 'import' | 'workspace' | 'backup' | 'pipeline' | 'release' | 'gpu' | 'sandbox',
  verbs: string,
): AddVerb | undefined {
  const { summary, description, after } = VERB_HELP[group];
  const command = program.command(group).summary(summary);
  if (!argv.includes(group)) return undefined;
  withGlobalOptions(command).usage(`${verbs} [options]`).description(description).addHelpText('after', after);
  return (name, text, add, action) =>
    withGlobalOptions(add(command.command(name).summary(text).description(text))).action(handler(run, action));
}

export function importCommands(program: Command, argv: readonly string[], run: Run): void {
  const inner = verbGroup(program, argv, run, 'import', '<crd|cluster|helm>');
  if (inner === undefined) return;
  const verb: AddVerb = (...given) =>
    inner(...given).option('--out <folder>', 'folder that the types are written to', 'imports');
  const common = (values: OptionValues) => ({ ...globalOptions(values), out: String(values.out) });

  verb(
    'crd',
    'types of custom resources, from the YAML of their CRDs',
    (command) => command.argument('<sources...>', 'YAML files, or folders of them'),
    async (context, values, sources) =>
      (await import('./verbs/import.ts')).importDefinitions(context, { ...common(values), sources }),
  );
  verb(
    'cluster',
    'types of custom resources, from the CRDs of a live cluster',
    (command) =>
      withClusterOptions(command.argument('<cluster>', 'a cluster of cdk8s.yaml, or one that --target names')).option(
        '--group <groups>',
        'only kinds of these API groups, separated by commas; may be repeated',
        collect,
      ),
    async (context, values, [cluster = '']) =>
      (await import('./verbs/import.ts')).importCluster(context, {
        ...clusterOptions(values),
        ...common(values),
        cluster,
        groups: (values.group as readonly string[] | undefined) ?? [],
      }),
  );
  verb(
    'helm',
    'types of the values of Helm charts',
    (command) => command.argument('<charts...>', 'folders or .tgz archives of charts'),
    async (context, values, charts) =>
      (await import('./verbs/import.ts')).importCharts(context, { ...common(values), charts }),
  );
}

export function workspaceCommands(program: Command, argv: readonly string[], run: Run): void {
  const verb = verbGroup(program, argv, run, 'workspace', '<kubeconfig|audit-policy>');
  if (verb === undefined) return;

  verb(
    'kubeconfig',
    'print a kubeconfig for a member: of a machine with tokens that end, of people without any secret',
    (command) =>
      withClusterOptions(command)
        .optionsGroup('For whom:')
        .requiredOption('--member <name>', 'user, group or machine of a workspace')
        .option('--workspace <id>', 'the workspace (default: the only one that has the member)')
        .option('--ttl <duration>', 'how long tokens of a machine are good, from 10m on', duration, 3_600_000)
        .option('--login <command>', 'program that people log in with, and its arguments (no shell reads them)'),
    async (context, values) =>
      (await import('./verbs/workspace.ts')).kubeconfig(context, {
        ...clusterOptions(values),
        member: String(values.member),
        workspace: values.workspace as string | undefined,
        ttlMs: Number(values.ttl),
        login: (values.login as string | undefined)?.split(/\s+/).filter((word) => word !== ''),
      }),
  );
  verb(
    'audit-policy',
    'print the audit policy that the API server of a cluster needs for its workspaces',
    (command) =>
      withSourceOptions(command).option('--cluster <name>', 'of this cluster (default: all, which must have the same)'),
    async (context, values) =>
      (await import('./verbs/workspace.ts')).auditPolicyOf(context, {
        ...sourceOptions(values),
        cluster: values.cluster as string | undefined,
      }),
  );
}

export function backupCommands(program: Command, argv: readonly string[], run: Run): void {
  const verb = verbGroup(program, argv, run, 'backup', '<restore-document>');
  if (verb === undefined) return;

  verb(
    'restore-document',
    'print what restores a backup in a cluster, for kubectl apply',
    (command) =>
      withSourceOptions(command)
        .optionsGroup('What and where:')
        .requiredOption('--from <cluster>', 'cluster that the backup is of')
        .requiredOption('--to <cluster>', 'cluster to restore it in')
        .option('--plan <id>', 'the plan of backups (default: the only one of the cluster)')
        .option('--backup <name>', 'this backup (default: the last one of the plan that completed)')
        .option('--name <name>', 'name of the Restore, which Velero runs once (default: "<schedule>-in-<to>")')
        .option('--map-namespace <old=new>', 'another name for a namespace; may be repeated', pairs)
        .option('--storage-class <old=new>', 'where the facts do not say it; may be repeated', pairs),
    async (context, values) =>
      (await import('./verbs/backup.ts')).printRestore(context, {
        ...sourceOptions(values),
        request: {
          from: String(values.from),
          to: String(values.to),
          plan: values.plan as string | undefined,
          backup: values.backup as string | undefined,
          name: values.name as string | undefined,
          namespaces: (values.mapNamespace as ReadonlyMap<string, string> | undefined) ?? new Map(),
          storageClasses: (values.storageClass as ReadonlyMap<string, string> | undefined) ?? new Map(),
        },
      }),
  );
}

export function pipelineCommands(program: Command, argv: readonly string[], run: Run): void {
  const verb = verbGroup(program, argv, run, 'pipeline', '<jenkinsfile>');
  if (verb === undefined) return;

  verb(
    'jenkinsfile',
    'print the Jenkinsfile of a pipeline, or check that a file is it',
    (command) =>
      withSourceOptions(command)
        .argument('[pipeline]', 'its id or construct path (default: the only one with a Jenkinsfile)')
        .option('--check <file>', 'compare with this file instead of printing; exit code 2 where it differs'),
    async (context, values, [pipeline]) =>
      (await import('./verbs/pipeline.ts')).jenkinsfile(context, {
        ...sourceOptions(values),
        pipeline,
        check: values.check as string | undefined,
      }),
  );
}

export function releaseCommands(program: Command, argv: readonly string[], run: Run): void {
  const verb = verbGroup(program, argv, run, 'release', '<status|promote|abort|pause|resume>');
  if (verb === undefined) return;
  const named = (command: Command) =>
    withJsonOption(withClusterOptions(command.argument('[name]', 'the canary release (default: the only one)')));
  const moving = (command: Command) =>
    named(command)
      .optionsGroup('Writing:')
      .option('--no-wait', 'end at the first thing that has to be waited for')
      .option('--timeout <duration>', 'how long objects and holds are waited for, e.g. 30m (default: 5m)', duration);
  const common = (values: OptionValues, [release]: readonly string[]) => ({
    ...clusterOptions(values),
    release,
    json: wantsJson(values),
    wait: values.wait !== false,
    timeoutMs: values.timeout as number | undefined,
  });

  verb(
    'status',
    'show at which stage releases stand in each cluster',
    (command) => named(command).option('--follow', 'go on showing it until all of them are through or back'),
    async (context, values, names) =>
      (await import('./verbs/release.ts')).releaseStatus(context, {
        ...common(values, names),
        follow: values.follow === true,
      }),
  );
  verb(
    'promote',
    'go on past what a release waits for',
    (command) => moving(command).option('--full', 'past everything that it would wait for, to the end'),
    async (context, values, names) =>
      (await import('./verbs/release.ts')).actOnRelease(
        context,
        common(values, names),
        values.full === true ? 'promote-full' : 'promote',
      ),
  );
  verb('abort', 'go back to what was there before the release', moving, async (context, values, names) =>
    (await import('./verbs/release.ts')).actOnRelease(context, common(values, names), 'abort'),
  );
  verb('pause', 'stay at the present stage', named, async (context, values, names) =>
    (await import('./verbs/release.ts')).actOnRelease(context, common(values, names), 'pause'),
  );
  verb(
    'resume',
    'go on with a release that is paused, begin one anew that went back',
    moving,
    async (context, values, names) =>
      (await import('./verbs/release.ts')).actOnRelease(context, common(values, names), 'resume'),
  );
}

export function gpuCommands(program: Command, argv: readonly string[], run: Run): void {
  const verb = verbGroup(program, argv, run, 'gpu', '<plan>');
  if (verb === undefined) return;

  verb(
    'plan',
    'show what pools of GPUs have in each cluster, what is requested, and how it is expected to fit',
    (command) =>
      withJsonOption(withClusterOptions(command)).option(
        '--live',
        'count the pods that are in the clusters, and what their nodes announce, instead of the objects of the program',
      ),
    async (context, values) =>
      (await import('./verbs/gpu.ts')).planGpus(context, {
        ...clusterOptions(values),
        json: wantsJson(values),
        live: values.live === true,
      }),
  );
}

export function sandboxCommands(program: Command, argv: readonly string[], run: Run): void {
  const verb = verbGroup(program, argv, run, 'sandbox', '<up|down|status|rig>');
  if (verb === undefined) return;

  verb(
    'up',
    'start a control plane for each cluster of the program and wait until it is ready',
    (command) => withClusterNames(withSourceOptions(command)),
    async (context, values) =>
      (await import('./verbs/sandbox.ts')).up(context, {
        ...sourceOptions(values),
        clusters: clusterNames(values),
      }),
  );
  verb('down', 'end them and delete what they stored', withClusterNames, async (context, values) =>
    (await import('./verbs/sandbox.ts')).down(context, {
      ...globalOptions(values),
      clusters: clusterNames(values),
    }),
  );
  verb('status', 'show what runs', withJsonOption, async (context, values) =>
    (await import('./verbs/sandbox.ts')).status(context, { ...globalOptions(values), json: wantsJson(values) }),
  );
  verb(
    'rig',
    'build the programs of the sandbox (needs Go, once, about four minutes)',
    (command) =>
      command
        .argument('[sets...]', 'sandbox (default), test, or names of tools')
        .option('--status', 'build nothing, show what is there'),
    async (context, values, names) =>
      (await import('./verbs/sandbox.ts')).rig(context, {
        ...globalOptions(values),
        statusOnly: values.status === true,
        names,
      }),
  );
}
