import { writeYaml } from '@orrery/constructs/yaml';
import { resolveWithoutCluster } from '../diff/resolve-namespace.ts';
import { manifestPaths } from '../directory/manifest-path.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { describeId, idKey } from '../kubernetes/object.ts';
import { isCustomResourceDefinition } from '../kubernetes/scope.ts';
import type { DesiredCluster, DesiredObject, DesiredState } from '../render/desired-state.ts';
import { unitLinks } from './chart-links.ts';
import { chartNames } from './chart-name.ts';
import { tooLargeRecord } from './release-size.ts';
import { definitionOf, literalText, SECRET_TEMPLATE, type SecretValues, templateOf } from './template-text.ts';

/** A unit of one cluster as a Helm chart. */
export interface HelmChart {
  readonly cluster: string;
  /** Construct path of the unit. */
  readonly unit: string;
  /** Of the chart, its folder, and good for a release; unique in the cluster. */
  readonly name: string;
  readonly version: string;
  /** For `helm install --namespace`. Every object names its own; helm keeps its record here. */
  readonly namespace: string;
  readonly objects: number;
  /** Path in the chart's folder → text. */
  readonly files: ReadonlyMap<string, string>;
  /** Values file with the values of its Secrets; without, helm refuses the chart. */
  readonly secretValues?: string | undefined;
  /** Charts of the same cluster that come before it. */
  readonly after: readonly string[];
  /** What helm does otherwise than an apply, one sentence each. */
  readonly notes: readonly string[];
}

export interface MadeCharts {
  /** Cluster by cluster, in the order in which they can be installed. */
  readonly charts: readonly HelmChart[];
  /** What concerns no chart alone. */
  readonly notes: readonly string[];
}

/**
 * The desired state as Helm charts: one for each unit of each cluster, because what differs from cluster to cluster (patches, versions, charts rendered for another
 * Kubernetes) is no matter of a few values. `helm template --include-crds` gives back the very objects.
 * @param version of the charts. Default: "0.0.0-c" and a digest of what is in the chart, so that another content is another version.
 */
export function makeCharts(state: DesiredState, version?: string): MadeCharts {
  const charts: HelmChart[] = [];
  const notes = new Set<string>();
  for (const cluster of state.clusters) {
    const { objects, warnings } = resolveWithoutCluster(cluster.objects);
    for (const warning of warnings) notes.add(warning);
    for (const { id } of cluster.releases ?? [])
      notes.add(
        `${describeId(id)} in ${cluster.name} is native and in none of the charts: helm installs its own chart beside them.`,
      );
    charts.push(...chartsOf(state, { ...cluster, objects }, version));
  }
  if (state.rollout !== undefined)
    notes.add('Charts know no waves: the rollout of the program, its gates and soak times are left out.');
  return { charts, notes: [...notes] };
}

function chartsOf(
  { platform }: DesiredState,
  { name: cluster, objects }: DesiredCluster,
  version: string | undefined,
): HelmChart[] {
  const units = Map.groupBy(objects, ({ unit }) => unit);
  const names = chartNames([...units.keys()]);
  const links = unitLinks(objects);
  return [...units].map(([unit, members]) => {
    const name = names.get(unit) as string;
    const { files, secretValues } = filesOf(members);
    const after = [...(links.get(unit)?.units ?? [])].map((other) => names.get(other) as string);
    const notes = notesOf(members, links.get(unit)?.lost ?? [], secretValues !== undefined);
    const size = tooLargeRecord(files);
    if (size !== undefined)
      notes.push(
        `helm cannot install it: its record takes about ${(size / 1024 / 1024).toFixed(1)} MiB, and a Secret holds 1 MiB. Divide the unit.`,
      );
    if (notes.length > 0)
      files.set('templates/NOTES.txt', literalText(`${notes.map((note) => `- ${note}`).join('\n')}\n`));
    const content = sha256(canonicalJson([...files].sort(([a], [b]) => (a < b ? -1 : 1))));
    const chart = {
      apiVersion: 'v2',
      name,
      description: `Unit ${unit} of platform ${platform.id} for cluster ${cluster}`,
      type: 'application',
      version: version ?? `0.0.0-c${content.slice(0, 12)}`,
      ...appVersionOf(members),
      annotations: { 'orrery.dev/platform': platform.id, 'orrery.dev/cluster': cluster, 'orrery.dev/unit': unit },
    };
    files.set('Chart.yaml', writeYaml(chart));
    return {
      cluster,
      unit,
      name,
      version: chart.version,
      namespace: namespaceOf(members),
      objects: members.length,
      files,
      ...(secretValues === undefined ? {} : { secretValues: writeYaml({ secrets: secretValues }) }),
      after,
      notes,
    };
  });
}

function filesOf(members: readonly DesiredObject[]): { files: Map<string, string>; secretValues?: SecretValues } {
  const files = new Map<string, string>();
  const paths = manifestPaths(members.map(({ id }) => id));
  const secrets: SecretValues = {};
  for (const { id, object, hook } of members) {
    const file = paths.get(idKey(id)) as string;
    if (isCustomResourceDefinition(object) && hook === undefined) {
      files.set(`crds/${file.slice(file.indexOf('/') + 1)}`, definitionOf(object));
      continue;
    }
    const { text, secretValues = {} } = templateOf(object);
    files.set(`templates/${file}`, text);
    Object.assign(secrets, secretValues);
  }
  const holdsSecrets = Object.keys(secrets).length > 0;
  if (holdsSecrets) files.set('templates/_secrets.tpl', SECRET_TEMPLATE);
  files.set('values.yaml', holdsSecrets ? '# "namespace/name": { key: base64 }\nsecrets: {}\n' : '{}\n');
  return { files, ...(holdsSecrets ? { secretValues: secrets } : {}) };
}

function notesOf(members: readonly DesiredObject[], lost: readonly string[], holdsSecrets: boolean): string[] {
  const notes = [...lost];
  if (holdsSecrets)
    notes.push('The values of its Secrets are not in the chart: give the values file that lies beside it.');
  if (members.some(({ object, hook }) => isCustomResourceDefinition(object) && hook === undefined))
    notes.push(
      'helm installs the definitions of crds/ once and never updates them: kubectl apply --server-side -f crds/ does.',
    );
  const restarting = members.filter(({ secretContent }) => secretContent !== undefined);
  if (restarting.length > 0)
    notes.push(
      `Changed Secrets do not restart the pods of ${some(restarting)}: a chart has no key for a digest of them.`,
    );
  const owned = members.filter(({ controllerOwned = [] }) => controllerOwned.length > 0);
  if (owned.length > 0)
    notes.push(
      `Controllers own fields of ${some(owned)}: an upgrade that changes such a field in the chart takes it from them.`,
    );
  return notes;
}

function some(objects: readonly DesiredObject[]): string {
  const names = objects.slice(0, 3).map(({ id }) => `${id.kind}/${id.name}`);
  return objects.length > names.length
    ? `${names.join(', ')} and ${objects.length - names.length} more`
    : names.join(', ');
}

/** The version that the labels of everything in it agree on. */
function appVersionOf(members: readonly DesiredObject[]): { readonly appVersion?: string } {
  const versions = new Set(members.map(({ object }) => object.metadata.labels?.['app.kubernetes.io/version']));
  versions.delete(undefined);
  const [version] = versions;
  return versions.size === 1 && version !== undefined ? { appVersion: version } : {};
}

/** A chart cannot bring the namespace that helm keeps its record in. */
function namespaceOf(members: readonly DesiredObject[]): string {
  const namespaces = new Set(members.map(({ id }) => id.namespace).filter((namespace) => namespace !== ''));
  const [namespace] = namespaces;
  const brings = members.some(({ id }) => id.group === '' && id.kind === 'Namespace' && id.name === namespace);
  return namespaces.size === 1 && namespace !== undefined && !brings ? namespace : 'default';
}
