import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaryProblems, metricTemplateProblems } from '../private/flagger-rules';
import { names, type Objects, type Released, released, releaseProblems } from './canary.test-support';
import { CanaryMetric } from './canary-analysis';
import { CanaryBackend } from './canary-backend';
import { CanaryMatch } from './canary-match';
import type { CanaryReleaseProps } from './canary-release';
import { CanaryStep } from './canary-step';

const IMAGE = 'mall/cart:4.13.0';
const PROMETHEUS = 'https://prometheus.example.com';
const backend = CanaryBackend.FLAGGER;
const CLUSTERS = { prod: { apiVersions: ['networking.istio.io/v1', 'flagger.app/v1beta1'] } };
const LOOK = CanaryStep.analyse({ successRate: 0.995, during: '1m', failureLimit: 2 });
const STEPS = [CanaryStep.weight(5), LOOK, CanaryStep.weight(25), LOOK, CanaryStep.weight(50), LOOK];

type Props = Omit<CanaryReleaseProps, 'service'>;

const byFlagger = (props: Partial<Props> = {}, service: object = {}): Released =>
  released({ image: IMAGE, steps: STEPS, prometheus: PROMETHEUS, backend, ...props }, { clusters: CLUSTERS, service });

const refused = (props: Partial<Props>, service: object = {}): string[] =>
  releaseProblems(
    { image: IMAGE, steps: STEPS, prometheus: PROMETHEUS, backend, ...props },
    { clusters: CLUSTERS, service },
  );

const canaryIn = (objects: Objects) => objects.get('cart-4-13/Canary')?.spec;
const imageIn = (objects: Objects, path: string) => objects.get(path)?.spec.template.spec.containers[0].image;

describe('a canary release by Flagger', { timeout: 30_000 }, () => {
  it('begins with the stable version, takes over the host of the service, and then gets the new version', () => {
    const release = byFlagger();
    expect(release.stages()).toEqual(['begin', 'routes', 'release', 'promote', 'return', 'end']);
    expect(names(release.at('begin'))).toEqual([
      'Deployment/cart',
      'Service/cart',
      'Deployment/cart-canary',
      'MetricTemplate/cart-canary-success-rate',
      'Canary/cart-canary',
    ]);
    const images = (path: string) =>
      release
        .stages()
        .slice(0, 5)
        .map((stage) => imageIn(release.at(stage), path));
    const [old, fresh] = ['mall/cart:4.12.0', IMAGE];
    expect(images('cart-4-13/Deployment')).toEqual([old, old, fresh, fresh, fresh]);
    expect(images('mall/cart/Deployment')).toEqual([old, old, old, fresh, fresh]);
    const hosts = release
      .stages()
      .slice(0, 5)
      .map((stage) => canaryIn(release.at(stage)).service.hosts);
    const host = ['cart.mall.svc.cluster.local'];
    expect(hosts).toEqual([undefined, host, host, host, undefined]);
    expect(release.states().stages.map(({ hold }) => hold)).toEqual([
      undefined,
      undefined,
      { type: 'controller', object: 'cart-4-13/Canary' },
      undefined,
      { type: 'pause', ms: 120_000 },
      undefined,
    ]);
    expect(names(release.at('end'))).toEqual(['Deployment/cart', 'Service/cart']);
  });

  it('says the steps in the words of Flagger, and asks about the Services that Flagger makes', () => {
    const objects = byFlagger().at('release');
    expect(canaryIn(objects)).toEqual({
      provider: 'istio',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart-canary' },
      service: {
        name: 'cart-canary',
        port: 8080,
        targetPort: 8080,
        portName: 'http',
        hosts: ['cart.mall.svc.cluster.local'],
      },
      analysis: {
        interval: '60s',
        threshold: 3,
        stepWeights: [5, 25, 50],
        metrics: [
          {
            name: 'success-rate',
            interval: '60s',
            templateRef: { name: 'cart-canary-success-rate' },
            thresholdRange: { min: 0.995 },
          },
        ],
      },
    });
    const { query } = objects.get('cart-4-13/MetricTemplate-success-rate')?.spec ?? {};
    expect(query).toContain('destination_service_name="cart-canary-canary"');
  });

  it('leaves to Flagger the replicas of its own workload, and nothing of the service', () => {
    const owned = byFlagger()
      .assembly.manifest.clusters[0]?.units.flatMap((unit) => unit.objects)
      .flatMap(({ path, controllerOwned = [] }) => controllerOwned.map((field) => `${path} ${field.path}`));
    expect(owned).toEqual(['cart-4-13/Deployment spec.replicas']);
  });

  it('sends chosen requests for a number of checks, or all of them after some', () => {
    const match = CanaryMatch.cookie('canary', 'always');
    const chosen = byFlagger({ steps: [CanaryStep.headerRoute(match), LOOK, LOOK] }).at('release');
    expect(canaryIn(chosen).analysis).toMatchObject({
      iterations: 2,
      match: [{ headers: { cookie: { regex: expect.stringContaining('canary=always') } } }],
    });
    const metrics = [CanaryMetric.query('errors', 'errors', { atMost: 1 })];
    const look = CanaryStep.analyse({ during: '1m', metrics });
    const all = byFlagger({ steps: [CanaryStep.scale(100), look, CanaryStep.weight(100)] }).at('release');
    expect(canaryIn(all).analysis).toMatchObject({ iterations: 1 });
    expect(canaryIn(all).analysis.stepWeights).toBeUndefined();
  });

  it('goes back with the stable version, without a look, and gives the host back', () => {
    const [first, last] = byFlagger().abort() as [Objects, Objects];
    expect(imageIn(first, 'cart-4-13/Deployment')).toBe('mall/cart:4.12.0');
    expect(canaryIn(first)).toMatchObject({ skipAnalysis: true });
    expect(canaryIn(first).service.hosts).toBeUndefined();
    expect(names(last)).toEqual(['Deployment/cart', 'Service/cart']);
  });

  const step = fc.oneof(
    fc.integer({ min: 1, max: 100 }).map((percent) => CanaryStep.weight(percent)),
    fc.constantFrom('1m', '60s').map((duration) => CanaryStep.pause(duration)),
    fc.integer({ min: 1, max: 100 }).map((percent) => CanaryStep.mirror(percent)),
    fc.constant(CanaryStep.headerRoute(CanaryMatch.header('x-tester', { exact: 'yes' }))),
    fc.constant(CanaryStep.scale(100)),
    fc.constant(LOOK),
  );

  it('emits what Flagger takes, whatever the steps that it can go through', () => {
    let tried = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        if (refused({ steps }).length > 0) return;
        tried++;
        const release = byFlagger({ steps });
        for (const stage of release.stages())
          for (const { kind, spec } of release.at(stage).values()) {
            if (kind === 'Canary') expect(canaryProblems(spec)).toEqual([]);
            if (kind === 'MetricTemplate') expect(metricTemplateProblems(spec)).toEqual([]);
          }
      }),
      { numRuns: 80 },
    );
    expect(tried).toBeGreaterThan(5);
  });

  it.each<[string, Partial<Props>, string]>([
    [
      'a step that waits for a person',
      { steps: [CanaryStep.weight(5), CanaryStep.approve()] },
      'waiting for a person, which Flagger cannot do',
    ],
    ['a pause without an end', { steps: [CanaryStep.weight(5), CanaryStep.pause()] }, 'only ask by a webhook server'],
    [
      'pauses of different lengths',
      { steps: [CanaryStep.weight(5), CanaryStep.pause('1m'), CanaryStep.weight(50), CanaryStep.pause('10m')] },
      'one time between all checks',
    ],
    [
      'different looks',
      {
        steps: [
          CanaryStep.weight(5),
          LOOK,
          CanaryStep.weight(50),
          CanaryStep.analyse({ successRate: 0.9, during: '1m' }),
        ],
      },
      'looks at the same every time',
    ],
    ['a share that falls', { steps: [CanaryStep.weight(50), CanaryStep.weight(25)] }, 'those of Flagger grow'],
    ['copies after a share', { steps: [CanaryStep.weight(5), CanaryStep.mirror(10)] }, 'before the first share'],
  ])('refuses %s, and names who can', (_what, props, words) => {
    expect(refused(props)).toEqual([expect.stringContaining(words)]);
  });

  it('refuses a service whose routes are said already', () => {
    const use = {
      clusters: CLUSTERS,
      use: (service: { resilience(props: object): unknown }) => void service.resilience({ timeout: '2s' }),
    };
    expect(releaseProblems({ image: IMAGE, steps: STEPS, prometheus: PROMETHEUS, backend }, use as never)).toEqual([
      expect.stringContaining('routes of its own in the mesh'),
    ]);
  });
});
