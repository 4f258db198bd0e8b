import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { readInventory } from '../../lib/inventory/read-inventory.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { Plan, PlanItem } from '../../lib/plan/plan.ts';
import { writePlanFile } from '../../lib/plan/plan-file.ts';
import type { PlanOptions } from '../../lib/plan/plan-options.ts';
import { AppliedPlatform, type Program } from '../applied-platform.ts';
import { configMap, deployment, namespace, secret } from '../sample-objects.ts';
import { Somebody } from './somebody.ts';

/** Values that must not be seen: one per place, so that a leak says where it came from. */
const CANARY = {
  data: 'CANARY data ÄÖ /+&"{}\\ 4711',
  live: 'CANARY live value 0815',
  lastApplied: 'CANARY last applied 1234',
  literal: 'CANARY_env-literal:5678',
  number: 4_815_162_342,
} as const;

let platform: AppliedPlatform;
let ns: string;
let somebody: Somebody;
beforeEach(async () => {
  platform = new AppliedPlatform('law-8');
  ns = platform.namespace();
  somebody = new Somebody(await platform.open());
});
afterEach(() => platform.cleanUp());

async function planOf(program: Program, options: Partial<PlanOptions> = {}): Promise<Plan> {
  return (await platform.plan(program, [await platform.open()], options)).plan;
}

/** Every form in which a value could be read off a text. */
function forms(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64');
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    base64,
    base64.slice(0, -4),
    encodeURIComponent(value),
    Buffer.from(value).toString('hex'),
  ];
}

function expectNoCanary(plan: Plan): void {
  const file = join(platform.stateFolder, 'plan.json');
  writePlanFile(file, plan);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  for (const value of Object.values(CANARY).map(String))
    for (const form of forms(value)) expect(text).not.toContain(form);
  expect(text).not.toMatch(/CANARY/);
}

const itemOf = (plan: Plan, name: string): PlanItem => {
  const item = plan.clusters[0]?.items.find((one) => one.id.name === name);
  if (item === undefined) throw new Error(`no item for ${name}`);
  return item;
};

const withLiteral = (value: string): KubernetesObject =>
  deployment(
    ns,
    'web',
    { containers: [{ name: 'main', image: 'example.com/main:1', env: [{ name: 'TOKEN', value }] }] },
    0,
  );

describe.skipIf(inject('rig') === 'missing')('law 8: Secrets stay secret in plans', () => {
  it('a new Secret is planned without a byte of it, also before there is an inventory', async () => {
    const plan = await planOf({ alpha: [namespace(ns), secret(ns, 'login', { password: CANARY.data })] });
    expect(itemOf(plan, 'login').desired).toMatchObject({ data: { password: expect.stringMatching(/^hmac:/) } });
    expectNoCanary(plan);
    expect(plan.assemblyDigest).toMatch(/^hmac:/);
  });

  it('the key of a cluster without inventory is the same for plan and apply, and then lies in the inventory alone', async () => {
    const program = { alpha: [namespace(ns), secret(ns, 'login', { password: CANARY.data })] };
    const target = await platform.open();
    const before = await readInventory(target, platform.id, { stateFolder: platform.stateFolder });
    const file = join(platform.stateFolder, 'keys', `${platform.id}.${target.clusterUid}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await platform.apply(program);
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(Buffer.from((await platform.inventory()).hmacKey)).toEqual(Buffer.from(before.hmacKey));
  });

  it('a changed Secret shows which keys changed and nothing of old and new values', async () => {
    await platform.apply({ alpha: [namespace(ns), secret(ns, 'login', { password: CANARY.live, user: 'admin' })] });
    const plan = await planOf({
      alpha: [namespace(ns), secret(ns, 'login', { password: CANARY.data, user: 'admin' })],
    });
    const [change, ...others] = itemOf(plan, 'login').changes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({ path: 'data.password', op: 'replace', masked: true, cause: 'intent' });
    expect(change?.before).not.toBe(change?.after);
    expectNoCanary(plan);
  });

  it('a value that equals its own mask still shows as changed', async () => {
    await platform.apply({ alpha: [namespace(ns), secret(ns, 'login', { password: 'one' })] });
    const probe = await planOf({ alpha: [namespace(ns), secret(ns, 'login', { password: 'two' })] });
    const shown = String(itemOf(probe, 'login').changes[0]?.before);
    const plan = await planOf({ alpha: [namespace(ns), secret(ns, 'login', { password: shown })] });
    const [change] = itemOf(plan, 'login').changes;
    expect(change?.before).toBe(shown);
    expect(change?.after).not.toBe(shown);
    await platform.apply({ alpha: [namespace(ns), secret(ns, 'login', { password: shown })] });
    expect(await platform.pending({ alpha: [namespace(ns), secret(ns, 'login', { password: shown })] })).toEqual([]);
  });

  it('drift of a Secret, and copies that other tools left in annotations, show nothing', async () => {
    const program = { alpha: [namespace(ns), secret(ns, 'login', { password: CANARY.data })] };
    await platform.apply(program);
    const data = { password: Buffer.from(CANARY.live).toString('base64') };
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: CANARY.lastApplied }),
    };
    await somebody.merge('v1', 'Secret', ns, 'login', { data, metadata: { annotations } });
    for (const takeOwnership of [[], 'all'] as const) {
      const plan = await planOf(program, { takeOwnership });
      expect(itemOf(plan, 'login').changes[0]).toMatchObject({ masked: true, cause: 'drift', by: 'kubectl-edit' });
      expectNoCanary(plan);
    }
    const dropped = await planOf({ alpha: [namespace(ns)] });
    expectNoCanary(dropped);
  });

  it('adopting a Secret of somebody else shows nothing of it', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    await somebody.create({
      ...secret(ns, 'login', { password: CANARY.live, other: CANARY.data }),
      metadata: {
        name: 'login',
        namespace: ns,
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: CANARY.lastApplied }),
        },
      },
    });
    const program = { alpha: [namespace(ns), secret(ns, 'login', { password: CANARY.data })] };
    for (const adopt of [[], 'all'] as const) expectNoCanary(await planOf(program, { adopt }));
  });

  it('a literal that equals the value of a Secret is masked wherever it is shown', async () => {
    const login = secret(ns, 'login', { token: CANARY.literal });
    await platform.apply({ alpha: [namespace(ns), login, withLiteral('before')] }, { wait: false });
    const settings = configMap(ns, 'settings', { url: `https://u:${encodeURIComponent(CANARY.literal)}@db` });
    const plan = await planOf({ alpha: [namespace(ns), login, withLiteral(CANARY.literal), settings] });
    expect(itemOf(plan, 'web').changes[0]).toMatchObject({
      masked: true,
      before: 'before',
      after: expect.stringMatching(/^hmac:/),
    });
    expectNoCanary(plan);
  });

  it.each([
    ['a number', { data: { pin: CANARY.number } }],
    ['an object', { data: { pin: { nested: CANARY.data } } }],
    ['no base64', { data: { pin: CANARY.data } }],
    [
      'a type that it does not fit',
      {
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': Buffer.from(CANARY.data).toString('base64') },
      },
    ],
  ])('a Secret that the server refuses because it holds %s is quoted nowhere', async (_, more) => {
    await platform.apply({ alpha: [namespace(ns)] });
    const broken = { ...secret(ns, 'login', {}), ...more } as unknown as KubernetesObject;
    const plan = await planOf({ alpha: [namespace(ns), broken] });
    expect(itemOf(plan, 'login')).toMatchObject({ action: 'blocked', problem: { code: 'ORR4003' } });
    expectNoCanary(plan);
  });

  it('a replacement of an immutable Secret shows nothing', async () => {
    const fixed = (value: string) => ({ ...secret(ns, 'login', { password: value }), immutable: true });
    await platform.apply({ alpha: [namespace(ns), fixed(CANARY.live)] });
    for (const replace of [[], 'all'] as const) {
      const plan = await planOf({ alpha: [namespace(ns), fixed(CANARY.data)] }, { replace });
      expect(itemOf(plan, 'login').changes[0]).toMatchObject({ path: 'data.password', masked: true });
      expectNoCanary(plan);
    }
  });

  it('the inventory holds digests of Secrets by its key only', async () => {
    const login = secret(ns, 'login', { password: CANARY.data });
    await platform.apply({ alpha: [namespace(ns), login] });
    const [desired] = platform.desired({ alpha: [login] }).clusters[0]?.objects ?? [];
    const inventory = await platform.inventory();
    const text = JSON.stringify([...inventory.entries.values()]);
    expect(text).not.toContain(desired?.sha256);
    expect(text).toContain('login');
  });

  it('effects and digests of Secrets in a plan are keyed: the same change in two clusters looks different', async () => {
    const program = (value: string) => ({ alpha: [namespace(ns), secret(ns, 'login', { password: value })] });
    const other = new AppliedPlatform('law-8-other');
    try {
      const [mine, theirs] = [
        await planOf(program('same')),
        (await other.plan(program('same'), [await other.open()])).plan,
      ];
      const [a, b] = [itemOf(mine, 'login'), itemOf(theirs, 'login')];
      expect(a.effect).not.toBe(b.effect);
      expect(a.desiredDigest).not.toBe(b.desiredDigest);
    } finally {
      await other.cleanUp();
    }
  });
});
