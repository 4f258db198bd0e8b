import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import type { ObjectId } from '../kubernetes/object.ts';

/** apiVersion under which native releases stand in plans and inventories. No server serves it: a release is a row of Secrets that helm keeps. */
export const RELEASE_API_VERSION = 'helm.sh/v1';

/** Identity of a native release beside the objects of its cluster. */
export function releaseId(namespace: string, name: string): ObjectId {
  return { group: 'helm.sh', kind: 'HelmRelease', namespace, name };
}

/** True for a native release, false for every object of a cluster. */
export function isRelease({ group, kind }: Pick<ObjectId, 'group' | 'kind'>): boolean {
  return group === 'helm.sh' && kind === 'HelmRelease';
}

/** What helm is given to install or upgrade a release. */
export interface NativeInput {
  readonly manifest: HelmReleaseManifest;
  /** `description` is for people: "charts/storefront", "https://charts.example.com/gateway 4.11.3". */
  readonly chart: { readonly digest: string; readonly description: string };
  /** sha256 over chart, names and values. Values may be secret: it never leaves the process but as an HMAC. */
  readonly digest: string;
  /** Folder that values files and local charts are relative to. */
  readonly folder: string;
  /** Absolute path of the chart, verified again: time may have passed since it was rendered. */
  readonly location: () => Promise<string>;
  /** Texts of values that must not be repeated. */
  readonly secrets: () => Promise<readonly string[]>;
}
