import type {
  AgentModel,
  AxisModel,
  CallModel,
  ConditionModel,
  EnvironmentModel,
  InputModel,
  MatrixModel,
  NamedRaw,
  PipelineModel,
  PostModel,
  ScopeModel,
  StageModel,
  WhenModel,
} from './jenkins-model';
import { podYaml } from './pod-template';
import { stepModels } from './step-lowering';
import type {
  AgentTree,
  AxisTree,
  CallTree,
  ConditionTree,
  EnvironmentTree,
  InputTree,
  MatrixTree,
  NamedValue,
  ParameterTree,
  PipelineTree,
  PostTree,
  StageTree,
  ToolTree,
  WhenTree,
} from './tree';
import { callModel, mapArguments, rawGroovy, rawLiteral, rawValue, stepArguments } from './value-lowering';
import { literal } from './values';

/** The pipeline as Jenkins has it. */
export function pipelineModel(tree: PipelineTree): PipelineModel {
  return {
    agent: agentModel(tree.agent),
    ...(tree.libraries.length === 0 ? {} : { libraries: { libraries: tree.libraries.map(rawLiteral) } }),
    ...scopeModel(tree),
    ...(tree.parameters.length === 0 ? {} : { parameters: { parameters: tree.parameters.map(parameterModel) } }),
    ...(tree.triggers.length === 0 ? {} : { triggers: { triggers: tree.triggers.map(callModel) } }),
    stages: tree.stages.map(stageModel),
  };
}

interface Scope {
  readonly environment: readonly EnvironmentTree[];
  readonly tools: readonly ToolTree[];
  readonly options: readonly CallTree[];
  readonly post: readonly PostTree[];
}

function scopeModel(scope: Scope): Omit<ScopeModel, 'agent'> {
  return {
    ...(scope.environment.length === 0 ? {} : { environment: scope.environment.map(environmentModel) }),
    ...(scope.tools.length === 0 ? {} : { tools: scope.tools.map(toolModel) }),
    ...(scope.options.length === 0 ? {} : { options: { options: scope.options.map(callModel) } }),
    ...(scope.post.length === 0 ? {} : { post: postModel(scope.post) }),
  };
}

interface ConditionalScope extends Scope {
  readonly agent?: AgentTree;
  readonly when?: WhenTree;
  readonly input?: InputTree;
}

function conditionalScope(scope: ConditionalScope): Omit<StageModel, 'name'> {
  return {
    ...(scope.agent === undefined ? {} : { agent: agentModel(scope.agent) }),
    ...(scope.when === undefined ? {} : { when: whenModel(scope.when) }),
    ...(scope.input === undefined ? {} : { input: inputModel(scope.input) }),
    ...scopeModel(scope),
  };
}

function stageModel(stage: StageTree): StageModel {
  return {
    name: stage.name,
    ...conditionalScope(stage),
    ...(stage.failFast === undefined ? {} : { failFast: stage.failFast }),
    ...bodyModel(stage.body),
  };
}

function bodyModel(body: StageTree['body']): Pick<StageModel, 'branches' | 'stages' | 'parallel' | 'matrix'> {
  switch (body.kind) {
    case 'steps':
      return { branches: [{ name: 'default', steps: stepModels(body.steps) }] };
    case 'branches':
      return { branches: body.branches.map(({ name, steps }) => ({ name, steps: stepModels(steps) })) };
    case 'stages':
      return { stages: body.stages.map(stageModel) };
    case 'parallel':
      return { parallel: body.stages.map(stageModel) };
    case 'matrix':
      return { matrix: matrixModel(body.matrix) };
  }
}

function matrixModel(matrix: MatrixTree): MatrixModel {
  return {
    axes: matrix.axes.map(axisModel),
    ...(matrix.excludes.length === 0 ? {} : { excludes: matrix.excludes.map((axes) => axes.map(axisModel)) }),
    ...conditionalScope(matrix),
    stages: matrix.stages.map(stageModel),
  };
}

function axisModel({ name, values, isInverse }: AxisTree): AxisModel {
  return { name, values: values.map(rawLiteral), ...(isInverse === true ? { inverse: true } : {}) };
}

function agentModel(agent: AgentTree): AgentModel {
  switch (agent.kind) {
    case 'any':
    case 'none':
      return { type: agent.kind };
    case 'label':
      return { type: 'label', argument: rawValue(agent.label) };
    case 'pod': {
      const settings: NamedValue[] = [
        ...(agent.cloud === undefined ? [] : [{ name: 'cloud', value: literal(agent.cloud) }]),
        ...(agent.inheritFrom === undefined ? [] : [{ name: 'inheritFrom', value: literal(agent.inheritFrom) }]),
        { name: 'defaultContainer', value: literal(agent.defaultContainer) },
        { name: 'yaml', value: literal(podYaml(agent)) },
      ];
      return { type: 'kubernetes', arguments: mapArguments(settings) };
    }
    case 'other':
      return {
        type: agent.type,
        ...(agent.argument === undefined ? {} : { argument: rawValue(agent.argument) }),
        ...(agent.arguments === undefined ? {} : { arguments: mapArguments(agent.arguments) }),
      };
  }
}

function environmentModel({ name, value }: EnvironmentTree): EnvironmentModel {
  if (value.kind === 'credentials')
    return { key: name, value: { name: 'credentials', arguments: [rawValue(value.id)] } };
  // A variable alone is no value that Jenkins takes here: it wants a text.
  if (value.kind === 'template' && value.parts.length === 1 && value.parts[0]?.kind !== 'text') {
    const part = value.parts[0] as { readonly kind: 'env' | 'param'; readonly name: string };
    return { key: name, value: rawGroovy(`"\${${part.kind === 'env' ? 'env' : 'params'}.${part.name}}"`) };
  }
  return { key: name, value: rawValue(value) };
}

function toolModel({ type, version }: ToolTree): NamedRaw {
  return { key: type, value: rawValue(version) };
}

function parameterModel(parameter: ParameterTree): CallModel {
  if (parameter.kind === 'call') return callModel(parameter);
  const { type, name, defaultValue, choices, description, trim } = parameter;
  const values: NamedValue[] = [
    { name: 'name', value: literal(name) },
    ...(defaultValue === undefined ? [] : [{ name: 'defaultValue', value: literal(defaultValue) }]),
    ...(choices === undefined
      ? []
      : [{ name: 'choices', value: { kind: 'list' as const, items: choices.map(literal) } }]),
    ...(description === undefined ? [] : [{ name: 'description', value: literal(description) }]),
    ...(trim === undefined ? [] : [{ name: 'trim', value: literal(trim) }]),
  ];
  return callModel({ kind: 'call', name: type, arguments: { kind: 'named', values } });
}

function postModel(posts: readonly PostTree[]): PostModel {
  return {
    conditions: posts.map(({ condition, steps }) => ({
      condition,
      branch: { name: 'default', steps: stepModels(steps) },
    })),
  };
}

function whenModel(when: WhenTree): WhenModel {
  return {
    ...(when.beforeAgent === undefined ? {} : { beforeAgent: when.beforeAgent }),
    ...(when.beforeInput === undefined ? {} : { beforeInput: when.beforeInput }),
    ...(when.beforeOptions === undefined ? {} : { beforeOptions: when.beforeOptions }),
    conditions: when.conditions.map(conditionModel),
  };
}

function conditionModel({ name, arguments: given, children }: ConditionTree): ConditionModel {
  if (children.length > 0) return { name, children: children.map(conditionModel) };
  const [only] = given.kind === 'positional' ? given.values : [];
  if (name === 'expression' && only?.kind === 'groovy') {
    return { name, arguments: [{ key: 'scriptBlock', value: rawLiteral(only.source) }] };
  }
  return { name, arguments: stepArguments(given) };
}

function inputModel(input: InputTree): InputModel {
  const { parameters, message, ...others } = input;
  const texts = Object.entries(others).map(([key, value]) => [key, rawValue(value)] as const);
  return {
    message: rawValue(message),
    ...Object.fromEntries(texts),
    ...(parameters.length === 0 ? {} : { parameters: { parameters: parameters.map(parameterModel) } }),
  };
}
