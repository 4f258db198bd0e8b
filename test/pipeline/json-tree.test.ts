import { PipelineDefinition } from '@orrery/constructs';
import { describe, expect, it } from 'vitest';
import { type Schema, schemaOffence } from './draft-04.ts';
import { areFixturesMissing, fixture, fixtureIndex, fixturesSkipped, TEST_PLUGINS } from './jenkins-fixtures.ts';
import { definitionOf, TEMPLATE_EXAMPLES } from './template-examples.ts';

describe.skipIf(areFixturesMissing)(`the JSON tree of a pipeline${fixturesSkipped}`, () => {
  const schema = areFixturesMissing ? {} : (JSON.parse(fixture('ast-schema.json')) as Schema);
  const written = [
    ...TEMPLATE_EXAMPLES.map((example) => ({ name: example.title, json: () => definitionOf(example).toJson() })),
    ...fixtureIndex('pairs').map(({ name = '', json = '' }) => ({
      name,
      json: () => PipelineDefinition.fromJson(fixture(`pairs/${json}`), TEST_PLUGINS).toJson(),
    })),
  ];

  it.each(written)('of $name holds to the schema of Jenkins', ({ json }) => {
    expect(schemaOffence(schema, JSON.parse(json()))).toBeUndefined();
  });

  it.each(written)('of $name becomes the same Jenkinsfile when it is read again', ({ json }) => {
    const again = PipelineDefinition.fromJson(json(), TEST_PLUGINS);
    expect(again.toJson()).toBe(json());
    expect(PipelineDefinition.fromJson(again.toJson(), TEST_PLUGINS).toJenkinsfile()).toBe(again.toJenkinsfile());
  });

  it('that Jenkins refuses by its schema is refused by ours too', () => {
    const files = fixtureIndex('json-errors').map(({ file = '' }) => file);
    const others = files.filter((file) => {
      const data = jsonOf(fixture(`json-errors/${file}`));
      return data !== undefined && schemaOffence(schema, data) !== undefined;
    });
    expect(others.length).toBeGreaterThan(20);
    for (const file of others) {
      expect(() => PipelineDefinition.fromJson(fixture(`json-errors/${file}`), TEST_PLUGINS), file).toThrow(
        'The tree is none of a pipeline',
      );
    }
  });
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
