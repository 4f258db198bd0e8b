import { describe, expect, it } from 'vitest';
import { ResilienceBackend } from '../resilience';
import { withService } from '../service-synthesis.test-support';
import { names, released, shares } from './canary.test-support';
import { CanaryMatch } from './canary-match';
import { CanaryStep } from './canary-step';

const IMAGE = 'mall/cart:4.13.0';
const STEPS = [
  CanaryStep.weight(5),
  CanaryStep.analyse({ successRate: 0.995, during: '10m' }),
  CanaryStep.weight(50),
  CanaryStep.approve('Look at the orders.'),
];
const PROMETHEUS = 'https://prometheus.example.com';

const usual = () => released({ image: IMAGE, steps: STEPS, prometheus: PROMETHEUS });

describe('a canary release in a mesh', { timeout: 30_000 }, () => {
  it('goes through pods before requests, all requests before the service changes, and the canary last', () => {
    const release = usual();
    expect(release.stages()).toEqual([
      'begin',
      'weight-5',
      'analyse-2',
      'scale-50',
      'weight-50',
      'approve-4',
      'scale-100',
      'weight-100',
      'promote',
      'return',
      'end',
    ]);
    expect(names(release.before())).toEqual(['Deployment/cart', 'Service/cart']);
    expect(names(release.at('begin'))).toEqual([
      'Deployment/cart',
      'Service/cart',
      'Deployment/cart-canary',
      'Service/cart-canary',
    ]);
    expect(shares(release.at('weight-5'))).toEqual(['cart 95 · cart-canary 5']);
    expect(shares(release.at('scale-50'))).toEqual(['cart 95 · cart-canary 5']);
    expect(shares(release.at('weight-50'))).toEqual(['cart 50 · cart-canary 50']);
    expect(shares(release.at('weight-100'))).toEqual(['cart-canary 100']);
    expect(shares(release.at('promote'))).toEqual(['cart-canary 100']);
    expect(shares(release.at('return'))).toEqual(['cart 100']);
    expect(names(release.at('end'))).toEqual(['Deployment/cart', 'Service/cart']);
    expect(release.abort().map(names)).toEqual([
      ['Deployment/cart', 'Service/cart', 'VirtualService/cart'],
      ['Deployment/cart', 'Service/cart'],
    ]);
  });

  it('has as many pods of the canary as its share needs, before it gets it', () => {
    const release = usual();
    const replicas = (stage: string) => release.at(stage).get('cart-4-13/Deployment')?.spec.replicas;
    expect(['begin', 'scale-50', 'weight-50', 'scale-100', 'return'].map(replicas)).toEqual([1, 6, 6, 12, 12]);
    for (const stage of release.stages())
      expect(release.at(stage).get('mall/cart/Deployment')?.spec.replicas, stage).toBe(12);
  });

  it('has pods that the selector of the service does not match', () => {
    const release = usual();
    const objects = release.at('begin');
    const canary = objects.get('cart-4-13/Deployment');
    const selector = objects.get('mall/cart/Service')?.spec.selector;
    expect(canary.spec.template.metadata.labels).toMatchObject(objects.get('cart-4-13/Service')?.spec.selector);
    expect(canary.spec.template.metadata.labels).not.toMatchObject(selector);
    expect(objects.get('mall/cart/Deployment')?.spec.template.metadata.labels).toMatchObject(selector);
    expect(canary.spec.template.spec.containers[0].image).toBe(IMAGE);
  });

  it('ends where setting the image and removing the release changes no object', () => {
    const release = usual();
    const plain = withService(
      { port: 8080, replicas: 12, image: IMAGE },
      { clusters: { prod: { apiVersions: ['networking.istio.io/v1'] } } },
    );
    expect(release.at('end')).toEqual(plain.objects('prod'));
    const former = withService(
      { port: 8080, replicas: 12 },
      { clusters: { prod: { apiVersions: ['networking.istio.io/v1'] } } },
    );
    expect(release.before()).toEqual(former.objects('prod'));
    expect(release.abort().at(-1)).toEqual(former.objects('prod'));
  });

  it('says what each stage waits for', () => {
    const release = usual();
    const holds = release.states().stages.map(({ hold }) => hold?.type);
    expect(holds.filter((hold) => hold !== undefined)).toEqual(['analysis', 'approve']);
    expect(release.states().stages[2]?.hold).toEqual({
      type: 'analysis',
      durationMs: 600_000,
      intervalMs: 60_000,
      metrics: [
        {
          name: 'success-rate',
          url: PROMETHEUS,
          query:
            '(sum(rate(istio_requests_total{reporter=~"source|waypoint",destination_service_namespace="mall",destination_service_name="cart-canary",response_code!~"5.*"}[60s])) or vector(0))' +
            ' / sum(rate(istio_requests_total{reporter=~"source|waypoint",destination_service_namespace="mall",destination_service_name="cart-canary"}[60s]))',
          atLeast: 0.995,
          failureLimit: 0,
          inconclusiveLimit: 2,
        },
      ],
    });
  });

  it('holds what the service does against load and failures for the canary, too', () => {
    const resilient = released(
      { image: IMAGE, steps: [CanaryStep.headerRoute(CanaryMatch.cookie('beta', 'yes')), CanaryStep.weight(5)] },
      {
        use: (service) =>
          service.resilience({
            backend: ResilienceBackend.ISTIO,
            timeout: '2s',
            circuitBreaker: {},
            rateLimit: { requests: 10, per: '1s' },
          }),
      },
    );
    const objects = resilient.at('weight-5');
    const rule = objects.get('mall/cart/DestinationRule');
    expect(objects.get('cart-4-13/DestinationRule')?.spec).toEqual({
      ...rule.spec,
      host: 'cart-canary.mall.svc.cluster.local',
    });
    expect(objects.get('cart-4-13/EnvoyFilter')?.spec.workloadSelector.labels).toEqual(
      objects.get('cart-4-13/Service')?.spec.selector,
    );
    const http = objects.get('mall/cart/VirtualService')?.spec.http;
    expect(http.map(({ timeout }: { timeout: string }) => timeout)).toEqual(['2s', '2s']);
    expect(http[0]).toEqual({
      match: [{ headers: { cookie: { regex: '^(.*?;\\s*)?beta=yes(;.*)?$' } } }],
      route: [{ destination: { host: 'cart-canary.mall.svc.cluster.local' } }],
      timeout: '2s',
    });
  });

  it('keeps the autoscaler of the service, which takes no pods away meanwhile, and gives the canary one of its own', () => {
    const scaled = released(
      { image: IMAGE, steps: [CanaryStep.weight(10)] },
      { service: { replicas: undefined as never, cpu: '500m', autoscaling: { minReplicas: 10, maxReplicas: 40 } } },
    );
    const at = (stage: string, path: string) => scaled.at(stage).get(path)?.spec;
    expect(at('weight-10', 'cart-4-13/HorizontalPodAutoscaler')).toMatchObject({
      minReplicas: 1,
      maxReplicas: 40,
      scaleTargetRef: { name: 'cart-canary' },
    });
    expect(at('scale-100', 'cart-4-13/HorizontalPodAutoscaler').minReplicas).toBe(10);
    expect(at('promote', 'mall/cart/HorizontalPodAutoscaler').behavior).toEqual({
      scaleDown: { selectPolicy: 'Disabled' },
    });
    expect(at('end', 'mall/cart/HorizontalPodAutoscaler').behavior).toBeUndefined();
    expect(at('weight-10', 'cart-4-13/Deployment')).not.toHaveProperty('replicas');
  });
});
