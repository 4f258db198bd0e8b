import type { Environment } from '@marcbachmann/cel-js';
import { type Expression, named, operands } from './judgeable.ts';
import { undecided } from './undecided.ts';

/** Stands for `has` where the library has none. No rule can use the name: API servers do not know it. */
const NAME = 'orrery_has';

export function addMemberTest(environment: Environment): void {
  environment.registerFunction(`${NAME}(dyn, string): bool`, (holder: unknown, member: string) =>
    holder instanceof Map ? holder.has(member) : undecided(),
  );
}

/**
 * A rule with `has(list[0].field)` and its like written as calls of a function: the library takes `has` of names alone, and CEL of any expression.
 * @param parse of the rule, and of what comes out, because tests may stand inside each other
 */
export function withMemberTests(rule: string, parse: (text: string) => Expression): string {
  let text = rule;
  for (let round = 0; round < MOST_TESTS; round++) {
    const found = innermost(parse(text));
    if (found === undefined) return text;
    const { whole, holder, member } = found;
    text = `${text.slice(0, whole.start)}${NAME}(${text.slice(holder.start, holder.end)}, ${JSON.stringify(member)})${text.slice(whole.end)}`;
  }
  return undecided();
}

/** More than any rule has that somebody wrote. */
const MOST_TESTS = 50;

interface Range {
  readonly start: number;
  readonly end: number;
}

interface MemberTest {
  readonly whole: Range;
  readonly holder: Range;
  readonly member: string;
}

function innermost(expression: Expression): MemberTest | undefined {
  for (const operand of operands(expression.args)) {
    const inside = innermost(operand);
    if (inside !== undefined) return inside;
  }
  if (expression.op !== 'call' || named(expression.args) !== 'has') return undefined;
  const [tested] = operands(expression.args);
  if (tested?.op !== '.' || isNames(tested)) return undefined;
  const [holder] = operands(tested.args);
  const member = Array.isArray(tested.args) ? tested.args.find((one) => typeof one === 'string') : undefined;
  const [whole, inner] = [rangeOf(expression), holder === undefined ? undefined : rangeOf(holder)];
  return whole === undefined || inner === undefined || member === undefined
    ? undefined
    : { whole, holder: inner, member };
}

/** "self.a.b" */
function isNames({ op, args }: Expression): boolean {
  if (op === 'id') return true;
  const [holder] = operands(args);
  return (op === '.' || op === '.?') && holder !== undefined && isNames(holder);
}

function rangeOf(expression: Expression): Range | undefined {
  const { start, end } = expression as Expression & Partial<Range>;
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined;
}
