import { isDnsLabel, isEnvName } from '../names';
import { saidTwice } from '../said-twice';
import type { Finding } from '../service-validation';
import { type Duration, reportDuration } from './durations';
import type { ParamSpec, Sidecar, Step, TaskSpec } from './objects';
import { isParamName, isResultName, typeOf, type Variable, variablesOf } from './variables';

export type Report = (code: Finding['code'], what: string, fix: string) => void;

/** Reports to a list, naming what is meant in front. */
export function reportTo(findings: Finding[], of: string): Report {
  return (code, what, fix) => findings.push({ code, what: `${of}: ${what}`, fix });
}

/**
 * What Tekton's admission would refuse of a task (tektoncd/pipeline pkg/apis/pipeline/v1/task_validation.go: TaskSpec.Validate,
 * ValidateUsageOfDeclaredParameters; result_validation.go), and beside it values that stand in the text of a script.
 * @param of what it is in messages, e.g. 'Task "build"'
 */
export function taskFindings(of: string, spec: TaskSpec): Finding[] {
  const findings: Finding[] = [];
  const report = reportTo(findings, of);
  if (spec.steps.length === 0) report('ORR2011', 'it has no steps.', 'Add one.');
  paramSpecFindings(spec.params ?? [], report);
  checkResults(spec, report);
  checkWorkspaces(spec, report);
  unique(spec.volumes?.map(({ name }) => name) ?? [], 'volume', report);
  unique(
    spec.steps.flatMap(({ name }) => name ?? []),
    'step',
    report,
  );
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  const known = knownIn(spec);
  spec.steps.forEach((step, at) => {
    const inStep: Report = (code, what, fix) => report(code, `step ${step.name ?? at + 1}: ${what}`, fix);
    checkStep(step, inStep);
    checkMounts(step, volumes, inStep);
    for (const { text, field } of textsOfStep(step)) checkVariables(text, field, known, inStep);
  });
  for (const sidecar of spec.sidecars ?? []) {
    const inSidecar: Report = (code, what, fix) => report(code, `sidecar ${sidecar.name ?? ''}: ${what}`, fix);
    checkMounts(sidecar, volumes, inSidecar);
    if (sidecar.name === 'tekton-log-results')
      inSidecar('ORR2003', 'the name is one of Tekton itself.', 'Use another one.');
    for (const { text, field } of textsOfStep(sidecar)) checkVariables(text, field, known, inSidecar);
  }
  return findings;
}

/** What is wrong with declared params, of a task or a pipeline (ParamSpec.ValidateType, ValidateNameFormat, ValidateNoDuplicateNames). */
export function paramSpecFindings(params: readonly ParamSpec[], report: Report): void {
  unique(
    params.map(({ name }) => name),
    'param',
    report,
  );
  for (const { name, type = 'string', default: value, properties } of params) {
    if (!isParamName(name, type)) {
      const fix = `Use letters, digits, "-" and "_"${type === 'object' ? '' : ', "."'}, starting with a letter or "_".`;
      report('ORR2003', `"${name}" is no name of a param.`, fix);
    }
    if (value !== undefined && typeOf(value) !== type)
      report(
        'ORR2012',
        `param "${name}" is of type ${type}, its default of type ${typeOf(value)}.`,
        'Make them the same.',
      );
    if (type === 'object' && properties === undefined)
      report('ORR2011', `param "${name}" is an object without properties.`, 'Name its properties.');
    if (type !== 'object' && properties !== undefined)
      report('ORR2012', `param "${name}" has properties and is of type ${type}.`, 'Only objects have some.');
    for (const key of Object.keys(properties ?? {})) {
      if (!isParamName(key, 'object'))
        report('ORR2003', `"${key}" of param "${name}" is no name of a property.`, 'Use letters, digits, "-" and "_".');
    }
    const given = value !== undefined && typeOf(value) === 'object' ? Object.keys(value) : [];
    for (const key of given.filter((one) => properties !== undefined && !Object.hasOwn(properties, one)))
      report(
        'ORR2012',
        `the default of param "${name}" has "${key}", which is no property of it.`,
        'Name it there, too.',
      );
  }
}

function checkResults({ results = [] }: TaskSpec, report: Report): void {
  unique(
    results.map(({ name }) => name),
    'result',
    report,
  );
  for (const { name, type = 'string', properties } of results) {
    if (!isResultName(name))
      report(
        'ORR2003',
        `"${name}" is no name of a result.`,
        'Use letters, digits, "-", "_" and ".", with a letter or digit at both ends.',
      );
    if (type === 'object' && properties === undefined)
      report('ORR2011', `result "${name}" is an object without properties.`, 'Name its properties.');
  }
}

/** task_validation.go: validateDeclaredWorkspaces. */
function checkWorkspaces({ workspaces = [], steps }: TaskSpec, report: Report): void {
  unique(
    workspaces.map(({ name }) => name),
    'workspace',
    report,
  );
  const taken = new Set(steps.flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => clean(mount.mountPath))));
  for (const { name, mountPath = `/workspace/${name}` } of workspaces) {
    if (name === '') report('ORR2003', 'a workspace has no name.', 'Name it.');
    const path = clean(mountPath);
    if (!path.startsWith('/'))
      report('ORR2011', `workspace "${name}" is mounted at "${mountPath}".`, 'Use an absolute path.');
    if (taken.has(path)) report('ORR2012', `two things are mounted at "${path}".`, 'Give each a path of its own.');
    taken.add(path);
  }
}

/** task_validation.go: validateStep. */
function checkStep(step: Step, report: Report): void {
  const { name, image, script, command, timeout, onError } = step;
  if (image === undefined || image === '') report('ORR2011', 'it has no image.', 'Set image.');
  if (name !== undefined && !isDnsLabel(name)) report('ORR2003', `"${name}" is no name of a step.`, 'Use a DNS label.');
  if (script !== undefined && command !== undefined)
    report('ORR2012', 'it has a script and a command.', 'Use one of them.');
  if (timeout !== undefined) reportDuration(timeout as Duration, 'timeout', report);
  if (onError !== undefined && !['continue', 'stopAndFail'].includes(onError))
    report('ORR2011', `onError is "${onError}".`, 'Use continue or stopAndFail.');
  for (const { name: env } of step.env ?? []) {
    if (!isEnvName(env)) report('ORR2003', `"${env}" is no name of a variable.`, 'Use letters, digits and "_".');
  }
  for (const variable of variablesOf(script ?? '')) {
    if (!FOREIGN.has(variable.parts[0] as string)) continue;
    const what = `its script has ${variable.text}, which Tekton replaces before the shell reads the text: a value with quotes in it becomes code.`;
    report('ORR2011', what, 'Give the value as an environment variable (env) or argument (args), and use that.');
  }
}

/** Variables whose values come from outside of the task. */
const FOREIGN: ReadonlySet<string> = new Set(['params', 'inputs', 'tasks', 'tt', 'steps', 'finally']);

function checkMounts({ volumeMounts = [] }: Step | Sidecar, volumes: ReadonlySet<string>, report: Report): void {
  for (const { name, mountPath } of volumeMounts) {
    if (mountPath.startsWith('/tekton/') && !mountPath.startsWith('/tekton/home'))
      report(
        'ORR2011',
        `volume "${name}" is mounted at "${mountPath}", where Tekton has its own.`,
        'Mount it elsewhere.',
      );
    if (name.startsWith('tekton-internal-'))
      report('ORR2003', `volume "${name}" has a name of Tekton itself.`, 'Use another one.');
    else if (!volumes.has(name))
      report('ORR2012', `it mounts volume "${name}", which the task does not have.`, 'Add it.');
  }
}

interface Text {
  readonly text: string;
  readonly field: string;
}

function textsOfStep(step: Step | Sidecar): Text[] {
  const one = (field: string, text: string | undefined): Text[] => (text === undefined ? [] : [{ field, text }]);
  return [
    ...one('name', step.name),
    ...one('image', step.image),
    ...one('script', step.script),
    ...('workingDir' in step ? one('workingDir', step.workingDir) : []),
    ...(step.command ?? []).map((text) => ({ field: 'command', text })),
    ...(step.args ?? []).map((text) => ({ field: 'args', text })),
    ...(step.env ?? []).flatMap(({ name, value }) => one(`env ${name}`, value)),
    ...(step.volumeMounts ?? []).flatMap(({ mountPath }) => one('mountPath', mountPath)),
  ];
}

interface Known {
  readonly params: ReadonlyMap<string, ParamSpec>;
  readonly results: ReadonlySet<string>;
  readonly workspaces: ReadonlySet<string>;
  readonly steps: ReadonlySet<string>;
}

function knownIn(spec: TaskSpec): Known {
  return {
    params: new Map((spec.params ?? []).map((param) => [param.name, param])),
    results: new Set((spec.results ?? []).map(({ name }) => name)),
    workspaces: new Set((spec.workspaces ?? []).map(({ name }) => name)),
    steps: new Set(spec.steps.flatMap(({ name }) => name ?? [])),
  };
}

/** What `$(context.…)` knows in a task (task_validation.go: validateTaskContextVariables). */
const CONTEXT: { readonly [of: string]: readonly string[] } = {
  taskRun: ['name', 'namespace', 'uid'],
  task: ['name', 'retry-count'],
};

/** Variables that the task does not have, and lists where one value belongs (validateVariables, validateArrayUsage, validateObjectUsage). */
function checkVariables(text: string, field: string, known: Known, report: Report): void {
  for (const variable of variablesOf(text)) {
    const [first, second = '', third = ''] = variable.parts;
    const unknown = (what: string, fix: string) => report('ORR2011', `${field} has ${variable.text}: ${what}`, fix);
    if (first === 'params') checkParam(variable, text, field, known, report);
    else if (first === 'results' && !hasName(known.results, variable.parts.slice(1)))
      unknown('the task has no such result.', 'Declare it in results.');
    else if (first === 'workspaces' && !known.workspaces.has(second))
      unknown('the task has no such workspace.', 'Declare it in workspaces.');
    else if (first === 'context' && !(CONTEXT[second]?.includes(third) ?? false))
      unknown(
        'Tekton has no such variable in a task.',
        'It has context.taskRun.name, .namespace, .uid, context.task.name and .retry-count.',
      );
    else if (first === 'steps' && !known.steps.has(second.replace(/^step-/, '')))
      unknown('the task has no such step.', 'Name the step.');
    else if (first === 'tasks' || first === 'finally' || first === 'tt')
      unknown('a task does not see that.', 'Hand it over as a param.');
  }
}

function checkParam(
  { text: whole, parts, index }: Variable,
  text: string,
  field: string,
  known: Known,
  report: Report,
) {
  const unknown = (what: string, fix: string) => report('ORR2011', `${field} has ${whole}: ${what}`, fix);
  const rest = parts.slice(1);
  const param = known.params.get(rest.join('.')) ?? known.params.get(rest[0] as string);
  if (param === undefined) {
    unknown('the task has no such param.', 'Declare it in params.');
    return;
  }
  const type = param.type ?? 'string';
  const key = param.name === rest.join('.') ? undefined : rest.slice(1).join('.');
  if (key !== undefined && type !== 'object') unknown('the task has no such param.', 'Declare it in params.');
  else if (key !== undefined && !Object.hasOwn(param.properties ?? {}, key))
    unknown(`param "${param.name}" has no property "${key}".`, 'Name one of its properties.');
  else if (type === 'object' && key === undefined)
    unknown('an object cannot stand in a text.', 'Use one of its properties.');
  else if (type === 'array' && (index === undefined || index === '*')) {
    const isolated = text === whole && ['command', 'args'].includes(field);
    if (!isolated)
      unknown('a list can only be a whole argument.', `Write "$(params.${param.name}[*])" alone in args or command.`);
  } else if (type === 'string' && index !== undefined)
    unknown(`param "${param.name}" is no list.`, 'Leave out the index.');
}

/** Names with dots may be followed by more: "$(results.a.b.path)" is about "a.b", where there is such a result. */
function hasName(names: ReadonlySet<string>, parts: readonly string[]): boolean {
  return parts.some((_, at) => names.has(parts.slice(0, at + 1).join('.')));
}

export function unique(names: readonly string[], kind: string, report: Report): void {
  for (const name of saidTwice(names))
    report('ORR2004', `there are two ${kind}s "${name}".`, 'Give one of them another name.');
}

/** As Go's filepath.Clean, for absolute paths. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
