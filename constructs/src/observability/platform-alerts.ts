import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { webAddressFindings } from '../private/web-address';
import { placeRules } from './private/placed-rules';
import { PLATFORM_TOPICS, platformGroups } from './private/platform-rules';

/** What alerts of a platform are about. */
export enum PlatformAlertTopic {
  /** Nodes that are gone, full or busy. Needs kube-state-metrics and node-exporter. */
  NODES = 'nodes',
  /** Pods that crash or are missing, autoscalers at their maximum, volumes and quotas nearly full. Needs kube-state-metrics and the kubelet. */
  WORKLOADS = 'workloads',
  /** Certificates that expire. Needs cert-manager. */
  CERTIFICATES = 'certificates',
  /** Prometheus and Alertmanager themselves. */
  ENGINE = 'engine',
}

export interface PlatformAlertsProps {
  /** Labels by which a Prometheus finds them, those of its `ruleSelector`: { release: 'monitoring' }; {} where it takes all. */
  readonly selectedBy: { readonly [key: string]: string };
  /** @default - all of them */
  readonly topics?: PlatformAlertTopic[];
  /** Address of what to do: the name of the alert is put behind it, e.g. "https://wiki.example.com/runbooks/". @default - none */
  readonly runbooks?: string;
  /** Where they go. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
  /** Namespace of the rules. @default - that of the chart around it, which must then have one */
  readonly namespaceName?: string;
}

/** Alerts about what every service stands on (PrometheusRule): nodes, workloads, certificates, and what observes them. */
export class PlatformAlerts extends Construct {
  /**
   * @param scope the platform or a construct of it (with a placement), a cluster, or a chart in a cluster
   * @param id a DNS label; name of the PrometheusRule
   */
  public constructor(scope: Construct, id: string, props: PlatformAlertsProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { topics = PLATFORM_TOPICS, runbooks } = props;
    placeRules(this, props, {
      findings: () => [
        ...(runbooks === undefined ? [] : webAddressFindings(runbooks, 'runbooks')),
        ...(topics.length > 0
          ? []
          : [
              {
                code: 'ORR2011' as const,
                what: 'The alerts are about nothing.',
                fix: 'Say which topics, or leave it out.',
              },
            ]),
      ],
      groups: () => platformGroups([...new Set(topics)], runbooks),
    });
  }
}
