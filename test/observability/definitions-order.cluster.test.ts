import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Cluster, MetricStore, ObservabilityStack, Placement, Platform } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject, ObjectId } from '../../lib/kubernetes/object.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { startApiServerOnly } from '../../lib/sandbox/api-server-only.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { CRDS } from '../accepted/definitions-server.ts';
import { AppliedPlatform, clusterPlan, itemsOf, outcomeOf } from '../applied-platform.ts';
import { writeChart } from '../chart-fixtures.ts';
import { helmBinaries } from '../helm-binaries.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';
import { TemporaryFolders } from '../write-assembly.ts';
import { SMALL_STACK, THANOS } from './observed-fleet.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
const MONITORS = 'monitoring.coreos.com/servicemonitors.monitoring.coreos.com.yaml';

/** A definition of somebody else; with a field in `spec` that it does not have yet. */
function definition(file: string, newField?: string): object {
  const [document] = readYaml(readFileSync(path.join(CRDS, file)), { source: file });
  const found = structuredClone(document?.value) as unknown as Definition;
  if (newField !== undefined)
    for (const { schema } of found.spec.versions)
      schema.openAPIV3Schema.properties.spec.properties[newField] = { type: 'string' };
  return found;
}
interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly schema: { readonly openAPIV3Schema: { readonly properties: { readonly spec: { properties: Fields } } } };
    }[];
  };
}
type Fields = { [field: string]: object };

/** A chart with definitions in its crds folder. */
function withDefinitions(chart: string, definitions: { readonly [file: string]: object }): string {
  const folder = path.join(chart, 'crds');
  mkdirSync(folder);
  // JSON is YAML.
  for (const [name, object] of Object.entries(definitions))
    writeFileSync(path.join(folder, path.basename(name)), JSON.stringify(object));
  return chart;
}

/** What the prometheus-operator does when it is through (pkg/apis/monitoring/v1/types.go, ConditionType); no controllers run here. */
async function reportReady({ client }: KubeTarget, { group, kind, namespace, name }: ObjectId): Promise<void> {
  const plural = { Prometheus: 'prometheuses', ThanosRuler: 'thanosrulers', Alertmanager: 'alertmanagers' }[kind];
  if (group !== 'monitoring.coreos.com' || plural === undefined) return;
  const at = `/apis/${group}/v1/namespaces/${namespace}/${plural}/${name}`;
  const { body } = await client.request({ method: 'GET', path: at });
  const { generation: observedGeneration } = (body as KubernetesObject).metadata;
  const condition = (type: string) => ({
    type,
    status: 'True',
    lastTransitionTime: '2026-01-01T00:00:00Z',
    observedGeneration,
  });
  const none = { replicas: 0, updatedReplicas: 0, availableReplicas: 0, unavailableReplicas: 0, paused: false };
  const { status } = await client.request({
    method: 'PATCH',
    path: `${at}/status`,
    contentType: 'application/merge-patch+json',
    body: { status: { ...none, conditions: [condition('Available'), condition('Reconciled')] } },
  });
  expect(status).toBe(200);
}

describe.skipIf(helms.length === 0 || inject('rig') === 'missing' || !existsSync(CRDS))(
  'a stack whose charts bring and upgrade definitions, on a real API server',
  () => {
    const sandbox = ownSandboxFolder();
    let platform: AppliedPlatform;
    const cacheFolder = path.join(folders.make(), 'cache');
    beforeAll(async () => {
      const { kubeconfig } = await startApiServerOnly({ folder: sandbox, tools: inject('tools') });
      platform = new AppliedPlatform('order', kubeconfig);
    });
    afterAll(async () => {
      await platform?.cleanUp([]);
      await sandboxDown({ folder: sandbox });
      folders.removeAll();
    });

    /** The program; with a field in its monitors that only newer definitions know. */
    const program = async (newField?: string) => {
      const stack = path.join(folders.make(), 'stack');
      cpSync(SMALL_STACK, stack, { recursive: true });
      const kinds = ['prometheuses', 'alertmanagers', 'podmonitors', 'prometheusrules', 'thanosrulers'];
      const others = kinds.map((kind) => `monitoring.coreos.com/${kind}.monitoring.coreos.com.yaml`);
      withDefinitions(stack, {
        [MONITORS]: definition(MONITORS, newField),
        ...Object.fromEntries(others.map((file) => [file, definition(file)])),
      });
      const thanos = ['compacts', 'queries', 'receives', 'stores'].map(
        (kind) => `monitoring.thanos.io/thanos${kind}.monitoring.thanos.io.yaml`,
      );
      const operator = withDefinitions(
        writeChart(folders.make(), {
          'operator.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: operator }\n',
        }),
        Object.fromEntries(thanos.map((file) => [file, definition(file)])),
      );

      const outdir = path.join(folders.make(), 'dist');
      const root = new Platform({ id: platform.id, outdir });
      const cluster = new Cluster(root, 'api', { storageClasses: { fast: 'ssd' } });
      // Declared before what brings its kind.
      new ApiObject(new Chart(cluster, 'cart', { namespace: 'observability' }), 'monitor', {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'ServiceMonitor',
        metadata: { name: 'cart' },
        spec: {
          selector: {},
          endpoints: [{ port: 'metrics' }],
          ...(newField === undefined ? {} : { [newField]: 'a' }),
        },
      });
      const { grafana: _grafana, alertmanager: _alertmanager, ...props } = THANOS;
      new ObservabilityStack(root, 'watch', {
        placement: Placement.everywhere(),
        metrics: MetricStore.thanos({
          ...props,
          clusters: {},
          hashrings: [{ name: 'default', storage: '50Gi' }],
          chart: { chart: stack },
          operatorChart: { chart: operator },
        }),
      });
      root.synth();
      const helm = { helmBinary: helms[0]?.file, cacheFolder };
      return renderAssembly(await readAssembly(outdir), { helm });
    };

    /** What is written, in order: "ServiceMonitor/observability/cart". */
    const applied = async (desired: Awaited<ReturnType<typeof program>>) => {
      const target = await platform.open('api');
      const reports: Promise<unknown>[] = [];
      const made = await makePlan(desired, [target], platform.planOptions());
      const planned = itemsOf(clusterPlan(made, 'api'));
      const result = await platform.applyDesired(made, desired, [target], {
        inventories: made.inventories,
        onEvent: (event) => {
          if (event.type === 'object-written') reports.push(reportReady(target, event.id));
        },
      });
      await Promise.all(reports);
      expect(outcomeOf(result, 'api').failures).toEqual([]);
      const written = result.events.flatMap((event) =>
        event.type === 'object-written' ? [`${event.id.kind}/${event.id.name}`] : [],
      );
      return { planned, written };
    };

    it('has each before what needs it, whoever made that, and nothing is left to do', async () => {
      const { written } = await applied(await program());
      const before = (first: string, second: string) => {
        expect(written).toContain(first);
        expect(written).toContain(second);
        expect(written.indexOf(first), `${first} before ${second}`).toBeLessThan(written.indexOf(second));
      };
      const crd = (plural: string, group: string) => `CustomResourceDefinition/${plural}.${group}`;
      before(crd('servicemonitors', 'monitoring.coreos.com'), 'ServiceMonitor/cart');
      before(crd('servicemonitors', 'monitoring.coreos.com'), 'ServiceMonitor/watch-istiod');
      before(crd('prometheuses', 'monitoring.coreos.com'), 'Prometheus/watch-prometheus');
      before(crd('thanosrulers', 'monitoring.coreos.com'), 'ThanosRuler/watch');
      before(crd('thanosreceives', 'monitoring.thanos.io'), 'ThanosReceive/watch');
      for (const kind of ['ThanosReceive', 'ThanosQuery', 'ThanosStore', 'ThanosCompact'])
        before('ConfigMap/operator', `${kind}/watch`);
      const again = await makePlan(await program(), [await platform.open('api')], platform.planOptions());
      expect(itemsOf(clusterPlan(again, 'api'))).toEqual([]);
    });

    it('upgrades a definition before the objects that use what is new in it, in one plan', async () => {
      const { planned, written } = await applied(await program('freshness'));
      const definition = 'CustomResourceDefinition/servicemonitors.monitoring.coreos.com';
      expect(planned).toEqual([`update ${definition}`, 'update ServiceMonitor/observability/cart']);
      expect(written).toEqual([definition, 'ServiceMonitor/cart']);
      const { client } = await platform.open('api');
      const at = '/apis/monitoring.coreos.com/v1/namespaces/observability/servicemonitors/cart';
      const { body } = await client.request({ method: 'GET', path: at });
      expect(body).toMatchObject({ spec: { freshness: 'a' } });
    });
  },
);
