import { parseDuration } from '@orrery/constructs/duration';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest.ts';

describe('the nearest known word', () => {
  it('is the one that was meant', () => {
    expect(nearestWord('contxt', ['kubeconfig', 'context'])).toBe('context');
    expect(nearestWord('tragets', ['targets', 'plan'])).toBe('targets');
    expect(nearestWord('Targets', ['targets'])).toBe('targets');
    expect(nearestWord('prod-hs', ['prod-sh', 'prod-gz'])).toBe('prod-sh');
  });

  it('is none when nothing is near', () => {
    expect(nearestWord('colour', ['kubeconfig', 'context'])).toBeUndefined();
    expect(nearestWord('x', [])).toBeUndefined();
  });

  it('is always one of the known words, and a known word itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 8 }), { minLength: 1 }),
        fc.string({ maxLength: 8 }),
        (known, word) => {
          const found = nearestWord(word, known);
          if (found !== undefined) expect(known).toContain(found);
          if (known.includes(word)) expect(found?.toLowerCase()).toBe(word.toLowerCase());
        },
      ),
    );
  });
});

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['5min', 300_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    ['250ms', 250],
    ['1.5s', 1500],
  ])('%s is %d ms', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  it.each(['', '5', 's', '5 s', '-5s', '5s ', '5y', '1e3s', 'soon'])('is not %j', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});
