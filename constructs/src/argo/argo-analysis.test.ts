import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PodRestartPolicy, type PodTemplate } from '../pods/pod-template';
import { analysisProblems } from '../private/analysis-rules';
import { experimentProblems } from '../private/experiment-rules';
import type { ArgoMetric } from './analysis-props';

const provider = { prometheus: { address: 'http://prometheus', query: 'up' } };
const RIGHT: ArgoMetric = { name: 'success', provider };
const only = (text: string) => [expect.stringContaining(text)];
const words = (findings: readonly { readonly what: string }[]) => findings.map(({ what }) => what);
const POD: PodTemplate = {
  metadata: { labels: { app: 'cart' } },
  spec: { containers: [{ name: 'cart', image: 'mall/cart:1' }] },
};
const running = (template: PodTemplate) => ({ ...RIGHT, provider: { job: { spec: { template } } } });

describe('the rules of an analysis', () => {
  it('take any numbers that go together', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(5), fc.nat(5), (failureLimit, consecutiveSuccessLimit, more) => {
        const count = failureLimit + consecutiveSuccessLimit + more + 1;
        const metric = { ...RIGHT, count, interval: '1m', failureLimit, consecutiveSuccessLimit };
        expect(analysisProblems({ metrics: [metric] })).toEqual([]);
        const tooFew = { ...metric, count: Math.max(1, count - more - 2) };
        const isTooFew = tooFew.count < failureLimit + consecutiveSuccessLimit;
        expect(analysisProblems({ metrics: [tooFew] }).length).toBe(isTooFew ? 1 : 0);
      }),
    );
  });

  it.each<[string, ArgoMetric, string]>([
    ['nobody to ask', { ...RIGHT, provider: {} }, 'nobody to ask'],
    ['two to ask', { ...RIGHT, provider: { ...provider, graphite: {} } }, 'prometheus and graphite'],
    ['two plugins to ask', { ...RIGHT, provider: { plugin: { a: {}, b: {} } } }, 'a and b'],
    ['several measurements at once', { ...RIGHT, count: 3 }, 'no interval'],
    ['a time that is none', { ...RIGHT, interval: '1 minute' }, 'no duration'],
    ['an end that never comes', { ...RIGHT, failureLimit: -1 }, 'never end'],
    ['a limit below 0', { ...RIGHT, inconclusiveLimit: -1 }, 'is -1'],
    [
      'more without an answer than measurements',
      { ...RIGHT, count: 1, inconclusiveLimit: 2 },
      'inconclusiveLimit is 2',
    ],
    ['no question', { ...RIGHT, provider: { prometheus: { address: 'http://prometheus' } } }, 'query is not set'],
    ['a Job that starts again for ever', running(POD), 'restartPolicy is not set'],
    ['a Job without pods', running({}), 'no spec'],
  ])('refuse %s, and nothing else of it', (_what, metric, text) => {
    expect(words(analysisProblems({ metrics: [metric] }))).toEqual(only(text));
  });

  it('refuse an analysis without metrics, and two of one name', () => {
    expect(words(analysisProblems({}))).toEqual(only('metrics is empty'));
    expect(words(analysisProblems({ metrics: [RIGHT, RIGHT] }))).toEqual(only('used twice'));
  });
});

describe('the rules of an experiment and of its pods', () => {
  const spec = POD.spec as NonNullable<PodTemplate['spec']>;
  const [container] = spec.containers as [NonNullable<PodTemplate['spec']>['containers'][number]];
  const experiment = (template: PodTemplate) => ({
    templates: [{ name: 'one', selector: { matchLabels: { app: 'cart' } }, template }],
  });
  const having = (more: object) => ({ ...POD, spec: { ...spec, ...more } });
  const containing = (more: object) => having({ containers: [{ ...container, ...more }] });

  it('take pods that can be', () => {
    expect(experimentProblems(experiment(POD))).toEqual([]);
  });

  it.each<[string, PodTemplate, string]>([
    ['no container', having({ containers: [] }), 'containers is empty'],
    ['a container without an image', having({ containers: [{ name: 'cart' }] }), 'no image'],
    ['a container twice', having({ initContainers: [container] }), 'used twice'],
    ['a quantity that is none', containing({ resources: { requests: { memory: 'invalid' } } }), 'is no quantity'],
    ['a port that is none', containing({ ports: [{ containerPort: 65536 }] }), 'is no port'],
    ['a volume that is not there', containing({ volumeMounts: [{ name: 'data', mountPath: '/a' }] }), 'does not have'],
    [
      'a volume of two sources',
      having({ volumes: [{ name: 'a', emptyDir: {}, configMap: { name: 'a' } }] }),
      'several sources',
    ],
    ['a probe of two kinds', containing({ livenessProbe: { exec: {}, tcpSocket: { port: 1 } } }), 'has 2 of'],
    [
      'a container for debugging',
      having({ ephemeralContainers: [{ ...container, name: 'debug' }] }),
      'ephemeralContainers',
    ],
    ['pods that end', having({ restartPolicy: PodRestartPolicy.NEVER }), 'restartPolicy'],
    ['pods of others', { ...POD, metadata: { labels: { app: 'web' } } }, 'does not select'],
  ])('refuse %s, and nothing else of it', (_what, template, text) => {
    expect(words(experimentProblems(experiment(template)))).toEqual(only(text));
  });
});
