import {
  GuardRail,
  NetworkAllowance,
  Placement,
  type Platform,
  Workspace,
  WorkspaceCredential,
  WorkspaceRole,
} from '@orrery/constructs';

/** Who works on the shop, how much of the clusters it may use, and what its pods may talk to. */
export function addTenant(platform: Platform): Workspace {
  return new Workspace(platform, 'retail', {
    // A quota is divided like replicas: half of it is in Shanghai.
    placement: Placement.weighted({ 'prod-gz': 1, 'prod-sh': 2, 'prod-la': 1 }),
    namespaces: ['mall'],
    // Its pods are in the mesh, whose proxies hold to the resilience of services.
    labels: { 'istio-injection': 'enabled' },
    groups: { 'retail-developers': WorkspaceRole.DEVELOPER, 'retail-on-call': WorkspaceRole.OPERATOR },
    machines: { 'catalog-import': WorkspaceRole.DEVELOPER },
    quota: { 'requests.cpu': '400', 'requests.memory': '1600Gi', pods: '1200' },
    limits: { defaultCpu: '100m', defaultMemory: '128Mi' },
    network: [
      NetworkAllowance.withinWorkspace(),
      NetworkAllowance.dns(),
      NetworkAllowance.fromNamespace('ingress-nginx', { ports: [8080] }),
      NetworkAllowance.toCidr('10.0.0.0/8', { ports: [5432] }),
    ],
    guardRails: [GuardRail.NO_LATEST_IMAGES],
    credentials: {
      'cart-database': WorkspaceCredential.external({
        store: 'vault',
        keys: { password: { key: 'retail/cart', property: 'password' } },
      }),
    },
  });
}
