import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { groovy, hasGroovy } from './groovy-command.ts';
import { definitionOf, TEMPLATE_EXAMPLES, templatesPage } from './template-examples.ts';

it('the page of the templates shows what they become', async () => {
  await expect(templatesPage()).toMatchFileSnapshot('../../docs/constructs/pipeline-templates.md');
});

it('there are at least ten templates, and no two become the same', () => {
  const texts = TEMPLATE_EXAMPLES.map((example) => definitionOf(example).toJenkinsfile());
  expect(texts.length).toBeGreaterThanOrEqual(10);
  expect(new Set(texts).size).toBe(texts.length);
});

/** Prints of each file how many blocks `pipeline { … }` Groovy finds in it, and nothing else in it. */
const PARSER = `
import org.codehaus.groovy.control.*
args.each { name ->
  def unit = new CompilationUnit()
  unit.addSource(new File(name))
  unit.compile(Phases.CONVERSION)
  def statements = unit.getAST().getModules()[0].getStatementBlock().getStatements()
  println statements.collect { it.expression.methodAsString }.join(',')
}
`;

it.skipIf(!hasGroovy && process.env.CI !== 'true')(
  'Groovy reads the Jenkinsfile of every template as one pipeline (needs the apt package groovy)',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'orrery-templates-'));
    try {
      writeFileSync(path.join(folder, 'parse.groovy'), PARSER);
      const files = TEMPLATE_EXAMPLES.map((example, index) => {
        const file = path.join(folder, `Template${index}.groovy`);
        writeFileSync(file, definitionOf(example).toJenkinsfile());
        return file;
      });
      const printed = groovy(path.join(folder, 'parse.groovy'), files);
      expect(printed.trim().split('\n')).toEqual(files.map(() => 'pipeline'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
