import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROBLEM_CODES } from '@orrery/constructs/problem-codes';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../lib/checks/run-checks.ts';
import { ERROR_CODES } from '../lib/errors.ts';
import { ADVICE } from '../lib/explain/advice.ts';
import { explanations } from '../lib/explain/explain.ts';

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

describe('orrery explain', () => {
  it('says of every error what its page says', () => {
    expect(Object.fromEntries(rows.map(([, code, , ...advice]) => [code, advice.slice(0, -1).join('|')]))).toEqual(
      ADVICE,
    );
  });

  it('knows every check, and every check has a row on its page', () => {
    const known = explanations().flatMap((one) => (one.type === 'check' ? [one.id] : []));
    expect(known).toEqual(CHECKS.map(({ id }) => id));
    const checks = readFileSync(fileURLToPath(new URL('../docs/checks.md', import.meta.url)), 'utf8');
    for (const id of known) expect(checks).toContain(`| \`${id}\` |`);
  });
});
