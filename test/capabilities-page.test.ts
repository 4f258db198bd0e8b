import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const rows = readFileSync(path.join(ROOT, 'docs/capabilities.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('every capability on the page has its own row, a page that exists where one is linked, and tests that exist', () => {
  const numbers = rows.map(([, row]) => Number(row));
  expect(new Set(numbers).size).toBe(rows.length);
  expect(numbers).toEqual(expect.arrayContaining([1, 2, 3, 9, 21, 22, 26, 37, 38, 58, 65, 68, 69, 80]));
  for (const [, row, , saidBy = '', , tests = ''] of rows) {
    for (const [, link = ''] of saidBy.matchAll(/\]\(([^)#]+)/g))
      expect(existsSync(path.join(ROOT, 'docs', link)), `row ${row}: ${link}`).toBe(true);
    const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
    expect(files.length, `row ${row}: tests`).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(path.join(ROOT, file)), `row ${row}: ${file}`).toBe(true);
  }
});
