/** A value in a configuration of Logstash. */
export type LogstashValue =
  | string
  | number
  | boolean
  | readonly LogstashValue[]
  | { readonly [key: string]: LogstashValue };

/** A plugin with its settings, or what is done under a condition. */
export type LogstashStatement =
  | { readonly plugin: string; readonly settings: { readonly [name: string]: LogstashValue } }
  | { readonly branches: readonly LogstashBranch[] };

/** The first branch whose condition holds is done; one without condition comes last. */
export interface LogstashBranch {
  readonly condition: LogstashCondition | undefined;
  readonly statements: readonly LogstashStatement[];
}

export type LogstashCondition =
  /** A field is one of some texts. */
  | { readonly field: string; readonly anyOf: readonly string[] }
  /** A field matches a regular expression. */
  | { readonly field: string; readonly matches: string }
  | { readonly all: readonly LogstashCondition[] };

export interface LogstashPipeline {
  readonly input: readonly LogstashStatement[];
  readonly filter: readonly LogstashStatement[];
  readonly output: readonly LogstashStatement[];
}

export function plugin(name: string, settings: { readonly [name: string]: LogstashValue } = {}): LogstashStatement {
  return { plugin: name, settings };
}

/** A pipeline in the language of Logstash (elastic/logstash, logstash-core/lib/logstash/compiler/lscl/lscl_grammar.treetop). */
export function writeLogstash(pipeline: LogstashPipeline): string {
  const section = (name: 'input' | 'filter' | 'output') =>
    `${name} {\n${pipeline[name].map((statement) => written(statement, 1)).join('')}}\n`;
  return `${section('input')}\n${section('filter')}\n${section('output')}`;
}

function written(statement: LogstashStatement, depth: number): string {
  const lead = '  '.repeat(depth);
  if ('plugin' in statement) {
    const settings = Object.entries(statement.settings).map(
      ([name, value]) => `${lead}  ${name} => ${valueText(value, depth + 1)}\n`,
    );
    return settings.length === 0
      ? `${lead}${statement.plugin} { }\n`
      : `${lead}${statement.plugin} {\n${settings.join('')}${lead}}\n`;
  }
  return statement.branches
    .map(({ condition, statements }, at) => {
      const head = condition === undefined ? 'else' : `${at === 0 ? 'if' : 'else if'} ${conditionText(condition)}`;
      return `${lead}${head} {\n${statements.map((one) => written(one, depth + 1)).join('')}${lead}}\n`;
    })
    .join('');
}

/** A list with one member would be compared as a text: each value is compared by itself. */
function conditionText(condition: LogstashCondition): string {
  if ('all' in condition) return condition.all.map((one) => `(${conditionText(one)})`).join(' and ');
  if ('matches' in condition) return `${condition.field} =~ ${text(condition.matches)}`;
  return condition.anyOf.map((value) => `${condition.field} == ${text(value)}`).join(' or ');
}

function valueText(value: LogstashValue, depth: number): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const lead = '  '.repeat(depth);
  if (isList(value)) return `[${value.map((one) => valueText(one, depth)).join(', ')}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${lead}  ${text(key)} => ${valueText(member, depth + 1)}\n`,
  );
  return `{\n${members.join('')}${lead}}`;
}

/** In quotes. Backslashes stand for themselves as long as config.support_escapes is off; a quote is written with one before it, which regular expressions read as the quote alone. */
function text(value: string): string {
  if (!value.includes('"')) return `"${value}"`;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/(?<!\\)"/g, '\\"')}"`;
}

function isList(value: LogstashValue): value is readonly LogstashValue[] {
  return Array.isArray(value);
}
