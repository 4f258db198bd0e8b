import {
  Exposure,
  ExposureScheme,
  GlobalBackend,
  GlobalRouting,
  MultiClusterApp,
  Placement,
  type Platform,
  Probe,
  RetryCondition,
  type ServiceProps,
  Survive,
  TopologyDomain,
  type Workspace,
} from '@orrery/constructs';

const HOST = 'shop.example.com';

/** What is the same for every service: port, probes, pods spread over zones, one pod at a time may be evicted. */
const everyService = {
  port: 8080,
  readiness: Probe.httpGet('/health/ready', { periodSeconds: 5 }),
  liveness: Probe.httpGet('/health/live', { initialDelaySeconds: 10 }),
  spread: [{ over: TopologyDomain.ZONE }],
  disruptionBudget: { maxUnavailable: '1' },
  runAsUser: 10001,
} satisfies Partial<ServiceProps>;

/** One shop in three regions. Users get to the nearest one, and to another when it is dead. */
export function addShop(platform: Platform, workspace: Workspace): MultiClusterApp {
  const mall = new MultiClusterApp(platform, 'mall', {
    workspace,
    placement: Placement.weighted({ 'prod-gz': 1, 'prod-sh': 2, 'prod-la': 1 }),
  });

  const web = mall.addService('web', {
    ...everyService,
    image: 'mall/web:7.3.1',
    // Any two regions have all twelve: that of the third is the load they have to take over.
    replicas: 12,
    survive: Survive.ANY_CLUSTER,
    cpu: '250m',
    memory: '256Mi',
  });
  web.expose(Exposure.ingress(HOST, { scheme: ExposureScheme.INTERNET_FACING, tlsSecret: 'shop-tls' }));

  const cart = mall.addService('cart', {
    ...everyService,
    image: 'mall/cart:4.13.0',
    autoscaling: { minReplicas: 12, maxReplicas: 48, cpuPercent: 65 },
    survive: Survive.ANY_CLUSTER,
    cpu: '500m',
    memory: '512Mi',
    secretEnv: { DB_PASSWORD: { secret: 'cart-database', key: 'password' } },
  });
  cart.resilience({
    timeout: '2s',
    retries: { attempts: 2, perTryTimeout: '700ms', on: [RetryCondition.CONNECT_FAILURE, RetryCondition.UNAVAILABLE] },
    limits: { connections: 200, pendingRequests: 100 },
    circuitBreaker: { consecutive5xxErrors: 5, baseEjectionTime: '30s' },
  });

  // One log over all regions: no two of its pods have the same number.
  mall.addService('orders', {
    ...everyService,
    image: 'mall/orders:2.8.0',
    replicas: 4,
    cpu: '500m',
    memory: '1Gi',
    fsGroup: 10001,
    volumes: [{ name: 'log', mountPath: '/var/lib/orders', size: '50Gi', purpose: 'block' }],
    stateful: { ordinalsPerCluster: 100 },
  });

  mall.exposeGlobally(HOST, {
    service: web,
    // Guangdong's users to Guangzhou, California's to Los Angeles, everybody else to Shanghai.
    routing: GlobalRouting.nearest({ users: { 'prod-gz': ['CN-GD'], 'prod-la': ['US-CA'] }, otherwise: 'prod-sh' }),
    backend: GlobalBackend.k8gb(),
  });
  return mall;
}
