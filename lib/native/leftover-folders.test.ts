import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeLeftovers, signFolder } from './leftover-folders.ts';

const HOUR = 60 * 60_000;
const GONE = { pid: process.pid, startedAt: 'long ago' };

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'orrery-leftovers-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function folderOf(name: string, files: Readonly<Record<string, unknown>>): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(path.join(folder, 'kubeconfig'), 'secret');
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, file), JSON.stringify(content));
  return folder;
}

describe('a folder with credentials that a killed run left behind', () => {
  it('is removed by the next run', async () => {
    const program = `
      import { fixedCredentials } from '${path.join(import.meta.dirname, '../cluster/credentials.ts')}';
      import { withKubeconfig } from '${path.join(import.meta.dirname, 'kubeconfig-file.ts')}';
      const connection = { server: new URL('https://127.0.0.1:1'), tls: {}, headers: {}, credentials: fixedCredentials({ authorization: 'Bearer abc' }) };
      await withKubeconfig(connection, async () => {
        process.stdout.write('working');
        if (process.argv[1] === 'hangs') await new Promise(() => setInterval(() => {}, 1000));
      });
    `;
    const run = (...words: string[]) =>
      spawn(process.execPath, ['--input-type=module', '--eval', program, ...words], {
        env: { PATH: process.env.PATH ?? '', TMPDIR: parent },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const killed = run('hangs');
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const [left = ''] = readdirSync(parent);
    expect(readdirSync(path.join(parent, left)).sort()).toEqual(['kubeconfig', 'owner.json', 'token']);
    const [code] = await once(run('ends'), 'close');
    expect([code, readdirSync(parent)]).toEqual([0, []]);
  });

  it('stays while somebody works with it: its orrery, or a helm that outlives it', async () => {
    const owned = folderOf('orrery-native-aaaaaa', {});
    await signFolder(owned, 'owner', process.pid);
    const outlived = folderOf('orrery-native-bbbbbb', { 'owner.json': GONE, stdout: '' });
    await signFolder(outlived, 'helm', process.pid);
    const ended = folderOf('orrery-native-cccccc', { 'owner.json': GONE, 'helm.json': GONE, stdout: '' });
    await removeLeftovers(parent, Date.now() + 2 * HOUR);
    expect([owned, outlived, ended].map((folder) => existsSync(folder))).toEqual([true, true, false]);
  });

  it('stays for an hour where it does not say who works with it', async () => {
    const unsigned = folderOf('orrery-native-aaaaaa', {});
    const begun = folderOf('orrery-native-bbbbbb', { 'owner.json': GONE, stdout: '' });
    await removeLeftovers(parent);
    expect([unsigned, begun].map((folder) => existsSync(folder))).toEqual([true, true]);
    await removeLeftovers(parent, Date.now() + HOUR + 60_000);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is known by its name and by being ours alone; links lead nowhere', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'orrery-elsewhere-'));
    writeFileSync(path.join(elsewhere, 'owner.json'), JSON.stringify(GONE));
    try {
      folderOf('orrery-native-', { 'owner.json': GONE });
      folderOf('my-orrery-native-aaaaaa', { 'owner.json': GONE });
      chmodSync(folderOf('orrery-native-bbbbbb', { 'owner.json': GONE }), 0o770);
      symlinkSync(elsewhere, path.join(parent, 'orrery-native-cccccc'));
      writeFileSync(path.join(parent, 'orrery-native-dddddd'), '');
      const before = readdirSync(parent);
      await removeLeftovers(parent, Date.now() + 2 * HOUR);
      expect(readdirSync(parent)).toEqual(before);
      expect(existsSync(path.join(elsewhere, 'owner.json'))).toBe(true);
      await expect(removeLeftovers(path.join(parent, 'nowhere'))).resolves.toBeUndefined();
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});
