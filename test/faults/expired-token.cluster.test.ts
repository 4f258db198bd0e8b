import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { acquireLease } from '../../lib/apply/lease.ts';
import type { ApplyEvent } from '../../lib/apply/outcome.ts';
import { openTarget } from '../../lib/cluster/open-target.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { isOrreryError } from '../../lib/errors.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { type Applied, AppliedPlatform, happened, outcomeOf } from '../applied-platform.ts';
import { Somebody } from '../laws/somebody.ts';
import { configMap, deployment, namespace } from '../sample-objects.ts';

/** Credentials that end in the middle of an apply: tokens of a service account, each bound to a Secret, and refused once that is gone. */

const RBAC = 'rbac.authorization.k8s.io/v1';

let platform: AppliedPlatform;
let admin: KubeTarget;
let somebody: Somebody;
let people: string;
const opened: KubeTarget[] = [];

beforeEach(async () => {
  platform = new AppliedPlatform('token');
  people = platform.namespace('people');
  admin = await platform.open();
  somebody = new Somebody(admin);
  await somebody.create(namespace(people));
  const metadata = { name: 'deployer', namespace: people };
  await somebody.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await somebody.create({
    apiVersion: RBAC,
    kind: 'ClusterRoleBinding',
    metadata: { name: platform.id },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', ...metadata }],
  });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ client }) => client.close()));
  await somebody.remove(RBAC, 'ClusterRoleBinding', '', platform.id);
  await platform.cleanUp();
});

interface Issued {
  readonly token: string;
  /** Resolves when the server refuses it. */
  readonly revoke: () => Promise<void>;
}

async function issue(): Promise<Issued> {
  const name = `bond-${randomBytes(3).toString('hex')}`;
  const bond = await somebody.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: people } });
  const boundObjectRef = { kind: 'Secret', apiVersion: 'v1', name, uid: bond.metadata.uid };
  const answer = await admin.client.request({
    method: 'POST',
    path: `/api/v1/namespaces/${people}/serviceaccounts/deployer/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600, boundObjectRef },
    },
  });
  const { token } = (answer.body as { status: { token: string } }).status;
  const revoke = async () => {
    const { client } = await openWith({ token });
    await somebody.remove('v1', 'Secret', people, name);
    // The server remembers for about ten seconds what it found out about a token.
    const refusal = () =>
      client.request({ method: 'GET', path: `/api/v1/namespaces/${people}` }).then(
        () => 'accepted',
        (error: unknown) => (isOrreryError(error) ? error.code : String(error)),
      );
    await expect.poll(refusal, { timeout: 60_000, interval: 500 }).toBe('ORR3005');
  };
  return { token, revoke };
}

/** @param user of the kubeconfig */
async function openWith(user: object): Promise<KubeTarget> {
  const config = parse(readFileSync(platform.kubeconfigFor('alpha'), 'utf8')) as { users: { name: string }[] };
  const kubeconfig = join(platform.stateFolder, `${randomBytes(3).toString('hex')}.kubeconfig`);
  const users = config.users.map(({ name }) => ({ name, user }));
  writeFileSync(kubeconfig, stringify({ ...config, users }), { mode: 0o600 });
  const { inventoryNamespace } = platform;
  const target = await openTarget(
    { kind: 'kubeconfig', kubeconfig, context: 'alpha', inventoryNamespace },
    { cluster: 'alpha', env: {} },
  );
  if (target.kind !== 'kube') throw new Error('not a cluster');
  opened.push(target);
  return target;
}

const HELD = { schedulingGates: [{ name: 'example.com/held' }] };

/** Waits half way for a workload that runs when somebody lets it. */
function program() {
  const ns = platform.namespace();
  return {
    alpha: [
      namespace(ns),
      configMap(ns, 'before'),
      { object: deployment(ns, 'gate', HELD), path: 'gate' },
      ...['after-1', 'after-2', 'after-3'].map((name) => ({
        object: configMap(ns, name),
        path: name,
        dependsOn: [{ path: 'gate' }],
      })),
    ],
  };
}

async function openGate(): Promise<void> {
  const pods = `/api/v1/namespaces/${platform.namespace()}/pods`;
  const { items } = (await admin.client.request({ method: 'GET', path: pods })).body as { items: KubernetesObject[] };
  expect(items).toHaveLength(1);
  const name = items[0]?.metadata.name ?? '';
  await somebody.merge('v1', 'Pod', platform.namespace(), name, { spec: { schedulingGates: null } });
}

/** Applies with that target; once it waits, does what is given and lets it go on. */
async function applyMeanwhile(target: KubeTarget, meanwhile: () => Promise<void>): Promise<Applied> {
  let done: Promise<void> | undefined;
  const onEvent = (event: ApplyEvent) => {
    if (event.type === 'object-waiting' && event.id.kind === 'Deployment') done ??= meanwhile().then(openGate);
  };
  const made = await platform.plan(program(), [target]);
  const applied = await platform.applyMade(made, program(), [target], { onEvent, leaseSeconds: 5 });
  expect(done).toBeDefined();
  await done;
  return applied;
}

const after = (verb: string) =>
  ['after-1', 'after-2', 'after-3'].map((name) => `${verb} ConfigMap/${platform.namespace()}/${name}`);

describe.skipIf(inject('rig') === 'missing')('a token that ends in the middle of an apply', () => {
  it('is renewed by asking its plugin once more, and the apply goes on', async () => {
    const [first, second] = [await issue(), await issue()];
    const token = join(platform.stateFolder, 'token');
    const runs = join(platform.stateFolder, 'runs');
    writeFileSync(token, first.token, { mode: 0o600 });
    const plugin = `const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(runs)}, '.');
const token = fs.readFileSync(${JSON.stringify(token)}, 'utf8');
console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token } }));`;
    const apiVersion = 'client.authentication.k8s.io/v1';
    const target = await openWith({ exec: { apiVersion, command: process.execPath, args: ['-e', plugin] } });
    const applied = await applyMeanwhile(target, async () => {
      writeFileSync(token, second.token);
      await first.revoke();
    });
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', failures: [], skipped: [] });
    expect(readFileSync(runs, 'utf8')).toBe('..');
    expect(await platform.pending(program())).toEqual([]);
  });

  it('and cannot be renewed ends it by its name; the next one, with another token, does what is left and no more', async () => {
    const { token, revoke } = await issue();
    const target = await openWith({ token });
    const now = { monotonic: 0, wall: 0 };
    const platformId = `${platform.id}-other`;
    const lease = await acquireLease(target, { platformId, who: 'x', clock: () => ({ ...now }) });
    const applied = await applyMeanwhile(target, revoke);
    const outcome = outcomeOf(applied);
    expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'ORR3005' } });
    expect(outcome.problem?.what).toMatch(/refused the credentials of context "alpha"/);
    expect(JSON.stringify(applied.outcome)).not.toContain(token);
    // Neither is it told as a lease that could not be renewed.
    now.monotonic = 20_000;
    await expect(lease.ensureFresh()).rejects.toMatchObject({ code: 'ORR3005' });
    await lease.release();
    expect(await platform.pending(program())).toEqual(after('create'));

    const again = await platform.apply(program());
    expect(outcomeOf(again)).toMatchObject({ status: 'done', failures: [], skipped: [] });
    expect(happened(again, 'object-written').sort()).toEqual(after('object-written'));
    expect(await platform.pending(program())).toEqual([]);
  });
});
