import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERB_HELP } from '../lib/cli/help.ts';
import { DIRECTORY_TARGETS, ORRERY, program, TestProject } from './project.ts';

const PROJECT = { 'main.ts': program(), 'cdk8s.yaml': DIRECTORY_TARGETS };

describe('the way of a platform', () => {
  it('goes from program to folders, and then there is nothing left to do', async () => {
    const project = new TestProject(PROJECT);
    const planned = await project.orrery('plan');
    expect(planned).toMatchObject({ code: 0 });
    expect(planned.stdout).toMatch(/^cli-test · 2 clusters · /);
    expect(planned.stdout).toContain('Deployment/mall/cart');
    expect(planned.stderr).toContain('Nothing was written.');
    expect(project.exists('targets')).toBe(false);

    const applied = await project.orrery('apply', '--yes');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toMatch(/^applied · 2 clusters · \d+ written/m);
    expect(Object.keys(project.files('targets/north')).length).toBeGreaterThan(3);

    const again = await project.orrery('plan');
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^no changes · 2 clusters · \d+ objects unchanged/);
    expect(again.stderr).toBe('');
  });

  it('shows a changed field per cluster, and applies exactly the saved plan', async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('apply', '--yes');
    project.write('main.ts', program({ replicas: 10 }));
    const planned = await project.orrery('plan', '--out', 'plan.json');
    expect(planned.stdout).toContain('spec.replicas  2 → 5');
    expect(planned.stderr).toMatch(
      /^Plan [0-9a-f]{4} saved\. Nothing was written\. Apply it with: orrery apply plan\.json$/m,
    );
    const applied = await project.orrery('apply', 'plan.json');
    expect(applied.code).toBe(0);
    expect(JSON.stringify(project.files('targets/north'))).toContain('replicas: 5');
    expect((await project.orrery('diff', '--exit-code')).code).toBe(0);
  });

  it('refuses a saved plan when the program is another one by now, and writes nothing', {
    timeout: 60_000,
  }, async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('plan', '--out', 'plan.json');
    project.write('main.ts', program({ replicas: 9 }));
    const applied = await project.orrery('apply', 'plan.json');
    expect(applied.code).toBe(1);
    expect(applied.stderr).toContain('error ORR4102');
    expect(project.files('targets/north')).toEqual({});
  });

  it('removes everything with destroy', async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('apply', '--yes');
    const destroyed = await project.orrery('destroy', '--yes');
    expect(destroyed).toMatchObject({ code: 0 });
    expect(destroyed.stdout).toContain('everything of this platform is removed');
    expect(destroyed.stdout).toMatch(/^removed · 2 clusters · /m);
    expect(Object.keys(project.files('targets/north')).filter((name) => name.endsWith('.yaml'))).toEqual([]);
  });

  it('works on some clusters only', async () => {
    const project = new TestProject(PROJECT);
    const applied = await project.orrery('apply', '--yes', '--cluster', 'south');
    expect(applied.code).toBe(0);
    expect(project.files('targets/north')).toEqual({});
    expect(Object.keys(project.files('targets/south')).length).toBeGreaterThan(3);
  });

  it('starts from an assembly without running a program', async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('synth');
    project.write('main.ts', 'throw new Error("this program must not run");');
    const planned = await project.orrery('plan', '--assembly', 'dist');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toContain('Deployment/mall/cart');
  });
});

describe('output and exit codes', () => {
  it('ends with 2 for changes only when asked', async () => {
    const project = new TestProject(PROJECT);
    expect((await project.orrery('diff')).code).toBe(0);
    expect((await project.orrery('diff', '--exit-code')).code).toBe(2);
    expect((await project.orrery('plan', '--exit-code')).code).toBe(2);
  });

  it('prints nothing but JSON to stdout when JSON is asked for', async () => {
    const project = new TestProject({ ...PROJECT, 'main.ts': `${program()}\nconsole.log('a program may talk');` });
    const planned = await project.orrery('plan', '--output', 'json');
    expect(JSON.parse(planned.stdout)).toMatchObject({
      format: 'orrery/plan',
      platform: { id: 'cli-test' },
      changes: true,
    });
    expect(planned.stderr).toContain('a program may talk');
    const applied = await project.orrery('apply', '--yes', '--output', 'json');
    const records = applied.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records[0]).toMatchObject({ type: 'version', format: 'orrery/events', version: '1.3' });
    expect(records.at(-1)).toMatchObject({
      type: 'outcome',
      outcome: { clusters: [{ status: 'done' }, { status: 'done' }] },
    });
    expect(records.filter(({ type }) => type === 'object-written').length).toBeGreaterThan(6);
    const listed = JSON.parse((await project.orrery('ls', '--json')).stdout);
    expect(listed.clusters.map(({ name }: { name: string }) => name)).toEqual(['north', 'south']);
  });

  it('writes Markdown for a pull request', async () => {
    const project = new TestProject(PROJECT);
    const { stdout } = await project.orrery('plan', '--output', 'markdown');
    expect(stdout).toMatch(/^### 🔷 cli-test: \d+ new in both clusters$/m);
    expect(stdout).toContain('| `north` |');
  });

  it('has colours only where they are wanted', async () => {
    const project = new TestProject(PROJECT);
    const sgr = '\u001b[';
    expect((await project.orrery('diff')).stdout).not.toContain(sgr);
    expect((await project.orrery('diff', '--color')).stdout).toContain(sgr);
    expect((await project.run([ORRERY, 'diff'], { env: { FORCE_COLOR: '1' } })).stdout).toContain(sgr);
    expect((await project.run([ORRERY, 'diff', '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(
      escape,
    );
    expect((await project.run([ORRERY, 'diff'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(
      escape,
    );
  });

  it('goes on when nobody reads its output', async () => {
    const project = new TestProject(PROJECT);
    const child = spawn(process.execPath, [ORRERY, 'apply', '--yes'], {
      cwd: project.folder,
      env: { PATH: process.env.PATH, HOME: project.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Object.keys(project.files('targets/south')).length).toBeGreaterThan(3);
  });

  it('lists clusters, units and objects with the lines that declared them', async () => {
    const project = new TestProject(PROJECT);
    const { stdout } = await project.orrery('ls', '--objects');
    expect(stdout).toMatch(/^north {2}production$/m);
    expect(stdout).toMatch(/Deployment\/mall\/cart {2}main\.ts:\d+/);
  });

  it('helps a newcomer: every verb has a help with an example', async () => {
    const project = new TestProject();
    const { stdout, code } = await project.orrery('--help');
    expect(code).toBe(0);
    for (const verb of Object.keys(VERB_HELP)) {
      expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'));
      const help = await project.orrery(verb, '--help');
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toContain(`orrery ${verb}`);
      expect(help.stdout).toContain('Examples:');
    }
  });
});

describe('the reference of the command line', () => {
  it('has every option of every verb, and none that is not there', async () => {
    const project = new TestProject();
    const known = new Set<string>();
    const parts: Readonly<Record<string, readonly string[]>> = {
      sandbox: ['up', 'rig'],
      import: ['crd', 'cluster', 'helm'],
      workspace: ['kubeconfig', 'audit-policy'],
      backup: ['restore-document'],
      pipeline: ['jenkinsfile'],
      gpu: ['plan'],
      release: ['status', 'promote', 'abort', 'pause', 'resume'],
    };
    const verbs = Object.keys(VERB_HELP).flatMap((verb) => parts[verb]?.map((part) => `${verb} ${part}`) ?? [verb]);
    for (const verb of verbs) {
      const { stdout } = await project.orrery(...verb.split(' '), '--help');
      for (const [, option] of stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) known.add(option ?? '');
    }
    const page = readFileSync(new URL('../docs/cli.md', import.meta.url), 'utf8');
    const documented = new Set([...page.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
    known.add('--help');
    expect([...documented].sort()).toEqual([...known].sort());
  });
});

describe('a new project', () => {
  it('runs as it is: plan, apply, nothing left to do', async () => {
    const project = new TestProject();
    const made = await project.orrery('init', 'my-platform');
    expect(made.code).toBe(0);
    expect(made.stderr).toContain('cd my-platform');
    const cwd = path.join(project.folder, 'my-platform');
    expect((await project.run([ORRERY, 'plan'], { cwd })).stdout).toContain('my-platform · 2 clusters');
    expect((await project.run([ORRERY, 'apply', '--yes'], { cwd })).code).toBe(0);
    expect((await project.run([ORRERY, 'plan'], { cwd })).stdout).toMatch(/^no changes · 2 clusters/);
    const doctor = await project.run([ORRERY, 'doctor'], { cwd });
    expect(doctor.stdout).toContain('✔ staging');
    expect(doctor.stdout).toContain('✔ production');
  });

  it('type-checks with the settings that it brings', { timeout: 120_000 }, async () => {
    const project = new TestProject();
    await project.orrery('init', 'my-platform');
    const checked = await project.run([path.join(project.folder, 'node_modules/typescript/bin/tsc')], {
      cwd: path.join(project.folder, 'my-platform'),
    });
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('never overwrites what is there', async () => {
    const project = new TestProject({ 'main.ts': '// mine' });
    const { code, stderr } = await project.orrery('init', '--id', 'x');
    expect(code).toBe(1);
    expect(stderr).toContain('main.ts');
    expect(project.read('main.ts')).toBe('// mine');
    expect(project.exists('cdk8s.yaml')).toBe(false);
  });
});
