import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { OrreryError } from '../errors.ts';
import type { Json, JsonObject } from '../kubernetes/object.ts';
import { readYaml, type YamlDocument } from '../yaml/read.ts';
import { findAddress } from './find-address.ts';

/** Names that kustomize looks for (kustomize api/konfig: RecognizedKustomizationFileNames). */
const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Lists whose entries may be folders, files or addresses (kustomize api/types: Kustomization). */
const REFERENCES = ['resources', 'bases', 'components'] as const;
/** Lists whose entries are configurations of plugins: files, folders or the text itself. */
const PLUGINS = ['generators', 'transformers', 'validators'] as const;
/** What a folder of plugin configurations may say: with anything else it could put an address together that nobody sees here. */
const PLUGIN_FOLDER_FIELDS = ['apiversion', 'kind', 'metadata', 'resources'];

/** Characters; shorter texts stand everywhere. */
const SHORTEST_SECRET = 4;

/** What a look at a kustomization and all that it refers to has found. */
export interface KustomizationScan {
  /** The file of the kustomization itself, relative to the root. */
  readonly file: string;
  /** Literals of its secret generators: what must not be quoted from an error. */
  readonly secrets: readonly string[];
}

/**
 * Looks through a kustomization and those it refers to, before anything is run: what it needs must lie in the folder that the assembly has, and nowhere else.
 * @param root folder of the assembly, absolute.
 * @param within folder of the kustomization in it.
 * @param shown the root as people know it, for messages.
 * @throws OrreryError ORR2312 with file and line for an address that would be fetched, for a path that leaves the root or is not there, and for charts
 */
export function checkReferences(root: string, within: string, shown: string): KustomizationScan {
  const seen = new Map<string, string>();
  const secrets: string[] = [];

  /** A file or folder that is named at a place: what it is, and where. */
  const find = (folder: string, entry: string, source: string): { target: string; isFolder: boolean } => {
    const target = path.posix.normalize(path.posix.join(folder, entry));
    if (target === '..' || target.startsWith('../')) throw leavesRoot(entry, shown, source);
    const found = statSync(path.join(root, target), { throwIfNoEntry: false });
    if (found === undefined) throw isRemote(entry) ? remote(entry, source) : absent(entry, source);
    return { target, isFolder: found.isDirectory() };
  };

  const visit = (folder: string, isOfPlugins: boolean): string => {
    const visited = `${isOfPlugins} ${folder}`;
    const known = seen.get(visited);
    if (known !== undefined) return known;
    const file = fileIn(root, folder);
    if (file === undefined)
      throw refusal(
        `there is no ${FILE_NAMES[0]} in ${path.posix.join(shown, folder)}.`,
        'Add one, or correct the path.',
        shown,
      );
    seen.set(visited, file);
    for (const { value, at } of mapsIn(root, file, shown)) {
      refuseCharts(value, at);
      if (isOfPlugins) refuseMoreThanResources(value, at);
      secrets.push(...secretLiterals(value, path.join(root, folder)));
      for (const { place, entry } of entriesOf(value, REFERENCES)) {
        const { target, isFolder } = find(folder, entry, at(place));
        if (isFolder) visit(target, isOfPlugins);
        else if (isOfPlugins) mapsIn(root, target, shown);
      }
      for (const { place, entry } of entriesOf(value, PLUGINS)) {
        if (isPluginText(entry, at(place))) continue;
        const { target, isFolder } = find(folder, entry, at(place));
        if (isFolder) visit(target, true);
        else mapsIn(root, target, shown);
      }
    }
    return file;
  };
  const file = visit(path.posix.normalize(within), false);
  const hidden = new Set(secrets.filter((text) => text.length >= SHORTEST_SECRET));
  return { file, secrets: [...hidden].sort((a, b) => b.length - a.length) };
}

interface LocatedMap {
  readonly value: JsonObject;
  /** "base/kustomization.yaml:3". */
  readonly at: (place: readonly (string | number)[]) => string;
}

/** The maps of a YAML file. @throws OrreryError ORR2312 for an address in it that would be fetched */
function mapsIn(root: string, file: string, shown: string): LocatedMap[] {
  const source = path.posix.join(shown, file);
  return readYaml(readFileSync(path.join(root, file)), { source }).flatMap((document) => {
    const at = (place: readonly (string | number)[]) => `${source}:${document.lineOf(place)}`;
    refuseAddress(document, at);
    return isMap(document.value) ? [{ value: document.value, at }] : [];
  });
}

/** True for the text of a plugin's configuration, false for a path: kustomize tries to read it, too. */
function isPluginText(entry: string, source: string): boolean {
  let documents: YamlDocument[];
  try {
    documents = readYaml(entry, { source });
  } catch {
    return false;
  }
  for (const document of documents) refuseAddress(document, () => source);
  return documents.some(({ value }) => isMap(value));
}

function refuseAddress({ value }: YamlDocument, at: LocatedMap['at']): void {
  const found = findAddress(value);
  if (found !== undefined) throw remote(found.entry, at(found.place));
}

function refuseMoreThanResources(value: JsonObject, at: LocatedMap['at']): void {
  const more = Object.keys(value).find((key) => !PLUGIN_FOLDER_FIELDS.includes(key.toLowerCase()));
  if (more === undefined) return;
  const fix = 'Write the configurations as they are to be, and name their files.';
  throw refusal(`"${more}" in a kustomization of generators or transformers is not built.`, fix, at([more]));
}

function isMap(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function fileIn(root: string, folder: string): string | undefined {
  const there = statSync(path.join(root, folder), { throwIfNoEntry: false })?.isDirectory() === true;
  const names = there ? readdirSync(path.join(root, folder)) : [];
  const name = FILE_NAMES.find((one) => names.includes(one));
  return name === undefined ? undefined : path.posix.join(folder, name);
}

interface Reference {
  readonly place: readonly (string | number)[];
  readonly entry: string;
}

/** kustomize does not mind how the names of its fields are capitalised. */
function entriesOf(value: JsonObject, lists: readonly string[]): Reference[] {
  return Object.keys(value)
    .filter((key) => lists.includes(key.toLowerCase()))
    .flatMap((key) => textsOf(value[key]).map(([index, entry]) => ({ place: [key, index], entry })));
}

function textsOf(list: Json | undefined): [number, string][] {
  return Array.isArray(list)
    ? list.flatMap((entry, index): [number, string][] => (typeof entry === 'string' ? [[index, entry]] : []))
    : [];
}

/** What kustomize takes for an address once there is no such path (kustomize api/internal/git: NewRepoSpecFromURL). */
function isRemote(entry: string): boolean {
  return /:\/\/|^git@|[?&](ref|version)=|\.git(\/|$)|^[\w-]+(\.[\w-]+)+\/[\w.-]+\//.test(entry);
}

function refuseCharts(value: JsonObject, at: (place: readonly string[]) => string): void {
  for (const list of ['helmCharts', 'helmChartInflationGenerator'])
    if (value[list] !== undefined)
      throw refusal('a kustomization with Helm charts is not built.', 'Make a HelmRelease of each chart.', at([list]));
}

function secretLiterals(value: JsonObject, folder: string): string[] {
  const generators = Array.isArray(value.secretGenerator) ? value.secretGenerator : [];
  return generators.flatMap((generator) => {
    if (generator === null || typeof generator !== 'object' || Array.isArray(generator)) return [];
    const files = [...textsOf(generator.envs), ...textsOf([generator.env ?? null])].map(([, file]) => file);
    const lines = files.flatMap((file) => linesOf(path.join(folder, file)));
    return [...textsOf(generator.literals).map(([, literal]) => literal), ...lines].flatMap((literal) => [
      literal,
      literal.slice(literal.indexOf('=') + 1),
    ]);
  });
}

/** A file that cannot be read is kustomize's to report. */
function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}

function leavesRoot(entry: string, shown: string, source: string): OrreryError {
  const fix = 'Set `root` of the Kustomization to a folder around everything that it refers to.';
  return refusal(`"${entry}" lies outside of ${shown}, the folder that the assembly has.`, fix, source);
}

function remote(entry: string, source: string): OrreryError {
  const fix = 'Copy it into the project: what is applied must not change while nobody looks.';
  return refusal(`"${entry}" is fetched from elsewhere, with nothing that says what it has to be.`, fix, source);
}

function absent(entry: string, source: string): OrreryError {
  return refusal(`"${entry}" does not exist.`, 'Correct the path.', source);
}

/** A kustomization that is not built. */
export function refusal(what: string, fix: string, source: string): OrreryError {
  return new OrreryError('ORR2312', what, { source, fix });
}
