import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ClusterSet,
  MultiClusterApp,
  Placement,
  Platform,
  Probe,
  Protocol,
  type ServiceProps,
  TopologyDomain,
} from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { type Applied, AppliedPlatform } from './applied-platform.ts';

/** A service that uses everything except persistent volumes, which nothing provides on these clusters. */
const EVERYTHING: ServiceProps = {
  image: 'mall/cart:4.12.0',
  autoscaling: { minReplicas: 2, maxReplicas: 4, cpuPercent: 70, memoryPercent: 80 },
  ports: [
    { name: 'http', port: 80, targetPort: 8080, appProtocol: 'http' },
    { name: 'dns', port: 53, protocol: Protocol.UDP },
  ],
  command: ['/cart'],
  args: ['--listen', '$(LISTEN)'],
  env: { LISTEN: ':8080', B: 'yes', A: '0o17' },
  secretEnv: { PASSWORD: { secret: 'database', key: 'password', optional: true } },
  secretVolumes: [{ secret: 'tls', mountPath: '/tls', items: { 'tls.crt': 'server.crt' }, optional: true }],
  config: { env: { LEVEL: 'info' }, files: { 'cart.yaml': 'a: 1\n' } },
  restartOnChange: true,
  cpu: '100m',
  memory: '64Mi',
  cpuLimit: '1',
  startup: Probe.grpc('cart', { port: 8080 }),
  readiness: Probe.httpGet('/ready', { periodSeconds: 5 }),
  liveness: Probe.tcp(),
  scratch: [{ mountPath: '/cache', sizeLimit: '16Mi', inMemory: true }],
  serviceAccount: { annotations: { 'example.com/role': 'reader' }, mountToken: true },
  disruptionBudget: { maxUnavailable: '25%' },
  spread: [{ over: TopologyDomain.NODE }],
  runAsUser: 1000,
  fsGroup: 2000,
  tolerations: [{ key: 'team', value: 'retail', effect: 'NoSchedule' }],
  terminationGracePeriodSeconds: 5,
  imagePullSecrets: ['registry'],
  podLabels: { canary: 'no' },
  podAnnotations: { 'example.com/scrape': 'yes' },
  serviceAnnotations: { 'example.com/internal': 'yes' },
};

describe.skipIf(inject('rig') === 'missing')('services of a multi-cluster app on a real API server', () => {
  let platform: AppliedPlatform;
  let objects: KubernetesObject[];
  let applied: Applied;

  beforeAll(async () => {
    platform = new AppliedPlatform('services');
    objects = objectsOf(platform);
    applied = await platform.apply({ alpha: objects });
  });
  afterAll(() => platform.cleanUp());

  it('are accepted as they are: nothing unknown, nothing invalid', async () => {
    const { client } = await platform.open();
    const refused: unknown[] = [];
    for (const object of objects) {
      const { status, body, warnings } = await client.request({
        method: 'PATCH',
        path: pathOf(object),
        query: { fieldManager: 'strict', force: 'true', dryRun: 'All', fieldValidation: 'Strict' },
        contentType: 'application/apply-patch+yaml',
        body: object,
      });
      if (status >= 300 || warnings.length > 0)
        refused.push([object.kind, object.metadata.name, status, warnings, body]);
    }
    expect(refused).toEqual([]);
  });

  it('become ready in a namespace that enforces the restricted Pod Security Standard', async () => {
    expect(applied.outcome.clusters).toMatchObject([
      { cluster: 'alpha', status: 'done', failures: [], written: objects.length },
    ]);
    const { client } = await platform.open();
    const read = async (kind: string) =>
      (
        await client.request({
          method: 'GET',
          path: pathOf(objects.find((object) => object.kind === kind) as KubernetesObject),
        })
      ).body;
    expect(await read('Namespace')).toMatchObject({
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    expect(await read('Deployment')).toMatchObject({
      metadata: { name: 'cart' },
      status: { readyReplicas: expect.any(Number) },
    });
  });

  it('are unchanged in the next plan', async () => {
    expect(await platform.pending({ alpha: objects })).toEqual([]);
  });
});

function objectsOf(applied: AppliedPlatform): KubernetesObject[] {
  const outdir = join(applied.stateFolder, 'assembly');
  const platform = new Platform({ id: applied.id, outdir });
  new ClusterSet(platform, 'clusters').add('alpha');
  const app = new MultiClusterApp(platform, 'mall', {
    placement: Placement.everywhere(),
    namespaceName: applied.namespace('mall'),
  });
  app.addService('cart', EVERYTHING);
  app.addService('web', { image: 'nginx:1.27', replicas: 2, port: 80, disruptionBudget: { minAvailable: '1' } });
  platform.synth();
  return JSON.parse(readFileSync(join(outdir, 'clusters', 'alpha', 'objects.json'), 'utf8')) as KubernetesObject[];
}

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const plural = `${kind.toLowerCase()}s`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}${scope}/${plural}/${metadata.name}`;
}
