import { blockOf, callIn, type Expression, type PlainCall, plainCall, type Statement, textOf } from './groovy-ast.ts';
import { type CodeForm, ValueReader } from './jenkinsfile-values.ts';

/** A part of the JSON tree of Jenkins. */
type Json = { readonly [name: string]: unknown };

export interface JenkinsfileReading {
  /** The tree as the JSON of Jenkins' editor; undefined where there is no pipeline. */
  readonly tree: unknown;
  /** What the text says and the types of a pipeline cannot. */
  readonly inexpressible: readonly string[];
}

/** Reads a declarative Jenkinsfile strictly: what has no place in the tree is told. */
export function readJenkinsfile(statements: readonly Statement[], form: CodeForm = 'source'): JenkinsfileReading {
  return new JenkinsfileReader(form).read(statements);
}

class JenkinsfileReader {
  private readonly inexpressible: string[] = [];

  private readonly values: ValueReader;

  public constructor(form: CodeForm) {
    this.values = new ValueReader(form, (what) => this.tell(what));
  }

  public read(statements: readonly Statement[]): JenkinsfileReading {
    const pipelines = statements.flatMap((statement) => {
      const call = callIn(statement);
      return call?.name === 'pipeline' ? [call] : [];
    });
    const [pipeline, ...more] = pipelines;
    if (pipeline === undefined || more.length > 0) this.tell('There is not one pipeline at the top.');
    const tree = pipeline === undefined ? undefined : { pipeline: this.pipeline(pipeline) };
    return { tree, inexpressible: this.inexpressible };
  }

  private tell(what: string): void {
    this.inexpressible.push(what);
  }

  /** Sections by their name, each at most once. */
  private sections(
    what: string,
    statements: readonly Statement[],
    known: { readonly [name: string]: (call: PlainCall) => Json },
  ): Json {
    const seen = new Set<string>();
    let result: Json = {};
    for (const statement of statements) {
      const call = callIn(statement);
      if (call === undefined) {
        this.tell(`${what} has something that is no section.`);
        continue;
      }
      if (seen.has(call.name)) this.tell(`${what} has "${call.name}" twice.`);
      seen.add(call.name);
      const read = Object.hasOwn(known, call.name) ? known[call.name] : undefined;
      if (read === undefined) this.tell(`${what} has no section "${call.name}".`);
      else result = { ...result, ...read(call) };
    }
    return result;
  }

  /** The statements between the braces of a section. */
  private block(call: PlainCall): readonly Statement[] {
    const block = blockOf(call);
    if (block === undefined || call.arguments.length !== 1)
      this.tell(`"${call.name}" is not followed by a block alone.`);
    return block ?? [];
  }

  private readonly scope = {
    agent: (call: PlainCall): Json => ({ agent: this.agent(call) }),
    environment: (call: PlainCall): Json => ({ environment: this.block(call).map((each) => this.variable(each)) }),
    tools: (call: PlainCall): Json => ({ tools: this.calls(call, (tool) => this.tool(tool)) }),
    options: (call: PlainCall): Json => ({ options: { options: this.calls(call, (each) => this.values.call(each)) } }),
    post: (call: PlainCall): Json => ({
      post: {
        conditions: this.calls(call, (each) => ({
          condition: each.name,
          branch: { name: 'default', steps: this.block(each).map((step) => this.step(step)) },
        })),
      },
    }),
  };

  private readonly conditionalScope = {
    ...this.scope,
    when: (call: PlainCall): Json => ({ when: this.when(call) }),
    input: (call: PlainCall): Json => ({ input: this.input(call) }),
    stages: (call: PlainCall): Json => ({ stages: this.stages(call) }),
  };

  private pipeline(call: PlainCall): Json {
    return this.sections('pipeline', this.block(call), {
      ...this.scope,
      stages: (each) => ({ stages: this.stages(each) }),
      parameters: (each) => ({ parameters: this.parameters(each) }),
      triggers: (each) => ({ triggers: { triggers: this.calls(each, (trigger) => this.values.call(trigger)) } }),
      libraries: (each) => ({ libraries: { libraries: this.calls(each, (library) => this.library(library)) } }),
    });
  }

  /** What stands in a section, one call each. */
  private calls<T>(section: PlainCall, read: (call: PlainCall) => T): T[] {
    return this.block(section).flatMap((statement) => {
      const call = callIn(statement);
      if (call === undefined) this.tell(`"${section.name}" has something that is no call.`);
      return call === undefined ? [] : [read(call)];
    });
  }

  private parameters(call: PlainCall): Json {
    return { parameters: this.calls(call, (parameter) => this.values.call(parameter)) };
  }

  private library(call: PlainCall): Json {
    const [only, ...more] = call.arguments;
    if (call.name !== 'lib' || only === undefined || more.length > 0) this.tell('A library is not lib("…").');
    return this.values.raw(only);
  }

  private tool(call: PlainCall): Json {
    const [only, ...more] = call.arguments;
    if (only === undefined || more.length > 0) this.tell(`The tool "${call.name}" has not one version.`);
    return { key: call.name, value: this.values.raw(only) };
  }

  private stages(section: PlainCall): Json[] {
    return this.calls(section, (call) => {
      if (call.name !== 'stage') this.tell(`"${call.name}" stands among stages.`);
      return this.stage(call);
    });
  }

  private stage(call: PlainCall): Json {
    const [name] = call.arguments;
    const block = blockOf(call);
    const text = textOf(name);
    if (text === undefined || block === undefined || call.arguments.length !== 2) {
      this.tell('A stage has not one name and one block.');
    }
    const inner = this.sections('stage', block ?? [], {
      ...this.conditionalScope,
      steps: (each) => this.branches(each),
      parallel: (each) => ({ parallel: this.stages(each) }),
      matrix: (each) => ({ matrix: this.matrix(each) }),
      failFast: (each) => ({ failFast: this.flag(each) }),
    });
    return { name: text ?? '', ...inner };
  }

  private flag(call: PlainCall): boolean {
    const [only, ...more] = call.arguments;
    const isFlag = only?.kind === 'constant' && only.type === 'flag' && more.length === 0;
    if (!isFlag) this.tell(`"${call.name}" is neither true nor false.`);
    return isFlag && only.value === true;
  }

  private branches(call: PlainCall): Json {
    const statements = this.block(call);
    const [first, ...more] = statements;
    const parallel = first === undefined ? undefined : callIn(first);
    if (parallel?.name !== 'parallel' || more.length > 0) {
      return { branches: [{ name: 'default', steps: statements.map((statement) => this.step(statement)) }] };
    }
    const [named] = parallel.arguments;
    const entries = named?.kind === 'named' || named?.kind === 'map' ? (named.entries ?? []) : [];
    let failFast: boolean | undefined;
    const branches = entries.flatMap(({ key, value }) => {
      const expression = value as Expression;
      const name = textOf(key);
      if (name === 'failFast' && expression.kind === 'constant' && expression.type === 'flag') {
        failFast = expression.value === true;
        return [];
      }
      if (name === undefined || expression.kind !== 'closure') {
        this.tell('A branch of "parallel" is no block.');
        return [];
      }
      return [{ name, steps: (expression.body ?? []).map((statement) => this.step(statement)) }];
    });
    return { branches, ...(failFast === undefined ? {} : { failFast }) };
  }

  private matrix(call: PlainCall): Json {
    return this.sections('matrix', this.block(call), {
      ...this.conditionalScope,
      axes: (each) => ({ axes: this.calls(each, (axis) => this.axis(axis)) }),
      excludes: (each) => ({
        excludes: this.calls(each, (exclude) => {
          if (exclude.name !== 'exclude') this.tell(`"${exclude.name}" stands among excludes.`);
          return this.calls(exclude, (axis) => this.axis(axis));
        }),
      }),
    });
  }

  private axis(call: PlainCall): Json {
    if (call.name !== 'axis') this.tell(`"${call.name}" stands among axes.`);
    const inner = this.sections('axis', this.block(call), {
      name: (each) => {
        const text = textOf(each.arguments[0]);
        if (text === undefined || each.arguments.length !== 1) this.tell('The name of an axis is no text.');
        return { name: text ?? '' };
      },
      values: (each) => ({ values: each.arguments.map((value) => this.values.raw(value)) }),
      notValues: (each) => ({ excluded: each.arguments.map((value) => this.values.raw(value)) }),
    });
    const { excluded, ...axis } = inner;
    if (excluded === undefined) return axis;
    if (axis.values !== undefined) this.tell('An axis has values and notValues.');
    return { ...axis, values: excluded, inverse: true };
  }

  private agent(call: PlainCall): Json {
    const [only, ...more] = call.arguments;
    if (only?.kind === 'variable' && more.length === 0) return { type: only.name };
    const inner = this.block(call);
    const kinds = inner.map(callIn);
    const [kind] = kinds;
    if (kinds.length !== 1 || kind === undefined) {
      this.tell('The agent is not of one kind.');
      return { type: 'none' };
    }
    const block = blockOf(kind);
    if (block !== undefined) {
      return { type: kind.name === 'label' ? 'node' : kind.name, arguments: this.settings(kind) };
    }
    const [argument, ...others] = kind.arguments;
    if (others.length > 0) this.tell('The agent has several values without names.');
    return argument === undefined ? { type: kind.name } : { type: kind.name, argument: this.values.raw(argument) };
  }

  private settings(call: PlainCall): Json[] {
    return this.calls(call, (setting) => {
      const [only, ...more] = setting.arguments;
      if (only === undefined || more.length > 0) this.tell(`The setting "${setting.name}" has not one value.`);
      if (blockOf(setting) !== undefined) return { key: setting.name, value: this.settings(setting) };
      return { key: setting.name, value: this.values.raw(only) };
    });
  }

  private variable(statement: Statement): Json {
    const { value } = statement;
    const key = value?.left;
    if (value?.kind !== 'binary' || value.operation !== '=' || key?.kind !== 'variable') {
      this.tell('environment has something that is no NAME = value.');
      return { key: 'UNKNOWN', value: { isLiteral: true, value: '' } };
    }
    return { key: key.name, value: this.variableValue(value.right) };
  }

  private variableValue(value: Expression | undefined): Json {
    const call = plainCall(value);
    if (call?.name === 'credentials') {
      return { name: 'credentials', arguments: call.arguments.map((each) => this.values.raw(each)) };
    }
    const parts = concatenated(value);
    if (parts === undefined) this.tell('A variable is made of something else than texts joined by "+".');
    else if (parts.length > 1 && parts.every((part) => textOf(part) !== undefined)) {
      return { isLiteral: true, value: parts.map(textOf).join('') };
    }
    return this.values.raw(value);
  }

  private when(call: PlainCall): Json {
    const flags: { [name: string]: boolean } = {};
    const conditions = this.calls(call, (each) => {
      if (/^before(Agent|Input|Options)$/.test(each.name)) {
        flags[each.name] = this.flag(each);
        return [];
      }
      return [this.condition(each)];
    }).flat();
    return { ...flags, conditions };
  }

  private condition(call: PlainCall): Json {
    const block = blockOf(call);
    if (call.name === 'expression') return { name: call.name, arguments: this.values.code(call) };
    if (block === undefined) return { name: call.name, arguments: this.values.arguments(call.arguments) };
    const given = call.arguments.slice(0, -1);
    const children = block.flatMap((statement) => {
      const inner = callIn(statement);
      if (inner === undefined) this.tell('A condition is no call.');
      return inner === undefined ? [] : [this.condition(inner)];
    });
    return { name: call.name, ...(given.length === 0 ? {} : { arguments: this.values.arguments(given) }), children };
  }

  private input(call: PlainCall): Json {
    const field = (name: string) => (each: PlainCall) => {
      if (each.arguments.length !== 1) this.tell(`"${name}" has not one value.`);
      return { [name]: this.values.raw(each.arguments[0]) };
    };
    return this.sections('input', this.block(call), {
      ...Object.fromEntries(
        ['message', 'id', 'ok', 'submitter', 'submitterParameter'].map((name) => [name, field(name)]),
      ),
      parameters: (each) => ({ parameters: this.parameters(each) }),
    });
  }

  private step(statement: Statement): Json {
    const call = callIn(statement);
    if (call === undefined) {
      this.tell('A step is no call of a step.');
      return { name: 'unknown', arguments: [] };
    }
    if (call.name === 'script') return { name: call.name, arguments: this.values.code(call) };
    const block = blockOf(call);
    if (block === undefined) return { name: call.name, arguments: this.values.arguments(call.arguments) };
    return {
      name: call.name,
      arguments: this.values.arguments(call.arguments.slice(0, -1)),
      children: block.map((each) => this.step(each)),
    };
  }
}

/** What "+" joins, if it is texts and nothing else; a single value of another kind is left to the rules. */
function concatenated(value: Expression | undefined): readonly Expression[] | undefined {
  if (value?.kind !== 'binary') return value === undefined || value.kind === 'ternary' ? undefined : [value];
  if (value.operation !== '+') return undefined;
  const left = concatenated(value.left);
  const right = concatenated(value.right);
  const parts = left === undefined || right === undefined ? undefined : [...left, ...right];
  return parts?.every(({ kind }) => kind === 'constant' || kind === 'gstring') ? parts : undefined;
}
