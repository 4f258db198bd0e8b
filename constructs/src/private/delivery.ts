import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Cluster } from '../cluster';
import type { Placement } from '../placement';
import { Platform } from '../platform';
import { DNS_LABEL_RULE, isDnsLabel } from './names';
import { NOWHERE, type Placed, type ReportPlacement } from './placement-rules';
import { collectProblems, type Problem, problemAt } from './problem';
import { boundsForSpread, checkSpread } from './spread';

/** Resolves a placement for a construct, adding located problems. */
export function placedOn(construct: IConstruct, placement: Placement | undefined, problems: Problem[]): Placed {
  return (
    resolvedOn(construct, placement, problems, (given, all, report) => [given._resolve(all, report)])[0] ?? NOWHERE
  );
}

/** The clusters of a construct that has a placement, in order of declaration. */
export function placedClusters(
  construct: IConstruct,
  placement: Placement | undefined,
  problems: Problem[],
): Cluster[] {
  return [...placedOn(construct, placement, problems).weights.keys()];
}

/** Like `placedOn`, with every group of a placement that has several in order of preference. */
export function placedGroupsOn(
  construct: IConstruct,
  placement: Placement | undefined,
  problems: Problem[],
): readonly Placed[] {
  return resolvedOn(construct, placement, problems, (given, all, report) => given._resolveGroups(all, report));
}

function resolvedOn(
  construct: IConstruct,
  placement: Placement | undefined,
  problems: Problem[],
  resolve: (placement: Placement, all: Cluster[], report: ReportPlacement) => Placed[],
): readonly Placed[] {
  if (placement === undefined) {
    const fix = 'Say where it goes, e.g. placement: Placement.everywhere().';
    problems.push(problemAt(construct, 'ORR2017', `The ${construct.constructor.name} has no placement.`, { fix }));
    return [];
  }
  const report: ReportPlacement = ({ code, what, fix }) => problems.push(problemAt(construct, code, what, { fix }));
  const resolved = collectProblems(problems, () =>
    resolve(placement, Platform.of(construct).clusters, report).map((placed) => {
      checkSpread(placed, report);
      return { ...placed, bounds: boundsForSpread(placed) };
    }),
  );
  return resolved ?? [];
}

/** Clusters of a construct that is either inside one cluster or placed on several from the platform. */
export function clustersOf(construct: IConstruct, placement: Placement | undefined, problems: Problem[]): Cluster[] {
  const inside = Cluster.tryOf(construct);
  const kind = construct.constructor.name;
  if (inside !== undefined) {
    if (placement !== undefined) {
      const fix = `Leave the placement out, or make the ${kind} in the platform.`;
      problems.push(
        problemAt(construct, 'ORR2017', `The ${kind} is inside cluster "${inside}" and has a placement.`, { fix }),
      );
    }
    return [inside];
  }
  if (placement === undefined) {
    const fix = 'Say where it goes: placement: Placement.everywhere(), or make it inside a Cluster.';
    problems.push(problemAt(construct, 'ORR2017', `The ${kind} is in the platform and has no placement.`, { fix }));
    return [];
  }
  return placedClusters(construct, placement, problems);
}

/** Namespace of the nearest chart around a construct. */
export function chartNamespace(construct: IConstruct): string | undefined {
  return construct.node.scopes.filter((scope): scope is Chart => Chart.isChart(scope)).pop()?.namespace;
}

/** A namespace that is given to objects that name none. */
export function validateNamespace(construct: IConstruct, namespace: string | undefined, problems: Problem[]): void {
  if (namespace === undefined || isDnsLabel(namespace)) return;
  const fix = `Use ${DNS_LABEL_RULE}.`;
  problems.push(problemAt(construct, 'ORR2003', `"${namespace}" is not a valid namespace.`, { fix }));
}
