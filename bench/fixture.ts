import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from './measure.ts';
import { program } from './program.ts';

/** An assembly of services, and the same objects as the YAML that people give to kubectl. */
export interface Fixture {
  readonly assembly: string;
  /** One file of the assembly with all objects; they are the same in every cluster. */
  readonly yaml: string;
}

export interface FixtureOptions {
  /** Platform id. */
  readonly platform: string;
  readonly namespace: string;
  /** How many objects carry another value than in the unchanged fixture. Default 0. */
  readonly changed?: number;
  /** Default: one, named "bench". */
  readonly clusters?: readonly string[];
  /** In each cluster. Default 1,000. */
  readonly objects?: number;
  /** Folder for the assembly; it is replaced. */
  readonly folder: string;
}

/** Synthesizes the fixture by Orrery's own constructs. */
export async function makeFixture(options: FixtureOptions): Promise<Fixture> {
  const { platform, namespace, changed = 0, folder, clusters = ['bench'], objects = 1000 } = options;
  await runProcess({
    command: process.execPath,
    args: [program('assembly'), ...[platform, namespace, String(changed), folder, clusters.join(','), String(objects)]],
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH ?? '' },
  });
  const yamlFolder = join(folder, 'yaml', clusters[0] ?? '');
  const [file, ...others] = readdirSync(yamlFolder);
  if (file === undefined || others.length > 0) throw new Error(`${yamlFolder}: expected one file`);
  const yaml = join(yamlFolder, file);
  const documents = readFileSync(yaml, 'utf8')
    .split(/^---$/m)
    .filter((text) => text.includes('kind:')).length;
  if (documents !== objects) throw new Error(`${yaml}: expected ${objects} documents, not ${documents}`);
  return { assembly: folder, yaml };
}
