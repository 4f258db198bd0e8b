import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { chartNamespace } from '../private/delivery';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import type { AlertRule } from './alert-rule';
import { kubeSphereGroup, kubeSphereGroupFindings } from './private/kubesphere-rules';

/** What rules of KubeSphere see. */
export enum KubeSphereRuleLevel {
  /** Series of one namespace; shown in its project. */
  NAMESPACE = 'RuleGroup',
  /** Series of one cluster; shown in the cluster. */
  CLUSTER = 'ClusterRuleGroup',
  /** Series of all clusters: it belongs into the host. */
  GLOBAL = 'GlobalRuleGroup',
}

export interface KubeSphereRuleGroupProps {
  readonly level: KubeSphereRuleLevel;
  /** Alerts; KubeSphere records nothing. Severities are those of its console: page is critical, ticket a warning. */
  readonly rules: AlertRule[];
  /** How often they are evaluated, e.g. "1m". @default - as often as all rules */
  readonly interval?: string;
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
  /** Namespace that rules of level NAMESPACE see. @default - that of the chart around it */
  readonly namespaceName?: string;
}

/** Rules in the console of KubeSphere (alerting.kubesphere.io/v2beta1), which makes PrometheusRules of them. Without KubeSphere use `AlertRules`. */
export class KubeSphereRuleGroup extends Construct {
  /**
   * @param scope the platform or a construct of it (with a placement), a cluster, or a chart in a cluster
   * @param id a DNS label; name of the group
   */
  public constructor(scope: Construct, id: string, props: KubeSphereRuleGroupProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { level, placement, namespaceName } = props;
    const isInNamespace = level === KubeSphereRuleLevel.NAMESPACE;
    const namespace = isInNamespace ? (namespaceName ?? chartNamespace(this) ?? '') : undefined;
    placeObjects(this, {
      placement,
      namespace,
      findings: () => kubeSphereGroupFindings(id, props),
      objects: () => [kubeSphereGroup(id, namespace, props)],
    });
  }
}
