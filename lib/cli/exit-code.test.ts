import { describe, expect, it } from 'vitest';
import type { ClusterOutcome, WaveOutcome } from '../apply/outcome.ts';
import { cartChange, cluster, everyAction, plan } from '../report/example-plan.test-data.ts';
import { outcomeExitCode, planExitCode, worst } from './exit-code.ts';
import { coloursWanted } from './surroundings.ts';

const down = cluster('ops', [], { problem: { code: 'ORR3004', what: 'down', where: {} } });
const outcome = (...statuses: ClusterOutcome['status'][]) => ({
  clusters: statuses.map(
    (status): ClusterOutcome => ({
      cluster: 'a',
      status,
      written: 0,
      deleted: 0,
      unchanged: 0,
      failures: [],
      skipped: [],
      milliseconds: 1,
    }),
  ),
});

describe('the exit code', () => {
  it('of a plan is 0, with --exit-code 2 when something changes', () => {
    expect(planExitCode(plan([cluster('a', [])]), true)).toBe(0);
    expect(planExitCode(plan([cluster('a', [cartChange])]), false)).toBe(0);
    expect(planExitCode(plan([cluster('a', [cartChange])]), true)).toBe(2);
  });

  it('of a plan is 1 when a cluster could not be read or an object is blocked, also with --exit-code', () => {
    expect(planExitCode(plan([cluster('a', [cartChange]), down]), true)).toBe(1);
    expect(planExitCode(plan([cluster('a', everyAction)]), true)).toBe(1);
  });

  it('of an apply is 1 when a wave failed, was interrupted or not started, although every cluster is done', () => {
    const waved = (status: WaveOutcome['status']) => ({
      ...outcome('done'),
      waves: [{ name: 'canary', clusters: ['a'], status, gates: [] }],
    });
    for (const status of ['failed', 'interrupted', 'not-started'] as const)
      expect(outcomeExitCode(waved(status))).toBe(1);
    for (const status of ['done', 'unchanged', 'incomplete'] as const) expect(outcomeExitCode(waved(status))).toBe(0);
  });

  it('of an apply is 1 unless every cluster is done or waits, and 3 when one waits', () => {
    expect(outcomeExitCode(outcome('done', 'done'))).toBe(0);
    expect(outcomeExitCode(outcome('done', 'waiting'))).toBe(3);
    for (const status of ['failed', 'interrupted', 'skipped'] as const)
      expect(outcomeExitCode(outcome('done', 'waiting', status))).toBe(1);
  });

  it('is the worst of several: 1 before 3 before 2', () => {
    expect(worst(0, 2, 3, 1)).toBe(1);
    expect(worst(0, 2, 3)).toBe(3);
    expect(worst(0, 2)).toBe(2);
    expect(worst()).toBe(0);
  });
});

describe('colours', () => {
  it.each([
    ['always', {}, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', { TERM: 'dumb' }, true, false],
  ] as const)('with %s, %j and terminal %s: %s', (choice, env, terminal, wanted) =>
    expect(coloursWanted(choice, env, terminal)).toBe(wanted),
  );
});
