import {
  ClusterSet,
  KafkaSasl,
  MultiClusterApp,
  OffsetReset,
  Placement,
  ScalingMetric,
  ScalingSelect,
  ScalingTrigger,
  TriggerIdentity,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

const BEHAVIOR = {
  scaleUp: { policies: [{ pods: 4, period: '15s' }], selectPolicy: ScalingSelect.MAX },
  scaleDown: { stabilization: '10m', policies: [{ percent: 10, period: '1m' }] },
};

export default {
  title: 'autoscalers by metrics and by events of KEDA',
  crds: ['keda.sh/scaledobjects.keda.sh.yaml', 'keda.sh/triggerauthentications.keda.sh.yaml'],
  kinds: ['HorizontalPodAutoscaler', 'ScaledObject', 'TriggerAuthentication'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh', { apiVersions: ['keda.sh/v1alpha1'] });
    clusters.add('prod-gz', { apiVersions: ['keda.sh/v1alpha1'] });
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    mall.addService('cart', {
      image: 'mall/cart:4.12.0',
      cpu: '500m',
      memory: '512Mi',
      autoscaling: {
        ...BEHAVIOR,
        ...{ minReplicas: 4, maxReplicas: 20, cpuPercent: 70, memoryPercent: 80 },
        metrics: [
          ScalingMetric.pods('requests', '30', { path: 'cart' }),
          ScalingMetric.external('queue', { total: '100' }, { queue: 'orders' }),
          ScalingMetric.ofObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'mall' }, 'hits', {
            perPod: '500m',
          }),
        ],
      },
    });
    mall.addService('mailer', {
      image: 'mall/mailer:2.3.0',
      cpu: '500m',
      autoscaling: {
        ...BEHAVIOR,
        ...{ minReplicas: 0, maxReplicas: 15, cpuPercent: 80, pollingInterval: '15s', cooldownPeriod: '10m' },
        fallback: { failureThreshold: 3, replicas: 4 },
        triggers: [
          ScalingTrigger.cron({ timezone: 'Asia/Shanghai', start: '0 8 * * 1-5', end: '0 20 * * 1-5', replicas: 9 }),
          ScalingTrigger.prometheus({ serverAddress: 'http://prometheus:9090', query: 'sum(up)', threshold: 0.5 }),
          ScalingTrigger.kafka({
            ...{ bootstrapServers: ['kafka:9092'], consumerGroup: 'mailer', topic: 'mails', sasl: KafkaSasl.PLAINTEXT },
            offsetResetPolicy: OffsetReset.EARLIEST,
            authentication: {
              secrets: { username: { secret: 'kafka', key: 'user' }, password: { secret: 'kafka', key: 'password' } },
            },
          }),
          ScalingTrigger.rabbitMq({
            ...{ queueName: 'mails', value: 100 },
            authentication: { secrets: { host: { secret: 'rabbitmq', key: 'uri' } } },
          }),
          ScalingTrigger.other(
            'aws-sqs-queue',
            { queueURL: 'https://sqs.example.com/mails', queueLength: '5', awsRegion: 'eu-west-1' },
            { authentication: { identity: TriggerIdentity.AWS } },
          ),
          ScalingTrigger.other(
            'redis',
            { address: 'redis:6379', listName: 'mails', listLength: '5' },
            { authentication: { existingForCluster: 'redis' } },
          ),
        ],
      },
    });
  },
} satisfies AcceptedCase;
