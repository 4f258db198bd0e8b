import type { SecretKey } from '../service-props';
import { isConfigKey, isDnsSubdomain } from './names';
import type { Finding } from './service-validation';
import { VELERO, veleroLabels } from './velero';

/** Where the backups of a cluster are. */
export interface LocationSettings {
  readonly provider: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly config: { readonly [key: string]: string } | undefined;
  readonly credential: SecretKey | undefined;
}

/** The stores that a cluster knows: its own, and those that it restores from. */
export interface KnownStores {
  readonly name: string;
  readonly namespace: string;
  /** The cluster that knows them. */
  readonly cluster: string;
  readonly stores: readonly { readonly cluster: string; readonly settings: LocationSettings }[];
}

/** What is wrong with a store. */
export function locationProblems({ provider, bucket, prefix, credential }: LocationSettings): Finding[] {
  const findings: Finding[] = [];
  const report = (code: Finding['code'], what: string, fix: string) => findings.push({ code, what, fix });
  // "velero.io/aws" and "aws" are the same plugin.
  if (!/^([a-z0-9.-]+\/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(provider))
    report('ORR2011', `"${provider}" is not the name of a plugin.`, 'Use a name like "aws" or "velero.io/aws".');
  if (bucket === '' || bucket.includes('/'))
    report('ORR2011', `"${bucket}" is not a bucket.`, 'Use its name; what is inside it is the prefix.');
  if (prefix === '' || prefix.split('/').some((part) => part === '' || part === '.' || part === '..'))
    report('ORR2011', `"${prefix}" is not a folder in a bucket.`, 'Use names joined by "/", none at the ends.');
  if (credential !== undefined) {
    const { secret, key, optional } = credential;
    if (!isDnsSubdomain(secret)) report('ORR2003', `"${secret}" is not the name of a Secret.`, 'Use its name.');
    if (!isConfigKey(key)) report('ORR2003', `"${key}" is not a key of a Secret.`, 'Use the key in the Secret.');
    if (optional === true)
      report(
        'ORR2012',
        'The credential of a location is optional.',
        'Leave optional out: without it there are no backups.',
      );
  }
  return findings;
}

/**
 * A BackupStorageLocation for each store (velero.io/v1). Only the cluster's own is written to: of a folder that two clusters write to each would take the
 * backups of the other for its own, and delete what it does not know (Velero, "locations": "one bucket per cluster, or a prefix").
 */
export function locationObjects({ name, namespace, cluster, stores }: KnownStores): { id: string; object: object }[] {
  return stores.map(({ cluster: of, settings }) => {
    const isOwn = of === cluster;
    const { provider, bucket, prefix, config, credential } = settings;
    const id = isOwn ? 'BackupStorageLocation' : `BackupStorageLocation/${of}`;
    const object = {
      apiVersion: VELERO,
      kind: 'BackupStorageLocation',
      metadata: { name: isOwn ? name : `${name}-${of}`, namespace, labels: veleroLabels(name) },
      spec: {
        provider,
        objectStorage: { bucket, prefix: `${prefix}/${of}` },
        accessMode: isOwn ? 'ReadWrite' : 'ReadOnly',
        ...(config === undefined ? {} : { config }),
        ...(credential === undefined ? {} : { credential: { name: credential.secret, key: credential.key } }),
      },
    };
    return { id, object };
  });
}
