import { beforeAll, describe, expect, it } from 'vitest';
import { GROOVY_TIMEOUT, groovySkipped, isGroovyMissing, type MadeCall, type Run, runPipelines } from './groovy.ts';
import { definitionOf, TEMPLATE_EXAMPLES } from './template-examples.ts';

/** The scripts for the shell among the steps of a tree of Jenkins, in their order. */
function scriptsIn(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(scriptsIn);
  if (typeof tree !== 'object' || tree === null) return [];
  const { name, arguments: given } = tree as { name?: string; arguments?: { key: string; value: { value: string } }[] };
  if (name === 'sh') return (given ?? []).filter(({ key }) => key === 'script').map(({ value }) => value.value);
  return Object.values(tree).flatMap(scriptsIn);
}

/** Those that were run. */
function scriptsRun(calls: readonly MadeCall[]): string[] {
  return calls.flatMap(({ call, arguments: [only], inside }) => {
    if (call !== 'sh') return scriptsRun(inside);
    return [typeof only === 'string' ? only : (only as { readonly script: string }).script];
  });
}

describe.skipIf(isGroovyMissing)(`a Jenkinsfile that runs without Jenkins${groovySkipped}`, () => {
  const texts = Object.fromEntries(
    TEMPLATE_EXAMPLES.map((example) => [example.title, definitionOf(example).toJenkinsfile()]),
  );
  const wrong = {
    section: 'pipeline { agent any\nstagez { } }',
    value: "pipeline { agent any\nstages { stage('a') { steps { sh foo } } } }",
    condition: "pipeline { agent any\nstages { stage('a') { steps { sh 'a' } } }\npost { sometimes { sh 'b' } } }",
  };
  let runs: { readonly [id: string]: Run };

  beforeAll(() => {
    runs = runPipelines({ ...texts, ...wrong });
  }, GROOVY_TIMEOUT);

  it.each(TEMPLATE_EXAMPLES)('of the template $title gives the shell the scripts of its tree', (example) => {
    const run = runs[example.title];
    if (run === undefined || 'error' in run) throw new Error(run?.error);
    const wanted = scriptsIn(JSON.parse(definitionOf(example).toJson()));
    expect(scriptsRun(run.calls).sort()).toEqual(wanted.sort());
  });

  it.each(Object.keys(wrong))('fails with a %s that there is not', (name) => {
    expect(runs[name]).toHaveProperty('error');
  });
});
