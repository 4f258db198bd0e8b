// Renders every Helm release of an assembly, each into a file: node helm-render.ts <assembly> <helm> <cache folder> <outdir>
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly, renderAssembly } from '@orrery/cli';
import { writeYamlDocuments } from '@orrery/constructs/yaml';
import { printTaken } from './synth-cases.ts';

const [folder = '', helmBinary = '', cacheFolder = '', outdir = ''] = process.argv.slice(2);
const assembly = await readAssembly(folder);
mkdirSync(outdir, { recursive: true });

const started = performance.now();
const state = await renderAssembly(assembly, { helm: { helmBinary, cacheFolder } });
const releases = Map.groupBy(
  state.clusters.flatMap(({ objects }) => objects),
  ({ path }) => path.split('/')[0] ?? '',
);
for (const [name, objects] of releases)
  writeFileSync(join(outdir, `${name}.yaml`), writeYamlDocuments(objects.map(({ object }) => object)));
printTaken(started);
