import { checkCall } from './argument-rules';
import { isSymbol, isVariableName } from './identifiers';
import {
  type AgentModel,
  type CallModel,
  type EnvironmentModel,
  type InputModel,
  isNamed,
  isRaw,
  type MapArgument,
  type NamedRaw,
  type PostModel,
  type RawValue,
  type ScopeModel,
} from './jenkins-model';
import type { KnownSymbols } from './known-symbols';
import type { ModelReport } from './model-finding';
import { BARE_AGENTS, POST_CONDITIONS } from './section-catalog';
import { checkSteps } from './step-rules';
import { lookUp, type Symbols } from './symbol-model';
import { checkType, checkValue } from './value-rules';

/** What pipelines, stages and matrices have in common. */
export function checkScope(scope: ScopeModel, known: KnownSymbols, options: Symbols, report: ModelReport): void {
  if (scope.agent !== undefined) checkAgent(scope.agent, known, report.at('agent'));
  if (scope.environment !== undefined) checkEnvironment(scope.environment, report.at('environment'));
  if (scope.tools !== undefined) checkTools(scope.tools, known, report.at('tools'));
  if (scope.options !== undefined) checkOptions(scope.options.options, options, report.at('options'));
  if (scope.post !== undefined) checkPost(scope.post, known, report.at('post'));
}

function checkAgent(agent: AgentModel, known: KnownSymbols, report: ModelReport): void {
  const { type, argument, arguments: settings } = agent;
  const model = lookUp(known.agents, type);
  const isBare = BARE_AGENTS.includes(type);
  if (!isBare && model === undefined) {
    const names = [...BARE_AGENTS, ...Object.keys(known.agents)].join(', ');
    report.invalid(`There is no agent "${type}".`, `Use one of ${names}; those of plugins you declare in \`plugins\`.`);
    return;
  }
  if (isBare) {
    if (argument !== undefined || settings !== undefined) {
      report.contradiction(`"${type}" has settings.`, 'Leave them out.');
    }
    return;
  }
  if (argument !== undefined && settings !== undefined) {
    report.contradiction('The agent has one value and several settings.', 'Use one or the other.');
  }
  if (argument !== undefined) checkValue(argument, report.at(type));
  if (settings !== undefined) checkMap(settings, report.at(type));
  if (model === undefined || model.isOpen === true) return;
  if (settings === undefined) {
    const [sole, ...more] = model.required;
    if (more.length > 0) {
      report.invalid(`The agent "${type}" wants ${model.required.join(' and ')}.`, 'Give them by name.');
    } else if (sole !== undefined && argument === undefined) {
      report.invalid(`The agent "${type}" lacks "${sole}".`, `Set ${sole}.`);
    } else if (argument !== undefined) checkType(argument, model.parameters[sole ?? ''] ?? 'any', report.at(type));
    return;
  }
  for (const { key } of settings) {
    if (Object.hasOwn(model.parameters, key)) continue;
    report.invalid(`The agent "${type}" takes no "${key}".`, `It takes ${Object.keys(model.parameters).join(', ')}.`);
  }
  for (const name of model.required) {
    if (settings.some(({ key }) => key === name)) continue;
    report.invalid(`The agent "${type}" lacks "${name}".`, `Set ${name}.`);
  }
}

function checkMap(settings: readonly MapArgument[], report: ModelReport): void {
  report.duplicates(
    'The setting',
    settings.map(({ key }) => key),
  );
  for (const { key, value } of settings) {
    if (!isSymbol(key)) report.name(`"${key}" is no name of a setting.`, 'Use letters, digits and underscores.');
    if ('isLiteral' in value) checkValue(value, report.at(key));
    else checkMap(value, report.at(key));
  }
}

function checkEnvironment(variables: readonly EnvironmentModel[], report: ModelReport): void {
  if (variables.length === 0) report.invalid('There are no variables.', 'Add one, or leave the section out.');
  report.duplicates(
    'The variable',
    variables.map(({ key }) => key),
  );
  for (const { key, value } of variables) {
    checkVariableName(key, report);
    if ('name' in value) checkFunction(value, report.at(key));
    else {
      checkValue(value, report.at(key));
      checkEnvironmentValue(value, report.at(key));
    }
  }
}

export function checkVariableName(name: string, report: ModelReport): void {
  if (isVariableName(name)) return;
  const fix = 'Begin with a letter or underscore and go on with those and digits.';
  report.name(`"${name}" is no name of a variable.`, fix);
}

function checkFunction(
  call: { readonly name: string; readonly arguments: readonly RawValue[] },
  report: ModelReport,
): void {
  if (!isSymbol(call.name)) report.name(`"${call.name}" is no function.`, 'Use "credentials".');
  for (const value of call.arguments) checkValue(value, report);
  if (call.name === 'credentials' && call.arguments.length !== 1) {
    report.invalid('credentials() has not exactly one argument.', 'Give it the id of the credential.');
  }
}

/** Jenkins takes texts and calls of functions, and nothing else. */
function checkEnvironmentValue({ isLiteral, value }: RawValue, report: ModelReport): void {
  if (isLiteral) {
    if (value === null) report.invalid('The variable has no value.', 'Give it a text.');
    return;
  }
  const source = String(value);
  const inner = source.startsWith('${') && source.endsWith('}') ? source.slice(2, -1) : source;
  if (/^\s*(?:["'$/]|[A-Za-z_][\w.]*\s*\()/.test(inner)) return;
  report.invalid(
    `"${inner}" is neither a text nor the call of a function.`,
    'Put it into a text: PipelineValue.joined.',
  );
}

function checkTools(tools: readonly NamedRaw[], known: KnownSymbols, report: ModelReport): void {
  if (tools.length === 0) report.invalid('There are no tools.', 'Add one, or leave the section out.');
  report.duplicates(
    'The tool',
    tools.map(({ key }) => key),
  );
  for (const { key, value } of tools) {
    checkValue(value, report.at(key));
    if (!Object.hasOwn(known.tools, key)) {
      const names = Object.keys(known.tools).join(', ');
      report.invalid(`There is no kind of tool "${key}".`, `Use one of ${names}; others you declare in \`plugins\`.`);
      continue;
    }
    const installed = known.tools[key];
    if (installed === undefined || installed.length === 0 || !value.isLiteral) continue;
    if (installed.includes(String(value.value))) continue;
    report.at(key).invalid(`"${value.value}" is not installed.`, `Use one of ${installed.join(', ')}.`);
  }
}

/** Sections of their own. */
const NO_OPTIONS: { readonly [name: string]: string } = {
  parameters: 'Use `parameters`.',
  triggers: 'Use `triggers`.',
  pipelineTriggers: 'Use `triggers`.',
};

function checkOptions(options: readonly CallModel[], known: Symbols, report: ModelReport): void {
  checkCalls('option', options, known, report);
  report.duplicates(
    'The option',
    options.map(({ name }) => name),
  );
}

/** Options, triggers, parameters. */
export function checkCalls(kind: string, calls: readonly CallModel[], known: Symbols, report: ModelReport): void {
  if (calls.length === 0) report.invalid(`There is no ${kind}.`, 'Add one, or leave the section out.');
  for (const call of calls) {
    const reason = kind === 'option' && Object.hasOwn(NO_OPTIONS, call.name) ? NO_OPTIONS[call.name] : undefined;
    if (reason !== undefined) report.contradiction(`"${call.name}" is no option.`, reason);
    else if (lookUp(known, call.name) === undefined) {
      const names = Object.keys(known).join(', ');
      report.invalid(
        `There is no ${kind} "${call.name}" here.`,
        `Use one of ${names}; others you declare in \`plugins\`.`,
      );
    }
    checkCall(call, known, report.at(call.name));
  }
}

export function checkParameters(parameters: readonly CallModel[], known: KnownSymbols, report: ModelReport): void {
  checkCalls('parameter', parameters, known.parameters, report);
  const names = parameters.flatMap((parameter) => {
    const name = parameter.arguments.find((argument) => isNamed(argument) && argument.key === 'name');
    if (name === undefined || !isNamed(name) || !isRaw(name.value)) return [];
    return typeof name.value.value === 'string' ? [name.value.value] : [];
  });
  report.duplicates('The parameter', names);
}

function checkPost(post: PostModel, known: KnownSymbols, report: ModelReport): void {
  if (post.conditions.length === 0) report.invalid('There is no condition.', 'Add one, or leave the section out.');
  report.duplicates(
    'The condition',
    post.conditions.map(({ condition }) => condition),
  );
  for (const { condition, branch } of post.conditions) {
    if (!POST_CONDITIONS.includes(condition)) {
      report.invalid(`There is no condition "${condition}".`, `Use one of ${POST_CONDITIONS.join(', ')}.`);
    }
    checkSteps(branch.steps, known, report.at(condition));
  }
}

export function checkInput(input: InputModel, known: KnownSymbols, report: ModelReport): void {
  const { message, parameters, ...others } = input;
  if (message.isLiteral && message.value === null) report.invalid('Nothing is asked.', 'Set the message.');
  checkValue(message, report.at('message'));
  for (const [name, value] of Object.entries(others)) checkValue(value, report.at(name));
  if (parameters !== undefined) checkParameters(parameters.parameters, known, report.at('parameters'));
}
