// Synthesizes one case with cdk8s alone and prints what it took: node synth-cdk8s.ts <case> <outdir>
import { App } from 'cdk8s';
import { populate, printTaken, treeOf } from './synth-cases.ts';

const [name = '', outdir = ''] = process.argv.slice(2);
const tree = treeOf(name);

const started = performance.now();
const app = new App({ outdir });
populate(app, tree);
app.synth();
printTaken(started);
