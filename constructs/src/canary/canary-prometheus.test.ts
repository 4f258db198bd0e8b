import { describe, expect, it } from 'vitest';
import type { ClusterSet } from '../cluster-set';
import type { MultiClusterService } from '../multi-cluster-service';
import { MetricStore } from '../observability/metric-store';
import { ObservabilityStack } from '../observability/observability-stack';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { released, releaseProblems } from './canary.test-support';
import type { CanaryReleaseProps } from './canary-release';
import { CanaryStep } from './canary-step';

const apiVersions = ['networking.istio.io/v1', 'monitoring.coreos.com/v1'];
const PROPS = {
  image: 'mall/cart:4.13.0',
  steps: [CanaryStep.weight(5), CanaryStep.analyse({ during: '5m', successRate: 0.99 })],
};

const observed = (metrics: MetricStore | undefined) => ({
  clusters: { sh: { apiVersions }, gz: { apiVersions } },
  use: (service: MultiClusterService, _: ClusterSet) => {
    const stack = new ObservabilityStack(service.node.root as Platform, 'watch', {
      placement: Placement.everywhere(),
      centre: Placement.named('sh'),
      ...(metrics === undefined ? {} : { metrics }),
    });
    service.observe(stack);
  },
});

const EXISTING = MetricStore.existing({ queryUrl: 'https://prometheus.example.com', selectedBy: {} });

function asked(props: Partial<CanaryReleaseProps>, metrics: MetricStore): (string | undefined)[] {
  const { release } = released({ ...PROPS, ...props }, observed(metrics));
  return ['sh', 'gz'].map((cluster) => /"url":"([^"]*)"/.exec(JSON.stringify(release.clusters[cluster]))?.[1]);
}

describe('analyses of a canary', () => {
  it('ask the Prometheus of the stack that observes the service', () => {
    const url = 'https://prometheus.example.com';
    expect(asked({}, EXISTING)).toEqual([url, url]);
  });

  it('ask the one that they are told of, where they are', () => {
    expect(asked({ prometheus: 'https://other.example.com' }, EXISTING)).toEqual(
      Array(2).fill('https://other.example.com'),
    );
    expect(asked({ prometheusPerCluster: { gz: 'https://gz.example.com' } }, EXISTING)).toEqual([
      'https://prometheus.example.com',
      'https://gz.example.com',
    ]);
  });

  it('are refused in a cluster where nothing says whom they ask', () => {
    const nobody = (cluster: string) =>
      `ORR2013 Analyses in cluster "${cluster}" ask Prometheus, and nothing says where it is.`;
    expect(
      releaseProblems({ ...PROPS, prometheusPerCluster: { gz: 'https://gz.example.com' } }, observed(undefined)),
    ).toEqual([nobody('sh')]);
    expect(releaseProblems(PROPS, observed(undefined))).toEqual([
      expect.stringContaining('the analysis asks Prometheus, and nothing says where it is.'),
    ]);
  });
});
