// Writes the assembly of the 1,000 objects: node assembly.ts <platform id> <namespace> <changed objects> <outdir>
import { Cluster, Platform } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { thousandObjects, withChanges } from '../objects.ts';

const [id = '', namespace = '', changed = '0', outdir = ''] = process.argv.slice(2);
const platform = new Platform({ id, outdir });
const chart = new Chart(new Cluster(platform, 'bench'), 'shop');
withChanges(thousandObjects(namespace), Number(changed)).forEach((props, index) => {
  new ApiObject(chart, `object-${index}`, props);
});
platform.synth();
