import type { Json, JsonObject } from '../../kubernetes/object.ts';
import { isMap } from '../schema/schema.ts';
import { identifier } from './cel-values.ts';

/** An expression as the library has parsed it: an operator with its operands, which may lie in lists. */
export interface Expression {
  readonly op: string;
  readonly args: unknown;
}

/** What may stand somewhere: a value of some schema; no list or map (scalar); a list or map in which order counts (ordered); or anything (undefined). */
type Meant = { readonly schema: Json | undefined } | 'scalar' | 'ordered' | undefined;

/**
 * Whether a rule means to us what it means to the API server, as far as the library differs from it:
 * - lists of type set and map are equal in any order there (x-kubernetes-list-type), so no two values that may hold one are compared or added;
 * - regular expressions are Go's there, so only patterns that are the same in both are matched.
 */
export function isJudgeable(expression: Expression, schema: JsonObject): boolean {
  const scope = new Map<string, Meant>([['self', { schema }]]);
  return new Judge(holdsUnordered(schema)).isFine(expression, scope);
}

type Scope = ReadonlyMap<string, Meant>;

class Judge {
  readonly #anyUnordered: boolean;

  constructor(anyUnordered: boolean) {
    this.#anyUnordered = anyUnordered;
  }

  isFine(expression: Expression, scope: Scope): boolean {
    const { op, args } = expression;
    if (!this.#comparesAlike(expression, scope)) return false;
    if ((op === 'call' || op === 'rcall') && MATCHING.has(named(args)) && !hasSharedPattern(args)) return false;
    const inner = this.#bound(expression, scope);
    return operands(args).every((operand) => this.isFine(operand, inner));
  }

  /** What is compared with a scalar is one; of two others none may hold what is equal in any order. */
  #comparesAlike({ op, args }: Expression, scope: Scope): boolean {
    if (!COMPARING.has(op)) return true;
    const [left, right] = operands(args).map((one) => this.#meant(one, scope));
    if (isScalar(left) || (op !== 'in' && isScalar(right))) return true;
    return this.#isOrdered(left) && this.#isOrdered(right);
  }

  /** With the variable of a macro (`list.all(x, …)`) bound to the items. */
  #bound({ op, args }: Expression, scope: Scope): Scope {
    if (op !== 'rcall' || !MACROS.has(named(args))) return scope;
    const [receiver, variable] = operands(args);
    if (receiver === undefined || variable?.op !== 'id' || typeof variable.args !== 'string') return scope;
    const list = this.#meant(receiver, scope);
    const item: Meant = typeof list === 'object' && isMap(list.schema) ? itemOf(list.schema) : list;
    return new Map([...scope, [variable.args, item]]);
  }

  #isOrdered(meant: Meant): boolean {
    if (meant === undefined) return !this.#anyUnordered;
    return typeof meant === 'string' || !holdsUnordered(meant.schema);
  }

  #meant({ op, args }: Expression, scope: Scope): Meant {
    const [first, second, third] = operands(args);
    switch (op) {
      case 'id':
        return typeof args === 'string' ? scope.get(args) : undefined;
      case 'value':
        return 'scalar';
      case '.': {
        const from = first === undefined ? undefined : this.#meant(first, scope);
        return typeof from === 'object' ? memberOf(from.schema, stringIn(args)) : from;
      }
      case '[]': {
        const from = first === undefined ? undefined : this.#meant(first, scope);
        return typeof from === 'object' && isMap(from.schema)
          ? { schema: from.schema.items ?? from.schema.additionalProperties }
          : from;
      }
      case '?:': {
        const [yes, no] = [second, third].map((one) => (one === undefined ? undefined : this.#meant(one, scope)));
        return isScalar(yes) && isScalar(no) ? 'scalar' : undefined;
      }
      case 'list':
        return operands(args).every((item) => this.#isOrdered(this.#meant(item, scope))) ? 'ordered' : undefined;
      case 'call':
      case 'rcall':
        if (named(args) === 'filter') return first === undefined ? undefined : this.#meant(first, scope);
        if (PASSING.has(named(args))) return undefined;
        return SCALAR_CALLS.has(named(args)) ? 'scalar' : 'ordered';
      default:
        return SCALAR_OPERATORS.has(op) ? 'scalar' : undefined;
    }
  }
}

const COMPARING = new Set(['==', '!=', 'in', '+']);
const SCALAR_CALLS = new Set(
  [
    'size has orrery_has all exists exists_one matches startsWith endsWith contains int string double bool',
    'find isSorted min max sum indexOf lastIndexOf isIP isCIDR isURL isQuantity compareTo',
    'getScheme getHost getHostname getPort getEscapedPath family prefixLength hasValue substring lowerAscii upperAscii',
  ].flatMap((names) => names.split(' ')),
);
const MATCHING = new Set(['matches', 'find', 'findAll']);
/** Calls whose result may be a part of what they are called on. */
const PASSING = new Set(['map', 'value', 'or', 'orValue', 'optMap', 'optFlatMap', 'optional', 'of', 'ofNonZeroValue']);
const SCALAR_OPERATORS = new Set(['==', '!=', '<', '<=', '>', '>=', '&&', '||', '!_', '-_', '-', '*', '/', '%', 'in']);
const MACROS = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map']);

/** The parts of an expression that are expressions, in order. */
export function operands(args: unknown): Expression[] {
  if (Array.isArray(args)) return args.flatMap(operands);
  return isExpression(args) ? [args] : [];
}

function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Expression>).op === 'string';
}

/** Name of what is called. */
export function named(args: unknown): string {
  return Array.isArray(args) && typeof args[0] === 'string' ? args[0] : '';
}

/** Name of the member in `a.b`. */
function stringIn(args: unknown): string {
  return Array.isArray(args) ? String(args.find((one) => typeof one === 'string')) : '';
}

function isScalar(meant: Meant): boolean {
  if (typeof meant !== 'object' || !isMap(meant.schema)) return meant === 'scalar';
  const { schema } = meant;
  return schema['x-kubernetes-int-or-string'] === true || SCALAR_TYPES.has(String(schema.type));
}

const SCALAR_TYPES = new Set(['string', 'integer', 'number', 'boolean']);

/** The variable of a macro over a list is an item, over a map a key. */
function itemOf(schema: JsonObject): Meant {
  return schema.items === undefined ? 'scalar' : { schema: schema.items };
}

function memberOf(schema: Json | undefined, name: string): Meant {
  if (!isMap(schema)) return undefined;
  const properties = Object.entries(isMap(schema.properties) ? schema.properties : {});
  const own = properties.find(([property]) => identifier(property) === name);
  if (own !== undefined) return { schema: own[1] };
  return isMap(schema.additionalProperties) ? { schema: schema.additionalProperties } : undefined;
}

function holdsUnordered(schema: Json | undefined): boolean {
  if (!isMap(schema)) return false;
  const type = schema['x-kubernetes-list-type'];
  return (
    type === 'set' ||
    type === 'map' ||
    holdsUnordered(schema.items) ||
    holdsUnordered(schema.additionalProperties) ||
    Object.values(isMap(schema.properties) ? schema.properties : {}).some(holdsUnordered)
  );
}

/** A pattern that means the same in Go and here: it stands in the rule, and uses nothing that only one of them has. */
function hasSharedPattern(args: unknown): boolean {
  const [, pattern] = operands(args);
  // "[]a]" holds a bracket in Go, and "\1" is no reference there.
  return (
    pattern?.op === 'value' &&
    typeof pattern.args === 'string' &&
    !/\[\[:|\[\^?\]|\(\?[^:]|\\[0-9pPQCaAzZGx]/.test(pattern.args)
  );
}
