import { PipelineDefinition } from '@orrery/constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { GROOVY_TIMEOUT, groovySkipped, isGroovyMissing, parseGroovy } from './groovy.ts';
import type { Parsed } from './groovy-ast.ts';
import { areFixturesMissing, fixture, fixtureIndex, fixturesSkipped, TEST_PLUGINS } from './jenkins-fixtures.ts';
import { readJenkinsfile } from './jenkinsfile-reader.ts';
import type { CodeForm } from './jenkinsfile-values.ts';

/** Of these upstream's JSON says less than its Jenkinsfile, so that nothing made of it can be equal. */
const UNEQUAL_UPSTREAM = new Map([
  ['when/conditions/changelog/changeset', 'the JSON lacks `comparator` of the condition of stage "Three"'],
]);

const pairs = fixtureIndex('pairs').map(({ name = '', json = '', groovy = '' }) => ({ name, json, groovy }));

/** The tree in its normal form: as Jenkins has it after reading. */
function normal(json: string): unknown {
  return JSON.parse(PipelineDefinition.fromJson(json, TEST_PLUGINS).toJson());
}

describe.skipIf(isGroovyMissing || areFixturesMissing)(
  `pipelines that Jenkins has both as JSON and as Jenkinsfile${groovySkipped}${fixturesSkipped}`,
  () => {
    let parsed: { readonly [id: string]: Parsed };

    beforeAll(() => {
      const sources = pairs.flatMap(({ name, json, groovy }) => [
        [`pair ${name}`, fixture(`pairs/${groovy}`)],
        [`ours ${name}`, PipelineDefinition.fromJson(fixture(`pairs/${json}`), TEST_PLUGINS).toJenkinsfile()],
      ]);
      parsed = parseGroovy(Object.fromEntries(sources));
    }, GROOVY_TIMEOUT);

    function tree(id: string, form: CodeForm): unknown {
      const result = parsed[id];
      if (result === undefined || 'error' in result) throw new Error(`${id}: ${result?.error}`);
      const reading = readJenkinsfile(result.statements, form);
      expect(reading.inexpressible).toEqual([]);
      return normal(JSON.stringify(reading.tree));
    }

    it.each(pairs)('$name: what we write of the JSON means the same as the Jenkinsfile', ({ name }) => {
      const reason = UNEQUAL_UPSTREAM.get(name);
      if (reason === undefined) expect(tree(`ours ${name}`, 'canonical')).toEqual(tree(`pair ${name}`, 'canonical'));
      else expect(tree(`ours ${name}`, 'canonical'), reason).not.toEqual(tree(`pair ${name}`, 'canonical'));
    });

    it.each(pairs)('$name: what we write of the JSON is read as that JSON', ({ name, json }) => {
      expect(unspaced(tree(`ours ${name}`, 'source'))).toEqual(unspaced(normal(fixture(`pairs/${json}`))));
    });

    it('there are pairs', () => {
      expect(pairs.length).toBeGreaterThan(40);
    });
  },
);

/** Where the lines of Groovy begin does not matter. */
function unspaced(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (_key, value) => (typeof value === 'string' ? value.replace(/\s+/g, ' ') : value)),
  );
}
