import type { NamedRaw, RawValue, StepArguments, StepModel } from './jenkins-model';
import { STEPS, soleParameterOf } from './step-catalog';
import { lookUp, type SymbolModel, type Symbols } from './symbol-model';
import type { ArgumentsTree, Literal, NamedValue, StepTree, ValueTree } from './tree';

/** Steps of the tree of Jenkins as ours. Those that other back-ends know too get their kind, if they have nothing beyond it. */
export function stepTrees(steps: readonly StepModel[]): StepTree[] {
  return steps.map(stepTree);
}

export function valueTreeOf({ isLiteral, value }: RawValue): ValueTree {
  if (isLiteral) return { kind: 'literal', value };
  const source = String(value);
  return { kind: 'groovy', source: source.startsWith('${') && source.endsWith('}') ? source.slice(2, -1) : source };
}

export function argumentsTree(given: StepArguments | undefined): ArgumentsTree {
  if (given === undefined) return { kind: 'none' };
  if (!Array.isArray(given)) return { kind: 'positional', values: [valueTreeOf(given as RawValue)] };
  const list = given as readonly (NamedRaw | RawValue)[];
  if (list.length === 0) return { kind: 'none' };
  const named = list.flatMap((item) => ('key' in item ? [{ name: item.key, value: valueTreeOf(item.value) }] : []));
  if (named.length > 0) return { kind: 'named', values: named };
  return { kind: 'positional', values: list.flatMap((item) => ('key' in item ? [] : [valueTreeOf(item)])) };
}

function stepTree({ name, arguments: given, children }: StepModel): StepTree {
  const steps = children === undefined ? undefined : stepTrees(children);
  const list = withFlags(
    steps === undefined ? withName(name, argumentsTree(given)) : argumentsTree(given),
    STEPS,
    name,
  );
  const known = steps === undefined ? simpleStep(name, list) : blockStep(name, list, steps);
  return known ?? { kind: 'call', name, arguments: list, ...(steps === undefined ? {} : { steps }) };
}

/** One value without a name gets that of what the step wants, as in Jenkins. */
function withName(step: string, list: ArgumentsTree): ArgumentsTree {
  const name = soleParameterOf(step);
  const [value] = list.kind === 'positional' ? list.values : [];
  if (name === undefined || value === undefined || list.kind !== 'positional' || list.values.length > 1) return list;
  return { kind: 'named', values: [{ name, value }] };
}

/** Texts where a flag is wanted: Jenkins takes "true" for it. */
export function withFlags(list: ArgumentsTree, known: Symbols, symbol: string): ArgumentsTree {
  const model = lookUp(known, symbol);
  if (list.kind !== 'named' || model === undefined) return list;
  return { kind: 'named', values: list.values.map((each) => withFlag(each, model)) };
}

function withFlag({ name, value }: NamedValue, { parameters }: SymbolModel): NamedValue {
  const type = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (type !== 'flag' || value.kind !== 'literal') return { name, value };
  if (value.value !== 'true' && value.value !== 'false') return { name, value };
  return { name, value: { kind: 'literal', value: value.value === 'true' } };
}

function simpleStep(name: string, list: ArgumentsTree): StepTree | undefined {
  const texts = namedTexts(list);
  const [value] = list.kind === 'named' ? list.values : [];
  switch (name) {
    case 'sh': {
      const { script, label, ...others } = texts ?? {};
      if (script === undefined || Object.keys(others).length > 0) return undefined;
      return { kind: 'sh', script, ...(label === undefined ? {} : { label }) };
    }
    case 'script': {
      const source = texts?.scriptBlock ?? soleLiteral(list);
      return typeof source === 'string' ? { kind: 'script', source } : undefined;
    }
    case 'echo':
    case 'error':
      if (list.kind !== 'named' || list.values.length !== 1 || value?.name !== 'message') return undefined;
      return { kind: name, message: value.value };
    case 'checkout':
      return isVariable(list, 'scm') ? { kind: 'checkout' } : undefined;
    default:
      return undefined;
  }
}

function blockStep(name: string, list: ArgumentsTree, steps: readonly StepTree[]): StepTree | undefined {
  const sole = soleLiteral(list);
  if (name === 'container' && typeof sole === 'string') return { kind: 'container', name: sole, steps };
  if (name === 'dir' && typeof sole === 'string') return { kind: 'dir', path: sole, steps };
  if (name === 'retry' && typeof sole === 'number') return { kind: 'retry', count: sole, steps };
  return undefined;
}

function soleLiteral(list: ArgumentsTree): Literal | undefined {
  if (list.kind !== 'positional' || list.values.length !== 1) return undefined;
  const [value] = list.values;
  return value?.kind === 'literal' ? value.value : undefined;
}

function isVariable(list: ArgumentsTree, name: string): boolean {
  if (list.kind === 'none') return false;
  const [value] = list.values;
  const tree = value !== undefined && 'name' in value ? value.value : value;
  return list.values.length === 1 && tree?.kind === 'groovy' && tree.source === name;
}

/** All arguments, if each has a name and is a text. */
function namedTexts(list: ArgumentsTree): { readonly [name: string]: string } | undefined {
  if (list.kind !== 'named') return undefined;
  const texts = list.values.flatMap(({ name, value }) =>
    value.kind === 'literal' && typeof value.value === 'string' ? [[name, value.value] as const] : [],
  );
  return texts.length === list.values.length ? Object.fromEntries(texts) : undefined;
}
