import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheKey, goPlatform } from './cache-key.ts';
import { rigModulesFolder } from './modules-folder.ts';
import { TOOLS, type ToolDefinition } from './tool-catalogue.ts';

const lib = fileURLToPath(new URL('../..', import.meta.url));

describe('the packed CLI package, installed in an empty folder', () => {
  let folder: string;
  let installed: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-packed-'));
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: lib });
    const [tarball = ''] = readdirSync(folder);
    installed = join(folder, 'node_modules', '@orrery', 'cli');
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('carries the Go modules, and its bundle finds them', () => {
    const bundle = pathToFileURL(join(installed, 'dist', 'orrery.js')).href;
    const chunk = pathToFileURL(join(installed, 'dist', 'chunks', 'sandbox.js')).href;
    expect(rigModulesFolder(bundle)).toBe(join(installed, 'sandbox', 'rig', 'modules'));
    expect(rigModulesFolder(chunk)).toBe(rigModulesFolder(bundle));
  });

  it('builds the same tools as the sources do: every cache key is equal', () => {
    const packed = join(installed, 'sandbox', 'rig', 'modules');
    const platform = goPlatform(process.platform, process.arch);
    const keys = (modules: string): string[] =>
      Object.values(TOOLS).map((tool: ToolDefinition) => cacheKey(tool, modules, platform));
    expect(keys(packed)).toEqual(keys(rigModulesFolder()));
  });
});

describe('a package without the Go modules', () => {
  it('is reported as such', () => {
    const elsewhere = pathToFileURL(join(tmpdir(), 'somewhere', 'orrery.js')).href;
    expect(() => rigModulesFolder(elsewhere)).toThrow(/missing from the installed package/);
  });
});
