import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Parsed } from './groovy-ast.ts';
import { groovy, hasGroovy } from './groovy-command.ts';

/** Without Groovy its tests are skipped, except where everything must be tested. */
export const isGroovyMissing = !hasGroovy && process.env.CI !== 'true';

/** Said in the titles of tests that are skipped. */
export const groovySkipped = isGroovyMissing ? ' (skipped: the apt package "groovy" is not installed)' : '';

/** A machine with other things to do takes long to start Java. */
export const GROOVY_TIMEOUT = 120_000;

/** What is done with all sources in one process: starting it takes longer than that. */
function withAll<T>(script: string, sources: { readonly [id: string]: string }): { readonly [id: string]: T } {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-groovy-'));
  try {
    const input = join(folder, 'input.json');
    const output = join(folder, 'output.json');
    writeFileSync(input, JSON.stringify(Object.entries(sources).map(([id, source]) => ({ id, source }))));
    groovy(join(import.meta.dirname, script), [input, output]);
    return JSON.parse(readFileSync(output, 'utf8')) as { readonly [id: string]: T };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The trees of all sources. */
export function parseGroovy(sources: { readonly [id: string]: string }): { readonly [id: string]: Parsed } {
  return withAll('dump-jenkinsfile.groovy', sources);
}

/** A call that a pipeline made when it ran: a section, a step. */
export interface MadeCall {
  readonly call: string;
  readonly arguments: readonly unknown[];
  readonly inside: readonly MadeCall[];
}

export type Run = { readonly calls: readonly MadeCall[] } | { readonly error: string };

/** Runs pipelines without Jenkins: what is no section or no value is an error, steps do nothing but write down that they were called. */
export function runPipelines(sources: { readonly [id: string]: string }): { readonly [id: string]: Run } {
  return withAll('run-jenkinsfile.groovy', sources);
}
