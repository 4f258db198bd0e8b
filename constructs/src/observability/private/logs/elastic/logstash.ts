import { sha256 } from '../../../../private/canonical';
import { writeYaml } from '../../../../yaml';
import type { LogstashProps } from '../../../logstash-place';
import { halfOf } from '../opensearch-objects';
import { apart, disruptionBudget, restrictedContainer, restrictedPod, secretEnv } from '../pod-parts';
import { BEATS_PORT, certificates, type ElasticPlan, imageOf, partSelector, writerOf } from './elastic-plan';
import { writeLogstash } from './logstash-language';
import { logstashPipeline } from './logstash-pipeline';

/** User and group of Elastic's images. */
const USER = 1000;

/** Configuration files of Logstash. */
function logstashFiles(plan: ElasticPlan, { queueSize = '8Gi' }: LogstashProps): { readonly [file: string]: string } {
  return {
    'logstash.conf': writeLogstash(logstashPipeline(plan)),
    'pipelines.yml': writeYaml([
      {
        'pipeline.id': 'logs',
        'path.config': '/usr/share/logstash/pipeline/logstash.conf',
        'pipeline.ecs_compatibility': 'v8',
        // Records are taken from Filebeat once they are on disk.
        'queue.type': 'persisted',
        'queue.max_bytes': `${Math.floor(gibibytes(queueSize) * 0.8 * 1024)}mb`,
      },
    ]),
    'logstash.yml': writeYaml({
      'api.http.host': '0.0.0.0',
      'xpack.monitoring.enabled': false,
      // Backslashes in regular expressions stand for themselves.
      'config.support_escapes': false,
    }),
  };
}

/** Logstash in the centre. */
export function logstashObjects(plan: ElasticPlan, inside: LogstashProps, storageClass: string | undefined): object[] {
  const { namespace, props } = plan;
  const { replicas = 2, memory = '2Gi', queueSize = '8Gi' } = inside;
  const name = `${plan.name}-logstash`;
  const selector = partSelector(plan, 'logstash');
  const labels = { ...plan.labels, ...selector };
  const files = logstashFiles(plan, inside);
  const { volume, mount } = certificates(props);
  const heap = halfOf(memory);
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data: files },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { selector, ports: [{ name: 'beats', port: BEATS_PORT, targetPort: 'beats', appProtocol: 'tcp' }] },
    },
    ...(replicas > 1 ? [disruptionBudget(name, namespace, labels, selector)] : []),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas,
        selector: { matchLabels: selector },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: {
            labels,
            annotations: { 'observability.orrery.dev/config': sha256(JSON.stringify(files)).slice(0, 16) },
          },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            // It empties its queue before it goes.
            terminationGracePeriodSeconds: 120,
            affinity: apart(selector, false),
            securityContext: restrictedPod(USER),
            containers: [
              {
                name: 'logstash',
                image: imageOf('logstash', props),
                env: [
                  { name: 'LS_JAVA_OPTS', value: `-Xms${heap}m -Xmx${heap}m` },
                  { name: 'ES_USER', value: writerOf(plan) },
                  secretEnv('ES_PASSWORD', props.writerPassword),
                ],
                ports: [
                  { name: 'beats', containerPort: BEATS_PORT },
                  { name: 'http', containerPort: 9600 },
                ],
                startupProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 10, failureThreshold: 30 },
                readinessProbe: { tcpSocket: { port: 'beats' }, periodSeconds: 10 },
                livenessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 30, failureThreshold: 5 },
                resources: { requests: { cpu: '250m', memory }, limits: { memory } },
                // It writes settings from its environment beside its own.
                securityContext: restrictedContainer(false),
                volumeMounts: [
                  ...Object.keys(files).map((file) => ({
                    name: 'config',
                    mountPath: `/usr/share/logstash/${file === 'logstash.conf' ? 'pipeline' : 'config'}/${file}`,
                    subPath: file,
                    readOnly: true,
                  })),
                  { name: 'data', mountPath: '/usr/share/logstash/data' },
                  mount,
                ],
              },
            ],
            volumes: [
              { name: 'config', configMap: { name } },
              {
                name: 'data',
                ephemeral: {
                  volumeClaimTemplate: {
                    metadata: { labels },
                    spec: {
                      accessModes: ['ReadWriteOnce'],
                      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
                      resources: { requests: { storage: queueSize } },
                    },
                  },
                },
              },
              volume,
            ],
          },
        },
      },
    },
  ];
}

/** For whoever runs Logstash elsewhere: the same files. */
export function logstashOutside(plan: ElasticPlan): object[] {
  const labels = { ...plan.labels, ...partSelector(plan, 'logstash') };
  const metadata = { name: `${plan.name}-logstash-outside`, namespace: plan.namespace, labels };
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: logstashFiles(plan, {}) }];
}

function gibibytes(size: string): number {
  return (halfOf(size) * 2) / 1024;
}
