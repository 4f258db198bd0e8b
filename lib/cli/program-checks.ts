import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ClusterCheck } from '../checks/check.ts';
import type { CheckResult } from '../checks/run-checks.ts';
import type { ProjectConfig } from '../config/project-config.ts';
import { ContentCache } from '../files/content-cache.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredObject, DesiredState } from '../render/desired-state.ts';
import { count } from '../report/wording.ts';
import type { Project } from './project.ts';
import type { Screen } from './surroundings.ts';
import { VERSION } from './version.ts';

/** Raised when a check finds something else in the same objects: what was found before no longer counts. */
const CHECK_SET = 13;

/**
 * What the checks find in a desired state. Kept with what it was found in: where nothing has changed since the last time, no check runs, and none is loaded; where something has, the checks that look at
 * one object at a time look at what is new alone.
 * @throws OrreryError ORR1002 for a waiver of a check that does not exist; ORR2601 for a check of the project that cannot be loaded or fails;
 * for a definition that cannot be read
 */
export async function checkedProgram(project: Project, desired: DesiredState): Promise<CheckResult> {
  const { config } = project;
  const folder = path.join(project.stateFolder, 'checks');
  // What a check of the project depends on is for nobody to know: it runs every time.
  const cache = new ContentCache(config.ownChecks.length > 0 ? undefined : folder);
  const definitions = states(config);
  const key = keyOf(config, definitions, desired);
  const known = (await cache.read('checks', key, 'last')) as CheckResult | undefined;
  if (known !== undefined) return known;
  const { CHECKS, runChecks } = await import('../checks/run-checks.ts');
  const { KeptObjectFindings } = await import('./kept-findings.ts');
  const own = await ownChecks(
    config,
    CHECKS.map(({ id }) => id),
  );
  const kept = await KeptObjectFindings.open(
    new ContentCache(folder),
    canonicalJson([CHECK_SET, VERSION, definitions]),
  );
  const imported = await importedDefinitions(config);
  const { hasRuledObjects } = await import('../checks/cel/ruled-objects.ts');
  const celEngine = hasRuledObjects(desired, imported)
    ? await (await import('../checks/cel/cel-engine.ts')).loadCelEngine()
    : undefined;
  const { hasPrometheusRules } = await import('../checks/promql/prometheus-rules.ts');
  const { hasDashboards } = await import('../checks/check-dashboards.ts');
  const promqlReader =
    hasPrometheusRules(desired) || hasDashboards(desired)
      ? await (await import('../checks/promql/promql-reader.ts')).loadPromqlReader()
      : undefined;
  const options = { definitions: imported, own, kept, celEngine, promqlReader };
  const result = runChecks(desired, config.waivedFindings, options);
  await Promise.all([cache.write('checks', key, result, 'last'), kept.save()]);
  return result;
}

/** Errors with their places, and how many warnings there are beside. */
export async function tellFindings({ findings }: CheckResult, screen: Screen): Promise<void> {
  if (findings.length === 0) return;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const { findingText } = await import('../report/check-text.ts');
  for (const finding of errors) screen.err(`${findingText(finding, screen.talk)}\n`);
  const warnings = findings.length - errors.length;
  if (warnings > 0) screen.err(screen.talk.dim(`${count(warnings, 'warning')} of checks; orrery check shows them.\n`));
}

function keyOf(config: ProjectConfig, definitions: readonly unknown[], { clusters, apps }: DesiredState): string {
  const waivers = config.waivedFindings;
  const objects = clusters.map((cluster) => [
    cluster.name,
    cluster.facts,
    cluster.loads ?? [],
    (cluster.releases ?? []).map(({ id }) => id.namespace),
    sha256(cluster.objects.map(textOf).join('\n')),
  ]);
  return sha256(canonicalJson([CHECK_SET, VERSION, waivers, definitions, apps ?? [], objects]));
}

/** Everything of an object that checks look at. */
function textOf({ sha256: digest, path: construct, source, defaultNamespace, controllerOwned }: DesiredObject): string {
  const owned = controllerOwned === undefined ? '' : JSON.stringify(controllerOwned);
  return `${digest} ${construct} ${source ?? ''} ${defaultNamespace ?? ''} ${owned}`;
}

/** Files with definitions as they are now: name, size and time of each. */
function states({ definitions, folder }: ProjectConfig): readonly unknown[] {
  const look = (file: string): unknown[] => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isDirectory() !== true) return [[file, stat?.size, stat?.mtimeMs]];
    return readdirSync(file).flatMap((name) => look(path.join(file, name)));
  };
  return definitions.flatMap((name) => look(path.resolve(folder, name)));
}

async function ownChecks(
  { ownChecks: files }: ProjectConfig,
  taken: readonly string[],
): Promise<readonly ClusterCheck[]> {
  if (files.length === 0) return [];
  const { loadProjectChecks } = await import('../checks/project-check.ts');
  return loadProjectChecks(files, taken);
}

/** @throws OrreryError for a definition that cannot be read: without it its resources would silently go unchecked */
async function importedDefinitions({ definitions, folder }: ProjectConfig): Promise<KubernetesObject[]> {
  if (definitions.length === 0) return [];
  const { readDefinitions } = await import('../import/read-definitions.ts');
  const { found, problems } = await readDefinitions(definitions, folder);
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return found.map(({ object }) => object);
}
