import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Environment, Provider } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';

export const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap' };

/** A ConfigMap of a name, with nothing in it. */
export function config(scope: Construct, id: string, name: string): ApiObject {
  return new ApiObject(scope, id, { ...CONFIG, metadata: { name } });
}

/** A program with a chart in each of two clusters and an app in both. Its places are in the test: this file counts as the package. */
export function smallProgram(platform: Platform): void {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('prod-sh', {
    provider: Provider.ALIBABA_CLOUD,
    region: 'cn-shanghai',
    environment: Environment.PRODUCTION,
  });
  clusters.add('prod-gz', { registryMirror: 'registry.gz.example.com' });
  for (const cluster of clusters.selectedClusters) config(new Chart(cluster, 'base'), 'settings', 'settings');
  const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }) });
  mall.addService('cart', { image: 'mall/cart:4.12.0', replicas: 12, port: 8080 });
}
