import { Chart } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgoRollout, ClusterSet, Platform, PodRestartPolicy } from '../index';
import { rolloutProblems } from '../private/rollout-rules';
import type { ArgoCanaryStep } from './canary-step-props';
import type { ArgoCanaryStrategy, ArgoRolloutSpec } from './rollout-props';

const POD = {
  metadata: { labels: { app: 'cart' } },
  spec: { containers: [{ name: 'cart', image: 'mall/cart:1' }] },
};

/** A Rollout that is right, whose canary says this. */
function withCanary(canary: ArgoCanaryStrategy): ArgoRolloutSpec {
  return { selector: { matchLabels: { app: 'cart' } }, template: POD, strategy: { canary } };
}

const ROUTED: ArgoCanaryStrategy = {
  stableService: 'cart-stable',
  canaryService: 'cart-canary',
  trafficRouting: { managedRoutes: [{ name: 'inside' }], istio: { virtualService: { name: 'cart' } } },
};

const match = fc.oneof(
  fc.string({ minLength: 1 }).map((exact) => ({ exact })),
  fc.string({ minLength: 1 }).map((prefix) => ({ prefix })),
);

const step: fc.Arbitrary<ArgoCanaryStep> = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((setWeight) => ({ setWeight })),
  fc.constant({ pause: {} }),
  fc.integer({ min: 1, max: 1e6 }).map((duration) => ({ pause: { duration } })),
  fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('s', 'm', 'h'))
    .map(([n, unit]) => ({ pause: { duration: `${n}${unit}` } })),
  fc.integer({ min: 0, max: 100 }).map((weight) => ({ setCanaryScale: { weight } })),
  fc.integer({ min: 0, max: 50 }).map((replicas) => ({ setCanaryScale: { replicas } })),
  fc.array(match, { maxLength: 3 }).map((values) => ({
    setHeaderRoute: { name: 'inside', match: values.map((headerValue) => ({ headerName: 'x-tester', headerValue })) },
  })),
  fc.tuple(match, fc.integer({ min: 0, max: 100 })).map(([path, percentage]) => ({
    setMirrorRoute: { name: 'inside', percentage, match: [{ path }] },
  })),
  fc.constant<ArgoCanaryStep>({ analysis: { templates: [{ templateName: 'success' }] } }),
);

describe('the rules of a Rollout', () => {
  it('take any steps that a router can do', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        expect(rolloutProblems(withCanary({ ...ROUTED, steps }))).toEqual([]);
      }),
    );
  });

  const wrongStep: fc.Arbitrary<ArgoCanaryStep> = fc.oneof(
    fc.constant({}),
    fc.oneof(fc.integer({ min: 101 }), fc.integer({ max: -1 }), fc.constant(12.5)).map((setWeight) => ({ setWeight })),
    fc.integer({ max: 0 }).map((duration) => ({ pause: { duration } })),
    fc.constantFrom('0s', '0', '-5m', '5 m', '1d', 'soon', '').map((duration) => ({ pause: { duration } })),
    fc.integer({ min: 0, max: 100 }).map((setWeight) => ({ setWeight, pause: {} })),
    fc.integer({ min: 101, max: 200 }).map((weight) => ({ setCanaryScale: { weight } })),
    fc.constant<ArgoCanaryStep>({ setCanaryScale: { weight: 5, replicas: 5 } }),
    fc.constant<ArgoCanaryStep>({ setHeaderRoute: { name: 'elsewhere' } }),
    fc.constant<ArgoCanaryStep>({ setHeaderRoute: { name: 'inside', match: [{ headerName: 'x', headerValue: {} }] } }),
    fc.constant<ArgoCanaryStep>({ setMirrorRoute: { name: 'inside', match: [{ path: { exact: 'a', prefix: 'a' } }] } }),
    fc.constant<ArgoCanaryStep>({ setMirrorRoute: { name: 'inside', percentage: 101 } }),
    fc.constant<ArgoCanaryStep>({ analysis: { templates: [] } }),
  );

  it('find one wrong step among right ones, and say which it is', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), wrongStep, fc.nat(), (steps, wrong, place) => {
        const at = place % (steps.length + 1);
        const findings = rolloutProblems(
          withCanary({ ...ROUTED, steps: [...steps.slice(0, at), wrong, ...steps.slice(at)] }),
        );
        expect(findings.length).toBeGreaterThan(0);
        for (const { what } of findings) expect(what).toContain(`steps[${at}]`);
      }),
    );
  });

  const WRONG: readonly [string, ArgoRolloutSpec, string][] = [
    ['no strategy', { ...withCanary({}), strategy: {} }, 'neither canary nor blueGreen'],
    ['two strategies', { ...withCanary({}), strategy: { canary: {}, blueGreen: { activeService: 'a' } } }, 'both'],
    ['one Service in two roles', withCanary({ ...ROUTED, stableService: 'cart-canary' }), 'both "cart-canary"'],
    ['a router without a Service', withCanary({ ...ROUTED, canaryService: '' }), 'canaryService is not set'],
    ['no pod that may be missing or added', withCanary({ maxSurge: 0, maxUnavailable: '0%' }), 'both 0'],
    ['a delay without a router', withCanary({ scaleDownDelaySeconds: 30 }), 'needs trafficRouting'],
    ['stable pods that go without a router', withCanary({ dynamicStableScale: true }), 'needs trafficRouting'],
    ['a scale without a router', withCanary({ steps: [{ setCanaryScale: { replicas: 1 } }] }), 'needs trafficRouting'],
    ['a header without a router', withCanary({ steps: [{ setHeaderRoute: { name: 'a' } }] }), 'knows headers'],
    [
      'a header and a router that knows none',
      withCanary({
        ...ROUTED,
        trafficRouting: { managedRoutes: [{ name: 'a' }], smi: {} },
        steps: [{ setHeaderRoute: { name: 'a' } }],
      }),
      'knows headers',
    ],
    [
      'copies and a router that makes none',
      withCanary({
        ...ROUTED,
        trafficRouting: { managedRoutes: [{ name: 'a' }], nginx: {} },
        steps: [{ setMirrorRoute: { name: 'a' } }],
      }),
      'copies requests',
    ],
    [
      'weights that are no percentages',
      withCanary({ ...ROUTED, trafficRouting: { ...ROUTED.trafficRouting, maxTrafficWeight: 1000 } }),
      'maxTrafficWeight',
    ],
    ['no VirtualService', withCanary({ ...ROUTED, trafficRouting: { istio: {} } }), 'no virtualService'],
    [
      'an analysis that begins after the end',
      withCanary({ analysis: { templates: [{ templateName: 'a' }], startingStep: 1 }, steps: [{ setWeight: 5 }] }),
      'startingStep',
    ],
    ['both kinds of distance', withCanary({ antiAffinity: {} }), 'neither'],
    [
      'pods and somebody else’s pods',
      { ...withCanary({}), workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' } },
      'template and workloadRef',
    ],
    ['a selector of other pods', { ...withCanary({}), selector: { matchLabels: { app: 'other' } } }, 'does not select'],
    ['a selector of all pods', { ...withCanary({}), selector: {} }, 'all pods'],
    ['no selector', { template: POD, strategy: { canary: {} } }, 'selector is not set'],
    ['no pods', { selector: { matchLabels: { app: 'cart' } }, strategy: { canary: {} } }, 'no spec'],
    [
      'pods that end',
      { ...withCanary({}), template: { ...POD, spec: { ...POD.spec, restartPolicy: PodRestartPolicy.NEVER } } },
      'restartPolicy',
    ],
    ['a deadline that no pod can keep', { ...withCanary({}), minReadySeconds: 600 }, 'progressDeadlineSeconds'],
    ['a number of pods below 0', { ...withCanary({}), replicas: -1 }, 'spec.replicas'],
    [
      'the same Service for old and new pods',
      { ...withCanary({}), strategy: { blueGreen: { activeService: 'a', previewService: 'a' } } },
      'both "a"',
    ],
    [
      'more old pods than revisions',
      {
        ...withCanary({}),
        revisionHistoryLimit: 1,
        strategy: { blueGreen: { activeService: 'a', scaleDownDelayRevisionLimit: 2 } },
      },
      'revisions are kept',
    ],
  ];

  it.each(WRONG)('refuse %s, and nothing else of it', (_what, spec, words) => {
    const findings = rolloutProblems(spec);
    expect(findings.map(({ what }) => what)).toEqual([expect.stringContaining(words)]);
  });

  it('are those of synth, with code, object, place and advice', () => {
    const platform = new Platform({ id: 'shop', outdir: '/nonexistent' });
    const chart = new Chart(new ClusterSet(platform, 'clusters').add('prod'), 'cart');
    new ArgoRollout(chart, 'rollout', {
      metadata: { name: 'cart' },
      spec: withCanary({ steps: [{ setWeight: 120 }] }),
    });
    expect(() => platform.synth()).toThrow(
      expect.objectContaining({
        code: 'ORR2011',
        where: expect.objectContaining({
          path: 'cart/rollout',
          object: 'Rollout/cart',
          source: expect.stringContaining('argo-rollout.test.ts'),
        }),
        fix: 'Use a whole number from 0 to 100.',
      }),
    );
  });

  it('lets a Rollout stand in a cluster itself', () => {
    const platform = new Platform({ id: 'shop', outdir: '/nonexistent' });
    const cluster = new ClusterSet(platform, 'clusters').add('prod');
    const rollout = new ArgoRollout(cluster, 'rollout', { metadata: { name: 'cart' }, spec: withCanary({}) });
    expect(rollout.toJson()).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'cart' },
      spec: withCanary({}),
    });
  });
});
