import type { Cluster } from '../cluster';
import { NetworkPlugin } from '../cluster-facts';
import type { NetworkAllowance } from '../network-allowance';

/** Of the others it depends on their settings: the fact `enforcesNetworkPolicies` says it. */
const ENFORCES: ReadonlyMap<NetworkPlugin | undefined, boolean> = new Map([
  [NetworkPlugin.ANTREA, true],
  [NetworkPlugin.CALICO, true],
  [NetworkPlugin.CILIUM, true],
  [NetworkPlugin.GKE_DATAPLANE_V2, true],
  [NetworkPlugin.KUBE_OVN, true],
  [NetworkPlugin.WEAVE, true],
  [NetworkPlugin.FLANNEL, false],
]);

/** Why a policy in this cluster might do nothing, and what to do; undefined where it is enforced. */
export function whyNotEnforced({
  clusterName,
  facts,
}: Cluster): { readonly what: string; readonly fix: string } | undefined {
  const { networkPlugin, enforcesNetworkPolicies } = facts;
  const enforces = enforcesNetworkPolicies ?? ENFORCES.get(networkPlugin);
  if (enforces === true) return undefined;
  const head = `The workspace refuses traffic by network policies, and in cluster "${clusterName}"`;
  if (enforces === false) {
    return {
      what: `${head} nothing enforces them (${networkPlugin ?? 'its facts say so'}).`,
      fix: 'Leave the cluster out, use a network plugin that enforces them there, or leave `network` out.',
    };
  }
  const which =
    networkPlugin === undefined ? 'no fact names the network plugin' : `it depends on the settings of ${networkPlugin}`;
  return {
    what: `${head} nothing says whether they are enforced: ${which}.`,
    fix: 'Set enforcesNetworkPolicies among the facts of the cluster once you know.',
  };
}

/** Name and spec of the policies of a namespace: everything is refused, but what is allowed. */
export function networkPolicies(
  allowances: readonly NetworkAllowance[],
  owner: string,
): [name: string, spec: object][] {
  return [
    ['default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }],
    ...allowances.map((allowance): [string, object] => [allowance._name(), allowance._spec(owner)]),
  ];
}
