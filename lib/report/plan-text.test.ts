import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { canaryCreate, cartChange, cluster, everyAction, id, item, plan, replace } from './example-plan.test-data.ts';
import { paint } from './paint.ts';
import { planMarkdown } from './plan-markdown.ts';
import { planText } from './plan-text.ts';

const plain = { paint: paint(false) };
const lineWith = (text: string, part: string): string => text.split('\n').find((line) => line.includes(part)) ?? '';

describe('the text of a plan', () => {
  it('is one line when nothing changes', () => {
    const text = planText(
      plan([
        cluster('a', [], { unchanged: 100 }),
        cluster('b', [], { unchanged: 100 }),
        cluster('c', [], { unchanged: 14 }),
      ]),
      plain,
    );
    expect(text).toBe('no changes · 3 clusters · 214 objects unchanged\n');
  });

  it('says how long it took when it is told', () => {
    expect(planText(plan([cluster('a', [])]), { ...plain, milliseconds: 240 })).toBe(
      'no changes · 1 cluster · 60 objects unchanged · 0.2 s\n',
    );
  });

  it('begins with platform, clusters and what each of them gets', () => {
    const text = planText(
      plan([cluster('prod-sh', [canaryCreate, cartChange], { unchanged: 63 }), cluster('ops', [], { unchanged: 41 })]),
      { ...plain, milliseconds: 200 },
    );
    expect(text.split('\n')[0]).toBe('Online shop · 2 clusters · 0.2 s');
    expect(lineWith(text, '  prod-sh ')).toContain('1 new · 1 changed · 63 unchanged');
    expect(lineWith(text, '  prod-sh ')).toContain('1 workload restarts its pods');
    expect(lineWith(text, '  ops ')).toContain('41 unchanged');
  });

  it('shows the same change in several clusters once', () => {
    const text = planText(
      plan([cluster('prod-sh', [cartChange]), cluster('prod-gz', [cartChange]), cluster('ops', [])]),
      plain,
    );
    expect(text.match(/mall\/cart:4\.13\.0/g)).toHaveLength(1);
    expect(lineWith(text, '~ Deployment/mall/cart')).toContain('same in 2 of 3 clusters: prod-sh and prod-gz');
  });

  it('keeps changes apart that differ in one value', () => {
    const other = { ...cartChange, changes: [replace('spec.replicas', 8, 12)] };
    const text = planText(plan([cluster('prod-sh', [cartChange]), cluster('prod-gz', [other])]), plain);
    expect(text.match(/~ Deployment\/mall\/cart/g)).toHaveLength(2);
    expect(text).toContain('spec.replicas  8 → 12');
  });

  it('says of each object where the program makes it', () => {
    const placed = { ...cartChange, source: 'main.ts:31' };
    const text = planText(plan([cluster('prod-sh', [placed]), cluster('prod-gz', [placed])]), plain);
    expect(lineWith(text, '~ Deployment/mall/cart')).toMatch(/same in both clusters · restarts pods · main\.ts:31$/);
  });

  it('says of hooks when their turn is, and which of them go', () => {
    const hook = { events: ['pre-install', 'pre-upgrade'], weight: -5, goes: true } as const;
    const after = { events: ['post-upgrade'], weight: 0 } as const;
    const text = planText(
      plan([
        cluster('a', [
          item({ action: 'create', id: id('batch/v1', 'Job', 'migrate'), reason: 'new', hook }),
          item({
            action: 'replace',
            id: id('batch/v1', 'Job', 'announce'),
            reason: 'runs again: it changed',
            hook: after,
          }),
        ]),
      ]),
      plain,
    );
    expect(lineWith(text, 'migrate')).toMatch(
      / · hook before its release \(pre-install, pre-upgrade; weight -5\), deleted when everything succeeded$/,
    );
    expect(lineWith(text, 'announce')).toMatch(/ · runs again: it changed · hook after its release \(post-upgrade\)$/);
  });

  it('shows what helm does to each object of a native release', () => {
    const objects = [
      { id: id('v1', 'ConfigMap', 'app'), effect: 'update', changes: [replace('data.a', 'x', 'y')] },
      { id: id('v1', 'Service', 'app'), effect: 'create', changes: [] },
      { id: id('v1', 'Secret', 'old'), effect: 'delete', changes: [] },
      { id: id('v1', 'ConfigMap', 'kept'), effect: 'stay', changes: [] },
      { id: id('batch/v1', 'Job', 'migrate'), effect: 'run', changes: [] },
    ] as const;
    const release = { revision: 4, objects };
    const changed = item({
      action: 'update',
      id: id('helm.sh/v1', 'HelmRelease', 'shop'),
      reason: 'somebody else did',
      release,
    });
    const made = plan([cluster('a', [changed])]);
    const text = planText(made, plain);
    expect(lineWith(text, 'HelmRelease')).toMatch(
      /^~ HelmRelease\/mall\/shop {2}.*somebody else did · helm makes revision 4$/,
    );
    expect(text).toContain(`    ~ ConfigMap/mall/app
        data.a  x → y
    + Service/mall/app
    - Secret/mall/old
    · ConfigMap/mall/kept  stays (helm.sh/resource-policy: keep)
    ▸ Job/mall/migrate  hook, run by helm
`);
    expect(planMarkdown(made)).toContain(`! ConfigMap/mall/app
- data.a: x
+ data.a: y
+ Service/mall/app
- Secret/mall/old
`);
    // Not the same change as one that does something else.
    const other = { ...changed, release: { ...release, objects: objects.slice(1) } };
    expect(
      planText(plan([cluster('a', [changed]), cluster('b', [other])]), plain).match(/~ HelmRelease/g),
    ).toHaveLength(2);
  });

  it('keeps created objects apart that differ', () => {
    const other = {
      ...canaryCreate,
      desired: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart-canary' }, spec: { replicas: 2 } },
    };
    const text = planText(plan([cluster('prod-sh', [canaryCreate]), cluster('prod-gz', [other])]), plain);
    expect(text.match(/\+ Deployment\/mall\/cart-canary/g)).toHaveLength(2);
  });

  it('tells dangers before anything else, the worst first', () => {
    const text = planText(plan([cluster('prod-sh', everyAction)]), plain);
    const lines = text.split('\n');
    expect(lines[1]).toContain('⚠ prod-sh  PersistentVolumeClaim/mall/old-data: the data is gone for good');
    expect(lines.findIndex((line) => line.includes('⚠'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('  prod-sh')),
    );
    expect(lines.findLastIndex((line) => line.includes('⚠'))).toBe(3);
  });

  it('names every action in words', () => {
    const text = planText(plan([cluster('prod-sh', everyAction)]), { ...plain, verbose: true });
    for (const one of everyAction.filter((each) => each.action !== 'blocked')) expect(text).toContain(one.id.name);
  });

  it('counts every action that there is', () => {
    const text = planText(plan([cluster('prod-sh', everyAction)]), plain);
    for (const words of [
      '1 new',
      '1 changed',
      '1 ownership only',
      '1 adopted',
      '1 replaced',
      '1 deleted',
      '1 already gone',
      '1 left in place',
      '1 blocked',
      '1 being deleted',
      '60 unchanged',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('ends with problems: code, place, what, fix', () => {
    const text = planText(plan([cluster('prod-sh', everyAction)]), plain);
    expect(text.slice(text.indexOf('error ORR4001'))).toBe(
      'error ORR4001  main.ts:31  mall/settings  cluster prod-sh  ConfigMap/mall/foreign\n  ConfigMap/mall/foreign exists and is managed by "kubectl"\n  Adopt it: --adopt ConfigMap/mall/foreign.\n',
    );
  });

  it('shows a cluster that could not be read beside those that could', () => {
    const down = cluster('ops', [], {
      unchanged: 0,
      problem: {
        code: 'ORR3004',
        what: 'connect ECONNREFUSED 127.0.0.1:1',
        where: { cluster: 'ops' },
        fix: 'Check the address.',
      },
    });
    const text = planText(plan([cluster('prod-sh', [cartChange]), down]), plain);
    expect(lineWith(text, '  ops ')).toContain('✖ not planned: connect ECONNREFUSED');
    expect(text).toContain('error ORR3004  cluster ops');
    expect(text).toContain('mall/cart:4.12.0 → mall/cart:4.13.0');
  });

  it('is not "no changes" when a cluster could not be read', () => {
    const down = cluster('ops', [], { problem: { code: 'ORR3004', what: 'no route', where: {} } });
    expect(planText(plan([cluster('prod-sh', []), down]), plain)).not.toContain('no changes');
  });

  it('tells drift from intent, with who and when', () => {
    const drifted = item({
      action: 'update',
      id: id('apps/v1', 'Deployment', 'cart'),
      changes: [replace('spec.replicas', 3, 12, { cause: 'drift', by: 'kubectl-edit', at: '2026-11-02T10:00:00Z' })],
    });
    expect(planText(plan([cluster('prod-sh', [drifted])]), plain)).toContain(
      'spec.replicas  3 → 12  (drift: changed in the cluster by kubectl-edit at 2026-11-02T10:00:00Z)',
    );
  });

  it('masks Secret values, and a value that looks like a mask still shows as changed', () => {
    const secret = item({
      action: 'update',
      id: id('v1', 'Secret', 'db'),
      changes: [
        replace('data.password', 'hmac:1a2b3c4d5e6f7081', 'hmac:99887766554433aa', { masked: true }),
        replace('data.same', 'hmac:1a2b3c4d5e6f7081', 'hmac:1a2b3c4d5e6f7082', { masked: true }),
      ],
    });
    const spoof = item({
      action: 'update',
      id: id('v1', 'ConfigMap', 'c'),
      changes: [replace('data.a', '(secret 1a2b3c4d)', 'plain')],
    });
    const text = planText(plan([cluster('prod-sh', [secret, spoof])]), plain);
    expect(text).toContain('data.password  (secret 1a2b3c4d) → (secret 99887766)');
    expect(text).toContain('data.a  "(secret 1a2b3c4d)" → plain');
  });

  it('shows added and removed fields for what they are', () => {
    const changed = item({
      action: 'update',
      id: id('v1', 'Service', 'cart'),
      changes: [
        { path: 'metadata.labels["app.kubernetes.io/version"]', op: 'add', after: '4.13.0', cause: 'intent' },
        { path: 'spec.clusterIP', op: 'remove', before: 'None', cause: 'intent' },
      ],
    });
    const text = planText(plan([cluster('prod-sh', [changed])]), plain);
    expect(text).toContain('metadata.labels["app.kubernetes.io/version"]  + 4.13.0');
    expect(text).toContain('spec.clusterIP  - None');
  });

  it('distinguishes strings from values of other types', () => {
    const changed = item({
      action: 'update',
      id: id('v1', 'ConfigMap', 'c'),
      changes: [replace('data.a', '8', 'true'), replace('data.b', '', ' x '), replace('data.c', null, [1, { a: 'b' }])],
    });
    const text = planText(plan([cluster('prod-sh', [changed])]), plain);
    expect(text).toContain('data.a  "8" → "true"');
    expect(text).toContain('data.b  "" → " x "');
    expect(text).toContain('data.c  null → [1,{"a":"b"}]');
  });

  it('says so when everything is destroyed, and when a cluster left the program', () => {
    const text = planText(
      plan([cluster('old', [item({ action: 'delete', id: id('v1', 'ConfigMap', 'x') })], { left: true })], {
        purpose: 'destroy',
      }),
      plain,
    );
    expect(text).toContain('everything of this platform is removed');
    expect(lineWith(text, '  old ')).toContain('the program no longer has this cluster');
  });

  it('lists a great many new objects by unit, and each of them when asked to say more', () => {
    const created = Array.from({ length: 60 }, (_, index) =>
      item({
        action: 'create',
        id: id('v1', index % 2 === 0 ? 'ConfigMap' : 'Service', `object-${index}`),
        unit: index < 50 ? 'mall' : 'status',
      }),
    );
    const one = plan([cluster('prod-sh', [...created, cartChange]), cluster('prod-gz', created), cluster('ops', [])]);
    const text = planText(one, plain);
    expect(text).toContain('+ mall    25 ConfigMap, 25 Service  same in 2 of 3 clusters: prod-sh and prod-gz');
    expect(text).toContain('+ status  5 ConfigMap, 5 Service  same in 2 of 3 clusters: prod-sh and prod-gz');
    expect(text).not.toContain('object-7');
    expect(text).toContain('~ Deployment/mall/cart');
    expect(text).toContain('60 different new objects, by unit (-v lists them)');
    expect(planText(one, { ...plain, verbose: true })).toContain('+ Service/mall/object-7');
  });

  it('shows manifests of new objects only when asked to say more', () => {
    const one = plan([cluster('prod-sh', [canaryCreate])]);
    expect(planText(one, plain)).not.toContain('"replicas": 1');
    expect(planText(one, { ...plain, verbose: true })).toContain('"replicas": 1');
  });

  it('uses colours only where they are wanted, and they change no word', () => {
    const one = plan([cluster('prod-sh', everyAction), cluster('ops', [])]);
    const coloured = planText(one, { paint: paint(true) });
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(planText(one, plain));
  });

  it('lets nothing from outside steer the terminal', () => {
    const evil = '\u001b[2J\r::error::x\u202e\n::add-mask::y';
    const hostile = item({
      action: 'update',
      id: id('v1', evil, evil, evil),
      reason: evil,
      changes: [replace(evil, evil, evil, { cause: 'drift', by: evil, at: evil })],
      dangers: [{ kind: 'adopt', text: evil }],
      problem: { code: 'ORR4003', what: evil, where: { path: evil, source: evil, object: evil }, fix: evil },
    });
    const text = planText(
      plan([cluster(evil, [hostile], { warnings: [evil], problem: { code: 'ORR3004', what: evil, where: {} } })], {
        platform: { id: 'x', displayName: evil },
      }),
      { ...plain, verbose: true },
    );
    for (const steering of ['\u001b', '\r', '\u202e']) expect(text).not.toContain(steering);
    expect(text).not.toMatch(/^\s*::/m);
  });
});
