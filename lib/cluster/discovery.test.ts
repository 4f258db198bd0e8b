import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscovery } from './discovery-cache.ts';
import { discoveredResources, readDiscovery } from './discovery-reader.ts';
import { readOpenApiIndex } from './server-state.ts';
import { CannedClient } from './testing/canned-client.ts';

const type = (resource: string, kind: string, scope = 'Namespaced') => ({
  resource,
  responseKind: { group: '', version: '', kind },
  scope,
  verbs: ['get', 'patch'],
});
const aggregated = (items: unknown[]) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  items,
});
const group = (name: string, ...versions: { version: string; freshness?: string; resources: unknown[] }[]) => ({
  metadata: { name },
  versions,
});
const served = {
  '/api': aggregated([
    group('', {
      version: 'v1',
      resources: [type('configmaps', 'ConfigMap'), type('namespaces', 'Namespace', 'Cluster')],
    }),
  ]),
  '/apis': aggregated([
    group('apps', { version: 'v1', freshness: 'Current', resources: [type('deployments', 'Deployment')] }),
    group(
      'autoscaling',
      { version: 'v2', resources: [type('horizontalpodautoscalers', 'HorizontalPodAutoscaler')] },
      { version: 'v1', resources: [type('horizontalpodautoscalers', 'HorizontalPodAutoscaler')] },
    ),
  ]),
  '/openapi/v3': { paths: { 'api/v1': { serverRelativeURL: 'a' }, 'apis/apps/v1': { serverRelativeURL: 'b' } } },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'orrery-discovery-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('discovery', () => {
  it('finds a kind by apiVersion, and the preferred version of a group', async () => {
    const client = new CannedClient(served);
    const found = discoveredResources(await readDiscovery(client));
    expect(found.find('apps/v1', 'Deployment')).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      plural: 'deployments',
      namespaced: true,
      verbs: ['get', 'patch'],
    });
    expect(found.find('v1', 'Namespace')?.namespaced).toBe(false);
    expect(found.find('apps/v1beta1', 'Deployment')).toBeUndefined();
    expect(found.preferred('autoscaling', 'HorizontalPodAutoscaler')?.version).toBe('v2');
    expect(found.preferred('autoscaling', 'Deployment')).toBeUndefined();
    expect(client.asked).toHaveLength(2);
  });

  it('reports a group whose server does not answer as unavailable, not as absent', async () => {
    const stale = group('metrics.k8s.io', { version: 'v1beta1', freshness: 'Stale', resources: [] });
    const { unavailableGroups } = await readDiscovery(new CannedClient({ ...served, '/apis': aggregated([stale]) }));
    expect(unavailableGroups).toEqual(['metrics.k8s.io']);
  });

  it('of an older server is read per group version, the preferred one first, subresources left out', async () => {
    const client = new CannedClient({
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/api/v1': {
        resources: [
          { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get'] },
          { name: 'pods/log', kind: 'Pod', namespaced: true },
        ],
      },
      '/apis': {
        kind: 'APIGroupList',
        groups: [
          { name: 'batch', versions: [{ version: 'v1beta1' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
          { name: 'down.example.com', versions: [{ version: 'v1' }] },
        ],
      },
      '/apis/batch/v1': { resources: [{ name: 'jobs', kind: 'Job', namespaced: true, verbs: ['get'] }] },
      '/apis/batch/v1beta1': { resources: [{ name: 'jobs', kind: 'Job', namespaced: true, verbs: ['get'] }] },
      '/apis/down.example.com/v1': 503,
    });
    const found = discoveredResources(await readDiscovery(client));
    expect(found.find('v1', 'Pod')?.plural).toBe('pods');
    expect(found.preferred('batch', 'Job')?.version).toBe('v1');
    expect(found.unavailableGroups).toEqual(['down.example.com']);
  });

  it.each([
    [403, 'ORR3006'],
    [500, 'ORR3007'],
  ])('answered with %i is %s', async (status, code) => {
    await expect(readDiscovery(new CannedClient({ ...served, '/apis': status }))).rejects.toMatchObject({ code });
  });
});

describe('the cache of discovery', () => {
  const open = (client: CannedClient, clusterUid = 'uid-1') =>
    createDiscovery({ client, clusterUid, cacheDirectory: folder, openApiIndex: () => readOpenApiIndex(client) });

  it('saves the reading while the OpenAPI index and the cluster are the same', async () => {
    expect((await open(new CannedClient(served))()).find('apps/v1', 'Deployment')?.plural).toBe('deployments');
    const client = new CannedClient(served);
    const discovery = open(client);
    expect((await discovery()).find('apps/v1', 'Deployment')?.plural).toBe('deployments');
    expect((await discovery()).find('v1', 'ConfigMap')).toBeDefined();
    expect(client.asked).toEqual(['/openapi/v3']);
    const other = new CannedClient(served);
    await open(other, 'uid-2')();
    expect(other.asked).toContain('/apis');
    const changed = new CannedClient({
      ...served,
      '/openapi/v3': { paths: { 'api/v1': { serverRelativeURL: 'changed' } } },
    });
    await open(changed)();
    expect(changed.asked).toContain('/apis');
  });

  it('is passed by when a fresh answer is asked for', async () => {
    const answers: Record<string, unknown> = { ...served };
    const client = new CannedClient(answers);
    const discovery = open(client);
    await discovery();
    answers['/apis'] = aggregated([group('shop.example.com', { version: 'v1', resources: [type('carts', 'Cart')] })]);
    expect((await discovery()).find('shop.example.com/v1', 'Cart')).toBeUndefined();
    expect((await discovery({ fresh: true })).find('shop.example.com/v1', 'Cart')).toBeDefined();
    expect((await discovery()).find('shop.example.com/v1', 'Cart')).toBeDefined();
  });

  it('keeps nothing while discovery lags behind the OpenAPI index, or a group is unavailable, or the index is hidden', async () => {
    const ahead = { paths: { ...served['/openapi/v3'].paths, 'apis/shop.example.com/v1': { serverRelativeURL: 'c' } } };
    await open(new CannedClient({ ...served, '/openapi/v3': ahead }))();
    const stale = group('metrics.k8s.io', { version: 'v1beta1', freshness: 'Stale', resources: [] });
    await open(new CannedClient({ ...served, '/apis': aggregated([...served['/apis'].items, stale]) }))();
    await open(new CannedClient({ ...served, '/openapi/v3': 403 }))();
    expect(existsSync(path.join(folder, 'discovery'))).toBe(false);
  });

  it('that is damaged is read anew', async () => {
    await open(new CannedClient(served))();
    const [name] = readdirSync(path.join(folder, 'discovery'));
    for (const content of ['{"format":1,', '{"format":0,"resources":[],"unavailableGroups":[]}', '{"format":1}']) {
      writeFileSync(path.join(folder, 'discovery', name as string), content);
      expect((await open(new CannedClient(served))()).find('v1', 'ConfigMap')).toBeDefined();
    }
  });
});
