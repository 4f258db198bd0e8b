import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from './cron';

const pause = (text: string) => parseCron(text)?.longestPause;
const HOUR = 60;
const DAY = 24 * HOUR;

describe('a schedule', () => {
  it.each([
    ['* * * * *', 1],
    ['*/15 * * * *', 15],
    ['*/25 * * * *', 25],
    ['7/20 * * * *', 20],
    ['0 3 * * *', DAY],
    ['0 3,15 * * *', 12 * HOUR],
    ['0 9-17/4 * * *', 16 * HOUR],
    ['0 3 * * 1-5', 3 * DAY],
    ['0 3 * * mon', 7 * DAY],
    ['0 0 1 * *', 31 * DAY],
    ['0 0 31 * *', 61 * DAY],
    ['0 0 1 JAN ?', 366 * DAY],
    ['0 0 29 2 *', (3 * 365 + 366) * DAY],
    ['0 0 1 * sun', 7 * DAY],
    ['@hourly', HOUR],
    ['@daily', DAY],
    ['@weekly', 7 * DAY],
    ['@monthly', 31 * DAY],
    ['@every 6h', 6 * HOUR],
    ['@every 90s', 2],
    ['CRON_TZ=Asia/Shanghai 0 3 * * *', DAY],
  ])('%s has its longest pause', (text, minutes) => {
    expect(pause(text)).toBe(minutes);
  });

  it.each([
    '',
    '0 3 * *',
    '0 3 * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 7',
    '*/0 * * * *',
    '5-3 * * * *',
    '*-5 * * * *',
    '1/2/3 * * * *',
    'a * * * *',
    '1, * * * *',
    '-1 * * * *',
    '0 0 30 2 *',
    '@never',
    '@every',
    '@every 2',
    '@every 1d',
  ])('%j is none', (text) => {
    expect(parseCron(text)).toBeUndefined();
  });

  it('has its longest pause where it was counted minute by minute', () => {
    const list = (most: number, least = 0) =>
      fc.oneof(
        fc.constant('*'),
        fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 3 }).map(String),
      );
    const schedules = fc.tuple(list(59), list(23), fc.constant('*'), fc.constant('*'), list(6));
    fc.assert(
      fc.property(schedules, (fields) => {
        const [minutes, hours, , , weekdays] = fields.map((field) =>
          field === '*' ? undefined : new Set(field.split(',').map(Number)),
        );
        let longest = 0;
        let before: number | undefined;
        for (let at = 0; at < 15 * DAY; at++) {
          const day = (Math.floor(at / DAY) + 4) % 7;
          const isRun =
            minutes?.has(at % 60) !== false &&
            hours?.has(Math.floor(at / 60) % 24) !== false &&
            weekdays?.has(day) !== false;
          if (!isRun) continue;
          if (before !== undefined) longest = Math.max(longest, at - before);
          before = at;
        }
        expect(pause(fields.join(' '))).toBe(longest);
      }),
      { numRuns: 60 },
    );
  });
});
