import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import type { Finding } from '../private/service-validation';
import { webAddressFindings } from '../private/web-address';
import type { ObservabilityStack } from './observability-stack';
import { pipelineGroups, secondsOf } from './private/pipeline-rules';
import { labelFindings } from './private/slo-findings';
import type { RuleGroup } from './private/slo-rules';
import type { StackContext } from './private/stack-context';

/** What is told of pipelines. */
export interface PipelineAlertsProps {
  /** Whose Prometheus scrapes Jenkins or Tekton. */
  readonly stack: ObservabilityStack;
  /** Longest that runs may take in the mean of a day, from the commit that starts them to their end: "45m". @default "1h" */
  readonly leadTime?: string;
  /** Largest share of the runs of three hours that may fail, of at least three. @default 0.5 */
  readonly failedShare?: number;
  /** Labels of the alerts beside `severity`, e.g. { team: 'platform' }. @default - none */
  readonly alertLabels?: { readonly [name: string]: string };
  /** What to do; on the alerts as `runbook_url`. @default - none */
  readonly runbookUrl?: string;
}

/**
 * How long it takes from a commit to what it deploys, and how many runs fail, recorded for Jenkins and Tekton alike, with alerts: PrometheusRules (monitoring.coreos.com/v1) in the clusters of a
 * stack.
 */
export class PipelineAlerts extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the PrometheusRules
   */
  public constructor(scope: Construct, id: string, props: PipelineAlertsProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const stack = props.stack._context();
    placeObjects(this, {
      placement: stack.everywhere,
      namespace: stack.namespaceName,
      differs: true,
      findings: () => pipelineFindings(props, stack),
      objects: (cluster) => {
        const { metrics } = stack;
        if (metrics === undefined) return [];
        const groups = (matcher: string) => pipelineGroups(id, { ...decided(props, stack), matcher });
        const observed = stack.clusters();
        const others = observed.filter((one) => !metrics.evaluatesRulesIn(one)).map(({ clusterName }) => clusterName);
        const isCentral = cluster === stack.centreCluster() && others.length > 0 && metrics.rulerLabels !== undefined;
        return [
          ...(observed.includes(cluster) && metrics.evaluatesRulesIn(cluster)
            ? [rule(id, stack, stack.selectedBy, groups(''))]
            : []),
          // Clusters that only send are told of where their series are.
          ...(isCentral
            ? [
                rule(
                  `${id}-of-senders`,
                  stack,
                  { ...stack.selectedBy, ...metrics.rulerLabels },
                  groups(`cluster=~"${others.join('|')}"`),
                ),
              ]
            : []),
        ];
      },
    });
  }
}

function decided(props: PipelineAlertsProps, stack: StackContext) {
  const { leadTime = '1h', failedShare = 0.5, alertLabels = {}, runbookUrl } = props;
  return {
    jenkins: stack.scrapes('jenkins'),
    tekton: stack.scrapes('tekton'),
    leadTime,
    failedShare,
    alertLabels,
    runbookUrl,
  };
}

function rule(
  name: string,
  stack: StackContext,
  labels: { readonly [key: string]: string },
  groups: RuleGroup[],
): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name,
      namespace: stack.namespaceName,
      labels: { 'app.kubernetes.io/managed-by': 'orrery', ...labels },
    },
    spec: { groups },
  };
}

function pipelineFindings(props: PipelineAlertsProps, stack: StackContext): Finding[] {
  const { leadTime = '1h', failedShare = 0.5, alertLabels = {}, runbookUrl } = props;
  return [
    ...(stack.scrapes('jenkins') || stack.scrapes('tekton')
      ? []
      : [
          {
            code: 'ORR2013' as const,
            what: 'The stack scrapes neither Jenkins nor Tekton: there is nothing to tell of.',
            fix: 'Add ScrapedComponent.JENKINS or ScrapedComponent.TEKTON to the components of its metrics.',
          },
        ]),
    ...(Number.isNaN(secondsOf(leadTime))
      ? [{ code: 'ORR2011' as const, what: `The lead time is "${leadTime}".`, fix: 'Write it like "45m" or "2h".' }]
      : []),
    ...(failedShare > 0 && failedShare < 1
      ? []
      : [
          {
            code: 'ORR2011' as const,
            what: `The share of runs that may fail is ${failedShare}.`,
            fix: 'Use a share between 0 and 1, e.g. 0.5.',
          },
        ]),
    ...labelFindings('alertLabels', alertLabels, ['severity', 'system', 'pipeline']),
    ...(runbookUrl === undefined ? [] : webAddressFindings(runbookUrl, 'a runbook')),
  ];
}
