import type { Construct } from 'constructs';
import type { Placement } from '../../placement';
import { chartNamespace } from '../../private/delivery';
import { placeObjects } from '../../private/placed-objects';
import type { Finding } from '../../private/service-validation';
import { selectedByFindings } from './slo-findings';
import type { RuleGroup, Texts } from './slo-rules';

/** Where rules go, and which Prometheus finds them. */
export interface RulePlace {
  readonly selectedBy: Texts;
  readonly placement?: Placement;
  readonly namespaceName?: string;
}

/** What is in a PrometheusRule. */
export interface RuleContent {
  findings(): readonly Finding[];
  groups(): readonly RuleGroup[];
}

/**
 * Makes a construct render a PrometheusRule of its id (prometheus-operator pkg/apis/monitoring/v1/prometheusrule_types.go).
 * @returns the namespace of the rule; '' where there is none, which is reported
 */
export function placeRules(construct: Construct, place: RulePlace, { findings, groups }: RuleContent): string {
  const { selectedBy, placement } = place;
  const namespace = place.namespaceName ?? chartNamespace(construct) ?? '';
  placeObjects(construct, {
    placement,
    namespace,
    findings: () => [...selectedByFindings(selectedBy), ...findings()],
    objects: () => [ruleObject(construct.node.id, namespace, selectedBy, groups())],
  });
  return namespace;
}

/** A PrometheusRule. */
export function ruleObject(name: string, namespace: string, selectedBy: Texts, groups: readonly RuleGroup[]): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'orrery', ...selectedBy } },
    spec: { groups },
  };
}
