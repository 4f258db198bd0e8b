import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import type { AlertRule } from './alert-rule';
import { groupFindings, groupsOf } from './private/declared-rules';
import { placeRules } from './private/placed-rules';

/** Rules that are evaluated one after the other, together. */
export interface AlertRuleGroup {
  /** Unique in its PrometheusRule. */
  readonly name: string;
  readonly rules: AlertRule[];
  /** How often it is evaluated. @default - as often as all rules */
  readonly interval?: string;
  /** How many alerts or series a rule may make; more are an error, and none are kept. @default - any number */
  readonly limit?: number;
}

export interface AlertRulesProps {
  readonly groups: AlertRuleGroup[];
  /** Labels by which a Prometheus finds them, those of its `ruleSelector`: { release: 'monitoring' }; {} where it takes all. */
  readonly selectedBy: { readonly [key: string]: string };
  /** Where they go. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
  /** Namespace of the rules. @default - that of the chart around it, which must then have one */
  readonly namespaceName?: string;
}

/** Rules of Prometheus (PrometheusRule, monitoring.coreos.com/v1). */
export class AlertRules extends Construct {
  /**
   * @param scope the platform or a construct of it (with a placement), a cluster, or a chart in a cluster
   * @param id a DNS label; name of the PrometheusRule
   */
  public constructor(scope: Construct, id: string, props: AlertRulesProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    placeRules(this, props, {
      findings: () => groupFindings(props.groups),
      groups: () => groupsOf(props.groups),
    });
  }
}
