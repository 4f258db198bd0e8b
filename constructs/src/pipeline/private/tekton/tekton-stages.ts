import { isLabelValue } from '../../../private/names';
import { present } from '../../../private/present-members';
import type { EnvVar, ParamSpec, PipelineTask, TaskSpec } from '../../../private/tekton/objects';
import type { TektonBackendProps } from '../../tekton-backend-props';
import type {
  AgentTree,
  CallTree,
  ConditionTree,
  EnvironmentTree,
  InputTree,
  MatrixTree,
  PostTree,
  StageTree,
  StepTree,
} from '../tree';
import { directly, STANDARD, type Variables, type When } from './tekton-conditions';
import { lastOfEach, StepTranslation, type TaskSteps } from './tekton-steps';
import { carried, environmentValue, literalText, type Reports, slug, untouched } from './tekton-text';

/** A task of the pipeline with where it stands in it. */
export interface PlacedTask {
  readonly place: PipelineTask;
  /** Name and content of its Task; absent for an approval. */
  readonly task?: { readonly name: string; readonly spec: TaskSpec };
  /** Agent of its own. */
  readonly agent?: AgentTree;
}

/** What stages have from those around them. */
interface Scope {
  readonly agent: AgentTree;
  readonly ownAgent: boolean;
  readonly environment: readonly EnvironmentTree[];
  readonly when: readonly ConditionTree[];
  /** Values of axes of a matrix that is written out. */
  readonly cell: ReadonlyMap<string, string>;
  /** Axes that Tekton itself runs through. */
  readonly axes: readonly string[];
  readonly suffix: string;
  /** Shortest time of a stage around it, in seconds. */
  readonly timeout?: number;
}

export const RUN_PARAMS: readonly string[] = [...new Set(Object.values(STANDARD))];

/** The variables that every step has: those of Jenkins, from params of the run. */
const BASE: readonly EnvVar[] = Object.entries(STANDARD).map(([name, param]) => ({
  name,
  value: `$(params.${param})`,
}));

/** Name of the place that fetches the sources and works out what the others wait for. */
export const PREPARE = 'prepare';

/** Puts the stages of a pipeline into order, as tasks. */
export class StageTranslation {
  public readonly tasks: PlacedTask[] = [];
  /** What runs at the end. */
  public readonly last: PlacedTask[] = [];
  /** Conditions that a shell works out, by the name of the result that says so. */
  public readonly gates = new Map<string, ConditionTree>();
  public usesArtifacts = false;
  private readonly names = new Set<string>([PREPARE]);

  public constructor(
    private readonly pipelineName: string,
    private readonly parameters: readonly string[],
    private readonly hasSource: boolean,
    private readonly props: TektonBackendProps,
    private readonly reports: Reports,
  ) {}

  /** @param after tasks that come before */
  public of(
    stages: readonly StageTree[],
    agent: AgentTree,
    environment: readonly EnvironmentTree[],
    after: readonly string[],
  ): void {
    const scope: Scope = { agent, ownAgent: false, environment, when: [], cell: new Map(), axes: [], suffix: '' };
    this.sequence(stages, scope, after);
  }

  /** What runs after all stages. */
  public after(posts: readonly PostTree[], agent: AgentTree, environment: readonly EnvironmentTree[]): void {
    const scope: Scope = { agent, ownAgent: false, environment, when: [], cell: new Map(), axes: [], suffix: '' };
    for (const { condition, steps } of posts) {
      const when = WHOLE[condition];
      this.atEnd(
        `post-${slug(condition)}`,
        steps,
        scope,
        when === undefined ? [] : [{ input: '$(tasks.status)', operator: 'in', values: when }],
      );
    }
  }

  /** What a condition is about, beside params. */
  public variables(scope: Pick<Scope, 'environment' | 'cell'>): Variables {
    const constants = new Map<string, string>(scope.cell);
    for (const { name, value } of scope.environment) {
      const text = value.kind === 'credentials' ? undefined : literalText(value);
      if (text === undefined) constants.delete(name);
      else constants.set(name, text);
    }
    return { constants, params: new Set(this.parameters) };
  }

  private sequence(stages: readonly StageTree[], scope: Scope, after: readonly string[]): readonly string[] {
    return stages.reduce((before, stage) => this.stage(stage, scope, before), after);
  }

  private stage(stage: StageTree, outer: Scope, after: readonly string[]): readonly string[] {
    const [scope, before] = this.entered(stage, stage.name, outer, after);
    const { body } = stage;
    switch (body.kind) {
      case 'steps':
        return this.steps(stage, body.steps, scope, before);
      case 'stages':
        return this.sequence(body.stages, scope, before);
      case 'parallel':
        return body.stages.flatMap((child) => this.stage(child, scope, before));
      case 'matrix':
        return this.matrix(stage.name, body.matrix, scope, before);
      case 'branches':
        return before;
    }
  }

  /** The scope inside a stage, and what comes before its first task: an approval, if it has a question. */
  private entered(
    stage: StageTree | MatrixTree,
    name: string,
    outer: Scope,
    after: readonly string[],
  ): readonly [Scope, readonly string[]] {
    const scope: Scope = {
      ...outer,
      ...(stage.agent === undefined ? {} : { agent: stage.agent, ownAgent: true }),
      environment: [...outer.environment, ...stage.environment],
      when: [...outer.when, ...(stage.when?.conditions ?? [])],
      ...shorter(outer.timeout, timeoutOf(stage.options)),
    };
    if (stage.input === undefined) return [scope, after];
    // Without beforeInput Jenkins asks first, and looks at the conditions then.
    const when = this.when(stage.when?.beforeInput === true ? scope : outer);
    return [scope, [this.approval(`approve-${slug(name, 30)}${outer.suffix}`, questionOf(stage.input), when, after)]];
  }

  private approval(name: string, question: Question, when: readonly When[], after: readonly string[]): string {
    const own = this.nameFor(name);
    const approvers = question.submitters.map((one) => untouched(one, 'the name of who approves', this.reports));
    if (approvers.length === 0)
      this.reports.report('ORR2011', 'an approval names nobody who may give it.', 'Name submitters.');
    this.tasks.push({
      place: present<PipelineTask>({
        name: own,
        taskRef: { apiVersion: 'openshift-pipelines.org/v1alpha1', kind: 'ApprovalTask' },
        runAfter: after.length === 0 ? undefined : after,
        when: when.length === 0 ? undefined : when,
        params: [
          { name: 'approvers', value: approvers },
          { name: 'numberOfApprovalsRequired', value: '1' },
          { name: 'description', value: untouched(question.message, 'the message of an approval', this.reports) },
        ],
      }),
    });
    return own;
  }

  private steps(
    stage: StageTree,
    steps: readonly StepTree[],
    scope: Scope,
    after: readonly string[],
  ): readonly string[] {
    const [only] = steps;
    if (only?.kind === 'approval' && steps.length === 1) {
      return [this.approval(slug(stage.name) + scope.suffix, only, this.when(scope), after)];
    }
    const success = stage.post.filter(({ condition }) => condition === 'success').flatMap((post) => post.steps);
    const own = this.nameFor(slug(stage.name) + scope.suffix);
    const translated = this.translated([...steps, ...success], scope);
    const settings = settingsOf(stage.options, steps, scope.timeout);
    const hasMatrix = scope.axes.length > 0;
    this.tasks.push({
      ...this.task(own, stage.name, translated, scope, {
        runAfter: after.length === 0 ? undefined : after,
        when: this.when(scope),
        retries: settings.retries,
        timeout: settings.timeout,
      }),
      ...(scope.ownAgent ? { agent: scope.agent } : {}),
    });
    for (const { condition, steps: more } of stage.post.filter((post) => post.condition !== 'success')) {
      const values = PART[condition];
      const when: When =
        values === undefined
          ? { input: `$(tasks.${own}.status)`, operator: 'notin', values: ['None'] }
          : { input: `$(tasks.${own}.status)`, operator: 'in', values };
      if (hasMatrix)
        this.reports.report(
          'ORR2012',
          `stage "${stage.name}" has steps afterwards for each value of a matrix.`,
          'Do them after the whole pipeline.',
        );
      this.atEnd(`post-${slug(stage.name, 24)}-${slug(condition)}${scope.suffix}`, more, scope, [when]);
    }
    return [own];
  }

  private atEnd(name: string, steps: readonly StepTree[], scope: Scope, when: readonly When[]): void {
    const own = this.nameFor(name);
    const translated = this.translated(steps, scope);
    if (translated.steps.length === 0) return;
    this.last.push(
      this.task(
        own,
        name,
        translated,
        scope,
        { when, retries: undefined, timeout: undefined, runAfter: undefined },
        true,
      ),
    );
  }

  private translated(steps: readonly StepTree[], scope: Scope): TaskSteps {
    const environment = scope.environment.flatMap(({ name, value }): EnvVar[] =>
      value.kind === 'credentials'
        ? []
        : [{ name, value: environmentValue(value, `variable "${name}"`, this.reports) }],
    );
    const cell = [...scope.cell].map(([name, value]) => ({
      name,
      value: environmentValue({ kind: 'literal', value }, `axis "${name}"`, this.reports),
    }));
    const named = [...this.parameters, ...scope.axes].map((name) => ({ name, value: `$(params.${name})` }));
    const own = [
      { name: 'JOB_NAME', value: this.pipelineName },
      { name: 'WORKSPACE', value: '$(workspaces.source.path)' },
    ];
    const base = lastOfEach([...BASE, ...own, ...named, ...cell]);
    const translated = new StepTranslation({ agent: scope.agent, base, environment }, this.props, this.reports).of(
      steps,
    );
    this.usesArtifacts ||= translated.usesArtifacts;
    return translated;
  }

  private task(
    own: string,
    description: string,
    { steps, volumes, usesArtifacts }: TaskSteps,
    scope: Scope,
    settings: {
      readonly runAfter: readonly string[] | undefined;
      readonly when: readonly When[];
      readonly retries: number | undefined;
      readonly timeout: string | undefined;
    },
    isLast = false,
  ): PlacedTask {
    const name = `${this.pipelineName}-${own}`;
    if (!isLabelValue(name))
      this.reports.report(
        'ORR2003',
        `"${name}" is too long for the name of a task.`,
        'Shorten the name of the pipeline or stage.',
      );
    const params: ParamSpec[] = [...RUN_PARAMS, ...this.parameters, ...scope.axes].map((param) => ({
      name: param,
      type: 'string',
    }));
    const workspaces = ['source', ...(usesArtifacts ? ['artifacts'] : [])];
    const matrix = scope.axes.length === 0 ? undefined : this.combinations;
    return {
      place: present<PipelineTask>({
        name: own,
        taskRef: { kind: 'Task', name },
        runAfter: settings.runAfter,
        when: settings.when.length === 0 ? undefined : settings.when,
        params: [...RUN_PARAMS, ...this.parameters].map((param) => ({
          name: param,
          value: this.valueFor(param, isLast),
        })),
        matrix: matrix === undefined ? undefined : { include: matrix },
        workspaces: workspaces.map((workspace) => ({ name: workspace, workspace })),
        retries: settings.retries,
        timeout: settings.timeout,
      }),
      task: {
        name,
        spec: present<TaskSpec>({
          description: untouched(description, 'the name of a stage', this.reports),
          params,
          workspaces: workspaces.map((workspace) => ({ name: workspace })),
          steps,
          volumes: volumes.length === 0 ? undefined : volumes,
        }),
      },
    };
  }

  /** Of the commit that was fetched every stage knows; what runs at the end must not wait for it, because it may never come. */
  private valueFor(param: string, isLast: boolean): string {
    if (param === 'run-name') return '$(context.pipelineRun.name)';
    if (param === 'run-url') return `${this.dashboard()}$(context.pipelineRun.name)`;
    if (param === 'git-commit')
      return this.hasSource && !isLast ? `$(tasks.${PREPARE}.results.commit)` : '$(params.git-revision)';
    return `$(params.${param})`;
  }

  private dashboard(): string {
    const { dashboardUrl, namespaceName } = this.props;
    if (dashboardUrl === undefined) return '';
    return `${untouched(dashboardUrl, 'dashboardUrl', this.reports).replace(/\/$/, '')}/#/namespaces/${namespaceName}/pipelineruns/`;
  }

  private when(scope: Scope): When[] {
    const variables = this.variables(scope);
    return scope.when.flatMap((condition) => {
      const own = directly(condition, variables, this.reports);
      if (own !== undefined) return own;
      const result = `when-${this.gates.size + 1}`;
      this.gates.set(result, condition);
      this.gateScopes.set(result, variables);
      return [{ input: `$(tasks.${PREPARE}.results.${result})`, operator: 'in', values: ['true'] }];
    });
  }

  /** What the conditions of `gates` are about. */
  public readonly gateScopes = new Map<string, Variables>();
  private combinations: NonNullable<PipelineTask['matrix']>['include'];

  private matrix(name: string, matrix: MatrixTree, outer: Scope, after: readonly string[]): readonly string[] {
    const cells = cellsOf(matrix);
    if (cells.length === 0) {
      this.reports.report('ORR2012', `matrix "${name}" leaves out every combination.`, 'Leave one in.');
      return after;
    }
    const [only] = matrix.stages;
    const axes = matrix.axes.map((axis) => axis.name);
    const isPlain =
      matrix.stages.length === 1 &&
      only?.body.kind === 'steps' &&
      only.input === undefined &&
      matrix.input === undefined &&
      only.post.length === 0 &&
      only.when === undefined &&
      matrix.when === undefined &&
      only.body.steps[0]?.kind !== 'approval';
    if (isPlain && cells.length <= 256 && axes.every((axis) => !this.parameters.includes(axis))) {
      for (const cell of cells) {
        for (const [axis, value] of cell) carried(value, `axis "${axis}"`, this.reports);
      }
      this.combinations = cells.map((cell) => ({ params: [...cell].map(([axis, value]) => ({ name: axis, value })) }));
      const [scope] = this.entered(matrix, name, outer, after);
      return this.stage(only as StageTree, { ...scope, axes }, after);
    }
    return cells.flatMap((cell) => {
      const suffix = `${outer.suffix}-${slug([...cell.values()].join('-'), 16)}`;
      const inner: Scope = { ...outer, cell: new Map([...outer.cell, ...cell]), suffix };
      const [scope, before] = this.entered(matrix, name, inner, after);
      return this.sequence(matrix.stages, scope, before);
    });
  }

  private nameFor(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.names.has(name); count += 1) name = `${wanted}-${count}`;
    this.names.add(name);
    return name;
  }
}

/** States of all tasks together, by what Jenkins calls them (docs/pipelines.md: aggregate status). */
const WHOLE: { readonly [condition: string]: readonly string[] } = {
  success: ['Succeeded', 'Completed'],
  failure: ['Failed'],
  unsuccessful: ['Failed'],
};
/** States of one task. */
const PART: { readonly [condition: string]: readonly string[] } = {
  failure: ['Failed'],
  unsuccessful: ['Failed'],
};

interface Question {
  readonly message: string;
  readonly submitters: readonly string[];
}

function questionOf({ message, submitter }: InputTree): Question {
  const names = (literalText(submitter) ?? '').split(',').map((one) => one.trim());
  return { message: literalText(message) ?? '', submitters: names.filter((one) => one !== '') };
}

/** The combinations of a matrix, in the order of its axes. */
function cellsOf({ axes, excludes }: MatrixTree): Map<string, string>[] {
  let cells: Map<string, string>[] = [new Map()];
  for (const { name, values } of axes)
    cells = cells.flatMap((cell) => values.map((value) => new Map([...cell, [name, value]])));
  const isOut = (cell: ReadonlyMap<string, string>) =>
    excludes.some(
      (exclude) =>
        exclude.length > 0 &&
        exclude.every(({ name, values, isInverse = false }) => values.includes(cell.get(name) ?? '') !== isInverse),
    );
  return cells.filter((cell) => !isOut(cell));
}

/** Timeout and retries of a stage. */
function settingsOf(
  options: readonly CallTree[],
  steps: readonly StepTree[],
  seconds: number | undefined,
): { readonly retries?: number; readonly timeout?: string } {
  const [only] = steps;
  const retry = options.find(({ name }) => name === 'retry');
  const own = retry?.arguments.kind === 'positional' ? Number(literalText(retry.arguments.values[0])) : 1;
  const count = own * (steps.length === 1 && only?.kind === 'retry' ? only.count : 1);
  return {
    ...(count > 1 ? { retries: count - 1 } : {}),
    ...(seconds === undefined ? {} : { timeout: `${seconds}s` }),
  };
}

/** Tekton has no time for stages together: each task inside may take so long. */
function shorter(outer: number | undefined, own: number | undefined): { readonly timeout?: number } {
  const known = [outer, own].filter((one) => one !== undefined);
  return known.length === 0 ? {} : { timeout: Math.min(...known) };
}

const UNITS: { readonly [unit: string]: number } = { SECONDS: 1, MINUTES: 60, HOURS: 3600, DAYS: 86_400 };

/** Seconds of the option `timeout`. */
export function timeoutOf(options: readonly CallTree[]): number | undefined {
  const given = options.find(({ name }) => name === 'timeout')?.arguments;
  if (given?.kind !== 'named') return undefined;
  const text = (name: string) => literalText(given.values.find((one) => one.name === name)?.value);
  return Number(text('time') ?? 0) * (UNITS[text('unit') ?? 'MINUTES'] ?? 60);
}
