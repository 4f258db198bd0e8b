import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { loadCelEngine } from '../../lib/checks/cel/cel-engine.ts';
import { type RuledPlace, ruledPlace } from '../../lib/checks/cel/cel-rules.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { canonicalJson, sha256 } from '../../lib/kubernetes/canonical.ts';
import { idOf, type JsonObject, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform } from '../applied-platform.ts';
import { readDefinitions, specOf, storedVersion } from '../differential/definitions.ts';
import { Random } from '../differential/random.ts';
import { valueFor } from '../differential/schema-object.ts';
import { inParallel } from './corpus-server.ts';

/** Random objects of each kind. With `ORRERY_SCHEMA_SEED=…`, others. */
const COUNT = Number(process.env.ORRERY_CEL_COUNT ?? 30);
const SEED = process.env.ORRERY_SCHEMA_SEED ?? 'cel';
/** Writing CRDs takes the server half a second each: a third of them, all with `ORRERY_CEL_DEFINITIONS=all`. */
const EVERY = process.env.ORRERY_CEL_DEFINITIONS === 'all' ? 1 : 3;
/** Of an object with mistakes of other kinds, which are refused first. */
const UNASKED = 'some validation rules were not checked';
const CRDS = path.resolve(import.meta.dirname, '../../../shared/data/crds');

describe.skipIf(inject('rig') === 'missing' || !existsSync(CRDS))(
  'the check of rules in definitions, beside an API server',
  () => {
    const platform = new AppliedPlatform('cel');
    let clean: () => Promise<void> = async () => undefined;
    afterAll(async () => {
      await clean();
      await platform.cleanUp(['beta']);
    });

    it('refuses nothing that the server takes, and for the same reasons', {
      timeout: 240_000,
    }, async () => {
      const target = await platform.open('beta');
      // A group each: some have the same name in different projects.
      const definitions = filesWithRules()
        .flatMap((file, at) => readDefinitions(CRDS, `${at}.${platform.id}.example.com`, [file]))
        .filter((definition) => rulesOf(definition) !== undefined)
        .filter((_, at) => at % EVERY === 0);
      clean = () => inParallel(definitions, (definition) => remove(target, definition));
      await inParallel(definitions, (definition) => write(target, definition));
      const celEngine = await loadCelEngine();
      const wrong: string[] = [];
      const tally = { objects: 0, taken: 0, refused: 0, found: 0, rules: new Set<string>() };
      await inParallel(definitions, async (definition) => {
        for (let n = 0; n < COUNT; n++) {
          const object = objectOf(definition, new Random(`${SEED}/${specOf(definition).names.kind}/${n}`), n / COUNT);
          const { findings } = runChecks(stateOf([definition, object]), [], { celEngine });
          // Where the object does not follow the schema, the server asks no rule.
          if (findings.some(({ check }) => check === 'schema')) continue;
          const own = findings.filter(({ check }) => check === 'cel-rule').map(({ what }) => wordsOf(what));
          const refusal = await created(target, definition, object);
          tally.objects++;
          if (refusal === '') tally.taken++;
          for (const words of own) {
            tally.rules.add(`${object.kind} ${words}`);
            const isUnsaid = !refusal.includes(words) && !refusal.includes(UNASKED);
            if (refusal === '' || isUnsaid)
              wrong.push(`${object.kind}: ${words} | ${refusal} | ${JSON.stringify(object)}`);
          }
          if (!refusedByRule(refusal, definition)) continue;
          tally.refused++;
          if (own.length > 0) tally.found++;
        }
      });
      const { objects, taken, refused, found, rules } = tally;
      process.stdout.write(
        `${objects} objects of ${definitions.length} definitions: ${taken} taken by the server, ${refused} refused by rules, ${found} of them found, by ${rules.size} rules\n`,
      );
      expect(wrong).toEqual([]);
      expect(found).toBeGreaterThan(refused * 0.85);
      expect(rules.size).toBeGreaterThan(30);
    });
  },
);

function filesWithRules(): string[] {
  return readdirSync(CRDS, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .filter((file) => readFileSync(path.join(CRDS, file), 'utf8').includes('x-kubernetes-validations'))
    .sort();
}

function rulesOf(definition: KubernetesObject): RuledPlace | undefined {
  return ruledPlace(storedVersion(definition).schema.openAPIV3Schema);
}

function objectOf(definition: KubernetesObject, random: Random, density: number): KubernetesObject {
  const { group, names, scope } = specOf(definition);
  const { name: version, schema } = storedVersion(definition);
  const { properties = {}, required = [] } = schema.openAPIV3Schema as { properties?: JsonObject; required?: string[] };
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...own } = properties as JsonObject;
  const content = valueFor({ type: 'object', required, properties: own }, random, density) as JsonObject;
  return {
    apiVersion: `${group}/${version}`,
    kind: names.kind,
    metadata: scope === 'Namespaced' ? { name: 'one', namespace: 'default' } : { name: 'one' },
    ...content,
  };
}

function stateOf(objects: readonly KubernetesObject[]): Parameters<typeof runChecks>[0] {
  const desired = objects.map((object) => ({
    id: idOf(object),
    object,
    sha256: sha256(canonicalJson(object)),
    path: 'all',
    unit: 'all',
    dependsOn: [],
  }));
  const clusters = [{ name: 'beta', facts: { kubernetesVersion: '1.36' }, objects: desired }];
  return { platform: { id: 'cel' }, assemblyDigest: '', holdsSecrets: false, clusters };
}

/** What of a finding the server says as well: the message, or the rule. */
function wordsOf(what: string): string {
  return (
    /^It breaks the rule (.*) of its definition\.$/s.exec(what)?.[1] ?? what.replace('Its definition refuses it: ', '')
  );
}

function refusedByRule(refusal: string, definition: KubernetesObject): boolean {
  return refusal !== '' && messagesOf(rulesOf(definition)).some((words) => refusal.includes(words));
}

function messagesOf(place: RuledPlace | undefined): string[] {
  if (place === undefined) return [];
  const below = [place.items, place.values, ...place.properties.map(([, one]) => one)];
  return [...place.rules.map(({ message, rule }) => oneLine(message ?? rule)), ...below.flatMap(messagesOf)];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

async function write(target: KubeTarget, definition: KubernetesObject): Promise<void> {
  const { status, body } = await target.client.request({ method: 'POST', path: DEFINITIONS, body: definition });
  if (status >= 300) throw new Error(`${definition.metadata.name}: ${JSON.stringify(body)}`);
}

async function remove(target: KubeTarget, { metadata }: KubernetesObject): Promise<void> {
  await target.client.request({ method: 'DELETE', path: `${DEFINITIONS}/${metadata.name}` });
}

/** Why the server does not create it, in one line; '' when it would. */
async function created(target: KubeTarget, definition: KubernetesObject, object: KubernetesObject): Promise<string> {
  const { group, names, scope } = specOf(definition);
  const resource = {
    group,
    version: storedVersion(definition).name,
    plural: names.plural,
    namespaced: scope === 'Namespaced',
  };
  for (let attempt = 1; ; attempt++) {
    const answer = await target.client.request({
      method: 'POST',
      path: resourcePath(resource, 'default'),
      query: { dryRun: 'All' },
      body: object,
    });
    if (answer.status < 300) return '';
    const { message = '' } = answer.body as { message?: string };
    // A definition of a moment ago is not served yet.
    if (answer.status !== 404 || attempt === 200) return `${answer.status} ${oneLine(message)}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
