import { writeYaml } from '@orrery/constructs/yaml';
import type { Assembly, AssemblyCluster } from '../assembly/assembly.ts';
import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { storageClassRules } from './storage-classes.ts';

/** What shall be restored, and where. */
export interface RestoreRequest {
  /** Cluster that the backup is of. */
  readonly from: string;
  /** Cluster to restore it in; may be the same. */
  readonly to: string;
  /** Id of the plan of backups. Absent: the only one of the cluster. */
  readonly plan?: string | undefined;
  /** Name of a backup. Absent: the last one of the plan that completed. */
  readonly backup?: string | undefined;
  /** Name of the Restore. Velero runs each name once. Absent: "<schedule>-in-<to>". */
  readonly name?: string | undefined;
  /** Namespaces that get another name there. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Storage classes, beside what the facts of the two clusters say. */
  readonly storageClasses: ReadonlyMap<string, string>;
}

const GROUP = 'velero.io/';
const PART_OF = 'app.kubernetes.io/part-of';

/**
 * The documents that restore a backup of a `BackupPlan` by Velero in a cluster: a Restore, and where storage classes are called otherwise there a ConfigMap with
 * resource modifiers for it. They are applied by somebody who wants it now, never by the program: what a synth brings along would be restored again and again.
 * @throws {OrreryError} ORR1001 when there is no such plan, or the cluster cannot read its backups, or nothing says what stands for a storage class.
 */
export function restoreDocument({ clusters }: Pick<Assembly, 'clusters'>, request: RestoreRequest): KubernetesObject[] {
  const from = clusterOf(clusters, request.from);
  const to = clusterOf(clusters, request.to);
  const schedule = scheduleOf(from, request.plan);
  const { template } = record(schedule.spec);
  const { includedNamespaces, storageLocation } = record(template);
  const namespaces = Array.isArray(includedNamespaces) ? includedNamespaces.map(String) : [];
  const { namespace = '', name: scheduleName = '' } = schedule.metadata;
  assertReadable(from, to, namespace, String(storageLocation));
  for (const other of request.namespaces.keys()) {
    if (namespaces.includes(other)) continue;
    throw wrong(`the plan does not back up namespace "${other}".`, `It backs up ${namespaces.join(', ')}.`);
  }
  const name = request.name ?? `${scheduleName}-in-${request.to}`;
  const rules = from === to ? [] : storageClassRules(from, to, namespaces, request.storageClasses);
  const restore = {
    apiVersion: `${GROUP}v1`,
    kind: 'Restore',
    metadata: { name, namespace },
    spec: {
      ...(request.backup === undefined ? { scheduleName } : { backupName: request.backup }),
      includedNamespaces: namespaces,
      ...(request.namespaces.size === 0 ? {} : { namespaceMapping: Object.fromEntries(request.namespaces) }),
      ...(rules.length === 0 ? {} : { resourceModifier: { kind: 'ConfigMap', name } }),
      // What is there is newer than any backup.
      existingResourcePolicy: 'none',
    },
  };
  if (rules.length === 0) return [restore];
  const text = writeYaml({ version: 'v1', resourceModifierRules: rules });
  // Velero wants exactly one entry, whatever its name.
  const modifiers = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { 'resource-modifiers.yaml': text },
  };
  return [modifiers, restore];
}

function clusterOf(clusters: readonly AssemblyCluster[], name: string): AssemblyCluster {
  const found = clusters.find(({ manifest }) => manifest.name === name);
  if (found !== undefined) return found;
  throw wrong(
    `there is no cluster "${name}".`,
    `The program has ${clusters.map(({ manifest }) => manifest.name).join(', ')}.`,
  );
}

function scheduleOf({ manifest, objects }: AssemblyCluster, plan: string | undefined): KubernetesObject {
  const all = objects.filter(({ apiVersion, kind }) => apiVersion.startsWith(GROUP) && kind === 'Schedule');
  const plans = all.map(({ metadata }) => metadata.labels?.[PART_OF] ?? '');
  const asked = all.filter((_, at) => plan === undefined || plans[at] === plan);
  const [schedule] = asked;
  if (schedule !== undefined && asked.length === 1) return schedule;
  if (all.length === 0) {
    const fix = 'Declare one for it: new BackupPlan(platform, "nightly", { … }).';
    throw wrong(`no plan of backups is for cluster "${manifest.name}".`, fix);
  }
  throw plan === undefined
    ? wrong(`cluster "${manifest.name}" has several plans of backups.`, `Say which: --plan ${plans.join(' or ')}.`)
    : wrong(
        `no plan of backups "${plan}" is for cluster "${manifest.name}".`,
        `Plans for it are: ${plans.join(', ')}.`,
      );
}

/** Velero in `to` knows the backups of `from` only by a location that stands for the same store. */
function assertReadable(from: AssemblyCluster, to: AssemblyCluster, namespace: string, location: string): void {
  const stores = ({ objects }: AssemblyCluster) =>
    objects.filter(
      ({ apiVersion, kind, metadata }) =>
        apiVersion.startsWith(GROUP) && kind === 'BackupStorageLocation' && metadata.namespace === namespace,
    );
  const own = stores(from).find(({ metadata }) => metadata.name === location);
  const storeOf = ({ spec }: KubernetesObject) => {
    const { provider, objectStorage } = record(spec);
    const { bucket, prefix } = record(objectStorage);
    return JSON.stringify([provider, bucket, prefix]);
  };
  // A location that the program does not make is somebody else's to know.
  if (own === undefined || stores(to).some((one) => storeOf(one) === storeOf(own))) return;
  const [source, target] = [from.manifest.name, to.manifest.name];
  throw wrong(
    `cluster "${target}" has no location that reads the backups of "${source}".`,
    `Add "${target}" to restoreIn of the BackupLocation, and apply that.`,
  );
}

function wrong(what: string, fix: string): OrreryError {
  return new OrreryError('ORR1001', what, { fix });
}
