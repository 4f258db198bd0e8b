import type { Environment } from '@marcbachmann/cel-js';
import type { CelRule } from './cel-rules.ts';
import type { CelValue } from './cel-values.ts';
import { addFormatFunctions } from './functions/format-functions.ts';
import { addIpFunctions } from './functions/ip-functions.ts';
import { addListFunctions } from './functions/list-functions.ts';
import { addQuantityFunctions } from './functions/quantity-functions.ts';
import { addRegexFunctions } from './functions/regex-functions.ts';
import { addUrlFunctions } from './functions/url-functions.ts';
import { type Expression, isJudgeable, named, operands } from './judgeable.ts';
import { addMemberTest, withMemberTests } from './member-tests.ts';

/** More steps than a rule takes that the API server accepts (its cost limit), by far; a definition from anywhere shall not keep us busy. */
const MOST_STEPS = 1_000_000;

/** Decides whether a value fulfils a rule; undefined where we do not know what the API server would say. */
export type CelEngine = (rule: CelRule, self: CelValue) => boolean | undefined;

type Program = (self: CelValue) => boolean | undefined;

/** Loads the library: only where there is a rule to evaluate. */
export async function loadCelEngine(): Promise<CelEngine> {
  const { Environment: CelEnvironment } = await import('@marcbachmann/cel-js');
  const environment = new CelEnvironment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  }).registerVariable('self', 'dyn');
  for (const add of [addMemberTest, ...LIBRARIES]) add(environment);
  const programs = new Map<CelRule, Program>();
  return (rule, self) => {
    let program = programs.get(rule);
    if (program === undefined) {
      program = compiled(environment, rule);
      programs.set(rule, program);
    }
    return program(self);
  };
}

/** What Kubernetes adds to CEL, as far as it can be told without the server. */
const LIBRARIES = [
  addListFunctions,
  addRegexFunctions,
  addUrlFunctions,
  addQuantityFunctions,
  addIpFunctions,
  addFormatFunctions,
];

/** Calls that see letters: those of Go and of the library are the same in plain text alone. */
const TEXTUAL = new Set(
  'matches find findAll lowerAscii upperAscii indexOf lastIndexOf substring trim split replace charAt join'.split(' '),
);

const UNKNOWN: Program = () => undefined;

/** A rule with a function that the library does not know, or that means something else there, is never decided. */
function compiled(environment: Environment, { rule, schema }: CelRule): Program {
  try {
    const parse = (text: string) => environment.parse(text).ast as unknown as Expression;
    const expression = environment.parse(withMemberTests(rule, parse));
    const ast = expression.ast as unknown as Expression;
    const isTextual = calls(ast, TEXTUAL);
    const depth = nesting(ast);
    if (!isJudgeable(ast, schema) || !expression.check().valid) return UNKNOWN;
    return (self) => {
      if (sizeOf(self) ** Math.max(depth, 1) > MOST_STEPS || (isTextual && !isPlainText(self))) return undefined;
      try {
        const result: unknown = expression({ self });
        return typeof result === 'boolean' ? result : undefined;
      } catch {
        // The API server may know what we do not (a timestamp), or fail as well: then it refuses, and says why.
        return undefined;
      }
    };
  } catch {
    return UNKNOWN;
  }
}

function calls({ op, args }: Expression, names: ReadonlySet<string>): boolean {
  return (
    ((op === 'call' || op === 'rcall') && names.has(named(args))) || operands(args).some((one) => calls(one, names))
  );
}

/** How many macros are inside each other. */
function nesting({ op, args }: Expression): number {
  const inner = Math.max(0, ...operands(args).map(nesting));
  return op === 'rcall' ? inner + 1 : inner;
}

/** Values in a value. */
function sizeOf(value: CelValue): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item: CelValue) => sum + sizeOf(item), 1);
  if (value instanceof Map) return [...value.values()].reduce<number>((sum, item: CelValue) => sum + sizeOf(item), 1);
  return 1;
}

/** What is a space, a letter or the end of a line is the same in every dialect of regular expressions. */
function isPlainText(value: CelValue): boolean {
  if (typeof value === 'string') return /^[\x20-\x7e]*$/.test(value);
  if (Array.isArray(value)) return value.every(isPlainText);
  return value instanceof Map ? [...value].every(([key, member]) => isPlainText(key) && isPlainText(member)) : true;
}
