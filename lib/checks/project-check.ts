import { pathToFileURL } from 'node:url';
import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import type { CheckedCluster, CheckedObject, ClusterCheck, Found, Severity } from './check.ts';

/** An object that one cluster shall hold, as checks of a project see it. */
export interface ProjectCheckObject {
  readonly id: ObjectId;
  readonly object: KubernetesObject;
  /** Construct path. */
  readonly path: string;
  /** "main.ts:31" or "objects.yaml:12". */
  readonly source?: string | undefined;
}

/** Everything that one cluster shall hold, charts and included files rendered. */
export interface ProjectCheckCluster {
  readonly name: string;
  readonly facts: ClusterFactsManifest;
  readonly objects: readonly ProjectCheckObject[];
}

export interface ProjectFinding {
  /** One of those that were given. */
  readonly object: ProjectCheckObject;
  /** error: `orrery check` ends with 1. */
  readonly severity: Severity;
  /** Field of the object, e.g. "spec.replicas". */
  readonly field?: string | undefined;
  /** What is wrong, one sentence. */
  readonly what: string;
  /** What to do about it. */
  readonly fix: string;
}

/**
 * A check of a project's own: `checks.own` of cdk8s.yaml names the module, its default export is one or a list of them.
 *
 *     import type { ProjectCheck } from '@orrery/cli';
 *     export default {
 *       id: 'team-label',
 *       title: 'objects that name no team',
 *       run: ({ objects }) => objects.filter(…).map((object) => ({ object, severity: 'error', what: '…', fix: '…' })),
 *     } satisfies ProjectCheck;
 */
export interface ProjectCheck {
  /** Lower-case letters, digits and dashes: waivers and reports name it. */
  readonly id: string;
  /** What it looks for, a few words. */
  readonly title: string;
  /** Looks at one cluster; contacts none. */
  readonly run: (cluster: ProjectCheckCluster) => Iterable<ProjectFinding>;
}

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Loads the checks of some modules.
 * @param files absolute
 * @param taken ids of other checks
 * @throws OrreryError ORR2601 for a module that cannot be loaded or whose default export is no check
 */
export async function loadProjectChecks(files: readonly string[], taken: readonly string[]): Promise<ClusterCheck[]> {
  const checks: ClusterCheck[] = [];
  for (const file of files) {
    const exported = await load(file);
    for (const check of Array.isArray(exported) ? exported : [exported]) {
      const { id, title, run } = (check ?? {}) as Partial<ProjectCheck>;
      if (typeof id !== 'string' || typeof title !== 'string' || typeof run !== 'function')
        throw failure(file, 'its default export is no check and no list of checks', 'Export { id, title, run }.');
      if (!ID.test(id))
        throw failure(file, `"${id}" is no id of a check`, 'Use lower-case letters, digits and dashes.');
      if (taken.includes(id) || checks.some((known) => known.id === id))
        throw failure(file, `there is another check "${id}"`, 'Give it a name of its own.');
      checks.push(asCheck(check as ProjectCheck));
    }
  }
  return checks;
}

/** A check of a project as one of ours. */
function asCheck(own: ProjectCheck): ClusterCheck {
  const { id, title } = own;
  return { looksAt: 'cluster', id, title, run: (cluster) => findings(own, cluster) };
}

function findings({ id, run }: ProjectCheck, cluster: CheckedCluster): Found[] {
  const known = new Map<ProjectCheckObject, CheckedObject>(
    cluster.objects.map((checked) => {
      const { object, path, source } = checked.desired;
      return [{ id: checked.id, object, path, source }, checked];
    }),
  );
  try {
    const view = { name: cluster.name, facts: cluster.facts, objects: [...known.keys()] };
    return Array.from(run(view), ({ object, severity, field, what, fix }) => {
      const about = known.get(object);
      if (about === undefined) throw new Error('it found something about an object that it was not given');
      if (severity !== 'error' && severity !== 'warning')
        throw new Error(`it gave the severity "${String(severity)}", not error or warning`);
      return { object: about, severity, field, what: String(what), fix: String(fix) };
    });
  } catch (cause) {
    throw failure(undefined, `check "${id}" failed in cluster ${cluster.name}: ${reason(cause)}`, undefined, cause);
  }
}

async function load(file: string): Promise<unknown> {
  try {
    return ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default;
  } catch (cause) {
    throw failure(file, `it cannot be loaded: ${reason(cause)}`, undefined, cause);
  }
}

function failure(source: string | undefined, what: string, fix = 'Correct the check.', cause?: unknown): OrreryError {
  return new OrreryError('ORR2601', `${what}.`, { source, fix, cause });
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
