import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { describeId, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, clusterPlan, itemsOf, outcomeOf } from '../applied-platform.ts';
import { Somebody } from '../laws/somebody.ts';
import { configMap, definition, namespace } from '../sample-objects.ts';
import { startFaultProxy } from './fault-proxy.ts';

/** What a cluster does not let happen: kinds that go away, namespaces and objects that do not, quotas and sizes. */

let platform: AppliedPlatform;
let somebody: Somebody;
let target: KubeTarget;
let ns: string;

beforeEach(async () => {
  platform = new AppliedPlatform('refuse');
  ns = platform.namespace();
  target = await platform.open();
  somebody = new Somebody(target);
});
afterEach(() => platform.cleanUp());

const held = (value: readonly string[] | null) => ({ metadata: { finalizers: value } });

/** The inventory as "Kind/namespace/name known|unknown". */
async function inventory(): Promise<string[]> {
  const { entries } = await platform.inventory();
  return [...entries.values()]
    .map(({ id, uid }) => `${describeId(id)} ${uid === undefined ? 'unknown' : 'known'}`)
    .sort();
}

describe.skipIf(inject('rig') === 'missing')('an apply', () => {
  it('whose CRD is deleted in the middle fails for that kind alone, and the next one brings both back', async () => {
    const group = `${platform.id}.example.com`;
    const crd = definition(group, 'Widget');
    const widget = (name: string): KubernetesObject => ({
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name, namespace: ns },
      spec: { size: 1 },
    });
    const before = [namespace(ns), crd, widget('one')];
    expect(outcomeOf(await platform.apply({ alpha: before }))).toMatchObject({ status: 'done' });
    const program = { alpha: [...before, widget('two'), configMap(ns, 'a')] };
    const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
    try {
      const through = await platform.open('alpha', proxy.url);
      const made = await platform.plan(program, [through]);
      const gone = async () => {
        const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`;
        await target.client.request({ method: 'DELETE', path });
        const served = { method: 'GET', path: `/apis/${group}/v1/widgets` } as const;
        await expect.poll(async () => (await target.client.request(served)).status, { timeout: 30_000 }).toBe(404);
      };
      let deleted: Promise<void> | undefined;
      proxy.fault = ({ isWrite, path }) => {
        if (!isWrite || !path.includes('/widgets/two')) return undefined;
        deleted ??= gone();
        return { before: () => deleted };
      };
      const outcome = outcomeOf(await platform.applyMade(made, program, [through]));
      expect(outcome).toMatchObject({ status: 'failed', written: 1, failures: [{ id: { name: 'two' } }] });
      expect(outcome.failures[0]?.problem).toMatchObject({
        code: 'ORR3008',
        fix: expect.stringContaining('CustomResourceDefinition'),
      });
    } finally {
      await proxy.close();
    }
    expect(await inventory()).toContain(`Widget/${ns}/two unknown`);
    expect(outcomeOf(await platform.apply(program))).toMatchObject({ status: 'done', written: 3 });
    expect(await platform.pending(program)).toEqual([]);
    expect((await inventory()).filter((entry) => entry.endsWith('unknown'))).toEqual([]);
  });

  it('into a namespace that is stuck terminating says so, waits for nothing, and goes on when it is gone', async () => {
    const program = { alpha: [namespace(ns), configMap(ns, 'a'), configMap(ns, 'b')] };
    await platform.apply(program);
    await somebody.merge('v1', 'ConfigMap', ns, 'a', held(['example.com/never']));
    await somebody.remove('v1', 'Namespace', '', ns);
    await expect.poll(async () => somebody.find('v1', 'ConfigMap', ns, 'b'), { timeout: 30_000 }).toBeUndefined();
    const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(itemsOf(plan).sort()).toEqual([
      `being-deleted ConfigMap/${ns}/a`,
      `being-deleted Namespace/${ns}`,
      `blocked ConfigMap/${ns}/b`,
    ]);
    const blocked = plan.items.find(({ id }) => id.name === 'b');
    expect(blocked?.problem).toMatchObject({ code: 'ORR4003', what: expect.stringContaining('being terminated') });
    expect(blocked?.problem?.fix).not.toContain('Correct the object');
    const outcome = outcomeOf(await platform.apply(program, {}, { dryRunCreates: false }));
    expect(outcome).toMatchObject({ status: 'failed', written: 0 });
    expect(JSON.stringify(outcome)).toContain('it is being deleted; apply again when it is gone');
    await somebody.merge('v1', 'ConfigMap', ns, 'a', held(null));
    await expect.poll(async () => somebody.find('v1', 'Namespace', '', ns), { timeout: 30_000 }).toBeUndefined();
    expect(outcomeOf(await platform.apply(program))).toMatchObject({ status: 'done', written: 3 });
    expect(await platform.pending(program)).toEqual([]);
  });

  it('that waits in vain for a finalizer names it, and keeps the object in the inventory until it is gone', async () => {
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'kept'), configMap(ns, 'stuck')] });
    await somebody.merge('v1', 'ConfigMap', ns, 'stuck', held(['example.com/never']));
    const program = { alpha: [namespace(ns), configMap(ns, 'kept', { key: 'other' })] };
    const outcome = outcomeOf(await platform.apply(program, { timeoutMs: 1_000 }));
    expect(outcome).toMatchObject({ status: 'failed', written: 1, deleted: 0 });
    expect(outcome.failures).toMatchObject([
      {
        id: { name: 'stuck' },
        problem: {
          code: 'ORR5002',
          what: `ConfigMap/${ns}/stuck is not gone after 1 s: being deleted, waits for example.com/never.`,
        },
      },
    ]);
    expect(await inventory()).toContain(`ConfigMap/${ns}/stuck known`);
    const waiting = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(itemsOf(waiting)).toEqual([`being-deleted ConfigMap/${ns}/stuck`]);
    expect(waiting.items[0]?.reason).toContain('example.com/never');
    await somebody.merge('v1', 'ConfigMap', ns, 'stuck', held(null));
    expect(outcomeOf(await platform.apply(program))).toMatchObject({ status: 'done' });
    expect(await inventory()).toEqual([`ConfigMap/${ns}/kept known`, `Namespace/${ns} known`]);
    expect(await platform.pending(program)).toEqual([]);
  });

  it('over a quota writes what fits, says which quota stopped the rest, and writes that when there is room', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    const quota = (count: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few', namespace: ns },
      spec: { hard: { 'count/configmaps': count } },
    });
    await somebody.create(quota('3'));
    const used = async () => {
      const { status } = await somebody.get('v1', 'ResourceQuota', ns, 'few');
      return (status as { used?: Record<string, string> } | undefined)?.used?.['count/configmaps'];
    };
    // The cluster's own kube-root-ca.crt counts.
    await expect.poll(used, { timeout: 30_000 }).toBe('1');
    const program = { alpha: [namespace(ns), ...['a', 'b', 'c', 'd'].map((name) => configMap(ns, name))] };
    const outcome = outcomeOf(await platform.apply(program));
    expect(outcome).toMatchObject({ status: 'failed', written: 2 });
    expect(outcome.failures.map(({ problem }) => problem.code)).toEqual(['ORR5001', 'ORR5001']);
    expect(outcome.failures[0]?.problem.what).toContain('exceeded quota: few');
    // A quota that is full is seen by the dry run.
    const full = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(full.items.map(({ action, problem }) => [action, problem?.code])).toEqual([
      ['blocked', 'ORR4003'],
      ['blocked', 'ORR4003'],
    ]);
    await somebody.apply(quota('9'));
    expect(outcomeOf(await platform.apply(program, {}, { dryRunCreates: false }))).toMatchObject({
      status: 'done',
      written: 2,
    });
    expect(await platform.pending(program)).toEqual([]);
  });

  it.each([
    ['over 1 MiB', 1_100_000],
    ['over what a request may hold', 4_000_000],
  ])('of a ConfigMap %s says so without repeating it, and writes the others', async (_, size) => {
    const program = {
      alpha: [namespace(ns), configMap(ns, 'huge', { text: 'x'.repeat(size) }), configMap(ns, 'small')],
    };
    await platform.apply({ alpha: [namespace(ns)] });
    const huge = clusterPlan(await platform.plan(program, [await platform.open()])).items.find(
      ({ id }) => id.name === 'huge',
    );
    expect(huge).toMatchObject({
      action: 'blocked',
      problem: { code: 'ORR4003', what: expect.stringMatching(/1048576|too large|limit/i) },
    });
    expect(huge?.problem?.what.length).toBeLessThan(1_000);
    const outcome = outcomeOf(await platform.apply(program, {}, { dryRunCreates: false }));
    expect(outcome).toMatchObject({ status: 'failed', written: 1, failures: [{ id: { name: 'huge' } }] });
    expect(JSON.stringify(outcome).length).toBeLessThan(5_000);
  });
});
