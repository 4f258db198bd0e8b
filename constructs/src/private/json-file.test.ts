import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../synthesis.test-support';
import { writeJsonFile } from './json-file';

describe('a JSON file', () => {
  it('reads as JSON.stringify writes it, for any plain data', () => {
    const file = path.join(temporaryFolder(), 'data.json');
    const { tie } = fc.letrec((tie) => ({
      tie: fc.oneof(
        { maxDepth: 5 },
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constantFrom(null, undefined),
        fc.array(tie('tie')),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('tie')),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(fc.array(tie), fc.dictionary(fc.string(), tie)), (value) => {
        writeJsonFile(file, value);
        expect(fs.readFileSync(file, 'utf8')).toBe(`${JSON.stringify(value, undefined, 2)}\n`);
        fs.rmSync(file);
      }),
    );
  });

  it('larger than what is written at once is written whole', () => {
    const file = path.join(temporaryFolder(), 'data.json');
    const value = { objects: Array.from({ length: 5000 }, (_, i) => ({ path: `shop/${i}`, text: 'é"\n'.repeat(20) })) };
    writeJsonFile(file, value);
    expect(fs.readFileSync(file, 'utf8')).toBe(`${JSON.stringify(value, undefined, 2)}\n`);
  });
});
