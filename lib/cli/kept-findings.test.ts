import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definitionOf } from '../../test/sample-objects.ts';
import { type Fields, object, state } from '../checks/desired-state.test-data.ts';
import type { KeptFindings } from '../checks/object-findings.ts';
import { CHECKS, runChecks } from '../checks/run-checks.ts';
import { ContentCache } from '../files/content-cache.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { KeptObjectFindings } from './kept-findings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'orrery-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (from = 'these checks') => KeptObjectFindings.open(new ContentCache(folder), from);

/** What is found with what was kept before, and how many objects were looked at. */
async function checked(desired: DesiredState, from?: string): Promise<{ findings: unknown; looked: number }> {
  const kept = await open(from);
  let looked = 0;
  const counting: KeptFindings = {
    from: kept.from,
    read: (key) => kept.read(key),
    write: (key, found) => {
      looked++;
      kept.write(key, found);
    },
  };
  const findings = runChecks(desired, [], { kept: counting });
  await kept.save();
  return { findings, looked };
}

const deployment = (name: string, image: string, pod: Fields = {}): KubernetesObject =>
  object('apps/v1', 'Deployment', name, {
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }], ...pod } },
    },
  });

/** What the random programs are made of: each part has states that checks judge differently. */
interface Program {
  readonly images: readonly string[];
  readonly hostNetwork: boolean;
  readonly level: string | undefined;
  readonly kubernetesVersion: string;
  readonly requires: string | undefined;
  readonly namespace: string;
  readonly secret: string;
}

const part = {
  images: fc.array(fc.constantFrom('cart', 'cart:1', 'cart:latest', 'cart:2'), { maxLength: 4 }),
  hostNetwork: fc.boolean(),
  level: fc.constantFrom(undefined, 'baseline', 'restricted', 'privileged'),
  kubernetesVersion: fc.constantFrom('1.34', '1.36', '1.40'),
  requires: fc.constantFrom(undefined, 'size', 'colour'),
  namespace: fc.constantFrom('shop', 'other'),
  secret: fc.constantFrom('eA==', 'no base64!'),
};
const edits = fc.array(
  fc.oneof(...Object.entries(part).map(([name, values]) => fc.record({ [name]: values as fc.Arbitrary<unknown> }))),
  {
    maxLength: 8,
  },
);

function desiredOf(program: Program): DesiredState {
  const facts: ClusterFactsManifest = { kubernetesVersion: program.kubernetesVersion };
  const { requires, level } = program;
  const definition = definitionOf('example.com', 'Widget', {
    properties: { size: { type: 'integer' }, colour: { type: 'string' } },
    ...(requires === undefined ? {} : { required: [requires] }),
  });
  const shop: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'shop',
      ...(level === undefined ? {} : { labels: { 'pod-security.kubernetes.io/enforce': level } }),
    },
  };
  const workloads = program.images.map((image, at) =>
    deployment(`app-${at}`, image, program.hostNetwork ? { hostNetwork: true } : {}),
  );
  const unplaced = deployment('unplaced', 'cart');
  const desired = state(
    {
      alpha: [
        shop,
        definition,
        ...workloads,
        object('example.com/v1', 'Widget', 'one', { size: 'large' }),
        object('v1', 'Secret', 'key', { data: { key: program.secret } }),
        object('v1', 'Service', 'app', { spec: { selector: { app: 'app-0' }, ports: [{ port: 80 }] } }),
        { ...unplaced, metadata: { name: 'unplaced' } },
      ],
      beta: [...workloads, object('v1', 'ConfigMap', 'settings', { dat: {} })],
    },
    facts,
  );
  return {
    ...desired,
    clusters: desired.clusters.map((cluster) => ({
      ...cluster,
      objects: cluster.objects.map((one) =>
        one.id.namespace === '' ? { ...one, defaultNamespace: program.namespace } : one,
      ),
    })),
  };
}

describe('findings that are kept object by object', () => {
  const two = [deployment('cart', 'cart'), deployment('order', 'order:1')];

  it('are found again without looking', async () => {
    const desired = state({ alpha: two });
    const first = await checked(desired);
    expect(first.looked).toBe(2);
    expect(await checked(desired)).toEqual({ ...first, looked: 0 });
  });

  it('are looked for again in what has changed, and forgotten of what is gone', async () => {
    await checked(state({ alpha: two }));
    const size = readFileSync(path.join(folder, 'objects')).length;
    const grown = await checked(state({ alpha: [...two, deployment('stock', 'stock:1')] }));
    expect(grown.looked).toBe(1);
    expect((await checked(state({ alpha: two }))).looked).toBe(0);
    expect(readFileSync(path.join(folder, 'objects'))).toHaveLength(size);
  });

  it('count for the same checks and definitions only', async () => {
    const desired = state({ alpha: two });
    await checked(desired, 'these checks');
    expect((await checked(desired, 'other checks')).looked).toBe(2);
  });

  it('of a file that is damaged are looked for again', async () => {
    const desired = state({ alpha: two });
    const { findings } = await checked(desired);
    writeFileSync(path.join(folder, 'objects'), 'broken');
    expect(await checked(desired)).toEqual({ findings, looked: 2 });
  });

  it('are not kept of Secrets, and of others sealed', async () => {
    const secret = object('v1', 'Secret', 'key', { data: { key: 'open sesame!' } });
    const widget = object('v1', 'Service', 'cart', { spec: { type: 'a-word-to-find' } });
    expect((await checked(state({ alpha: [secret, widget] }))).looked).toBe(1);
    expect(JSON.stringify(runChecks(state({ alpha: [widget] }), []))).toContain('a-word-to-find');
    const [file = '', ...others] = readdirSync(folder);
    expect([file, others]).toEqual(['objects', []]);
    expect(JSON.stringify(await new ContentCache(folder).read(file, 'these checks', 'last'))).not.toContain(
      'a-word-to-find',
    );
  });

  it('are those that every check would find now, after any edits', { timeout: 60_000 }, async () => {
    let reused = 0;
    await fc.assert(
      fc.asyncProperty(fc.record(part), edits, async (start, changes) => {
        rmSync(folder, { recursive: true, force: true });
        let program = start as Program;
        for (const change of [{}, ...changes]) {
          program = { ...program, ...change };
          const desired = desiredOf(program);
          const { findings, looked } = await checked(desired);
          expect(findings).toEqual(runChecks(desired, []));
          if (looked === 0) reused++;
        }
      }),
      { numRuns: 60 },
    );
    expect(reused).toBeGreaterThan(0);
    expect(CHECKS.filter(({ looksAt }) => looksAt === 'object').length).toBeGreaterThan(3);
  });
});
