import type { AssemblyManifest } from '@orrery/constructs/assembly-format';
import { FieldPathMistake, parseFieldPath } from '@orrery/constructs/field-path';
import { OrreryError } from '../errors.ts';
import { ASSEMBLY_FORMAT } from './assembly.ts';
import { checkCanaryReleases } from './check-canary-releases.ts';
import { validate } from './schema-check.generated.ts';

const SYNTH_AGAIN = 'Write the assembly again with "orrery synth".';

/**
 * Checks a parsed manifest.json: version, JSON Schema (assembly.schema.json), and what a schema cannot say.
 * @param file name of the file in errors
 * @throws OrreryError ORR2102 for a newer format, ORR2103 with the JSON pointer for anything else
 */
export function checkManifest(manifest: unknown, file: string): AssemblyManifest {
  const newer = isNewer(manifest);
  if (newer === 'major') throw tooNew(manifest, file);
  if (!(validate as SchemaCheck)(manifest)) {
    const error = (validate as SchemaCheck).errors?.at(-1);
    if (newer === 'minor') throw tooNew(manifest, file);
    throw violation(file, error?.instancePath ?? '', expected(error));
  }
  const checked = manifest as AssemblyManifest;
  checkNames(checked, file);
  checkRollout(checked, file);
  checkCanaryReleases(checked, (pointer, what) => violation(file, pointer, what));
  return checked;
}

interface SchemaProblem {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: { readonly [name: string]: unknown };
}

interface SchemaCheck {
  (value: unknown): boolean;
  errors?: readonly SchemaProblem[] | null;
}

function isNewer(manifest: unknown): 'major' | 'minor' | undefined {
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const { format, version } = manifest as Partial<AssemblyManifest>;
  const match = format === 'orrery/assembly' && typeof version === 'string' ? /^(\d+)\.(\d+)$/.exec(version) : null;
  if (match === null) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major > ASSEMBLY_FORMAT.major) return 'major';
  return major === ASSEMBLY_FORMAT.major && minor > ASSEMBLY_FORMAT.minor ? 'minor' : undefined;
}

function tooNew(manifest: unknown, file: string): OrreryError {
  const { version } = manifest as { version: string };
  return new OrreryError(
    'ORR2102',
    `the assembly has format ${version}; this orrery reads up to ${ASSEMBLY_FORMAT.major}.${ASSEMBLY_FORMAT.minor}`,
    { source: file, fix: 'Update @orrery/cli to the version that goes with the @orrery/constructs of the program.' },
  );
}

function expected(error: SchemaProblem | undefined): string {
  if (error === undefined) return 'the manifest does not follow its schema';
  const { keyword, params } = error;
  const at = error.instancePath === '' ? 'the manifest' : error.instancePath;
  if (keyword === 'additionalProperties') return `${at} has the unknown field "${params.additionalProperty}"`;
  if (keyword === 'required') return `${at} lacks the field "${params.missingProperty}"`;
  if (keyword === 'const') return `${at} must be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === 'anyOf') return `${at} must have either asset, or repository, name and version`;
  return `${at} ${error.message ?? 'is wrong'}`;
}

export function violation(file: string, pointer: string, what: string): OrreryError {
  return new OrreryError('ORR2103', what, { source: pointer === '' ? file : `${file}#${pointer}`, fix: SYNTH_AGAIN });
}

/** Names that must be unique, references that must lead somewhere, and paths of fields. */
function checkNames(manifest: AssemblyManifest, file: string): void {
  const clusters = new Set<string>();
  manifest.clusters.forEach((cluster, c) => {
    if (clusters.has(cluster.name))
      throw violation(file, `/clusters/${c}/name`, `the cluster "${cluster.name}" stands twice in the manifest`);
    clusters.add(cluster.name);
  });
  manifest.clusters.forEach((cluster, c) => {
    const units = new Set<string>();
    const paths = new Set<string>();
    cluster.units.forEach((unit, u) => {
      const at = `/clusters/${c}/units/${u}`;
      if (units.has(unit.path))
        throw violation(file, `${at}/path`, `the unit "${unit.path}" stands twice in cluster "${cluster.name}"`);
      units.add(unit.path);
      for (const list of ['objects', 'helmReleases', 'includes'] as const) {
        unit[list]?.forEach((item, i) => {
          if (paths.has(item.path))
            throw violation(
              file,
              `${at}/${list}/${i}/path`,
              `the path "${item.path}" stands twice in cluster "${cluster.name}"`,
            );
          paths.add(item.path);
        });
      }
      unit.objects.forEach(({ controllerOwned = [] }, o) => {
        for (const [f, field] of controllerOwned.entries()) {
          const steps = parseFieldPath(field.path);
          if (!(steps instanceof FieldPathMistake)) continue;
          const what = `the path "${field.path}" of a controller-owned field ${steps.what}`;
          throw violation(file, `${at}/objects/${o}/controllerOwned/${f}/path`, what);
        }
      });
      unit.dependsOn?.forEach((dependency, d) => {
        if (dependency.cluster === undefined || clusters.has(dependency.cluster)) return;
        throw violation(
          file,
          `${at}/dependsOn/${d}/cluster`,
          `the unit "${unit.path}" depends on the cluster "${dependency.cluster}", which the assembly does not have`,
        );
      });
    });
  });
}

/** Every cluster is in exactly one wave: one that is in none would be left out without a word. */
function checkRollout({ clusters, rollout }: AssemblyManifest, file: string): void {
  if (rollout === undefined) return;
  const left = new Set(clusters.map(({ name }) => name));
  const names = new Set<string>();
  rollout.waves.forEach((wave, w) => {
    const at = `/rollout/waves/${w}`;
    if (names.has(wave.name))
      throw violation(file, `${at}/name`, `the wave "${wave.name}" stands twice in the rollout`);
    names.add(wave.name);
    wave.clusters.forEach((cluster, c) => {
      if (left.delete(cluster)) return;
      const what = clusters.some(({ name }) => name === cluster)
        ? 'stands twice in the rollout'
        : 'is not in the assembly';
      throw violation(file, `${at}/clusters/${c}`, `the cluster "${cluster}" of wave "${wave.name}" ${what}`);
    });
  });
  const [missing] = left;
  if (missing !== undefined) throw violation(file, '/rollout/waves', `the cluster "${missing}" is in no wave`);
}
