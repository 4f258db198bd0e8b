import { describe, expect, it } from 'vitest';
import { DIRECTORY_TARGETS, TestProject } from './project.ts';

/** A rollout as the command shows and follows it, on folders: waves, gates and what flags may do with them need no cluster. */

/** Two clusters, the south first. The gate passes when there is a file "go". */
const program = (value = '1', gate = 'HealthGate.command(["test", "-e", "go"], { name: "go" })') => `
import { ApiObject, Chart } from 'cdk8s';
import { ClusterSet, HealthGate, Placement, Platform, Rollout } from '@orrery/constructs';
const platform = new Platform({ id: 'staged' });
const clusters = new ClusterSet(platform, 'clusters');
for (const name of ['north', 'south']) {
  const chart = new Chart(clusters.add(name), 'settings');
  new ApiObject(chart, 'map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' }, data: { value: '${value}' } });
}
new Rollout(platform, 'rollout', {
  waves: [{ name: 'canary', clusters: Placement.named('south'), gates: [${gate}] }],
  maxParallelClusters: 1,
});
platform.synth();
`;

function project(text = program()): TestProject {
  return new TestProject({ 'main.ts': text, 'cdk8s.yaml': DIRECTORY_TARGETS });
}

const written = (one: TestProject, cluster: string) => Object.keys(one.files(`targets/${cluster}`)).length > 0;

describe('a rollout on the command line', () => {
  it('is shown in plans of every format, with the command that would run', async () => {
    const one = project();
    const text = await one.orrery('plan', '--out', 'plan.json');
    expect(text.stdout).toContain('  waves 1. canary: south; then command test -e go\n        2. rest: north\n');
    const markdown = await one.orrery('plan', '--output', 'markdown');
    expect(markdown.stdout).toContain('**Waves**\n\n- 1. canary: south; then command test -e go\n- 2. rest: north\n');
    expect(JSON.parse(one.read('plan.json'))).toMatchObject({
      rollout: {
        waves: [{ name: 'canary', clusters: ['south'], gates: [{ command: ['test', '-e', 'go'] }] }, { name: 'rest' }],
      },
    });
  });

  it('stops at its gate, says so in every format, and goes on when it passes', async () => {
    const one = project();
    const stopped = await one.orrery('apply', '--yes');
    expect(stopped.code).toBe(1);
    expect(stopped.stdout).toContain('✖ gate go did not pass: it ended with 1');
    expect(stopped.stdout).toMatch(/^failed · wave canary · 2 clusters · 1 written/m);
    expect(stopped.stdout).toContain('wave rest (north): not started · not started: wave "canary" failed.');
    expect([written(one, 'south'), written(one, 'north')]).toEqual([true, false]);

    one.write('main.ts', program('2'));
    const markdown = await one.orrery('apply', '--yes', '--output', 'markdown');
    expect(markdown.stdout).toMatch(/^### ❌ staged: failed · wave canary · /);
    expect(markdown.stdout).toContain(
      '- wave canary (south): failed · wave "canary" did not pass its gate "go": it ended with 1.',
    );

    one.write('main.ts', program('3'));
    one.write('go', '');
    const json = await one.orrery('apply', '--yes', '--output', 'json');
    expect(json.code).toBe(0);
    const records = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.flatMap(({ type }) => (/^(wave|gate)/.test(type) ? [type] : []))).toEqual([
      'wave-started',
      'gate-asked',
      'gate-answered',
      'wave-finished',
      'wave-started',
      'wave-finished',
    ]);
    expect(records.at(-1)).toMatchObject({ outcome: { waves: [{ status: 'done' }, { status: 'done' }] } });

    const again = await one.orrery('apply', '--yes');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/^no changes · 2 clusters[^\n]*\n$/);
  });

  it('of a saved plan is the one that was reviewed: another one is refused', async () => {
    const one = project();
    await one.orrery('plan', '--out', 'plan.json');
    const plan = JSON.parse(one.read('plan.json'));
    plan.rollout.waves[0].gates[0].command = ['touch', 'owned'];
    one.write('changed.json', JSON.stringify(plan));
    const changed = await one.orrery('apply', 'changed.json');
    expect(changed).toMatchObject({ code: 1 });
    expect(changed.stderr).toContain('error ORR4101');
    expect([one.exists('owned'), written(one, 'south')]).toEqual([false, false]);
    one.write('go', '');
    expect((await one.orrery('apply', 'plan.json')).code).toBe(0);
    expect(written(one, 'north')).toBe(true);
  });

  it('can be narrowed to waves and clusters, but later ones do not overtake earlier ones', async () => {
    const one = project();
    for (const flags of [
      ['--wave', 'rest'],
      ['--cluster', 'north'],
    ]) {
      const early = await one.orrery('apply', '--yes', ...flags);
      expect(early.code).toBe(1);
      expect(early.stderr).toContain('ORR4201');
      expect(early.stderr).toContain('Wave "canary" comes first and is not through: south has 1 object to write.');
    }
    expect(written(one, 'north')).toBe(false);
    one.write('go', '');
    expect((await one.orrery('apply', '--yes', '--wave', 'canary')).code).toBe(0);
    expect([written(one, 'south'), written(one, 'north')]).toEqual([true, false]);
    expect((await one.orrery('apply', '--yes', '--wave', 'rest')).code).toBe(0);
    expect(written(one, 'north')).toBe(true);
  });

  it.each([
    [['--wave', 'none'], 'ORR1001', 'there is no wave "none".'],
    [['--wave', 'canary', '--cluster', 'north'], 'ORR1001', 'none of the named clusters is in wave canary.'],
    [['--max-parallel', '0'], 'ORR1001', '--max-parallel cannot be "0".'],
    [['--no-wait'], 'ORR4201', 'The program declares a rollout, and --no-wait would make it wait for nothing.'],
  ])('refuses %j', async (flags, code, what) => {
    const refused = await project().orrery('apply', '--yes', ...flags);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(code);
    expect(refused.stderr).toContain(what);
  });

  it('runs commands of an assembly only when that is allowed', async () => {
    const one = project();
    one.write('go', '');
    await one.orrery('synth');
    const refused = await one.orrery('apply', '--yes', '--assembly', 'dist');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Gate "go" runs a command on this machine');
    expect(written(one, 'south')).toBe(false);
    expect((await one.orrery('apply', '--yes', '--assembly', 'dist', '--allow-gate-commands')).code).toBe(0);
  });

  it('shows the output of a gate without what could steer a terminal', async () => {
    const noisy = String.raw`HealthGate.command(['sh', '-c', 'printf "\\033[2J::error ::x\\n"; exit 1'], { name: 'noisy' })`;
    const { stdout } = await project(program('1', noisy)).orrery('apply', '--yes');
    expect(stdout).toContain('gate noisy did not pass');
    expect(stdout).not.toContain('\u001b[2J');
    expect(stdout).toContain(String.raw`\x1b[2J`);
  });
});
