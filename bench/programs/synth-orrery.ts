// Synthesizes one case with Orrery, from the same plain cdk8s objects: node synth-orrery.ts <case> <outdir>
import { Cluster, Platform } from '@orrery/constructs';
import { populate, printTaken, treeOf } from './synth-cases.ts';

const [name = '', outdir = ''] = process.argv.slice(2);
const tree = treeOf(name);

const started = performance.now();
const platform = new Platform({ id: 'bench', outdir });
populate(new Cluster(platform, 'production'), tree);
platform.synth();
printTaken(started);
