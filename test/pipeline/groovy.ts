import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Parsed } from './groovy-ast.ts';
import { groovy, hasGroovy } from './groovy-command.ts';

const SCRIPT = join(import.meta.dirname, 'dump-jenkinsfile.groovy');

/** Without Groovy its tests are skipped, except where everything must be tested. */
export const isGroovyMissing = !hasGroovy && process.env.CI !== 'true';

/** Said in the titles of tests that are skipped. */
export const groovySkipped = isGroovyMissing ? ' (skipped: the apt package "groovy" is not installed)' : '';

/** A machine with other things to do takes long to start Java. */
export const GROOVY_TIMEOUT = 120_000;

/** Parses all sources in one process: starting it takes longer than parsing. */
export function parseGroovy(sources: { readonly [id: string]: string }): { readonly [id: string]: Parsed } {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-groovy-'));
  try {
    const input = join(folder, 'input.json');
    const output = join(folder, 'output.json');
    writeFileSync(input, JSON.stringify(Object.entries(sources).map(([id, source]) => ({ id, source }))));
    groovy(SCRIPT, [input, output]);
    return JSON.parse(readFileSync(output, 'utf8')) as { readonly [id: string]: Parsed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
