import { type ProblemCode, problemAt } from '../../private/problem';
import { servesApi } from '../../private/served-apis';
import { CanaryBackend } from '../canary-backend';
import type { CanaryBackendRules } from './backend';
import type { CanaryFeature } from './features';
import { splitRules } from './http-route-rules';
import { kindOf, objectOf } from './neighbours';
import { ownServiceWorlds } from './own-service-worlds';
import { asksMesh } from './queries';
import type { ReleaseInCluster } from './release-in-cluster';
import type { Split } from './split';

const API_VERSION = 'gateway.networking.k8s.io/v1';

const CAN: readonly CanaryFeature[] = [
  'weight',
  'approve',
  'pause',
  'analyse',
  'scale',
  'mirror',
  'header',
  'cookie',
  'query',
  'sticky-version',
  'http-route',
  'mesh-callers',
];

/**
 * Gateways, and meshes that know HTTPRoutes of Services (gateway-api.sigs.k8s.io/mesh). There are no subsets, no failures on purpose and no labels of callers in it
 * (kubernetes-sigs/gateway-api apis/v1/httproute_types.go).
 */
export const GATEWAY_BACKEND: CanaryBackendRules = {
  backend: CanaryBackend.GATEWAY_API,
  title: 'the Gateway API',
  apiVersion: API_VERSION,
  can: new Set(CAN),
  isMovedByOrrery: true,
  check: ({ construct, steps, inMesh, names, service }, cluster, problems) => {
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
    const routes = service({}).filter((entry) => kindOf(entry) === 'VirtualService');
    if (inMesh && routes.some((entry) => objectOf(entry).metadata.name === names.stable)) {
      const what = `meshCallers is set, and the mesh has a VirtualService of the service from its resilience: of the two one is ignored.`;
      report('ORR2012', what, 'Use CanaryBackend.ISTIO, which puts both into one.');
    }
    const hasMetrics = servesApi(cluster, 'networking.istio.io/v1');
    for (const [at, step] of steps.entries()) {
      if (step.type === 'analyse' && asksMesh(step.analysis) && !hasMetrics) {
        const what = `Step ${at + 1} looks at the metrics of Istio, and no fact of cluster "${cluster}" says that it is there.`;
        report('ORR2013', what, 'Ask for what your gateway measures: metrics with CanaryMetric.query.');
      }
      if (step.type !== 'mirror' || Number.isInteger(step.percent)) continue;
      const what = `Step ${at + 1} mirrors ${step.percent} percent, and HTTPRoutes mirror whole ones.`;
      report('ORR2011', what, 'Use a whole number.');
    }
  },
  worlds: (release) =>
    ownServiceWorlds(release, {
      mesh: false,
      ...(release.inMesh ? { extra: (split) => meshRoutes(release, split) } : {}),
    }),
};

/** A route for callers in the mesh: its parent is the Service that they call. Each port is one of its own, as a rule has no port. */
function meshRoutes({ names, ports }: ReleaseInCluster, split: Split): [string, object][] {
  const { stable, canary, namespace, stableSelector } = names;
  return ports.map(({ port }) => {
    const name = ports.length === 1 ? `${stable}-mesh` : `${stable}-mesh-${port}`;
    const object = {
      apiVersion: API_VERSION,
      kind: 'HTTPRoute',
      metadata: { name, namespace, labels: stableSelector },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: stable, port }],
        rules: splitRules({ stable: { name: stable, port }, canary, split }, {}, 'inside'),
      },
    };
    return [`HTTPRoute/${name}`, object];
  });
}
