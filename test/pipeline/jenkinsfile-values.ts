import { createHash } from 'node:crypto';
import { blockOf, canonical, type Expression, type PlainCall, plainCall, textOf } from './groovy-ast.ts';

/** A part of the JSON tree of Jenkins. */
type Json = { readonly [name: string]: unknown };

/** How Groovy inside the tree is told: as it was written, or as what it means. */
export type CodeForm = 'source' | 'canonical';

const RAW_TYPES = new Set(['null', 'text', 'flag']);
const LARGEST = 2n ** 63n - 1n;

/** Reads values and arguments. */
export class ValueReader {
  private readonly form: CodeForm;
  private readonly tell: (what: string) => void;

  public constructor(form: CodeForm, tell: (what: string) => void) {
    this.form = form;
    this.tell = tell;
  }

  /** The Groovy between the braces of `script` and `expression`. */
  public code(call: PlainCall): unknown {
    const [only, ...more] = call.arguments;
    if (only?.kind !== 'closure' || more.length > 0) {
      this.tell(`"${call.name}" is not followed by a block alone.`);
      return [];
    }
    const source = only.source.replace(/^\{/, '').replace(/\}$/, '').trim();
    const value = this.form === 'source' ? source : fingerprint(only.body);
    return [{ key: 'scriptBlock', value: { isLiteral: true, value } }];
  }

  public arguments(given: readonly Expression[]): unknown {
    const [only, ...more] = given;
    if (only === undefined) return [];
    if (more.length > 0) return given.map((each) => this.raw(each));
    const entries = this.namedEntries(only);
    if (entries === undefined) return this.raw(only);
    return entries.map(({ key, value }) => ({ key, value: this.raw(value) }));
  }

  /** Arguments with names. "[$class: …]" is one value. */
  private namedEntries(expression: Expression): { readonly key: string; readonly value: Expression }[] | undefined {
    if (expression.kind !== 'named' && expression.kind !== 'map') return undefined;
    const entries = (expression.entries ?? []).map(({ key, value }) => ({
      key: textOf(key) ?? String(key?.name ?? ''),
      value: value as Expression,
    }));
    return entries.some(({ key }) => key === '$class') ? undefined : entries;
  }

  /** An option, a trigger, a parameter. */
  public call(call: PlainCall): Json {
    if (blockOf(call) !== undefined) this.tell(`"${call.name}" has a block.`);
    return { name: call.name, arguments: call.arguments.flatMap((each) => this.callArguments(each)) };
  }

  private callArguments(argument: Expression): unknown[] {
    const entries = argument.kind === 'named' || argument.kind === 'map' ? this.namedEntries(argument) : undefined;
    if (entries === undefined) return [this.callValue(argument)];
    return entries.map(({ key, value }) => ({ key, value: this.callValue(value) }));
  }

  private callValue(value: Expression): Json {
    if (value.kind === 'closure') this.tell('A block is given as a value.');
    const call = plainCall(value);
    return call === undefined || call.name === '$' ? this.raw(value) : this.call(call);
  }

  /** A value: a constant, or Groovy. */
  public raw(value: Expression | undefined): Json {
    if (value === undefined) {
      this.tell('A value is missing.');
      return { isLiteral: true, value: null };
    }
    if (value.kind === 'constant') return { isLiteral: true, value: this.constant(value) };
    if (this.form === 'canonical') return { isLiteral: false, value: meaning(value) };
    const isText = value.kind === 'gstring' || value.kind === 'map';
    return { isLiteral: false, value: isText ? value.source : `\${${value.source}}` };
  }

  private constant({ type = '', value }: Expression): unknown {
    if (RAW_TYPES.has(type)) return value;
    if (type === 'BigInteger' || type === 'Long' || type === 'Integer') {
      const number = BigInt(value as string);
      if (number > LARGEST || number < -LARGEST - 1n) this.tell(`${number} is no number of 64 bits.`);
    }
    return Number(value);
  }
}

/** Stands for what an expression means, as source that keeps its kind. */
function meaning(value: Expression): string {
  const name = fingerprint(value);
  if (value.kind === 'gstring') return `"${name}"`;
  return value.kind === 'call' ? `\${${name}()}` : `\${${name}}`;
}

function fingerprint(part: unknown): string {
  return `x${createHash('sha256').update(canonical(part)).digest('hex')}`;
}
