import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { DEAD_MANS_ALERT, deadMansGroup } from './private/dead-mans-group';
import { placeRules } from './private/placed-rules';
import { alertNameFindings, labelFindings } from './private/slo-findings';

export interface DeadMansSwitchProps {
  /** Labels by which a Prometheus finds its rules, those of its `ruleSelector`: { release: 'monitoring' }; {} where it takes all. */
  readonly selectedBy: { readonly [key: string]: string };
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
  /** Namespace of the rule. @default - that of the chart around it, which must then have one */
  readonly namespaceName?: string;
  /** @default "Watchdog" */
  readonly alertName?: string;
  /** Labels of the alert, by which it is routed. @default - severity "none" */
  readonly labels?: { readonly [name: string]: string };
}

/**
 * An alert that always fires (PrometheusRule, monitoring.coreos.com/v1): where it no longer arrives, nothing does. Whoever gets it has to be outside the cluster and to complain when it stays
 * away.
 */
export class DeadMansSwitch extends Construct {
  /**
   * @param scope the platform or a construct of it (with a placement), a cluster, or a chart in a cluster
   * @param id a DNS label; name of the PrometheusRule
   */
  public constructor(scope: Construct, id: string, props: DeadMansSwitchProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { alertName = DEAD_MANS_ALERT, labels = {} } = props;
    placeRules(this, props, {
      findings: () => [...alertNameFindings(alertName), ...labelFindings('labels', labels, [])],
      groups: () => [deadMansGroup(id, alertName, labels)],
    });
  }
}
