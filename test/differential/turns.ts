import { DESIRED_MUTATIONS, drawDesiredMutation, rendered } from './desired-mutations.ts';
import type { Hands } from './hands.ts';
import { drawLiveMutation, LIVE_MUTATIONS } from './live-mutations.ts';
import type { Observation } from './observation.ts';
import { proved } from './proofs.ts';
import { Random } from './random.ts';
import { desiredOf, type Subject } from './subject.ts';

const DESIRED_PER_TURN = 10;
const LIVE_PER_TURN = 5;
/** Draws for one mutation: what does not fit the object, or is refused, is drawn again. */
const DRAWS = 6;
const LANES = 48;
/** An object of so many characters has a turn each round; of larger ones, which cost the server more, fewer. */
const LIGHT = 2_500;

/**
 * Mutates the subjects in turns until so many mutations that the server did not refuse are observed. What a subject's turn draws depends on the seed, the subject, and what stands in the
 * cluster, never on a verdict; many subjects have their turn at the same time.
 */
export async function takeTurns(
  subjects: readonly Subject[],
  hands: Hands,
  seed: string,
  count: number,
): Promise<Observation[]> {
  const observations: Observation[] = [];
  let judged = 0;
  const queue = [...subjects];
  const lane = async (): Promise<void> => {
    for (;;) {
      const subject = judged < count ? queue.shift() : undefined;
      if (subject === undefined) return;
      if (subject.rest > 0) {
        subject.rest--;
        queue.push(subject);
        continue;
      }
      for (const observation of await turn(subject, hands, seed)) {
        observations.push(observation);
        if (observation.outcome !== 'refused') judged++;
      }
      if (subject.retired === undefined) queue.push(subject);
      subject.rest = Math.floor(subject.baseline.applied.length / LIGHT);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return observations;
}

async function turn(subject: Subject, hands: Hands, seed: string): Promise<Observation[]> {
  const random = new Random(`${seed}/${subject.key}/${subject.turn++}`);
  const desired = subject.constant ? [] : await desiredTurn(subject, hands, random.fork('desired'));
  const applied = await adopt(subject, hands, desired, random.fork('apply'));
  const live = await liveTurn(subject, hands, random.fork('live'));
  return [...desired, ...applied, ...live];
}

/** The program wants something else, and nothing is applied yet. */
async function desiredTurn(subject: Subject, hands: Hands, random: Random): Promise<Observation[]> {
  const observed: Observation[] = [];
  for (let index = 0; index < DESIRED_PER_TURN; index++) {
    for (let draw = 0; draw < DRAWS; draw++) {
      const name = drawDesiredMutation(subject, random);
      const object = DESIRED_MUTATIONS[name]?.run(subject, random);
      const normalised = object && rendered(object);
      if (normalised === undefined) continue;
      const observation = await hands.observe(subject, `desired: ${name}`, desiredOf(normalised));
      if (observation !== undefined) observed.push(observation);
      if (observation?.outcome !== 'refused') break;
    }
  }
  return observed;
}

/** Some of what the program wanted is applied, so that what follows happens to all sorts of objects. */
async function adopt(
  subject: Subject,
  hands: Hands,
  wanted: readonly Observation[],
  random: Random,
): Promise<Observation[]> {
  const chosen =
    wanted.length === 0 || subject.part === 'metadata' || random.chance(0.4) ? undefined : random.pick(wanted);
  const applicable = chosen?.desired.object.apiVersion === subject.original.object.apiVersion;
  if (!subject.constant && (chosen === undefined || !applicable)) return [];
  const before = subject.baseline;
  if (chosen !== undefined && !(await hands.apply(subject, chosen.desired))) subject.baseline = before;
  const observation = await hands.observe(subject, 'applied', subject.baseline.desired);
  return observation === undefined ? [] : [observation];
}

/** Somebody changes the object in the cluster; afterwards it is applied again. */
async function liveTurn(subject: Subject, hands: Hands, random: Random): Promise<Observation[]> {
  const observed: Observation[] = [];
  for (let index = 0; index < LIVE_PER_TURN && subject.retired === undefined; index++) {
    for (let draw = 0; draw < DRAWS; draw++) {
      const name = drawLiveMutation(subject, random);
      const happened = await LIVE_MUTATIONS[name]?.run(hands, subject, random);
      if (happened === undefined) continue;
      const observation = await hands.observe(subject, `live: ${name}`, subject.baseline.desired);
      if (observation !== undefined) observed.push(observation);
      if (observation === undefined || observation.outcome !== 'same' || !proved(observation, hands))
        await hands.restore(subject);
      break;
    }
  }
  return observed;
}
