import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterSet, DeliveryEngine, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { CRDS } from '../accepted/definitions-server.ts';
import { type Applied, AppliedPlatform, clusterPlan, happened, itemsOf, outcomeOf } from '../applied-platform.ts';

const KINDS = ['propagationpolicies', 'clusterpropagationpolicies', 'overridepolicies', 'clusteroverridepolicies'];

describe.skipIf(inject('rig') === 'missing' || !existsSync(CRDS))(
  'a hub of Karmada as a cluster of the platform',
  () => {
    let platform: AppliedPlatform;

    beforeAll(() => {
      platform = new AppliedPlatform('karmada');
    });
    afterAll(() => platform.cleanUp(['alpha']));

    it('gets what differs before what it spreads, is unchanged afterwards, and shows what a change means', async () => {
      const applied = await apply('1');
      expect(outcomeOf(applied).status).toBe('done');
      const written = happened(applied, 'object-written').map((text) => text.split(' ').at(-1) ?? '');
      const at = (start: string) => {
        const found = written.findIndex((text) => text.startsWith(start));
        expect(found, start).toBeGreaterThanOrEqual(0);
        return found;
      };
      const namespace = platform.namespace('mall');
      const override = (kind: string) => at(`OverridePolicy/${namespace}/${kind}-cart`);
      for (const kind of ['Deployment', 'ConfigMap', 'ServiceAccount']) {
        expect(override(kind.toLowerCase())).toBeLessThan(at(`${kind}/${namespace}/cart`));
        expect(override(kind.toLowerCase())).toBeLessThan(at(`PropagationPolicy/${namespace}/mall`));
      }
      expect(at('ClusterOverridePolicy/')).toBeLessThan(at('Namespace/'));

      expect(await pending('1')).toEqual([]);
      // The image of one cluster comes from its mirror, so a new version is in both.
      expect((await pending('2')).sort()).toEqual([
        `update Deployment/${namespace}/cart`,
        `update OverridePolicy/${namespace}/deployment-cart`,
      ]);
    });

    async function apply(version: string): Promise<Applied> {
      const desired = await rendered(version);
      const target = await platform.open('alpha');
      const made = await makePlan(desired, [target], platform.planOptions());
      return await platform.applyDesired(made, desired, [target], { inventories: made.inventories });
    }

    async function pending(version: string): Promise<string[]> {
      const target = await platform.open('alpha');
      return itemsOf(clusterPlan(await makePlan(await rendered(version), [target], platform.planOptions())));
    }

    /** Only the hub is a target: its members are reached by Karmada. */
    async function rendered(version: string) {
      const outdir = join(platform.stateFolder, 'assembly');
      const program = new Platform({ id: platform.id, outdir });
      const clusters = new ClusterSet(program, 'clusters');
      clusters.add('prod-sh');
      clusters.add('prod-gz', { registryMirror: 'registry.gz.example.com' });
      const hub = clusters.add('alpha');
      const definitions = new Chart(hub, 'karmada');
      for (const kind of KINDS) new ApiObject(definitions, kind, definition(kind));
      const mall = new MultiClusterApp(program, 'mall', {
        placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }),
        namespaceName: platform.namespace('mall'),
        engine: DeliveryEngine.karmada({ hub }),
      });
      mall.addService('cart', { image: `mall/cart:${version}`, replicas: 3, config: { env: { MODE: 'shop' } } });
      mall.node.addDependency(definitions);
      program.synth();
      const state = await renderAssembly(await readAssembly(outdir));
      return { ...state, clusters: state.clusters.filter(({ name }) => name === 'alpha') };
    }
  },
);

function definition(kind: string) {
  const file = join(CRDS, `policy.karmada.io/${kind}.policy.karmada.io.yaml`);
  const [definition] = readYaml(readFileSync(file), { source: file }).map(({ value }) => value as unknown);
  const { apiVersion, kind: type, metadata, spec } = definition as KubernetesObject;
  return { apiVersion, kind: type, metadata: { name: metadata.name ?? '' }, spec };
}
