import { describe, expect, it } from 'vitest';
import { Exposure } from '../exposure';
import { AccessMode } from '../service-props';
import { GATEWAY, releaseProblems } from './canary.test-support';
import type { CanaryAnalysis } from './canary-analysis';
import { CanaryMetric } from './canary-analysis';
import { CanaryMatch } from './canary-match';
import { CanaryStep } from './canary-step';

const IMAGE = 'mall/cart:4.13.0';
const weight = CanaryStep.weight(5);

const refused = (...steps: CanaryStep[]) => releaseProblems({ image: IMAGE, steps, prometheus: 'http://prom.example' });
const analysed = (analysis: Partial<CanaryAnalysis>) =>
  refused(weight, CanaryStep.analyse({ during: '10m', ...analysis }));
const matched = (match: CanaryMatch) => refused(CanaryStep.headerRoute(match));

describe('a canary release is refused', { timeout: 30_000 }, () => {
  it('with steps that say nothing, or what cannot be', () => {
    expect(refused()).toEqual(['ORR2012 The release has no steps.']);
    expect(refused(CanaryStep.weight(5.5))).toEqual(['ORR2011 Step 1 has the weight 5.5.']);
    expect(refused(CanaryStep.weight(101))).toEqual(['ORR2011 Step 1 has the weight 101.']);
    expect(refused(weight, weight)).toEqual(['ORR2012 Step 2 sets the weight 5, which the canary has already.']);
    expect(refused(weight, CanaryStep.pause('5'))).toEqual(['ORR2011 Step 2 pauses for "5".']);
    expect(refused(CanaryStep.mirror(-1))).toEqual(['ORR2011 Step 1 mirrors -1 percent.']);
    expect(refused(CanaryStep.scale(0))).toEqual(['ORR2011 Step 1 scales to 0 percent.']);
    expect(refused(CanaryStep.weight(100), CanaryStep.mirror(5))).toEqual([
      'ORR2012 Step 2 comes when the canary has all requests, and changes nothing.',
    ]);
    expect(refused(CanaryStep.headerRoute())).toEqual(['ORR2012 Step 1 ends a headerRoute, and there is none.']);
  });

  it('with matches that no proxy takes', () => {
    expect(matched(CanaryMatch.header('x group', { exact: 'a' }))).toEqual([
      'ORR2011 Step 1: "x group" is no name of a header.',
    ]);
    expect(matched(CanaryMatch.header('x-group', {}))).toEqual([
      'ORR2011 Step 1: Header "x-group" is compared in 0 ways.',
    ]);
    for (const regex of ['(?=a)', '(?<!a)b', '(a)\\1', 'a*+', 'a{1001}', '(?>a)'])
      expect(matched(CanaryMatch.header('x-group', { regex }))[0], regex).toContain('RE2');
    expect(matched(CanaryMatch.header('x-group', { regex: '(a' }))).toEqual([
      'ORR2011 Step 1: Header "x-group" is compared with "(a", which is no regular expression.',
    ]);
    expect(matched(CanaryMatch.cookie('a', 'b;c'))).toEqual([
      'ORR2011 Step 1: Cookie "a" has the value "b;c", which no cookie has.',
    ]);
    expect(matched(CanaryMatch.allOf(CanaryMatch.cookie('a', '1'), CanaryMatch.cookie('b', '2')))).toEqual([
      'ORR2011 Step 1: A match compares several cookies.',
    ]);
    expect(
      matched(
        CanaryMatch.allOf(CanaryMatch.header('X-Group', { exact: '1' }), CanaryMatch.header('x-group', { exact: '2' })),
      ),
    ).toEqual(['ORR2011 Step 1: A match names "x-group" twice.']);
    expect(matched(CanaryMatch.client({}))).toEqual(['ORR2011 Step 1: A match asks for nothing.']);
  });

  it('with analyses that cannot tell anything', () => {
    expect(analysed({})).toEqual(['ORR2012 Step 2: the analysis looks at nothing.']);
    expect(analysed({ successRate: 99.5 })).toEqual(['ORR2011 Step 2: successRate is 99.5.']);
    expect(analysed({ latency: { atMost: 'soon' } })).toEqual(['ORR2011 Step 2: latency.atMost is "soon".']);
    expect(analysed({ sloBurn: { objective: 1 } })).toEqual(['ORR2011 Step 2: sloBurn.objective is 1.']);
    expect(analysed({ successRate: 0.9, interval: '20m' })).toEqual([
      'ORR2012 Step 2: interval ("20m") is longer than during ("10m").',
    ]);
    expect(analysed({ metrics: [CanaryMetric.query('errors', 'up{job="{{Canary}}"}', { atMost: 1 })] })).toEqual([
      'ORR2011 Step 2: metric "errors" has {{Canary}}, which stands for nothing.',
    ]);
    expect(analysed({ metrics: [CanaryMetric.query('errors', 'up', {})] })).toEqual([
      'ORR2012 Step 2: metric "errors" has no bound.',
    ]);
    expect(refused(CanaryStep.analyse({ successRate: 0.99, during: '5m' }))).toEqual([
      'ORR2012 Step 1: the analysis looks at requests to the canary, which has none yet.',
    ]);
    const steps = [weight, CanaryStep.analyse({ successRate: 0.99, during: '5m' })];
    expect(releaseProblems({ image: IMAGE, steps })).toEqual([
      'ORR2012 Step 2: the analysis asks Prometheus, and nothing says where it is.',
    ]);
    expect(releaseProblems({ image: IMAGE, steps, prometheus: 'https://me:secret@prom.example' })).toEqual([
      'ORR2011 The address of Prometheus on prom.example holds a user or password.',
    ]);
  });

  it('with failures that would hit everybody', () => {
    expect(refused(weight, CanaryStep.fault({ delay: '2s' }))).toEqual([
      'ORR2012 Step 2 puts failures into requests, and nothing says into whose.',
    ]);
    const route = CanaryStep.headerRoute(CanaryMatch.userGroup('testers'));
    expect(refused(route, CanaryStep.fault({}))).toEqual(['ORR2012 Step 2 is a fault that does nothing.']);
    expect(refused(route, CanaryStep.fault({ abortStatus: 99 }))).toEqual(['ORR2011 Step 2 answers with status 99.']);
  });

  it('for a service whose pods cannot be there twice, or whose requests are none', () => {
    const volumes = [{ name: 'data', mountPath: '/data', size: '1Gi', accessMode: AccessMode.READ_WRITE_ONCE }];
    const clusters = { prod: { apiVersions: ['networking.istio.io/v1'], storageClasses: { general: 'disk' } } };
    const steps = [weight];
    expect(releaseProblems({ image: IMAGE, steps }, { clusters, service: { replicas: 1, volumes } })).toEqual([
      'ORR2012 Volume "data" can be used on one node only, and both versions need it.',
    ]);
    expect(releaseProblems({ image: IMAGE, steps }, { service: { stateful: {} } })).toEqual([
      'ORR2012 The service is stateful: each of its pods is one of its own, and none can be there twice.',
    ]);
    expect(
      releaseProblems(
        { image: IMAGE, steps },
        { service: { port: undefined as never, ports: [{ name: 'mysql', port: 3306 }] } },
      ),
    ).toEqual(['ORR2012 Requests are divided, and no port of the service is known to speak HTTP.']);
  });

  it('where nothing is new, or what is new is none of the pods', () => {
    expect(releaseProblems({ steps: [weight] })).toEqual(['ORR2012 The release brings nothing new.']);
    expect(releaseProblems({ image: 'mall/cart:4.12.0', steps: [weight] })).toEqual([
      'ORR2012 The release brings the version that is there already.',
    ]);
    expect(releaseProblems({ image: IMAGE, changes: { replicas: 3 }, steps: [weight] })).toEqual([
      'ORR2012 changes.replicas is set, which is nothing of a version: it would hold for both.',
    ]);
  });

  it('in clusters that do not have it, or are named twice', () => {
    const steps = [weight];
    expect(releaseProblems({ image: IMAGE, steps, firstOn: 'prod-bj' })).toEqual([
      'ORR2005 The release shall go first to cluster "prod-bj", which does not exist.',
    ]);
    expect(releaseProblems((clusters) => ({ image: IMAGE, steps, waves: [clusters, clusters] }))).toEqual([
      'ORR2004 Cluster "prod" is in two waves of the release.',
    ]);
    expect(releaseProblems({ image: IMAGE, steps }, { clusters: { prod: {} } })).toEqual([
      'ORR2013 A canary release needs something that divides requests, and cluster "prod" declares nothing.',
    ]);
    const istio = { apiVersions: ['networking.istio.io/v1'] };
    expect(releaseProblems({ image: IMAGE, steps }, { clusters: { prod: istio, far: {} } })).toEqual([
      'ORR2013 A canary release needs something that divides requests, and cluster "far" declares nothing.',
    ]);
    expect(releaseProblems({ image: IMAGE, steps }, { clusters: { prod: istio, far: GATEWAY } })).toEqual([
      'ORR2013 Cluster "prod" divides requests by plain Istio, and not every cluster of the release does.',
      'ORR2013 Cluster "far" divides requests by the Gateway API, and not every cluster of the release does.',
    ]);
  });

  it('where an exposure would keep the stable version without a word', () => {
    const facts = {
      apiVersions: ['networking.istio.io/v1'],
      entryPoints: { intranet: { ingressClass: 'nginx' } },
    };
    const setting = {
      clusters: { prod: facts },
      use: (service: { expose(exposure: Exposure): void }) => service.expose(Exposure.ingress('shop.example.com')),
    };
    expect(releaseProblems({ image: IMAGE, steps: [weight] }, setting)).toEqual([
      'ORR2012 The service is exposed by an Ingress, whose requests plain Istio does not divide: they would all get the stable version.',
    ]);
    expect(releaseProblems({ image: IMAGE, steps: [weight], exposuresStayStable: true }, setting)).toEqual([]);
  });
});
