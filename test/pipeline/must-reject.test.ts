import { PipelineDefinition } from '@orrery/constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { GROOVY_TIMEOUT, groovySkipped, isGroovyMissing, parseGroovy } from './groovy.ts';
import type { Parsed } from './groovy-ast.ts';
import { areFixturesMissing, fixture, fixtureIndex, fixturesSkipped, TEST_PLUGINS } from './jenkins-fixtures.ts';
import { readJenkinsfile } from './jenkinsfile-reader.ts';

/** Of these nothing in the pipeline is wrong: what refuses them is not known to a program. */
const BEYOND_A_PROGRAM = new Map([
  ['errors/optionValidatorContributor.groovy', 'a plugin of the tests refuses this option'],
  ['errors/postValidatorContributor.groovy', 'a plugin of the tests refuses every `post`'],
  [
    'errors/scriptSecurityRejectionInEnvironment.groovy',
    'the sandbox of Jenkins refuses what the Groovy calls when it runs',
  ],
]);

/** What refuses a pipeline: the language, the types of a pipeline, the form of its JSON, or a rule. */
type Refusal = 'syntax' | 'type' | 'schema' | 'rule' | 'nothing';

interface Case {
  readonly file: string;
  readonly isAsserted: boolean;
}

function casesOf(folder: string): Case[] {
  return fixtureIndex(folder).map(({ file = '', asserted }) => ({
    file: `${folder}/${file}`,
    isAsserted: asserted === 'yes',
  }));
}

const jsonCases = casesOf('json-errors');
const groovyCases = casesOf('errors');

function refusalOfJson(json: string): { readonly by: Refusal; readonly why: string } {
  try {
    PipelineDefinition.fromJson(json, TEST_PLUGINS);
    return { by: 'nothing', why: '' };
  } catch (error) {
    const { problems } = error as { readonly problems?: readonly { readonly what: string }[] };
    if (problems === undefined) throw error;
    const why = problems.map(({ what }) => what).join(' | ');
    return { by: why.includes('The tree is none of a pipeline') ? 'schema' : 'rule', why };
  }
}

function refusalOfGroovy(parsed: Parsed | undefined): { readonly by: Refusal; readonly why: string } {
  if (parsed === undefined || 'error' in parsed) return { by: 'syntax', why: parsed?.error ?? '' };
  const { tree, inexpressible } = readJenkinsfile(parsed.statements);
  if (inexpressible.length > 0) return { by: 'type', why: inexpressible.join(' | ') };
  return refusalOfJson(JSON.stringify(tree));
}

function table(refusals: ReadonlyMap<Case, { readonly by: Refusal; readonly why: string }>): string {
  const asserted = [...refusals].filter(([{ isAsserted }]) => isAsserted);
  const counts = ['syntax', 'type', 'schema', 'rule', 'nothing'].map(
    (by) => `${by} ${asserted.filter(([, refusal]) => refusal.by === by).length}`,
  );
  const lines = [...refusals].map(
    ([{ file, isAsserted }, { by, why }]) => `${isAsserted ? 'must' : 'may '}  ${by.padEnd(7)}  ${file}  ${why}`,
  );
  return [`${asserted.length} that must be refused; refused by: ${counts.join(', ')}`, ...lines].join('\n');
}

function expectAllRefused(refusals: ReadonlyMap<Case, { readonly by: Refusal }>): void {
  const missed = [...refusals].filter(([{ file, isAsserted }, { by }]) => {
    return isAsserted && by === 'nothing' && !BEYOND_A_PROGRAM.has(file);
  });
  expect(missed.map(([{ file }]) => file)).toEqual([]);
}

describe.skipIf(areFixturesMissing)(`pipelines as JSON that Jenkins refuses${fixturesSkipped}`, () => {
  it('are refused', ({ annotate }) => {
    const refusals = new Map(jsonCases.map((each) => [each, refusalOfJson(fixture(each.file))]));
    expect(refusals.size).toBeGreaterThan(70);
    annotate(table(refusals), 'table');
    expectAllRefused(refusals);
  });
});

describe.skipIf(isGroovyMissing || areFixturesMissing)(
  `Jenkinsfiles that Jenkins refuses${groovySkipped}${fixturesSkipped}`,
  () => {
    let parsed: { readonly [id: string]: Parsed };

    beforeAll(() => {
      parsed = parseGroovy(Object.fromEntries(groovyCases.map(({ file }) => [file, fixture(file)])));
    }, GROOVY_TIMEOUT);

    it('are refused', ({ annotate }) => {
      const refusals = new Map(groovyCases.map((each) => [each, refusalOfGroovy(parsed[each.file])]));
      expect(refusals.size).toBeGreaterThan(120);
      annotate(table(refusals), 'table');
      expectAllRefused(refusals);
    });
  },
);
