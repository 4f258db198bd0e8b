import { ALTERATIONS, type AlterationName } from './alterations.ts';

/** Kinds of mutation by their names; those of more weight are drawn more often. */
export type WeightedTable<Run> = Readonly<Record<string, { readonly weight: number; readonly run: Run }>>;

/** Every name as often as it weighs, to pick from. */
export function namesByWeight(table: WeightedTable<unknown>): string[] {
  return Object.entries(table).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));
}

/**
 * A kind of mutation for each alteration.
 * @param weights others weigh `otherwise`
 */
export function alterationTable<Run>(
  nameOf: (name: AlterationName) => string,
  weights: Partial<Record<AlterationName, number>>,
  otherwise: number,
  run: (name: AlterationName) => Run,
): WeightedTable<Run> {
  return Object.fromEntries(
    (Object.keys(ALTERATIONS) as AlterationName[]).map((name) => [
      nameOf(name),
      { weight: weights[name] ?? otherwise, run: run(name) },
    ]),
  );
}
