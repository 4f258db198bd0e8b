import { sha256 } from '../../../../private/canonical';
import { writeYaml } from '../../../../yaml';
import type { KibanaProps } from '../../../log-elastic-props';
import { apart, disruptionBudget, restrictedContainer, restrictedPod, secretEnv } from '../pod-parts';
import { CERTIFICATES, certificates, type ElasticPlan, elasticHost, imageOf, partSelector } from './elastic-plan';

export function kibanaObjects(
  plan: ElasticPlan,
  { systemPassword, encryptionKey, replicas = 1 }: KibanaProps,
): object[] {
  const { namespace, props } = plan;
  const name = `${plan.name}-kibana`;
  const selector = partSelector(plan, 'kibana');
  const labels = { ...plan.labels, ...selector };
  const text = writeYaml(kibanaConfig(plan));
  const { volume, mount } = certificates(props);
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data: { 'kibana.yml': text } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { selector, ports: [{ name: 'https', port: 5601, targetPort: 'https' }] },
    },
    ...(replicas > 1 ? [disruptionBudget(name, namespace, labels, selector)] : []),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: { 'observability.orrery.dev/config': sha256(text).slice(0, 16) } },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            affinity: apart(selector, false),
            securityContext: restrictedPod(1000),
            containers: [
              {
                name: 'kibana',
                image: imageOf('kibana', props),
                env: [
                  secretEnv('ELASTICSEARCH_PASSWORD', systemPassword),
                  secretEnv('XPACK_ENCRYPTEDSAVEDOBJECTS_ENCRYPTIONKEY', encryptionKey),
                  secretEnv('XPACK_SECURITY_ENCRYPTIONKEY', encryptionKey),
                  secretEnv('XPACK_REPORTING_ENCRYPTIONKEY', encryptionKey),
                ],
                ports: [{ name: 'https', containerPort: 5601 }],
                readinessProbe: { httpGet: { path: '/login', port: 'https', scheme: 'HTTPS' }, failureThreshold: 30 },
                resources: { requests: { cpu: '100m', memory: '1Gi' }, limits: { memory: '1Gi' } },
                securityContext: restrictedContainer(false),
                volumeMounts: [
                  {
                    name: 'config',
                    mountPath: '/usr/share/kibana/config/kibana.yml',
                    subPath: 'kibana.yml',
                    readOnly: true,
                  },
                  mount,
                ],
              },
            ],
            volumes: [{ name: 'config', configMap: { name } }, volume],
          },
        },
      },
    },
  ];
}

/** kibana.yml; passwords and keys come from the environment. */
function kibanaConfig(plan: ElasticPlan): { readonly [key: string]: unknown } {
  return {
    'server.host': '0.0.0.0',
    'server.ssl.enabled': true,
    'server.ssl.certificate': `${CERTIFICATES}/tls.crt`,
    'server.ssl.key': `${CERTIFICATES}/tls.key`,
    'elasticsearch.hosts': [`https://${elasticHost(plan)}:9200`],
    'elasticsearch.username': 'kibana_system',
    'elasticsearch.ssl.certificateAuthorities': [`${CERTIFICATES}/ca.crt`],
  };
}
