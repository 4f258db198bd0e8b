// Synthesizes one platform of many clusters: node synth-fleet.ts <clusters>x<apps> <outdir>
import { ClusterSet, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
import { addFleetService } from '../fleet-service.ts';
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
  addFleetService(app, index, clusters);
}
platform.synth();
printTaken(started);
