import { describe, expect, it } from 'vitest';
import { DIRECTORY_TARGETS, deadKubeconfig, program, TestProject } from './project.ts';

const PROJECT = { 'main.ts': program(), 'cdk8s.yaml': DIRECTORY_TARGETS };

describe('bad input', () => {
  it('names the nearest verb and option', async () => {
    const project = new TestProject();
    const verb = await project.orrery('aply');
    expect(verb).toMatchObject({ code: 1, stdout: '' });
    expect(verb.stderr).toContain("error ORR1001\n  unknown command 'aply'\n  Did you mean apply?");
    const option = await project.orrery('plan', '--exitcode');
    expect(option.stderr).toContain('Did you mean --exit-code?');
    expect((await project.orrery('plan', '--output', 'xml')).stderr).toContain('Choose text, json, markdown.');
    expect((await project.orrery('apply', '--timeout', '5')).stderr).toContain('Write it like 90s, 5m or 1h30m.');
  });

  it('says where the project is missing', async () => {
    const project = new TestProject();
    const { code, stderr } = await project.orrery('plan');
    expect(code).toBe(1);
    expect(stderr).toContain('error ORR1002');
    expect(stderr).toContain('orrery init');
  });

  it.each([
    ['a typing mistake', 'app: node main.ts\ntargts: {}\n', 'cdk8s.yaml:2', 'Did you mean "targets"?'],
    [
      'a wrong target',
      'app: node main.ts\ntargets:\n  north:\n    contxt: a\n',
      'cdk8s.yaml:4',
      'Did you mean "context"?',
    ],
    ['malformed YAML', 'app: node main.ts\ntargets: {\n', 'cdk8s.yaml:', 'error ORR1002'],
    ['duplicate keys', 'app: a\napp: b\n', 'cdk8s.yaml:2', 'error ORR1002'],
  ])('names file and line of %s in cdk8s.yaml', async (_, yaml, place, hint) => {
    const { code, stdout, stderr } = await new TestProject({ 'main.ts': program(), 'cdk8s.yaml': yaml }).orrery('plan');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`error ORR1002  ${place}`);
    expect(stderr).toContain(hint);
  });

  it('keeps the last good output when the program fails, and shows its mistake with its place', {
    timeout: 60_000,
  }, async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('synth');
    const before = project.files('dist');
    project.write(
      'main.ts',
      program({ extra: "new MultiClusterApp(platform, 'second', { placement: Placement.named('nowhere') });" }),
    );
    const { code, stdout, stderr } = await project.orrery('synth');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error ORR2005 {2}main\.ts:9 /m);
    expect(stderr).toContain('nowhere');
    expect(stderr).toContain('error ORR1003');
    expect(stderr).toContain('The output of the last good run is kept in dist.');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(project.files('dist')).toEqual(before);
  });

  it('names the place where a chart gets the id of another one, as for constructs of ours', async () => {
    const twice = "new Chart(clusters.cluster('north'), 'tools');".repeat(2);
    const project = new TestProject({
      ...PROJECT,
      'main.ts': `import { Chart } from 'cdk8s';\n${program({ extra: twice })}`,
    });
    const { code, stderr } = await project.orrery('synth');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error ORR2004 {2}main\.ts:10/m);
    expect(stderr).toContain('There is already a construct "tools" in Cluster.');
    expect(stderr).toContain('Give one of them another id.');
  });

  it('prints the mistake of a program that runs without the command, and no line of ours before it', async () => {
    const project = new TestProject({ 'main.ts': program({ extra: 'clusters.add("north");' }) });
    const { code, stdout, stderr } = await project.run(['main.ts']);
    expect({ code, stdout, dist: project.exists('dist') }).toEqual({ code: 1, stdout: '', dist: false });
    expect(stderr.trimStart()).toMatch(/^error ORR2004 {2}main\.ts:9/);
    expect(stderr).not.toContain('throw new');
  });

  it.each([
    ['throws', "throw new TypeError('the price list is empty');", 'TypeError: the price list is empty', 'main.ts:1'],
    ['does not parse', 'const a = ;', 'SyntaxError', 'main.ts:1'],
    [
      'uses a package that is not installed',
      "import 'not-installed-here';",
      'npm install not-installed-here',
      'error ORR1003',
    ],
    ['ends early', 'process.exit(3);', 'ended with exit code 3', 'error ORR1003'],
    ['writes no assembly', '', 'wrote no assembly to dist', 'platform.synth()'],
  ])('says so when the program %s', async (_, text, what, hint) => {
    const project = new TestProject({ 'main.ts': text, 'cdk8s.yaml': DIRECTORY_TARGETS });
    const { code, stdout, stderr } = await project.orrery('plan');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error ORR1003');
    expect(stderr).toContain(what);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says so when the program of cdk8s.yaml does not exist', async () => {
    const { code, stderr } = await new TestProject({ 'cdk8s.yaml': 'app: no-such-program main.x\n' }).orrery('synth');
    expect(code).toBe(1);
    expect(stderr).toContain('there is no program "no-such-program"');
  });

  it('does not take an old assembly for the answer of a program that wrote none', async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('synth');
    project.write('main.ts', '// nothing');
    const { code, stderr } = await project.orrery('plan');
    expect(code).toBe(1);
    expect(stderr).toContain('what is there is of an earlier run');
  });

  it('runs a program through a shell where its command needs one', async () => {
    const project = new TestProject({ 'main.ts': program(), 'cdk8s.yaml': `app: "echo first && node main.ts"\n` });
    const { code, stdout, stderr } = await project.orrery('synth');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'first\n' });
    expect(stdout).toContain('2 clusters');
  });

  it('plans the other clusters when one has no target, and ends with 1', async () => {
    const project = new TestProject({
      'main.ts': program(),
      'cdk8s.yaml': 'app: node main.ts\ntargets:\n  north: { directory: targets/north }\n',
    });
    const { code, stdout } = await project.orrery('plan');
    expect(code).toBe(1);
    expect(stdout).toContain('error ORR3001');
    expect(stdout).toContain('south: { directory: targets/south }');
    expect(stdout).toMatch(/^ {2}north .*new/m);
  });

  it('plans and applies the other clusters when one cannot be reached, and ends with 1', {
    timeout: 120_000,
  }, async () => {
    const project = new TestProject({
      'main.ts': program(),
      'cdk8s.yaml':
        'app: node main.ts\ntargets:\n  north: { directory: targets/north }\n  south: { kubeconfig: dead.yaml, context: dead }\n',
      'dead.yaml': await deadKubeconfig(),
    });
    const planned = await project.orrery('plan', '--exit-code');
    expect(planned.code).toBe(1);
    expect(planned.stdout).toContain('error ORR3004  cdk8s.yaml:4');
    expect(planned.stdout).toContain('connection refused');
    expect(planned.stdout).toMatch(/^ {2}north .*new/m);
    const applied = await project.orrery('apply', '--yes');
    expect(applied.code).toBe(1);
    expect(Object.keys(project.files('targets/north')).length).toBeGreaterThan(3);
    expect(applied.stdout).toMatch(/^incomplete · 1 of 2 clusters · 4 written/m);
  });

  it.each([
    ['a kubeconfig that does not exist', '{ kubeconfig: nowhere.yaml, context: a }', 'nowhere.yaml'],
    ['a context that the kubeconfig does not have', '{ kubeconfig: dead.yaml, context: production }', 'production'],
    ['a sandbox that is not running', 'sandbox', 'orrery sandbox up'],
  ])('names %s', async (_, target, hint) => {
    const project = new TestProject({
      'main.ts': program({ clusters: ['north'] }),
      'cdk8s.yaml': `app: node main.ts\ntargets:\n  north: ${target}\n`,
      'dead.yaml': await deadKubeconfig(),
    });
    const { code, stdout } = await project.orrery('plan');
    expect(code).toBe(1);
    expect(stdout).toContain('error ORR3002  cdk8s.yaml:3');
    expect(stdout).toContain(hint);
  });

  it('asks nobody where there is no terminal', async () => {
    const project = new TestProject(PROJECT);
    for (const verb of ['apply', 'destroy']) {
      const { code, stdout, stderr } = await project.orrery(verb);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('error ORR1004');
      expect(stderr).toContain('--yes');
    }
    expect(project.exists('targets')).toBe(false);
    expect(project.exists('dist')).toBe(false);
  });

  it('refuses an assembly of a newer format, a broken one and none', async () => {
    const project = new TestProject(PROJECT);
    expect((await project.orrery('plan', '--assembly', 'nowhere')).stderr).toContain('error ORR2101');
    await project.orrery('synth');
    const manifest = JSON.parse(project.read('dist/manifest.json'));
    project.write('dist/manifest.json', JSON.stringify({ ...manifest, version: '99.0' }));
    const newer = await project.orrery('plan', '--assembly', 'dist');
    expect(newer).toMatchObject({ code: 1, stdout: '' });
    expect(newer.stderr).toContain('error ORR2102');
    project.write('dist/manifest.json', '{');
    expect((await project.orrery('plan', '--assembly', 'dist')).stderr).toContain('error ORR2103');
  });

  it('refuses a target folder that belongs to another cluster than last time', async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('apply', '--yes');
    project.write(
      'cdk8s.yaml',
      DIRECTORY_TARGETS.replace('targets/north }', 'targets/south }').replace(
        'south: { directory: targets/south }',
        'south: { directory: targets/north }',
      ),
    );
    const { code, stdout } = await project.orrery('plan');
    expect(code).toBe(1);
    expect(stdout).toContain('error ORR3003');
  });

  it('refuses to empty a cluster without being told', async () => {
    const project = new TestProject(PROJECT);
    await project.orrery('apply', '--yes');
    project.write('main.ts', program().replace('Placement.everywhere()', "Placement.named('north')"));
    const planned = await project.orrery('plan');
    expect(planned.code).toBe(1);
    expect(planned.stdout).toContain('error ORR4002');
    expect((await project.orrery('plan', '--allow-empty')).stdout).toMatch(/^ {2}south .*deleted/m);
  });

  it('refuses a plan file that is none, and one that somebody changed', async () => {
    const project = new TestProject({ ...PROJECT, 'not-a-plan.json': '{}' });
    expect((await project.orrery('apply', 'not-a-plan.json')).stderr).toContain('error ORR4101');
    expect((await project.orrery('apply', 'missing.json')).stderr).toContain('error ORR4101');
    await project.orrery('plan', '--out', 'plan.json');
    project.write('plan.json', project.read('plan.json').replaceAll('"create"', '"adopt"'));
    const changed = await project.orrery('apply', 'plan.json');
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain('error ORR4101');
    expect(project.files('targets/north')).toEqual({});
  });

  it.each([
    ['malformed YAML', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  name: b\n', 'ORR2201  extra.yaml:5'],
    ['an open quote', 'apiVersion: v1\nkind: "ConfigMap\n', 'ORR2201  extra.yaml:2'],
    ['a text', 'just words\n', 'ORR2202  extra.yaml:1'],
    ['nothing', '', 'ORR2202  extra.yaml:1'],
    ['nothing but comments', '# later\n---\n---\n', 'ORR2202  extra.yaml:1'],
  ])('names the line of an included file with %s, and what to do', async (_, text, place) => {
    const project = new TestProject({
      ...PROJECT,
      'main.ts': program({
        extra: "new Include(platform, 'extra', { file: 'extra.yaml', placement: Placement.everywhere() });",
      }).replace('import { ', 'import { Include, '),
      'extra.yaml': text,
    });
    const { code, stderr } = await project.orrery('plan');
    expect(code).toBe(1);
    expect(stderr).toContain(`error ${place}`);
    // What happened, and what to do.
    expect(stderr.split('\n').filter((line) => line.startsWith('  '))).toHaveLength(2);
  });
});
