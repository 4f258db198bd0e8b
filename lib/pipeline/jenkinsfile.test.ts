import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assembly } from '../assembly/assembly.ts';
import { differenceOf, jenkinsfileOf } from './jenkinsfile.ts';

const TEXT = 'pipeline {\n  agent any\n}\n';
const assembly = (...paths: string[]) =>
  ({
    documents: paths.map((path) => ({
      path,
      type: 'jenkinsfile',
      file: 'Jenkinsfile',
      asset: { sha256: createHash('sha256').update(path).digest('hex'), source: 'Jenkinsfile' },
    })),
    assets: { bytes: async () => Buffer.from(TEXT) },
  }) as unknown as Assembly;

describe('the Jenkinsfile of a pipeline', () => {
  it('is that of the only pipeline where none is named, else of the one at the path or with the id', async () => {
    await expect(jenkinsfileOf(assembly('shop'), undefined)).resolves.toEqual({
      pipeline: 'shop',
      file: 'Jenkinsfile',
      text: TEXT,
    });
    const two = assembly('shop', 'bank/shop', 'bank/pay');
    await expect(jenkinsfileOf(two, 'shop')).resolves.toMatchObject({ pipeline: 'shop' });
    await expect(jenkinsfileOf(two, 'pay')).resolves.toMatchObject({ pipeline: 'bank/pay' });
  });

  it('is refused where it is not clear which one is meant, naming those that there are', async () => {
    const refused = (paths: string[], name: string | undefined) =>
      expect(jenkinsfileOf(assembly(...paths), name)).rejects;
    await refused(['a', 'b'], undefined).toMatchObject({ code: 'ORR1001', fix: 'Say which: a, b.' });
    await refused(['x/a', 'y/a', 'b'], 'a').toMatchObject({ code: 'ORR1001', fix: 'There is x/a, y/a.' });
    await refused(['a'], 'c').toMatchObject({ code: 'ORR1001', fix: 'There is a.' });
    await refused([], 'c').toMatchObject({ message: 'the program has no pipeline with a Jenkinsfile.' });
  });

  it('differs from a file in the first line that is another one, and from no file that is the same', () => {
    expect(differenceOf('a\nb\n', 'a\nc\n')).toEqual({ line: 2, expected: 'b', found: 'c' });
    expect(differenceOf('a\n', 'a')).toEqual({ line: 2, expected: '', found: undefined });
    expect(differenceOf('a', 'a\nb')).toEqual({ line: 2, expected: undefined, found: 'b' });
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const difference = differenceOf(a, b);
        if (a === b) return difference === undefined;
        const line = (text: string) => text.split('\n')[(difference?.line ?? 0) - 1];
        return line(a) === difference?.expected && line(b) === difference?.found && line(a) !== line(b);
      }),
    );
  });
});
