import type { AnalysisHoldManifest } from '@orrery/constructs/assembly-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAnalysis, type Measured, measurementTimes } from './analysis.ts';

const START = 1_800_000_000_000;
const MINUTE = 60_000;

function hold(metric: Partial<AnalysisHoldManifest['metrics'][number]> = {}, minutes = 3): AnalysisHoldManifest {
  const metrics = [{ name: 'errors', url: 'http://prometheus', query: 'q', atMost: 0.05, ...metric }];
  return { type: 'analysis', durationMs: minutes * MINUTE, intervalMs: MINUTE, metrics };
}

/** Values at the measurements of an analysis, one after another; undefined: none there. */
function measured(...series: (number | undefined)[][]): ReadonlyMap<string, Measured> {
  const all = series.map((values, at) => ({
    labels: `{pod="${at}"}`,
    values: new Map(
      values.flatMap((value, index) => (value === undefined ? [] : [[START + (index + 1) * MINUTE, value] as const])),
    ),
  }));
  return new Map([['errors', { series: all }]]);
}

const END = START + 3 * MINUTE;

describe('an analysis', () => {
  it('measures at the end of each whole interval', () => {
    expect(measurementTimes({ durationMs: 150_000, intervalMs: MINUTE }, START)).toEqual([
      START + MINUTE,
      START + 2 * MINUTE,
    ]);
  });

  it.each<[string, (number | undefined)[][], string]>([
    ['every measurement is inside its bounds', [[0.01, 0, 0.05]], 'passed'],
    [
      'one of several series is outside',
      [
        [0.01, 0.01, 0.01],
        [0.01, 0.06, 0.01],
      ],
      'failed',
    ],
    ['one measurement is outside', [[0.01, 0.2, 0.01]], 'failed'],
    ['no series is there', [], 'inconclusive'],
    ['one measurement has no data', [[0.01, undefined, 0.01]], 'inconclusive'],
    ['a value is no number', [[0.01, Number.NaN, 0.01]], 'inconclusive'],
    ['a value is infinite', [[0.01, Number.POSITIVE_INFINITY, 0.01]], 'failed'],
    ['one measurement is outside and one has no data', [[0.2, undefined, 0.01]], 'failed'],
  ])('of which %s', (_, values, status) => {
    expect(judgeAnalysis(hold(), START, END, measured(...values)).status).toBe(status);
  });

  it('tolerates as many failures and as many measurements without data as it says', () => {
    const tolerant = hold({ failureLimit: 1, inconclusiveLimit: 1 });
    expect(judgeAnalysis(tolerant, START, END, measured([0.2, undefined, 0.01])).status).toBe('passed');
    expect(judgeAnalysis(tolerant, START, END, measured([0.2, 0.2, 0.01])).status).toBe('failed');
    expect(judgeAnalysis(tolerant, START, END, measured([0.01, undefined, undefined])).status).toBe('inconclusive');
  });

  it('runs until its last measurement, and fails before as soon as that is sure', () => {
    const early = START + 2 * MINUTE;
    expect(judgeAnalysis(hold(), START, early, measured([0.01, 0.01])).status).toBe('running');
    expect(judgeAnalysis(hold(), START, early, measured([0.01, 0.2])).status).toBe('failed');
    expect(judgeAnalysis(hold(), START, START, measured([])).status).toBe('running');
  });

  it('is unknown while Prometheus does not answer, unless another metric failed', () => {
    const silent = new Map<string, Measured>([['errors', { unknown: 'it did not answer' }]]);
    expect(judgeAnalysis(hold(), START, END, silent)).toEqual({
      status: 'unknown',
      detail: 'errors: it did not answer',
    });
    const two: AnalysisHoldManifest = {
      ...hold(),
      metrics: [...hold().metrics, { name: 'latency', url: 'http://p', query: 'q', atMost: 1 }],
    };
    const slow = { series: [{ labels: '{}', values: new Map([[START + MINUTE, 3]]) }] };
    expect(judgeAnalysis(two, START, END, new Map([...silent, ['latency', slow]])).status).toBe('failed');
  });

  const value = fc.oneof(
    fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY),
    fc.double({ min: 0, max: 0.1, noNaN: true }),
  );
  const values = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { maxLength: 3 });

  it('never passes without one measurement whose every series is a number inside the bounds', () => {
    fc.assert(
      fc.property(values, fc.nat(4), fc.nat(4), (series, failureLimit, inconclusiveLimit) => {
        const { status } = judgeAnalysis(hold({ failureLimit, inconclusiveLimit }), START, END, measured(...series));
        const good = [0, 1, 2].filter((at) => {
          const there = series.map((one) => one[at]).filter((one) => one !== undefined);
          return there.length > 0 && there.every((one) => one <= 0.05);
        });
        if (status === 'passed') expect(good.length).toBeGreaterThan(0);
        if (good.length === 3) expect(status).toBe('passed');
      }),
    );
  });

  it('that failed stays failed, whatever is measured later', () => {
    fc.assert(
      fc.property(values, (series) => {
        const all = measured(...series);
        for (const minutes of [1, 2])
          if (judgeAnalysis(hold(), START, START + minutes * MINUTE, all).status === 'failed')
            expect(judgeAnalysis(hold(), START, END, all).status).toBe('failed');
      }),
    );
  });
});
