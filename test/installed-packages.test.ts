import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rigOptionsFromEnvironment, rigStatus } from '../lib/sandbox/rig/ensure-tools.ts';
import { TemporaryFolders } from './write-assembly.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folders = new TemporaryFolders();
vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });
afterAll(() => folders.removeAll());

/** npm as a user has it: nothing of the `npm test` around it (npm_config_*, npm_package_*) comes through. */
function npm(cwd: string, ...args: string[]): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry$)/i.test(name)),
  );
  return execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { ...env, npm_config_prefer_offline: 'true' },
    encoding: 'utf8',
  });
}

describe('both packages, packed and installed in an empty folder', () => {
  let project: string;
  let command: string;

  const orrery = (...args: string[]): string =>
    execFileSync(process.execPath, [command, ...args], { cwd: project, encoding: 'utf8', stdio: 'pipe' });

  beforeAll(() => {
    const folder = folders.make();
    const packages = path.join(folder, 'packages');
    mkdirSync(packages);
    for (const workspace of ['constructs', 'lib'])
      npm(path.join(ROOT, workspace), 'pack', '--pack-destination', packages);
    const tarballs = readdirSync(packages).map((file) => path.join(packages, file));
    expect(tarballs).toHaveLength(2);

    const tools = path.join(folder, 'tools');
    mkdirSync(tools);
    npm(tools, 'install', '--prefix', tools, ...tarballs);
    command = path.join(tools, 'node_modules', '@orrery', 'cli', 'bin', 'orrery.js');
    project = folder;
    orrery('init', 'shop');
    project = path.join(folder, 'shop');
    npm(project, 'install', ...tarballs);
    command = path.join(project, 'node_modules', '@orrery', 'cli', 'bin', 'orrery.js');
  });

  it('make a project whose plan, apply and second plan work', () => {
    expect(orrery('plan')).toMatch(/new/);
    expect(orrery('apply', '--yes')).toMatch(/applied/);
    expect(orrery('plan', '--exit-code')).toMatch(/no changes/);
  });

  it('make a project whose types are right', () => {
    const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const types = ['--types', 'node', '--typeRoots', path.join(ROOT, 'node_modules', '@types')];
    expect(execFileSync(process.execPath, [tsc, '--noEmit', '-p', project, ...types], { encoding: 'utf8' })).toBe('');
  });

  it('test a program with assertions per cluster, without a process of their own', () => {
    writeFileSync(
      path.join(project, 'shop.test.ts'),
      `import { ClusterSet, Include, Placement, Platform } from '@orrery/constructs';
import { Match, Template } from '@orrery/constructs/testing';
const platform = new Platform({ id: 'tested' });
new ClusterSet(platform, 'clusters').add('north');
new Include(platform, 'more', { file: 'package.json', placement: Placement.everywhere() });
const north: Template = Template.of(platform, 'north');
north.hasNoObject('Deployment/mall/cart');
console.log(north.includes().length, Match.absent() === undefined);
`,
    );
    expect(execFileSync(process.execPath, ['shop.test.ts'], { cwd: project, encoding: 'utf8' })).toBe('1 false\n');
  });

  it('find the very tools that the sources find, by the keys of the Go modules they carry', async () => {
    const status = await rigStatus(rigOptionsFromEnvironment(process.env, homedir()));
    const shown = orrery('sandbox', 'rig', '--status');
    for (const { tool, version, found } of status) {
      const line = shown.split('\n').find((text) => text.startsWith(`${tool} `));
      expect(line).toContain(version);
      expect(line).toContain(found?.path ?? 'not built');
    }
  });

  it('carry their licence, a README, and the licences of what is bundled', () => {
    for (const name of ['cli', 'constructs']) {
      const installed = path.join(project, 'node_modules', '@orrery', name);
      for (const file of ['LICENSE', 'README.md']) expect(existsSync(path.join(installed, file))).toBe(true);
    }
    const licences = readFileSync(
      path.join(project, 'node_modules', '@orrery', 'cli', 'dist', 'THIRD-PARTY-LICENSES.txt'),
      'utf8',
    );
    for (const name of ['@kubernetes/client-node', 'commander', 'execa', 'openid-client', 'yaml'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  it('install nothing but what they say they need', () => {
    const installed = Object.keys(
      JSON.parse(readFileSync(path.join(project, 'node_modules', '.package-lock.json'), 'utf8')).packages,
    ).map((folder) => folder.replace(/^.*node_modules\//, ''));
    for (const bundled of ['@kubernetes/client-node', 'commander', 'execa', 'openid-client'])
      expect(installed).not.toContain(bundled);
    expect(installed).toContain('@orrery/cli');
    expect(installed).toContain('cdk8s');
  });
});
