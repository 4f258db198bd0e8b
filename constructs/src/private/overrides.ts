import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import type { IClusterSelection } from '../cluster-selection';
import { CallSite } from './location';
import { collectProblems, type Problem, problemAt } from './problem';

/** One override as the program wrote it. */
export interface Override<T> {
  readonly value: T;
  readonly where: IClusterSelection;
  readonly site: CallSite;
}

/** Overrides in the order in which the program declares them; later ones win. */
export class Overrides<T> {
  private readonly declared: Override<T>[] = [];

  public constructor(private readonly construct: IConstruct) {}

  public add(where: IClusterSelection, value: T): void {
    this.declared.push({ where, value, site: new CallSite() });
  }

  public get all(): readonly Override<T>[] {
    return this.declared;
  }

  /** Those that concern a cluster. */
  public for(cluster: Cluster): Override<T>[] {
    if (this.declared.length === 0) return [];
    return this.declared.filter((override) => selected(override.where, []).includes(cluster));
  }

  /** Reports overrides that concern none of these clusters. */
  public validate(what: string, clusters: readonly Cluster[], problems: Problem[]): void {
    for (const { where, site } of this.declared) {
      const before = problems.length;
      const concerned = selected(where, problems);
      if (problems.length > before || concerned.some((cluster) => clusters.includes(cluster))) continue;
      const chosen = concerned.length === 0 ? 'no cluster at all' : concerned.join(', ');
      const fix = `It goes to: ${clusters.join(', ') || 'no cluster'}.`;
      problems.push(
        problemAt(
          this.construct,
          'ORR2019',
          `The ${what} is for ${chosen}, where "${this.construct.node.path}" does not go.`,
          {
            fix,
            source: site.source,
          },
        ),
      );
    }
  }
}

/** The clusters of a selection; a selection that names unknown clusters is reported. */
function selected(where: IClusterSelection, problems: Problem[]): readonly Cluster[] {
  return collectProblems(problems, () => where.selectedClusters) ?? [];
}
