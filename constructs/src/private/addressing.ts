import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { LoadBalancerKind } from '../cluster-facts';
import { Platform } from '../platform';
import { type Problem, problemAt } from './problem';

/** Which of the two that announce addresses on own machines a cluster has; anything else is reported. */
export function addressingOf(
  construct: IConstruct,
  cluster: Cluster,
  problems: Problem[],
): LoadBalancerKind.METALLB | LoadBalancerKind.OPENELB | undefined {
  const { loadBalancer } = cluster.facts;
  if (loadBalancer === LoadBalancerKind.METALLB || loadBalancer === LoadBalancerKind.OPENELB) return loadBalancer;
  const kind = construct.constructor.name;
  const details = { fix: 'Take the cluster out of the placement, or correct its fact.', cluster: cluster.clusterName };
  problems.push(
    loadBalancer === undefined
      ? problemAt(construct, 'ORR2013', `No fact of cluster "${cluster}" says that it has MetalLB or OpenELB.`, {
          ...details,
          fix: 'Add loadBalancer to the facts of the cluster.',
        })
      : problemAt(
          construct,
          'ORR2012',
          `The ${kind} is for MetalLB or OpenELB, and cluster "${cluster}" has loadBalancer: ${loadBalancer}.`,
          details,
        ),
  );
  return undefined;
}

/** Reports a construct for several clusters that stands inside one. */
export function addressingScope(construct: IConstruct, problems: Problem[]): void {
  if (construct.node.root instanceof Platform) return;
  const fix = 'Make it in the platform; its placement says which clusters it goes to.';
  const what = `The ${construct.constructor.name} is inside a cluster.`;
  problems.push(problemAt(construct, 'ORR2017', what, { fix }));
}

/** An object of MetalLB or OpenELB. */
export interface AddressingObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: { readonly [key: string]: string };
  };
  readonly spec: object;
}

export const ADDRESSING_LABELS = { 'app.kubernetes.io/managed-by': 'orrery' };
