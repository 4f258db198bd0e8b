import type { ParamSpec, TaskSpec } from './objects';
import type { Report } from './task-rules';
import { variablesOf } from './variables';

/** What variables in a pipeline may be about. */
export interface Scope {
  readonly params: ReadonlyMap<string, ParamSpec>;
  readonly tasks: ReadonlyMap<string, { readonly matrixed: boolean; readonly spec: TaskSpec | undefined }>;
  /** Names of the tasks of `finally`. */
  readonly last: ReadonlySet<string>;
}

/** What `$(context.…)` knows in a pipeline (pipeline_validation.go: validatePipelineContextVariables). */
const CONTEXT: { readonly [of: string]: readonly string[] } = {
  pipelineRun: ['name', 'namespace', 'uid'],
  pipeline: ['name'],
  pipelineTask: ['retries'],
};

/**
 * Variables in one text of a task in a pipeline (pipeline_validation.go: validatePipelineParametersVariables, validateExecutionStatusVariables,
 * validateTaskResultReferenceInFinallyTasks, validateResultsFromMatrixedPipelineTasksConsumed).
 */
export function checkPipelineText(text: string, field: string, isLast: boolean, scope: Scope, report: Report): void {
  for (const { text: whole, parts, index } of variablesOf(text)) {
    const [first, second = '', third = '', fourth = ''] = parts;
    const wrong = (what: string, fix: string) => report('ORR2011', `${field} has ${whole}: ${what}`, fix);
    if (first === 'params') {
      const rest = parts.slice(1).join('.');
      const param = scope.params.get(rest) ?? scope.params.get(second);
      if (param === undefined || (param.name !== rest && param.type !== 'object'))
        wrong('the pipeline has no such param.', 'Declare it in params.');
      else if (param.name !== rest && !Object.hasOwn(param.properties ?? {}, parts.slice(2).join('.')))
        wrong(`param "${param.name}" has no such property.`, 'Name one of its properties.');
      else if (param.type === 'array' && index === undefined)
        wrong('the param is a list.', `Write "$(params.${param.name}[*])".`);
      else if (param.type === 'array' && index === '*' && whole !== text)
        wrong('a whole list cannot stand in a text.', 'Let it stand alone.');
    } else if (first === 'context' && !(CONTEXT[second]?.includes(third) ?? false)) {
      wrong(
        'Tekton has no such variable in a pipeline.',
        'It has context.pipelineRun.name, .namespace, .uid, context.pipeline.name and context.pipelineTask.retries.',
      );
    } else if (first === 'tasks') {
      if (parts.length === 2 && second === 'status') {
        if (!isLast) wrong('the state of all tasks is known at the end.', 'Use it in finally.');
        continue;
      }
      const task = scope.tasks.get(second);
      if (scope.last.has(second)) {
        wrong('what runs at the end does not see others that do.', 'Use a result of a task.');
      } else if (task === undefined) {
        wrong('the pipeline has no such task.', 'Correct its name.');
      } else if (['status', 'reason', 'message'].includes(third) && parts.length === 3) {
        if (!isLast) wrong('the state of a task is known at the end.', 'Use it in finally.');
      } else if (third !== 'results') {
        wrong('a task has results and a status.', `Use "$(tasks.${second}.results.<name>)".`);
      } else {
        const names = (task.spec?.results ?? []).map(({ name }) => name);
        const result = parts.slice(3).join('.');
        if (task.spec !== undefined && !names.includes(result) && !names.includes(fourth))
          wrong(`task "${second}" has no result "${result}".`, `It has: ${names.join(', ') || 'none'}.`);
        if (task.matrixed && index !== '*')
          wrong(
            `task "${second}" runs once for each value of its matrix.`,
            'Take the results of all runs: end with "[*]".',
          );
      }
    } else if (['results', 'steps', 'step', 'workspaces'].includes(first as string) && first !== 'workspaces') {
      wrong('that is known inside a task only.', 'Use a result of the task: "$(tasks.<task>.results.<name>)".');
    }
  }
}
