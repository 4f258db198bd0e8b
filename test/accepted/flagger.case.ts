import {
  CanaryBackend,
  CanaryMatch,
  CanaryRelease,
  CanaryStep,
  ClusterSet,
  FlaggerAlertProvider,
  FlaggerAlertProviderType,
  FlaggerCanary,
  FlaggerMetricProviderType,
  FlaggerMetricTemplate,
  FlaggerProvider,
  FlaggerSameSite,
  FlaggerSeverity,
  FlaggerWebhookType,
  IstioClientTlsMode,
  MultiClusterApp,
  Placement,
} from '@orrery/constructs';
import { Chart } from 'cdk8s';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'objects of Flagger, typed, and canary releases by Flagger',
  crds: ['networking.istio.io', 'flagger.app'],
  kinds: ['Canary', 'MetricTemplate', 'AlertProvider'],
  program(platform) {
    const cluster = new ClusterSet(platform, 'clusters').add('prod-sh', {
      apiVersions: ['networking.istio.io/v1', 'flagger.app/v1beta1'],
    });
    const chart = new Chart(cluster, 'cart', { namespace: 'mall' });
    new FlaggerCanary(chart, 'canary', {
      metadata: { name: 'cart' },
      spec: {
        provider: FlaggerProvider.ISTIO,
        progressDeadlineSeconds: 600,
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
        autoscalerRef: {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          name: 'cart',
          primaryScalerReplicas: { minReplicas: 2, maxReplicas: 9 },
        },
        service: {
          name: 'cart',
          port: 80,
          targetPort: 8080,
          portName: 'http',
          portDiscovery: true,
          gateways: ['mall/edge', 'mesh'],
          hosts: ['shop.example.com'],
          timeout: '30s',
          retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx' },
          match: [{ uri: { prefix: '/' } }],
          rewrite: { uri: '/' },
          headers: { response: { remove: ['x-a'] } },
          corsPolicy: { allowOrigins: [{ exact: 'https://shop.example.com' }], allowMethods: ['GET'], maxAge: '24h' },
          trafficPolicy: { tls: { mode: IstioClientTlsMode.ISTIO_MUTUAL } },
          apex: { labels: { team: 'a' } },
        },
        analysis: {
          interval: '1m',
          threshold: 5,
          stepWeights: [5, 25, 50],
          primaryReadyThreshold: 80,
          sessionAffinity: { cookieName: 'cart', maxAge: 3600, sameSite: FlaggerSameSite.LAX, secure: true },
          metrics: [
            { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' },
            {
              name: 'errors',
              templateRef: { name: 'errors', inNamespace: 'mall' },
              templateVariables: { path: '/' },
              thresholdRange: { max: 1 },
              interval: '1m',
            },
          ],
          alerts: [{ name: 'chat', severity: FlaggerSeverity.WARN, providerRef: { name: 'chat' } }],
          webhooks: [
            {
              name: 'smoke',
              ofType: FlaggerWebhookType.PRE_ROLLOUT,
              url: 'https://smoke.example.com',
              timeout: '30s',
              retries: 2,
              metadata: { cmd: 'curl' },
            },
          ],
        },
      },
    });
    new FlaggerMetricTemplate(chart, 'errors', {
      metadata: { name: 'errors' },
      spec: {
        provider: {
          ofType: FlaggerMetricProviderType.PROMETHEUS,
          address: 'https://prometheus.example.com',
          insecureSkipVerify: false,
          secretRef: { name: 'prometheus' },
        },
        query: 'errors',
      },
    });
    new FlaggerAlertProvider(chart, 'chat', {
      metadata: { name: 'chat' },
      spec: {
        ofType: FlaggerAlertProviderType.SLACK,
        channel: 'releases',
        username: 'flagger',
        secretRef: { name: 'chat' },
      },
    });
    const app = new MultiClusterApp(platform, 'shop', { placement: Placement.everywhere() });
    const look = CanaryStep.analyse({ successRate: 0.99, latency: { atMost: '500ms' }, during: '1m' });
    const released = (name: string, steps: CanaryStep[]) =>
      new CanaryRelease(platform, `${name}-2`, {
        service: app.addService(name, { image: `mall/${name}:1`, replicas: 4, port: 8080 }),
        image: `mall/${name}:2`,
        backend: CanaryBackend.FLAGGER,
        prometheus: 'https://prometheus.example.com',
        steps,
      });
    released('pay', [CanaryStep.mirror(10), CanaryStep.weight(5), look, CanaryStep.weight(50), look]);
    released('web', [CanaryStep.headerRoute(CanaryMatch.cookie('canary', 'always')), look]);
  },
} satisfies AcceptedCase;
