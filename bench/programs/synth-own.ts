// Synthesizes 10,000 Deployments of Orrery's own constructs: node synth-own.ts <services> <outdir>
import { Cluster, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
import { printTaken } from './synth-cases.ts';

const [services = '', outdir = ''] = process.argv.slice(2);

const started = performance.now();
const platform = new Platform({ id: 'bench', outdir });
new Cluster(platform, 'production');
const shop = new MultiClusterApp(platform, 'shop', { placement: Placement.everywhere(), createNamespace: false });
for (let index = 0; index < Number(services); index++) {
  // No port and an existing account: the Deployment is all there is, as in the other case.
  shop.addService(`service-${index}`, {
    image: `shop/service-${index}:1.${index % 20}.0`,
    replicas: (index % 5) + 1,
    serviceAccount: { existing: 'shop' },
    env: { LOG_LEVEL: 'info', SERVICE_INDEX: String(index) },
    cpu: '100m',
    memory: '128Mi',
    memoryLimit: '256Mi',
  });
}
platform.synth();
printTaken(started);
