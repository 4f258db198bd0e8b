import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Schema } from '../../lib/checks/schema/schema.ts';
import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform } from '../applied-platform.ts';
import { isMap, withValue } from '../differential/json-nodes.ts';
import { Random } from '../differential/random.ts';
import { CorpusServer, inParallel } from './corpus-server.ts';
import { MUTATIONS, type MutationName } from './mutations.ts';

/** Random mistakes of each kind. With `ORRERY_SCHEMA_SEED=…`, others. */
const COUNT = Number(process.env.ORRERY_SCHEMA_COUNT ?? 60);
const SEED = process.env.ORRERY_SCHEMA_SEED ?? 'schema';

/** What server-side apply and strict decoding say of a shape that a type does not have; everything else is validation of values. */
const STRUCTURAL =
  /failed to create typed patch|failed to convert|field not declared|strict decoding|unknown field|cannot unmarshal|cannot be handled as|duplicate entries for key|unable to parse quantity|illegal base64/;

const CRDS = path.resolve(import.meta.dirname, '../../../shared/data/crds');

type Path = readonly (string | number)[];

describe.skipIf(inject('rig') === 'missing')('the check of schemas, beside an API server', () => {
  const platform = new AppliedPlatform('schema');
  let server: CorpusServer;

  beforeAll(async () => {
    server = await CorpusServer.start(platform, existsSync(CRDS) ? CRDS : undefined);
  });
  afterAll(async () => {
    await server.end();
    await platform.cleanUp(['beta']);
  });

  it('asks for exactly the fields that the server asks for, and for words that it asks for', async () => {
    const cases = new Map<string, KubernetesObject>();
    for (const object of server.objects) {
      const schema = server.schemaOf(object);
      if (schema !== undefined) collectCases(schema, object as unknown as Json, [], object, cases);
    }
    const wrong: string[] = [];
    await inParallel([...cases], async ([name, object]) => {
      const found = server.check(object);
      const refusal = await server.refusal(object);
      if (found.length === 0 || refusal === '') wrong.push(`${name}: found ${found.length}, server: ${refusal}`);
    });
    process.stdout.write(`${cases.size} required fields and enumerated words tried\n`);
    expect(wrong).toEqual([]);
    expect(cases.size).toBeGreaterThan(350);
  });

  it(
    'refuses nothing that the server takes, and misses no wrong shape that it refuses',
    async () => {
      const falseAlarms: string[] = [];
      const missed: string[] = [];
      for (const name of Object.keys(MUTATIONS) as MutationName[]) {
        const tally = { mistakes: 0, taken: 0, found: 0, values: 0 };
        const mutants = Array.from({ length: COUNT }, (_, n) => {
          const random = new Random(`${SEED}/${name}/${n}`);
          return MUTATIONS[name](random.pick(server.objects), random);
        });
        await inParallel(
          mutants.filter((object) => object !== undefined),
          async (object) => {
            const [first] = server.check(object);
            const refusal = await server.refusal(object);
            tally.mistakes++;
            if (refusal === '') tally.taken++;
            else if (first !== undefined) tally.found++;
            else tally.values++;
            if (refusal === '' && first !== undefined)
              falseAlarms.push(`${name} of ${object.kind}: ${first.path}: ${first.what}`);
            if (first === undefined && STRUCTURAL.test(refusal)) missed.push(`${name} of ${object.kind}: ${refusal}`);
          },
        );
        const { mistakes, taken, found, values } = tally;
        process.stdout.write(
          `${name}: ${mistakes} tried, ${taken} taken by the server, ${found} refused and found, ${values} refused for their values\n`,
        );
      }
      expect(falseAlarms).toEqual([]);
      expect(missed).toEqual([]);
    },
    120_000 + COUNT * 200,
  );
});

/** Of every field that is required or enumerated one object each that does it wrong. */
function collectCases(
  schema: Schema,
  value: Json,
  path: Path,
  object: KubernetesObject,
  cases: Map<string, KubernetesObject>,
): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined)
      value.forEach((item, at) => {
        collectCases(items, item, [...path, at], object, cases);
      });
  } else if (isMap(value)) {
    const fields = schema.fields?.();
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined || (path.length === 0 && name === 'metadata')) continue;
      const below = fields?.known.get(name)?.schema ?? schema.values;
      if (below === undefined) continue;
      const at = [...path, name];
      const label = `${schema.name ?? `${object.kind} ${path.filter((step) => typeof step === 'string').join('.')}`}.${name}`;
      if (fields?.required.includes(name) === true) once(cases, `without ${label}`, withValue(object, at, undefined));
      const [words, wrong] =
        below.items === undefined ? [below.rules?.enum, 'Xyz'] : [below.items.rules?.enum, ['Xyz']];
      if (words !== undefined && words.length > 0) once(cases, `${label}: Xyz`, withValue(object, at, wrong));
      collectCases(below, member, at, object, cases);
    }
  }
}

function once(cases: Map<string, KubernetesObject>, name: string, object: KubernetesObject): void {
  if (!cases.has(name)) cases.set(name, object);
}
