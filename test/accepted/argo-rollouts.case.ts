import {
  ArgoAnalysisTemplate,
  type ArgoCanaryStep,
  ArgoClusterAnalysisTemplate,
  ArgoDatadogAggregator,
  ArgoDatadogVersion,
  ArgoExperiment,
  ArgoPodHash,
  ArgoRollout,
  ArgoSpecReference,
  ArgoWebMethod,
  ArgoWorkloadScaleDown,
  CanaryBackend,
  CanaryMatch,
  CanaryRelease,
  CanaryStep,
  ClusterSet,
  IstioDestinationRule,
  IstioGateway,
  IstioServerTlsMode,
  IstioVirtualService,
  MultiClusterApp,
  Placement,
  PodConfinementType,
  PodNodeOperator,
  PodPullPolicy,
  PodRestartPolicy,
  type PodTemplate,
  PodTolerationOperator,
} from '@orrery/constructs';
import { Chart } from 'cdk8s';
import type { AcceptedCase } from './accepted-case.ts';

const LABELS = { app: 'cart' };
const SELECTOR = { matchLabels: LABELS };

const POD: PodTemplate = {
  metadata: { labels: LABELS, annotations: { 'example.com/scrape': 'yes' } },
  spec: {
    serviceAccountName: 'cart',
    securityContext: { runAsNonRoot: true, seccompProfile: { ofType: PodConfinementType.RUNTIME_DEFAULT } },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', comparison: PodNodeOperator.DOES_NOT_EXIST }] }],
        },
      },
    },
    tolerations: [{ key: 'team', comparison: PodTolerationOperator.EXISTS }],
    containers: [
      {
        name: 'cart',
        image: 'mall/cart:1',
        imagePullPolicy: PodPullPolicy.IF_NOT_PRESENT,
        env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
        ports: [{ name: 'http', containerPort: 8080 }],
        resources: { requests: { cpu: '100m', memory: '64Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
        volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
      },
    ],
    volumes: [{ name: 'cache', emptyDir: { sizeLimit: '16Mi' } }],
  },
};

const STEPS: ArgoCanaryStep[] = [
  { setCanaryScale: { replicas: 1 } },
  { setHeaderRoute: { name: 'testers', match: [{ headerName: 'x-tester', headerValue: { exact: 'yes' } }] } },
  {
    setMirrorRoute: {
      name: 'copies',
      percentage: 10,
      match: [{ method: { exact: 'GET' }, path: { prefix: '/' }, headers: { 'x-a': { regex: '.*' } } }],
    },
  },
  { setWeight: 5 },
  { pause: { duration: '10m' } },
  {
    analysis: {
      templates: [{ templateName: 'measures' }, { templateName: 'job', clusterScope: true }],
      args: [
        { name: 'service', value: 'cart' },
        { name: 'hash', valueFrom: { podTemplateHashValue: ArgoPodHash.LATEST } },
      ],
      dryRun: [{ metricName: 'load' }],
    },
  },
  {
    experiment: {
      duration: '5m',
      templates: [
        { name: 'canary', specRef: ArgoSpecReference.CANARY, replicas: 1, weight: 5, service: { name: 'x' } },
      ],
      analyses: [{ name: 'measures', templateName: 'measures', args: [{ name: 'service', value: 'cart' }] }],
    },
  },
  { pause: {} },
];

export default {
  title: 'objects of Argo Rollouts and Istio, typed, and a canary release by Argo Rollouts',
  crds: ['networking.istio.io', 'argoproj.io'],
  kinds: [
    ...['Rollout', 'AnalysisTemplate', 'ClusterAnalysisTemplate', 'Experiment'],
    ...['VirtualService', 'DestinationRule', 'Gateway'],
  ],
  program(platform) {
    const cluster = new ClusterSet(platform, 'clusters').add('prod-sh', {
      apiVersions: ['networking.istio.io/v1', 'argoproj.io/v1alpha1'],
    });
    const chart = new Chart(cluster, 'cart', { namespace: 'mall' });
    const istio = {
      virtualService: { name: 'cart', routes: ['primary'] },
      destinationRule: { name: 'cart', canarySubsetName: 'canary', stableSubsetName: 'stable' },
    };
    new ArgoRollout(chart, 'canary', {
      metadata: { name: 'cart', annotations: { 'example.com/owner': 'a' } },
      spec: {
        replicas: 4,
        revisionHistoryLimit: 2,
        minReadySeconds: 5,
        progressDeadlineSeconds: 300,
        progressDeadlineAbort: true,
        rollbackWindow: { revisions: 2 },
        analysis: { successfulRunHistoryLimit: 2, unsuccessfulRunHistoryLimit: 4 },
        selector: SELECTOR,
        template: POD,
        strategy: {
          canary: {
            maxSurge: '25%',
            maxUnavailable: 0,
            canaryService: 'cart-canary',
            stableService: 'cart-stable',
            canaryMetadata: { labels: { role: 'canary' } },
            stableMetadata: { annotations: { 'example.com/role': 'stable' } },
            abortScaleDownDelaySeconds: 30,
            antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 50 } },
            trafficRouting: { managedRoutes: [{ name: 'testers' }, { name: 'copies' }], istio },
            analysis: { templates: [{ templateName: 'measures' }], startingStep: 3 },
            steps: STEPS,
          },
        },
      },
    });
    new ArgoRollout(chart, 'blue-green', {
      metadata: { name: 'web' },
      spec: {
        workloadRef: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'web',
          scaleDown: ArgoWorkloadScaleDown.PROGRESSIVELY,
        },
        strategy: {
          blueGreen: {
            activeService: 'web',
            previewService: 'web-preview',
            autoPromotionEnabled: false,
            previewReplicaCount: 1,
            scaleDownDelaySeconds: 60,
            prePromotionAnalysis: { templates: [{ templateName: 'measures' }] },
          },
        },
      },
    });
    new ArgoAnalysisTemplate(chart, 'measures', {
      metadata: { name: 'measures' },
      spec: {
        args: [{ name: 'service' }, { name: 'key', valueFrom: { secretKeyRef: { name: 'datadog', key: 'api' } } }],
        measurementRetention: [{ metricName: 'load', limit: 5 }],
        metrics: [
          {
            name: 'success',
            interval: '1m',
            count: 5,
            failureLimit: 2,
            inconclusiveLimit: 1,
            consecutiveErrorLimit: 3,
            initialDelay: '30s',
            successCondition: 'result[0] >= 0.99',
            provider: {
              prometheus: {
                address: 'https://prometheus.example.com',
                query: 'up{service="{{args.service}}"}',
                timeout: 20,
                headers: [{ key: 'X-Scope', value: 'a' }],
                authentication: { oauth2: { tokenUrl: 'https://a.example.com', clientId: 'a', scopes: ['read'] } },
              },
            },
          },
          {
            name: 'load',
            provider: {
              datadog: {
                apiVersion: ArgoDatadogVersion.V2,
                aggregator: ArgoDatadogAggregator.AVG,
                interval: '5m',
                queries: { a: 'avg:load{*}' },
                formula: 'a',
              },
            },
          },
          {
            name: 'answer',
            provider: {
              web: {
                url: 'https://a.example.com',
                method: ArgoWebMethod.GET,
                jsonPath: '{$.ok}',
                timeoutSeconds: 10,
                headers: [{ key: 'X-Scope', value: 'a' }],
              },
            },
          },
          {
            name: 'cloud',
            provider: {
              cloudWatch: {
                interval: '30m',
                metricDataQueries: [
                  {
                    id: 'rate',
                    returnData: false,
                    metricStat: {
                      metric: { inNamespace: 'app', metricName: 'rate', dimensions: [{ name: 'a', value: 'b' }] },
                      period: 300,
                      stat: 'p99',
                      unit: 'None',
                    },
                  },
                ],
              },
            },
          },
        ],
      },
    });
    new ArgoClusterAnalysisTemplate(chart, 'job', {
      metadata: { name: 'job', labels: { team: 'a' } },
      spec: {
        metrics: [
          {
            name: 'job',
            provider: {
              job: {
                metadata: { labels: { team: 'a' } },
                spec: {
                  backoffLimit: 0,
                  template: {
                    spec: {
                      restartPolicy: PodRestartPolicy.NEVER,
                      containers: [{ name: 'look', image: 'mall/look:1', args: ['--all'] }],
                    },
                  },
                },
              },
            },
          },
        ],
      },
    });
    new ArgoExperiment(chart, 'experiment', {
      metadata: { name: 'two' },
      spec: {
        duration: '5m',
        progressDeadlineSeconds: 60,
        templates: [{ name: 'one', replicas: 1, minReadySeconds: 5, selector: SELECTOR, template: POD }],
        analyses: [{ name: 'measures', templateName: 'measures', requiredForCompletion: true }],
      },
    });
    new IstioVirtualService(chart, 'routes', {
      metadata: { name: 'cart' },
      spec: {
        hosts: ['cart.mall.svc.cluster.local'],
        gateways: ['edge', 'mesh'],
        http: [
          {
            name: 'testers',
            match: [{ headers: { 'x-tester': { exact: 'yes' } }, uri: { prefix: '/' }, sourceLabels: { app: 'web' } }],
            fault: { delay: { fixedDelay: '1s', percentage: { value: 10 } }, abort: { httpStatus: 503 } },
            route: [{ destination: { host: 'cart.mall.svc.cluster.local', subset: 'canary' } }],
          },
          {
            name: 'primary',
            timeout: '2s',
            retries: { attempts: 2, perTryTimeout: '700ms', retryOn: '5xx' },
            headers: { request: { set: { 'x-a': 'b' }, remove: ['x-c'] } },
            mirrors: [{ destination: { host: 'cart.mall.svc.cluster.local' }, percentage: { value: 5 } }],
            route: [
              {
                destination: { host: 'cart.mall.svc.cluster.local', subset: 'stable', port: { number: 80 } },
                weight: 95,
              },
              { destination: { host: 'cart.mall.svc.cluster.local', subset: 'canary' }, weight: 5 },
            ],
          },
        ],
      },
    });
    new IstioDestinationRule(chart, 'rule', {
      metadata: { name: 'cart' },
      spec: {
        host: 'cart.mall.svc.cluster.local',
        trafficPolicy: {
          connectionPool: { tcp: { maxConnections: 10, connectTimeout: '1s' }, http: { http1MaxPendingRequests: 5 } },
          outlierDetection: { consecutive5xxErrors: 3, interval: '10s' },
          loadBalancer: { localityLbSetting: { distribute: [{ fromLocality: 'a/*', to: { 'a/*': 90, 'b/*': 10 } }] } },
        },
        subsets: [
          { name: 'stable', labels: LABELS },
          { name: 'canary', labels: LABELS },
        ],
      },
    });
    new IstioGateway(chart, 'gateway', {
      metadata: { name: 'edge' },
      spec: {
        selector: { istio: 'ingressgateway' },
        servers: [
          {
            port: { number: 443, name: 'https', protocol: 'HTTPS' },
            hosts: ['shop.example.com'],
            tls: { mode: IstioServerTlsMode.SIMPLE, credentialName: 'shop' },
          },
        ],
      },
    });
    const app = new MultiClusterApp(platform, 'shop', { placement: Placement.everywhere() });
    const pay = app.addService('pay', { image: 'mall/pay:1', replicas: 4, port: 8080 });
    pay.resilience({ timeout: '2s', circuitBreaker: {} });
    new CanaryRelease(platform, 'pay-2', {
      service: pay,
      image: 'mall/pay:2',
      backend: CanaryBackend.ARGO_ROLLOUTS,
      prometheus: 'https://prometheus.example.com',
      steps: [
        CanaryStep.mirror(10),
        CanaryStep.headerRoute(CanaryMatch.header('x-tester', { exact: 'yes' })),
        CanaryStep.weight(5),
        CanaryStep.analyse({ successRate: 0.99, latency: { atMost: '500ms' }, during: '5m' }),
        CanaryStep.approve(),
      ],
    });
  },
} satisfies AcceptedCase;
