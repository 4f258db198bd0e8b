import { sha256 } from '../../../private/canonical';
import { present } from '../../../private/present-members';
import { writeYaml } from '../../../yaml';
import { RETRIES } from './fluent-bit-outputs';
import { FLUENT_BIT_IMAGE, type FluentBitPlan } from './fluent-bit-plan';
import { type LogOwner, namespacePattern, streamName } from './owners';
import { restrictedContainer, restrictedPod, secretEnv } from './pod-parts';
import type { Endpoint } from './store-endpoint';
import type { StoreApi } from './store-model';

/** What the reader of one cluster is to do. */
export interface EventPlan
  extends Pick<FluentBitPlan, 'name' | 'namespace' | 'labels' | 'cluster' | 'prefix' | 'owners'> {
  /** Or it writes to its own log, from where another collector takes it. */
  readonly api: StoreApi | 'stdout';
  /** Where the store is. */
  readonly endpoint: Endpoint | undefined;
  /** @default - that of Fluent Bit's operator */
  readonly image: string | undefined;
}

/** Name of the container, by which what it logs is known. */
export const EVENTS_CONTAINER = 'kubernetes-events';

type Settings = Readonly<Record<string, unknown>>;

/**
 * One process for each cluster that reads the events of Kubernetes: where every node had one, each event would be kept once for each node. A Deployment of ours, since no released operator makes a configuration for its own
 * kind of it (fluent/fluent-operator, issue 1436).
 */
export function eventReader(plan: EventPlan): object[] {
  const { namespace, endpoint, image = FLUENT_BIT_IMAGE } = plan;
  const name = `${plan.name}-events`;
  const selector = { 'app.kubernetes.io/name': 'fluent-bit-events', 'app.kubernetes.io/instance': name };
  const labels = { ...plan.labels, ...selector };
  const text = writeYaml(eventConfig(plan));
  const { credentials, caSecret } = endpoint ?? {};
  const secrets =
    credentials === undefined
      ? []
      : [secretEnv('STORE_USER', credentials.username), secretEnv('STORE_PASSWORD', credentials.password)];
  const subject = { kind: 'ServiceAccount', name, namespace };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${namespace}-${name}`, labels },
      rules: [{ apiGroups: [''], resources: ['events'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${namespace}-${name}`, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${namespace}-${name}` },
      subjects: [subject],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data: { 'fluent-bit.yaml': text } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas: 1,
        // Never two at a time.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: { 'observability.orrery.dev/config': sha256(text).slice(0, 16) } },
          spec: {
            serviceAccountName: name,
            enableServiceLinks: false,
            securityContext: restrictedPod(65_532),
            containers: [
              {
                name: EVENTS_CONTAINER,
                image,
                command: ['/fluent-bit/bin/fluent-bit'],
                args: ['--config=/config/fluent-bit.yaml'],
                env: secrets.length === 0 ? undefined : secrets,
                ports: [{ name: 'metrics', containerPort: 2020 }],
                readinessProbe: { httpGet: { path: '/api/v1/health', port: 'metrics' } },
                resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '128Mi' } },
                securityContext: restrictedContainer(),
                volumeMounts: [
                  { name: 'config', mountPath: '/config', readOnly: true },
                  { name: 'state', mountPath: '/state' },
                  ...(caSecret === undefined ? [] : [{ name: 'authority', mountPath: '/authority', readOnly: true }]),
                ],
              },
            ].map((container) => present(container)),
            volumes: [
              { name: 'config', configMap: { name } },
              { name: 'state', emptyDir: { sizeLimit: '1Gi' } },
              ...(caSecret === undefined
                ? []
                : [
                    { name: 'authority', secret: { secretName: caSecret, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
                  ]),
            ],
          },
        },
      },
    },
  ];
}

/** Fluent Bit's configuration in YAML (docs.fluentbit.io, administration/configuring-fluent-bit/yaml). */
function eventConfig(plan: EventPlan): Settings {
  const { owners, cluster, name, api, endpoint } = plan;
  const workspaces = owners.filter(({ workspace }) => workspace !== undefined);
  return {
    service: {
      flush: 1,
      log_level: 'info',
      'scheduler.base': 5,
      'scheduler.cap': 300,
      http_server: true,
      http_listen: '0.0.0.0',
      http_port: 2020,
      health_check: true,
      'storage.path': '/state/buffers',
    },
    pipeline: {
      inputs: [
        {
          name: 'kubernetes_events',
          tag: 'events',
          db: '/state/events.db',
          // Of what was there before it began it reads no more than this.
          kube_retention_time: '1h',
          'storage.type': 'filesystem',
        },
      ],
      filters: [
        ...(workspaces.length === 0 || api === 'stdout'
          ? []
          : [
              {
                name: 'rewrite_tag',
                match: 'events',
                rule: workspaces.map(
                  (owner) => `$involvedObject['namespace'] ${namespacePattern(owner)} events.${owner.name} false`,
                ),
                emitter_name: `${name}-events`,
                'emitter_storage.type': 'filesystem',
              },
            ]),
        { name: 'record_modifier', match: '*', record: [`cluster ${cluster.clusterName}`] },
      ],
      outputs:
        endpoint === undefined || api === 'stdout'
          ? [
              {
                name: 'stdout',
                match: '*',
                format: 'json_lines',
                json_date_key: '@timestamp',
                json_date_format: 'iso8601',
              },
            ]
          : owners.map((owner) => eventOutput(plan, endpoint, owner)),
    },
  };
}

function eventOutput(plan: EventPlan, endpoint: Endpoint, { name: owner, workspace }: LogOwner): Settings {
  const { api, prefix, cluster } = plan;
  const { host, port, tls, caSecret, credentials } = endpoint;
  const common = {
    match: workspace === undefined ? 'events' : `events.${owner}`,
    host,
    port,
    retry_limit: Number(RETRIES),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Fluent Bit reads variables of its environment like that
    ...(credentials === undefined ? {} : { http_user: '${STORE_USER}', http_passwd: '${STORE_PASSWORD}' }),
    ...(tls
      ? { tls: true, 'tls.verify': true, ...(caSecret === undefined ? {} : { 'tls.ca_file': '/authority/ca.crt' }) }
      : {}),
  };
  if (api === 'loki')
    return {
      name: 'loki',
      ...common,
      tenant_id: owner,
      labels: `job=events, cluster=${cluster.clusterName}, namespace=$involvedObject['namespace']`,
      line_format: 'json',
    };
  return {
    name: api === 'opensearch' ? 'opensearch' : 'es',
    ...common,
    index: streamName(prefix, 'events', owner),
    write_operation: 'create',
    suppress_type_name: true,
    generate_id: true,
    compress: 'gzip',
    trace_error: true,
  };
}
