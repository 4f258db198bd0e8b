import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ClusterSet } from '../cluster-set';
import { HelmRelease } from '../helm-release';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';

function stackIn(platform: Platform, props: Partial<ObservabilityStackProps>): ObservabilityStack {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('sh');
  clusters.add('gz');
  clusters.add('ops');
  return new ObservabilityStack(platform, 'watch', {
    placement: Placement.named('sh', 'gz'),
    centre: Placement.named('ops'),
    ...props,
  });
}
const made = (props: Partial<ObservabilityStackProps>): Assembly =>
  assemblyOf((platform) => void stackIn(platform, props));
const refused = (props: Partial<ObservabilityStackProps>) =>
  problemsOfProgram((platform) => void stackIn(platform, props)).map(({ code, what }) => `${code}: ${what}`);

describe('ObservabilityStack', () => {
  it('has its namespace in the observed clusters and in the centre', () => {
    const assembly = made({});
    for (const cluster of ['sh', 'gz', 'ops'])
      expect(assembly.object(cluster, 'watch/Namespace').metadata.name).toBe('observability');
  });

  it('needs no centre where one cluster is observed', () => {
    expect(made({ placement: Placement.named('sh') }).object('sh', 'watch/Namespace')).toBeDefined();
  });

  it('asks which cluster is the centre where there are several, and refuses two', () => {
    expect(
      problemsOfProgram((platform) => {
        const clusters = new ClusterSet(platform, 'clusters');
        clusters.add('sh');
        clusters.add('gz');
        new ObservabilityStack(platform, 'watch', { placement: Placement.everywhere() });
      }).map(({ what }) => what),
    ).toEqual(['The centre of the stack is 2 clusters: sh, gz.']);
    expect(refused({ centre: Placement.named('sh', 'ops') })).toEqual([
      'ORR2012: The centre of the stack is 2 clusters: sh, ops.',
    ]);
  });

  it('refuses a namespace and a header that are none', () => {
    expect(refused({ namespaceName: 'Watch', requestIdHeader: 'x request' })).toEqual([
      'ORR2003: "Watch" is not a valid namespace.',
      'ORR2011: "x request" is not a header for request ids.',
    ]);
  });

  it('tells Grafana in the centre what it asks', () => {
    const assembly = assemblyOf((platform) => {
      const url = 'http://store.observability:9090';
      stackIn(platform, {})._attach({
        _join: (stack) =>
          stack.addDatasource({ name: 'Metrics', uid: 'metrics', type: 'prometheus', url, isDefault: true }),
      });
    });
    const { metadata, data } = assembly.object('ops', 'watch/ConfigMap');
    expect(metadata.labels).toMatchObject({ grafana_datasource: '1' });
    expect(parse(data['datasources.yaml'])).toEqual({
      apiVersion: 1,
      datasources: [
        {
          name: 'Metrics',
          uid: 'metrics',
          type: 'prometheus',
          url: 'http://store.observability:9090',
          access: 'proxy',
          editable: false,
          isDefault: true,
          jsonData: {},
        },
      ],
    });
    expect(assembly.objects('sh').has('watch/ConfigMap')).toBe(false);
  });
});

describe('values that constructs compute', () => {
  it('are over those of the release and under overrides, and know clusters that are declared later', () => {
    const assembly = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      const release = new HelmRelease(platform, 'chart', {
        chart: 'chart',
        repository: 'https://charts.example.com',
        version: '1.2.3',
        namespaceName: 'watch',
        values: { a: 1, b: 1, c: 1 },
        placement: Placement.everywhere(),
      });
      release._computeValues((cluster) => ({ b: cluster.clusterName, c: 2 }));
      clusters.add('sh');
      release.overrideIn(clusters.add('gz'), { values: { c: 3 } });
    });
    const valuesIn = (cluster: string) => assembly.unit(cluster, 'chart').helmReleases?.[0]?.values;
    expect(valuesIn('sh')).toEqual({ a: 1, b: 'sh', c: 2 });
    expect(valuesIn('gz')).toEqual({ a: 1, b: 'gz', c: 3 });
  });
});
