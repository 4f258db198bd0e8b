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
const KUBE_VERSION = /^v?\d+\.\d+(\.\d+)?([-+][0-9A-Za-z.+-]+)?$/;
const API_VERSION = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(\/[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?){0,2}$/;
const REPOSITORY = /^(?:https|oci):\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:\/[A-Za-z0-9._~%/+-]*)?$/;
const LOOPBACK = /^(?:http|https|oci):\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?(?:\/[A-Za-z0-9._~%/+-]*)?$/;

/** What a render depends on beside chart and values. */
export interface RenderContext {
  /** Kubernetes version of the cluster, "1.36" or "1.36.3"; undefined: helm's own default. */
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
  check(
    RELEASE_NAME.test(release.releaseName) && release.releaseName.length <= 53,
    'release name',
    release.releaseName,
    where,
  );
  check(DNS_LABEL.test(release.namespace) && release.namespace.length <= 63, 'namespace', release.namespace, where);
  const args = ['template', release.releaseName, chart, '--namespace', release.namespace];
  if (release.includeCrds !== false) args.push('--include-crds');
  if (context.kubeVersion !== undefined) {
    check(KUBE_VERSION.test(context.kubeVersion), 'Kubernetes version', context.kubeVersion, where);
    args.push('--kube-version', context.kubeVersion);
  }
  for (const apiVersion of context.apiVersions) {
    check(API_VERSION.test(apiVersion), 'API version', apiVersion, where);
    args.push('--api-versions', apiVersion);
  }
  for (const file of release.valuesFiles ?? []) {
    check(/^[0-9a-f]{64}$/.test(file.sha256), 'values file', file.sha256, where);
    args.push('--values', `./${file.sha256}`);
  }
  if (release.values !== undefined) args.push('--values', '-');
  return args;
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
