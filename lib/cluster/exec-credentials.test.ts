import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings } from './connection.ts';
import type { PluginPolicy } from './kubeconfig.ts';
import { loadKubeconfig } from './load-connection.ts';
import { failure } from './testing/failure.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'orrery-exec-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A plugin that counts its runs, notes arguments and environment, and then does what `script` says. */
function plugin(script: string): string {
  const file = path.join(folder, 'plugin');
  writeFileSync(
    file,
    `#!${process.execPath}
const fs = require('node:fs');
const log = ${JSON.stringify(path.join(folder, 'runs'))};
fs.appendFileSync(log, JSON.stringify({ args: process.argv.slice(2), own: process.env.OWN, given: process.env.GIVEN, info: process.env.KUBERNETES_EXEC_INFO }) + '\\n');
const run = fs.readFileSync(log, 'utf8').trim().split('\\n').length;
const answer = (status) => console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status }));
${script}
`,
  );
  chmodSync(file, 0o755);
  return './plugin';
}

function runs(): { args: string[]; own?: string; given?: string; info: string }[] {
  const log = path.join(folder, 'runs');
  return existsSync(log)
    ? readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
}

function settings(
  exec: Record<string, unknown>,
  env: Record<string, string> = { GIVEN: 'yes' },
  plugins?: PluginPolicy,
): Promise<ConnectionSettings> {
  const kubeconfig = path.join(folder, 'config');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://api.example.com' } }],
      users: [{ name: 'u', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', ...exec } } }],
    }),
  );
  return loadKubeconfig({ kubeconfig, env, plugins });
}

describe('an exec credential plugin', () => {
  it('is run at the first use, not when the kubeconfig is read', async () => {
    const { credentials } = await settings({ command: plugin("answer({ token: 'one' });") });
    expect(runs()).toHaveLength(0);
    expect((await credentials.current()).authorization).toBe('Bearer one');
    expect(runs()).toHaveLength(1);
  });

  it('gets its arguments as they are, the environment, and what it is asked for', async () => {
    const args = ['--flag', '$(touch x); `id`', 'two words'];
    const command = plugin("answer({ token: 'one' });");
    const { credentials } = await settings({
      command,
      args,
      env: [{ name: 'OWN', value: 'mine' }],
      provideClusterInfo: true,
    });
    await credentials.current();
    const [run] = runs();
    expect(run).toMatchObject({ args, own: 'mine', given: 'yes' });
    expect(JSON.parse(run?.info ?? '')).toMatchObject({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: 'https://api.example.com' } },
    });
  });

  it('is run once for many requests, until its answer expires', async () => {
    const { credentials } = await settings({
      command: plugin(
        "answer({ token: 'run' + run, expirationTimestamp: new Date(Date.now() + (run === 1 ? 1 : 1e7)).toISOString() });",
      ),
    });
    const first = await Promise.all(Array.from({ length: 20 }, () => credentials.current()));
    expect(new Set(first.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer run1']));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await credentials.current()).authorization).toBe('Bearer run2');
    expect((await credentials.current()).authorization).toBe('Bearer run2');
    expect(runs()).toHaveLength(2);
  });

  it('is run again after a refusal, once for all requests that were refused together', async () => {
    const { credentials } = await settings({ command: plugin("answer({ token: 'token-' + run });") });
    const refused = await credentials.current();
    expect(refused.authorization).toBe('Bearer token-1');
    const renewed = async () => {
      expect(await credentials.refresh(refused)).toBe(true);
      return (await credentials.current()).authorization;
    };
    const all = await Promise.all([renewed(), renewed(), credentials.current().then(renewed)]);
    expect([...new Set(all)]).toEqual(['Bearer token-2']);
    // Its answer came when the others had gone on.
    expect([await renewed(), runs().length]).toEqual(['Bearer token-2', 2]);
  });

  it('that fails once is run again', async () => {
    const { credentials } = await settings({
      command: plugin(
        "if (run === 1) { console.error('no network'); process.exit(1); } answer({ token: 'run' + run });",
      ),
    });
    expect((await credentials.current()).authorization).toBe('Bearer run2');
  });

  it('that is not on the list is never run where others are refused, and the error prints the line to add', async () => {
    const command = plugin("answer({ token: 'one' });");
    const policy = { allowed: ['aws'], others: 'refuse' as const };
    const error = await failure(settings({ command }, {}, policy));
    const resolved = path.join(folder, 'plugin');
    expect(error).toMatchObject({ code: 'ORR3002', message: expect.stringContaining(resolved) });
    expect(error.fix).toContain(`credentialPlugins: ["aws", "${resolved}"]`);
    expect(runs()).toHaveLength(0);
    const allowed = await settings({ command }, {}, { ...policy, allowed: ['aws', resolved] });
    expect((await allowed.credentials.current()).authorization).toBe('Bearer one');
    // A bare name allows what the PATH finds, not any file of that name.
    await failure(settings({ command: './aws' }, {}, policy));
  });

  it('that is not on the list is named before it runs where others are allowed', async () => {
    const told: string[] = [];
    const policy = { allowed: [], others: (command: string) => told.push(`${command} ${runs().length}`) };
    const { credentials } = await settings({ command: plugin("answer({ token: 'one' });") }, {}, policy);
    await credentials.current();
    expect(told).toEqual([`${path.join(folder, 'plugin')} 0`]);
  });

  it('may give a client certificate', async () => {
    const { credentials } = await settings({
      command: plugin("answer({ clientCertificateData: 'CERT', clientKeyData: 'KEY' });"),
    });
    expect(await credentials.current()).toEqual({ authorization: undefined, cert: 'CERT', key: 'KEY' });
  });

  it.each([
    [
      'fails',
      "console.error('\\x1b[31mnot logged in\\x07\\nmore'); process.exit(1);",
      /failed: \[31mnot logged in$|not logged in/,
    ],
    ['answers no JSON', "console.log('t0ken-canary');", /no ExecCredential/],
    ['answers something else', 'console.log("{}");', /no ExecCredential/],
  ])('that %s is named, its answer is never quoted', async (_name, script, message) => {
    const { credentials } = await settings({ command: plugin(script) });
    const error = await failure(credentials.current());
    expect(error.code).toBe('ORR3005');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(path.join(folder, 'plugin'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test
    expect(error.message).not.toMatch(/[\x00-\x1f]/);
    expect(`${error.message} ${String(error.cause)}`).not.toContain('canary');
  });

  it('that is not installed is named with its own hint', async () => {
    const { credentials } = await settings({ command: './none', installHint: 'Install it from example.com.' });
    const error = await failure(credentials.current());
    expect(error.message).toContain('was not found');
    expect(error.fix).toBe('Install it from example.com');
  });
});
