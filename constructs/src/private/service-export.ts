import { type Problem, problemAt } from './problem';
import { servesApi } from './served-apis';
import { metadataOf, type ServiceInCluster } from './service-rendering';
import { portsOf, type ServiceSettings } from './service-settings';
import type { Entry } from './unit';

/** Versions of the Multi-Cluster Services API, newest first (kubernetes-sigs/mcs-api: config/crd). Karmada and older implementations have the alpha only. */
const VERSIONS = ['multicluster.x-k8s.io/v1beta1', 'multicluster.x-k8s.io/v1alpha1'] as const;

/** The ServiceExport of a service in one cluster: it has the name of the Service and says no more. */
export function serviceExport(service: ServiceInCluster, settings: ServiceSettings, problems: Problem[]): Entry[] {
  const { construct, cluster } = service;
  const details = { cluster: cluster.clusterName };
  if (portsOf(settings).length === 0) {
    const what = 'The service is exported to its cluster set and has no port.';
    problems.push(problemAt(construct, 'ORR2012', what, { ...details, fix: 'Set port or ports.' }));
  }
  const apiVersion = VERSIONS.find((version) => servesApi(cluster, version));
  if (apiVersion === undefined) {
    const what = `The service is exported to its cluster set, and no fact of cluster "${cluster}" says that it serves ${VERSIONS.join(' or ')}.`;
    const fix = `Add apiVersions: ['${VERSIONS[0]}'] to the facts of the cluster.`;
    problems.push(problemAt(construct, 'ORR2013', what, { ...details, fix }));
    return [];
  }
  const object = { apiVersion, kind: 'ServiceExport', metadata: metadataOf(service) };
  return [{ path: `${construct.node.path}/ServiceExport`, owner: construct, content: { type: 'object', object } }];
}
