import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rigModulesFolder } from './modules-folder.ts';

describe('the Go modules of the rig', () => {
  it('are found beside the sources', () => {
    expect(rigModulesFolder()).toBe(join(import.meta.dirname, 'modules'));
  });

  it('are reported as missing where a package does not carry them', () => {
    const elsewhere = pathToFileURL(join(tmpdir(), 'somewhere', 'orrery.js')).href;
    expect(() => rigModulesFolder(elsewhere)).toThrow(/missing from the installed package/);
  });
});
