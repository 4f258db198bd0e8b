import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonValue, ReleaseInClusterManifest } from '@orrery/constructs/assembly-format';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { writeAssembly } from '../write-assembly.ts';
import { lacksMesh, MeshClusters, ReleasedShop } from './released-shop.ts';

const HOST = 'cart.mall.svc.cluster.local';
const subset = (name: string) => ({ name, labels: { version: name } });
const routes = (...weights: [string, number][]): JsonValue => [
  { route: weights.map(([name, weight]) => ({ destination: { host: HOST, subset: name }, weight })) },
];
const rule = (...names: string[]) => ({ object: 'rule', field: 'spec.subsets', value: names.map(subset) });
const route = (...weights: [string, number][]) => ({ object: 'route', field: 'spec.http', value: routes(...weights) });

/** Subsets and routes change in one stage, both ways: nothing but the engine keeps their order. */
const STATES: ReleaseInClusterManifest = {
  before: { fields: [rule('stable'), route(['stable', 100])] },
  stages: [
    { name: 'begin', fields: [rule('stable', 'canary'), route(['stable', 95], ['canary', 5])] },
    { name: 'half', fields: [rule('stable', 'canary'), route(['stable', 50], ['canary', 50])] },
    { name: 'end', fields: [rule('stable'), route(['stable', 100])] },
  ],
  abort: [{ fields: [rule('stable'), route(['stable', 100])] }],
};

describe.skipIf(lacksMesh)('subsets and the routes that use them', { timeout: 120_000 }, () => {
  let mesh: MeshClusters;
  let shop: ReleasedShop;
  const folder = mkdtempSync(join(tmpdir(), 'orrery-order-'));
  beforeAll(async () => {
    mesh = await MeshClusters.start('north');
    shop = new ReleasedShop(mesh);
  }, 300_000);
  afterAll(async () => {
    await shop?.cleanUp(['north']);
    await mesh?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it('come before them and go after them, as a watch of the server sees it', async () => {
    const object = (kind: string, spec: object) => ({
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name: 'cart', namespace: shop.mall },
      spec,
    });
    const objects = [
      { path: 'namespace', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: shop.mall } } },
      // The route first: the order of the program is none.
      { path: 'route', object: object('VirtualService', { hosts: [HOST], http: routes(['stable', 100]) }) },
      { path: 'rule', object: object('DestinationRule', { host: HOST, subsets: [subset('stable')] }) },
    ];
    const release = { path: 'release', name: 'cart-2', backend: 'istio' as const, waves: [['north']] };
    writeAssembly(folder, [{ name: 'north', units: [{ path: 'unit', objects }] }], undefined, [
      { ...release, revision: 'a'.repeat(64), clusters: { north: STATES } },
    ]);
    const file = join(folder, 'manifest.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"id": "shop"', `"id": "${shop.id}"`));
    const seen = await watched(shop, ['destinationrules', 'virtualservices'], async () => {
      const { releases } = await shop.move(await renderAssembly(await readAssembly(folder)));
      expect(releases).toMatchObject([{ status: 'through' }]);
    });
    const states = seen.map(
      ({ kind, spec }) =>
        `${kind} ${[...JSON.stringify(spec).matchAll(/"(stable|canary)"/g)]
          .map(([, name]) => name)
          .filter((name, at, all) => all.indexOf(name) === at)
          .join('+')}`,
    );
    const news = states.filter((state, at) => states.indexOf(state) === at || states[at - 1] !== state);
    const at = (what: string, from = 0) => news.indexOf(what, from);
    const declared = at('DestinationRule stable+canary');
    expect(declared).toBeGreaterThanOrEqual(0);
    expect(declared).toBeLessThan(at('VirtualService stable+canary'));
    const left = at('VirtualService stable', at('VirtualService stable+canary'));
    expect(left).toBeGreaterThan(declared);
    expect(at('DestinationRule stable', declared)).toBeGreaterThan(left);
  });
});

/** What the server shows of these kinds meanwhile, in the order of its resourceVersions. */
async function watched(
  shop: ReleasedShop,
  plurals: readonly string[],
  work: () => Promise<void>,
): Promise<readonly KubernetesObject[]> {
  const { client } = await shop.open('north');
  const stop = new AbortController();
  const seen: KubernetesObject[] = [];
  const watches = plurals.map(async (plural) => {
    const path = `/apis/networking.istio.io/v1/namespaces/${shop.mall}/${plural}`;
    try {
      for await (const { type, object } of client.watch({ path, query: { watch: 'true' }, signal: stop.signal }))
        if (type === 'ADDED' || type === 'MODIFIED') seen.push(object as KubernetesObject);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  });
  try {
    await work();
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop.abort();
    await Promise.all(watches);
  }
  const version = ({ metadata }: KubernetesObject) => Number(metadata.resourceVersion);
  return seen.sort((a, b) => version(a) - version(b));
}
