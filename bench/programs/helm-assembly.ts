// Writes an assembly of Helm releases of one chart, each with a values file of its own: node helm-assembly.ts <outdir> <chart> <values files…>
import { Cluster, HelmRelease, Platform } from '@orrery/constructs';

const [outdir = '', chart = '', ...valuesFiles] = process.argv.slice(2);
const platform = new Platform({ id: 'bench', outdir });
const cluster = new Cluster(platform, 'bench', { kubernetesVersion: '1.36' });
valuesFiles.forEach((file, release) => {
  new HelmRelease(cluster, `release-${release}`, { chart, valuesFiles: [file], namespaceName: 'portal' });
});
platform.synth();
