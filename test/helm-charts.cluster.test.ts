import path from 'node:path';
import { ClusterSet, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import { makeCharts } from '../lib/charts/make-charts.ts';
import { writeCharts } from '../lib/charts/write-charts.ts';
import { makePlan } from '../lib/plan/make-plan.ts';
import type { DesiredState } from '../lib/render/desired-state.ts';
import { renderAssembly } from '../lib/render/render-assembly.ts';
import { AppliedPlatform, clusterPlan, itemsOf } from './applied-platform.ts';
import { helmBinaries } from './helm-binaries.ts';
import { helm } from './shared-clusters.ts';
import { TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
afterAll(() => folders.removeAll());

describe.skipIf(inject('rig') === 'missing' || helms.length === 0).each(helms)(
  'charts installed by $name',
  ({ name, file }) => {
    const platform = new AppliedPlatform(`charts-${name}`);
    const namespace = platform.namespace('mall');
    afterEach(() => platform.cleanUp());

    it('bring what an apply brings: a plan that adopts it changes nothing but who it belongs to', async () => {
      const state = await rendered();
      const folder = folders.make();
      const { charts } = makeCharts(state);
      writeCharts(folder, platform.id, charts);
      expect(charts.map((chart) => [chart.name, chart.namespace, chart.after])).toEqual([
        ['mall', 'default', []],
        ['secrets', namespace, ['mall']],
      ]);
      const release = (chart: string) => `${platform.id}-${chart}`;
      try {
        for (const chart of charts) {
          const at = path.join(folder, chart.cluster, chart.name);
          const values = chart.secretValues === undefined ? [] : ['-f', `${at}.secrets.yaml`];
          await helm(file, 'alpha', 'install', release(chart.name), at, '--namespace', chart.namespace, ...values);
        }
        const target = await platform.open();
        const made = await makePlan(state, [target], platform.planOptions({ adopt: 'all' }));
        const plan = clusterPlan(made);
        expect(itemsOf(plan).filter((item) => !item.startsWith('adopt '))).toEqual([]);
        expect(plan.items).toHaveLength(state.clusters[0]?.objects.length ?? 0);
        const changed = plan.items.flatMap((item) => item.changes.map(({ path: field }) => field));
        expect([...new Set(changed)].sort()).toEqual(OWNERSHIP);
        await platform.applyDesired(made, state, [target]);
        expect(itemsOf(clusterPlan(await makePlan(state, [await platform.open()], platform.planOptions())))).toEqual(
          [],
        );
      } finally {
        for (const chart of charts)
          await helm(file, 'alpha', 'uninstall', release(chart.name), '--namespace', chart.namespace).catch(
            () => undefined,
          );
      }
    });

    async function rendered(): Promise<DesiredState> {
      const outdir = path.join(folders.make(), 'dist');
      const program = new Platform({ id: platform.id, outdir });
      const cluster = new ClusterSet(program, 'clusters').add('alpha');
      const mall = new MultiClusterApp(program, 'mall', {
        placement: Placement.everywhere(),
        namespaceName: namespace,
      });
      mall.addService('cart', {
        image: 'mall/cart:4.12.0',
        replicas: 2,
        port: 8080,
        config: { files: { 'cart.tmpl': 'Hello {{ .Name }}\n<no value>\n\n\n' } },
        restartOnChange: true,
      });
      const chart = new Chart(cluster, 'secrets', { namespace });
      new ApiObject(chart, 'db', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'db' },
        stringData: { password: '{{ not a template }}' },
      });
      chart.node.addDependency(mall);
      program.synth();
      return renderAssembly(await readAssembly(outdir));
    }
  },
);

/** What helm says about whose an object is, the whole map where an object has no annotations of its own; and our label. */
const OWNERSHIP = [
  'metadata.annotations',
  'metadata.annotations["meta.helm.sh/release-name"]',
  'metadata.annotations["meta.helm.sh/release-namespace"]',
  'metadata.labels["app.kubernetes.io/managed-by"]',
  'metadata.labels["orrery.dev/platform"]',
];
