import type { KubeTarget, Target } from '../../cluster/target.ts';
import { isOrreryError, type OrreryError } from '../../errors.ts';
import { locateHelm } from '../../helm/find-helm.ts';
import { locateKustomize } from '../../kustomize/build-kustomization.ts';
import type { PlanTarget } from '../../plan/make-plan.ts';
import type { DesiredState } from '../../render/desired-state.ts';
import { manyLines, oneLine, printableJson } from '../../report/sanitize.ts';
import { count } from '../../report/wording.ts';
import { missingForProgram } from '../../rights/rights-of-program.ts';
import { rightsText, rulesText } from '../../rights/rules-text.ts';
import { checkGo } from '../../sandbox/rig/go-toolchain.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ClusterOptions } from '../options.ts';
import { type LoadedProgram, openProgramTargets, render } from '../planning.ts';
import { loadProject, type Project, projectAssembly } from '../project.ts';
import type { VerbContext } from '../verb.ts';

export interface DoctorOptions extends ClusterOptions {
  readonly json: boolean;
}

/** One line of the doctor. `note`: only some uses need it. */
export interface Finding {
  readonly subject: string;
  readonly status: 'ok' | 'problem' | 'note';
  readonly text: string;
  readonly fix?: string | undefined;
}

const OLDEST_NODE = [22, 19] as const;

/** Looks at everything a plan and an apply need; each finding is ok or says what to do. Writes nothing anywhere. */
export async function doctor(context: VerbContext, options: DoctorOptions): Promise<ExitCode> {
  const { screen } = context;
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => {
    findings.push(finding);
    if (!options.json) screen.out(findingText(finding, context));
  };
  tell(checkNode());
  const project = await attempt(tell, 'cdk8s.yaml', async () => loadProject(context.surroundings, options));
  if (project !== undefined) tell(configFinding(project));
  const program =
    project === undefined ? undefined : await attempt(tell, 'program', () => load(project, context, options));
  if (program !== undefined) {
    tell({
      subject: 'program',
      status: 'ok',
      text: `platform "${program.assembly.platform.id}", ${count(program.assembly.clusters.length, 'cluster')}`,
    });
    await checkHelm(tell, program, context);
    await checkKustomize(tell, program, context);
    const desired = await attempt(tell, 'desired state', () => render(program, context));
    if (desired !== undefined)
      tell({
        subject: 'desired state',
        status: 'ok',
        text: count(
          desired.clusters.reduce((sum, { objects }) => sum + objects.length, 0),
          'object',
        ),
      });
    await attempt(tell, 'targets', () => checkTargets(tell, program, desired, context, options));
  }
  await checkSandboxTools(tell, project, context, options);
  const problems = findings.filter(({ status }) => status === 'problem').length;
  if (options.json) screen.out(`${printableJson({ ok: problems === 0, findings }, 2)}\n`);
  else
    screen.out(
      problems === 0
        ? screen.paint.green('\nEverything needed is there.\n')
        : screen.paint.red(`\n${count(problems, 'problem')}.\n`),
    );
  return problems === 0 ? EXIT.ok : EXIT.error;
}

async function load(project: Project, { surroundings }: VerbContext, options: DoctorOptions): Promise<LoadedProgram> {
  return { project, assembly: await projectAssembly(project, surroundings, options) };
}

/** Runs a check; an error of ours becomes a finding, with every problem that it carries. */
async function attempt<T>(
  tell: (finding: Finding) => void,
  subject: string,
  check: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    for (const { what, fix } of (error as { problems?: readonly { what: string; fix?: string }[] }).problems ?? [])
      tell({ subject, status: 'problem', text: what, fix });
    tell(problem(subject, error));
    return undefined;
  }
}

function problem(subject: string, error: OrreryError): Finding {
  const source = error.where.source === undefined ? '' : `${error.where.source}: `;
  return { subject, status: 'problem', text: `${error.code} ${source}${error.message}`, fix: error.fix };
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const text = `Node ${process.versions.node}`;
  return old
    ? {
        subject: 'node',
        status: 'problem',
        text: `${text} is too old`,
        fix: `Install Node ${OLDEST_NODE.join('.')} or newer.`,
      }
    : { subject: 'node', status: 'ok', text };
}

function configFinding({ config }: Project): Finding {
  if (config.file === undefined) {
    return {
      subject: 'cdk8s.yaml',
      status: 'note',
      text: `there is none in ${config.folder}`,
      fix: 'orrery init makes a project; without one give --app or --assembly, and --target.',
    };
  }
  return { subject: 'cdk8s.yaml', status: 'ok', text: `${config.file}, ${count(config.targets.size, 'target')}` };
}

async function checkHelm(
  tell: (finding: Finding) => void,
  { project, assembly }: LoadedProgram,
  { surroundings }: VerbContext,
): Promise<void> {
  const releases = assembly.clusters
    .flatMap(({ manifest }) => manifest.units)
    .reduce((sum, unit) => sum + (unit.helmReleases?.length ?? 0), 0);
  await checkProgram(tell, 'helm', releases > 0, 'no Helm release', () =>
    locateHelm(project.config.helmBinary, surroundings.env.PATH),
  );
}

async function checkKustomize(
  tell: (finding: Finding) => void,
  { project, assembly }: LoadedProgram,
  { surroundings }: VerbContext,
): Promise<void> {
  const units = assembly.clusters.flatMap(({ manifest }) => manifest.units);
  const needed = units.some(({ includes = [] }) => includes.some(({ kustomization }) => kustomization !== undefined));
  const { kustomizeBinary: binary } = project.config;
  await checkProgram(tell, 'kubectl', needed, 'no kustomization', () =>
    locateKustomize({ binary, searchPath: surroundings.env.PATH }),
  );
}

/** A program that is missed only where the platform needs it. */
async function checkProgram(
  tell: (finding: Finding) => void,
  subject: string,
  needed: boolean,
  without: string,
  locate: () => Promise<string>,
): Promise<void> {
  try {
    tell({ subject, status: 'ok', text: await locate() });
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    const text = `not found; this platform has ${without}, so it is not needed`;
    tell(needed ? problem(subject, error) : { subject, status: 'note', text });
  }
}

async function checkTargets(
  tell: (finding: Finding) => void,
  program: LoadedProgram,
  desired: DesiredState | undefined,
  context: VerbContext,
  options: DoctorOptions,
): Promise<void> {
  const targets = await openProgramTargets(program, context.surroundings, options);
  try {
    for (const target of targets.all) await checkTarget(tell, target, desired);
  } finally {
    await targets.close();
  }
}

async function checkTarget(
  tell: (finding: Finding) => void,
  target: PlanTarget,
  desired: DesiredState | undefined,
): Promise<void> {
  const subject = target.cluster;
  if (target.kind === 'unopened') {
    tell(problem(subject, target.error));
    return;
  }
  const objects = desired?.clusters.find(({ name }) => name === target.cluster)?.objects ?? [];
  await attempt(tell, subject, async () => {
    const denied =
      target.kind === 'kube'
        ? await missingForProgram(
            target,
            objects.map(({ object }) => object),
          )
        : [];
    if (denied.length === 0)
      tell({ subject, status: 'ok', text: `${describe(target)}${target.kind === 'kube' ? ', rights suffice' : ''}` });
    else
      tell({
        subject,
        status: 'problem',
        text: `ORR3006 ${describe(target)}: we may not ${rightsText(denied)}`,
        fix: `Add these rules to a role of ours (docs/rights.md):\n${rulesText(denied)}`,
      });
  });
}

function describe(target: Target): string {
  return (target as KubeTarget | Extract<Target, { kind: 'directory' }>).description;
}

/** Go builds the sandbox: a problem only where a target is one. */
async function checkSandboxTools(
  tell: (finding: Finding) => void,
  project: Project | undefined,
  { surroundings }: VerbContext,
  options: DoctorOptions,
): Promise<void> {
  const needed =
    options.sandbox || [...(project?.config.targets.values() ?? [])].some(({ target }) => target.kind === 'sandbox');
  try {
    tell({ subject: 'go', status: 'ok', text: `Go ${await checkGo(surroundings.env)}` });
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    tell(
      needed
        ? problem('go', error)
        : { subject: 'go', status: 'note', text: 'not found or too old; only `orrery sandbox` needs it' },
    );
  }
}

function findingText({ subject, status, text, fix }: Finding, { screen }: VerbContext): string {
  const { paint } = screen;
  const sign = status === 'ok' ? paint.green('✔') : status === 'problem' ? paint.red('✖') : paint.dim('·');
  const advice =
    fix === undefined
      ? ''
      : `\n${manyLines(fix)
          .trimEnd()
          .split('\n')
          .map((line) => paint.cyan(`    ${line}`))
          .join('\n')}`;
  return `${sign} ${paint.bold(oneLine(subject))}  ${oneLine(text)}${advice}\n`;
}
