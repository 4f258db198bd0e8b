import {
  AccessMode,
  type IClusterSelection,
  Include,
  MultiClusterApp,
  Placement,
  type Platform,
  Probe,
  type ServiceProps,
  TopologyDomain,
} from '@orrery/constructs';
import { JsonPatch } from 'cdk8s';

/** Where the shop is. Replicas are totals over all of it, divided by the weights of the placement. */
export interface ShopLocation {
  readonly placement: Placement;
  /** Where it sells. */
  readonly production: IClusterSelection;
  /** Where it is tried out. */
  readonly nonProduction?: IClusterSelection;
}

/** What is the same for every service of the shop: port, probes, pods spread over zones, one pod at a time may be evicted. */
const everyService = {
  port: 8080,
  readiness: Probe.httpGet('/health/ready', { periodSeconds: 5 }),
  liveness: Probe.httpGet('/health/live', { initialDelaySeconds: 10 }),
  spread: [{ over: TopologyDomain.ZONE }],
  disruptionBudget: { maxUnavailable: '1' },
  runAsUser: 10001,
} satisfies Partial<ServiceProps>;

/** Settings of services that keep their data in MySQL and share the password's Secret of the shop. */
function withDatabase(name: string): Partial<ServiceProps> {
  return {
    env: { DB_HOST: 'mysql.data.svc', DB_NAME: name },
    secretEnv: {
      DB_USER: { secret: 'mysql-credentials', key: 'username' },
      DB_PASSWORD: { secret: 'mysql-credentials', key: 'password' },
    },
  };
}

/** The twelve services of the shop. */
export function addShop(platform: Platform, { placement, production, nonProduction }: ShopLocation): MultiClusterApp {
  const classes = new Include(platform, 'shared-classes', {
    file: `${import.meta.dirname}/manifests/shared-classes.yaml`,
    placement: Placement.everywhere(),
  });

  const mall = new MultiClusterApp(platform, 'mall', { placement });
  mall.node.addDependency(classes);

  const storefront = mall.addService('storefront', {
    ...everyService,
    image: 'mall/storefront:7.3.1',
    autoscaling: { minReplicas: 6, maxReplicas: 48, cpuPercent: 65 },
    cpu: '250m',
    memory: '256Mi',
    config: {
      files: {
        'site.json': JSON.stringify({ currency: 'CNY', languages: ['zh-CN', 'en'], cacheSeconds: 60 }, null, 2),
      },
      mountPath: '/etc/storefront',
    },
    restartOnChange: true,
  });
  mall.addService('gateway', {
    ...everyService,
    image: 'mall/gateway:3.9.0',
    autoscaling: { minReplicas: 6, maxReplicas: 36 },
    cpu: '500m',
    memory: '512Mi',
  });
  mall.addService('account', {
    ...everyService,
    image: 'mall/account:5.1.2',
    replicas: 6,
    cpu: '250m',
    memory: '512Mi',
    ...withDatabase('account'),
  });
  mall.addService('catalog', {
    ...everyService,
    image: 'mall/catalog:6.0.4',
    replicas: 12,
    cpu: '500m',
    memory: '1Gi',
    ...withDatabase('catalog'),
  });
  mall.addService('search', {
    ...everyService,
    image: 'mall/search:2.14.0',
    replicas: 6,
    cpu: '1',
    memory: '2Gi',
    volumes: [
      {
        name: 'index',
        mountPath: '/var/lib/search',
        size: '100Gi',
        purpose: 'fast',
        accessMode: AccessMode.READ_WRITE_MANY,
      },
    ],
    fsGroup: 10001,
  });
  const cart = mall.addService('cart', {
    ...everyService,
    image: 'mall/cart:4.12.0',
    replicas: 12,
    cpu: '500m',
    memory: '512Mi',
    priorityClass: 'checkout-critical',
    env: { REDIS_HOST: 'redis.data.svc', CART_TTL_HOURS: '72' },
    secretEnv: { REDIS_PASSWORD: { secret: 'redis-credentials', key: 'password' } },
  });
  const order = mall.addService('order', {
    ...everyService,
    image: 'mall/order:8.2.0',
    replicas: 12,
    cpu: '500m',
    memory: '1Gi',
    priorityClass: 'checkout-critical',
    ...withDatabase('orders'),
  });
  const payment = mall.addService('payment', {
    ...everyService,
    image: 'mall/payment:3.4.7',
    replicas: 6,
    cpu: '250m',
    memory: '512Mi',
    priorityClass: 'checkout-critical',
    env: { PROVIDER_URL: 'https://openapi.pay.example.com' },
    secretVolumes: [{ secret: 'payment-signing-key', mountPath: '/etc/payment/keys' }],
  });
  mall.addService('stock', {
    ...everyService,
    image: 'mall/stock:4.4.1',
    replicas: 6,
    cpu: '250m',
    memory: '512Mi',
    ...withDatabase('stock'),
  });
  mall.addService('promotion', {
    ...everyService,
    image: 'mall/promotion:2.2.0',
    replicas: 6,
    cpu: '250m',
    memory: '512Mi',
    ...withDatabase('promotion'),
  });
  mall.addService('shipping', {
    ...everyService,
    image: 'mall/shipping:3.0.3',
    replicas: 6,
    cpu: '100m',
    memory: '256Mi',
    ...withDatabase('shipping'),
  });
  mall.addService('notification', {
    ...everyService,
    image: 'mall/notification:1.8.5',
    replicas: 6,
    cpu: '100m',
    memory: '256Mi',
    secretEnv: { SMS_TOKEN: { secret: 'sms-gateway', key: 'token' } },
  });

  // Before production no real money moves, and the newest order service is tried out.
  if (nonProduction !== undefined) {
    payment.overrideIn(nonProduction, { env: { PROVIDER_URL: 'https://sandbox.pay.example.com' } });
    order.overrideIn(nonProduction, { image: 'mall/order:8.3.0-rc.2' });
  }
  cart.overrideIn(production, { cpuLimit: '2' });
  // Short names resolve at the first try: the storefront asks for many.
  storefront.patchIn(
    production,
    { kind: 'Deployment' },
    JsonPatch.add('/spec/template/spec/dnsConfig', { options: [{ name: 'ndots', value: '2' }] }),
  );
  order.node.addDependency(cart);
  return mall;
}
