import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppliedPlatform } from '../applied-platform.ts';
import { DEFINITION_FILES } from './definitions.ts';
import type { Observation } from './observation.ts';
import { clearAway, type Population, populate } from './population.ts';
import { BROKEN_PROOFS, BROKEN_SET_PROOFS, proved, provedBySets } from './proofs.ts';
import { Random } from './random.ts';
import { changeDefaults, changePolicies, deleteSome } from './server-state.ts';
import { describeObservation, falselyProved, shareOfChanges, tallyText } from './tally.ts';
import { takeTurns } from './turns.ts';

const CRDS = join(import.meta.dirname, '../../../shared/data/crds');
const present = existsSync(CRDS) || process.env.CI === 'true';
/** Same seed, same draws, as far as server and controllers do the same again. */
/** Fixed, so that a run of all tests says the same twice; others are tried by hand. */
const SEED = process.env.ORRERY_DIFFERENTIAL_SEED ?? '1795251153867';
/** Mutations that the server does not refuse. */
const COUNT = Number(process.env.ORRERY_DIFFERENTIAL_COUNT ?? 20_000);
/** The one of the shared clusters that other tests leave alone most. */
const CLUSTER = 'gamma';
/** The corpus has every kind of the server; this is what was asked for. */
const FEWEST_KINDS = 50;
const DELETED = 60;
/** Of the objects after one apply: all kinds, defaults and several versions included. */
const LEAST_BY_SETS = 0.45;

const say = (text: string) => process.stdout.write(`${text}\n`);

/**
 * The proof of "unchanged" against the server's own dry run, on objects of every kind that random mutations have gone through. What is drawn, what the server says and what a proof says are
 * three things: draws depend on no verdict, the judge (observation.ts) shares no code with the lib, and every observation is recorded, so that proofs which were broken on purpose
 * are judged by the same ones. ORRERY_DIFFERENTIAL_SEED and ORRERY_DIFFERENTIAL_COUNT repeat or lengthen a run.
 */
describe.skipIf(inject('rig') === 'missing' || !present)(
  `the proof of "unchanged" beside a dry run of the same object${present ? '' : ' (skipped: ../shared/data is not there)'}`,
  () => {
    let platform: AppliedPlatform;
    let population: Population | undefined;
    let observations: readonly Observation[] = [];
    const populated = (): Population => {
      if (population === undefined) throw new Error('nothing was applied');
      return population;
    };

    beforeAll(async () => {
      say(`ORRERY_DIFFERENTIAL_SEED=${SEED}`);
      platform = new AppliedPlatform('df');
      population = await populate(platform, CLUSTER, CRDS, SEED);
      const { subjects, hands, definitions } = population;
      const turns = await takeTurns(subjects, hands, SEED, COUNT);
      const target = await platform.open(CLUSTER);
      const random = new Random(`${SEED}/server`);
      const namespaces = [...new Set(subjects.map(({ original }) => original.id.namespace))].filter(
        (name) => name !== '',
      );
      const defaults = await changeDefaults(target, definitions, subjects, hands, random);
      const policies = await changePolicies(target, platform.id, namespaces, subjects, hands);
      const deletable = subjects.filter(
        ({ part, resource }) => part === 'all' && resource.namespaced && resource.kind !== 'Pod',
      );
      const deleted = await deleteSome(random.shuffled(deletable).slice(0, DELETED), hands);
      observations = [...turns, ...defaults, ...policies, ...deleted];
      say(tallyText(observations, proved, hands));
      say(`${hands.retried} observations were made again, ${hands.panics} requests broke the server's handler`);
    }, 1_800_000);

    afterAll(async () => {
      await clearAway(await platform.open(CLUSTER), population?.subjects ?? []);
      await platform.cleanUp([CLUSTER]);
    }, 300_000);

    it('covers every kind of the corpus and twenty CRDs of others', () => {
      const { kinds, definitions, subjects } = populated();
      const group = (file: string) =>
        subjects.some(({ resource }) => file.startsWith(`${file.split('/')[0]}/${resource.plural}.`));
      expect(kinds).toBeGreaterThanOrEqual(FEWEST_KINDS);
      expect(definitions).toHaveLength(20);
      expect(DEFINITION_FILES.filter((file) => !group(file))).toEqual([]);
    });

    it('proves at least 99 % of the objects without a dry run after one apply', () => {
      const { plan, unproved } = populated();
      const share = (plan.unchanged - plan.dryRuns) / (plan.unchanged + plan.items.length);
      say(
        `${plan.unchanged - plan.dryRuns} of ${plan.unchanged + plan.items.length} objects proved: ${(share * 100).toFixed(2)} %`,
      );
      say(unproved.map((line) => `  not proved: ${line}`).join('\n'));
      expect(share).toBeGreaterThanOrEqual(0.99);
    });

    it('proves objects by their own sets of fields too, where the inventory says nothing', () => {
      const { proved: count, of, doubts } = populated().bySets;
      say(`${count} of ${of} objects proved by their sets of fields: ${((count / of) * 100).toFixed(2)} %`);
      say([...doubts].map(([doubt, times]) => `  ${doubt}: ${times}`).join('\n'));
      const same = observations.filter(({ outcome }) => outcome === 'same');
      const still = same.filter((observation) => provedBySets(observation, populated().hands)).length;
      say(`${still} of ${same.length} observations without any change: ${((still / same.length) * 100).toFixed(2)} %`);
      expect(count / of).toBeGreaterThanOrEqual(LEAST_BY_SETS);
    });

    it('makes as many mutations as asked for, a fifth or more of which change what an apply does', () => {
      expect(observations.filter(({ outcome }) => outcome !== 'refused').length).toBeGreaterThanOrEqual(COUNT);
      const share = shareOfChanges(observations);
      say(`${(share * 100).toFixed(1)} % of all observations change a value`);
      expect(share).toBeGreaterThanOrEqual(0.2);
    });

    it('never says "unchanged" where an apply would change a value or be refused', () => {
      const wrong = falselyProved(observations, proved, populated().hands);
      expect(wrong.slice(0, 5).map(describeObservation).join('\n')).toBe('');
      expect(wrong).toHaveLength(0);
    });

    it('never says so from sets of fields where an apply would change a value or be refused', () => {
      const wrong = falselyProved(observations, provedBySets, populated().hands);
      expect(wrong.slice(0, 5).map(describeObservation).join('\n')).toBe('');
      expect(wrong).toHaveLength(0);
    });

    const broken = { ...BROKEN_PROOFS, ...BROKEN_SET_PROOFS };
    it.each(Object.keys(broken))('finds out a proof with "%s" by the same observations', (name) => {
      const proof = broken[name] ?? proved;
      const wrong = falselyProved(observations, proof, populated().hands);
      const classes = Map.groupBy(wrong, ({ mutation }) => mutation);
      say(
        `${name}: ${wrong.length} wrong: ${[...classes].map(([mutation, members]) => `${mutation} ${members.length}`).join(', ')}`,
      );
      expect(wrong.length).toBeGreaterThan(0);
    });
  },
);
