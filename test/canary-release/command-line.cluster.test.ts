import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CanaryStep } from '@orrery/constructs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CommandInProcess } from '../command-in-process.ts';
import { TestProject } from '../project.ts';
import { canaryWeight, lacksMesh, MeshClusters, ReleasedShop, type Shop } from './released-shop.ts';

describe.skipIf(lacksMesh)('canary releases on the command line', { timeout: 240_000 }, () => {
  let mesh: MeshClusters;
  let shop: ReleasedShop;
  let project: TestProject;
  let commands: CommandInProcess;
  beforeAll(async () => {
    mesh = await MeshClusters.start('north');
  }, 300_000);
  beforeEach(() => {
    shop = new ReleasedShop(mesh);
    project = new TestProject();
    commands = new CommandInProcess(project);
    const target = `{ kubeconfig: ${mesh.kubeconfig}, context: north, inventoryNamespace: ${shop.inventoryNamespace} }`;
    project.write('cdk8s.yaml', `app: none\ntargets: { north: ${target} }\n`);
  });
  afterEach(() => shop.cleanUp(['north']));
  afterAll(async () => {
    await mesh?.end();
  });
  const orrery = (of: Shop, ...argv: string[]) => commands.run(...argv, '--assembly', shop.assembly(of));
  const STEPS = [CanaryStep.weight(20), CanaryStep.approve('look at it'), CanaryStep.weight(100)];
  const RELEASED: Shop = { steps: STEPS };

  it('a plan says what begins, where a release stands and what it waits for; apply ends with 3 while it waits, and with 0 when it is through', async () => {
    expect((await orrery({}, 'apply', '--yes')).code).toBe(0);
    const first = await orrery(RELEASED, 'plan');
    expect(first).toMatchObject({ code: 0, text: expect.stringContaining('no changes') });
    expect(first.text).toMatch(
      /north {2}canary release cart-2 has not begun · begins: .*create Deployment\/.*\/cart-canary/,
    );
    const begun = await orrery(RELEASED, 'apply', '--yes');
    expect(begun.code).toBe(3);
    expect(begun.text).toMatch(/◐ cart-2 weight-20 \(\d+\/\d+\) · 20 %/);
    expect(begun.text).toContain('approval: look at it');
    const during = await orrery(RELEASED, 'plan', '--exit-code');
    expect(during).toMatchObject({ code: 0, text: expect.stringContaining('approval: look at it') });
    expect((await orrery(RELEASED, 'plan', '--output', 'markdown')).text).toContain('approval: look at it');
    expect((await orrery(RELEASED, 'drift', '--exit-code')).code).toBe(0);
    expect((await orrery(RELEASED, 'status')).text).toContain('cart-2');
    expect((await orrery(RELEASED, 'release', 'status')).code).toBe(3);
    const shown = await orrery(RELEASED, 'release', 'status', 'cart-2', '--json');
    expect(JSON.parse(shown.text)).toMatchObject({
      format: 'orrery/releases',
      releases: [
        { release: 'cart-2', cluster: 'north', canary: { phase: 'progressing', reason: 'approval: look at it' } },
      ],
    });
    expect((await orrery(RELEASED, 'apply', '--yes')).code).toBe(3);
    const through = await orrery(RELEASED, 'release', 'promote');
    expect(through.code, through.text).toBe(0);
    expect((await orrery(RELEASED, 'release', 'status', '--follow')).code).toBe(0);
    expect((await orrery(RELEASED, 'apply', '--yes')).code).toBe(0);
    expect((await orrery(RELEASED, 'drift', '--exit-code')).code).toBe(0);
  });

  it('apply --no-wait ends at the first hold, and a pause that is over is none', async () => {
    const paused: Shop = { steps: [CanaryStep.weight(20), CanaryStep.pause('2s')] };
    expect((await orrery(paused, 'apply', '--yes', '--no-wait')).code).toBe(3);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(20);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect((await orrery(paused, 'apply', '--yes', '--no-wait')).code).toBe(0);
    const long: Shop = {
      steps: [CanaryStep.weight(20), CanaryStep.pause('1h')],
      canary: { image: 'mall/cart:3' },
      cart: { image: 'mall/cart:2' },
    };
    expect((await orrery(long, 'apply', '--yes', '--timeout', '20s')).code).toBe(3);
  });

  it('pause, resume and abort say what they did, or that there is nothing to say', async () => {
    expect((await orrery(RELEASED, 'release', 'abort')).text).toContain('ORR4302');
    expect((await orrery(RELEASED, 'apply', '--yes')).code).toBe(3);
    expect(await orrery(RELEASED, 'release', 'pause')).toMatchObject({
      code: 0,
      text: expect.stringContaining('stays'),
    });
    expect((await orrery(RELEASED, 'release', 'pause')).code).toBe(1);
    expect((await orrery(RELEASED, 'apply', '--yes')).text).toContain('paused by');
    expect((await orrery(RELEASED, 'release', 'resume')).code).toBe(3);
    const back = await orrery(RELEASED, 'release', 'abort');
    expect(back.code, back.text).toBe(0);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(0);
    expect((await orrery(RELEASED, 'apply', '--yes')).code).toBe(3);
    expect((await orrery(RELEASED, 'release', 'status', 'other')).text).toContain('ORR4302');
  });

  it('another release while the service has not what the last one brought is refused, and begins when it has', async () => {
    const steps = [CanaryStep.weight(100)];
    expect((await orrery({ steps }, 'apply', '--yes')).code).toBe(0);
    const early = await orrery({ steps, canary: { image: 'mall/cart:3' } }, 'apply', '--yes');
    expect(early).toMatchObject({ code: 1, text: expect.stringContaining('ORR4301') });
    expect(JSON.stringify((await shop.get(shop.deploymentPath('cart')))?.spec)).toContain('mall/cart:2');
    const next: Shop = { steps, cart: { image: 'mall/cart:2' }, canary: { image: 'mall/cart:3' } };
    expect((await orrery(next, 'apply', '--yes')).code).toBe(0);
    expect(JSON.stringify((await shop.get(shop.deploymentPath('cart')))?.spec)).toContain('mall/cart:3');
  });

  it('steps that changed go on at the stage of the same name, or are refused', async () => {
    expect((await orrery(RELEASED, 'apply', '--yes')).code).toBe(3);
    const standing = (await shop.record())?.stage;
    const renamed: Shop = { steps: [CanaryStep.weight(30), CanaryStep.weight(100)] };
    expect(await orrery(renamed, 'plan')).toMatchObject({ code: 1, text: expect.stringContaining(`"${standing}"`) });
    const longer: Shop = { steps: [...STEPS.slice(0, 2), CanaryStep.weight(60), CanaryStep.weight(100)] };
    expect((await orrery(longer, 'release', 'promote')).code).toBe(0);
  });

  it('a saved plan of another stage writes what is the same by now, and refuses the rest', async () => {
    const assembly = ['--assembly', shop.assembly(RELEASED)];
    expect((await commands.run('apply', '--yes', ...assembly)).code).toBe(3);
    const changed = [
      '--assembly',
      shop.assembly({ ...RELEASED, use: (service) => void service.resilience({ timeout: '4s' }) }),
    ];
    expect((await commands.run('plan', '--out', 'plan.json', ...changed)).code).toBe(0);
    expect((await commands.run('release', 'promote', ...assembly)).code).toBe(0);
    const late = await commands.run('apply', 'plan.json', ...changed);
    expect(late).toMatchObject({ code: 1, text: expect.stringContaining('ORR4102') });
  });

  it('a platform that gets another id keeps its releases where they stand', async () => {
    expect((await orrery(RELEASED, 'apply', '--yes')).code).toBe(3);
    const before = await shop.record();
    const folder = shop.assembly(RELEASED);
    const file = join(folder, 'manifest.json');
    const renamed = `${shop.id}-new`;
    writeFileSync(file, readFileSync(file, 'utf8').replace(`"id": "${shop.id}"`, `"id": "${renamed}"`));
    const moved = ['--assembly', folder];
    expect((await commands.run('adopt', '--from-platform', shop.id, '--yes', ...moved)).code).toBe(0);
    expect(await shop.record()).toBeUndefined();
    const plan = await commands.run('plan', '--exit-code', ...moved);
    expect(plan, plan.text).toMatchObject({ code: 0, text: expect.stringContaining('approval: look at it') });
    expect((await commands.run('release', 'promote', ...moved)).code).toBe(0);
    expect(before).toMatchObject({ status: 'progressing' });
  });

  it('a folder and a chart have nobody to move a release on: both are refused', async () => {
    const folder = ['--assembly', shop.assembly(RELEASED)];
    const target = ['--target', 'north=directory:rendered'];
    expect(await commands.run('plan', ...target, ...folder)).toMatchObject({
      code: 1,
      text: expect.stringContaining('is a folder'),
    });
    expect(await commands.run('synth', '--format', 'helm', ...folder)).toMatchObject({
      code: 1,
      text: expect.stringContaining('ORR4301'),
    });
  });

  it('destroy removes the records, too', async () => {
    expect((await orrery(RELEASED, 'apply', '--yes')).code).toBe(3);
    expect((await orrery(RELEASED, 'destroy', '--yes')).code).toBe(0);
    expect(await shop.record()).toBeUndefined();
  });
});
