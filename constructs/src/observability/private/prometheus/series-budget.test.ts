import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantityOf } from '../../../private/quantity';
import { prometheusSeconds } from './prometheus-duration';
import {
  budgetFindings,
  type KeptSamples,
  neededBytes,
  prometheusBytes,
  sizeFindings,
  sizeForVolume,
} from './series-budget';

const DAY = 86_400;

/** Samples as a program may ask for them. */
const kept = fc
  .record({
    series: fc.integer({ min: 1, max: 50_000_000 }),
    shards: fc.integer({ min: 1, max: 12 }),
    interval: fc.constantFrom('5s', '15s', '30s', '1m'),
    days: fc.integer({ min: 1, max: 400 }),
    gibibytes: fc.integer({ min: 1, max: 5_000 }),
  })
  .map(
    ({ series, shards, interval, days, gibibytes }): KeptSamples => ({
      who: 'Prometheus of cluster "sh"',
      series,
      shards,
      intervalSeconds: prometheusSeconds(interval) ?? 0,
      retentionSeconds: days * DAY,
      volume: gibibytes * 2 ** 30,
      said: { retention: `${days}d`, storage: `${gibibytes}Gi`, interval },
      settings: { storage: 'storage', retention: 'retention', shards: 'shards' },
    }),
  );

const offered = (fix: string, setting: string): string | undefined =>
  new RegExp(`${setting}: '?([0-9]+[a-zA-Z]*)'?`).exec(fix)?.[1];

describe('the budget of a volume', () => {
  it('is said with its arithmetic', () => {
    const [finding] = budgetFindings({
      who: 'Prometheus of cluster "sh"',
      series: 410_000,
      shards: 1,
      intervalSeconds: 30,
      retentionSeconds: 30 * DAY,
      volume: 50 * 2 ** 30,
      said: { retention: '30d', storage: '50Gi', interval: '30s' },
      settings: { storage: 'storage', retention: 'retention', shards: 'shards' },
    });
    expect(finding).toEqual({
      code: 'ORR2012',
      what: 'Prometheus of cluster "sh" is full before 30d are over: 410000 series × 1 sample in 30s × 30d × 2 bytes are 66.0 GiB, and 80 % of 50Gi are 40.0 GiB.',
      fix: "The nearest that works: storage: '83Gi', or retention: '18d', or shards: 2.",
    });
  });

  it('is refused exactly where the samples do not fit, and each of the nearest that work does, while what is one less does not', () => {
    fc.assert(
      fc.property(kept, (asked) => {
        const [finding] = budgetFindings(asked);
        expect(finding === undefined).toBe(neededBytes(asked) <= asked.volume * 0.8);
        if (finding === undefined) return;
        const fits = (changed: Partial<KeptSamples>) => budgetFindings({ ...asked, ...changed }).length === 0;

        const storage = quantityOf(offered(finding.fix, 'storage') ?? '') ?? 0;
        expect(fits({ volume: storage })).toBe(true);
        expect(fits({ volume: storage - 2 ** 30 })).toBe(false);

        const shards = Number(offered(finding.fix, 'shards'));
        expect(fits({ shards })).toBe(true);
        expect(fits({ shards: shards - 1 })).toBe(false);

        const retention = offered(finding.fix, 'retention');
        if (retention === undefined) return;
        const retentionSeconds = prometheusSeconds(retention) ?? 0;
        expect(fits({ retentionSeconds })).toBe(true);
        expect(fits({ retentionSeconds: retentionSeconds + (retention.endsWith('d') ? DAY : 3600) })).toBe(false);
      }),
    );
  });

  it('lets a size of retention pass that the volume holds, the one by default always', () => {
    fc.assert(
      fc.property(kept, ({ series: _, ...asked }) => {
        const size = sizeForVolume(asked.volume);
        expect(sizeFindings(size, asked)).toEqual([]);
        expect(prometheusBytes(size)).toBeLessThanOrEqual(asked.volume * 0.8);
        expect(sizeFindings(`${Math.ceil(asked.volume / 2 ** 20)}MB`, asked)).toHaveLength(1);
      }),
    );
    const asked = { ...fc.sample(kept, 1)[0], series: 1_000_000, shards: 1, intervalSeconds: 30, volume: 2 ** 40 };
    const [dropped] = sizeFindings('1GB', { ...asked, retentionSeconds: 15 * DAY } as KeptSamples);
    expect(dropped?.what).toContain('drops samples before');
    expect(sizeFindings('many', asked as KeptSamples)[0]?.code).toBe('ORR2011');
  });
});

describe('a duration of Prometheus', () => {
  it.each([
    ['15d', 15 * DAY],
    ['1h30m', 5400],
    ['1y2w', 379 * DAY],
    ['500ms', 0.5],
    ['0', 0],
    ['0d', 0],
  ])('%s is %d seconds', (text, seconds) => {
    expect(prometheusSeconds(text)).toBe(seconds);
  });

  it.each(['', '15', 'd', '1.5h', '30m1h', '1h1h', '-1d', '15 d'])('%j is none', (text) => {
    expect(prometheusSeconds(text)).toBeUndefined();
  });
});
