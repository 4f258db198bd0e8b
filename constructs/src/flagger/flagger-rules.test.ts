import { describe, expect, it } from 'vitest';
import { alertProviderProblems, canaryProblems, metricTemplateProblems } from '../private/flagger-rules';
import type { FlaggerAnalysis } from './analysis-props';
import { type FlaggerCanarySpec, FlaggerProvider } from './canary-props';
import { FlaggerMetricProviderType } from './metric-template-props';

const RIGHT: FlaggerCanarySpec = {
  provider: FlaggerProvider.ISTIO,
  targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
  service: { port: 80 },
  analysis: { interval: '1m', threshold: 5, maxWeight: 50, stepWeight: 10 },
};
const looking = (analysis: FlaggerAnalysis): FlaggerCanarySpec => ({ ...RIGHT, analysis });
const only = (text: string) => [expect.stringContaining(text)];
const words = (findings: readonly { readonly what: string }[]) => findings.map(({ what }) => what);
const metric = { name: 'request-success-rate', thresholdRange: { min: 99 } };

describe('the rules of a Canary', () => {
  it('take a right one', () => {
    expect(canaryProblems(RIGHT)).toEqual([]);
    expect(canaryProblems(looking({ iterations: 10, match: [{ headers: { cookie: { regex: 'a' } } }] }))).toEqual([]);
  });

  it.each<[string, FlaggerCanarySpec, string]>([
    ['a workload without a name', { ...RIGHT, targetRef: { ...RIGHT.targetRef, name: '' } }, 'name is empty'],
    ['a workload without a Service', { targetRef: RIGHT.targetRef, analysis: RIGHT.analysis }, 'service is not set'],
    ['a port that is none', { ...RIGHT, service: { port: 0 } }, 'is no port'],
    [
      'Knative with another provider',
      { ...RIGHT, targetRef: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'a' } },
      'Knative',
    ],
    ['another workload with Knative', { ...RIGHT, provider: FlaggerProvider.KNATIVE }, 'Knative'],
    ['shares without a router', { ...RIGHT, provider: FlaggerProvider.KUBERNETES }, 'has no router'],
    ['a time that is none', looking({ interval: '1 minute' }), 'no duration'],
    ['weights beside iterations', looking({ iterations: 5, maxWeight: 50 }), 'iterations and weights'],
    ['chosen requests without an end', looking({ match: [{ headers: { a: { exact: 'b' } } }] }), 'says no end'],
    ['shares that fall', looking({ stepWeights: [5, 5] }), 'after 5'],
    ['a share beyond 100', looking({ maxWeight: 101 }), 'is 101'],
    ['one cookie for both', looking({ sessionAffinity: { cookieName: 'a', primaryCookieName: 'a' } }), 'both cookies'],
    [
      'a metric without a question',
      looking({ metrics: [{ name: 'mine', thresholdRange: { max: 1 } }] }),
      'no question',
    ],
    ['a metric that is always good', looking({ metrics: [{ name: metric.name }] }), 'what is good'],
    ['a range that is empty', looking({ metrics: [{ ...metric, thresholdRange: { min: 2, max: 1 } }] }), 'from 2 to 1'],
    ['an address that is none', looking({ webhooks: [{ name: 'a', url: 'cart' }] }), 'no address'],
    [
      'a text that is two',
      looking({ iterations: 1, match: [{ headers: { a: { exact: 'b', suffix: 'c' } } }] }),
      'has 2 of',
    ],
  ])('refuse %s, and nothing else of it', (_what, spec, text) => {
    expect(words(canaryProblems(spec))).toEqual(only(text));
  });
});

describe('the rules of what Canaries refer to', () => {
  it('refuse queries that nobody can ask, and receivers without an address', () => {
    const provider = { ofType: FlaggerMetricProviderType.PROMETHEUS };
    expect(words(metricTemplateProblems({ provider, query: 'up' }))).toEqual(only('without an address'));
    const asked = { ...provider, address: 'http://prometheus' };
    expect(words(metricTemplateProblems({ provider: asked, query: ' ' }))).toEqual(only('query is empty'));
    expect(words(alertProviderProblems({}))).toEqual(only('neither address nor secretRef'));
  });
});
