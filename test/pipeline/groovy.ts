import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Parsed } from './groovy-ast.ts';

/** Debian's Groovy, the version that Jenkins has: apt-get install groovy. */
const GROOVY = '/usr/bin/groovy';
const JAVA = '/usr/bin/java';
const SCRIPT = join(import.meta.dirname, 'dump-jenkinsfile.groovy');

const isHere = existsSync(GROOVY) && existsSync(JAVA);

/** Without Groovy its tests are skipped, except where everything must be tested. */
export const isGroovyMissing = !isHere && process.env.CI !== 'true';

/** Said in the titles of tests that are skipped. */
export const groovySkipped = isGroovyMissing ? ' (skipped: the apt package "groovy" is not installed)' : '';

/** Parses all sources in one process: starting it takes longer than parsing. */
export function parseGroovy(sources: { readonly [id: string]: string }): { readonly [id: string]: Parsed } {
  if (!isHere) throw new Error('Groovy is not installed: apt-get install groovy');
  const folder = mkdtempSync(join(tmpdir(), 'orrery-groovy-'));
  try {
    const input = join(folder, 'input.json');
    const output = join(folder, 'output.json');
    writeFileSync(input, JSON.stringify(Object.entries(sources).map(([id, source]) => ({ id, source }))));
    const env = { ...process.env, JAVA_HOME: dirname(dirname(realpathSync(JAVA))), JAVA_OPTS: '-Xss8m' };
    execFileSync(GROOVY, [SCRIPT, input, output], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    return JSON.parse(readFileSync(output, 'utf8')) as { readonly [id: string]: Parsed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
