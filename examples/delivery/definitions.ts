import type { Cluster, ClusterSet } from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';

const ISTIO: readonly Kind[] = [
  ['networking.istio.io', 'v1', 'VirtualService', 'virtualservices'],
  ['networking.istio.io', 'v1', 'DestinationRule', 'destinationrules'],
];
const TEKTON: readonly Kind[] = [
  ['tekton.dev', 'v1', 'Task', 'tasks'],
  ['tekton.dev', 'v1', 'Pipeline', 'pipelines'],
  ['triggers.tekton.dev', 'v1beta1', 'TriggerTemplate', 'triggertemplates'],
  ['triggers.tekton.dev', 'v1beta1', 'TriggerBinding', 'triggerbindings'],
  ['triggers.tekton.dev', 'v1beta1', 'EventListener', 'eventlisteners'],
];

type Kind = readonly [group: string, version: string, kind: string, plural: string];

/**
 * Kinds of Istio and Tekton without their rules and controllers, so that an empty sandbox takes the objects. In clusters with Istio and Tekton leave this out: there they are already.
 */
export function addDefinitions(clusters: ClusterSet): void {
  for (const cluster of [clusters.cluster('prod-gz'), clusters.cluster('prod-sh')]) define(cluster, ISTIO);
  define(clusters.cluster('ops'), TEKTON);
}

function define(cluster: Cluster, kinds: readonly Kind[]): void {
  const chart = new Chart(cluster, 'definitions');
  for (const [group, version, kind, plural] of kinds) {
    const openAPIV3Schema = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
    };
    new ApiObject(chart, plural, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema },
          },
        ],
      },
    });
  }
}
