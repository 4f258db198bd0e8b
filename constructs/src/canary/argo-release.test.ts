import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisProblems } from '../private/analysis-rules';
import { rolloutProblems } from '../private/rollout-rules';
import { virtualServiceProblems } from '../private/virtual-service-rules';
import { names, type Objects, type Released, released, releaseProblems, shares } from './canary.test-support';
import { CanaryBackend, CanaryFailure } from './canary-backend';
import { CanaryMatch } from './canary-match';
import type { CanaryReleaseProps } from './canary-release';
import { CanaryStep } from './canary-step';

const IMAGE = 'mall/cart:4.13.0';
const PROMETHEUS = 'https://prometheus.example.com';
const backend = CanaryBackend.ARGO_ROLLOUTS;
const CLUSTERS = { prod: { apiVersions: ['networking.istio.io/v1', 'argoproj.io/v1alpha1'] } };
const STEPS = [
  CanaryStep.weight(5),
  CanaryStep.analyse({ successRate: 0.995, during: '10m' }),
  CanaryStep.weight(50),
  CanaryStep.approve(),
];

type Props = Omit<CanaryReleaseProps, 'service'>;

const byArgo = (props: Partial<Props> = {}, service: object = {}): Released =>
  released({ image: IMAGE, steps: STEPS, prometheus: PROMETHEUS, backend, ...props }, { clusters: CLUSTERS, service });

const refused = (props: Partial<Props>): string[] =>
  releaseProblems({ image: IMAGE, steps: STEPS, prometheus: PROMETHEUS, backend, ...props }, { clusters: CLUSTERS });

const rolloutIn = (objects: Objects) => objects.get('cart-4-13/Rollout');
const imageIn = (objects: Objects) => rolloutIn(objects)?.spec.template.spec.containers[0].image;

describe('a canary release by Argo Rollouts', { timeout: 30_000 }, () => {
  it('brings a Rollout with the stable version, sends it the requests, and then gives it the new version and steps', () => {
    const release = byArgo();
    expect(release.stages()).toEqual(['begin', 'routes', 'release', 'promote', 'return', 'end']);
    expect(names(release.before())).toEqual(['Deployment/cart', 'Service/cart']);
    const beginning = release.at('begin');
    expect(names(beginning)).toEqual([
      'Deployment/cart',
      'Service/cart',
      'Rollout/cart-canary',
      'Service/cart-canary',
      'Service/cart-stable',
      'AnalysisTemplate/cart-canary-analyse-2',
    ]);
    expect(imageIn(beginning)).toBe('mall/cart:4.12.0');
    expect(rolloutIn(beginning).spec.strategy).toEqual({
      canary: { stableService: 'cart-stable', canaryService: 'cart-canary' },
    });
    expect(shares(release.at('routes'))).toEqual(['cart-stable 100 · cart-canary 0']);
    expect(imageIn(release.at('routes'))).toBe('mall/cart:4.12.0');
    expect(imageIn(release.at('release'))).toBe(IMAGE);
    expect(rolloutIn(release.at('release')).spec.strategy.canary).toEqual({
      stableService: 'cart-stable',
      canaryService: 'cart-canary',
      dynamicStableScale: true,
      trafficRouting: { istio: { virtualService: { name: 'cart', routes: ['release-0'] } } },
      steps: [
        { setWeight: 5 },
        { analysis: { templates: [{ templateName: 'cart-canary-analyse-2' }] } },
        { setWeight: 50 },
        { pause: {} },
      ],
    });
    expect(release.states().stages[2]?.hold).toEqual({ type: 'controller', object: 'cart-4-13/Rollout' });
  });

  it('keeps the Deployment of the service until the Rollout is through, and gives it the new version then', () => {
    const release = byArgo();
    const image = (stage: string) =>
      release.at(stage).get('mall/cart/Deployment')?.spec.template.spec.containers[0].image;
    expect(['begin', 'routes', 'release'].map(image)).toEqual(Array(3).fill('mall/cart:4.12.0'));
    expect(['promote', 'return', 'end'].map(image)).toEqual(Array(3).fill(IMAGE));
    expect(shares(release.at('promote'))).toEqual(['cart-stable 100 · cart-canary 0']);
    expect(shares(release.at('return'))).toEqual(['cart 100']);
    expect(rolloutIn(release.at('return')).spec.strategy.canary.trafficRouting).toBeUndefined();
    expect(names(release.at('end'))).toEqual(['Deployment/cart', 'Service/cart']);
  });

  it('goes back by the stable version first, then by routes, and takes its objects away last', () => {
    const [first, second, last] = byArgo().abort() as [Objects, Objects, Objects];
    expect([imageIn(first), shares(first)]).toEqual(['mall/cart:4.12.0', ['cart-stable 100 · cart-canary 0']]);
    expect(rolloutIn(first).spec.strategy.canary.trafficRouting).toBeDefined();
    expect([imageIn(second), shares(second)]).toEqual(['mall/cart:4.12.0', ['cart 100']]);
    expect(rolloutIn(second).spec.strategy.canary.trafficRouting).toBeUndefined();
    expect(names(last)).toEqual(['Deployment/cart', 'Service/cart']);
  });

  it('has pods that the selector of the service does not match', () => {
    const release = byArgo();
    const objects = release.at('release');
    const selector = objects.get('mall/cart/Service')?.spec.selector;
    expect(rolloutIn(objects).spec.template.metadata.labels).not.toMatchObject(selector);
    expect(rolloutIn(objects).spec.template.metadata.labels).toMatchObject(
      objects.get('cart-4-13/Service')?.spec.selector,
    );
    expect(objects.get('cart-4-13/Service-stable')?.spec.selector).toEqual(
      objects.get('cart-4-13/Service')?.spec.selector,
    );
  });

  it('has a scaler of its own where the service has one, which scales the Rollout', () => {
    const autoscaling = { minReplicas: 4, maxReplicas: 20 };
    const scaler = byArgo({}, { replicas: undefined, cpu: '500m', autoscaling })
      .at('release')
      .get('cart-4-13/HorizontalPodAutoscaler');
    expect(scaler.spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'cart-canary' },
      minReplicas: 4,
    });
  });

  it('leaves to the controller exactly what it writes: shares, the routes that it adds, and hashes in selectors', () => {
    const steps = [CanaryStep.headerRoute(CanaryMatch.header('x-tester', { exact: 'yes' })), CanaryStep.weight(5)];
    const { assembly } = byArgo({ steps });
    const owned = assembly.manifest.clusters[0]?.units
      .flatMap((unit) => unit.objects)
      .flatMap(({ path, controllerOwned = [] }) => controllerOwned.map((field) => `${path} ${field.path}`));
    expect(owned?.sort()).toEqual([
      'cart-4-13/Service spec.selector["rollouts-pod-template-hash"]',
      'cart-4-13/Service-stable spec.selector["rollouts-pod-template-hash"]',
      'mall/cart/VirtualService spec.http[*].route[*].weight',
      'mall/cart/VirtualService spec.http[name=header]',
    ]);
  });

  it('asks as our own analyses do, and takes no data for no answer', () => {
    const template = byArgo().at('release').get('cart-4-13/AnalysisTemplate-2');
    expect(template.spec.metrics).toEqual([
      expect.objectContaining({
        name: 'success-rate',
        count: 10,
        interval: '60s',
        successCondition: 'len(result) > 0 && all(result, {# >= 0.995})',
        failureCondition: 'any(result, {# < 0.995})',
        provider: { prometheus: { address: PROMETHEUS, query: expect.stringContaining('cart-canary') } },
      }),
    ]);
  });

  const step = fc.oneof(
    fc.integer({ min: 0, max: 100 }).map((percent) => CanaryStep.weight(percent)),
    fc.integer({ min: 1, max: 100 }).map((percent) => CanaryStep.scale(percent)),
    fc.integer({ min: 0, max: 100 }).map((percent) => CanaryStep.mirror(percent)),
    fc.constantFrom('30s', '10m', '1h30m', '2d', undefined).map((duration) => CanaryStep.pause(duration)),
    fc.constant(CanaryStep.approve()),
    fc.constant(
      CanaryStep.headerRoute(CanaryMatch.header('x-tester', { exact: 'yes' }), CanaryMatch.cookie('canary', 'always')),
    ),
    fc.constant(CanaryStep.analyse({ successRate: 0.99, during: '5m' })),
  );

  it('emits what Argo Rollouts and Istio take, whatever the steps', () => {
    let tried = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        // Steps that mean nothing as they stand are refused for every back-end.
        if (refused({ steps }).length > 0) return;
        tried++;
        const release = byArgo({ steps });
        for (const stage of release.stages())
          for (const { kind, spec } of release.at(stage).values()) {
            if (kind === 'Rollout') expect(rolloutProblems(spec)).toEqual([]);
            if (kind === 'AnalysisTemplate') expect(analysisProblems(spec)).toEqual([]);
            if (kind === 'VirtualService') expect(virtualServiceProblems(spec)).toEqual([]);
          }
      }),
      { numRuns: 60 },
    );
    expect(tried).toBeGreaterThan(5);
  });

  it.each<[string, Partial<Props>, string]>([
    [
      'failures on purpose',
      {
        steps: [
          CanaryStep.weight(5),
          CanaryStep.headerRoute(CanaryMatch.header('x-tester', { exact: 'yes' })),
          CanaryStep.fault({ delay: '2s' }),
        ],
      },
      'failures on purpose, which Argo Rollouts cannot do',
    ],
    [
      'query parameters',
      { steps: [CanaryStep.headerRoute(CanaryMatch.query('canary', { exact: 'yes' }))] },
      'query parameter',
    ],
    ['parts of a percent', { steps: [CanaryStep.weight(5), CanaryStep.mirror(2.5)] }, 'mirrors whole ones'],
    ['a failure that stays where it is', { onFailure: CanaryFailure.PAUSE }, 'sends a failed release back by itself'],
  ])('refuses %s', (_what, props, words) => {
    expect(refused(props)).toEqual([expect.stringContaining(words)]);
  });
});
