import { failHere } from '../private/problem';
import { valueTree } from './private/plain-values';
import type { TemplatePart, ValueTree } from './private/tree';

/** What is put into an argument, a variable or a parameter of a pipeline. Texts are texts: nothing in them is code, whatever they contain. */
export class PipelineValue {
  /** A text, as it is. */
  public static text(text: string): PipelineValue {
    return new PipelineValue({ kind: 'literal', value: text });
  }

  /** A number without fraction between -2^53 and 2^53. */
  public static number(value: number): PipelineValue {
    return new PipelineValue({ kind: 'literal', value });
  }

  /** True or false. */
  public static flag(value: boolean): PipelineValue {
    return new PipelineValue({ kind: 'literal', value });
  }

  /** Nothing: `null`. */
  public static nothing(): PipelineValue {
    return new PipelineValue({ kind: 'literal', value: null });
  }

  /** A variable of the environment, e.g. "BUILD_NUMBER". */
  public static env(name: string): PipelineValue {
    return new PipelineValue({ kind: 'template', parts: [{ kind: 'env', name }] });
  }

  /** A parameter of the pipeline. In a script of `sh` read it as variable of the environment: every parameter is one. */
  public static param(name: string): PipelineValue {
    return new PipelineValue({ kind: 'template', parts: [{ kind: 'param', name }] });
  }

  /** A text made of texts, variables and parameters: `joined('cart:', PipelineValue.env('BUILD_NUMBER'))`. */
  public static joined(...parts: unknown[]): PipelineValue {
    return new PipelineValue({ kind: 'template', parts: parts.flatMap(templateParts) });
  }

  /** Several values. @param items texts, numbers, booleans, lists, maps and PipelineValues */
  public static list(items: unknown[]): PipelineValue {
    return new PipelineValue(valueTree(items));
  }

  /** Values by name. @param entries texts, numbers, booleans, lists, maps and PipelineValues */
  public static record(entries: { [name: string]: unknown }): PipelineValue {
    return new PipelineValue(valueTree(entries));
  }

  /**
   * Something of a plugin by its symbol: `PipelineValue.symbol('logRotator', { numToKeepStr: '10' })`.
   * @param values its arguments by name
   */
  public static symbol(name: string, values: { [name: string]: unknown } = {}): PipelineValue {
    const named = Object.entries(values).map(([key, value]) => ({ name: key, value: valueTree(value) }));
    return new PipelineValue({
      kind: 'call',
      call: { kind: 'call', name, arguments: named.length === 0 ? { kind: 'none' } : { kind: 'named', values: named } },
    });
  }

  /**
   * An expression of Groovy: the escape hatch. Only Jenkins can compute it, it runs with the rights of the pipeline, and what it does nobody
   * checks, beside that it is one expression.
   */
  public static groovy(expression: string): PipelineValue {
    return new PipelineValue({ kind: 'groovy', source: expression });
  }

  private constructor(private readonly tree: ValueTree) {}

  /** @internal */
  public _tree(): ValueTree {
    return this.tree;
  }
}

function templateParts(part: unknown): readonly TemplatePart[] {
  const tree = valueTree(part);
  if (tree.kind === 'template') return tree.parts;
  if (tree.kind === 'literal') return [{ kind: 'text', text: String(tree.value) }];
  failHere(undefined, 'ORR2011', 'A joined text has a part that is neither text nor variable nor parameter.', {
    fix: 'Join texts, PipelineValue.env and PipelineValue.param.',
  });
}
