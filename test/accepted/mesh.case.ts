import { ClusterSet, GlobalRouting, Mesh, MultiClusterApp, Placement } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'a mesh over several clusters, services balanced in it, and services of a cluster set',
  crds: [
    ...['gateways', 'destinationrules'].map((plural) => `networking.istio.io/${plural}.networking.istio.io.yaml`),
    'multicluster.x-k8s.io/serviceexports.multicluster.x-k8s.io.yaml',
  ],
  kinds: ['Gateway', 'Namespace', 'DestinationRule', 'ServiceExport'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const apiVersions = (mcs: string) => ['networking.istio.io/v1', `multicluster.x-k8s.io/${mcs}`];
    clusters.add('a', { region: 'eu', network: 'eu', apiVersions: apiVersions('v1beta1') });
    clusters.add('b', { region: 'us', network: 'us', apiVersions: apiVersions('v1alpha1') });
    const mesh = new Mesh(platform, 'retail', { placement: Placement.everywhere() });
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.weighted({ a: 2, b: 1 }) });
    const routings = [GlobalRouting.nearest(), GlobalRouting.failover('b'), GlobalRouting.weighted()];
    for (const [i, routing] of routings.entries()) {
      const service = mall.addService(`service-${i}`, { image: 'mall/service:1.0.0', port: 8080 });
      service.resilience({ circuitBreaker: {} });
      service.exportToClusterSet();
      mesh.balance(service, routing);
    }
  },
} satisfies AcceptedCase;
