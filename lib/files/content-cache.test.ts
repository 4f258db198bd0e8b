import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContentCache } from './content-cache.ts';

let folder: string;
let cache: ContentCache;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'orrery-cache-')), 'cache');
  cache = new ContentCache(folder);
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

describe('what is kept by what it was made from', () => {
  const value = { password: 'open-sesame', list: ['ÄÖ', 1, null] };

  it('comes back to whoever has that, and is nothing to anybody else', async () => {
    await cache.write('rendered', 'chart and values', value);
    expect(await cache.read('rendered', 'chart and values')).toEqual(value);
    expect(await cache.read('rendered', 'chart and other values')).toBeUndefined();
    const [name = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(name).toMatch(/^rendered-[0-9a-f]{64}$/);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(path.join(folder, name));
    for (const text of ['open-sesame', 'password', 'ÄÖ']) expect(bytes.includes(text)).toBe(false);
  });

  it('counts as absent when a bit of it has changed, or it was cut short', async () => {
    await cache.write('rendered', 'it', value);
    const [name = ''] = readdirSync(folder);
    const file = path.join(folder, name);
    const bytes = readFileSync(file);
    for (let at = 0; at < bytes.length; at++) {
      writeFileSync(file, bytes.with(at, (bytes[at] ?? 0) ^ 1));
      expect(await cache.read('rendered', 'it')).toBeUndefined();
      writeFileSync(file, bytes.subarray(0, at));
      expect(await cache.read('rendered', 'it')).toBeUndefined();
    }
    writeFileSync(file, bytes);
    expect(await cache.read('rendered', 'it')).toEqual(value);
  });

  it('is one file where only the last one counts', async () => {
    await cache.write('checks', 'first', 1, 'last');
    await cache.write('checks', 'second', 2, 'last');
    expect(readdirSync(folder)).toEqual(['checks']);
    expect(await cache.read('checks', 'second', 'last')).toBe(2);
    expect(await cache.read('checks', 'first', 'last')).toBeUndefined();
  });

  it('is nothing without a folder', async () => {
    const none = new ContentCache(undefined);
    await none.write('rendered', 'it', value);
    expect(await none.read('rendered', 'it')).toBeUndefined();
  });
});
