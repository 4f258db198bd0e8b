import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ApplyEvent } from '../../lib/apply/outcome.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { withoutDone } from '../../lib/rollout/resume.ts';
import { outcomeOf } from '../applied-platform.ts';
import { configMap, deployment, namespace } from '../sample-objects.ts';
import { StagedPlatform, statuses, waves, wavesIn } from './staged-platform.ts';

/** Law 7, second half: rollouts stop. */

let platform: StagedPlatform;
let ns: string;

beforeEach(async () => {
  platform = await StagedPlatform.start('roll');
  ns = platform.namespace();
});
afterEach(() => platform.end());

const objects = (value = '1') => [namespace(ns), configMap(ns, 'a', { value }), deployment(ns, 'web', {}, 0)];
const everywhere = (value = '1') => ({ alpha: objects(value), beta: objects(value), gamma: objects(value) });
const forbidden = {
  answer: { status: 403, body: { kind: 'Status', code: 403, message: 'no', reason: 'Forbidden' } },
} as const;

/** A gate that ends with this number. */
const gate = (exitCode: number, text = '') =>
  ({
    type: 'command',
    name: 'smoke',
    timeoutMs: 20_000,
    command: [process.execPath, '-e', `console.log(${JSON.stringify(text)}); process.exitCode = ${exitCode}`],
  }) as const;

describe.skipIf(inject('rig') === 'missing')('a rollout', () => {
  it('writes wave after wave, all leases first, and a run that finds nothing to do writes nothing', async () => {
    const rollout = waves('gamma', 'alpha', 'beta');
    const applied = await platform.roll(everywhere(), rollout);
    expect(wavesIn(applied)).toEqual(['done gamma', 'done alpha', 'done beta']);
    expect(platform.started()).toEqual(['gamma', 'alpha', 'beta']);
    // One cluster's objects come together: none of the next is written before the last of the one before.
    const order = platform.objectWrites().map((write) => write.split(' ')[0]);
    expect(order).toEqual(
      [...order].sort((a, b) => platform.started().indexOf(a ?? '') - platform.started().indexOf(b ?? '')),
    );
    const first = platform.writes.indexOf(platform.objectWrites()[0] ?? '');
    const leases = platform.writes.slice(0, first).filter((write) => write.includes('/leases'));
    expect([...new Set(leases.map((write) => write.split(' ')[0]))]).toEqual(['alpha', 'beta', 'gamma']);
    expect(await platform.complete('alpha', 'beta', 'gamma')).toEqual([true, true, true]);

    const again = await platform.roll(everywhere(), rollout);
    expect(wavesIn(again)).toEqual(['unchanged gamma', 'unchanged alpha', 'unchanged beta']);
    expect(platform.writes).toEqual([]);
  });

  it('writes the clusters of a wave at once, or as many at a time as it says', async () => {
    const left = new Map<string, number>();
    let most = 0;
    const count = (event: ApplyEvent) => {
      if (event.type === 'cluster-started') left.set(event.cluster, event.writes);
      if (event.type === 'object-ready') left.set(event.cluster, (left.get(event.cluster) ?? 0) - 1);
      most = Math.max(most, [...left.values()].filter((writes) => writes > 0).length);
    };
    const one = { waves: [{ name: 'all', clusters: ['alpha', 'beta', 'gamma'], maxParallelClusters: 1 }] };
    const applied = await platform.roll(everywhere(), one, { onEvent: count });
    expect([most, wavesIn(applied)]).toEqual([1, ['done alpha+beta+gamma']]);
    expect(platform.started()).toEqual(['alpha', 'beta', 'gamma']);

    most = 0;
    left.clear();
    await platform.roll(everywhere('2'), waves('alpha+beta+gamma'), { onEvent: count, maxParallelClusters: 2 });
    expect(most).toBe(2);
  });

  it('stops when an object fails: the rest of its wave is done, later waves say why they were not started', async () => {
    platform.watch('alpha', ({ isWrite, path }) => (isWrite && path.includes('/configmaps/a') ? forbidden : undefined));
    const applied = await platform.roll(everywhere(), waves('alpha+beta', 'gamma'));
    expect(wavesIn(applied)).toEqual(['failed alpha+beta', 'not-started gamma']);
    expect(statuses(applied, 'alpha', 'beta', 'gamma')).toEqual(['failed', 'done', 'skipped']);
    expect(outcomeOf(applied, 'gamma')).toMatchObject({
      written: 0,
      skipped: [],
      problem: { code: 'ORR5202', what: 'not started: wave "w1" failed.' },
    });
    expect(applied.outcome.waves?.[0]?.problem).toMatchObject({
      code: 'ORR5201',
      what: 'wave "w1" failed: alpha failed.',
    });
    expect(platform.objectWrites().filter((write) => write.startsWith('gamma'))).toEqual([]);
    expect(await platform.complete('alpha', 'beta', 'gamma')).toEqual([false, false, undefined]);

    // What is left is done, and only that; beta's wave was not through, so it is looked at again.
    platform.watch('alpha');
    const rest = await platform.roll(everywhere(), waves('alpha+beta', 'gamma'));
    expect(wavesIn(rest)).toEqual(['done alpha+beta', 'done gamma']);
    expect(
      platform
        .objectWrites()
        .filter((write) => !write.startsWith('gamma'))
        .map((write) => write.split('/').at(-1)),
    ).toEqual(['a']);
    expect(await platform.complete('alpha', 'beta', 'gamma')).toEqual([true, true, true]);
  });

  it('that lets one cluster at a time through starts no other one of the wave after a failure', async () => {
    platform.watch('alpha', ({ isWrite, path }) => (isWrite && path.includes('/configmaps/a') ? forbidden : undefined));
    const one = { waves: [{ name: 'all', clusters: ['alpha', 'beta'], maxParallelClusters: 1 }] };
    const { alpha, beta } = everywhere();
    const applied = await platform.roll({ alpha, beta }, one);
    expect(statuses(applied, 'alpha', 'beta')).toEqual(['failed', 'skipped']);
    expect(outcomeOf(applied, 'beta').problem?.what).toBe('not started: alpha, of the same wave, failed.');
    expect(platform.started()).toEqual(['alpha']);
  });

  it('stops at a gate that does not pass, tells what it said, and asks it again in the next run although nothing is to be written', async () => {
    const gated = (exitCode: number) => ({
      waves: [
        { name: 'canary', clusters: ['alpha'], gates: [gate(exitCode, 'two orders were lost')] },
        { name: 'rest', clusters: ['beta'] },
      ],
    });
    const { alpha, beta } = everywhere();
    const applied = await platform.roll({ alpha, beta }, gated(3));
    expect(wavesIn(applied)).toEqual(['failed alpha', 'not-started beta']);
    expect(applied.outcome.waves?.[0]).toMatchObject({
      problem: { code: 'ORR5201', what: 'wave "canary" did not pass its gate "smoke": it ended with 3.' },
      gates: [{ name: 'smoke', passed: false, output: 'two orders were lost\n' }],
    });
    expect([platform.started(), await platform.complete('alpha')]).toEqual([['alpha'], [false]]);

    const again = await platform.roll({ alpha, beta }, gated(1));
    expect(wavesIn(again)).toEqual(['failed alpha', 'not-started beta']);
    const passed = await platform.roll({ alpha, beta }, gated(0));
    expect([wavesIn(passed), platform.started()]).toEqual([['done alpha', 'done beta'], ['beta']]);
    expect(await platform.complete('alpha', 'beta')).toEqual([true, true]);

    // Through is through, unless somebody asks for more.
    const done = await platform.roll({ alpha, beta }, gated(1));
    expect(wavesIn(done)).toEqual(['unchanged alpha', 'unchanged beta']);
    const rechecked = await platform.roll({ alpha, beta }, gated(1), { recheck: true });
    expect(wavesIn(rechecked)).toEqual(['failed alpha', 'not-started beta']);
    expect(platform.writes).toEqual([]);
  });

  it('stops when something fails in the soak time, which an interrupt ends at once; the next run soaks again', async () => {
    const soaking = {
      waves: [
        { name: 'canary', clusters: ['alpha'], soakMs: 600_000 },
        { name: 'rest', clusters: ['beta'] },
      ],
    };
    const { alpha, beta } = everywhere();
    const stop = new AbortController();
    const interrupt = ({ type }: ApplyEvent) => {
      if (type === 'wave-soaking') stop.abort(new Error('enough'));
    };
    const interrupted = await platform.roll({ alpha, beta }, soaking, { onEvent: interrupt, signal: stop.signal });
    expect(wavesIn(interrupted)).toEqual(['interrupted alpha', 'not-started beta']);
    expect(statuses(interrupted, 'alpha', 'beta')).toEqual(['interrupted', 'interrupted']);
    expect([platform.started(), await platform.complete('alpha')]).toEqual([['alpha'], [false]]);

    const client = (await platform.open('alpha')).client;
    const remove = ({ type }: ApplyEvent) => {
      if (type === 'wave-soaking')
        void client.request({ method: 'DELETE', path: `/apis/apps/v1/namespaces/${ns}/deployments/web` });
    };
    const failed = await platform.roll({ alpha, beta }, soaking, { onEvent: remove });
    expect(failed.events.filter(({ type }) => type === 'lease-waiting')).toEqual([]);
    expect(wavesIn(failed)).toEqual(['failed alpha', 'not-started beta']);
    expect(failed.outcome.waves?.[0]?.problem?.what).toBe('wave "canary" failed while it soaked: alpha failed.');
    expect(outcomeOf(failed, 'alpha').failures).toMatchObject([
      { problem: { code: 'ORR5003', what: `Deployment/${ns}/web failed: it was deleted by somebody else.` } },
    ]);

    const short = {
      waves: [
        { name: 'canary', clusters: ['alpha'], soakMs: 300 },
        { name: 'rest', clusters: ['beta'] },
      ],
    };
    const done = await platform.roll({ alpha, beta }, short);
    expect(wavesIn(done)).toEqual(['done alpha', 'done beta']);
    const inOrder = done.events.map(({ type }) => type).filter((type) => type.startsWith('wave'));
    expect(inOrder).toEqual(['wave-started', 'wave-soaking', 'wave-finished', 'wave-started', 'wave-finished']);
  });

  it('that is resumed with its saved plan writes what is left, and leaves alone what is through, whatever changed there since', async () => {
    const { alpha, beta } = everywhere();
    const desired = platform.staged({ alpha, beta }, waves('alpha', 'beta'));
    const saved = await makePlan(desired, await platform.openAll(['alpha', 'beta']), platform.planOptions());
    platform.watch('beta', ({ isWrite, path }) => (isWrite && path.includes('/configmaps/a') ? forbidden : undefined));
    const first = await platform.rollMade(saved, desired, await platform.openAll(['alpha', 'beta']));
    expect(wavesIn(first)).toEqual(['done alpha', 'failed beta']);
    platform.watch('beta');
    const { client } = await platform.open('alpha');
    await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${ns}/configmaps/a` });

    const targets = await platform.openAll(['alpha', 'beta']);
    const { plan, done } = await withoutDone(saved.plan, targets);
    expect(done).toEqual(['alpha']);
    const rest = await platform.rollMade({ ...saved, plan }, desired, targets);
    expect(wavesIn(rest)).toEqual(['unchanged alpha', 'done beta']);
    expect(platform.objectWrites().filter((write) => !write.startsWith('beta'))).toEqual([]);
    const left = await withoutDone(saved.plan, targets);
    expect([left.done, left.plan.changes]).toEqual([['alpha', 'beta'], false]);
    expect(await platform.pending({ alpha })).toEqual([`create ConfigMap/${ns}/a`]);
  });

  it('waits in the next run for what did not get ready in time, and deletes an object that moved to a later wave when it is ready there', async () => {
    const held = { schedulingGates: [{ name: 'example.com/held' }] };
    const slow = { alpha: [namespace(ns), deployment(ns, 'slow', held)], beta: [namespace(ns)] };
    const first = await platform.roll(slow, waves('alpha', 'beta'), { timeoutMs: 1_500 });
    expect(wavesIn(first)).toEqual(['failed alpha', 'not-started beta']);
    const still = await platform.roll(slow, waves('alpha', 'beta'), { timeoutMs: 1_500 });
    expect(wavesIn(still)).toEqual(['failed alpha', 'not-started beta']);
    expect(outcomeOf(still, 'alpha').failures).toMatchObject([{ problem: { code: 'ORR5002' } }]);
    expect(platform.objectWrites()).toEqual([]);

    const here = { alpha: [namespace(ns), configMap(ns, 'guest')], beta: [namespace(ns)] };
    await platform.roll(here, waves('alpha+beta'));
    const there = { alpha: [namespace(ns)], beta: [namespace(ns), configMap(ns, 'guest')] };
    const moved = await platform.roll(there, waves('alpha', 'beta'));
    expect(wavesIn(moved)).toEqual(['done alpha', 'done beta']);
    expect(
      platform.objectWrites().map((write) => write.split('/').at(-1) && write.split(' ').slice(0, 2).join(' ')),
    ).toEqual(['beta PATCH', 'alpha DELETE']);
    expect((await platform.inventory('alpha')).entries.size).toBe(1);
  });
});
