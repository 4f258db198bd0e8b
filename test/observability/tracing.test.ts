import path from 'node:path';
import {
  ClusterSet,
  HelmRelease,
  JaegerStorage,
  Mesh,
  ObservabilityStack,
  Placement,
  Platform,
  Tracing,
} from '@orrery/constructs';
import { afterEach, describe, expect, it } from 'vitest';
import { TemporaryFolders } from '../write-assembly.ts';
import { areChartValuesMissing, chartValuesSkipped, judgeReleases } from './chart-values.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());

const SENTRY = Tracing.sentry({ url: 'https://sentry.example.com', adminEmail: 'platform@example.com' });
const JAEGER = Tracing.jaeger({ storage: JaegerStorage.badger({ size: '50Gi' }) });
const elasticsearch = { host: 'logs.example.com', credentialsSecret: 'skywalking-store' };

/** An assembly of a stack in two clusters, with a mesh whose istiod has the values that the stack gives. */
function writeTraced(tracing: Tracing): string {
  const outdir = path.join(folders.make(), 'dist');
  const platform = new Platform({ id: 'traced', outdir });
  const clusters = new ClusterSet(platform, 'clusters');
  const apiVersions = ['networking.istio.io/v1', 'telemetry.istio.io/v1'];
  const sh = clusters.add('sh', { network: 'sh', apiVersions });
  clusters.add('ops', { network: 'ops', apiVersions, storageClasses: { general: 'local' } });
  const placement = Placement.everywhere();
  const mesh = new Mesh(platform, 'mesh', { placement });
  const stack = new ObservabilityStack(platform, 'watch', {
    placement,
    centre: Placement.named('ops'),
    tracing: tracing.collectedBy({ centreAddress: 'traces.example.com:443' }).throughMesh(),
  });
  new HelmRelease(sh, 'istiod', {
    chart: 'istiod',
    repository: 'https://istio-release.storage.googleapis.com/charts',
    version: '1.30.3',
    namespaceName: 'istio-system',
    values: { ...mesh.istiodValues(sh), ...stack.istiodValues() },
  });
  platform.synth();
  return outdir;
}

describe.skipIf(areChartValuesMissing)(`the values of the releases of traces${chartValuesSkipped}`, () => {
  const kiali = JAEGER.withKiali({ prometheusUrl: 'http://prometheus:9090' });
  it.each([
    ['Jaeger, Kiali and a mesh', kiali, ['istiod', 'kiali-operator', 'opentelemetry-operator']],
    ['SkyWalking', Tracing.skyWalking({ elasticsearch }), ['istiod', 'opentelemetry-operator', 'skywalking-helm']],
    ['SkyWalking with BanyanDB', Tracing.skyWalking(), ['istiod', 'opentelemetry-operator', 'skywalking-helm']],
    ['Sentry beside it', JAEGER.alsoTo(SENTRY), ['istiod', 'opentelemetry-operator', 'sentry']],
  ])('exist in the charts: %s', (_, tracing, charts) => {
    expect(judgeReleases(writeTraced(tracing))).toEqual(charts);
  });
});
