import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ArgoRollout,
  ClusterSet,
  FlaggerCanary,
  FlaggerProvider,
  FlaggerWebhookType,
  IstioApiVersion,
  IstioClientTlsMode,
  IstioVirtualService,
  Platform,
  PodPortProtocol,
  PodPullPolicy,
} from '@orrery/constructs';
import { Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { readYaml } from '../../lib/yaml/read.ts';

const DATA = join(import.meta.dirname, '../../../shared/data/canary');

function fromFile(file: string, kind: string): unknown {
  const documents = readYaml(readFileSync(join(DATA, file)), { source: file });
  return documents.map(({ value }) => value as unknown as KubernetesObject | null).find((one) => one?.kind === kind);
}

/** What the general reader does for all examples, written as somebody would write it. */
describe.skipIf(!existsSync(DATA) && process.env.CI !== 'true')('an example written by hand', () => {
  const chart = () => new Chart(new ClusterSet(new Platform({ id: 'shop' }), 'clusters').add('prod'), 'chart');

  it('is the canary of Argo Rollouts with pauses', () => {
    const labels = { app: 'rollout-canary' };
    const rollout = new ArgoRollout(chart(), 'rollout', {
      metadata: { name: 'rollout-canary' },
      spec: {
        replicas: 5,
        revisionHistoryLimit: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'rollouts-demo',
                image: 'argoproj/rollouts-demo:blue',
                imagePullPolicy: PodPullPolicy.ALWAYS,
                ports: [{ containerPort: 8080 }],
              },
            ],
          },
        },
        strategy: {
          canary: {
            steps: [
              { setWeight: 20 },
              { pause: {} },
              { setWeight: 40 },
              { pause: { duration: '40s' } },
              { setWeight: 60 },
              { pause: { duration: '20s' } },
              { setWeight: 80 },
              { pause: { duration: '20s' } },
            ],
          },
        },
      },
    });
    expect(rollout.toJson()).toEqual(fromFile('argo-rollouts/rollout-canary.yaml', 'Rollout'));
  });

  it('is the mirror of Argo Rollouts in a mesh', () => {
    const labels = { app: 'istio-host-split' };
    const place = chart();
    const rollout = new ArgoRollout(place, 'rollout', {
      metadata: { name: 'istio-host-split' },
      spec: {
        replicas: 4,
        selector: { matchLabels: labels },
        strategy: {
          canary: {
            canaryService: 'istio-host-split-canary',
            stableService: 'istio-host-split-stable',
            trafficRouting: {
              managedRoutes: [{ name: 'mirror-route' }],
              istio: { virtualService: { name: 'istio-host-split-vsvc', routes: ['primary'] } },
            },
            steps: [
              { setCanaryScale: { weight: 50 } },
              {
                setMirrorRoute: {
                  name: 'mirror-route',
                  percentage: 50,
                  match: [{ method: { exact: 'POST' }, path: { prefix: '/color' } }],
                },
              },
              { pause: {} },
            ],
          },
        },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'istio-host-split',
                image: 'argoproj/rollouts-demo:green',
                ports: [{ name: 'http', containerPort: 8080, protocol: PodPortProtocol.TCP }],
                resources: { requests: { memory: '16Mi', cpu: '5m' } },
              },
            ],
          },
        },
      },
    });
    const routes = new IstioVirtualService(place, 'routes', {
      apiVersion: IstioApiVersion.V1ALPHA3,
      metadata: { name: 'istio-host-split-vsvc' },
      spec: {
        hosts: ['istio-host-split.com'],
        gateways: ['istio-host-split-gateway'],
        http: [
          {
            name: 'primary',
            route: [
              { destination: { host: 'istio-host-split-stable' }, weight: 100 },
              { destination: { host: 'istio-host-split-canary' }, weight: 0 },
            ],
          },
        ],
      },
    });
    rollout.controls(routes);
    expect(rollout.toJson()).toEqual(fromFile('argo-rollouts/istio/istio-mirror.yaml', 'Rollout'));
    expect(routes.toJson()).toEqual(fromFile('argo-rollouts/istio/istio-mirror.yaml', 'VirtualService'));
  });

  it('is the canary of Flagger in a mesh', () => {
    const timeout = { timeout: '15s', url: 'http://flagger-loadtester.test/' };
    const canary = new FlaggerCanary(chart(), 'canary', {
      metadata: { name: 'podinfo', inNamespace: 'test' },
      spec: {
        provider: FlaggerProvider.ISTIO,
        progressDeadlineSeconds: 600,
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
        autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'podinfo' },
        service: {
          name: 'podinfo',
          port: 80,
          targetPort: 9898,
          portName: 'http',
          portDiscovery: true,
          gateways: ['istio-system/public-gateway', 'mesh'],
          hosts: ['app.example.com'],
          trafficPolicy: { tls: { mode: IstioClientTlsMode.DISABLE } },
          match: [{ uri: { prefix: '/' } }],
          rewrite: { uri: '/' },
          timeout: '30s',
        },
        skipAnalysis: false,
        analysis: {
          interval: '15s',
          threshold: 10,
          maxWeight: 50,
          stepWeight: 5,
          metrics: [
            { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' },
            { name: 'request-duration', thresholdRange: { max: 500 }, interval: '30s' },
          ],
          webhooks: [
            {
              ...timeout,
              name: 'conformance-test',
              ofType: FlaggerWebhookType.PRE_ROLLOUT,
              metadata: {
                type: 'bash',
                cmd: "curl -sd 'test' http://podinfo-canary.test/token | grep token",
              },
            },
            {
              ...timeout,
              timeout: '5s',
              name: 'load-test',
              ofType: FlaggerWebhookType.ROLLOUT,
              metadata: { type: 'cmd', cmd: 'hey -z 1m -q 10 -c 2 http://podinfo-canary.test/' },
            },
          ],
        },
      },
    });
    expect(canary.toJson()).toEqual(fromFile('flagger/istio-canary.yaml', 'Canary'));
  });
});
