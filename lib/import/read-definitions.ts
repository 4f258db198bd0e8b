import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isOrreryError, OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { kubernetesObjects } from '../yaml/kubernetes-documents.ts';
import { readYaml } from '../yaml/read.ts';
import { type TypesFile, typesOfDefinition } from './definition-types.ts';
import { objectOf } from './typescript-text.ts';

/** A CustomResourceDefinition and where it was read: "crds/istio.yaml:12", "the cluster prod-sh". */
export interface FoundDefinition {
  readonly object: KubernetesObject;
  readonly source: string;
}

/** Types, and what could not be made into types: one odd definition does not stop the others. */
export interface Imported {
  readonly files: readonly TypesFile[];
  readonly problems: readonly OrreryError[];
}

/**
 * The CustomResourceDefinitions of YAML files. Of a folder every .yaml, .yml and .json below it is read; what is no definition there is passed over.
 * @param sources files and folders, relative to `cwd`
 */
export async function readDefinitions(
  sources: readonly string[],
  cwd: string,
): Promise<{ readonly found: readonly FoundDefinition[]; readonly problems: readonly OrreryError[] }> {
  const found: FoundDefinition[] = [];
  const problems: OrreryError[] = [];
  for (const source of sources) {
    const files = await filesOf(path.resolve(cwd, source), source);
    let here = 0;
    for (const file of files) {
      const shown = path.relative(cwd, file) || source;
      try {
        const definitions = await definitionsIn(file, shown, file === path.resolve(cwd, source));
        here += definitions.length;
        found.push(...definitions);
      } catch (error) {
        if (!isOrreryError(error)) throw error;
        problems.push(error);
        here++;
      }
    }
    if (here === 0) problems.push(nothingIn(source));
  }
  return { found, problems };
}

/** Types of definitions, a file per kind. Of two definitions of one kind the first counts. */
export function typesOfDefinitions(found: readonly FoundDefinition[]): Imported {
  const files = new Map<string, TypesFile>();
  const sources = new Map<string, string>();
  const problems: OrreryError[] = [];
  const whole = new Set(found.filter(({ object }) => !isPatch(object)).map(({ object }) => object.metadata.name));
  for (const { object, source } of found) {
    // Beside the definitions of a kustomization lie its patches of them.
    if (isPatch(object) && whole.has(object.metadata.name)) continue;
    try {
      const file = typesOfDefinition(object, source);
      // Two names that differ in case are one file on many machines.
      const key = file.path.toLowerCase();
      const first = sources.get(key);
      if (first === undefined) {
        files.set(key, file);
        sources.set(key, source);
      } else if (files.get(key)?.text !== file.text) {
        const what = `${file.path} is defined in ${first} and again, otherwise, in ${source}`;
        problems.push(new OrreryError('ORR2501', what, { source, fix: 'Import one of them; the first was taken.' }));
      }
    } catch (error) {
      if (!isOrreryError(error)) throw error;
      problems.push(error);
    }
  }
  return { files: [...files.values()], problems };
}

/** Has what changes a definition, and nothing of what makes one. */
function isPatch({ spec }: KubernetesObject): boolean {
  const { group, names } = (spec ?? {}) as { readonly group?: unknown; readonly names?: unknown };
  return group === undefined && names === undefined;
}

async function filesOf(location: string, source: string): Promise<string[]> {
  const found = await stat(location).catch(() => undefined);
  if (found === undefined)
    throw new OrreryError('ORR1001', `there is no file or folder ${source}.`, {
      fix: 'Name a YAML file or a folder of them.',
    });
  if (!found.isDirectory()) return [location];
  const entries = await readdir(location, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** @param isNamed the file was named by itself: then everything in it shall be an object */
async function definitionsIn(file: string, shown: string, isNamed: boolean): Promise<FoundDefinition[]> {
  const documents = readYaml(await readFile(file), { source: shown });
  const objects = isNamed ? documents : documents.filter(({ value }) => typeof objectOf(value)?.kind === 'string');
  return kubernetesObjects(objects, shown, (object) => object.kind !== 'CustomResourceDefinition').map(
    ({ object, line }) => ({ object, source: `${shown}:${line}` }),
  );
}

function nothingIn(source: string): OrreryError {
  return new OrreryError('ORR2502', `${source} holds no CustomResourceDefinition.`, {
    fix: 'Name the YAML that installs the CRDs; for a Helm chart that is its crds folder.',
  });
}
