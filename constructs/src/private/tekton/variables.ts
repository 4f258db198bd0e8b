import type { ParamValue } from './objects';

/** One `$(…)` of Tekton in a text. */
export interface Variable {
  /** As written, e.g. "$(params.image)". */
  readonly text: string;
  /** Its parts; what stands in brackets and quotes is one, e.g. ["params", "image"]. */
  readonly parts: readonly string[];
  /** "*", "0", … where it is an element or all elements of a list. */
  readonly index?: string;
}

/**
 * What the names of variables of Tekton begin with (tektoncd/pipeline docs/variables.md, pkg/reconciler/{pipelinerun,taskrun}/resources/apply.go), beside those of a
 * TriggerTemplate ("tt"). Any other `$(…)` is left as it is, above all the command substitution of a shell.
 */
const FIRST = [
  ...['params', 'inputs', 'outputs', 'results', 'workspaces', 'context', 'tasks', 'finally', 'step', 'steps'],
  ...['credentials', 'artifacts', 'resources', 'workspace', 'sidecars', 'tt'],
];
const NAME = '[_a-zA-Z][_a-zA-Z0-9.-]*';
const VARIABLE = new RegExp(
  `\\$\\((${FIRST.join('|')})((?:\\.[_a-zA-Z0-9-]+|\\["[^"\\]]*"\\]|\\['[^'\\]]*'\\])+)(?:\\[(\\d+|\\*)\\])?\\)`,
  'g',
);
const PART = /\.([_a-zA-Z0-9-]+)|\["([^"\]]*)"\]|\['([^'\]]*)'\]/g;

/** Broader than what Tekton replaces: what it might in another version, whatever stands behind. */
const RESERVED = new RegExp(`\\$\\((${FIRST.join('|')})[.[]`);

/** Whether a text has something that Tekton could take for a variable of its own. */
export function hasVariable(text: string): boolean {
  return RESERVED.test(text);
}

/** The variables of Tekton in a text. */
export function variablesOf(text: string): Variable[] {
  return [...text.matchAll(VARIABLE)].map(([whole, first = '', rest = '', index]) => ({
    text: whole,
    parts: [first, ...[...rest.matchAll(PART)].map(([, plain, double, single]) => plain ?? double ?? single ?? '')],
    ...(index === undefined ? {} : { index }),
  }));
}

/** The texts of a value. */
export function textsOf(value: ParamValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as readonly string[]) : Object.values(value);
}

/** The type that Tekton gives to a value. */
export function typeOf(value: ParamValue): string {
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'array' : 'object';
}

const PLAIN_NAME = new RegExp(`^${NAME}$`);
const OBJECT_NAME = /^[_a-zA-Z][_a-zA-Z0-9-]*$/;

/** Names of params (task_validation.go: stringAndArrayVariableNameFormat, objectVariableNameFormat). */
export function isParamName(name: string, type: string): boolean {
  return (type === 'object' ? OBJECT_NAME : PLAIN_NAME).test(name);
}

/** Names of results (result_validation.go: ResultNameFormat). */
export function isResultName(name: string): boolean {
  return /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name);
}
