import { groovyLiteral, quoted } from './groovy-literals';
import { hasMovableLines, isSingleText } from './groovy-scan';
import {
  type AgentModel,
  type AxisModel,
  type CallArgument,
  type CallModel,
  type ConditionalScopeModel,
  type ConditionModel,
  type EnvironmentModel,
  isNamed,
  isRaw,
  type MapArgument,
  type MatrixModel,
  type NamedRaw,
  type PipelineModel,
  type PostModel,
  type RawValue,
  type StageModel,
  type StepArguments,
  type StepModel,
} from './jenkins-model';
import { soleParameterOf } from './step-catalog';
import { argumentName } from './value-lowering';

/** A Jenkinsfile, as a person writes it: four blanks a level, sections in the order of the handbook. */
export function jenkinsfile(model: PipelineModel): string {
  const { agent, libraries, parameters, triggers, stages } = model;
  return lines(
    block('pipeline', [
      ...agentLines(agent),
      ...section('libraries', libraries?.libraries, (library) => [`lib(${rawText(library)})`]),
      ...environmentLines(model.environment),
      ...toolLines(model.tools),
      ...section('parameters', parameters?.parameters, (parameter) => [callText(parameter)]),
      ...section('options', model.options?.options, (option) => [callText(option)]),
      ...section('triggers', triggers?.triggers, (trigger) => [callText(trigger)]),
      ...block('stages', stages.flatMap(stageLines)),
      ...postLines(model.post),
    ]),
  );
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

/**
 * Goes one level in. A line of ours may hold a text over several lines, in which blanks would count: only its first is moved. Source of Groovy that
 * people wrote comes line by line.
 */
function indented(all: readonly string[]): string[] {
  return all.map((line) => (line === '' ? '' : `    ${line}`));
}

function block(head: string, body: readonly string[]): string[] {
  return [`${head} {`, ...indented(body), '}'];
}

function section<T>(name: string, items: readonly T[] | undefined, render: (item: T) => readonly string[]): string[] {
  return items === undefined ? [] : block(name, items.flatMap(render));
}

/** The value as source: what is no literal is source already. */
function rawText({ isLiteral, value }: RawValue): string {
  if (isLiteral) return groovyLiteral(value);
  const source = String(value);
  return source.startsWith('${') && source.endsWith('}') ? source.slice(2, -1) : source;
}

function agentLines({ type, argument, arguments: settings }: AgentModel): string[] {
  if (argument !== undefined) return block('agent', [commandText(type, argument)]);
  if (settings !== undefined) return block('agent', block(type, settings.flatMap(mapLines)));
  return type === 'any' || type === 'none' ? [`agent ${type}`] : block('agent', [type]);
}

function mapLines({ key, value }: MapArgument): string[] {
  return 'isLiteral' in value ? [commandText(key, value)] : block(key, value.flatMap(mapLines));
}

function environmentLines(variables: readonly EnvironmentModel[] | undefined): string[] {
  return section('environment', variables, ({ key, value }) => {
    if (!('name' in value)) return [`${key} = ${rawText(value)}`];
    return [`${key} = ${value.name}(${value.arguments.map(rawText).join(', ')})`];
  });
}

function toolLines(tools: readonly NamedRaw[] | undefined): string[] {
  return section('tools', tools, ({ key, value }) => [commandText(key, value)]);
}

function callText({ name, arguments: given }: CallModel): string {
  return `${name}(${given.map(callArgumentText).join(', ')})`;
}

function callArgumentText(argument: CallArgument): string {
  if (isNamed(argument)) return `${argumentName(argument.key)}: ${callArgumentText(argument.value)}`;
  return isRaw(argument) ? rawText(argument) : callText(argument);
}

function postLines(post: PostModel | undefined): string[] {
  return section('post', post?.conditions, ({ condition, branch }) => block(condition, stepLines(branch.steps)));
}

function scopeLines(scope: ConditionalScopeModel): string[] {
  return [
    ...(scope.agent === undefined ? [] : agentLines(scope.agent)),
    ...whenLines(scope),
    ...inputLines(scope),
    ...environmentLines(scope.environment),
    ...toolLines(scope.tools),
    ...section('options', scope.options?.options, (option) => [callText(option)]),
  ];
}

function stageLines(stage: StageModel): string[] {
  const { name, failFast, branches, stages, parallel, matrix, post } = stage;
  return block(`stage(${quoted(name)})`, [
    ...scopeLines(stage),
    // The step `parallel` has failFast among its arguments; where nothing runs at a time Jenkins leaves it out.
    ...(failFast === undefined || (parallel ?? matrix) === undefined ? [] : [`failFast ${failFast}`]),
    ...(branches === undefined ? [] : branchLines(branches, failFast)),
    ...(stages === undefined ? [] : block('stages', stages.flatMap(stageLines))),
    ...(parallel === undefined ? [] : block('parallel', parallel.flatMap(stageLines))),
    ...(matrix === undefined ? [] : matrixLines(matrix)),
    ...postLines(post),
  ]);
}

/** One branch is just its steps; several are those of the step `parallel`. */
function branchLines(branches: NonNullable<StageModel['branches']>, failFast: boolean | undefined): string[] {
  if (branches.length < 2) return block('steps', stepLines(branches[0]?.steps ?? []));
  const parts = branches.map(({ name, steps }) => block(`${argumentName(name)}:`, stepLines(steps)));
  if (failFast !== undefined) parts.push([`failFast: ${failFast}`]);
  const separated = parts.flatMap((part, index) => (index === parts.length - 1 ? part : withComma(part)));
  return block('steps', ['parallel(', ...indented(separated), ')']);
}

function withComma(part: readonly string[]): string[] {
  return part.map((line, index) => (index === part.length - 1 ? `${line},` : line));
}

function matrixLines(matrix: MatrixModel): string[] {
  return block('matrix', [
    ...block('axes', matrix.axes.flatMap(axisLines)),
    ...section('excludes', matrix.excludes, (axes) => block('exclude', axes.flatMap(axisLines))),
    ...scopeLines(matrix),
    ...block('stages', matrix.stages.flatMap(stageLines)),
    ...postLines(matrix.post),
  ]);
}

function axisLines({ name, values, inverse }: AxisModel): string[] {
  const list = values.map(rawText).join(', ');
  return block('axis', [`name ${quoted(name)}`, `${inverse === true ? 'notValues' : 'values'} ${list}`]);
}

function whenLines({ when }: ConditionalScopeModel): string[] {
  if (when === undefined) return [];
  const flags = (['beforeAgent', 'beforeInput', 'beforeOptions'] as const).flatMap((name) =>
    when[name] === undefined ? [] : [`${name} ${when[name]}`],
  );
  return block('when', [...flags, ...when.conditions.flatMap(conditionLines)]);
}

function conditionLines({ name, arguments: given, children }: ConditionModel): string[] {
  if (children !== undefined) return block(name, children.flatMap(conditionLines));
  const code = codeOf(given);
  if (code !== undefined && name === 'expression') return codeBlock(name, code);
  return [callStatement(name, given)];
}

function inputLines({ input }: ConditionalScopeModel): string[] {
  if (input === undefined) return [];
  const fields = (['message', 'id', 'ok', 'submitter', 'submitterParameter'] as const).flatMap((name) => {
    const value = input[name];
    return value === undefined ? [] : [commandText(name, value)];
  });
  const parameters = section('parameters', input.parameters?.parameters, (parameter) => [callText(parameter)]);
  return block('input', [...fields, ...parameters]);
}

function stepLines(steps: readonly StepModel[]): string[] {
  return steps.flatMap(({ name, arguments: given, children }) => {
    const code = codeOf(given);
    if (code !== undefined && name === 'script') return codeBlock(name, code);
    if (children === undefined) return [callStatement(name, given)];
    const text = argumentsText(given);
    return block(text === '' ? name : `${name}(${text})`, stepLines(children));
  });
}

/** The Groovy of `script` and `expression`. */
function codeOf(given: StepArguments | undefined): string | undefined {
  if (!Array.isArray(given) || given.length !== 1) return undefined;
  const [only] = given as readonly (NamedRaw | RawValue)[];
  return only !== undefined && 'key' in only && only.key === 'scriptBlock' ? String(only.value.value) : undefined;
}

/** Groovy of a person between braces: on one line where it is one, else moved to where it stands, if no text of it goes over lines. */
function codeBlock(name: string, code: string): string[] {
  if (!code.includes('\n') && !code.includes('//')) return [`${name} { ${code} }`];
  return block(name, hasMovableLines(code) ? movedLines(code) : [code]);
}

/** Lines without the blanks that all but the first begin with: the first stood behind a brace. */
function movedLines(code: string): string[] {
  const [first = '', ...rest] = code.split('\n');
  const blanks = rest.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  // A block that was read ends where its own last line does, which stands as deep as its first.
  const common = blanks.length === 0 ? 0 : Math.min(...blanks);
  return [first, ...rest.map((line) => line.slice(common).trimEnd())];
}

function callStatement(name: string, given: StepArguments | undefined): string {
  const sole = soleValue(name, given);
  return sole === undefined ? `${name}(${argumentsText(given)})` : commandText(name, sole);
}

/**
 * A name with one value, without parentheses where a person would leave them out. Behind a bare name Groovy would take "-1" for a difference, "[1]" for an index, and "a b" for
 * a call of its own.
 */
function commandText(name: string, value: RawValue): string {
  const text = rawText(value);
  const isPlain = value.isLiteral ? !text.startsWith('-') : isSingleText(text) || /^[A-Za-z_][\w.]*$/.test(text);
  return isPlain ? `${name} ${text}` : `${name}(${text})`;
}

/** The only argument, when it needs no name: it has none, or Jenkins knows which is meant. */
function soleValue(name: string, given: StepArguments | undefined): RawValue | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) return given as RawValue;
  if (given.length !== 1) return undefined;
  const [only] = given as readonly (NamedRaw | RawValue)[];
  if (only === undefined || !('key' in only)) return only;
  return soleParameterOf(name) === only.key ? only.value : undefined;
}

function argumentsText(given: StepArguments | undefined): string {
  if (given === undefined) return '';
  if (!Array.isArray(given)) return rawText(given as RawValue);
  return (given as readonly (NamedRaw | RawValue)[])
    .map((argument) =>
      'key' in argument ? `${argumentName(argument.key)}: ${rawText(argument.value)}` : rawText(argument),
    )
    .join(', ');
}
