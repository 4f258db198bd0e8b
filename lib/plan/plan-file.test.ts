import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error: a plain script without types
import { planCheckFile, planCheckSource } from '../../tasks/assembly-check.mjs';
import { OrreryError } from '../errors.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { checkPlan } from './check-plan.ts';
import { makePlan } from './make-plan.ts';
import type { ClusterPlan, Plan } from './plan.ts';
import { readPlanFile, writePlanFile } from './plan-file.ts';
import { sealOf, shownDigest } from './seal.ts';

const KEY = Buffer.alloc(32, 1);
const KEYS = new Map([['prod-sh', KEY]]);
const NOW = new Date('2026-11-21T10:00:00Z');
const DESIRED = { platform: { id: 'online-shop' }, assemblyDigest: 'a'.repeat(64), holdsSecrets: false };

const cluster: ClusterPlan = {
  cluster: 'prod-sh',
  target: 'context prod-sh',
  clusterUid: 'uid',
  items: [
    {
      action: 'update',
      id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'cart' },
      apiVersion: 'apps/v1',
      path: 'mall/cart',
      reason: 'the program changed',
      precondition: { uid: 'u', resourceVersion: '7' },
      changes: [{ path: 'spec.replicas', op: 'replace', before: 1, after: 2, cause: 'intent' }],
      effect: 'e',
      desired: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart' } },
      desiredDigest: 'd',
      dangers: [{ kind: 'scale-to-zero', text: 'no replica is left' }],
      verified: 'dry-run',
    },
  ],
  unchanged: 3,
  dryRuns: 0,
  warnings: [],
};

function planOf(holdsSecrets = false, more: Partial<Plan> = {}): Plan {
  const head: Plan = {
    format: 'orrery/plan',
    version: '1.0',
    platform: DESIRED.platform,
    purpose: 'apply',
    assemblyDigest: shownDigest(DESIRED.assemblyDigest, holdsSecrets, KEY),
    createdAt: '2026-11-21T09:00:00.000Z',
    expiresAt: '2026-11-22T09:00:00.000Z',
    changes: true,
    clusters: [],
    ...more,
  };
  return { ...head, clusters: [{ ...cluster, seal: sealOf(head, cluster, DESIRED.assemblyDigest, KEY) }] };
}

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'orrery-plan-'));
  file = path.join(folder, 'plan.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a plan file', () => {
  it('comes back as it was written, for its owner only', async () => {
    writePlanFile(file, planOf());
    expect(await readPlanFile(file)).toEqual(planOf());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['that is missing', undefined, 'cannot be read (ENOENT)'],
    ['that is cut off', '{"format":"orrery/plan"', 'is no JSON'],
    ['that is something else', '{"kind":"Deployment"}', 'is no plan'],
    ['that is no object', '[]', 'is no plan'],
    ['of a newer format', JSON.stringify({ ...planOf(), version: '2.0' }), 'has plan format 2.0'],
    ['that does not follow the schema', JSON.stringify({ ...planOf(), clusters: [{}] }), '/clusters/0'],
    ['with a field nobody knows', JSON.stringify({ ...planOf(), extra: 1 }), 'additional properties'],
  ])('%s is refused and says why', async (_, text, what) => {
    if (text !== undefined) writeFileSync(file, text);
    await expect(readPlanFile(file)).rejects.toMatchObject({ code: 'ORR4101', message: expect.stringContaining(what) });
  });
});

describe('the schema of plans', () => {
  it('has the compiled check that it gives (else run: node tasks/assembly-check.mjs)', () => {
    expect(readFileSync(planCheckFile as string, 'utf8')).toBe((planCheckSource as () => string)());
  });

  it('names every field of the types, and no other', () => {
    const types = readFileSync(new URL('plan.ts', import.meta.url), 'utf8');
    const { $defs } = JSON.parse(readFileSync(new URL('plan.schema.json', import.meta.url), 'utf8')) as {
      $defs: Record<string, { properties: object; required?: string[] }>;
    };
    const definitionOf = {
      Plan: 'plan',
      ClusterPlan: 'cluster',
      PlanItem: 'item',
      FieldChange: 'change',
      Danger: 'danger',
      Problem: 'problem',
    };
    for (const [name, definition] of Object.entries(definitionOf)) {
      const body = new RegExp(`^export interface ${name} \\{([\\s\\S]*?)^\\}`, 'm').exec(types)?.[1] ?? '';
      const fields = [...body.matchAll(/^ {2}readonly (\w+)(\??):/gm)].map(
        ([, field, optional]) => `${field}${optional}`,
      );
      const schema = $defs[definition];
      const known = Object.keys(schema?.properties ?? {}).map((field) =>
        schema?.required?.includes(field) ? field : `${field}?`,
      );
      expect([name, known.sort()]).toEqual([name, fields.sort()]);
    }
  });
});

describe('a plan that is about to be applied', () => {
  const check = (
    plan: Plan,
    more: Partial<Pick<DesiredState, 'platform' | 'assemblyDigest' | 'holdsSecrets' | 'rollout'>> = {},
    keys: ReadonlyMap<string, Uint8Array> = KEYS,
    now = NOW,
  ) => checkPlan(plan, { ...DESIRED, ...more }, now, keys);
  const refusal = (run: () => void) => {
    try {
      run();
    } catch (error) {
      return (error as OrreryError).code;
    }
    return 'accepted';
  };

  it('is accepted as it was made, with and without Secrets in the assembly', () => {
    expect(refusal(() => check(planOf()))).toBe('accepted');
    expect(refusal(() => check(planOf(true), { holdsSecrets: true }))).toBe('accepted');
  });

  it('of another platform or assembly is refused', () => {
    expect(refusal(() => check(planOf(), { platform: { id: 'mall' } }))).toBe('ORR4102');
    expect(refusal(() => check(planOf(), { assemblyDigest: 'b'.repeat(64) }))).toBe('ORR4102');
    expect(refusal(() => check(planOf(true), { holdsSecrets: true, assemblyDigest: 'b'.repeat(64) }))).toBe('ORR4102');
  });

  it('that has expired is refused', () => {
    expect(refusal(() => check(planOf(), {}, KEYS, new Date('2026-11-22T08:59:59Z')))).toBe('accepted');
    expect(refusal(() => check(planOf(), {}, KEYS, new Date('2026-11-22T09:00:00Z')))).toBe('ORR4103');
  });

  it('that somebody changed is refused, whatever was changed', () => {
    const [sealed] = planOf().clusters;
    if (sealed === undefined) throw new Error('no cluster');
    const [item] = sealed.items;
    if (item === undefined) throw new Error('no item');
    const forged: Plan[] = [
      { ...planOf(), expiresAt: '2036-01-01T00:00:00.000Z' },
      { ...planOf(), purpose: 'destroy' },
      { ...planOf(), clusters: [{ ...sealed, clusterUid: 'other' }] },
      { ...planOf(), clusters: [{ ...sealed, items: [] }] },
      { ...planOf(), clusters: [{ ...sealed, items: [{ ...item, action: 'delete' }] }] },
      {
        ...planOf(),
        clusters: [{ ...sealed, items: [item, { ...item, action: 'delete', id: { ...item.id, name: 'victim' } }] }],
      },
      { ...planOf(), clusters: [{ ...cluster }] },
    ];
    for (const plan of forged) expect(refusal(() => check(plan))).toMatch(/^ORR410[12]$/);
  });

  it('whose rollout is not that of the program is refused, sealed or not: its gates run commands', () => {
    const rolloutOf = (command: string) => ({
      waves: [
        {
          name: 'all',
          clusters: ['prod-sh'],
          gates: [{ type: 'command' as const, name: 'smoke', timeoutMs: 1, command: [command] }],
        },
      ],
    });
    const rollout = rolloutOf('./smoke.sh');
    const reviewed = planOf(false, { rollout });
    expect(refusal(() => check(reviewed, { rollout }))).toBe('accepted');
    expect(refusal(() => check(reviewed))).toBe('ORR4101');
    expect(refusal(() => check(planOf(), { rollout }))).toBe('ORR4101');
    const forged = { ...reviewed, rollout: rolloutOf('./evil.sh') };
    expect(refusal(() => check(forged, { rollout }))).toBe('ORR4101');
    // Program and plan agree, but it is not what was sealed.
    expect(refusal(() => check(forged, { rollout: rolloutOf('./evil.sh') }))).toBe('ORR4101');
    writePlanFile(file, reviewed);
    return expect(readPlanFile(file)).resolves.toEqual(reviewed);
  });

  it('shows the headroom that was sealed', async () => {
    const loss = { cluster: 'prod-sh', left: { fewest: 3, most: 3 } };
    const headroom = [{ app: 'mall', service: 'mall/cart', needed: { fewest: 6, most: 6 }, without: [loss] }];
    const reviewed = planOf(false, { headroom });
    writePlanFile(file, reviewed);
    expect(await readPlanFile(file)).toEqual(reviewed);
    expect(refusal(() => check(reviewed))).toBe('accepted');
    const painted = headroom.map((one) => ({ ...one, needed: { fewest: 3, most: 3 } }));
    expect(refusal(() => check({ ...reviewed, headroom: painted }))).toBe('ORR4101');
  });

  it('shows the moves that were sealed: what waits for what is not changed in the file', async () => {
    const id = { group: 'apps', kind: 'Deployment', namespace: 'mall', name: 'cart' };
    const moves = [
      {
        service: 'mall/cart',
        receivers: [{ cluster: 'prod-sh', after: 4, workloads: [{ id, fewest: 4, scaler: id }] }],
        donors: [{ cluster: 'prod-gz', before: 6, after: 4, writes: [{ id, keeps: 6 }] }],
      },
    ];
    const reviewed = planOf(false, { moves });
    writePlanFile(file, reviewed);
    expect(await readPlanFile(file)).toEqual(reviewed);
    expect(refusal(() => check(reviewed))).toBe('accepted');
    const { moves: _, ...hurried } = reviewed;
    expect(refusal(() => check(hurried))).toBe('ORR4101');
  });

  it('sealed with another key is refused, and says that the first apply stays where the plan was made', () => {
    expect(() => check(planOf(), {}, new Map([['prod-sh', Buffer.alloc(32, 2)]]))).toThrow('is not as it was made');
    try {
      check(planOf(true), { holdsSecrets: true }, new Map([['prod-sh', Buffer.alloc(32, 2)]]));
    } catch (error) {
      expect((error as OrreryError).fix).toContain('.orrery/keys');
    }
  });

  it('of a cluster that cannot be reached is not refused for the others', () => {
    expect(refusal(() => check(planOf(), {}, new Map()))).toBe('accepted');
  });

  it('shows no plain digest of an assembly that holds Secrets', () => {
    expect(JSON.stringify(planOf(true))).not.toContain(DESIRED.assemblyDigest);
  });
});

describe('a plan for clusters that cannot be reached', () => {
  it('names the problem of each and is a plan all the same', async () => {
    const error = new OrreryError('ORR3004', 'prod-sh does not answer', { fix: 'Look.' });
    const desired = {
      ...DESIRED,
      clusters: ['prod-sh', 'prod-gz'].map((name) => ({ name, facts: {}, objects: [] })),
    };
    const targets = [{ kind: 'unopened', cluster: 'prod-sh', description: 'context prod-sh', error }] as const;
    const { plan } = await makePlan(desired, targets, { now: () => NOW, stateFolder: folder });
    expect(plan.clusters.map((one) => [one.cluster, one.problem?.code])).toEqual([
      ['prod-sh', 'ORR3004'],
      ['prod-gz', 'ORR3001'],
    ]);
    expect(plan).toMatchObject({ changes: false, createdAt: NOW.toISOString(), expiresAt: '2026-11-22T10:00:00.000Z' });
    writePlanFile(file, plan);
    expect(await readPlanFile(file)).toEqual(JSON.parse(JSON.stringify(plan)));
  });
});
