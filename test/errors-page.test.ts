import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../constructs/lib/private/problem.js';
import { ERROR_CODES } from '../lib/errors.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/errors.md', import.meta.url)), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ORR'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the page of errors', () => {
  it('has every code that program, engine and command report, with its meaning', () => {
    const documented = Object.fromEntries(rows.map(([, code, meaning]) => [code, meaning]));
    expect(documented).toEqual({ ...PROBLEM_CODES, ...ERROR_CODES });
  });

  it('has no code that nothing reports', () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const sources = ['lib', 'constructs/src'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /^(?!.*(node_modules|dist)\/).*(?<!\.test|\.d)\.ts$/.test(file.split(path.sep).join('/')))
        .filter((file) => !/(^|[\\/])(errors|problem)\.ts$/.test(file))
        .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
    );
    const reported = new Set(sources.flatMap((text) => text.match(/ORR\d{4}/g) ?? []));
    expect(rows.map(([, code]) => code).filter((code) => !reported.has(code ?? ''))).toEqual([]);
  });

  it('says for each what to do, in order', () => {
    for (const row of rows) expect(row[3]?.length, row[1]).toBeGreaterThan(10);
    const codes = rows.map(([, code]) => code);
    expect(codes).toEqual([...codes].sort());
  });
});
