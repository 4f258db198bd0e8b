import { CallSite } from '../private/location';
import { type Problem, problemAt, throwProblems } from '../private/problem';
import { saidTwice } from '../private/said-twice';
import { MigGeometry } from './mig-geometry';
import type { MigModel } from './mig-model';
import { MigPlan } from './mig-plan';
import type { ModelGeometry } from './private/mig-models';
import { type Demand, packCards } from './private/mig-packing';
import { serving } from './private/mig-serving';

/** A node with cards of one model. */
export interface MigNode {
  /** Name of the node. */
  readonly name: string;
  /** Model of its cards. */
  readonly model: MigModel;
  /** How many it has. */
  readonly cards: number;
}

/** What wants instances: by the name of a profile, or by what it needs at least. */
export interface MigWorkload {
  /** Of the workload, unique in a plan. */
  readonly name: string;
  /** Profile of its instances, e.g. "3g.40gb". Only nodes whose model has it are used. @default - the smallest that has what is needed */
  readonly profile?: string;
  /** Memory of each instance at least, GB as in the names of profiles. @default 0 */
  readonly gigabytes?: number;
  /** Compute slices of each instance at least. @default 1 */
  readonly computeSlices?: number;
  /** How many instances it wants, as a rule one for each pod. @default 1 */
  readonly instances?: number;
}

/** Plans how cards are partitioned for workloads. Nothing is asked of a cluster, and the same input gives the same plan. */
export class MigPlanner {
  /** Packs what workloads want onto the cards of nodes: as much as has room, on as few cards as is found. */
  public static pack(nodes: MigNode[], workloads: MigWorkload[]): MigPlan {
    const problems = [...nodeProblems(nodes), ...workloadProblems(workloads)];
    if (problems.length > 0) {
      const { source } = new CallSite();
      throwProblems(problems.map((problem) => ({ ...problem, source })));
    }
    const cards = nodes.flatMap((node) => {
      const geometry = MigGeometry.of(node.model)._geometry;
      return Array.from({ length: node.cards }, (_, index) => ({ node, index, geometry }));
    });
    const geometries = [...new Set(cards.map(({ geometry }) => geometry))];
    const demands = workloads.flatMap((workload) => {
      const demand = demandOf(workload, geometries);
      return Array.from({ length: workload.instances ?? 1 }, () => ({ workload, demand }));
    });
    const packed = packCards(
      cards.map(({ geometry }) => geometry),
      demands.map(({ demand }) => demand),
    );
    return MigPlan._of(
      cards.map((card, at) => ({ ...card, counts: packed[at]?.counts ?? [], demands: packed[at]?.demands ?? [] })),
      demands,
    );
  }

  private constructor() {}
}

function demandOf(workload: MigWorkload, geometries: readonly ModelGeometry[]): Demand {
  return new Map(
    geometries.flatMap((geometry) => {
      const at = serving(geometry, workload);
      return at === undefined ? [] : [[geometry, at] as const];
    }),
  );
}

function nodeProblems(nodes: readonly MigNode[]): Problem[] {
  const bad = nodes.filter(({ cards }) => !Number.isSafeInteger(cards) || cards < 0);
  return [
    ...twice(nodes, 'node'),
    ...bad.map(({ name, cards }) => problemAt(undefined, 'ORR2011', `Node "${name}" has ${cards} cards.`, WHOLE)),
  ];
}

function workloadProblems(workloads: readonly MigWorkload[]): Problem[] {
  return [
    ...twice(workloads, 'workload'),
    ...workloads.flatMap(({ name, profile, gigabytes, computeSlices, instances }) => {
      const problems: Problem[] = [];
      for (const [what, value] of Object.entries({ instances, computeSlices })) {
        if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue;
        problems.push(problemAt(undefined, 'ORR2011', `Workload "${name}" has ${what}: ${value}.`, WHOLE));
      }
      if (gigabytes !== undefined && !(gigabytes >= 0 && Number.isFinite(gigabytes))) {
        const fix = { fix: 'Use a number of gigabytes, 0 or more.' };
        problems.push(problemAt(undefined, 'ORR2011', `Workload "${name}" has gigabytes: ${gigabytes}.`, fix));
      }
      if (profile !== undefined && (gigabytes !== undefined || computeSlices !== undefined)) {
        const what = `Workload "${name}" names the profile ${profile}, and what it needs beside.`;
        problems.push(problemAt(undefined, 'ORR2012', what, { fix: 'A profile says both: leave out one of the two.' }));
      }
      return problems;
    }),
  ];
}

const WHOLE = { fix: 'Use a whole number; of instances and slices at least 1.' };

function twice(named: readonly { readonly name: string }[], what: string): Problem[] {
  return saidTwice(named.map(({ name }) => name)).map((name) =>
    problemAt(undefined, 'ORR2004', `Two ${what}s are named "${name}".`, {
      fix: `Give each ${what} a name of its own.`,
    }),
  );
}
