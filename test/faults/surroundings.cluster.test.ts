import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { ORRERY, TestProject } from '../project.ts';
import { configMap, namespace } from '../sample-objects.ts';
import { writeAssembly } from '../write-assembly.ts';

/** The command where its surroundings fail it: nobody reads, the disk is full, nothing may be written, somebody is impatient, a plugin is not trusted. */

/** Id of the platforms of test/write-assembly.ts. */
const PLATFORM = 'shop';
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

let ns: string;
let inventory: string;
let project: TestProject;

beforeEach(() => {
  ns = `around-${randomBytes(4).toString('hex')}`;
  inventory = `${ns}-inventory`;
  project = new TestProject();
  project.write('kubeconfig', kubectl('config', 'view', '--raw', '--minify', '--context', 'alpha', '-o', 'json'));
  project.write(
    'cdk8s.yaml',
    `targets: { alpha: { kubeconfig: kubeconfig, context: alpha, inventoryNamespace: ${inventory} } }\n`,
  );
  desire(10);
});
afterEach(() => {
  kubectl('delete', 'namespace', ns, inventory, '--ignore-not-found', '--wait=false');
});

function kubectl(...args: string[]): string {
  const all = ['--kubeconfig', inject('clusters').kubeconfig, '--context', 'alpha', ...args];
  return execFileSync(inject('tools').kubectl ?? 'kubectl', all, { encoding: 'utf8' });
}

/** An assembly of so many ConfigMaps, a Secret and their namespace. */
function desire(count: number, value = 'one'): void {
  const login = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login', namespace: ns },
    stringData: { password: value },
  };
  const objects = [
    namespace(ns),
    login,
    ...Array.from({ length: count }, (_, index) => configMap(ns, `map-${index}`, { value })),
  ];
  const unit = { path: 'app', objects: objects.map((object, index) => ({ path: `app/${index}`, object })) };
  writeAssembly(path.join(project.folder, 'assembly'), [{ name: 'alpha', units: [unit] }]);
}

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [ORRERY, ...args, '--assembly', 'assembly'], {
    cwd: project.folder,
    env: { PATH: process.env.PATH ?? '', HOME: project.folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', (code) => resolve(code)));

const orrery = (args: readonly string[], env: Record<string, string> = {}) =>
  project.run([ORRERY, ...args, '--assembly', 'assembly'], { env });

async function expectNothingToDo(count: number): Promise<void> {
  const plan = await orrery(['plan', '--exit-code']);
  expect(plan, plan.stdout + plan.stderr).toMatchObject({ code: 0 });
  expect(plan.stdout).toContain(`${count} objects unchanged`);
}

describe.skipIf(inject('rig') === 'missing')('an apply to a cluster', () => {
  it('that nobody reads, on stdout and stderr, writes everything and knows what it wrote', async () => {
    const child = start(['apply', '--yes', '-v', '--output', 'json']);
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await ended(child)).toBe(0);
    await expectNothingToDo(12);
    const plan = start(['plan', '-v']);
    plan.stdout?.destroy();
    expect(await ended(plan)).toBe(0);
  });

  it('interrupted twice ends at once, and the next one does what is left', async () => {
    desire(400);
    const child = start(['apply', '--yes', '--output', 'json']);
    let told = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (!told.includes('object-written') && (told + text).includes('object-written')) {
        child.kill('SIGINT');
        // A signal of the same kind that is still pending is not delivered twice.
        const again = setInterval(() => child.kill('SIGINT'), 2);
        child.once('exit', () => clearInterval(again));
      }
      told += text;
    });
    expect(await ended(child)).toBe(130);
    // What is released here is otherwise waited for: its holder is dead.
    kubectl('-n', inventory, 'delete', 'lease', `orrery-${PLATFORM}`);
    const next = await orrery(['apply', '--yes']);
    expect(next, next.stdout + next.stderr).toMatchObject({ code: 0 });
    await expectNothingToDo(402);
    const found = JSON.parse(
      kubectl('-n', ns, 'get', 'configmaps', '-l', `orrery.dev/platform=${PLATFORM}`, '-o', 'json'),
    );
    expect(found.items).toHaveLength(400);
  });

  it('works with a home and a cache that may not be written', async () => {
    const home = path.join(project.folder, 'home');
    mkdirSync(home);
    chmodSync(home, 0o555);
    onTestFinished(() => chmodSync(home, 0o755));
    const env = { HOME: home, XDG_CACHE_HOME: path.join(home, 'cache') };
    const run = async (...args: string[]): Promise<number | null> => {
      // root may write everywhere: somebody else runs it then.
      const who = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
      const child = spawn(process.execPath, [ORRERY, ...args, '--assembly', 'assembly'], {
        cwd: project.folder,
        env: { PATH: process.env.PATH ?? '', ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
        ...who,
      });
      return ended(child);
    };
    if (isRoot) {
      for (const name of [
        '',
        ...readdirSync(project.folder, { recursive: true, encoding: 'utf8' }).filter(
          (file) => !/^(home|node_modules)/.test(file),
        ),
      ])
        chownSync(path.join(project.folder, name), NOBODY, NOBODY);
    }
    expect(await run('plan', '--out', 'plan.json')).toBe(0);
    expect(await run('apply', 'plan.json')).toBe(0);
    expect(await run('plan', '--exit-code')).toBe(0);
    expect(readdirSync(home)).toEqual([]);
  });

  it('with a full disk says so before it writes anything, and works on when the disk fills up later', async ({
    skip,
  }) => {
    const folder = path.join(project.folder, 'small');
    mkdirSync(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      skip('a small file system cannot be mounted here');
    }
    onTestFinished(() => {
      execFileSync('umount', ['-l', folder]);
    });
    const config = project.read('cdk8s.yaml').replace('kubeconfig: kubeconfig', 'kubeconfig: ../kubeconfig');
    writeFileSync(path.join(folder, 'cdk8s.yaml'), config);
    const fill = () => {
      try {
        for (let index = 0; ; index++) writeFileSync(path.join(folder, `full-${index}`), Buffer.alloc(4096));
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    };
    const small = (...args: string[]) => project.run([ORRERY, ...args, '--assembly', '../assembly'], { cwd: folder });
    // Without room for the key of this cluster and the lock file nothing begins.
    fill();
    const refused = await small('apply', '--yes');
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toMatch(/^error ORR1005\n {2}\S+: the disk is full\.$/m);
    expect(kubectl('get', 'namespace', ns, '--ignore-not-found')).toBe('');
    execFileSync('sh', ['-c', 'rm -f full-*'], { cwd: folder });
    expect((await small('apply', '--yes')).code).toBe(0);
    desire(10, 'two');
    fill();
    const plan = await small('plan', '--out', 'plan.json');
    expect(plan.code).toBe(1);
    expect(plan.stderr).toMatch(/^error ORR1005\n {2}\S+: the disk is full\.$/m);
    // No half of a plan is left to be applied.
    expect(readdirSync(folder).filter((name) => name.includes('plan.json'))).toEqual([]);
    const applied = await small('apply', '--yes');
    expect(applied, applied.stdout + applied.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('11 written'),
    });
    await expectNothingToDo(12);
  });

  it('whose kubeconfig runs a plugin: with CI=true only one that is listed, else any, named', async () => {
    const config = JSON.parse(project.read('kubeconfig'));
    const { token } = config.users[0].user;
    project.write(
      'login',
      `#!/bin/sh\necho ran >> "${project.folder}/runs"\necho '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${token}"}}'\n`,
    );
    chmodSync(path.join(project.folder, 'login'), 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './login', interactiveMode: 'Never' };
    project.write('kubeconfig', JSON.stringify({ ...config, users: [{ name: config.users[0].name, user: { exec } }] }));
    const command = path.join(project.folder, 'login');
    const refused = await orrery(['plan'], { CI: 'true' });
    expect(refused.code).toBe(1);
    const line = `credentialPlugins: ["${command}"]`;
    expect(refused.stdout + refused.stderr).toContain(line);
    expect(project.exists('runs')).toBe(false);
    const named = await orrery(['plan']);
    expect(named.code).toBe(0);
    expect(named.stderr).toContain(`runs the credential plugin ${command}`);
    project.write('cdk8s.yaml', `${project.read('cdk8s.yaml')}${line}\n`);
    const listed = await orrery(['apply', '--yes'], { CI: 'true' });
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(path.join(project.folder, 'runs'), 'utf8')).toContain('ran');
    expect(JSON.stringify([refused, named, listed])).not.toContain(token);
  });
});
