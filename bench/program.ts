import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Inside node_modules, so that the programs find the packages that they import. */
const PLAIN = join(import.meta.dirname, '..', 'node_modules', '.cache', 'orrery-bench');
const RELATIVE_IMPORT = /(?<=from ')(\.[^']+)\.ts(?=')/g;

/**
 * A program of `bench/programs` as plain JavaScript. What takes the types out of a program when it starts stays in its process: 17 MB, and some of its time,
 * of which nothing belongs to what is measured.
 * @param name without its extension: "flood"
 * @returns the file to run
 */
export function program(name: string): string {
  return plain(join(import.meta.dirname, 'programs', `${name}.ts`));
}

function plain(file: string): string {
  const target = join(PLAIN, relative(import.meta.dirname, file)).replace(/\.ts$/, '.mjs');
  const text = stripTypeScriptTypes(readFileSync(file, 'utf8'));
  for (const [, imported] of text.matchAll(RELATIVE_IMPORT)) plain(join(dirname(file), `${imported}.ts`));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text.replace(RELATIVE_IMPORT, '$1.mjs'));
  return target;
}
