import type { PipelineTask } from '../../../private/tekton/objects';
import { shellWord } from '../shell-words';
import type { ArgumentsTree, ConditionTree, ValueTree } from '../tree';
import { literalText, type Reports, untouched } from './tekton-text';

export type When = NonNullable<PipelineTask['when']>[number];

/** Variables of Jenkins, and the params that hold them in a run. */
export const STANDARD: { readonly [variable: string]: string } = {
  GIT_COMMIT: 'git-commit',
  GIT_URL: 'git-url',
  GIT_BRANCH: 'git-branch',
  BRANCH_NAME: 'git-branch',
  TAG_NAME: 'git-tag',
  CHANGE_ID: 'git-change',
  CHANGE_TARGET: 'git-change-target',
  BUILD_CAUSE: 'git-event',
  BUILD_ID: 'run-name',
  BUILD_TAG: 'run-name',
  BUILD_URL: 'run-url',
};

/** Events by what Jenkins calls the cause. */
const CAUSES: { readonly [cause: string]: readonly string[] } = {
  TimerTrigger: ['timer'],
  SCMTrigger: ['push', 'pull-request'],
  BranchEventCause: ['push', 'pull-request'],
  UserIdCause: [''],
};

/** Whether one variable has one of some values, or fits a pattern. */
type Atom =
  | { readonly kind: 'constant'; readonly holds: boolean }
  | {
      readonly kind: 'in';
      readonly variable: string;
      readonly input: string;
      readonly values: readonly string[];
      readonly not: boolean;
    }
  | { readonly kind: 'fits'; readonly variable: string; readonly regex: string };

/** What conditions may be about: the value of a variable where it is known, or the param that holds it. */
export interface Variables {
  readonly constants: ReadonlyMap<string, string>;
  /** Parameters of the pipeline. */
  readonly params: ReadonlySet<string>;
}

/** Conditions that Tekton can compare itself; undefined where a shell has to. */
export function directly(condition: ConditionTree, variables: Variables, reports: Reports): When[] | undefined {
  const { name, children } = condition;
  if (name === 'allOf') {
    const all = children.map((child) => directly(child, variables, reports));
    return all.some((one) => one === undefined) ? undefined : all.flatMap((one) => one as When[]);
  }
  if (name === 'anyOf') {
    const each = children.map((child) => directly(child, variables, reports));
    const only = each.map((one) => (one?.length === 1 ? one[0] : undefined));
    const [first] = only;
    if (first === undefined || only.some((one) => one?.operator !== 'in' || one.input !== first.input))
      return undefined;
    return [{ input: first.input as string, operator: 'in', values: only.flatMap((one) => one?.values ?? []) }];
  }
  if (name === 'not') {
    const inner = children[0] === undefined ? undefined : directly(children[0], variables, reports);
    const only = inner?.length === 1 ? inner[0] : undefined;
    return only === undefined ? undefined : [{ ...only, operator: only.operator === 'in' ? 'notin' : 'in' }];
  }
  const atoms = atomsOf(condition, variables, reports);
  if (atoms.some(({ kind }) => kind === 'fits')) return undefined;
  return atoms.flatMap((atom): When[] => {
    if (atom.kind === 'constant') return atom.holds ? [] : [{ input: 'false', operator: 'in', values: ['true'] }];
    if (atom.kind === 'fits') return [];
    const values = atom.values.map((value) => untouched(value, `condition "${name}"`, reports));
    return [{ input: atom.input, operator: atom.not ? 'notin' : 'in', values }];
  });
}

/** The condition as a command of a shell that succeeds where it holds. Variables are read from the environment. */
export function shellCondition(condition: ConditionTree, variables: Variables, reports: Reports): string {
  const { name, children } = condition;
  const parts = children.map((child) => shellCondition(child, variables, reports));
  if (name === 'allOf') return parts.length === 0 ? 'true' : `{ ${parts.join(' && ')}; }`;
  if (name === 'anyOf') return parts.length === 0 ? 'false' : `{ ${parts.join(' || ')}; }`;
  if (name === 'not') return `! ${parts[0] ?? 'true'}`;
  const atoms = atomsOf(condition, variables, reports).map((atom) => {
    if (atom.kind === 'constant') return String(atom.holds);
    if (atom.kind === 'fits') return `printf '%s\\n' "$${atom.variable}" | grep -Eqx ${shellWord(atom.regex)}`;
    const tests = atom.values.map((value) => `[ "$${atom.variable}" ${atom.not ? '!=' : '='} ${shellWord(value)} ]`);
    return tests.length === 1 ? (tests[0] as string) : `{ ${tests.join(atom.not ? ' && ' : ' || ')}; }`;
  });
  return atoms.length === 1 ? (atoms[0] as string) : `{ ${atoms.join(' && ') || 'true'}; }`;
}

function atomsOf({ name, arguments: given }: ConditionTree, variables: Variables, reports: Reports): Atom[] {
  switch (name) {
    case 'branch':
    case 'tag':
      return pattern(name === 'branch' ? 'BRANCH_NAME' : 'TAG_NAME', given, 'pattern');
    case 'buildingTag':
      return [isSet('TAG_NAME')];
    case 'changeRequest':
      return [isSet('CHANGE_ID'), ...(given.kind === 'named' ? pattern('CHANGE_TARGET', given, 'target') : [])];
    case 'environment':
      return [equal(textOf(given, 'name'), textOf(given, 'value'), variables, reports)];
    case 'equals':
      return [equals(argument(given, 'actual'), textOf(given, 'expected'), variables, reports)];
    case 'triggeredBy': {
      const cause = given.kind === 'positional' ? (literalText(given.values[0]) ?? '') : '';
      const values = CAUSES[cause];
      if (values === undefined)
        reports.report(
          'ORR2011',
          `no run on Tekton is started by "${cause}".`,
          `Use one of: ${Object.keys(CAUSES).join(', ')}.`,
        );
      return [
        { kind: 'in', variable: 'BUILD_CAUSE', input: '$(params.git-event)', values: values ?? [''], not: false },
      ];
    }
    default:
      return [];
  }
}

const isSet = (variable: string): Atom => ({
  kind: 'in',
  variable,
  input: `$(params.${STANDARD[variable]})`,
  values: [''],
  not: true,
});

function argument(given: ArgumentsTree, name: string): ValueTree | undefined {
  return given.kind === 'named' ? given.values.find((one) => one.name === name)?.value : undefined;
}

function textOf(given: ArgumentsTree, name: string): string {
  return literalText(argument(given, name)) ?? '';
}

function pattern(variable: string, given: ArgumentsTree, name: string): Atom[] {
  const value = given.kind === 'positional' ? given.values[0] : argument(given, name);
  if (value === undefined) return [];
  const text = literalText(value) ?? '';
  const isExact = textOf(given, 'comparator') === 'EQUALS' || !/[*?]/.test(text);
  const input = `$(params.${STANDARD[variable]})`;
  return [
    isExact
      ? { kind: 'in', variable, input, values: [text], not: false }
      : { kind: 'fits', variable, regex: antRegex(text) },
  ];
}

/** A pattern of Ant as extended regular expression: "*" is anything but "/", "**" anything. */
export function antRegex(text: string): string {
  return text
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replaceAll(/[.+^$(){}|[\]\\]/g, '\\$&');
    })
    .join('');
}

function equals(actual: ValueTree | undefined, expected: string, variables: Variables, reports: Reports): Atom {
  const text = literalText(actual);
  if (text !== undefined) return { kind: 'constant', holds: text === expected };
  const [only, ...others] = actual?.kind === 'template' ? actual.parts : [];
  if (only !== undefined && only.kind !== 'text' && others.length === 0)
    return equal(only.name, expected, variables, reports);
  reports.report(
    'ORR2011',
    'a condition compares more than one variable.',
    'Compare one variable or parameter with a text.',
  );
  return { kind: 'constant', holds: false };
}

function equal(variable: string, value: string, { constants, params }: Variables, reports: Reports): Atom {
  const constant = constants.get(variable);
  if (constant !== undefined) return { kind: 'constant', holds: constant === value };
  const param = params.has(variable) ? variable : Object.hasOwn(STANDARD, variable) ? STANDARD[variable] : undefined;
  if (param === undefined) {
    const what = `a condition is about variable "${variable}", whose value is not known before the stage begins.`;
    reports.report('ORR2011', what, 'Use a parameter, or a variable that the pipeline gives a text.');
    return { kind: 'constant', holds: false };
  }
  return { kind: 'in', variable, input: `$(params.${param})`, values: [value], not: false };
}
