import { join } from 'node:path';
import { ClusterSet, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import { record } from '../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { makePlan } from '../lib/plan/make-plan.ts';
import { renderAssembly } from '../lib/render/render-assembly.ts';
import { listRevisions, readRevision } from '../lib/revision/read-revisions.ts';
import type { RevisionHead } from '../lib/revision/revision.ts';
import { type Applied, AppliedPlatform, clusterPlan, itemsOf, outcomeOf } from './applied-platform.ts';

const CLUSTERS = ['alpha', 'beta'];

describe.skipIf(inject('rig') === 'missing')('restart on change on real API servers', () => {
  let platform: AppliedPlatform;

  beforeAll(() => {
    platform = new AppliedPlatform('restart');
  });
  afterAll(() => platform.cleanUp(CLUSTERS));

  it('replaces the pods when what they read changes, where it changes, and never otherwise', async () => {
    await apply({ level: 'info', pin: '1234' });
    const [first, firstElsewhere] = [await template('alpha'), await template('beta')];
    expect(await pending({ level: 'info', pin: '1234' })).toEqual({ alpha: [], beta: [] });
    // The same Secret in both clusters, and no cluster says so.
    expect(first['orrery.dev/config-sha256']).toBe(firstElsewhere['orrery.dev/config-sha256']);
    expect(first['orrery.dev/secrets-hmac']).not.toBe(firstElsewhere['orrery.dev/secrets-hmac']);

    await apply({ level: 'debug', pin: '1234' });
    const second = await template('alpha');
    expect(second['orrery.dev/config-sha256']).not.toBe(first['orrery.dev/config-sha256']);
    expect(second['orrery.dev/secrets-hmac']).toBe(first['orrery.dev/secrets-hmac']);
    expect(await pending({ level: 'debug', pin: '1234' })).toEqual({ alpha: [], beta: [] });

    expect(await pending({ level: 'debug', pin: '9999', pinOf: 'alpha' })).toEqual({
      alpha: [`update Secret/${namespace()}/pin`, `update Deployment/${namespace()}/cart`],
      beta: [],
    });
    const applied = await apply({ level: 'debug', pin: '9999', pinOf: 'alpha' });
    expect(outcomeOf(applied, 'beta').written).toBe(0);
    const third = await template('alpha');
    expect(third['orrery.dev/secrets-hmac']).not.toBe(second['orrery.dev/secrets-hmac']);
    expect(await pending({ level: 'debug', pin: '9999', pinOf: 'alpha' })).toEqual({ alpha: [], beta: [] });
    // What was applied stands in the revision, keyed digest included, so that going back to it changes nothing.
    const target = await platform.open('alpha');
    const [head] = (await listRevisions(target, platform.id)).heads;
    const { desired } = await readRevision(target, platform.id, head as RevisionHead);
    const state = { platform: { id: platform.id }, assemblyDigest: '', holdsSecrets: true, clusters: [desired] };
    expect(itemsOf(clusterPlan(await makePlan(state, [target], platform.planOptions())))).toEqual([]);
    // The Deployment controller made other pods each time: a ReplicaSet per content.
    expect(await replicaSets('alpha')).toBe(3);
    expect(await replicaSets('beta')).toBe(2);
  });

  interface Content {
    readonly level: string;
    readonly pin: string;
    /** Only this cluster has the pin; others keep 1234. */
    readonly pinOf?: string;
  }

  const namespace = () => platform.namespace('mall');

  async function apply(content: Content): Promise<Applied> {
    const desired = await rendered(content);
    const targets = await Promise.all(CLUSTERS.map((cluster) => platform.open(cluster)));
    const made = await makePlan(desired, targets, platform.planOptions());
    const applied = await platform.applyDesired(made, desired, targets, { inventories: made.inventories });
    expect(applied.outcome.clusters).toMatchObject(CLUSTERS.map((cluster) => ({ cluster, status: 'done' })));
    return applied;
  }

  async function pending(content: Content): Promise<Record<string, string[]>> {
    const targets = await Promise.all(CLUSTERS.map((cluster) => platform.open(cluster)));
    const made = await makePlan(await rendered(content), targets, platform.planOptions());
    return Object.fromEntries(CLUSTERS.map((cluster) => [cluster, itemsOf(clusterPlan(made, cluster))]));
  }

  async function rendered({ level, pin, pinOf }: Content) {
    const outdir = join(platform.stateFolder, 'assembly');
    const program = new Platform({ id: platform.id, outdir });
    const clusters = new ClusterSet(program, 'clusters');
    for (const name of CLUSTERS) {
      const chart = new Chart(clusters.add(name), 'secrets', { namespace: namespace() });
      const value = pinOf === undefined || pinOf === name ? pin : '1234';
      new ApiObject(chart, 'pin', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'pin' },
        stringData: { pin: value },
      });
    }
    new MultiClusterApp(program, 'mall', { placement: Placement.everywhere(), namespaceName: namespace() }).addService(
      'cart',
      {
        image: 'mall/cart:1',
        restartOnChange: true,
        config: { env: { LEVEL: level } },
        secretEnv: { PIN: { secret: 'pin', key: 'pin' } },
      },
    );
    program.synth();
    return renderAssembly(await readAssembly(outdir));
  }

  /** Annotations of the pod template. */
  async function template(cluster: string): Promise<Record<string, unknown>> {
    const deployment = await read<KubernetesObject>(cluster, 'deployments/cart');
    return record(record(record(record(deployment.spec).template).metadata).annotations);
  }

  async function replicaSets(cluster: string): Promise<number> {
    return (await read<{ items: unknown[] }>(cluster, 'replicasets')).items.length;
  }

  async function read<T>(cluster: string, path: string): Promise<T> {
    const { client } = await platform.open(cluster);
    return (await client.request({ method: 'GET', path: `/apis/apps/v1/namespaces/${namespace()}/${path}` })).body as T;
  }
});
