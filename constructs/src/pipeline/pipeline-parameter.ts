import { namedArguments } from './private/plain-values';
import type { ParameterTree } from './private/tree';

/** Of a parameter of a pipeline. */
export interface PipelineParameterOptions {
  /** For whoever starts the pipeline. @default - none */
  readonly description?: string;
}

/** Of a text. */
export interface TextParameterOptions extends PipelineParameterOptions {
  /** What stands there unless somebody changes it. @default - empty */
  readonly defaultValue?: string;
  /** Blanks at both ends are left out; one line only. @default - they are kept */
  readonly trim?: boolean;
}

/** Of a yes or no. */
export interface FlagParameterOptions extends PipelineParameterOptions {
  /** Unless somebody changes it. @default false */
  readonly defaultValue?: boolean;
}

/** What is asked of whoever starts a pipeline. Its steps find it in the environment, under its name. */
export class PipelineParameter {
  /** One line. */
  public static line(name: string, options: TextParameterOptions = {}): PipelineParameter {
    return new PipelineParameter({ kind: 'parameter', type: 'string', name, ...options });
  }

  /** Several lines. */
  public static text(name: string, options: TextParameterOptions = {}): PipelineParameter {
    return new PipelineParameter({ kind: 'parameter', type: 'text', name, ...options });
  }

  /** Yes or no. */
  public static flag(name: string, options: FlagParameterOptions = {}): PipelineParameter {
    return new PipelineParameter({ kind: 'parameter', type: 'booleanParam', name, ...options });
  }

  /** One of several; the first is the default. */
  public static choice(name: string, choices: string[], options: PipelineParameterOptions = {}): PipelineParameter {
    return new PipelineParameter({ kind: 'parameter', type: 'choice', name, choices: [...choices], ...options });
  }

  /** A secret that is typed in. It has no default: that would be a secret in the program. */
  public static password(name: string, options: PipelineParameterOptions = {}): PipelineParameter {
    return new PipelineParameter({ kind: 'parameter', type: 'password', name, ...options });
  }

  /** A file that is uploaded; its name is the path in the workspace. */
  public static file(name: string, options: PipelineParameterOptions = {}): PipelineParameter {
    return new PipelineParameter({ kind: 'parameter', type: 'file', name, ...options });
  }

  /** A kind of parameter of a plugin. @param values its arguments by name */
  public static other(kind: string, values: { [name: string]: unknown }): PipelineParameter {
    return new PipelineParameter({ kind: 'call', name: kind, arguments: namedArguments(values) });
  }

  private constructor(private readonly tree: ParameterTree) {}

  /** @internal */
  public _tree(): ParameterTree {
    return this.tree;
  }
}
