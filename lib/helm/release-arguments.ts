import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import { OrreryError, type Where } from '../errors.ts';

/**
 * The command line of helm. An assembly may come from anywhere, so nothing of it reaches helm that could be taken for a flag, a list, a
 * URL with a password or a shell word: every value is checked against what its field may be.
 */

const RELEASE_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const CHART_NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
const EXACT_VERSION = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const KUBE_VERSION = /^(v?\d+\.\d+)(\.\d+)?([-+][0-9A-Za-z.+-]+)?$/;
const API_VERSION = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(\/[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?){0,2}$/;
const REPOSITORY = /^(?:https|oci):\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:\/[A-Za-z0-9._~%/+-]*)?$/;
const LOOPBACK = /^(?:http|https|oci):\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?(?:\/[A-Za-z0-9._~%/+-]*)?$/;

/** What a render depends on beside chart and values. */
export interface RenderContext {
  /** Kubernetes version of the cluster, "1.36" (helm is told "1.36.0") or "1.36.3"; undefined: helm's own default. */
  readonly kubeVersion: string | undefined;
  /** API versions beside the built-in ones. */
  readonly apiVersions: readonly string[];
}

/**
 * Arguments of `helm template`, to be run in the folder of the assets; inline values come on stdin.
 * @param chart file or folder of the chart, relative to that folder ("./<sha256>") or absolute
 * @throws OrreryError ORR2304
 */
export function templateArguments(
  release: HelmReleaseManifest,
  chart: string,
  context: RenderContext,
  where: Where,
): string[] {
  assertNames(release, where);
  const args = ['template', release.releaseName, chart, '--namespace', release.namespace];
  if (release.includeCrds !== false) args.push('--include-crds');
  if (context.kubeVersion !== undefined) {
    args.push('--kube-version', wholeVersion(context.kubeVersion, where));
  }
  for (const apiVersion of context.apiVersions) {
    check(API_VERSION.test(apiVersion), 'API version', apiVersion, where);
    args.push('--api-versions', apiVersion);
  }
  return [...args, ...valuesArguments(release, where)];
}

/**
 * A version as clusters have it, with a patch number. helm 3 and 4 hand on what they are given: with "1.36" a chart would read "v1.36" in `.Capabilities.KubeVersion`, which it
 * reads nowhere else and may not be able to take apart.
 */
function wholeVersion(version: string, where: Where): string {
  const [whole, minor, patch = '.0', rest = ''] = KUBE_VERSION.exec(version) ?? [];
  check(whole !== undefined, 'Kubernetes version', version, where);
  return `${minor}${patch}${rest}`;
}

/**
 * Names that helm may be given as arguments.
 * @throws OrreryError ORR2304
 */
export function assertNames(
  { releaseName, namespace }: Pick<HelmReleaseManifest, 'releaseName' | 'namespace'>,
  where: Where,
): void {
  check(RELEASE_NAME.test(releaseName) && releaseName.length <= 53, 'release name', releaseName, where);
  check(DNS_LABEL.test(namespace) && namespace.length <= 63, 'namespace', namespace, where);
}

/** Relative to the folder of the assets; inline values come on stdin. */
function valuesArguments({ values, valuesFiles = [] }: HelmReleaseManifest, where: Where): string[] {
  const files = valuesFiles.flatMap(({ sha256 }) => {
    check(/^[0-9a-f]{64}$/.test(sha256), 'values file', sha256, where);
    return ['--values', `./${sha256}`];
  });
  return [...files, ...(values === undefined ? [] : ['--values', '-'])];
}

/** How helm is to install or upgrade a release by itself. */
export interface UpgradeSettings {
  /** The platform that the release belongs to; helm keeps it as a label of the release. */
  readonly platformId: string;
  /** "v4.3.1". */
  readonly helmVersion: string;
  /** Nothing is stored; what would be is written to stdout as JSON. */
  readonly dryRun?: boolean | undefined;
  /** helm waits until what it wrote is ready. For hooks it always waits. */
  readonly wait?: boolean | undefined;
  /** For each thing that helm waits for. */
  readonly timeoutMs: number;
}

/** Label of the Secrets that helm keeps a release in: the platform that it belongs to. */
export const RELEASE_LABEL = 'orrery.dev/release';

/**
 * Arguments of `helm upgrade --install`, to be run in the folder of the assets; inline values come on stdin. Values that are given no more are given up: without
 * `--reset-values` helm keeps those of the last revision when there are none at all.
 * @throws OrreryError ORR2304
 */
export function upgradeArguments(
  release: HelmReleaseManifest,
  chart: string,
  { platformId, helmVersion, dryRun, wait, timeoutMs }: UpgradeSettings,
  where: Where,
): string[] {
  assertNames(release, where);
  check(DNS_LABEL.test(platformId), 'platform id', platformId, where);
  const { releaseName, namespace, native, includeCrds } = release;
  const args = ['upgrade', releaseName, chart, '--install', '--namespace', namespace, '--reset-values'];
  args.push('--labels', `${RELEASE_LABEL}=${platformId}`);
  if (includeCrds === false) args.push('--skip-crds');
  if (dryRun === true) args.push('--dry-run=server', '--output', 'json');
  else {
    args.push('--timeout', `${timeoutMs}ms`);
    if (wait === true) args.push('--wait');
    if (native?.rollbackOnFailure === true) args.push(/^v3\./.test(helmVersion) ? '--atomic' : '--rollback-on-failure');
  }
  return [...args, ...valuesArguments(release, where)];
}

/**
 * Arguments of `helm uninstall`.
 * @throws OrreryError ORR2304
 */
export function uninstallArguments(
  release: Pick<HelmReleaseManifest, 'releaseName' | 'namespace'>,
  { wait, timeoutMs }: Pick<UpgradeSettings, 'wait' | 'timeoutMs'>,
  where: Where,
): string[] {
  assertNames(release, where);
  const { releaseName, namespace } = release;
  const waits = wait === true ? ['--wait'] : [];
  return ['uninstall', releaseName, '--namespace', namespace, '--timeout', `${timeoutMs}ms`, ...waits];
}

export interface RepositoryChart {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Arguments of `helm pull` into a folder.
 * @throws OrreryError ORR2304 for anything but a name, an exact version and an https or oci address (or any on this machine)
 */
export function pullArguments(chart: RepositoryChart, destination: string, where: Where): string[] {
  const { repository, name, version } = chart;
  check(
    REPOSITORY.test(repository) || LOOPBACK.test(repository),
    'chart repository',
    repository,
    where,
    'Use an https:// or oci:// address without user and password.',
  );
  check(CHART_NAME.test(name), 'chart name', name, where);
  check(
    EXACT_VERSION.test(version),
    'chart version',
    version,
    where,
    'Nothing is downloaded that is not pinned: write the whole version, e.g. "4.11.3".',
  );
  const pinned = ['--version', version, '--destination', destination];
  if (!repository.startsWith('oci://')) return ['pull', name, '--repo', repository, ...pinned];
  const plain = LOOPBACK.test(repository) ? ['--plain-http'] : [];
  return ['pull', `${repository.replace(/\/+$/, '')}/${name}`, ...pinned, ...plain];
}

function check(valid: boolean, field: string, value: string, where: Where, fix?: string): void {
  if (valid) return;
  throw new OrreryError('ORR2304', `${JSON.stringify(value)} is no ${field} that helm may be given`, { ...where, fix });
}
