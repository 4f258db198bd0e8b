import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ClusterSet,
  DnsProvider,
  Exposure,
  ExposureScheme,
  ExternalDnsPrefix,
  GlobalBackend,
  GlobalRouting,
  LoadBalancerKind,
  MultiClusterApp,
  Placement,
  Platform,
  Provider,
} from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { type Applied, AppliedPlatform } from './applied-platform.ts';

describe.skipIf(inject('rig') === 'missing')('a service exposed on a real API server', () => {
  let platform: AppliedPlatform;
  let applied: Applied;
  beforeAll(async () => {
    platform = new AppliedPlatform('exposure');
    applied = await platform.apply({ alpha: objectsOf(platform, ExposureScheme.INTERNAL) });
  });
  afterAll(() => platform.cleanUp());

  it('is there when its addresses are, and unchanged in the next plan, whatever the server fills in', async () => {
    const { outcome } = applied;
    expect(outcome.clusters).toMatchObject([{ cluster: 'alpha', status: 'done', failures: [] }]);
    const { client } = await platform.open();
    const path = `/api/v1/namespaces/${platform.namespace('mall')}/services/cart-lb`;
    const { body } = await client.request({ method: 'GET', path });
    expect(body).toMatchObject({
      spec: { allocateLoadBalancerNodePorts: true, healthCheckNodePort: expect.any(Number) },
      status: { loadBalancer: { ingress: [expect.anything()] } },
    });
    expect(await platform.pending({ alpha: objectsOf(platform, ExposureScheme.INTERNAL) })).toEqual([]);
  });

  it('loses its address only when that is asked for, where another scheme has a load balancer of another class', async () => {
    const pending = await platform.pending({ alpha: objectsOf(platform, ExposureScheme.INTERNET_FACING) });
    const namespace = platform.namespace('mall');
    expect(pending.sort()).toEqual([`blocked Service/${namespace}/cart-lb`, `update Ingress/${namespace}/cart`]);
  });

  it('gets the records of an address over several clusters by annotations alone', async () => {
    const address = objectsOf(platform, ExposureScheme.INTERNAL, true);
    expect(await platform.pending({ alpha: address })).toEqual([`update Ingress/${platform.namespace('mall')}/cart`]);
  });
});

function objectsOf(applied: AppliedPlatform, scheme: ExposureScheme, globally = false): KubernetesObject[] {
  const outdir = join(applied.stateFolder, 'assembly');
  const platform = new Platform({ id: applied.id, outdir });
  new ClusterSet(platform, 'clusters').add('alpha', {
    provider: Provider.AWS,
    region: 'eu-west-1',
    loadBalancer: LoadBalancerKind.CLOUD,
    internetFacing: true,
    entryPoints: {
      intranet: { ingressClass: 'inside', loadBalancerClass: 'example.com/inside' },
      internet: { ingressClass: 'outside', loadBalancerClass: 'example.com/outside' },
    },
  });
  const app = new MultiClusterApp(platform, 'mall', {
    placement: Placement.everywhere(),
    namespaceName: applied.namespace('mall'),
  });
  const service = app.addService('cart', { image: 'mall/cart:4.12.0', port: 8080 });
  service.expose(Exposure.ingress('shop.example.com', { scheme, tlsSecret: 'shop-tls' }));
  service.expose(Exposure.loadBalancer({ scheme, preserveClientAddress: true, sourceRanges: ['10.0.0.0/8'] }));
  if (globally) {
    const provider = DnsProvider.ROUTE53;
    app.exposeGlobally('shop.example.com', {
      service,
      routing: GlobalRouting.nearest(),
      backend: GlobalBackend.externalDns({ provider, annotationPrefix: ExternalDnsPrefix.STABLE }),
    });
  }
  platform.synth();
  return JSON.parse(readFileSync(join(outdir, 'clusters', 'alpha', 'objects.json'), 'utf8')) as KubernetesObject[];
}
