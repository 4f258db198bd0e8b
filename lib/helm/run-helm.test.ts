import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrreryError } from '../errors.ts';
import { runHelm } from './run-helm.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'orrery-run-helm-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(script: string): string {
  const file = path.join(folder, 'helm');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o700);
  return file;
}

const runOf = (binary: string) => ({
  binary,
  args: [],
  cwd: folder,
  home: path.join(folder, 'home'),
  outlives: folder,
});
const describeFailure = (stderr: string) => new OrreryError('ORR5011', stderr);

describe('a helm that writes to a cluster', () => {
  it('gets its values, says what it says, and fails with it', async () => {
    const binary = program('cat; echo "$KUBECONFIG" >&2; test -z "$HTTPS_PROXY"');
    const run = { ...runOf(binary), stdin: '{"a":1}', kubeconfig: '/some/where' };
    const options = { environment: { HTTPS_PROXY: 'http://proxy' } };
    expect(await runHelm(run, options, {}, describeFailure)).toEqual({ stdout: '{"a":1}', stderr: '/some/where\n' });
    rmSync(path.join(folder, 'stdout'));
    rmSync(path.join(folder, 'stderr'));
    const failing = runHelm(runOf(program('echo no >&2; exit 3')), {}, {}, describeFailure);
    await expect(failing).rejects.toMatchObject({ code: 'ORR5011', message: 'no\n' });
  });

  it('that cannot be run is said so', async () => {
    const failing = runHelm(runOf(path.join(folder, 'none')), {}, {}, describeFailure);
    await expect(failing).rejects.toMatchObject({ code: 'ORR2301' });
  });

  it('comes to its end when this process is killed, also where it has something to say', async () => {
    const [begun, done] = [path.join(folder, 'begun'), path.join(folder, 'done')];
    const binary = program(`: > '${begun}'; sleep 1; echo late; echo late >&2; : > '${done}'`);
    const parent = path.join(folder, 'parent.ts');
    const module = new URL('./run-helm.ts', import.meta.url).href;
    writeFileSync(
      parent,
      `import { runHelm } from ${JSON.stringify(module)};\nawait runHelm(${JSON.stringify(runOf(binary))}, {}, {}, () => new Error('x'));\n`,
    );
    const child = spawn(process.execPath, [parent], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(done)).toBe(false);
    await expect.poll(() => existsSync(done), { timeout: 20_000 }).toBe(true);
    expect(readFileSync(path.join(folder, 'stderr'), 'utf8')).toBe('late\n');
  });
});
