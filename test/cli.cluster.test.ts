import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type CommandResult, ORRERY, TestProject } from './project.ts';
import { kubectl, platformOf as sharedPlatformOf } from './shared-clusters.ts';

/** The command against real API servers. A platform of its own for every test, on the clusters that all tests share. */

let id: string;
let project: TestProject;

beforeEach(() => {
  id = `cli-${randomBytes(4).toString('hex')}`;
});

afterEach(async () => {
  for (const cluster of ['alpha', 'beta'])
    await kubectl(cluster, 'delete', 'namespace', id, '--ignore-not-found', '--wait=false');
});

/** What somebody else does to our ConfigMap. */
async function paintRed(): Promise<void> {
  const patch = ['patch', 'configmap', 'settings', '--field-manager', 'mina', '-p', '{"data":{"colour":"red"}}'];
  await kubectl('alpha', '-n', id, ...patch);
}

/** A program whose clusters all get the objects of one file. */
const platformOf = (objects: string, clusters?: readonly string[]) => sharedPlatformOf(id, objects, clusters);

const namespace = (): string => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${id} }\n`;
const configMap = (value: string, name = 'settings'): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${id} }\ndata: { colour: "${value}" }\n`;
const deployment = (replicas: number, extra = ''): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${id} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      ${extra}
      containers: [{ name: web, image: registry.example.com/web:1.0.0, resources: { requests: { cpu: 10m, memory: 16Mi } } }]
`;

describe.skipIf(inject('rig') === 'missing')('orrery on real clusters', () => {
  it('applies to two clusters, waits until they are ready, and has nothing left to do', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue') + deployment(2), ['alpha', 'beta']));
    const applied = await project.orrery('apply', '--yes');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toMatch(/^alpha {2}✔ Deployment\/\S+\/web ready$/m);
    expect(applied.stdout).toMatch(/^applied · 2 clusters · 6 written · /m);
    expect(await kubectl('beta', '-n', id, 'get', 'deployment', 'web', '-o', 'jsonpath={.status.readyReplicas}')).toBe(
      '2',
    );
    const again = await project.orrery('plan', '--exit-code');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/^no changes · 2 clusters · 6 objects unchanged/);
    expect(JSON.parse(project.read('orrery.lock')).targets.alpha.uid).toBe(
      (await kubectl('alpha', 'get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}')).trim(),
    );
  });

  it('tells what somebody changed in the cluster from what the program changed, and puts both right', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue') + deployment(2)));
    await project.orrery('apply', '--yes', '--no-wait');
    await paintRed();
    project.write('objects.yaml', namespace() + configMap('blue') + deployment(5));
    const planned = await project.orrery('plan', '--take-ownership', 'all', '--exit-code');
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(/data\.colour {2}red → blue {2}\(drift: changed in the cluster by mina at 20/);
    expect(planned.stdout).toMatch(/spec\.replicas {2}2 → 5$/m);
    expect((await project.orrery('apply', '--yes', '--take-ownership', 'all')).code).toBe(0);
    expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'settings', '-o', 'jsonpath={.data.colour}')).toBe(
      'blue',
    );
  });

  it('applies a reviewed plan without asking, and never takes a field that somebody took since', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue')));
    await project.orrery('apply', '--yes');
    project.write('objects.yaml', namespace() + configMap('green'));
    await project.orrery('plan', '--out', 'plan.json');
    await paintRed();
    const applied = await project.orrery('apply', 'plan.json');
    expect(applied.code).toBe(1);
    expect(applied.stdout).toMatch(/^error ORR4005 .*ConfigMap/m);
    expect(applied.stdout).toContain('data.colour (mina)');
    expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'settings', '-o', 'jsonpath={.data.colour}')).toBe(
      'red',
    );
  });

  it('leaves alone what exists and is not ours, until it is told to adopt it', async () => {
    await kubectl('alpha', 'create', 'namespace', id);
    await kubectl('alpha', '-n', id, 'create', 'configmap', 'settings', '--from-literal=colour=theirs');
    project = new TestProject(platformOf(configMap('ours') + configMap('new', 'other')));
    for (const verb of [['plan'], ['apply', '--yes']]) {
      const refused = await project.orrery(...verb);
      expect(refused.code).toBe(1);
      expect(refused.stdout).toMatch(/^error ORR4001 /m);
      expect(refused.stdout).toContain('--adopt');
    }
    expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'settings', '-o', 'jsonpath={.data.colour}')).toBe(
      'theirs',
    );
    const adopted = await project.orrery(
      'apply',
      '--yes',
      '--adopt',
      `ConfigMap/${id}/settings`,
      '--take-ownership',
      `ConfigMap/${id}/*`,
    );
    expect(adopted.code).toBe(0);
    expect(adopted.stdout).toContain('⚠ alpha');
    expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'settings', '-o', 'jsonpath={.data.colour}')).toBe(
      'ours',
    );
  });

  it('refuses a context that leads to another cluster than last time, and writes nothing there', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue')));
    await project.orrery('apply', '--yes');
    project.write('cdk8s.yaml', project.read('cdk8s.yaml').replace("'{cluster}'", 'beta'));
    const applied = await project.orrery('apply', '--yes');
    expect(applied.code).toBe(1);
    expect(applied.stdout).toMatch(/^error ORR3003 {2}cdk8s\.yaml:3 {2}/m);
    expect(await kubectl('beta', 'get', 'namespace', id, '--ignore-not-found')).toBe('');
  });

  it('ends with 1 when an object does not become ready, with 0 when it need not wait, and goes on from there', async () => {
    const stuck = namespace() + deployment(1, 'nodeSelector: { nowhere: "true" }');
    project = new TestProject(platformOf(stuck));
    const applied = await project.orrery('apply', '--yes', '--timeout', '3s');
    expect(applied.code).toBe(1);
    expect(applied.stdout).toMatch(/^error ORR500[23] /m);
    expect(applied.stdout).toMatch(/^failed · 1 of 1 cluster/m);
    project.write('objects.yaml', namespace() + deployment(1, 'nodeSelector: { nowhere: "still" }'));
    expect((await project.orrery('apply', '--yes', '--no-wait')).code).toBe(0);
    project.write('objects.yaml', namespace() + deployment(1));
    expect((await project.orrery('apply', '--yes')).code).toBe(0);
  });

  it('ends with 3 when something waits for somebody', async () => {
    const job = `---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: ${id} }
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: migrate, image: registry.example.com/migrate:1.0.0 }]
`;
    project = new TestProject(platformOf(namespace() + job));
    const applied = await project.orrery('apply', '--yes');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toMatch(/^waiting for somebody · 1 of 1 cluster/m);
    expect(applied.stdout).toContain(`Job/${id}/migrate`);
  });

  it('ends cleanly when it is interrupted, and the next apply goes on', async () => {
    project = new TestProject(
      platformOf(namespace() + deployment(1, 'nodeSelector: { nowhere: "true" }') + configMap('blue')),
    );
    const child = spawn(process.execPath, [ORRERY, 'apply', '--yes', '--output', 'json'], {
      cwd: project.folder,
      env: { PATH: process.env.PATH, HOME: project.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      // Once: a second signal would end it at once.
      if (!stdout.includes('object-waiting') && (stdout + chunk).includes('object-waiting')) child.kill('SIGINT');
      stdout += chunk;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.at(-1)).toMatchObject({
      type: 'outcome',
      outcome: { clusters: [{ cluster: 'alpha', status: 'interrupted' }] },
    });
    project.write('objects.yaml', namespace() + deployment(1) + configMap('blue'));
    expect((await project.orrery('apply', '--yes')).code).toBe(0);
    expect((await project.orrery('plan')).stdout).toMatch(/^no changes/);
  });

  it('says which rights are missing before anything is written', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue')));
    await kubectl('alpha', 'create', 'namespace', id);
    await kubectl('alpha', '-n', id, 'create', 'serviceaccount', 'reader');
    await kubectl('alpha', 'create', 'clusterrolebinding', id, '--clusterrole=view', `--serviceaccount=${id}:reader`);
    try {
      const token = (await kubectl('alpha', '-n', id, 'create', 'token', 'reader')).trim();
      const admin = await kubectl('alpha', 'config', 'view', '--raw', '--minify', '-o', 'json');
      const config = JSON.parse(admin);
      project.write(
        'reader.yaml',
        JSON.stringify({ ...config, users: [{ name: config.users[0].name, user: { token } }] }),
      );
      project.write('cdk8s.yaml', 'app: node main.ts\ntargets: { alpha: { kubeconfig: reader.yaml } }\n');
      const checked = await project.orrery('doctor');
      expect(checked.code).toBe(1);
      expect(checked.stdout).toMatch(/✖ alpha {2}ORR3006 .*(create|patch)/);
      const applied = await project.orrery('apply', '--yes');
      expect(applied.code).toBe(1);
      expect(applied.stdout + applied.stderr).toContain('ORR3006');
      expect(applied.stdout + applied.stderr).not.toContain(token);
      expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'settings', '--ignore-not-found')).toBe('');
    } finally {
      await kubectl('alpha', 'delete', 'clusterrolebinding', id);
    }
  });

  it('shows what is where and how it is', async () => {
    const suspended = `---\napiVersion: batch/v1\nkind: Job\nmetadata: { name: later, namespace: ${id} }\nspec:\n  suspend: true\n  template:\n    spec: { restartPolicy: Never, containers: [{ name: main, image: "example.com/main:1" }] }\n`;
    project = new TestProject(platformOf(namespace() + configMap('blue') + deployment(2)));
    expect((await project.orrery('status')).stdout).toContain('nothing of ours is there');
    await project.orrery('apply', '--yes');
    const well = await project.orrery('status');
    expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}revision 1 {2}20.*\n {2}3 ready$/m) });
    project.write('objects.yaml', namespace() + configMap('blue') + deployment(2) + suspended);
    expect((await project.orrery('apply', '--yes')).code).toBe(3);
    expect(await project.orrery('status')).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^ {2}1 suspended · 3 ready\n {4}suspended {2}Job\/.*\/later /m),
    });
    await kubectl('alpha', '-n', id, 'delete', 'configmap', 'settings');
    const missing = await project.orrery('status', '--json');
    expect(missing.code).toBe(1);
    const [alpha] = (
      JSON.parse(missing.stdout) as { clusters: { objects: { id: { kind: string }; status: string }[] }[] }
    ).clusters;
    expect(alpha?.objects.filter(({ status }) => status === 'missing')).toMatchObject([{ id: { kind: 'ConfigMap' } }]);
  });

  it('lists what was applied, and brings an earlier revision back', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue') + configMap('old', 'extra')));
    expect((await project.orrery('history')).stdout).toContain('nothing was applied yet');
    expect((await project.orrery('rollback', '--yes')).stdout).toMatch(/^error ORR4010 .*cluster alpha/m);
    await project.orrery('apply', '--yes');
    project.write('objects.yaml', namespace() + configMap('green'));
    await project.orrery('apply', '--yes');
    expect((await project.orrery('history')).stdout).toMatch(
      /^ {2}2 {2}20.* UTC {2}2 objects .*present\n {2}1 {2}20.* UTC {2}3 objects /m,
    );
    const back = await project.orrery('rollback', '--yes');
    expect(back).toMatchObject({ code: 0, stderr: expect.stringContaining('alpha: back to revision 1 of 20') });
    expect(back.stdout).toContain('A rollback brings back manifests, not data.');
    expect(back.stdout).toMatch(/data\.colour {2}green → blue$/m);
    expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'extra', '-o', 'jsonpath={.data.colour}')).toBe('old');
    expect(JSON.parse((await project.orrery('history', '--json')).stdout)).toMatchObject({
      clusters: [
        { cluster: 'alpha', revisions: [{ number: 3, rollbackOf: 1, complete: true }, { number: 2 }, { number: 1 }] },
      ],
    });
    // What was before the present one: not the one that the present one came from.
    expect((await project.orrery('rollback', '--yes')).stderr).toContain('alpha: back to revision 2 of 20');
    expect((await project.orrery('rollback', '--yes', '--to', '9')).stdout).toContain(
      'has no revision 9. It keeps 4, 3, 2, 1.',
    );
  });

  it('tells what others changed since the last apply, whatever the program has become, and writes nothing', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue') + configMap('same', 'other')));
    await project.orrery('apply', '--yes');
    expect(await project.orrery('drift', '--exit-code')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^no drift · 1 cluster · 3 objects as applied/),
    });
    await paintRed();
    await kubectl('alpha', '-n', id, 'delete', 'configmap', 'other');
    project.write('objects.yaml', namespace() + configMap('green') + configMap('new', 'another'));
    const drift = await project.orrery('drift', '--exit-code');
    expect(drift.code).toBe(2);
    expect(drift.stdout).toMatch(/data\.colour {2}red → blue {2}\(drift: changed in the cluster by mina at 20/);
    expect(drift.stdout).toMatch(/ConfigMap\/.*\/other .*it was deleted in the cluster/);
    expect(drift.stdout).not.toContain('another');
    expect((await project.orrery('drift')).code).toBe(0);
    expect(JSON.parse((await project.orrery('drift', '--json')).stdout)).toMatchObject({
      format: 'orrery/drift',
      drift: true,
      clusters: [{ cluster: 'alpha', revision: { number: 1 }, unchanged: 1 }],
    });
    expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'settings', '-o', 'jsonpath={.data.colour}')).toBe(
      'red',
    );
  });

  it('removes everything of the platform and nothing else', async () => {
    project = new TestProject(platformOf(namespace() + configMap('blue')));
    await project.orrery('apply', '--yes');
    await kubectl('alpha', '-n', 'default', 'create', 'configmap', id, '--from-literal=a=b');
    try {
      const destroyed = await project.orrery('destroy', '--yes');
      expect(destroyed.code).toBe(0);
      expect(destroyed.stdout).toMatch(/^removed · 1 cluster · 0 written · 2 deleted/m);
      expect(await kubectl('alpha', 'get', 'namespace', id, '--ignore-not-found')).toBe('');
      expect(await kubectl('alpha', '-n', 'default', 'get', 'configmap', id, '-o', 'name')).toContain(id);
      expect((await project.orrery('destroy', '--yes')).stdout).toMatch(/^no changes/m);
    } finally {
      await kubectl('alpha', '-n', 'default', 'delete', 'configmap', id);
    }
  });
});

describe.skipIf(inject('rig') === 'missing')('the sandbox of a project', () => {
  it('is started, applied to, shown and ended by the command', { timeout: 300_000 }, async () => {
    const files = platformOf(namespace() + configMap('blue'), ['north']);
    project = new TestProject({ ...files, 'cdk8s.yaml': 'app: node main.ts\ntargets: { north: sandbox }\n' });
    // The tools of the rig are built already.
    const env = {
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
      ...(process.env.KUBEBUILDER_ASSETS === undefined ? {} : { KUBEBUILDER_ASSETS: process.env.KUBEBUILDER_ASSETS }),
    };
    const orrery = (...args: string[]): Promise<CommandResult> => project.run([ORRERY, ...args], { env });
    try {
      expect((await orrery('plan')).stdout).toContain('orrery sandbox up');
      const up = await orrery('sandbox', 'up');
      expect(up).toMatchObject({ code: 0 });
      expect(up.stdout).toMatch(/^ {2}north {2}Kubernetes 1\.\d+\.\d+ {2}https:\/\/127\.0\.0\.1:\d+ {2}✔ ready$/m);
      expect((await orrery('apply', '--yes')).stdout).toMatch(/^applied · 1 cluster · 2 written/m);
      expect((await orrery('plan', '--sandbox')).stdout).toMatch(/^no changes · 1 cluster · 2 objects unchanged/);
      expect(JSON.parse((await orrery('sandbox', 'status', '--json')).stdout)).toMatchObject({
        clusters: [{ name: 'north', ready: true }],
      });
      expect(project.exists('orrery.lock')).toBe(false);
    } finally {
      expect((await orrery('sandbox', 'down')).stdout).toBe('ended: north\n');
    }
    expect((await orrery('sandbox', 'status')).stdout).toContain('no sandbox is running');
  });
});
