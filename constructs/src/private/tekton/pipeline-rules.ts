import { isDnsLabel } from '../names';
import type { Finding } from '../service-validation';
import { type Duration, reportDuration } from './durations';
import type { Param, PipelineSpec, PipelineTask, TaskSpec } from './objects';
import { checkPipelineText, type Scope } from './pipeline-variables';
import { paramSpecFindings, type Report, reportTo, taskFindings, unique } from './task-rules';
import { textsOf, typeOf, variablesOf } from './variables';

/** Most runs of one task by its matrix (config/config-defaults.yaml: default-max-matrix-combinations-count). */
const MOST_COMBINATIONS = 256;

/**
 * What Tekton's admission would refuse of a pipeline (tektoncd/pipeline pkg/apis/pipeline/v1/pipeline_validation.go, when_validation.go, matrix_types.go), and what would fail only
 * when it runs: params and workspaces that a known task needs and does not get.
 * @param tasks tasks that are known beside those inside the pipeline, by name
 */
export function pipelineFindings(
  of: string,
  spec: PipelineSpec,
  tasks: ReadonlyMap<string, TaskSpec> = new Map(),
): Finding[] {
  const findings: Finding[] = [];
  const report = reportTo(findings, of);
  const { params = [], workspaces = [], finally: last = [], results = [] } = spec;
  if (spec.tasks.length === 0) report('ORR2011', 'it has no tasks.', 'Add one.');
  paramSpecFindings(params, report);
  unique(
    workspaces.map(({ name }) => name),
    'workspace',
    report,
  );
  if (workspaces.some(({ name }) => name === '')) report('ORR2003', 'a workspace has no name.', 'Name it.');
  unique(
    [...spec.tasks, ...last].map(({ name }) => name),
    'task',
    report,
  );
  const known = (task: PipelineTask) =>
    task.taskSpec ?? (task.taskRef?.kind === 'Task' ? tasks.get(task.taskRef.name ?? '') : undefined);
  const scope: Scope = {
    params: new Map(params.map((param) => [param.name, param])),
    tasks: new Map(spec.tasks.map((task) => [task.name, { matrixed: task.matrix !== undefined, spec: known(task) }])),
    last: new Set(last.map(({ name }) => name)),
  };
  const inside = new Set(workspaces.map(({ name }) => name));
  const optional = new Set(workspaces.filter((one) => one.optional === true).map(({ name }) => name));
  for (const task of [...spec.tasks, ...last]) {
    const inTask: Report = (code, what, fix) => report(code, `task "${task.name}": ${what}`, fix);
    const isLast = scope.last.has(task.name);
    checkReference(task, inTask);
    checkSettings(task, inTask);
    checkMatrix(task, inTask);
    for (const text of textsOfTask(task)) checkPipelineText(text.text, text.field, isLast, scope, inTask);
    checkWorkspaces(task, inside, inTask);
    if (task.taskSpec !== undefined) findings.push(...taskFindings(`${of}: task "${task.name}"`, task.taskSpec));
    const target = known(task);
    if (target !== undefined) checkCall(task, target, optional, inTask);
    if (isLast && (task.runAfter ?? []).length > 0)
      inTask('ORR2012', 'what runs at the end (finally) has no order.', 'Remove runAfter.');
  }
  checkGraph(spec.tasks, report);
  unique(
    results.map(({ name }) => name),
    'result',
    report,
  );
  for (const { name, value } of results) {
    const ofResult: Report = (code, what, fix) => report(code, `result "${name}": ${what}`, fix);
    const variables = textsOf(value).flatMap(variablesOf);
    if (!variables.some(({ parts }) => ['tasks', 'finally'].includes(parts[0] as string) && parts[2] === 'results'))
      ofResult('ORR2011', 'it names no result of a task.', 'Use "$(tasks.<task>.results.<result>)".');
    for (const { parts, text } of variables) {
      const [first, task = ''] = parts;
      if ((first === 'tasks' && !scope.tasks.has(task)) || (first === 'finally' && !scope.last.has(task)))
        ofResult('ORR2011', `${text} is about no task of the pipeline.`, 'Correct its name.');
    }
  }
  return findings;
}

/** validateRefOrSpec, validateTask, validateCustomTask. */
function checkReference({ name, taskRef, taskSpec }: PipelineTask, report: Report): void {
  if (!isDnsLabel(name)) report('ORR2003', `"${name}" is no name of a task in a pipeline.`, 'Use a DNS label.');
  if ((taskRef === undefined) === (taskSpec === undefined))
    report('ORR2012', 'a task is either written out or referred to.', 'Use one of taskRef and taskSpec.');
  if (taskRef === undefined) return;
  const { apiVersion, kind, name: target = '', resolver } = taskRef;
  const isCustom = apiVersion !== undefined || ![undefined, 'Task'].includes(kind);
  if (isCustom && (kind === undefined || apiVersion === undefined))
    report('ORR2011', 'a task of another kind needs its apiVersion and kind.', 'Give both.');
  if (!isCustom && resolver === undefined && target === '') report('ORR2011', 'it names no task.', 'Name it.');
  if (resolver !== undefined && target !== '') report('ORR2012', 'it names a task and a resolver.', 'Use one of them.');
}

function checkSettings({ retries, timeout, onError, when = [] }: PipelineTask, report: Report): void {
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0))
    report('ORR2011', `retries is ${retries}.`, 'Use a whole number from 0 on.');
  if (timeout !== undefined) reportDuration(timeout as Duration, 'timeout', report);
  if (onError !== undefined && !['continue', 'stopAndFail'].includes(onError))
    report('ORR2011', `onError is "${onError}".`, 'Use continue or stopAndFail.');
  if (onError === 'continue' && (retries ?? 0) > 0)
    report('ORR2012', 'it is retried and its failure is ignored.', 'Use retries, or onError continue.');
  for (const { operator = '', values = [], cel, input } of when) {
    if (cel !== undefined) {
      if (input !== undefined || operator !== '' || values.length > 0)
        report('ORR2012', 'a condition has CEL and a comparison.', 'Use one of them.');
      continue;
    }
    if (!['in', 'notin'].includes(operator))
      report('ORR2011', `a condition compares by "${operator}".`, 'Use in or notin.');
    if (values.length === 0) report('ORR2011', 'a condition has no values.', 'Name at least one.');
  }
}

/** matrix_types.go: validateCombinationsCount, validateParams, validateParameterInOneOfMatrixOrParams. */
function checkMatrix({ matrix, params = [] }: PipelineTask, report: Report): void {
  unique(
    params.map(({ name }) => name),
    'param',
    report,
  );
  if (matrix === undefined) return;
  const { params: axes = [], include = [] } = matrix;
  if (axes.length + include.length === 0) report('ORR2011', 'its matrix is empty.', 'Add a param.');
  unique(
    axes.map(({ name }) => name),
    'matrix param',
    report,
  );
  for (const { name, value } of axes) {
    if (typeOf(value) === 'object') report('ORR2011', `matrix param "${name}" is no list.`, 'Give a list.');
    else if (value.length === 0) report('ORR2011', `matrix param "${name}" is empty.`, 'Add a value.');
  }
  for (const { params: more = [] } of include) {
    unique(
      more.map(({ name }) => name),
      'param of an included combination',
      report,
    );
    for (const { name, value } of more) {
      if (typeof value !== 'string')
        report('ORR2011', `"${name}" of an included combination is no text.`, 'Give one text.');
    }
  }
  const names = new Set([...axes, ...include.flatMap((one) => one.params ?? [])].map(({ name }) => name));
  for (const { name } of params.filter((param) => names.has(param.name)))
    report('ORR2012', `"${name}" is a param and in the matrix.`, 'Leave it in one of them.');
  const count = combinations(axes, include);
  if (count > MOST_COMBINATIONS)
    report('ORR2011', `its matrix makes ${count} runs, and Tekton at most ${MOST_COMBINATIONS}.`, 'Make it smaller.');
}

/** A list that is a whole variable ("$(params.versions[*])") counts as one: how long it is is known when it runs. */
function combinations(axes: readonly Param[], include: readonly { readonly params?: readonly Param[] }[]): number {
  const lists = new Map(axes.map(({ name, value }) => [name, value as readonly string[]]));
  const product =
    axes.length === 0
      ? 0
      : axes.reduce((count, { value }) => count * Math.max(1, Array.isArray(value) ? value.length : 1), 1);
  const added = include.filter(({ params = [] }) =>
    axes.length === 0
      ? true
      : params.some(({ name, value }) => lists.has(name) && !lists.get(name)?.includes(value as string)),
  );
  return product + added.length;
}

function checkWorkspaces({ workspaces = [] }: PipelineTask, inside: ReadonlySet<string>, report: Report): void {
  unique(
    workspaces.map(({ name }) => name),
    'workspace',
    report,
  );
  for (const { name, workspace = name } of workspaces.filter((one) => !inside.has(one.workspace ?? one.name)))
    report(
      'ORR2012',
      `it takes workspace "${workspace}", which the pipeline does not have.`,
      'Add it to the pipeline.',
    );
}

/** What a task gets against what it declares: Tekton sees it when the pipeline runs (pkg/reconciler/taskrun/validate_taskrun.go). */
function checkCall(task: PipelineTask, target: TaskSpec, optional: ReadonlySet<string>, report: Report): void {
  const axes = new Set(
    [...(task.matrix?.params ?? []), ...(task.matrix?.include ?? []).flatMap((one) => one.params ?? [])].map(
      (one) => one.name,
    ),
  );
  const given = new Map((task.params ?? []).map(({ name, value }) => [name, value]));
  const declared = new Map((target.params ?? []).map((param) => [param.name, param]));
  for (const name of [...given.keys(), ...axes]) {
    if (!declared.has(name)) report('ORR2012', `it gives param "${name}", which the task does not have.`, 'Remove it.');
  }
  for (const { name, type = 'string', default: value } of declared.values()) {
    if (value === undefined && !given.has(name) && !axes.has(name))
      report('ORR2012', `the task needs param "${name}".`, 'Give it, or give it a default.');
    const own = given.get(name);
    const whole = typeof own === 'string' && variablesOf(own)[0]?.text === own;
    if (own !== undefined && typeOf(own) !== type && !whole)
      report('ORR2012', `param "${name}" is of type ${type}, its value of type ${typeOf(own)}.`, 'Make them the same.');
    if (axes.has(name) && type !== 'string')
      report('ORR2012', `param "${name}" is in the matrix and of type ${type}.`, 'Each run gets one text.');
  }
  const bound = new Map((task.workspaces ?? []).map(({ name, workspace = name }) => [name, workspace]));
  for (const name of bound.keys()) {
    if (!(target.workspaces ?? []).some((one) => one.name === name))
      report('ORR2012', `it binds workspace "${name}", which the task does not have.`, 'Remove it.');
  }
  for (const workspace of target.workspaces ?? []) {
    const from = bound.get(workspace.name);
    if (workspace.optional === true) continue;
    if (from === undefined) report('ORR2012', `the task needs workspace "${workspace.name}".`, 'Bind it.');
    else if (optional.has(from))
      report(
        'ORR2012',
        `the task needs workspace "${workspace.name}", and "${from}" is optional.`,
        'Make both optional.',
      );
  }
}

/** validateGraph: runAfter and results of other tasks make the order (pipeline_types.go: PipelineTask.Deps). */
function checkGraph(tasks: readonly PipelineTask[], report: Report): void {
  const names = new Set(tasks.map(({ name }) => name));
  const before = new Map<string, Set<string>>();
  for (const task of tasks) {
    const own = new Set(task.runAfter ?? []);
    for (const { text } of textsOfTask(task)) {
      for (const { parts } of variablesOf(text)) {
        if (parts[0] === 'tasks' && parts[2] === 'results') own.add(parts[1] as string);
      }
    }
    for (const name of task.runAfter ?? []) {
      if (!names.has(name)) {
        const fix = `The pipeline has: ${[...names].join(', ')}.`;
        report('ORR2012', `task "${task.name}" runs after "${name}", which is no task of the pipeline.`, fix);
      }
    }
    before.set(task.name, own);
  }
  const circle = circleIn(before);
  if (circle !== undefined)
    report('ORR2012', `its tasks wait for each other: ${circle.join(' → ')}.`, 'Remove one of the references.');
}

function circleIn(before: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    way.push(name);
    for (const next of before.get(name) ?? []) {
      const found = visit(next);
      if (found !== undefined) return found;
    }
    way.pop();
    done.add(name);
    return undefined;
  };
  for (const name of before.keys()) {
    const found = visit(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textsOfTask(task: PipelineTask): { readonly text: string; readonly field: string }[] {
  const ofParams = (field: string, params: readonly Param[] = []) =>
    params.flatMap(({ name, value }) => textsOf(value).map((text) => ({ field: `${field} "${name}"`, text })));
  return [
    ...ofParams('param', task.params),
    ...ofParams('matrix param', task.matrix?.params),
    ...(task.matrix?.include ?? []).flatMap(({ params }) => ofParams('matrix param', params)),
    ...(task.when ?? []).flatMap(({ input = '', values = [], cel = '' }) =>
      [input, ...values, cel].map((text) => ({ field: 'a condition', text })),
    ),
    ...(task.workspaces ?? []).flatMap(({ subPath = '' }) => ({ field: 'subPath', text: subPath })),
  ];
}
