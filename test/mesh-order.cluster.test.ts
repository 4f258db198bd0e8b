import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterSet, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { startApiServerOnly } from '../lib/sandbox/api-server-only.ts';
import { sandboxDown } from '../lib/sandbox/sandbox-down.ts';
import { readYaml } from '../lib/yaml/read.ts';
import { type Applied, AppliedPlatform } from './applied-platform.ts';
import { ownSandboxFolder } from './own-sandbox.ts';

const CRDS = join(import.meta.dirname, '../../shared/data/crds/networking.istio.io');
const MESH = ['DestinationRule', 'VirtualService', 'EnvoyFilter'];

/** A server of its own: definitions of Istio are everybody's. */
describe.skipIf(inject('rig') === 'missing' || !existsSync(CRDS))(
  'the resilience of a service on a real server',
  () => {
    let platform: AppliedPlatform;
    let folder: string;
    let first: Applied;
    beforeAll(async () => {
      folder = ownSandboxFolder();
      const { kubeconfig } = await startApiServerOnly({ folder, tools: inject('tools') });
      platform = new AppliedPlatform('mesh', kubeconfig);
      first = await platform.apply({ api: objectsOf(platform) });
    });
    afterAll(async () => {
      await platform?.cleanUp([]);
      await sandboxDown({ folder });
    });

    it('comes with its DestinationRule before its VirtualService, whatever the order in the program', () => {
      expect(first.outcome.clusters).toMatchObject([{ cluster: 'api', status: 'done', failures: [] }]);
      expect(kindsOf(first, 'object-written')).toEqual(expect.arrayContaining(MESH));
      const [rule, route] = MESH.map((kind) => kindsOf(first, 'object-written').indexOf(kind));
      expect(rule).toBeLessThan(route as number);
    });

    it('stands there as it was sent: the next plan has nothing to do', async () => {
      expect(await platform.pending({ api: objectsOf(platform) }, 'api')).toEqual([]);
    });

    it('goes the other way round', async () => {
      const rest = objectsOf(platform).filter(({ kind }) => !MESH.includes(kind));
      const gone = await platform.apply({ api: rest });
      expect(gone.outcome.clusters).toMatchObject([{ status: 'done', failures: [] }]);
      const deleted = kindsOf(gone, 'object-deleted');
      expect([...deleted].sort()).toEqual([...MESH].sort());
      expect(deleted.indexOf('VirtualService')).toBeLessThan(deleted.indexOf('DestinationRule'));
    });
  },
);

function kindsOf({ events }: Applied, type: 'object-written' | 'object-deleted'): string[] {
  return events.flatMap((event) => (event.type === type ? [event.id.kind] : []));
}

/** The definitions, and what a service has in the mesh, the route first. Its pods would stay away: nothing here makes any. */
function objectsOf({ id, stateFolder }: AppliedPlatform): KubernetesObject[] {
  const outdir = join(stateFolder, 'assembly');
  const program = new Platform({ id, outdir });
  new ClusterSet(program, 'clusters').add('api', { apiVersions: ['networking.istio.io/v1'] });
  const placement = Placement.everywhere();
  const app = new MultiClusterApp(program, 'mall', { placement, namespaceName: `${id}-mall` });
  app.addService('cart', { image: 'mall/cart:1', port: 8080 }).resilience({
    timeout: '2s',
    retries: { attempts: 2, perTryTimeout: '700ms', statusCodes: [503] },
    limits: { connections: 100, idleTimeout: '90s' },
    circuitBreaker: { consecutiveLocalOriginFailures: 3 },
    rateLimit: { requests: 10, per: '1m30s' },
  });
  program.synth();
  const all = JSON.parse(readFileSync(join(outdir, 'clusters', 'api', 'objects.json'), 'utf8')) as KubernetesObject[];
  const kinds = ['Namespace', ...MESH];
  const definitions = ['destinationrules', 'virtualservices', 'envoyfilters'].map((plural) => {
    const file = join(CRDS, `${plural}.networking.istio.io.yaml`);
    return readYaml(readFileSync(file), { source: file })[0]?.value as unknown as KubernetesObject;
  });
  return [...all.filter(({ kind }) => kinds.includes(kind)).reverse(), ...definitions];
}
