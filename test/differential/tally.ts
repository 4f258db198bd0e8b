import type { Observation, ServerOutcome } from './observation.ts';
import type { Judge, Proof } from './proofs.ts';

const OUTCOMES: readonly ServerOutcome[] = ['same', 'ownership', 'changes', 'refused'];

/** Observations where the proof says "unchanged" and the server would change a value, or refuse the apply. */
export function falselyProved(observations: readonly Observation[], proof: Proof, judge: Judge): Observation[] {
  return observations.filter(
    (observation) =>
      (observation.outcome === 'changes' || observation.outcome === 'refused') && proof(observation, judge),
  );
}

/** Share of observations in which the dry run changes a value. */
export function shareOfChanges(observations: readonly Observation[]): number {
  return observations.filter(({ outcome }) => outcome === 'changes').length / observations.length;
}

/** A line per kind of mutation: how often, what the server did, how often it was proved unchanged. */
export function tallyText(observations: readonly Observation[], proof: Proof, judge: Judge): string {
  const classes = Map.groupBy(observations, ({ mutation }) => mutation);
  const rows = [...classes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => row(name, members, proof, judge));
  return [['mutation', 'count', ...OUTCOMES, 'proved'], ...rows, row('all', observations, proof, judge)]
    .map(([name = '', ...numbers]) => name.padEnd(34) + numbers.map((number) => number.padStart(10)).join(''))
    .join('\n');
}

function row(name: string, members: readonly Observation[], proof: Proof, judge: Judge): string[] {
  const outcomes = OUTCOMES.map((outcome) => members.filter((member) => member.outcome === outcome).length);
  const unchanged = members.filter((member) => proof(member, judge)).length;
  return [name, ...[members.length, ...outcomes, unchanged].map(String)];
}

/** What somebody needs to see where a proof was wrong. */
export function describeObservation({ mutation, desired, outcome, live, baseline }: Observation): string {
  const { group, kind, namespace, name } = desired.id;
  return [
    `${mutation}: ${group}/${kind} ${namespace}/${name}: the server says "${outcome}", the proof "unchanged"`,
    `  desired ${JSON.stringify(desired.object)}`,
    `  applied ${baseline.applied}`,
    `  live    ${live}`,
  ].join('\n');
}
