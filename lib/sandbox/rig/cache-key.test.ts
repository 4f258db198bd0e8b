import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheKey, goPlatform } from './cache-key.ts';
import { rigModulesFolder } from './modules-folder.ts';
import { TOOLS, type ToolDefinition } from './tool-catalogue.ts';

const etcd: ToolDefinition = TOOLS.etcd;
const linux = goPlatform('linux', 'x64');

describe('the cache key of a tool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-modules-'));
    cpSync(join(rigModulesFolder(), 'etcd'), join(folder, 'etcd'), { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['go.mod', 'go.sum', 'main.go'])('changes with %s', (file) => {
    const before = cacheKey(etcd, folder, linux);
    appendFileSync(join(folder, 'etcd', file), '\n');
    expect(cacheKey(etcd, folder, linux)).not.toBe(before);
  });

  it('changes with a further source file, and not with a file that no build reads', () => {
    const before = cacheKey(etcd, folder, linux);
    writeFileSync(join(folder, 'etcd', 'README.md'), 'read me');
    expect(cacheKey(etcd, folder, linux)).toBe(before);
    writeFileSync(join(folder, 'etcd', 'extra.go'), 'package main\n');
    expect(cacheKey(etcd, folder, linux)).not.toBe(before);
  });

  it('changes with the platform, the package and the variables set at link time', () => {
    const keys = [
      cacheKey(etcd, folder, linux),
      cacheKey(etcd, folder, goPlatform('linux', 'arm64')),
      cacheKey(etcd, folder, goPlatform('darwin', 'x64')),
      cacheKey({ ...etcd, package: './other' }, folder, linux),
      cacheKey({ ...etcd, variables: { 'main.version': '1' } }, folder, linux),
      cacheKey({ ...etcd, variables: { 'main.version': '2' } }, folder, linux),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('depends on contents only, not on where the modules lie', () => {
    expect(cacheKey(etcd, folder, linux)).toBe(cacheKey(etcd, rigModulesFolder(), linux));
  });

  it('differs between the programs of one module', () => {
    const key = (tool: ToolDefinition): string => cacheKey(tool, rigModulesFolder(), linux);
    expect(key(TOOLS['kube-apiserver'])).not.toBe(key(TOOLS['kube-scheduler']));
  });
});

describe('a platform in the names of Go', () => {
  it.each([
    ['linux', 'x64', 'linux', 'amd64'],
    ['darwin', 'arm64', 'darwin', 'arm64'],
    ['win32', 'ia32', 'windows', '386'],
  ])('of Node %s/%s is %s/%s', (platform, architecture, os, go) => {
    expect(goPlatform(platform, architecture)).toEqual({ os, architecture: go });
  });
});
