import type { IConstruct } from 'constructs';
import type { HelmChartManifest } from '../assembly-format';
import type { Cluster } from '../cluster';
import { HelmMode, type HelmReleaseOverride, type HelmReleaseProps } from '../helm-release';
import { fileAsset, fileOrFolderAsset } from './assets';
import { type JsonMap, mergeMaps, safeJson } from './json-values';
import { isDnsLabel, isDnsSubdomain } from './names';
import { namespaceObject } from './namespace-object';
import type { Override, Overrides } from './overrides';
import { type Problem, type ProblemCode, problemAt } from './problem';
import type { ReleasePatch, RenderedPatches } from './release-patch';
import type { AssetSource, Entry, Rendering } from './unit';

/** A release as the program declares it. */
export interface Release {
  readonly construct: IConstruct;
  readonly props: HelmReleaseProps;
  readonly releaseName: string;
  readonly namespace: string;
}

const VERSION = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const CHART_NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
/** Only what a URL needs: no blanks, quotes or control characters, which some tool could take for something else. */
const REPOSITORY = /^(https|oci):\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(\/[A-Za-z0-9._~%/+-]*)?$/;

/** Problems that do not depend on the cluster. */
export function validateRelease(
  release: Release,
  overrides: Overrides<HelmReleaseOverride>,
  problems: Problem[],
): void {
  const { construct, props, releaseName, namespace } = release;
  const report = (code: ProblemCode, what: string, fix: string, source?: string) =>
    problems.push(problemAt(construct, code, what, { fix, source }));
  if (releaseName.length > 53 || !isDnsSubdomain(releaseName)) {
    report(
      'ORR2003',
      `"${releaseName}" is not a valid release name.`,
      'Use at most 53 lower-case letters, digits, "-" and ".".',
    );
  }
  if (namespace === '') report('ORR2011', 'The Helm release has no namespace.', 'Set namespaceName.');
  else if (!isDnsLabel(namespace)) report('ORR2003', `"${namespace}" is not a valid namespace.`, 'Use a DNS label.');

  for (const { values, at } of [
    { values: props.values, at: undefined },
    ...overrides.all.map(({ value, site }) => ({ values: value.values, at: site.source })),
  ]) {
    if (values !== undefined && (typeof values !== 'object' || values === null || Array.isArray(values)))
      report('ORR2011', 'values is no map.', 'Write { key: value }; values files go into valuesFiles.', at);
  }
  if (props.chart === undefined) {
    report('ORR2011', 'The Helm release has no chart.', 'Set chart.');
    return;
  }
  const source = chartSource(props);
  if (source.repository === undefined) {
    if (props.version !== undefined) {
      report('ORR2012', 'A local chart has no version to choose.', 'Remove version, or set repository.');
    }
    if (props.chart.startsWith('-') || props.chart === '')
      report('ORR2011', `"${props.chart}" is not a chart.`, 'Give a path.');
  } else {
    if (!REPOSITORY.test(source.repository)) {
      report('ORR2011', `"${source.repository}" is not a chart repository.`, 'Use an https:// or oci:// address.');
    }
    if (!CHART_NAME.test(source.name))
      report('ORR2011', `"${source.name}" is not a chart name.`, 'Use its name in the repository.');
    if (props.version === undefined)
      report('ORR2011', 'The chart has no version.', 'Nothing is downloaded that is not pinned: set version.');
  }
  for (const { version, at } of [
    { version: props.version, at: undefined },
    ...overrides.all.map(({ value, site }) => ({ version: value.version, at: site.source })),
  ]) {
    if (version !== undefined && !VERSION.test(version)) {
      report(
        'ORR2011',
        `"${version}" is not an exact chart version.`,
        'Write it out, e.g. "4.11.3"; ranges are not pinned.',
        at,
      );
    }
  }
  if (source.repository === undefined && overrides.all.some(({ value }) => value.version !== undefined)) {
    report('ORR2012', 'A local chart has no version to override.', 'Remove version from the override.');
  }
}

/** What one of the modes has no place for: helm applies what it renders by itself, and nobody comes in between. */
export function validateMode(
  { construct, props }: Release,
  patches: Overrides<ReleasePatch>,
  problems: Problem[],
): void {
  if (props.mode !== HelmMode.NATIVE) {
    if (props.rollbackOnFailure === undefined) return;
    const fix = 'Remove it, or set mode: HelmMode.NATIVE.';
    problems.push(problemAt(construct, 'ORR2012', 'rollbackOnFailure is for native Helm releases.', { fix }));
    return;
  }
  for (const { site } of patches.all) {
    const fix = 'Change it by values, or leave the release rendered (HelmMode.RENDERED).';
    const what = 'A native Helm release cannot be patched: helm applies what it renders.';
    problems.push(problemAt(construct, 'ORR2012', what, { fix, source: site.source }));
  }
}

/** Values for a cluster that constructs around the release compute. */
export type ComputedValues = (cluster: Cluster) => { readonly [key: string]: unknown };

/** What is said of the release for one cluster. */
export interface SaidOfCluster {
  /** Over the values of the props. */
  readonly computed: readonly ReturnType<ComputedValues>[];
  /** Over all. */
  readonly declared: readonly Override<HelmReleaseOverride>[];
}

/** The release in one cluster, with its overrides. */
export function renderRelease(
  { construct, props, releaseName, namespace }: Release,
  { computed, declared }: SaidOfCluster,
  { patches, places }: RenderedPatches,
): Rendering {
  // Reported by validateRelease.
  if (props.chart === undefined) return { entries: [] };
  const overrides = declared.map((override) => override.value);
  const assets: AssetSource[] = [];
  const source = chartSource(props);
  let chart: HelmChartManifest;
  if (source.repository === undefined) {
    const asset = fileOrFolderAsset(construct, 'The chart', props.chart);
    assets.push(asset);
    chart = { asset: asset.asset };
  } else {
    const version = overrides.reduce((last, { version }) => version ?? last, props.version) as string;
    chart = { repository: source.repository, name: source.name, version };
  }
  const files = [...(props.valuesFiles ?? []), ...overrides.flatMap((override) => override.valuesFiles ?? [])];
  const valuesFiles = files.map((file) => fileAsset(construct, 'The values file', file));
  assets.push(...valuesFiles);
  const given = [
    { value: props, at: undefined },
    ...computed.map((values) => ({ value: { values }, at: undefined })),
    ...declared.map(({ value, site }) => ({ value, at: site.source })),
  ];
  const values = given.reduce<JsonMap>(
    (merged, { value, at }) => mergeMaps(merged, safeJson(construct, 'values', value.values ?? {}, at) as JsonMap),
    {},
  );
  const path = construct.node.path;
  const entries: Entry[] = [];
  if (props.createNamespace === true) {
    const object = namespaceObject(namespace, { 'app.kubernetes.io/managed-by': 'orrery' });
    entries.push({ path: `${path}/Namespace`, owner: construct, content: { type: 'object', object } });
  }
  entries.push({
    path,
    owner: construct,
    places,
    content: {
      type: 'helm',
      release: {
        releaseName,
        namespace,
        chart,
        ...(valuesFiles.length === 0 ? {} : { valuesFiles: valuesFiles.map((file) => file.asset) }),
        ...(Object.keys(values).length === 0 ? {} : { values }),
        ...(props.includeCrds === false ? { includeCrds: false } : {}),
        ...(patches.length === 0 ? {} : { patches }),
        ...(props.mode === HelmMode.NATIVE
          ? { native: props.rollbackOnFailure === true ? { rollbackOnFailure: true } : {} }
          : {}),
      },
    },
  });
  return { entries, assets };
}

/** Repository and name; neither for a local chart. */
function chartSource(props: HelmReleaseProps): { readonly repository?: string; readonly name: string } {
  if (props.repository !== undefined) return { repository: props.repository, name: props.chart };
  if (!props.chart.startsWith('oci://')) return { name: props.chart };
  const slash = props.chart.lastIndexOf('/');
  return { repository: props.chart.slice(0, slash), name: props.chart.slice(slash + 1) };
}
