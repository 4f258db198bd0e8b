import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLockFile, writeChartPins, writePins } from './lock-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'orrery-lock-'));
  file = path.join(folder, 'orrery.lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the lock file', () => {
  it('that is not there pins nothing', () => {
    expect(readLockFile(file).targets.size).toBe(0);
  });

  it('gives back what was pinned, sorted by name, and leaves nothing beside it', () => {
    writePins(file, new Map([['prod-sh', { uid: 'u2', server: 'https://sh' }]]));
    writePins(file, new Map([['dev', { uid: 'u1' }]]));
    expect([...readLockFile(file).targets]).toEqual([
      ['dev', { uid: 'u1', server: undefined }],
      ['prod-sh', { uid: 'u2', server: 'https://sh' }],
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      version: 1,
      targets: { dev: { uid: 'u1' }, 'prod-sh': { uid: 'u2', server: 'https://sh' } },
    });
    expect(readdirSync(folder)).toEqual(['orrery.lock']);
  });

  it('keeps every section and pin it does not write', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const sections = fc.dictionary(
      name.filter((key) => key !== 'targets' && key !== 'version'),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(sections, fc.dictionary(name, name, { minKeys: 1 }), name, (others, pins, cluster) => {
        const targets = Object.fromEntries(Object.entries(pins).map(([key, uid]) => [key, { uid }]));
        writeFileSync(file, JSON.stringify({ version: 1, ...others, targets }));
        writePins(file, new Map([[cluster, { uid: 'new' }]]));
        expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
          JSON.parse(JSON.stringify({ version: 1, ...others, targets: { ...targets, [cluster]: { uid: 'new' } } })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('keeps digests of charts beside the targets', () => {
    const chart = 'https://charts.example.com/gateway 2.4.1';
    writePins(file, new Map([['dev', { uid: 'u1' }]]));
    writeChartPins(file, new Map([[chart, 'a'.repeat(64)]]));
    writeChartPins(file, new Map([['oci://registry.example.com/cache 1.0.0', 'b'.repeat(64)]]));
    expect(readLockFile(file).charts.get(chart)).toBe('a'.repeat(64));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      version: 1,
      targets: { dev: { uid: 'u1' } },
      charts: {
        [chart]: `sha256:${'a'.repeat(64)}`,
        'oci://registry.example.com/cache 1.0.0': `sha256:${'b'.repeat(64)}`,
      },
    });
  });

  it.each([[{ charts: [] }], [{ charts: { x: 'sha256:zz' } }], [{ charts: { x: { sha256: 'a' } } }]])(
    'with a digest that is none is refused: %j',
    (lock) => {
      writeFileSync(file, JSON.stringify(lock));
      expect(() => readLockFile(file)).toThrow(expect.objectContaining({ code: 'ORR3003' }));
    },
  );

  it('is not written when there is nothing to pin', () => {
    writePins(file, new Map());
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['no JSON', '<<<<<<< HEAD'],
    ['no map', '[]'],
    ['of a newer version', '{"version":2}'],
    ['without a uid', '{"version":1,"targets":{"dev":{}}}'],
    ['without targets that are a map', '{"version":1,"targets":[]}'],
  ])('that is %s is refused, for reading and for writing, and stays as it is', (_name, content) => {
    writeFileSync(file, content);
    expect(() => readLockFile(file)).toThrow(expect.objectContaining({ code: 'ORR3003' }));
    try {
      writePins(file, new Map([['a', { uid: 'b' }]]));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ORR3003' });
      expect(readFileSync(file, 'utf8')).toBe(content);
    }
  });
});
