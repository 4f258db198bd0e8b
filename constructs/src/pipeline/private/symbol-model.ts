/** Kinds that a value of an argument can have. "any": Jenkins makes something of it that only it knows. */
export type ParameterType = 'text' | 'whole' | 'flag' | 'any';

/** What a step, an option, a trigger, a condition or a kind of agent takes. */
export interface SymbolModel {
  readonly parameters: { readonly [name: string]: ParameterType };
  readonly required: readonly string[];
  /** It has a block of steps. */
  readonly hasBlock?: boolean;
  /** Its parameters are not known here: anything goes. */
  readonly isOpen?: boolean;
}

export interface Symbols {
  readonly [name: string]: SymbolModel;
}

/**
 * One symbol in short: names with "!" behind them are required, what follows a colon is the kind, without one it is a text. "{}" at the end: has a
 * block of steps. "…": anything goes.
 */
function symbol(description: string): SymbolModel {
  const words = description.split(/\s+/).filter((word) => word !== '' && word !== '{}' && word !== '…');
  const parameters: { [name: string]: ParameterType } = {};
  const required: string[] = [];
  for (const word of words) {
    const [, name = '', mark, kind] = /^(\w+)(!?)(?::(text|whole|flag|any))?$/.exec(word) ?? [];
    parameters[name] = (kind as ParameterType | undefined) ?? 'text';
    if (mark === '!') required.push(name);
  }
  return {
    parameters,
    required,
    ...(description.includes('{}') ? { hasBlock: true } : {}),
    ...(description.includes('…') ? { isOpen: true } : {}),
  };
}

export function symbols(descriptions: { readonly [name: string]: string }): Symbols {
  return Object.fromEntries(Object.entries(descriptions).map(([name, description]) => [name, symbol(description)]));
}

export function lookUp(known: Symbols, name: string): SymbolModel | undefined {
  return Object.hasOwn(known, name) ? known[name] : undefined;
}
