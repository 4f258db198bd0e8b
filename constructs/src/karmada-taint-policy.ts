import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import { KarmadaTaintEffect } from './karmada-delivery';
import { checkedId } from './private/construct-id';
import { KARMADA_POLICY } from './private/karmada-policies';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel, isLabelKey, isLabelValue } from './private/names';
import { type Problem, problemAt } from './private/problem';
import { renderLate } from './private/unit';

/** A condition of a member cluster, as Karmada reports it. */
export interface KarmadaClusterCondition {
  /** "Ready", or one that somebody else reports. */
  readonly conditionType: string;
  /** "True", "False", "Unknown": the condition has one of them. */
  readonly statuses: string[];
}

export interface KarmadaTaintPolicyProps {
  /** The API server of Karmada. */
  readonly hub: Cluster;
  /** Names of member clusters in Karmada. @default - all of them */
  readonly members?: string[];
  /** @default "orrery.dev/lost" */
  readonly taintKey?: string;
  /** @default - none */
  readonly taintValue?: string;
  /** @default KarmadaTaintEffect.NO_EXECUTE */
  readonly effect?: KarmadaTaintEffect;
  /** When it is set: all of them hold. @default - "Ready" is "False" or "Unknown" */
  readonly addOn?: KarmadaClusterCondition[];
  /** When it is taken away: all of them hold. @default - "Ready" is "True" */
  readonly removeOn?: KarmadaClusterCondition[];
}

/**
 * Taints member clusters of Karmada that are lost, so that apps with `clusterFailover` move: Karmada (1.14 and later) sets no such taint by itself. The taints stay
 * when the policy is deleted.
 */
export class KarmadaTaintPolicy extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the ClusterTaintPolicy
   */
  public constructor(scope: Construct, id: string, props: KarmadaTaintPolicyProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [props.hub],
      validate: (problems) => validate(this, props, problems),
      render: () => ({
        entries: [
          {
            path: `${this.node.path}/ClusterTaintPolicy`,
            owner: this,
            content: { type: 'object', object: taintPolicy(id, props) },
          },
        ],
      }),
    });
  }
}

const LOST: KarmadaClusterCondition[] = [{ conditionType: 'Ready', statuses: ['False', 'Unknown'] }];
const BACK: KarmadaClusterCondition[] = [{ conditionType: 'Ready', statuses: ['True'] }];
const STATUSES = ['True', 'False', 'Unknown'];

function validate(construct: Construct, props: KarmadaTaintPolicyProps, problems: Problem[]): void {
  const { taintKey = 'orrery.dev/lost', taintValue = '', members, addOn = LOST, removeOn = BACK } = props;
  const report = (code: 'ORR2003' | 'ORR2011', what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix }));
  if (!isLabelKey(taintKey)) report('ORR2003', `"${taintKey}" is no key of a taint.`, 'It is like the key of a label.');
  if (!isLabelValue(taintValue))
    report('ORR2003', `"${taintValue}" is no value of a taint.`, 'It is like the value of a label.');
  if (members?.length === 0) report('ORR2011', 'It is about no cluster.', 'Name members, or leave them out for all.');
  for (const [name, list] of Object.entries({ addOn, removeOn })) {
    if (list.length === 0) report('ORR2011', `${name} has no conditions.`, 'Give it one, or leave it out.');
    for (const { conditionType, statuses } of list) {
      if (statuses.length > 0 && statuses.every((status) => STATUSES.includes(status))) continue;
      const what = `${name} wants ${conditionType} to be ${statuses.join(' or ') || 'nothing'}.`;
      report('ORR2011', what, `Statuses are ${STATUSES.join(', ')}.`);
    }
  }
}

function taintPolicy(name: string, props: KarmadaTaintPolicyProps): object {
  const { members, taintKey, taintValue, effect, addOn = LOST, removeOn = BACK } = props;
  return {
    apiVersion: KARMADA_POLICY,
    kind: 'ClusterTaintPolicy',
    metadata: { name },
    spec: {
      ...(members === undefined ? {} : { targetClusters: { clusterNames: members } }),
      addOnConditions: addOn.map(conditionOf),
      removeOnConditions: removeOn.map(conditionOf),
      taints: [
        {
          key: taintKey ?? 'orrery.dev/lost',
          ...(taintValue === undefined ? {} : { value: taintValue }),
          effect: effect ?? KarmadaTaintEffect.NO_EXECUTE,
        },
      ],
    },
  };
}

function conditionOf({ conditionType, statuses }: KarmadaClusterCondition): object {
  return { conditionType, operator: 'In', statusValues: statuses };
}
