// Synthesizes one platform of many clusters: node synth-fleet.ts <clusters>x<apps> <outdir>
import { ClusterSet, MultiClusterApp, Placement, Platform, Probe } from '@orrery/constructs';
import { printTaken } from './synth-cases.ts';

const [size = '', outdir = ''] = process.argv.slice(2);
const [clusters = 0, apps = 0] = size.split('x').map(Number);

const started = performance.now();
const platform = new Platform({ id: 'fleet', outdir });
const set = new ClusterSet(platform, 'clusters');
for (let index = 0; index < clusters; index++) {
  // Facts that objects depend on: no two clusters get the same.
  set.add(`cluster-${index}`, { region: `region-${index % 20}`, imageRegistry: `registry-${index}.example.com` });
}
for (let index = 0; index < apps; index++) {
  const app = new MultiClusterApp(platform, `app-${index}`, {
    placement: Placement.everywhere(),
    createNamespace: false,
  });
  // Four objects: Deployment, Service, ServiceAccount, ConfigMap.
  app.addService('web', {
    image: `app-${index}:1.${index % 20}.0`,
    replicas: clusters * 2 + index,
    port: 8080,
    cpu: '100m',
    memory: '128Mi',
    config: { env: { LOG_LEVEL: 'info', APP: `app-${index}` } },
    readiness: Probe.httpGet('/ready'),
  });
}
platform.synth();
printTaken(started);
