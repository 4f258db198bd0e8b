import type { ProblemCode } from '../../private/problem';

/** What is wrong with a pipeline. */
export interface ModelFinding {
  readonly code: ProblemCode;
  /** "stage "Build" › steps › sh". */
  readonly where: string;
  readonly what: string;
  readonly fix: string;
}

/** Collects what is wrong, below one place of the tree. */
export class ModelReport {
  public constructor(
    public readonly findings: ModelFinding[] = [],
    private readonly where: string = '',
  ) {}

  /** The same list, at a place below. */
  public at(place: string): ModelReport {
    return new ModelReport(this.findings, this.where === '' ? place : `${this.where} › ${place}`);
  }

  /** A value that is not valid. */
  public invalid(what: string, fix: string): void {
    this.add('ORR2011', what, fix);
  }

  /** Things that contradict each other, or cannot have an effect. */
  public contradiction(what: string, fix: string): void {
    this.add('ORR2012', what, fix);
  }

  /** A name that is used twice. */
  public duplicates(kind: string, names: readonly string[]): void {
    for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
      this.add('ORR2004', `${kind} "${name}" is there twice.`, 'Give each a name of its own, or leave one out.');
    }
  }

  /** A name that cannot be one. */
  public name(what: string, fix: string): void {
    this.add('ORR2003', what, fix);
  }

  private add(code: ProblemCode, what: string, fix: string): void {
    this.findings.push({ code, where: this.where, what, fix });
  }
}
