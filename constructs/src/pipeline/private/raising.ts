import {
  type AgentModel,
  type AxisModel,
  type CallArgument,
  type CallModel,
  type ConditionalScopeModel,
  type ConditionModel,
  type EnvironmentModel,
  type InputModel,
  isNamed,
  isRaw,
  type MapArgument,
  type MatrixModel,
  type PipelineModel,
  type RawValue,
  type ScopeModel,
  type StageModel,
  type WhenModel,
} from './jenkins-model';
import { CONDITIONS } from './section-catalog';
import { argumentsTree, stepTrees, valueTreeOf, withFlags } from './step-raising';
import type {
  AgentTree,
  ArgumentsTree,
  AxisTree,
  CallTree,
  ConditionTree,
  EnvironmentTree,
  InputTree,
  MatrixTree,
  NamedValue,
  PipelineTree,
  StageBody,
  StageTree,
  ValueTree,
  WhenTree,
} from './tree';

/** The tree of Jenkins as ours. It has been found in order. */
export function pipelineTree(model: PipelineModel): PipelineTree {
  return {
    agent: agentTree(model.agent),
    libraries: (model.libraries?.libraries ?? []).map(({ value }) => String(value)),
    ...scopeTree(model),
    parameters: (model.parameters?.parameters ?? []).map(callTree),
    triggers: (model.triggers?.triggers ?? []).map(callTree),
    stages: model.stages.map(stageTree),
  };
}

function scopeTree(scope: ScopeModel): Pick<StageTree, 'environment' | 'tools' | 'options' | 'post'> {
  return {
    environment: (scope.environment ?? []).map(environmentTree),
    tools: (scope.tools ?? []).map(({ key, value }) => ({ type: key, version: valueTreeOf(value) })),
    options: (scope.options?.options ?? []).map(callTree),
    post: (scope.post?.conditions ?? []).map(({ condition, branch }) => ({
      condition,
      steps: stepTrees(branch.steps),
    })),
  };
}

function conditionalScope(scope: ConditionalScopeModel): Omit<StageTree, 'name' | 'body' | 'failFast'> {
  return {
    ...(scope.agent === undefined ? {} : { agent: agentTree(scope.agent) }),
    ...(scope.when === undefined ? {} : { when: whenTree(scope.when) }),
    ...(scope.input === undefined ? {} : { input: inputTree(scope.input) }),
    ...scopeTree(scope),
  };
}

function stageTree(stage: StageModel): StageTree {
  return {
    name: stage.name,
    ...conditionalScope(stage),
    ...(stage.failFast === undefined ? {} : { failFast: stage.failFast }),
    body: stageBody(stage),
  };
}

function stageBody({ branches = [], stages, parallel, matrix }: StageModel): StageBody {
  if (stages !== undefined) return { kind: 'stages', stages: stages.map(stageTree) };
  if (parallel !== undefined) return { kind: 'parallel', stages: parallel.map(stageTree) };
  if (matrix !== undefined) return { kind: 'matrix', matrix: matrixTree(matrix) };
  const [only, ...more] = branches;
  if (more.length === 0) return { kind: 'steps', steps: stepTrees(only?.steps ?? []) };
  return { kind: 'branches', branches: branches.map(({ name, steps }) => ({ name, steps: stepTrees(steps) })) };
}

function matrixTree(matrix: MatrixModel): MatrixTree {
  return {
    ...conditionalScope(matrix),
    axes: matrix.axes.map(axisTree),
    excludes: (matrix.excludes ?? []).map((axes) => axes.map(axisTree)),
    stages: matrix.stages.map(stageTree),
  };
}

function axisTree({ name, values, inverse }: AxisModel): AxisTree {
  return { name, values: values.map(({ value }) => String(value)), ...(inverse === true ? { isInverse: true } : {}) };
}

function agentTree({ type, argument, arguments: settings }: AgentModel): AgentTree {
  if (type === 'any' || type === 'none') return { kind: type };
  if (type === 'label' && argument !== undefined) return { kind: 'label', label: valueTreeOf(argument) };
  return {
    kind: 'other',
    // Jenkins calls a label with settings a node.
    type: type === 'label' ? 'node' : type,
    ...(argument === undefined ? {} : { argument: valueTreeOf(argument) }),
    ...(settings === undefined ? {} : { arguments: settings.map(settingTree) }),
  };
}

function settingTree({ key, value }: MapArgument): NamedValue {
  if ('isLiteral' in value) return { name: key, value: valueTreeOf(value as RawValue) };
  return { name: key, value: { kind: 'map', entries: (value as readonly MapArgument[]).map(settingTree) } };
}

function environmentTree({ key, value }: EnvironmentModel): EnvironmentTree {
  if (!('name' in value)) return { name: key, value: valueTreeOf(value) };
  const [only, ...more] = value.arguments;
  if (value.name === 'credentials' && only !== undefined && more.length === 0) {
    return { name: key, value: { kind: 'credentials', id: valueTreeOf(only) } };
  }
  const values = value.arguments.map(valueTreeOf);
  const call: CallTree = { kind: 'call', name: value.name, arguments: { kind: 'positional', values } };
  return { name: key, value: { kind: 'call', call } };
}

function callTree({ name, arguments: given }: CallModel): CallTree {
  return { kind: 'call', name, arguments: callArguments(given) };
}

function callArguments(given: readonly CallArgument[]): ArgumentsTree {
  if (given.length === 0) return { kind: 'none' };
  const named = given.flatMap((argument) =>
    isNamed(argument) ? [{ name: argument.key, value: callValue(argument.value) }] : [],
  );
  if (named.length > 0) return { kind: 'named', values: named };
  return {
    kind: 'positional',
    values: given.flatMap((argument) => (isNamed(argument) ? [] : [callValue(argument)])),
  };
}

function callValue(value: RawValue | CallModel): ValueTree {
  return isRaw(value) ? valueTreeOf(value) : { kind: 'call', call: callTree(value) };
}

function whenTree({ conditions, ...flags }: WhenModel): WhenTree {
  return { conditions: conditions.map(conditionTree), ...flags };
}

function conditionTree({ name, arguments: given, children = [] }: ConditionModel): ConditionTree {
  const list = withFlags(argumentsTree(given), CONDITIONS, name);
  const [code] = list.kind === 'none' ? [] : list.values;
  const value = code !== undefined && 'name' in code ? code.value : code;
  if (name === 'expression' && value?.kind === 'literal') {
    const source = String(value.value);
    return { name, arguments: { kind: 'positional', values: [{ kind: 'groovy', source }] }, children: [] };
  }
  return { name, arguments: list, children: children.map(conditionTree) };
}

function inputTree({ message, parameters, ...others }: InputModel): InputTree {
  const values = Object.entries(others).map(([name, value]) => [name, valueTreeOf(value)] as const);
  return {
    message: valueTreeOf(message),
    ...Object.fromEntries(values),
    parameters: (parameters?.parameters ?? []).map(callTree),
  };
}
