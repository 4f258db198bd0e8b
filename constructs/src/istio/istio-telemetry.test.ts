import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { IstioTelemetry } from './istio-telemetry';
import { IstioMetric, IstioTagOperation, type IstioTelemetrySpec, IstioWorkloadMode } from './telemetry-props';

const refused = (spec: IstioTelemetrySpec) =>
  problemsOfProgram((platform) => {
    new IstioTelemetry(new ClusterSet(platform, 'clusters').add('sh'), 'all', { spec });
  }).map(({ code, what }) => `${code}: ${what}`);

describe('a Telemetry of Istio', () => {
  it('is written as the API has it', () => {
    const customTags = { 'request.id': { header: { name: 'x-request-id' } } };
    const spec: IstioTelemetrySpec = {
      tracing: [{ providers: [{ name: 'otel' }], customTags, randomSamplingPercentage: 10 }],
      metrics: [
        {
          overrides: [
            {
              match: { metric: IstioMetric.REQUEST_COUNT, mode: IstioWorkloadMode.SERVER },
              tagOverrides: {
                host: { value: 'request.host' },
                source_app: { operation: IstioTagOperation.REMOVE },
              },
            },
          ],
        },
      ],
      accessLogging: [{ filter: { expression: 'response.code >= 400' } }],
    };
    const made = assemblyOf((platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('sh');
      new IstioTelemetry(cluster, 'all', { metadata: { name: 'all', inNamespace: 'istio-system' }, spec });
    }).object('sh', 'all/all');
    expect(made).toEqual({
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'all', namespace: 'istio-system' },
      spec,
    });
  });

  it('is refused where the admission of Istio would refuse it, or says that it is not supported', () => {
    const targetRefs = [{ kind: 'Service', name: 'cart' }];
    const customTags = { a: {}, b: { header: { name: '' } }, c: { literal: { value: 'x' }, header: { name: 'y' } } };
    expect(
      refused({
        selector: { matchLabels: { app: '*' } },
        targetRefs,
        tracing: [{ customTags, randomSamplingPercentage: 101, providers: [{ name: 'x' }, { name: 'y' }] }, {}],
        metrics: [
          {
            reportingInterval: '0s',
            overrides: [
              { match: {}, tagOverrides: { a: {}, b: { operation: IstioTagOperation.REMOVE, value: 'c' } } },
              { match: { customMetric: '' } },
            ],
          },
        ],
        accessLogging: [{ providers: [{ name: '' }] }],
      }),
    ).toEqual([
      'ORR2012: spec has selector and targetRefs.',
      'ORR2011: spec.selector.matchLabels has "app": "*".',
      'ORR2011: spec.tracing has 2.',
      'ORR2011: spec.tracing[0] has 2 providers.',
      'ORR2011: spec.tracing[0].randomSamplingPercentage is 101.',
      'ORR2012: spec.tracing[0].customTags["a"] says nothing.',
      'ORR2011: spec.tracing[0].customTags["b"].header is empty.',
      'ORR2012: spec.tracing[0].customTags["c"] says literal and header.',
      'ORR2011: spec.metrics[0].reportingInterval is "0s".',
      'ORR2012: spec.metrics[0].overrides[0].match names not exactly one metric.',
      'ORR2012: spec.metrics[0].overrides[0].tagOverrides["a"] is set to nothing.',
      'ORR2012: spec.metrics[0].overrides[0].tagOverrides["b"] is removed, and has a value.',
      'ORR2011: spec.metrics[0].overrides[1].match.customMetric is empty.',
      'ORR2011: spec.accessLogging[0].providers has one without a name.',
    ]);
  });
});
