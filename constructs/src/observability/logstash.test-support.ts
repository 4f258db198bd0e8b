/** A value as a configuration of Logstash has it. */
export type Value = string | number | boolean | Value[] | { [key: string]: Value };

export interface LogstashPlugin {
  readonly plugin: string;
  readonly settings: { [name: string]: Value };
}

export interface LogstashIf {
  readonly branches: { readonly condition: Condition | undefined; readonly statements: LogstashNode[] }[];
}

export type LogstashNode = LogstashPlugin | LogstashIf;

export interface LogstashSection {
  readonly name: string;
  readonly statements: LogstashNode[];
}

type Condition =
  | { readonly and: Condition[] }
  | { readonly or: Condition[] }
  | { readonly field: string; readonly operator: string; readonly value: string };

/** Reads the language of Logstash, as far as its grammar goes that anything here needs (lscl_grammar.treetop). Throws at what it does not know. */
export function readLogstash(text: string): LogstashSection[] {
  const tokens: string[] = [];
  const token = /\s*("(?:\\"|[^"])*"|'(?:\\'|[^'])*'|=>|=~|==|[{}[\](),]|[^\s{}[\](),"']+)/y;
  while (text.slice(token.lastIndex).trim() !== '') {
    const from = token.lastIndex;
    const [, found] = token.exec(text) ?? [];
    if (found === undefined) throw new Error(`no token: ${text.slice(from, from + 40)}`);
    tokens.push(found);
  }
  let at = 0;
  const peek = () => tokens[at];
  const next = (expected?: string) => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(
        `expected ${expected ?? 'something'}, found ${token} behind ${tokens.slice(Math.max(0, at - 6), at - 1).join(' ')}`,
      );
    return token;
  };
  const unquoted = (token: string) => token.slice(1, -1);
  const value = (): Value => {
    const token = next();
    if (/^["']/.test(token)) return unquoted(token);
    if (token === '[') {
      const list: Value[] = [];
      while (peek() !== ']') {
        list.push(value());
        if (peek() === ',') next();
      }
      next(']');
      return list;
    }
    if (token === '{') {
      const map: { [key: string]: Value } = {};
      while (peek() !== '}') {
        const key = next();
        next('=>');
        map[/^["']/.test(key) ? unquoted(key) : key] = value();
      }
      next('}');
      return map;
    }
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^\d+$/.test(token)) return Number(token);
    throw new Error(`no value: ${token}`);
  };
  const field = (): string => {
    let name = '';
    while (peek() === '[') name += `${next('[')}${next()}${next(']')}`;
    if (name === '') throw new Error(`no field: ${peek()}`);
    return name;
  };
  const term = (): Condition => {
    if (peek() === '(') {
      next('(');
      const inner = condition();
      next(')');
      return inner;
    }
    const name = field();
    const operator = next();
    if (!['==', '=~'].includes(operator)) throw new Error(`no operator: ${operator}`);
    return { field: name, operator, value: unquoted(next()) };
  };
  const condition = (): Condition => {
    const all = [term()];
    const word = peek();
    if (word !== 'and' && word !== 'or') return all[0] as Condition;
    while (peek() === word) {
      next(word);
      all.push(term());
    }
    return word === 'and' ? { and: all } : { or: all };
  };
  const block = (): LogstashNode[] => {
    next('{');
    const statements: LogstashNode[] = [];
    while (peek() !== '}') statements.push(statement());
    next('}');
    return statements;
  };
  const statement = (): LogstashNode => {
    if (peek() === 'if') {
      next('if');
      const branches: LogstashIf['branches'] = [{ condition: condition(), statements: block() }];
      while (peek() === 'else') {
        next('else');
        if (peek() === 'if') {
          next('if');
          branches.push({ condition: condition(), statements: block() });
        } else branches.push({ condition: undefined, statements: block() });
      }
      return { branches };
    }
    const name = next();
    if (!/^[a-z_]+$/.test(name)) throw new Error(`no plugin: ${name}`);
    next('{');
    const settings: { [name: string]: Value } = {};
    while (peek() !== '}') {
      const key = next();
      next('=>');
      settings[key] = value();
    }
    next('}');
    return { plugin: name, settings };
  };
  const sections: LogstashSection[] = [];
  while (at < tokens.length) {
    const name = next();
    if (!['input', 'filter', 'output'].includes(name)) throw new Error(`no section: ${name}`);
    sections.push({ name, statements: block() });
  }
  return sections;
}

// biome-ignore lint/suspicious/noExplicitAny: records have fields of any kind
type Event = any;

/** What the filters of a pipeline make of a record, as Logstash's documentation has each; undefined where it is dropped. */
export function filterWith(sections: readonly LogstashSection[]): (record: object) => Event | undefined {
  const statements = sections.find(({ name }) => name === 'filter')?.statements ?? [];
  return (record) => {
    const event = { '@metadata': {}, ...structuredClone(record) };
    return applied(statements, event) ? event : undefined;
  };
}

/** @returns whether the record is still there */
function applied(statements: readonly LogstashNode[], event: Event): boolean {
  for (const statement of statements) {
    if ('branches' in statement) {
      const branch = statement.branches.find(({ condition }) => condition === undefined || holds(condition, event));
      if (branch !== undefined && !applied(branch.statements, event)) return false;
    } else if (statement.plugin === 'drop') return false;
    else filter(statement, event);
  }
  return true;
}

function filter({ plugin, settings }: LogstashPlugin, event: Event): void {
  switch (plugin) {
    case 'mutate':
      for (const [name, value] of Object.entries({ ...asMap(settings.add_field), ...asMap(settings.replace) }))
        set(event, name, value);
      for (const [from, to] of Object.entries(asMap(settings.copy))) {
        const value = get(event, from);
        if (value !== undefined) set(event, String(to), value);
      }
      for (const name of (settings.remove_field as string[] | undefined) ?? []) set(event, name, undefined);
      return;
    case 'json':
      try {
        event[String(settings.target)] = JSON.parse(String(event[String(settings.source)]));
      } catch {
        if (settings.skip_on_invalid_json !== true) event.tags = ['_jsonparsefailure'];
      }
      return;
    case 'grok':
      for (const [name, pattern] of Object.entries(asMap(settings.match))) {
        const text = String(pattern).replace('(?i:', '(?:');
        Object.assign(event, new RegExp(text, 'i').exec(String(event[name]))?.groups ?? {});
      }
      return;
    default:
      throw new Error(`no filter: ${plugin}`);
  }
}

function asMap(value: Value | undefined): { [key: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function pathOf(field: string): string[] {
  return [...field.matchAll(/\[([^\]]+)\]/g)].map(([, name = '']) => name);
}

function get(event: Event, field: string): unknown {
  return pathOf(field).reduce<Event>((value, name) => value?.[name], event);
}

function set(event: Event, field: string, value: unknown): void {
  const path = pathOf(field);
  const last = path.pop() ?? '';
  const target = path.reduce<Event>((inner, name) => {
    inner[name] ??= {};
    return inner[name];
  }, event);
  target[last] = value;
}

function holds(condition: Condition, event: Event): boolean {
  if ('and' in condition) return condition.and.every((one) => holds(one, event));
  if ('or' in condition) return condition.or.some((one) => holds(one, event));
  const value = get(event, condition.field);
  if (condition.operator === '==') return value === condition.value;
  return value !== undefined && new RegExp(condition.value).test(String(value));
}
