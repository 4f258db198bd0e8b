import { problemAt } from '../../private/problem';
import { CanaryBackend } from '../canary-backend';
import type { CanaryBackendRules } from './backend';
import type { CanaryFeature } from './features';
import { splitRules } from './http-route-rules';
import { ownServiceWorlds } from './own-service-worlds';
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
  check: ({ construct, steps }, cluster, problems) => {
    for (const [at, step] of steps.entries()) {
      if (step.type !== 'mirror' || Number.isInteger(step.percent)) continue;
      const what = `Step ${at + 1} mirrors ${step.percent} percent, and HTTPRoutes mirror whole ones.`;
      const details = { fix: 'Use a whole number.', cluster: cluster.clusterName };
      problems.push(problemAt(construct, 'ORR2011', what, details));
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
