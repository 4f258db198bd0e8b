import { CanaryRelease, CanaryStep, MultiClusterApp, Placement, type Platform, Probe } from '@orrery/constructs';

/** What every cluster has of the service, and the version that is on its way. */
export function addShop(platform: Platform): void {
  const shop = new MultiClusterApp(platform, 'shop', {
    placement: Placement.weighted({ 'prod-gz': 1, 'prod-sh': 2 }),
    labels: { 'istio-injection': 'enabled' },
  });
  const cart = shop.addService('cart', {
    image: 'registry.example.com/shop/cart:4.12.0',
    replicas: 6,
    port: 8080,
    cpu: '250m',
    memory: '256Mi',
    readiness: Probe.httpGet('/healthz'),
  });

  // Guangzhou first. Shanghai begins when Guangzhou is through, and not at all when it fails there.
  new CanaryRelease(platform, 'cart-4-13', {
    service: cart,
    image: 'registry.example.com/shop/cart:4.13.0',
    firstOn: 'prod-gz',
    // Where there is a Prometheus, name it in `prometheus`, and let CanaryStep.analyse({ successRate: 0.995, during: '10m' }) look after each weight.
    steps: [
      CanaryStep.weight(5),
      CanaryStep.approve('Are the orders right?'),
      CanaryStep.weight(50),
      CanaryStep.pause('10s'),
    ],
  });
}
