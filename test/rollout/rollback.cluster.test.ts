import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ApplyEvent } from '../../lib/apply/outcome.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { applyRollout } from '../../lib/rollout/apply-rollout.ts';
import type { Program } from '../applied-platform.ts';
import { configMap, definition, namespace } from '../sample-objects.ts';
import { StagedPlatform } from './staged-platform.ts';

/** A wave that fails takes back what the apply wrote, where the program says so. */

let platform: StagedPlatform;
let ns: string;

beforeEach(async () => {
  platform = await StagedPlatform.start('back');
  ns = platform.namespace();
});
afterEach(() => platform.end());

const gate = (name: string, exitCode: number) =>
  ({
    type: 'command',
    name,
    timeoutMs: 20_000,
    command: [process.execPath, '-e', `process.exitCode = ${exitCode}`],
  }) as const;

async function roll(program: Program, exitCode: number) {
  const clusters = Object.keys(program);
  const targets = await platform.openAll(clusters);
  const desired = platform.staged(program, {
    onFailure: 'rollback',
    waves: [
      { name: 'canary', clusters: ['alpha'], gates: [gate('first', 0)] },
      { name: 'next', clusters: ['beta'], gates: [gate('second', exitCode)] },
      { name: 'rest', clusters: ['gamma'] },
    ],
  });
  const made = await makePlan(desired, targets, platform.planOptions());
  const events: ApplyEvent[] = [];
  platform.writes.length = 0;
  const outcome = await applyRollout(
    {
      plan: made.plan,
      desired,
      targets,
      options: { who: 'test', stateFolder: platform.stateFolder, leaseSeconds: 5, renewals: made.renewals },
      reopen: async (names) => ({ all: await platform.openAll(names), close: () => Promise.resolve() }),
    },
    (event) => events.push(event),
  );
  return { outcome, events };
}

describe.skipIf(inject('rig') === 'missing')('an automatic rollback', () => {
  it('brings every cluster that was written back to what it held before, new kinds included, and leaves the others alone', async () => {
    const group = `${platform.id}.example.com`;
    const widget = {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'w', namespace: ns },
      spec: { size: 1 },
    };
    const before = [namespace(ns), configMap(ns, 'a', { value: '1' }), configMap(ns, 'old')];
    const after = [namespace(ns), configMap(ns, 'a', { value: '2' }), definition(group, 'Widget'), widget];
    const first = await roll({ alpha: before, beta: before, gamma: before }, 0);
    expect(first.outcome.rollback).toBeUndefined();

    const { outcome, events } = await roll({ alpha: after, beta: after, gamma: after }, 1);
    expect(outcome.waves?.map(({ status }) => status)).toEqual(['done', 'failed', 'not-started']);
    expect(events.find(({ type }) => type === 'rollback-started')).toMatchObject({ clusters: ['alpha', 'beta'] });
    expect(outcome.rollback?.clusters).toMatchObject([
      { cluster: 'alpha', status: 'done' },
      { cluster: 'beta', status: 'done' },
    ]);
    expect(platform.objectWrites().filter((write) => write.startsWith('gamma'))).toEqual([]);
    for (const cluster of ['alpha', 'beta', 'gamma'])
      expect([cluster, await platform.pending({ [cluster]: before }, cluster)]).toEqual([cluster, []]);
    expect(await platform.complete('alpha', 'beta')).toEqual([true, true]);

    // What goes back is the content: a second try of the same starts from there.
    const again = await roll({ alpha: after, beta: after, gamma: after }, 0);
    expect(again.outcome.waves?.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  });

  it('says where there is nothing to go back to, and is none for a cluster that cannot be reached', async () => {
    const program = { alpha: [namespace(ns)], beta: [namespace(ns)], gamma: [namespace(ns)] };
    const { outcome } = await roll(program, 1);
    expect(outcome.rollback?.clusters).toMatchObject([
      { cluster: 'alpha', problem: { code: 'ORR4010' } },
      {
        cluster: 'beta',
        problem: { code: 'ORR4010', what: 'Cluster beta has no complete revision from before this apply.' },
      },
    ]);
    const more = [namespace(ns), configMap(ns, 'more')];
    platform.watch('beta', ({ path }) => (path.includes('/leases') ? { cut: 'before' } : undefined));
    const unreached = await roll({ alpha: more, beta: more, gamma: more }, 0);
    expect(unreached.outcome.waves?.map(({ status }) => status)).toEqual(['done', 'failed', 'not-started']);
    expect(unreached.outcome.waves?.[1]?.problem?.what).toBe('wave "next" failed: beta cannot be reached.');
    expect(unreached.outcome.rollback).toBeUndefined();
  });
});
