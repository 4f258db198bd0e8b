import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HotColdLifecycleProps, LogLifecycle } from './log-lifecycle';
import { hoursOf, tierFindings } from './private/logs/lifecycle';
import { ilmPolicy, ismPolicy, ismPolicySpec } from './private/logs/lifecycle-policies';

const SCOPE = { description: 'Logs', indexPatterns: ['app-logs-*'], priority: 100 };
const said = (lifecycle: LogLifecycle) => lifecycle._findings().map(({ code, what }) => `${code}: ${what}`);

/** When an index that was made at hour 0 and rolled over at some hour is in which phase: its first hours in cold and gone. */
interface Life {
  readonly rolledOver: number;
  readonly cold: number | undefined;
  readonly gone: number;
}

// biome-ignore lint/suspicious/noExplicitAny: policies are read as Elasticsearch and OpenSearch read them, from JSON
type Json = any;

/** Elasticsearch as its documentation tells: looks every hour; ages of a rolled over index count from its rollover. @param fullAt hour at which its shard is as large as it may be */
function lifeByIlm(policy: Json, fullAt: number): Life {
  const { hot, cold, delete: gone } = policy.policy.phases;
  const hours = (time: string) => (time === '0ms' ? 0 : (hoursOf(time) ?? Number.NaN));
  let rolledOver: number | undefined;
  let coldAt: number | undefined;
  for (let hour = hours(hot.min_age); hour < 1e6; hour++) {
    if (rolledOver === undefined) {
      if (hour >= hours(hot.actions.rollover.max_age) || hour >= fullAt) rolledOver = hour;
      continue;
    }
    const age = hour - rolledOver;
    if (cold !== undefined && coldAt === undefined && age >= hours(cold.min_age)) coldAt = hour;
    if ((cold === undefined || coldAt !== undefined) && age >= hours(gone.min_age))
      return { rolledOver, cold: coldAt, gone: hour };
  }
  throw new Error('never gone');
}

/** OpenSearch: from state to state by the transitions of the one it is in. */
function lifeByIsm({ policy }: Json, fullAt: number): Life {
  const state = (name: string) => policy.states.find((one: Json) => one.name === name);
  let current = state(policy.default_state);
  let rolledOver: number | undefined;
  let coldAt: number | undefined;
  for (let hour = 0; hour < 1e6; hour++) {
    const rollover = current.actions.find((action: Json) => action.rollover)?.rollover;
    if (rollover !== undefined && rolledOver === undefined) {
      if (hour < (hoursOf(rollover.min_index_age) ?? Number.NaN) && hour < fullAt) continue;
      rolledOver = hour;
    }
    for (const { state_name: to, conditions } of current.transitions) {
      if (rolledOver === undefined || hour - rolledOver < (hoursOf(conditions.min_rollover_age) ?? Number.NaN))
        continue;
      current = state(to);
      if (to === 'cold') coldAt = hour;
      break;
    }
    if (current.actions.some((action: Json) => action.delete))
      return { rolledOver: rolledOver ?? 0, cold: coldAt, gone: hour };
  }
  throw new Error('never gone');
}

const time = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((days) => `${days}d`),
  fc.integer({ min: 1, max: 400 }).map((hours) => `${hours}h`),
);
const anyProps: fc.Arbitrary<HotColdLifecycleProps> = fc.record({
  coldAfter: time,
  deleteAfter: time,
  rolloverAfter: time,
});
const hours = (text: string | undefined) => hoursOf(text ?? '') ?? Number.NaN;

describe('the life of logs', () => {
  it('is hot for 14 days, rolled over daily, and then cold', () => {
    const lifecycle = LogLifecycle.hotCold({ deleteAfter: '90d' });
    expect(said(lifecycle)).toEqual([]);
    expect(ilmPolicy(lifecycle._lifecycle())).toEqual({
      policy: {
        phases: {
          hot: {
            min_age: '0ms',
            actions: { rollover: { max_age: '1d', max_primary_shard_size: '50gb' }, set_priority: { priority: 100 } },
          },
          cold: {
            min_age: '14d',
            actions: { readonly: {}, allocate: { number_of_replicas: 1 }, set_priority: { priority: 0 } },
          },
          delete: { min_age: '90d', actions: { delete: {} } },
        },
      },
    });
  });

  it('keeps every record hot for as long as said, and at most a rollover longer, whatever is valid and however full indices get', () => {
    fc.assert(
      fc.property(anyProps, fc.integer({ min: 1, max: 2000 }), (props, fullAt) => {
        const lifecycle = LogLifecycle.hotCold(props);
        fc.pre(said(lifecycle).length === 0);
        const settings = lifecycle._lifecycle();
        const byIlm = lifeByIlm(ilmPolicy(settings), fullAt);
        const byIsm = lifeByIsm(ismPolicy(settings, SCOPE), fullAt);
        for (const { rolledOver, cold, gone } of [byIlm, byIsm]) {
          const rollover = hours(settings.rolloverAfter);
          expect(rolledOver).toBeLessThanOrEqual(rollover);
          // The youngest record is as old as the rollover, the oldest as the index.
          expect((cold ?? 0) - rolledOver).toBeGreaterThanOrEqual(hours(settings.coldAfter));
          expect(cold).toBeLessThanOrEqual(hours(settings.coldAfter) + rollover + 1);
          expect(gone - rolledOver).toBeGreaterThanOrEqual(hours(settings.deleteAfter));
          expect(gone).toBeLessThanOrEqual(hours(settings.deleteAfter) + rollover + 1);
          expect(gone).toBeGreaterThan(cold ?? 0);
        }
      }),
    );
  });

  it('is refused exactly where ages do not rise or a rollover takes longer than what comes after it', () => {
    fc.assert(
      fc.property(anyProps, (props) => {
        const [rollover, cold, gone] = [props.rolloverAfter, props.coldAfter, props.deleteAfter].map(hours) as [
          number,
          number,
          number,
        ];
        expect(said(LogLifecycle.hotCold(props)).length === 0).toBe(gone > cold && rollover <= cold);
        expect(said(LogLifecycle.hot(props)).length === 0).toBe(rollover <= gone);
      }),
    );
    expect(said(LogLifecycle.hotCold({ coldAfter: '14d', deleteAfter: '14d', rolloverAfter: '30d' }))).toEqual([
      'ORR2012: Records are deleted after 14d, before they were cold (after 14d).',
      'ORR2012: Ages count from rollover, and an index is rolled over after up to 30d: with coldAfter 14d records would stay more than twice as long as said.',
    ]);
  });

  it.each([
    [{ deleteAfter: '90 days' }, 'deleteAfter is "90 days".'],
    [{ deleteAfter: '0d' }, 'deleteAfter is "0d".'],
    [{ deleteAfter: '99999d' }, 'deleteAfter is "99999d".'],
    [{ deleteAfter: '90d', coldAfter: '2w' }, 'coldAfter is "2w".'],
    [{ deleteAfter: '90d', rolloverSize: '50' }, 'rolloverSize is "50".'],
    [{ deleteAfter: '90d', replicas: -1 }, 'replicas is -1.'],
    [{ deleteAfter: '90d', coldReplicas: 1.5 }, 'coldReplicas is 1.5.'],
  ])('is refused with %j', (props, what) => expect(said(LogLifecycle.hotCold(props))).toContain(`ORR2011: ${what}`));

  it('needs nodes for what is cold, and as many as there are copies of a shard', () => {
    const lifecycle = LogLifecycle.hotCold({ deleteAfter: '90d', replicas: 2, coldReplicas: 1 })._lifecycle();
    const found = (hot: number, cold: number) => tierFindings(lifecycle, { hot, cold }).map(({ what }) => what);
    expect(found(3, 2)).toEqual([]);
    expect(found(2, 0)).toEqual([
      '2 copies of a shard beside the primary one do not fit on 2 hot nodes.',
      'Records get cold after 14d, and there is no node for cold data: they would stay on hot ones.',
    ]);
    expect(found(3, 1)).toEqual(['1 copy of a shard beside the primary one do not fit on 1 cold node.']);
    const without = LogLifecycle.hot({ deleteAfter: '7d' })._lifecycle();
    expect(tierFindings(without, { hot: 2, cold: 0 })).toEqual([]);
  });

  it('is the same for OpenSearch, by its API and by the resource of its operator', () => {
    const lifecycle = LogLifecycle.hotCold({ deleteAfter: '90d' })._lifecycle();
    const cold = { attribute: 'tier', value: 'cold' };
    const api = ismPolicy(lifecycle, SCOPE, cold) as Json;
    expect(api.policy.states.map(({ name }: Json) => name)).toEqual(['hot', 'cold', 'delete']);
    expect(api.policy.states[1].actions).toContainEqual({
      allocation: { require: { tier: 'cold' }, wait_for: false },
    });
    const spec = ismPolicySpec(lifecycle, SCOPE, 'logs') as Json;
    expect(spec.states.map(({ transitions }: Json) => transitions)).toEqual([
      [{ stateName: 'cold', conditions: { minRolloverAge: '14d' } }],
      [{ stateName: 'delete', conditions: { minRolloverAge: '90d' } }],
      [],
    ]);
    expect(spec.states[0].actions[1]).toEqual({ rollover: { minIndexAge: '1d', minPrimaryShardSize: '50gb' } });
  });
});
