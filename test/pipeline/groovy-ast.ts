/** What dump-jenkinsfile.groovy writes: the tree that Groovy makes of a source. */

export interface Statement {
  readonly kind: string;
  readonly value?: Expression;
  readonly body?: readonly Statement[];
  readonly labels?: readonly string[];
}

export interface Expression {
  readonly kind: string;
  /** As it was written. */
  readonly source: string;
  readonly type?: string;
  readonly value?: string | boolean | null | Expression;
  readonly texts?: readonly string[];
  readonly values?: readonly Expression[];
  /** Of a variable its text, of a call an expression. */
  readonly name?: string | Expression;
  readonly on?: Expression | null;
  readonly arguments?: readonly Expression[];
  readonly entries?: readonly Expression[];
  readonly key?: Expression;
  readonly body?: readonly Statement[];
  readonly operation?: string;
  readonly left?: Expression;
  readonly right?: Expression;
}

export type Parsed = { readonly statements: readonly Statement[] } | { readonly error: string };

/** A call on nothing in particular: `name(…)`. */
export interface PlainCall {
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly source: string;
}

export function callIn(statement: Statement): PlainCall | undefined {
  return statement.kind === 'expression' ? plainCall(statement.value) : undefined;
}

export function plainCall(expression: Expression | undefined): PlainCall | undefined {
  if (expression?.kind !== 'call' || (expression.on ?? undefined) !== undefined) return undefined;
  const name = textOf(expression.name as Expression);
  return name === undefined ? undefined : { name, arguments: expression.arguments ?? [], source: expression.source };
}

/** The value of a constant text. */
export function textOf(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'constant' && expression.type === 'text' ? (expression.value as string) : undefined;
}

/** The block behind a call, if it ends with one. */
export function blockOf(call: PlainCall): readonly Statement[] | undefined {
  const last = call.arguments.at(-1);
  return last?.kind === 'closure' ? (last.body ?? []) : undefined;
}

/** The same tree without how it was written: blanks, quotes, parentheses. */
export function canonical(part: unknown): string {
  return JSON.stringify(part, (key, value) => (key === 'source' ? undefined : value));
}
