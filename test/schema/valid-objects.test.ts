import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KindCatalogue, schemaOf } from '../../lib/checks/schema/known-kinds.ts';
import { violationsOf } from '../../lib/checks/schema/violations.ts';
import { readDefinitions } from '../../lib/import/read-definitions.ts';
import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { readCorpus } from '../corpus/corpus.ts';

const CRDS = path.resolve(import.meta.dirname, '../../../shared/data/crds');
const corpus = readCorpus({ namespace: 'shop', prefix: 'valid' });
const objects = corpus.map(({ object }) => object);

describe('the check of schemas', () => {
  it('finds nothing in the valid corpus, of which it knows every kind', () => {
    const known = new KindCatalogue().of({ kubernetesVersion: '1.36' }, objects);
    const found = corpus.flatMap(({ file, object }) => {
      const schema = schemaOf(known, object);
      if (schema === undefined) return [`${file}: nothing is known of ${object.apiVersion} ${object.kind}`];
      return violationsOf(schema, object as unknown as Json).map(
        ({ path: field, what }) => `${file}: ${field}: ${what}`,
      );
    });
    expect(found).toEqual([]);
  });

  it('finds in the corpus exactly what an older cluster does not have', () => {
    const known = new KindCatalogue().of({ kubernetesVersion: '1.34' }, objects);
    const found = objects.flatMap((object) => {
      const schema = schemaOf(known, object);
      if (schema === undefined) return [`${object.apiVersion} ${object.kind}`];
      return violationsOf(schema, object as unknown as Json).map(({ path: field }) => `${object.kind} ${field}`);
    });
    expect(found).toEqual([
      'CSIDriver spec.serviceAccountTokenInSecrets',
      'admissionregistration.k8s.io/v1 MutatingAdmissionPolicy',
      'admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding',
    ]);
  });

  it.skipIf(!existsSync(CRDS) && process.env.CI !== 'true')(
    'reads the schemas of the CRDs of many projects, and finds nothing in the CRDs themselves',
    async () => {
      const { found, problems } = await readDefinitions([CRDS], '/');
      expect(problems).toEqual([]);
      const definitions = found.map(({ object }) => object);
      const known = new KindCatalogue().of({ kubernetesVersion: '1.36' }, definitions);
      const wrong = definitions.flatMap((definition) =>
        violationsOf(schemaOf(known, definition) ?? {}, bare(definition)),
      );
      expect(wrong).toEqual([]);
      let schemas = 0;
      for (const [name, { versions }] of known.defined) {
        for (const [version, { schema }] of versions) {
          const [group = '', kind = ''] = name.split('/');
          const object = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'x' }, nowhere: 1 };
          const fields = violationsOf(schema(), object).map(({ path: field }) => field);
          expect(fields.includes('nowhere'), `${name} ${version}`).toBe(schema().open !== true);
          schemas++;
        }
      }
      expect(schemas).toBeGreaterThan(100);
    },
  );
});

/** Without what the server writes: rendering drops it. */
function bare(object: KubernetesObject): Json {
  const { status: _, ...rest } = object;
  const { creationTimestamp: __, ...metadata } = rest.metadata;
  return { ...rest, metadata } as unknown as Json;
}
