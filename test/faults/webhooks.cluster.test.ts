import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, clusterPlan, outcomeOf } from '../applied-platform.ts';
import { Somebody } from '../laws/somebody.ts';
import { configMap, namespace, secret } from '../sample-objects.ts';
import { startWebhookServer, type WebhookServer } from './webhook-server.ts';

/** Admission webhooks that deny, are late, are away and change what they see. */

const ADMISSION = 'admissionregistration.k8s.io/v1';
type Kind = 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';

let platform: AppliedPlatform;
let somebody: Somebody;
let webhook: WebhookServer;
let ns: string;
let registered: Kind | undefined;

beforeEach(async () => {
  platform = new AppliedPlatform('hook');
  ns = platform.namespace();
  somebody = new Somebody(await platform.open());
  webhook = await startWebhookServer();
  expect(outcomeOf(await platform.apply({ alpha: [namespace(ns)] }))).toMatchObject({ status: 'done' });
});
afterEach(async () => {
  await unregister();
  await webhook.close();
  await platform.cleanUp();
});

/** Has ConfigMaps and Secrets of the platform's namespace admitted by the webhook, and waits until they are. */
async function register(kind: Kind, failurePolicy: 'Fail' | 'Ignore'): Promise<void> {
  const hook = {
    name: 'test.example.com',
    clientConfig: webhook.clientConfig,
    rules: [
      { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps', 'secrets'] },
    ],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ns } },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 1,
    failurePolicy,
  };
  await somebody.create({ apiVersion: ADMISSION, kind, metadata: { name: platform.id }, webhooks: [hook] });
  registered = kind;
  const { client } = await platform.open();
  const path = `/api/v1/namespaces/${ns}/configmaps`;
  const probe = { method: 'POST', path, query: { dryRun: 'All' }, body: configMap(ns, 'probe') } as const;
  await expect
    .poll(async () => (await client.request(probe)) && webhook.requests.length, { timeout: 20_000 })
    .toBeGreaterThan(0);
}

async function unregister(): Promise<void> {
  if (registered !== undefined) await somebody.remove(ADMISSION, registered, '', platform.id);
  registered = undefined;
}

const program = (): { alpha: KubernetesObject[] } => ({
  alpha: [namespace(ns), configMap(ns, 'a'), configMap(ns, 'b'), secret(ns, 'login', { password: 'hunter2-canary' })],
});

describe.skipIf(inject('rig') === 'missing')('an admission webhook', () => {
  it('that denies is quoted by plan and apply for that object, without Secrets; all others are written', async () => {
    webhook.admit = ({ name }) =>
      name === 'b' ? { denied: 'team policy: b is not allowed, said hunter2-canary' } : {};
    await register('ValidatingWebhookConfiguration', 'Fail');
    const made = await platform.plan(program(), [await platform.open()]);
    const { items } = clusterPlan(made);
    expect(items.map(({ action, id }) => `${action} ${id.name}`).sort()).toEqual([
      'blocked b',
      'create a',
      'create login',
    ]);
    const denied = items.find(({ id }) => id.name === 'b')?.problem;
    expect(denied).toMatchObject({ code: 'ORR4003', what: expect.stringContaining('team policy: b is not allowed') });
    // An apply that does not dry-run creates hears it from the write.
    const applied = await platform.apply(program(), {}, { dryRunCreates: false });
    expect(outcomeOf(applied)).toMatchObject({ status: 'failed', written: 2 });
    const [failure, ...others] = outcomeOf(applied).failures;
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ id: { name: 'b' }, problem: { code: 'ORR5001' } });
    expect(failure?.problem.what).toContain('team policy: b is not allowed');
    expect(JSON.stringify([items, applied.outcome, applied.events])).not.toContain('hunter2');
    webhook.admit = () => ({});
    expect(outcomeOf(await platform.apply(program()))).toMatchObject({ status: 'done', written: 1 });
  });

  it('that is late for the first answers is asked again until it has answered', async () => {
    const late = new Map<string, number>();
    webhook.admit = ({ name, dryRun }) => {
      if (dryRun) return {};
      late.set(name, (late.get(name) ?? 0) + 1);
      return late.get(name) === 1 ? { after: 1_500 } : {};
    };
    await register('ValidatingWebhookConfiguration', 'Fail');
    const applied = await platform.apply(program(), {}, { dryRunCreates: false });
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 3 });
    expect([...late.values()]).toEqual([2, 2, 2]);
    expect(applied.events.some(({ type }) => type === 'object-waiting')).toBe(true);
    expect(await platform.pending(program())).toEqual([]);
  });

  it('that is away blocks what it guards, with the webhook named and not the object blamed; Ignore lets all pass', async () => {
    await register('ValidatingWebhookConfiguration', 'Fail');
    await webhook.close();
    const { items } = clusterPlan(await platform.plan(program(), [await platform.open()]));
    expect(items.map(({ action }) => action)).toEqual(['blocked', 'blocked', 'blocked']);
    expect(items[0]?.problem).toMatchObject({
      code: 'ORR4003',
      what: expect.stringContaining('failed calling webhook "test.example.com"'),
      fix: expect.stringContaining('webhook'),
    });
    expect(items[0]?.problem?.fix).not.toContain('Correct the object');
    await unregister();
    webhook = await startWebhookServer();
    await register('ValidatingWebhookConfiguration', 'Ignore');
    await webhook.close();
    expect(outcomeOf(await platform.apply(program()))).toMatchObject({ status: 'done', written: 3 });
    expect(await platform.pending(program())).toEqual([]);
  });

  it('that changes what we write is no difference afterwards, and no dry run either', async () => {
    webhook.admit = ({ object }) => ({
      patch: [
        { op: 'add', path: '/metadata/annotations', value: { 'example.com/seen': 'yes' } },
        ...(object.kind === 'ConfigMap' ? [{ op: 'add', path: '/data/key', value: 'the hook knows better' }] : []),
      ],
    });
    await register('MutatingWebhookConfiguration', 'Fail');
    expect(outcomeOf(await platform.apply(program()))).toMatchObject({ status: 'done', written: 3 });
    expect(await somebody.get('v1', 'ConfigMap', ns, 'a')).toMatchObject({ data: { key: 'the hook knows better' } });
    const again = clusterPlan(await platform.plan(program(), [await platform.open()]));
    expect(again).toMatchObject({ items: [], unchanged: 4, dryRuns: 0 });
    const verified = clusterPlan(await platform.plan(program(), [await platform.open()], { verify: 'all' }));
    expect(verified).toMatchObject({ items: [], unchanged: 4, dryRuns: 4 });
    // Who changes its mind without changing its configuration is seen by --verify all alone.
    webhook.admit = () => ({});
    const changed = clusterPlan(await platform.plan(program(), [await platform.open()], { verify: 'all' }));
    expect(changed.items.map(({ action, id }) => `${action} ${id.name}`).sort()).toEqual(['update a', 'update b']);
  });
});
