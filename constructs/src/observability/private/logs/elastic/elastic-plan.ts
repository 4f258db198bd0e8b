import type { ElasticProps } from '../../../log-elastic-props';
import { LogstashPlace } from '../../../logstash-place';
import type { LogOwner } from '../owners';

/** What the chain of one stack is to be. */
export interface ElasticPlan {
  /** Names of everything begin with it. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [label: string]: string };
  readonly prefix: string;
  readonly owners: readonly LogOwner[];
  readonly requestIdHeader: string;
  readonly props: ElasticProps;
}

const ELASTIC_VERSION = '8.17.0';
export const BEATS_PORT = 5044;

/** Where the Secret with certificates is in every container. */
export const CERTIFICATES = '/certificates';

export function imageOf(product: string, { version = ELASTIC_VERSION }: ElasticProps): string {
  const folder = product === 'filebeat' ? 'beats' : product;
  return `docker.elastic.co/${folder}/${product}:${version}`;
}

export function logstashOf({ logstash = LogstashPlace.inCentre() }: ElasticProps): LogstashPlace {
  return logstash;
}

export function elasticHost({ name, namespace }: ElasticPlan): string {
  return `${name}-elasticsearch.${namespace}.svc`;
}

/** As which Logstash writes. */
export function writerOf({ prefix }: ElasticPlan): string {
  return `${prefix}-writer`;
}

/** Labels of a part's pods, by which it is selected. */
export function partSelector({ name }: ElasticPlan, part: string): { [label: string]: string } {
  return { 'app.kubernetes.io/name': part, 'app.kubernetes.io/instance': `${name}-${part}` };
}

/** The Secret with certificates, as a volume and where it is mounted. */
export function certificates({ tlsSecret }: ElasticProps): { readonly volume: object; readonly mount: object } {
  return {
    volume: { name: 'certificates', secret: { secretName: tlsSecret, defaultMode: 0o440 } },
    mount: { name: 'certificates', mountPath: CERTIFICATES, readOnly: true },
  };
}
