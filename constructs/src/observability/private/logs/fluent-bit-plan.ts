import type { Cluster } from '../../../cluster';
import type { FluentBitProps } from '../../log-collection-props';
import { MultilineFormat } from '../../log-lines';
import type { LogOwner } from './owners';
import type { Endpoint } from './store-endpoint';
import type { StoreApi } from './store-model';

/** What Fluent Bit of one cluster is to do. */
export interface FluentBitPlan {
  /** Names of its objects. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [label: string]: string };
  readonly cluster: Cluster;
  readonly prefix: string;
  readonly owners: readonly LogOwner[];
  readonly api: StoreApi;
  readonly endpoint: Endpoint;
  readonly requestIdHeader: string;
  readonly props: FluentBitProps;
}

/** The chart's own (fluent/helm-charts, charts/fluent-operator 4.3.0, values.yaml). */
export const FLUENT_BIT_IMAGE = 'ghcr.io/fluent/fluent-operator/fluent-bit:5.1.0';

export const DEFAULT_AUDIT_PATH = '/var/log/kubernetes/audit/audit.log';

export function bufferSizeOf({ bufferSize = '5G' }: FluentBitProps): string {
  return bufferSize;
}

export function multilineParsers({ multiline, multilineStarts = [] }: FluentBitProps): string[] {
  return [...multilineStarts.map(({ name }) => name), ...(multiline ?? Object.values(MultilineFormat))];
}
