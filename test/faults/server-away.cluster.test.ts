import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { startApiServerOnly } from '../../lib/sandbox/api-server-only.ts';
import { startComponent, stopComponent } from '../../lib/sandbox/component-control.ts';
import type { ComponentName } from '../../lib/sandbox/sandbox-cluster.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import { type SandboxClusterState, sandboxStatus } from '../../lib/sandbox/sandbox-state.ts';
import { type Applied, AppliedPlatform, outcomeOf } from '../applied-platform.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';
import { configMap, deployment, namespace } from '../sample-objects.ts';

/** An API server and its etcd that are killed, stopped and frozen while an apply is at work. */

const missing = inject('rig') === 'missing';
/** So many that the server is gone long before all of them are written. */
const COUNT = 400;

describe.skipIf(missing)('an apply whose API server', { timeout: 180_000 }, () => {
  const folder = missing ? '' : ownSandboxFolder();
  let cluster: SandboxClusterState;
  let platform: AppliedPlatform;
  let ns: string;

  beforeAll(async () => {
    cluster = await startApiServerOnly({ folder, tools: inject('tools'), name: 'alpha' });
  });
  afterAll(() => sandboxDown({ folder }));
  beforeEach(() => {
    platform = new AppliedPlatform('away', cluster.kubeconfig);
    ns = platform.namespace();
  });
  afterEach(() => platform.cleanUp());

  const many = (value: string): { alpha: KubernetesObject[] } => ({
    alpha: [namespace(ns), ...Array.from({ length: COUNT }, (_, index) => configMap(ns, `map-${index}`, { value }))],
  });

  const stop = (component: ComponentName) => stopComponent({ folder, cluster: 'alpha', component, force: true });
  const start = (component: ComponentName) => startComponent({ folder, cluster: 'alpha', component });

  /** Stops the process of the API server without closing anything. @returns what lets it go on */
  async function freeze(): Promise<() => void> {
    const state = await sandboxStatus({ folder });
    const pid = state.clusters[0]?.components.find(({ name }) => name === 'kube-apiserver')?.pid;
    if (pid === undefined) throw new Error('the API server does not run');
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  }

  /** Applies; when ten objects are written the component is killed, and started again after a while. */
  async function applyWithout(component: ComponentName, awayMs: number): Promise<Applied> {
    const desired = many('new');
    const target = await platform.open();
    const made = await platform.plan(desired, [target]);
    let written = 0;
    let whenStopped = COUNT;
    const trouble = async () => {
      await stop(component);
      whenStopped = written;
      await sleep(awayMs);
      await start(component);
    };
    let troubled: Promise<void> | undefined;
    const applied = await platform.applyMade(made, desired, [target], {
      concurrency: 2,
      leaseSeconds: 30,
      onEvent: (event) => {
        if (event.type === 'object-written' && ++written === 10) troubled = trouble();
      },
    });
    await troubled;
    expect(whenStopped).toBeLessThan(COUNT);
    return applied;
  }

  /** What a controller would say of the Deployment. */
  async function becomeReady(): Promise<void> {
    const { client } = await platform.open();
    const status = {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      conditions: [
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
      ],
    };
    const path = `/apis/apps/v1/namespaces/${ns}/deployments/web/status`;
    const contentType = 'application/merge-patch+json';
    expect((await client.request({ method: 'PATCH', path, contentType, body: { status } })).status).toBe(200);
  }

  it.each<[string, ComponentName, number]>([
    ['is killed and started again', 'kube-apiserver', 0],
    ['has no etcd for ten seconds', 'etcd', 10_000],
  ])('%s in the middle does everything once', async (_, component, awayMs) => {
    const applied = await applyWithout(component, awayMs);
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: COUNT + 1, failures: [], skipped: [] });
    expect(await platform.pending(many('new'))).toEqual([]);
    const { entries } = await platform.inventory();
    expect([...entries.values()].filter(({ uid }) => uid !== undefined)).toHaveLength(COUNT + 1);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'is killed and started again',
      async () => {
        await stop('kube-apiserver');
        await start('kube-apiserver');
      },
    ],
    [
      'is frozen for a while, its connections open',
      async () => {
        const goOn = await freeze();
        await sleep(3_000);
        goOn();
      },
    ],
  ])('%s while a watch waits sees what happened meanwhile', async (_, trouble) => {
    const impatient = { pingAfterMs: 500, pingTimeoutMs: 500, connectTimeoutMs: 1_000 };
    const target = await platform.open('alpha', undefined, impatient);
    const desired = { alpha: [namespace(ns), deployment(ns, 'web')] };
    const made = await platform.plan(desired, [target]);
    let waiting: () => void = () => {};
    const waits = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    const applying = platform.applyMade(made, desired, [target], {
      onEvent: (event) => {
        if (event.type === 'object-waiting') waiting();
      },
    });
    await waits;
    await trouble();
    await becomeReady();
    expect(outcomeOf(await applying)).toMatchObject({ status: 'done', written: 2, failures: [], skipped: [] });
    expect(await platform.pending(desired)).toEqual([]);
  });

  it('takes connections and never answers is reported when the time to connect is over', async () => {
    const goOn = await freeze();
    try {
      await expect(platform.open('alpha', undefined, { connectTimeoutMs: 300 })).rejects.toMatchObject({
        code: 'ORR3004',
      });
    } finally {
      goOn();
    }
  });
});
