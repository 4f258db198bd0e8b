import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import type { PlanItem } from '../lib/plan/plan.ts';
import { AppliedPlatform, clusterPlan, type Program } from './applied-platform.ts';
import { type FaultProxy, startFaultProxy } from './faults/fault-proxy.ts';
import { Somebody } from './laws/somebody.ts';
import { configMap, deployment, namespace, secret } from './sample-objects.ts';

let platform: AppliedPlatform;
let proxy: FaultProxy;
let ns: string;
beforeEach(async () => {
  platform = new AppliedPlatform('unverified');
  ns = platform.namespace();
  proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
});
afterEach(async () => {
  await platform.cleanUp();
  await proxy.close();
});

const service = (ports: object[]): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: ns },
  spec: { selector: { app: 'web' }, ports },
});
const annotated = (object: KubernetesObject, annotations: Record<string, string>, finalizers: string[] = []) => ({
  ...object,
  metadata: { ...object.metadata, annotations, ...(finalizers.length > 0 ? { finalizers } : {}) },
});
const container = (name: string, more: object) => ({ name, image: 'example.com/main:1', ...more });

describe.skipIf(inject('rig') === 'missing')('a plan without dry runs', () => {
  it('sends nothing but reads, proves what is unchanged, and predicts of the rest what a dry run says', async () => {
    const same = [namespace(ns), configMap(ns, 'same'), secret(ns, 'same', { a: 'b' })];
    const env = (value: string) => ({
      env: [
        { name: 'A', value },
        { name: 'B', value: 'stays' },
      ],
    });
    const before: Program = {
      alpha: [
        ...same,
        annotated(configMap(ns, 'one', { a: '1', b: '2' }), { ours: 'x', mine: 'y' }, ['example.com/a']),
        secret(ns, 'login', { password: 'one', user: 'admin' }),
        deployment(ns, 'web', { containers: [container('main', env('1')), container('side', {})] }, 0),
        service([
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'metrics', port: 90 },
        ]),
        configMap(ns, 'goes'),
      ],
    };
    const after: Program = {
      alpha: [
        ...same,
        annotated(configMap(ns, 'one', { a: '1', c: '3' }), { ours: 'z' }),
        secret(ns, 'login', { password: 'two' }),
        deployment(ns, 'web', { containers: [container('main', env('2'))] }, 0),
        service([
          { name: 'http', port: 80, targetPort: 9090 },
          { name: 'admin', port: 99, protocol: 'TCP', targetPort: 99 },
        ]),
        configMap(ns, 'new'),
      ],
    };
    await platform.apply(before, { wait: false });
    const somebody = new Somebody(await platform.open());
    await somebody.merge('v1', 'ConfigMap', ns, 'one', { metadata: { annotations: { theirs: 'w' } } });
    const target = await platform.open('alpha', proxy.url);
    const plan = async (dryRun: boolean) => clusterPlan(await platform.plan(after, [target], { dryRun }));
    const asked = await plan(true);
    const sent = proxy.requests.length;
    const unasked = await plan(false);
    expect(proxy.requests.slice(sent).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(proxy.requests.slice(0, sent).some(({ path }) => path.includes('dryRun=All'))).toBe(true);

    const shown = ({ action, id, changes, desired, dangers }: PlanItem) => ({ action, id, changes, desired, dangers });
    expect(unasked.items.map(shown)).toEqual(asked.items.map(shown));
    expect(unasked.unchanged).toBe(asked.unchanged);
    for (const { action, verified } of unasked.items)
      expect(verified).toBe(action === 'delete' ? 'dry-run' : 'unverified');
    const { plan: made } = await platform.plan(after, [target], { dryRun: false });
    expect(made).toMatchObject({ unverified: true, changes: true });
    await expect(
      platform.applyMade({ plan: made, renewals: new Map(), inventories: new Map() }, after, [target]),
    ).rejects.toMatchObject({
      code: 'ORR4105',
    });
  });
});
