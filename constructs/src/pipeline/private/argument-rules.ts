import { isSymbol } from './identifiers';
import {
  type CallArgument,
  type CallModel,
  isNamed,
  isRaw,
  type NamedRaw,
  type RawValue,
  type StepArguments,
} from './jenkins-model';
import type { ModelReport } from './model-finding';
import { PARTS } from './section-catalog';
import { lookUp, type SymbolModel, type Symbols } from './symbol-model';
import { checkText, checkType, checkValue } from './value-rules';

/** What no call among values may be: a step that changes the run as a whole. (BlockedStepsAndMethodCalls of the plugin.) */
const NOT_A_VALUE: { readonly [name: string]: string } = {
  stage: 'Stages stand in `stages`.',
  properties: 'Use the sections options, parameters and triggers.',
  parallel: 'Use `PipelineStage.parallel`.',
  node: 'Use an agent.',
};

/** One argument, with or without name. */
interface Argument {
  readonly name?: string | undefined;
  readonly value: RawValue | CallModel;
}

/** Arguments of a step or a condition. @param model undefined: nothing is known about it */
export function checkStepArguments(
  given: StepArguments | undefined,
  model: SymbolModel | undefined,
  report: ModelReport,
): void {
  checkArguments(stepArgumentList(given), model, report);
}

export function stepArgumentList(given: StepArguments | undefined): Argument[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) return [{ value: given as RawValue }];
  return (given as readonly (NamedRaw | RawValue)[]).map((argument) =>
    'key' in argument ? { name: argument.key, value: argument.value } : { value: argument },
  );
}

/** An option, a trigger, a parameter. */
export function checkCall(call: CallModel, known: Symbols, report: ModelReport): void {
  if (!isSymbol(call.name)) {
    report.name(`"${call.name}" is no name of something in Jenkins.`, 'Use letters, digits and underscores.');
  }
  const list = call.arguments.map(
    (argument: CallArgument): Argument =>
      isNamed(argument) ? { name: argument.key, value: argument.value } : { value: argument },
  );
  checkArguments(list, lookUp(known, call.name), report);
}

function checkArguments(list: readonly Argument[], model: SymbolModel | undefined, report: ModelReport): void {
  const names = list.flatMap(({ name }) => (name === undefined ? [] : [name]));
  report.duplicates('The argument', names);
  if (names.length > 0 && names.length < list.length) {
    report.contradiction('Some arguments have a name and some have none.', 'Give all of them a name, or none.');
  }
  for (const { name, value } of list) {
    if (name !== undefined) checkText(name, report);
    const place = name === undefined ? report : report.at(name);
    if (isRaw(value)) checkValue(value, place);
    else checkNestedCall(value, place);
  }
  if (model !== undefined && model.isOpen !== true) checkAgainst(list, model, report);
}

function checkNestedCall(call: CallModel, report: ModelReport): void {
  const reason = Object.hasOwn(NOT_A_VALUE, call.name) ? NOT_A_VALUE[call.name] : undefined;
  if (reason !== undefined) report.contradiction(`"${call.name}" is no value.`, reason);
  checkCall(call, PARTS, report.at(call.name));
}

function checkAgainst(list: readonly Argument[], model: SymbolModel, report: ModelReport): void {
  const unnamed = list.filter(({ name }) => name === undefined);
  if (unnamed.length > 0) checkUnnamed(unnamed, model, report);
  else checkNamed(list, model, report);
}

function checkNamed(list: readonly Argument[], model: SymbolModel, report: ModelReport): void {
  for (const { name = '', value } of list) {
    const type = Object.hasOwn(model.parameters, name) ? model.parameters[name] : undefined;
    if (type === undefined) {
      report.invalid(`It takes no "${name}".`, `It takes ${Object.keys(model.parameters).join(', ') || 'nothing'}.`);
    } else if (isRaw(value)) checkType(value, type, report.at(name));
  }
  for (const name of model.required) {
    if (list.some((argument) => argument.name === name)) continue;
    report.invalid(`It lacks "${name}".`, `Set ${name}.`);
  }
}

function checkUnnamed(list: readonly Argument[], model: SymbolModel, report: ModelReport): void {
  const [only, ...more] = list;
  const { required, parameters } = model;
  const names = Object.keys(parameters);
  // Jenkins gives one value without a name to what is required, and to the only thing there is.
  const sole = required.length === 1 ? required[0] : required.length === 0 && names.length > 0 ? names[0] : undefined;
  if (more.length > 0) {
    report.invalid(`${list.length} arguments have no name.`, `Name them: ${names.join(', ')}.`);
  } else if (sole === undefined) {
    report.invalid(
      names.length === 0 ? 'It takes no argument.' : 'It takes several arguments, and one is given without a name.',
      names.length === 0 ? 'Leave it out.' : `Name them: ${names.join(', ')}.`,
    );
  } else if (only !== undefined && isRaw(only.value)) checkType(only.value, parameters[sole] ?? 'any', report);
}
