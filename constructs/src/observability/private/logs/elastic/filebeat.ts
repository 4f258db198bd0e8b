import type { Cluster } from '../../../../cluster';
import { sha256 } from '../../../../private/canonical';
import { writeYaml } from '../../../../yaml';
import { DEFAULT_AUDIT_PATH } from '../fluent-bit-plan';
import {
  BEATS_PORT,
  CERTIFICATES,
  certificates,
  type ElasticPlan,
  imageOf,
  logstashOf,
  partSelector,
} from './elastic-plan';

/** Lines that go on a record in traces of most languages: those that begin with a blank, and Java's causes. */
const CONTINUATION = '^[[:space:]]|^Caused by:|^\\.\\.\\. ';

/** Filebeat on every node (elastic/beats, deploy/kubernetes/filebeat), reading the files of containers. */
export function filebeatObjects(plan: ElasticPlan, cluster: Cluster, isCentre: boolean): object[] {
  const { namespace, props } = plan;
  const name = `${plan.name}-filebeat`;
  const selector = partSelector(plan, 'filebeat');
  const labels = { ...plan.labels, ...selector };
  const text = writeYaml(filebeatConfig(plan, cluster, isCentre));
  const { volume, mount } = certificates(props);
  const host = (volumeName: string, path: string, type?: string) => ({
    name: volumeName,
    hostPath: type === undefined ? { path } : { path, type },
  });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${namespace}-${name}`, labels },
      rules: [
        { apiGroups: [''], resources: ['namespaces', 'nodes', 'pods'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${namespace}-${name}`, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${namespace}-${name}` },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data: { 'filebeat.yml': text } },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%' } },
        template: {
          metadata: { labels, annotations: { 'observability.orrery.dev/config': sha256(text).slice(0, 16) } },
          spec: {
            serviceAccountName: name,
            enableServiceLinks: false,
            priorityClassName: 'system-node-critical',
            // On every node, whatever it is for: its pods log as well.
            tolerations: [{ operator: 'Exists' }],
            terminationGracePeriodSeconds: 30,
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'filebeat',
                image: imageOf('filebeat', props),
                args: ['-c', '/etc/filebeat/filebeat.yml', '-e'],
                env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
                ports: [{ name: 'http', containerPort: 5066 }],
                readinessProbe: { httpGet: { path: '/', port: 'http' }, initialDelaySeconds: 10 },
                resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
                // Files of containers are root's: its pods are below the baseline level, by what they mount.
                securityContext: {
                  runAsUser: 0,
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH'] },
                },
                volumeMounts: [
                  { name: 'config', mountPath: '/etc/filebeat', readOnly: true },
                  { name: 'data', mountPath: '/usr/share/filebeat/data' },
                  { name: 'logs', mountPath: '/var/log', readOnly: true },
                  mount,
                ],
              },
            ],
            volumes: [
              // Filebeat reads no configuration that others may write.
              { name: 'config', configMap: { name, defaultMode: 0o400 } },
              host('data', `/var/lib/${name}`, 'DirectoryOrCreate'),
              host('logs', '/var/log'),
              volume,
            ],
          },
        },
      },
    },
  ];
}

/** filebeat.yml (elastic/beats, filebeat/filebeat.reference.yml). */
function filebeatConfig(plan: ElasticPlan, cluster: Cluster, isCentre: boolean): { readonly [key: string]: unknown } {
  const { props } = plan;
  const { drop = [], multilineStarts = [], bufferSize = '5G', audit } = props;
  const rules = drop.map((one) => one._rule());
  const excluded = rules.flatMap(({ by, value }) =>
    by === 'namespace' ? [`/[^/_]+_${value}_[^/]+$`] : by === 'container' ? [`/[^/_]+_[^/_]+_${value}-[^/-]+$`] : [],
  );
  const multiline =
    multilineStarts.length === 0
      ? { pattern: CONTINUATION, negate: false }
      : { pattern: multilineStarts.map(({ firstLine }) => `(?:${firstLine})`).join('|'), negate: true };
  const input = (id: string, paths: string[], more: object) => ({
    type: 'filestream',
    id,
    paths,
    'prospector.scanner.symlinks': true,
    // By their first bytes, which begin with a time: inodes are used again. With the default of 1024 bytes, files that are shorter would not be read.
    'prospector.scanner.fingerprint': { enabled: true, offset: 0, length: 64 },
    'file_identity.fingerprint': {},
    ...more,
  });
  return {
    'filebeat.inputs': [
      input('containers', ['/var/log/containers/*.log'], {
        ...(excluded.length === 0 ? {} : { 'prospector.scanner.exclude_files': excluded }),
        parsers: [
          { container: { stream: 'all', format: 'auto' } },
          { multiline: { type: 'pattern', ...multiline, match: 'after', max_lines: 500 } },
        ],
        fields: { kind: 'container' },
        fields_under_root: true,
        processors: [
          // By the file's name, which the kubelet gives: nothing that a container writes changes it.
          {
            dissect: {
              tokenizer: '/var/log/containers/%{pod}_%{namespace}_%{?file}.log',
              field: 'log.file.path',
              target_prefix: 'source',
              ignore_failure: true,
            },
          },
          {
            add_kubernetes_metadata: {
              // biome-ignore lint/suspicious/noTemplateCurlyInString: Filebeat reads variables of its environment like that
              node: '${NODE_NAME}',
              'default_indexers.enabled': false,
              indexers: [{ container: {} }],
              'default_matchers.enabled': false,
              matchers: [{ logs_path: { logs_path: '/var/log/containers/' } }],
            },
          },
        ],
      }),
      ...(audit === undefined
        ? []
        : [
            input('audit', [audit.path ?? DEFAULT_AUDIT_PATH], {
              fields: { kind: 'audit' },
              fields_under_root: true,
            }),
          ]),
    ],
    processors: [{ add_fields: { target: '', fields: { cluster: cluster.clusterName } } }],
    // What Logstash does not take waits on the node's disk.
    'queue.disk': { max_size: bufferSize.replace(/([MG])$/, '$1B'), path: '/usr/share/filebeat/data/queue' },
    'output.logstash': {
      hosts: logstashHosts(plan, isCentre),
      loadbalance: true,
      ssl: {
        certificate_authorities: [`${CERTIFICATES}/ca.crt`],
        certificate: `${CERTIFICATES}/tls.crt`,
        key: `${CERTIFICATES}/tls.key`,
      },
    },
    'setup.ilm.enabled': false,
    'setup.template.enabled': false,
    'logging.level': 'info',
    'http.enabled': true,
    'http.host': '0.0.0.0',
    'http.port': 5066,
  };
}

function logstashHosts({ name, namespace, props }: ElasticPlan, isCentre: boolean): string[] {
  const place = logstashOf(props);
  const outside = place._hosts();
  if (outside !== undefined) return outside;
  if (isCentre) return [`${name}-logstash.${namespace}.svc:${BEATS_PORT}`];
  return [place._inside()?.address ?? ''];
}
