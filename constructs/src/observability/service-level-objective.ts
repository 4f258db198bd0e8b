import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { present } from '../private/present-members';
import { placeRules } from './private/placed-rules';
import { objectiveFindings } from './private/slo-findings';
import { DEFAULT_PERIOD, type DescribedObjective, type Objective, objectiveGroups } from './private/slo-rules';
import type { ServiceLevelIndicator } from './service-level-indicator';

export interface ServiceLevelObjectiveProps {
  /** Share that shall be good over the period: between 0 and 1, e.g. 0.999. */
  readonly objective: number;
  /** What is measured. */
  readonly sli: ServiceLevelIndicator;
  /** Labels by which a Prometheus finds its rules, those of its `ruleSelector`: { release: 'monitoring' }; {} where it takes all. */
  readonly selectedBy: { readonly [key: string]: string };
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
  /** Namespace of the rules. @default - that of the chart around it, which must then have one */
  readonly namespaceName?: string;
  /** Days or weeks, "28d" to "366d". @default "30d" */
  readonly period?: string;
  /** Labels of Prometheus on all series and alerts, e.g. { team: 'shop' }. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** @default "ErrorBudgetBurn" */
  readonly alertName?: string;
  /** Labels of the alert that wakes somebody, also another `severity`. @default - severity "page" */
  readonly pageLabels?: { readonly [name: string]: string };
  /** Labels of the alert that waits for the morning, also another `severity`. @default - severity "ticket" */
  readonly ticketLabels?: { readonly [name: string]: string };
  /** A sentence for whoever is told. @default - none */
  readonly description?: string;
  /** What to do; on the alerts as `runbook_url`. @default - none */
  readonly runbookUrl?: string;
  /** A ticket when what is counted has had no series for so long, e.g. "1h": with a misspelt metric no objective ever fails. @default - never */
  readonly missingFor?: string;
}

/**
 * How good a service shall be: a PrometheusRule (monitoring.coreos.com/v1) that records its errors over several windows and tells somebody when they burn the error budget too
 * fast, by several windows and burn rates. Nobody is told without traffic.
 */
export class ServiceLevelObjective extends Construct {
  /** Value of the label `slo` on its series and alerts: namespace and name. */
  public readonly sloId: string;
  private readonly decide: () => Objective;

  /**
   * @param scope the platform or a construct of it (with a placement), a cluster, or a chart in a cluster
   * @param id a DNS label; name of the PrometheusRule
   */
  public constructor(scope: Construct, id: string, props: ServiceLevelObjectiveProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const decide = () => decided(this.sloId, props);
    const namespace = placeRules(this, props, {
      findings: () => objectiveFindings(decide()),
      groups: () => objectiveGroups(id, decide()),
    });
    this.sloId = `${namespace}/${id}`;
    this.decide = decide;
  }

  /**
   * What machines are told of it.
   * @internal
   */
  public _described(): DescribedObjective {
    const { id, objective, period, description, runbookUrl: runbook } = this.decide();
    return present({ id, objective, period, description, runbook });
  }
}

function decided(id: string, props: ServiceLevelObjectiveProps): Objective {
  return {
    id,
    objective: props.objective,
    indicator: props.sli._indicator(),
    period: props.period ?? DEFAULT_PERIOD,
    labels: props.labels ?? {},
    alertName: props.alertName ?? 'ErrorBudgetBurn',
    alertLabels: { page: props.pageLabels ?? {}, ticket: props.ticketLabels ?? {} },
    description: props.description,
    runbookUrl: props.runbookUrl,
    missingFor: props.missingFor,
  };
}
