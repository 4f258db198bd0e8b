/** Kinds that a value of an argument can have. "any": Jenkins makes something of it that only it knows. */
export type ParameterType = 'text' | 'whole' | 'flag' | 'any';

/** What a step, an option, a trigger, a condition or a kind of agent takes. */
export interface SymbolModel {
  readonly parameters: { readonly [name: string]: ParameterType };
  readonly required: readonly string[];
  /** It has a block of steps. */
  readonly hasBlock?: boolean;
}

/** Steps of the plugins that every Jenkins for pipelines has, with what their constructors and setters take. Others are not looked into. */
const STEPS: { readonly [name: string]: SymbolModel } = {
  echo: { parameters: { message: 'text' }, required: ['message'] },
  error: { parameters: { message: 'text' }, required: ['message'] },
};

/** The parameter that may be given without its name: the only one that is required, of a step without block. */
export function soleParameterOf(step: string): string | undefined {
  const model = Object.hasOwn(STEPS, step) ? STEPS[step] : undefined;
  return model !== undefined && model.hasBlock !== true && model.required.length === 1 ? model.required[0] : undefined;
}
