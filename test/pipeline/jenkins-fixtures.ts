import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JenkinsPlugins } from '@orrery/constructs';

/** Pipelines of jenkinsci/pipeline-model-definition-plugin (../shared/data/SOURCES.md); they lie beside the checkout and are no part of it. */
const FIXTURES = join(import.meta.dirname, '../../../shared/data/jenkins-declarative');

const isThere = existsSync(FIXTURES);
export const areFixturesMissing = !isThere && process.env.CI !== 'true';
export const fixturesSkipped = areFixturesMissing ? ' (skipped: ../shared/data is not there)' : '';

/** What the Jenkins of those tests has beside: plugins of their own test resources, and one Maven. */
export const TEST_PLUGINS: JenkinsPlugins = {
  agents: { otherField: { requires: ['label', 'otherField'], takes: ['nested'] } },
  options: { multiArgCtorProp: { requires: ['firstArg', 'secondArg'] } },
  tools: { maven: ['apache-maven-3.0.1'] },
};

export function fixture(path: string): string {
  return readFileSync(join(FIXTURES, path), 'utf8');
}

/** Rows of an INDEX.tsv by the names of its columns. */
export function fixtureIndex(folder: string): { readonly [column: string]: string }[] {
  if (!isThere) return [];
  const [head = '', ...rows] = fixture(join(folder, 'INDEX.tsv')).trimEnd().split('\n');
  const columns = head.split('\t');
  return rows.map((row) => Object.fromEntries(row.split('\t').map((cell, index) => [columns[index] ?? '', cell])));
}
