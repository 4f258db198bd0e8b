import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CanaryBackend,
  CanaryDye,
  CanaryMatch,
  CanaryRelease,
  CanaryStep,
  ClusterSet,
  Exposure,
  MultiClusterApp,
  Placement,
} from '@orrery/constructs';
import type { AssemblyManifest } from '@orrery/constructs/assembly-format';
import type { JsonObject, KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'canary releases by plain Istio and by the Gateway API, at each of their stages',
  crds: ['networking.istio.io', 'gateway.networking.k8s.io/httproutes.gateway.networking.k8s.io.yaml'],
  kinds: ['DestinationRule', 'VirtualService', 'HTTPRoute'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh', {
      apiVersions: ['networking.istio.io/v1', 'gateway.networking.k8s.io/v1'],
      entryPoints: { intranet: { gateway: 'infra/edge' } },
    });
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    const ports = [
      { name: 'http', port: 80 },
      { name: 'grpc', port: 90 },
    ];
    const matches = [
      CanaryMatch.header('x-beta', { prefix: 'on' }),
      CanaryMatch.cookie('beta', 'yes'),
      CanaryMatch.query('beta', { regex: '(yes|true)' }),
      CanaryMatch.userGroup('testers'),
      CanaryMatch.region('cn-south'),
    ];
    const cart = mall.addService('cart', { image: 'mall/cart:1', replicas: 4, ports });
    cart.resilience({ timeout: '2s', circuitBreaker: {}, rateLimit: { requests: 10, per: '1s' } });
    new CanaryRelease(platform, 'cart-2', {
      service: cart,
      image: 'mall/cart:2',
      backend: CanaryBackend.ISTIO,
      stickiness: { version: { maxAge: '1h' }, pod: { cookie: 'cart-pod', cookieMaxAge: '1h' } },
      dye: CanaryDye.lane('gray'),
      steps: [
        CanaryStep.mirror(10.5),
        CanaryStep.headerRoute(...matches, CanaryMatch.client({ app: 'web' })),
        CanaryStep.fault({ delay: '2s', abortStatus: 503, percent: 0.5, withoutTimeouts: true }),
        CanaryStep.weight(5),
      ],
    });
    const web = mall.addService('web', { image: 'mall/web:1', replicas: 4, port: 8080 });
    web.expose(Exposure.httpRoute('shop.example.com'));
    new CanaryRelease(platform, 'web-2', {
      service: web,
      image: 'mall/web:2',
      backend: CanaryBackend.GATEWAY_API,
      meshCallers: true,
      stickiness: { version: {} },
      dye: CanaryDye.header('x-lane', 'gray', {
        forwardedByApplications: true,
        edge: [CanaryMatch.cookie('lane', 'gray')],
      }),
      steps: [CanaryStep.mirror(10), CanaryStep.headerRoute(...matches), CanaryStep.weight(5)],
    });
    new CanaryRelease(platform, 'reviews', {
      versions: {
        serviceName: 'reviews',
        namespaceName: 'default',
        stable: { name: 'v1', labels: { version: 'v1' } },
        canary: { name: 'v2', labels: { version: 'v2' } },
      },
      backend: CanaryBackend.ISTIO,
      steps: [CanaryStep.weight(5)],
    });
  },
  printed: async (folder) => everyStage(folder),
} satisfies AcceptedCase;

/** What the fields of each stage make of the routes. */
function everyStage(folder: string): KubernetesObject[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as AssemblyManifest;
  return manifest.clusters.flatMap(({ name, objects: file, units }) => {
    const all = JSON.parse(readFileSync(join(folder, file), 'utf8')) as KubernetesObject[];
    const paths = units.flatMap(({ objects }) => objects.map(({ path }) => path));
    const objects = new Map(paths.map((path, at) => [path, all[at] as KubernetesObject]));
    return (manifest.canaryReleases ?? []).flatMap(({ clusters }) =>
      (clusters[name]?.stages ?? []).flatMap(({ fields = [] }) =>
        fields.flatMap(({ object: path, field, value }) => {
          const object = structuredClone(objects.get(path)) as JsonObject & KubernetesObject;
          if (!['VirtualService', 'HTTPRoute', 'DestinationRule'].includes(object.kind) || value === undefined)
            return [];
          const steps = field.split('.');
          const last = steps.pop() as string;
          const at = steps.reduce((map, step) => map[step] as JsonObject, object as JsonObject);
          at[last] = structuredClone(value) as JsonObject;
          return [object as KubernetesObject];
        }),
      ),
    );
  });
}
