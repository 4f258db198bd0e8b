import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { clusterPlan, outcomeOf } from './applied-platform.ts';
import { writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { ReleasedPlatform } from './released-platform.ts';
import { TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();

describe.skipIf(helms.length === 0)('definitions in the crds folder of a chart', () => {
  const released = new ReleasedPlatform('crds', helms[0]?.file ?? '', folders);
  const group = `${released.platform.id}.example.com`;
  afterAll(async () => {
    await released.platform.cleanUp();
    folders.removeAll();
  });

  interface Version {
    readonly name: string;
    readonly storage?: boolean;
    readonly served?: boolean;
    readonly field: string;
  }

  /** A chart with one definition and one object of it. */
  const chart = (versions: readonly Version[], object: string, scope = 'Namespaced') => {
    const own = { 'widget.yaml': `apiVersion: ${group}/${object}\nkind: Widget\nmetadata: { name: one }\n` };
    const folder = writeChart(folders.make(), own);
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope,
        names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
        versions: versions.map(({ name, storage = false, served = true, field }) => ({
          name,
          served,
          storage,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { [field]: { type: 'string' } } } },
            },
          },
        })),
      },
    };
    mkdirSync(path.join(folder, 'crds'));
    // JSON is YAML.
    writeFileSync(path.join(folder, 'crds', 'widgets.yaml'), JSON.stringify(definition));
    return released.desired(folder);
  };
  const live = async () => {
    const { client } = await released.platform.open();
    const at = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`;
    return (await client.request({ method: 'GET', path: at })).body as KubernetesObject;
  };

  it('are upgraded with it: what it means for stored objects is shown, what cannot be is refused, and nothing is left to do', async () => {
    const first = await chart([{ name: 'v1', storage: true, field: 'size' }], 'v1');
    expect(outcomeOf(await released.apply(first)).failures).toEqual([]);
    expect(await released.pending(first)).toEqual([]);

    const second = await chart(
      [
        { name: 'v1', field: 'size' },
        { name: 'v2', storage: true, field: 'length' },
      ],
      'v2',
    );
    const { made } = await released.plan(second);
    const upgrade = clusterPlan(made).items.find(({ id }) => id.kind === 'CustomResourceDefinition');
    expect(upgrade).toMatchObject({
      action: 'update',
      dangers: [
        {
          kind: 'crd-upgrade',
          text: expect.stringMatching(/^objects are stored as v2 from now on; those stored as v1/),
        },
      ],
    });
    expect(outcomeOf(await released.apply(second)).failures).toEqual([]);
    expect(await live()).toMatchObject({ status: { storedVersions: ['v1', 'v2'] } });
    expect(await released.pending(second)).toEqual([]);

    const dropped = await chart([{ name: 'v2', storage: true, field: 'length' }], 'v2');
    const scoped = await chart(
      [
        { name: 'v1', field: 'size' },
        { name: 'v2', storage: true, field: 'length' },
      ],
      'v2',
      'Cluster',
    );
    for (const [state, why] of [
      [dropped, /cannot be upgraded: it drops v1, in which objects of the kind may still be stored/],
      [scoped, /cannot be upgraded: its scope cannot change from Namespaced to Cluster/],
    ] as const) {
      const { items } = clusterPlan((await released.plan(state)).made);
      const refused = items.find(({ id }) => id.kind === 'CustomResourceDefinition');
      expect(refused).toMatchObject({
        action: 'blocked',
        problem: { code: 'ORR4013', what: expect.stringMatching(why) },
      });
    }

    const unserved = await chart(
      [
        { name: 'v1', served: false, field: 'size' },
        { name: 'v2', storage: true, field: 'length' },
      ],
      'v2',
    );
    const last = clusterPlan((await released.plan(unserved)).made).items;
    expect(last.flatMap(({ dangers }) => dangers.map(({ text }) => text))).toEqual([
      'v1 is no longer served: whoever asks for it gets an error',
    ]);
    expect(outcomeOf(await released.apply(unserved)).failures).toEqual([]);
    expect(await released.pending(unserved)).toEqual([]);
  });
});
