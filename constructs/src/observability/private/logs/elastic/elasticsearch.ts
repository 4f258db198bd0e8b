import { sha256 } from '../../../../private/canonical';
import { writeYaml } from '../../../../yaml';
import type { ElasticNodes } from '../../../log-elastic-props';
import { halfOf } from '../opensearch-objects';
import { apart, disruptionBudget, restrictedContainer, restrictedPod, secretEnv } from '../pod-parts';
import { CERTIFICATES, certificates, type ElasticPlan, imageOf, partSelector } from './elastic-plan';

/** Nodes of one age. */
export type Tier = 'hot' | 'cold';

const USER = 1000;
/** Java's pointers are small up to this heap. */
const MOST_HEAP = 31 * 1024;

/** Elasticsearch: hot nodes, which are masters as well, and cold ones, each a StatefulSet. */
export function elasticsearchObjects(
  plan: ElasticPlan,
  storageClasses: { readonly [tier in Tier]?: string | undefined },
): object[] {
  const { namespace, props } = plan;
  const name = `${plan.name}-elasticsearch`;
  const selector = partSelector(plan, 'elasticsearch');
  const labels = { ...plan.labels, ...selector };
  const service = (suffix: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}${suffix}`, namespace, labels },
    spec,
  });
  return [
    // Nodes find each other before they are ready.
    service('-nodes', {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector,
      ports: [{ name: 'transport', port: 9300, targetPort: 'transport' }],
    }),
    service('', {
      selector: { ...selector, [TIER]: 'hot' },
      ports: [{ name: 'https', port: 9200, targetPort: 'https' }],
    }),
    ...tierObjects(plan, 'hot', props.hot, storageClasses.hot),
    ...(props.cold === undefined ? [] : tierObjects(plan, 'cold', props.cold, storageClasses.cold)),
  ];
}

const TIER = 'observability.orrery.dev/tier';

function tierObjects(plan: ElasticPlan, tier: Tier, nodes: ElasticNodes, storageClass: string | undefined): object[] {
  const { namespace, props } = plan;
  const whole = `${plan.name}-elasticsearch`;
  const name = `${whole}-${tier}`;
  const selector = { ...partSelector(plan, 'elasticsearch'), [TIER]: tier };
  const labels = { ...plan.labels, ...selector };
  const { memory = '4Gi', cpu = '500m', storage } = nodes;
  const replicas = nodesOf(nodes);
  const heap = Math.min(MOST_HEAP, halfOf(memory));
  const text = writeYaml(elasticsearchConfig(plan, tier));
  const { volume, mount } = certificates(props);
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data: { 'elasticsearch.yml': text } },
    ...(replicas > 1 ? [disruptionBudget(name, namespace, labels, selector)] : []),
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name, namespace, labels },
      spec: {
        serviceName: `${whole}-nodes`,
        replicas,
        // Masters wait for each other.
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate' },
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: { 'observability.orrery.dev/config': sha256(text).slice(0, 16) } },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 300,
            affinity: apart(selector, true),
            securityContext: { ...restrictedPod(USER), fsGroupChangePolicy: 'OnRootMismatch' },
            containers: [
              {
                name: 'elasticsearch',
                image: imageOf('elasticsearch', props),
                env: [
                  { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                  { name: 'ES_JAVA_OPTS', value: `-Xms${heap}m -Xmx${heap}m` },
                  secretEnv('ELASTIC_PASSWORD', props.elasticPassword),
                ],
                ports: [
                  { name: 'https', containerPort: 9200 },
                  { name: 'transport', containerPort: 9300 },
                ],
                startupProbe: { tcpSocket: { port: 'https' }, periodSeconds: 10, failureThreshold: 60 },
                readinessProbe: { tcpSocket: { port: 'https' }, periodSeconds: 10 },
                resources: { requests: { cpu, memory }, limits: { memory } },
                // It makes its keystore beside its configuration.
                securityContext: restrictedContainer(false),
                volumeMounts: [
                  { name: 'data', mountPath: '/usr/share/elasticsearch/data' },
                  {
                    name: 'config',
                    mountPath: '/usr/share/elasticsearch/config/elasticsearch.yml',
                    subPath: 'elasticsearch.yml',
                    readOnly: true,
                  },
                  { ...mount, mountPath: `/usr/share/elasticsearch/config${CERTIFICATES}` },
                ],
              },
            ],
            volumes: [{ name: 'config', configMap: { name } }, volume],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: {
              accessModes: ['ReadWriteOnce'],
              ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
              resources: { requests: { storage } },
            },
          },
        ],
      },
    },
  ];
}

/** elasticsearch.yml (elastic/elasticsearch, docs: important settings, data tiers, security). */
function elasticsearchConfig(plan: ElasticPlan, tier: Tier): { readonly [key: string]: unknown } {
  const { namespace, props } = plan;
  const whole = `${plan.name}-elasticsearch`;
  const masters = Array.from({ length: nodesOf(props.hot) }, (_, ordinal) => `${whole}-hot-${ordinal}`);
  // Paths are below the folder of the configuration: elsewhere nothing may be read.
  const ssl = {
    enabled: true,
    certificate: 'certificates/tls.crt',
    key: 'certificates/tls.key',
    certificate_authorities: ['certificates/ca.crt'],
  };
  return {
    'cluster.name': plan.name,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Elasticsearch reads variables of its environment like that
    'node.name': '${POD_NAME}',
    'node.roles': tier === 'hot' ? ['master', 'ingest', 'data_hot', 'data_content'] : ['data_cold'],
    // Without it nodes need vm.max_map_count, which only a privileged container could set.
    'node.store.allow_mmap': false,
    'network.host': '0.0.0.0',
    'discovery.seed_hosts': [`${whole}-nodes.${namespace}.svc`],
    ...(tier === 'hot' ? { 'cluster.initial_master_nodes': masters } : {}),
    'xpack.license.self_generated.type': 'basic',
    'xpack.security.enabled': true,
    'xpack.security.transport.ssl': { ...ssl, verification_mode: 'certificate', client_authentication: 'required' },
    'xpack.security.http.ssl': ssl,
    'action.destructive_requires_name': true,
  };
}

export function nodesOf({ nodes = 3 }: ElasticNodes): number {
  return nodes;
}
