import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Platform } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { KindCatalogue, schemaOf } from '../../lib/checks/schema/known-kinds.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { AcceptedCase } from './accepted-case.ts';
import { CRDS, DefinitionsServer } from './definitions-server.ts';
import { misnamed, misnamedAnywhere } from './field-names.ts';

const files = globSync('*.case.ts', { cwd: import.meta.dirname }).sort();
const cases = await Promise.all(
  files.map(async (file) => ((await import(join(import.meta.dirname, file))) as { default: AcceptedCase }).default),
);

describe.skipIf(inject('rig') === 'missing' || !existsSync(CRDS))('what constructs emit for other projects', () => {
  let server: DefinitionsServer;
  beforeAll(async () => {
    server = await DefinitionsServer.start(cases.flatMap(({ crds }) => crds));
  });
  afterAll(() => server?.end());

  it.each(cases)(
    '$title: every object is accepted, and refused with any of its fields misnamed',
    async ({ kinds, judged, ...program }) => {
      const objects = await emitted(program);
      expect([...new Set(objects.map(({ kind }) => kind))]).toEqual(expect.arrayContaining([...kinds]));
      const known = new KindCatalogue(server.definitions).of({ kubernetesVersion: '1.36' }, []);
      for (const object of objects) {
        const name = `${object.kind}/${object.metadata.name}`;
        const resource = await server.resource(object);
        expect(await server.answer(object, resource), name).toBe('');
        if (judged?.kinds.includes(object.kind)) {
          expect(judged.judge(object), name).toBe('');
          const wrong = misnamedAnywhere(object, 'spec');
          expect(wrong.length, `${name}: fields that were tried`).toBeGreaterThan(0);
          expect(
            wrong.filter((one) => judged.judge(one.object) === '').map(({ field }) => field),
            name,
          ).toEqual([]);
          continue;
        }
        const schema = schemaOf(known, object);
        if (schema === undefined) throw new Error(`no schema of ${object.apiVersion} ${object.kind}`);
        const wrong = misnamed(object, schema);
        const answers = await Promise.all(wrong.map((one) => server.answer(one.object, resource)));
        const passed = wrong.filter((_, at) => answers[at] === '').map(({ field }) => field);
        expect(passed, `${name}: fields whose other name is accepted`).toEqual([]);
        // A definition that keeps whatever it gets would prove nothing.
        if (Object.keys(object).some((key) => !['apiVersion', 'kind', 'metadata', 'data'].includes(key))) {
          expect(wrong.length, `${name}: fields that were tried`).toBeGreaterThan(0);
        }
      }
    },
  );
});

/** The objects of every cluster, each kind and name with the same content once. */
async function emitted({ program, printed }: Pick<AcceptedCase, 'program' | 'printed'>): Promise<KubernetesObject[]> {
  const outdir = mkdtempSync(join(inject('scratch'), 'accepted-'));
  const platform = new Platform({ id: 'accepted', outdir });
  program(platform);
  platform.synth();
  const all = readdirSync(join(outdir, 'clusters')).flatMap((cluster) => {
    const file = join(outdir, 'clusters', cluster, 'objects.json');
    return JSON.parse(readFileSync(file, 'utf8')) as KubernetesObject[];
  });
  all.push(...((await printed?.(outdir)) ?? []));
  return [...new Map(all.map((object) => [JSON.stringify(object), object])).values()];
}
