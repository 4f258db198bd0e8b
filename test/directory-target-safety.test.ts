import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ApplyEvent } from '../lib/apply/outcome.ts';
import { DIRECTORY_INDEX, readDirectoryIndex } from '../lib/cluster/directory-index.ts';
import { applyDirectory } from '../lib/directory/apply-directory.ts';
import { releaseId } from '../lib/helm/native-input.ts';
import { sha256 } from '../lib/kubernetes/canonical.ts';
import type { DesiredObject, DesiredRelease } from '../lib/render/desired-state.ts';
import { configMap, DirectoryBench, deployment, desired, platform, secret } from './directory-bench.ts';

let bench: DirectoryBench;
beforeEach(() => {
  bench = new DirectoryBench();
});
afterEach(() => {
  bench[Symbol.dispose]();
});

describe('a native Helm release', () => {
  it('is refused for a folder: nobody runs helm there, and left out it would be missing', async () => {
    const release = { id: releaseId('shop', 'cart'), path: 'shop/cart' } as DesiredRelease;
    const state = { ...desired(configMap('a')), releases: [release] };
    await expect(bench.plan(state)).rejects.toMatchObject({
      code: 'ORR2304',
      message: expect.stringMatching(/^HelmRelease\/shop\/cart is native, and .* is a folder/),
    });
  });
});

describe('a Secret', () => {
  const canary = 'hunter2-canary-value';
  const forms = [canary, Buffer.from(canary).toString('base64'), encodeURIComponent(canary)];

  it('with values is not written into a folder unless the target says so; without values it is', async () => {
    const state = desired(secret(canary), configMap('a'));
    const made = await bench.plan(state);
    expect(made.items).toMatchObject([
      { action: 'blocked', problem: { code: 'ORR4008', fix: expect.stringContaining('ExternalSecret') } },
      { action: 'create' },
    ]);
    for (const form of forms) expect(JSON.stringify(made)).not.toContain(form);
    await bench.apply(made, state);
    expect(bench.files()).toEqual([DIRECTORY_INDEX, 'shop/configmap-a.yaml']);
    const { data: _, ...empty } = secret('');
    await bench.bring(desired(empty, configMap('a')));
    expect(bench.files()).toContain('shop/secret-db.yaml');
  });

  it('is written for the owner alone where that is chosen; plan, events and index never show it', async () => {
    const run = { secrets: 'write' } as const;
    const [before, after] = [desired(secret('old-value-canary')), desired(secret(canary))];
    await bench.bring(before, run);
    const oldFile = sha256(bench.read('shop/secret-db.yaml'));
    const made = await bench.plan(after, run);
    expect(made.items).toMatchObject([
      { action: 'update', changes: [{ path: 'data.password', op: 'replace', masked: true }] },
    ]);
    expect(made.warnings).toEqual([expect.stringContaining('in clear')]);
    const { outcome, events } = await bench.apply(made, after, run);
    expect(outcome.status).toBe('done');
    expect(parse(bench.read('shop/secret-db.yaml'))).toEqual(secret(canary));
    expect(statSync(path.join(bench.folder, 'shop/secret-db.yaml')).mode & 0o777).toBe(0o600);
    const shown = JSON.stringify([made, outcome, events]) + bench.read(DIRECTORY_INDEX);
    for (const form of [
      ...forms,
      ...['old-value-canary'].flatMap((value) => [value, Buffer.from(value).toString('base64')]),
    ])
      expect(shown).not.toContain(form);
    // A plain digest of a short secret is as good as the secret.
    const digests = [oldFile, sha256(bench.read('shop/secret-db.yaml')), after.objects[0]?.sha256, sha256(canary)];
    for (const digest of digests) expect(shown).not.toContain(digest);
    expect((await bench.plan(after, run)).items).toEqual([]);
  });

  it('restarts no pods by a digest: a folder has no key for one, and the plan says so', async () => {
    const [workload] = desired(deployment(1)).objects as [DesiredObject];
    const secretContent = sha256(canary);
    const state = { ...desired(), objects: [{ ...workload, secretContent }] };
    const made = await bench.plan(state);
    expect(made.warnings).toEqual([expect.stringContaining('changed Secrets do not')]);
    await bench.apply(made, state);
    expect(parse(bench.read('shop/deployment-cart.yaml'))).toEqual(deployment(1));
    expect(JSON.stringify(made) + bench.read(DIRECTORY_INDEX)).not.toContain(secretContent);
  });

  it('planned with leave is not written once the leave is withdrawn', async () => {
    const state = desired(secret(canary));
    const made = await bench.plan(state, { secrets: 'write' });
    expect((await bench.apply(made, state, { secrets: 'refuse' })).outcome.failures).toMatchObject([
      { problem: { code: 'ORR4008' } },
    ]);
    expect(bench.files()).not.toContain('shop/secret-db.yaml');
  });
});

describe('a folder that leads elsewhere', () => {
  it.each(['folder', 'file'])('by a symbolic link to a %s is not followed', async (what) => {
    const outside = path.join(bench.root, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'configmap-a.yaml'), 'outside');
    mkdirSync(what === 'folder' ? bench.folder : path.join(bench.folder, 'shop'), { recursive: true });
    if (what === 'folder') symlinkSync(outside, path.join(bench.folder, 'shop'));
    else symlinkSync(path.join(outside, 'configmap-a.yaml'), path.join(bench.folder, 'shop', 'configmap-a.yaml'));
    const state = desired(configMap('a'));
    const made = await bench.plan(state);
    expect(made.items).toMatchObject([
      { action: 'blocked', problem: { code: 'ORR4001', what: expect.stringContaining('symbolic link') } },
    ]);
    await bench.apply(made, state);
    expect(readdirSync(outside)).toEqual(['configmap-a.yaml']);
    expect(readFileSync(path.join(outside, 'configmap-a.yaml'), 'utf8')).toBe('outside');
  });

  it('by a link made after the plan is not followed either', async () => {
    const state = desired(configMap('a'));
    const made = await bench.plan(state);
    mkdirSync(bench.folder, { recursive: true });
    mkdirSync(path.join(bench.root, 'outside'));
    symlinkSync(path.join(bench.root, 'outside'), path.join(bench.folder, 'shop'));
    expect((await bench.apply(made, state)).outcome.failures).toMatchObject([{ problem: { code: 'ORR4001' } }]);
    expect(readdirSync(path.join(bench.root, 'outside'))).toEqual([]);
  });
});

describe('an apply that cannot finish', () => {
  it('by a folder that cannot be made says which and why', async () => {
    const state = desired(configMap('a'));
    const made = await bench.plan(state);
    writeFileSync(path.join(bench.root, 'file'), 'no folder');
    const target = { ...(await bench.target()), directory: path.join(bench.root, 'file', 'prod') };
    const outcome = await applyDirectory(target, made, state, () => {}, { platform, stateFolder: bench.stateFolder });
    expect(outcome).toMatchObject({
      status: 'failed',
      problem: { code: 'ORR5001', what: expect.stringContaining(path.join(bench.root, 'file')) },
    });
  });

  it.skipIf(process.getuid?.() === 0)(
    'by a folder that is not writable fails there, and the next one does the rest',
    async () => {
      await bench.bring(desired(configMap('a')));
      chmodSync(path.join(bench.folder, 'shop'), 0o500);
      const state = desired(configMap('a', { key: 'new' }));
      const { outcome } = await bench.apply(await bench.plan(state), state);
      expect(outcome.failures).toMatchObject([{ problem: { code: 'ORR5001' } }]);
      chmodSync(path.join(bench.folder, 'shop'), 0o700);
      await bench.bring(state);
    },
  );

  it('by an interrupt finishes the write in hand and keeps the index true', async () => {
    const state = desired(configMap('a'), configMap('b'), configMap('c'));
    const stop = new AbortController();
    const options = { platform, stateFolder: bench.stateFolder, signal: stop.signal };
    const onEvent = ({ type }: ApplyEvent) => type === 'object-written' && stop.abort();
    const outcome = await applyDirectory(await bench.target(), await bench.plan(state), state, onEvent, options);
    expect(outcome).toMatchObject({
      status: 'interrupted',
      written: 1,
      skipped: [{ id: { name: 'b' } }, { id: { name: 'c' } }],
    });
    expect(readDirectoryIndex(bench.folder, 'prod')?.entries.map(({ name }) => name)).toEqual(['a']);
    await bench.bring(state);
  });

  it('by being killed at any write leaves no file that the next one does not know', async () => {
    const script = path.join(bench.root, 'apply.mjs');
    const here = path.resolve(import.meta.dirname, '..');
    writeFileSync(
      script,
      `import { readFileSync } from 'node:fs';
const { applyDirectory } = await import(${JSON.stringify(path.join(here, 'lib/directory/apply-directory.ts'))});
const { target, plan, state, options, killAt } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let writes = 0;
const onEvent = ({ type }) => { if ((type === 'object-written' || type === 'object-deleted') && ++writes === killAt) process.kill(process.pid, 'SIGKILL'); };
await applyDirectory(target, plan, state, onEvent, options);
`,
    );
    const old = desired(configMap('a'), configMap('b'), configMap('gone'), configMap('gone-too'));
    const next = desired(configMap('a', { key: 'new' }), configMap('b'), configMap('c'), configMap('d'));
    for (let killAt = 1; killAt <= 5; killAt++) {
      rmSync(bench.folder, { recursive: true, force: true });
      await bench.bring(old);
      const input = path.join(bench.root, 'input.json');
      const options = { platform, stateFolder: bench.stateFolder };
      writeFileSync(
        input,
        JSON.stringify({ target: await bench.target(), plan: await bench.plan(next), state: next, options, killAt }),
      );
      expect(() => execFileSync(process.execPath, [script, input], { stdio: 'pipe' })).toThrow(
        expect.objectContaining({ signal: 'SIGKILL' }),
      );
      bench.write('shop/by-hand.yaml', 'foreign');
      await bench.bring(next);
      expect(bench.files()).toEqual([
        DIRECTORY_INDEX,
        'shop/by-hand.yaml',
        ...['a', 'b', 'c', 'd'].map((name) => `shop/configmap-${name}.yaml`),
      ]);
      expect((await bench.plan(next)).items).toEqual([]);
    }
  });
});
