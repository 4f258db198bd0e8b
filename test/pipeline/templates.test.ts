import { PipelineDefinition } from '@orrery/constructs';
import { expect, it } from 'vitest';
import { groovySkipped, isGroovyMissing, parseGroovy } from './groovy.ts';
import { readJenkinsfile } from './jenkinsfile-reader.ts';
import { definitionOf, TEMPLATE_EXAMPLES, templatesPage } from './template-examples.ts';

it('the page of the templates shows what they become', async () => {
  await expect(templatesPage()).toMatchFileSnapshot('../../docs/constructs/pipeline-templates.md');
});

it('there are at least ten templates, and no two become the same', () => {
  const texts = TEMPLATE_EXAMPLES.map((example) => definitionOf(example).toJenkinsfile());
  expect(texts.length).toBeGreaterThanOrEqual(10);
  expect(new Set(texts).size).toBe(texts.length);
});

it.skipIf(isGroovyMissing)(
  `Groovy reads the Jenkinsfile of every template as one pipeline, with the tree that the editor gets${groovySkipped}`,
  () => {
    const definitions = Object.fromEntries(TEMPLATE_EXAMPLES.map((example) => [example.title, definitionOf(example)]));
    const sources = Object.entries(definitions).map(([title, definition]) => [title, definition.toJenkinsfile()]);
    const parsed = parseGroovy(Object.fromEntries(sources));
    for (const [title, definition] of Object.entries(definitions)) {
      const result = parsed[title];
      if (result === undefined || 'error' in result) throw new Error(`${title}: ${result?.error}`);
      const { tree, inexpressible } = readJenkinsfile(result.statements);
      expect(inexpressible, title).toEqual([]);
      expect(normal(JSON.stringify(tree)), title).toEqual(normal(definition.toJson()));
    }
  },
  60_000,
);

/** The tree as Jenkins has it after reading. */
function normal(json: string): unknown {
  return JSON.parse(PipelineDefinition.fromJson(json).toJson());
}
