// What a hub holds for one platform, by delivery engine: node bench/programs/hub-objects.ts <engine> <clusters>x<apps> <outdir>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ArgoCdDelivery,
  type Cluster,
  ClusterSet,
  DeliveryEngine,
  MultiClusterApp,
  Placement,
  Platform,
} from '@orrery/constructs';
import { addFleetService } from '../fleet-service.ts';

const [engine = '', size = '', outdir = ''] = process.argv.slice(2);
const [clusters = 0, apps = 0] = size.split('x').map(Number);

const ENGINES: { readonly [name: string]: (hub: Cluster) => DeliveryEngine } = {
  karmada: (hub) => DeliveryEngine.karmada({ hub }),
  ocm: (hub) => DeliveryEngine.openClusterManagement({ hub }),
  fleet: (hub) => DeliveryEngine.fleet({ hub }),
};

const platform = new Platform({ id: 'fleet', outdir });
const set = new ClusterSet(platform, 'clusters');
for (let index = 0; index < clusters; index++)
  set.add(`cluster-${index}`, { imageRegistry: `registry-${index}.example.com` });
const hub = set.add('hub');
const made = ENGINES[engine]?.(hub);
for (let index = 0; index < apps; index++) {
  const app = new MultiClusterApp(platform, `app-${index}`, {
    placement: Placement.everywhere().excludingNamed('hub'),
    createNamespace: false,
    ...(made === undefined ? {} : { engine: made }),
  });
  addFleetService(app, index, clusters);
}
if (engine === 'argo-cd')
  new ArgoCdDelivery(platform, 'gitops', { hub, repository: 'https://git.example.com/platform.git' });
platform.synth();

const objects = JSON.parse(readFileSync(join(outdir, 'clusters', 'hub', 'objects.json'), 'utf8')) as object[];
const bytes = objects.map((object) => JSON.stringify(object).length);
const sum = bytes.reduce((total, one) => total + one, 0);
console.log(`${engine} ${size}: ${objects.length} objects, ${sum} bytes, the largest ${Math.max(0, ...bytes)}`);
