import { namedArguments, positionalArguments } from './private/plain-values';
import type { ArgumentsTree, ConditionTree } from './private/tree';

/** How a pattern is compared. */
export enum PatternComparator {
  /** As Ant does: "release-*", "**\/*.js". */
  GLOB = 'GLOB',
  /** A regular expression of Java. */
  REGEXP = 'REGEXP',
  /** The very text. */
  EQUALS = 'EQUALS',
}

/** What a pull request must have, as patterns; what is not named does not matter. */
export interface ChangeRequestPattern {
  /** Number of it. @default - any */
  readonly id?: string;
  /** Branch that it goes into. @default - any */
  readonly target?: string;
  /** Branch that it comes from. @default - any */
  readonly branch?: string;
  /** Name of the fork. @default - any */
  readonly fork?: string;
  /** Address of it. @default - any */
  readonly url?: string;
  /** Title of it. @default - any */
  readonly title?: string;
  /** Name of the author. @default - any */
  readonly author?: string;
  /** Mail address of the author. @default - any */
  readonly authorEmail?: string;
  /** How they are compared. @default PatternComparator.EQUALS */
  readonly comparator?: PatternComparator;
}

/** When a stage runs. */
export class PipelineWhen {
  /** The branch that is built. @param comparator default GLOB */
  public static branch(pattern: string, comparator?: PatternComparator): PipelineWhen {
    return new PipelineWhen('branch', patternArguments(pattern, comparator));
  }

  /** A tag is built, of this name. @param pattern default: of any name @param comparator default GLOB */
  public static tag(pattern?: string, comparator?: PatternComparator): PipelineWhen {
    if (pattern === undefined) return new PipelineWhen('tag', namedArguments({ comparator }));
    return new PipelineWhen('tag', patternArguments(pattern, comparator));
  }

  /** A tag is built. */
  public static buildingTag(): PipelineWhen {
    return new PipelineWhen('buildingTag');
  }

  /** A pull or merge request is built. */
  public static changeRequest(pattern: ChangeRequestPattern = {}): PipelineWhen {
    return new PipelineWhen('changeRequest', namedArguments({ ...pattern }));
  }

  /** A commit message of the build fits. @param pattern regular expression of Java */
  public static changelog(pattern: string): PipelineWhen {
    return new PipelineWhen('changelog', positionalArguments([pattern]));
  }

  /** A file that a commit of the build changes fits. @param comparator default GLOB */
  public static changeset(pattern: string, comparator?: PatternComparator): PipelineWhen {
    return new PipelineWhen('changeset', patternArguments(pattern, comparator));
  }

  /** A variable of the environment has this value. */
  public static environment(name: string, value: string): PipelineWhen {
    return new PipelineWhen('environment', namedArguments({ name, value }));
  }

  /** Two values are equal. @param actual mostly PipelineValue.param or PipelineValue.env @param expected plain data */
  public static equal(actual: unknown, expected: unknown): PipelineWhen {
    return new PipelineWhen('equals', namedArguments({ expected, actual }));
  }

  /** The run was started again from a stage. */
  public static isRestartedRun(): PipelineWhen {
    return new PipelineWhen('isRestartedRun');
  }

  /** What started the run: "TimerTrigger", "SCMTrigger", "UpstreamCause", "UserIdCause"… @param detail e.g. the name of the user */
  public static triggeredBy(cause: string, detail?: string): PipelineWhen {
    if (detail === undefined) return new PipelineWhen('triggeredBy', positionalArguments([cause]));
    return new PipelineWhen('triggeredBy', namedArguments({ cause, detail }));
  }

  /** An expression of Groovy: the escape hatch, for Jenkins alone. */
  public static expression(groovy: string): PipelineWhen {
    return new PipelineWhen('expression', {
      kind: 'positional',
      values: [{ kind: 'groovy', source: groovy }],
    });
  }

  /** All of them hold. */
  public static allOf(...conditions: PipelineWhen[]): PipelineWhen {
    return new PipelineWhen('allOf', { kind: 'none' }, conditions);
  }

  /** At least one of them holds. */
  public static anyOf(...conditions: PipelineWhen[]): PipelineWhen {
    return new PipelineWhen('anyOf', { kind: 'none' }, conditions);
  }

  /** It does not hold. (`not` in Jenkins; the word is taken in Python.) */
  public static negated(condition: PipelineWhen): PipelineWhen {
    return new PipelineWhen('not', { kind: 'none' }, [condition]);
  }

  /** A condition of a plugin. @param values its arguments by name */
  public static other(name: string, values: { [name: string]: unknown } = {}): PipelineWhen {
    return new PipelineWhen(name, namedArguments(values));
  }

  private constructor(
    private readonly name: string,
    private readonly given: ArgumentsTree = { kind: 'none' },
    private readonly children: readonly PipelineWhen[] = [],
  ) {}

  /** @internal */
  public _tree(): ConditionTree {
    return { name: this.name, arguments: this.given, children: this.children.map((child) => child._tree()) };
  }
}

function patternArguments(pattern: string, comparator: PatternComparator | undefined): ArgumentsTree {
  return comparator === undefined ? positionalArguments([pattern]) : namedArguments({ pattern, comparator });
}
