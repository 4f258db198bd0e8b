import { groovyLiteral, inDoubleQuotes, quoted } from './groovy-literals';
import { isSymbol } from './identifiers';
import type { CallArgument, CallModel, MapArgument, NamedRaw, RawValue, StepArguments } from './jenkins-model';
import type { ArgumentsTree, CallTree, NamedValue, TemplatePart, ValueTree } from './tree';

export function rawLiteral(value: RawValue['value']): RawValue {
  return { isLiteral: true, value };
}

/** An expression of Groovy as the tree of Jenkins has it. */
export function rawGroovy(source: string): RawValue {
  return { isLiteral: false, value: /^"/.test(source) ? source : `\${${source}}` };
}

export function rawValue(value: ValueTree): RawValue {
  return value.kind === 'literal' ? rawLiteral(value.value) : rawGroovy(groovyOf(value));
}

/** A value as an expression of Groovy. */
export function groovyOf(value: ValueTree): string {
  switch (value.kind) {
    case 'literal':
      return groovyLiteral(value.value);
    case 'template':
      return templateGroovy(value.parts);
    case 'list':
      return `[${value.items.map(groovyOf).join(', ')}]`;
    case 'map':
      return value.entries.length === 0 ? '[:]' : `[${value.entries.map(entryGroovy).join(', ')}]`;
    case 'call':
      return callGroovy(value.call);
    case 'groovy':
      return value.source;
  }
}

/** One variable alone is not put into a text: it keeps its kind. */
function templateGroovy(parts: readonly TemplatePart[]): string {
  const [first] = parts;
  if (first !== undefined && parts.length === 1 && first.kind !== 'text') return partGroovy(first);
  if (parts.every((part) => part.kind === 'text')) return groovyLiteral(parts.map((part) => part.text).join(''));
  return `"${parts.map((part) => (part.kind === 'text' ? inDoubleQuotes(part.text) : `\${${partGroovy(part)}}`)).join('')}"`;
}

function partGroovy(part: TemplatePart): string {
  if (part.kind === 'text') return groovyLiteral(part.text);
  return `${part.kind === 'env' ? 'env' : 'params'}.${part.name}`;
}

function entryGroovy({ name, value }: NamedValue): string {
  return `${argumentName(name)}: ${groovyOf(value)}`;
}

/** Name of an argument: any text, in quotes where it is no word. "$class" is one that Jenkins knows. */
export function argumentName(name: string): string {
  return isSymbol(name) || name === '$class' ? name : quoted(name);
}

function callGroovy(call: CallTree): string {
  const given = call.arguments;
  switch (given.kind) {
    case 'none':
      return `${call.name}()`;
    case 'positional':
      return `${call.name}(${given.values.map(groovyOf).join(', ')})`;
    case 'named':
      return `${call.name}(${given.values.map(entryGroovy).join(', ')})`;
  }
}

export function stepArguments(given: ArgumentsTree): StepArguments {
  switch (given.kind) {
    case 'none':
      return [];
    case 'positional': {
      const [only, ...more] = given.values;
      return only !== undefined && more.length === 0 ? rawValue(only) : given.values.map(rawValue);
    }
    case 'named':
      return given.values.map(namedRaw);
  }
}

function namedRaw({ name, value }: NamedValue): NamedRaw {
  return { key: name, value: rawValue(value) };
}

/** An option, a trigger, a parameter: here calls inside calls keep their structure. */
export function callModel(call: CallTree): CallModel {
  const given = call.arguments;
  const values = given.kind === 'none' ? [] : given.values;
  return {
    name: call.name,
    arguments: values.map((value): CallArgument => {
      if (!('name' in value)) return callValue(value);
      return { key: value.name, value: callValue(value.value) };
    }),
  };
}

function callValue(value: ValueTree): RawValue | CallModel {
  return value.kind === 'call' ? callModel(value.call) : rawValue(value);
}

/** Settings of an agent: maps are blocks. */
export function mapArguments(values: readonly NamedValue[]): MapArgument[] {
  return values.map(({ name, value }) => ({
    key: name,
    value: value.kind === 'map' ? mapArguments(value.entries) : rawValue(value),
  }));
}
