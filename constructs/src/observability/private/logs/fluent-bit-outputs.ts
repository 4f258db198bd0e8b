import type { SecretKey } from '../../../service-props';
import { fluentObject } from './fluent-bit-objects';
import { bufferSizeOf, type FluentBitPlan } from './fluent-bit-plan';
import { type LogKind, streamName, tagPattern } from './owners';

/** About two days while the store is away, unless the buffer is full before. Without an end, what the store refuses for good would be tried for ever. */
export const RETRIES = '500';

/** Where records go: to a data stream of their kind and owner, or as their owner's tenant. */
export function outputObjects(plan: FluentBitPlan): object[] {
  const { name, prefix, owners, api, props } = plan;
  if (api === 'loki')
    return [
      fluentObject(plan, 'ClusterOutput', `${name}-loki`, { match: '*', retry_limit: RETRIES, loki: loki(plan) }),
    ];
  const output = (kind: LogKind, owner: string, matchRegex: string) =>
    fluentObject(plan, 'ClusterOutput', `${name}-${kind}-${owner}`, {
      matchRegex,
      retry_limit: RETRIES,
      [api === 'opensearch' ? 'opensearch' : 'es']: {
        ...connection(plan),
        index: streamName(prefix, kind, owner),
        // A data stream takes new records only.
        writeOperation: 'create',
        suppressTypeName: api === 'opensearch' ? true : 'On',
        replaceDots: false,
        generateID: true,
        compress: 'gzip',
        bufferSize: '512k',
        traceError: true,
        totalLimitSize: bufferSizeOf(props),
      },
    });
  return owners.flatMap((owner) => [
    output('container', owner.name, withUnits(owner.workspace === undefined, tagPattern(owner, owners))),
    ...(props.audit === undefined
      ? []
      : [output('audit', owner.name, owner.workspace === undefined ? '^audit$' : `^audit\\.${owner.name}$`)]),
  ]);
}

/** What nodes themselves log is the platform's. */
function withUnits(isPlatform: boolean, containers: string): string {
  return isPlatform ? `${containers}|^unit\\.` : containers;
}

function loki(plan: FluentBitPlan): object {
  const { cluster, props } = plan;
  return {
    ...connection(plan),
    // A chunk has one tag, and by its tag one tenant.
    tenantIDKey: '$tenant',
    labels: [
      'job=fluent-bit',
      `cluster=${cluster.clusterName}`,
      "namespace=$kubernetes['namespace_name']",
      "container=$kubernetes['container_name']",
      "app=$kubernetes['labels']['app.kubernetes.io/name']",
    ],
    autoKubernetesLabels: 'off',
    lineFormat: 'json',
    removeKeys: ['tenant'],
    totalLimitSize: bufferSizeOf(props),
  };
}

function connection({ endpoint }: FluentBitPlan): object {
  const { host, port, tls, caSecret, credentials } = endpoint;
  return {
    host,
    port,
    ...(credentials === undefined
      ? {}
      : { httpUser: fromSecret(credentials.username), httpPassword: fromSecret(credentials.password) }),
    ...(tls
      ? {
          tls: {
            verify: true,
            ...(caSecret === undefined ? {} : { caFile: `/fluent-bit/secrets/${caSecret}/ca.crt` }),
          },
        }
      : {}),
  };
}

function fromSecret({ secret, key }: SecretKey): object {
  return { valueFrom: { secretKeyRef: { name: secret, key } } };
}
