import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { normalise } from '../../lib/render/normalise.ts';
import { ALTERATIONS, type AlterationName, respelled, withServersValue } from './alterations.ts';
import type { Random } from './random.ts';
import type { Subject } from './subject.ts';
import { alterationTable, namesByWeight, type WeightedTable } from './weighted.ts';

/** The program changes what it wants. Undefined: there is nothing to change in that way, or rendering refuses it. */
export type DesiredMutation = (subject: Subject, random: Random) => KubernetesObject | undefined;

/** Kinds of mutation by their names; what they give is normalised as rendering does it. */
export const DESIRED_MUTATIONS: WeightedTable<DesiredMutation> = {
  ...alterations(),
  'two at once': { weight: 2, run: twoAtOnce },
  respelled: { weight: 2, run: ({ baseline }, random) => respelled(baseline.desired.object, random) },
  "the server's value": {
    weight: 5,
    run: ({ baseline, live }, random) => withServersValue(baseline.desired.object, live, random),
  },
  'other version': { weight: 3, run: otherVersion },
  stringData: { weight: 5, run: stringData },
};

const BY_WEIGHT = namesByWeight(DESIRED_MUTATIONS);

/** Draws a kind of mutation. What only some objects have is drawn more often for those. */
export function drawDesiredMutation({ otherVersions }: Subject, random: Random): string {
  return otherVersions.length > 0 && random.chance(0.1) ? 'other version' : random.pick(BY_WEIGHT);
}

/** The server refuses most changes of type, and many nulls. */
function alterations(): WeightedTable<DesiredMutation> {
  const weights = { type: 1, null: 3, value: 7, order: 6, fill: 5, quantity: 6 };
  return alterationTable(
    (name) => name,
    weights,
    4,
    (name) =>
      ({ baseline }, random) =>
        ALTERATIONS[name](baseline.desired.object, random, random.chance(0.2) ? 'metadata' : 'all'),
  );
}

function twoAtOnce({ baseline }: Subject, random: Random): KubernetesObject | undefined {
  const names = Object.keys(ALTERATIONS) as AlterationName[];
  const first = ALTERATIONS[random.pick(names)](baseline.desired.object, random, 'all');
  return first && ALTERATIONS[random.pick(names)](first, random, 'all');
}

function otherVersion({ baseline, otherVersions }: Subject, random: Random): KubernetesObject | undefined {
  if (otherVersions.length === 0) return undefined;
  const { group, version } = random.pick(otherVersions);
  return { ...baseline.desired.object, apiVersion: `${group}/${version}` };
}

function stringData({ baseline, resource }: Subject, random: Random): KubernetesObject | undefined {
  const { object } = baseline.desired;
  if (resource.group !== '' || resource.kind !== 'Secret') return undefined;
  const keys = [...Object.keys((object.data as object | undefined) ?? {}), 'fresh'];
  return { ...object, stringData: { [random.pick(keys)]: random.pick(['', 'text', '{"a": 1}']) } };
}

/** What rendering makes of it. */
export function rendered(object: KubernetesObject): KubernetesObject | undefined {
  try {
    return normalise(object, {});
  } catch {
    return undefined;
  }
}
