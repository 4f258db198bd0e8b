import { afterAll, describe, expect, inject, it } from 'vitest';
import { type Ranged, ranged, readBuiltInTable } from '../../lib/checks/schema/built-in-table.ts';
import type { KubeClient } from '../../lib/cluster/kube-client.ts';
// @ts-expect-error: a plain script without types
import { schemaTable } from '../../tasks/schema-table.mjs';
import { AppliedPlatform } from '../applied-platform.ts';

const MINOR = 36;
const table = readBuiltInTable();

describe.skipIf(inject('rig') === 'missing')('the table of built-in kinds', () => {
  const platform = new AppliedPlatform('table');
  afterAll(() => platform.cleanUp());

  it('says of Kubernetes 1.36 what an API server publishes (else run: node tasks/kubernetes-schemas.mjs)', async () => {
    const { client } = await platform.open();
    const documents = await builtInDocuments(client);
    const [, kinds = '', types = ''] = (schemaTable as (releases: unknown) => string)([
      { minor: MINOR, documents },
    ]).split('\n\n');
    const publishedKinds = kinds.split('\n');
    const publishedTypes = types.trim().split('\n');
    expect(publishedTypes.length).toBeGreaterThan(300);
    expect(publishedTypes.filter((line) => line !== asOf1_36(line.slice(0, line.indexOf(':'))))).toEqual([]);
    // Every kind of the table is served, but for those that have to be switched on.
    const known = [...table.kinds].flatMap(([kind, entries]) =>
      entries.filter(isOf1_36).map(({ value }) => `${kind}: ${value}`),
    );
    expect(publishedKinds.sort()).toEqual(known.filter((line) => !/v\d(alpha|beta)\d/.test(line)).sort());
  });
});

/** A line of the table without what other releases have. */
function asOf1_36(type: string): string {
  const entries =
    table.types
      .get(type)
      ?.split('; ')
      .map((entry) => ranged(entry, table.minors)) ?? [];
  return `${type}: ${entries
    .filter(isOf1_36)
    .map(({ value }) => value)
    .join('; ')}`;
}

function isOf1_36({ from, to }: Ranged<string>): boolean {
  return from <= MINOR && to >= MINOR;
}

/** OpenAPI of the server's own groups: other tests bring CRDs. */
async function builtInDocuments(client: KubeClient): Promise<unknown[]> {
  const get = async (path: string) => (await client.request({ method: 'GET', path })).body as Record<string, unknown>;
  const { paths } = (await get('/openapi/v3')) as { paths: Record<string, unknown> };
  const groups = new Set([...table.kinds.keys()].map((kind) => kind.split(' ')[0] ?? ''));
  const own = Object.keys(paths).filter((path) => groups.has(path.replace(/^apis?\//, '')));
  return Promise.all(own.map((path) => get(`/openapi/v3/${path}`)));
}
