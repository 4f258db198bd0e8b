// Writes an assembly: node assembly.ts <platform id> <namespace> <changed objects> <outdir> <clusters, by commas> <objects per cluster>
import { Cluster, Platform } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { serviceObjects, withChanges } from '../objects.ts';

const [id = '', namespace = '', changed = '0', outdir = '', clusters = '', objects = ''] = process.argv.slice(2);
const platform = new Platform({ id, outdir });
for (const cluster of clusters.split(',')) {
  const chart = new Chart(new Cluster(platform, cluster), 'shop');
  withChanges(serviceObjects(namespace, Number(objects) / 4), Number(changed)).forEach((props, index) => {
    new ApiObject(chart, `object-${index}`, props);
  });
}
platform.synth();
