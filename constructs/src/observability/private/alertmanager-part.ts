import { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { recordLocation } from '../../private/location';
import { placeObjects } from '../../private/placed-objects';
import { quantityOf } from '../../private/quantity';
import type { Finding } from '../../private/service-validation';
import type { AlertmanagerOptions, AlertReceiver, AlertTenant } from '../alert-routing-props';
import { timesFindings } from './alert-times';
import type { AlertmanagerConfig, AlertmanagerConfigSpec } from './alertmanager-config';
import { type AlertmanagerRole, platformConfig, tenantConfig } from './alertmanager-objects';
import { DEAD_MANS_ALERT, deadMansGroup } from './dead-mans-group';
import { ruleObject } from './placed-rules';
import { prometheusSeconds } from './prometheus/prometheus-duration';
import { claim } from './prometheus/stack-values';
import { routingFindings, severityFindings } from './routing-findings';
import type { StackContext } from './stack-context';

/** Makes a stack route its alerts by Alertmanager: its configuration in each cluster, and the values of the release that runs it. */
export function routeByAlertmanager(stack: StackContext, options: AlertmanagerOptions): void {
  const construct = new Construct(stack.scope, 'alerts');
  recordLocation(construct);
  const part = new AlertmanagerPart(stack, options);
  stack.addPrometheusStackValues((cluster) => part.values(cluster));
  placeObjects(construct, {
    placement: stack.everywhere,
    namespace: stack.namespaceName,
    findings: () => part.findings(),
    objects: (cluster) => part.objects(cluster),
    differs: true,
  });
}

class AlertmanagerPart {
  public constructor(
    private readonly stack: StackContext,
    private readonly options: AlertmanagerOptions,
  ) {}

  /** The AlertmanagerConfigs of a cluster: that of all alerts, and one for each tenant that may have some there; and the dead man. */
  public objects(cluster: Cluster): object[] {
    const { name, namespaceName, selectedBy } = this.stack;
    const { heartbeat } = this.options;
    const rule = `${name}-dead-mans-switch`;
    const isBeating = heartbeat !== undefined && this.evaluatesRulesIn(cluster);
    const group = deadMansGroup(rule, heartbeat?.alertName ?? DEAD_MANS_ALERT, {});
    return [...this.configs(cluster), ...(isBeating ? [ruleObject(rule, namespaceName, selectedBy, [group])] : [])];
  }

  /** Values of kube-prometheus-stack. */
  public values(cluster: Cluster): { readonly [key: string]: unknown } {
    const role = this.role(cluster);
    const { storage, externalUrl } = this.options;
    if (role === undefined) return {};
    const isCentre = cluster === this.stack.centreCluster();
    const replicas = role === 'heartbeat' ? 1 : (this.options.replicas ?? (isCentre ? 3 : 1));
    const volume = storage === undefined ? undefined : claim(storage, undefined, cluster);
    return {
      alertmanager: {
        enabled: true,
        alertmanagerSpec: {
          alertmanagerConfiguration: { name: this.configuration },
          alertmanagerConfigMatcherStrategy: { type: 'OnNamespaceExceptForAlertmanagerNamespace' },
          replicas,
          ...(volume === undefined ? {} : { storage: { volumeClaimTemplate: { spec: volume } } }),
          ...(externalUrl === undefined || role === 'heartbeat' ? {} : { externalUrl }),
        },
        ...(replicas === 1 ? {} : { podDisruptionBudget: { enabled: true } }),
      },
    };
  }

  public findings(): Finding[] {
    const { options, stack } = this;
    const { tenants = [], times = [] } = options;
    const platform = platformConfig(options, 'routes', undefined);
    const { metrics } = stack;
    const centre = stack.centreCluster();
    const everywhere = centre === undefined ? stack.clusters() : [...stack.clusters(), centre];
    return [
      ...(metrics === undefined || everywhere.some((cluster) => metrics.hasAlertmanagerIn(cluster))
        ? []
        : [
            conflict(
              'No cluster has an Alertmanager of the stack.',
              'Configure the one that is there, or let metrics install one.',
            ),
          ]),
      ...routingFindings('The routes', platform),
      ...severityFindings(platform),
      ...settingsFindings(options),
      ...times.flatMap(timesFindings),
      ...channelFindings(options.receivers),
      ...tenants.flatMap((tenant) => tenantFindings(tenant, stack)),
      ...tenants
        .map(({ workspace }) => workspace)
        .filter((workspace, at, all) => all.indexOf(workspace) !== at)
        .map((workspace) => conflict(`Workspace ${workspace.node.id} is a tenant twice.`, 'Put its routes together.')),
    ];
  }

  private get configuration(): string {
    return `${this.stack.name}-alerts`;
  }

  private configs(cluster: Cluster): AlertmanagerConfig[] {
    const role = this.role(cluster);
    if (role === undefined) return [];
    const { tenants = [] } = this.options;
    const own = this.isCentral ? cluster.clusterName : undefined;
    const all = this.config(this.configuration, platformConfig(this.options, role, own));
    if (role === 'heartbeat') return [all];
    const isCentre = cluster === this.stack.centreCluster();
    const here = tenants.filter(({ workspace }) => isCentre || workspace._clusters().includes(cluster));
    return [
      all,
      ...here.map((tenant) => this.config(`${this.stack.name}-${tenant.workspace.node.id}`, tenantConfig(tenant))),
    ];
  }

  /** Undefined: there is no Alertmanager. Where all alerts go to that of the centre, each other cluster keeps one for its own dead man. */
  private role(cluster: Cluster): AlertmanagerRole | undefined {
    if (this.stack.metrics?.hasAlertmanagerIn(cluster) !== false) return 'routes';
    return this.options.heartbeat !== undefined && this.isCentral && this.evaluatesRulesIn(cluster)
      ? 'heartbeat'
      : undefined;
  }

  /** Whether the centre hears of alerts of other clusters. */
  private get isCentral(): boolean {
    const { metrics } = this.stack;
    const centre = this.stack.centreCluster();
    if (metrics === undefined || centre === undefined || !metrics.hasAlertmanagerIn(centre)) return false;
    return this.stack.clusters().some((cluster) => !metrics.hasAlertmanagerIn(cluster));
  }

  private evaluatesRulesIn(cluster: Cluster): boolean {
    return this.stack.metrics?.evaluatesRulesIn(cluster) !== false;
  }

  private config(name: string, spec: AlertmanagerConfigSpec): AlertmanagerConfig {
    return {
      apiVersion: 'monitoring.coreos.com/v1alpha1',
      kind: 'AlertmanagerConfig',
      metadata: {
        name,
        namespace: this.stack.namespaceName,
        labels: { 'app.kubernetes.io/managed-by': 'orrery', 'app.kubernetes.io/part-of': this.stack.name },
      },
      spec,
    };
  }
}

function tenantFindings(tenant: AlertTenant, stack: StackContext): Finding[] {
  const { workspace, times = [], receivers } = tenant;
  const id = workspace.node.id;
  return [
    ...routingFindings(`The routes of workspace ${id}`, tenantConfig(tenant)),
    ...times.flatMap(timesFindings),
    ...channelFindings(receivers),
    ...(stack.workspaces.length === 0 || stack.workspaces.includes(workspace)
      ? []
      : [conflict(`Workspace ${id} hears of alerts, and is no tenant of the stack.`, 'Add it to workspaces.')]),
  ];
}

function channelFindings(receivers: readonly AlertReceiver[]): Finding[] {
  return receivers.flatMap(({ name, channels }) => [
    ...(/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)
      ? []
      : [bad(`"${name}" is no name of a receiver.`, 'Use letters, digits, ".", "_" and "-", e.g. "shop-oncall".')]),
    ...channels.flatMap((channel) => channel._channel().findings),
  ]);
}

function settingsFindings({ replicas, storage, heartbeat, externalUrl }: AlertmanagerOptions): Finding[] {
  const every = heartbeat?.every ?? '1m';
  return [
    ...(replicas === undefined || (Number.isInteger(replicas) && replicas >= 1 && replicas <= 9)
      ? []
      : [bad(`There are ${replicas} replicas of Alertmanager.`, 'Use a whole number from 1 to 9.')]),
    ...(storage === undefined || quantityOf(storage) !== undefined
      ? []
      : [bad(`"${storage}" is no size of a volume.`, 'Write it like "2Gi".')]),
    ...((prometheusSeconds(every) ?? 0) >= 1
      ? []
      : [bad(`The dead man's switch is sent every "${every}".`, 'Use a second or more, e.g. "1m".')]),
    ...(externalUrl === undefined || /^https?:\/\/[^\s@]+$/.test(externalUrl)
      ? []
      : [bad(`"${externalUrl}" is no address for people.`, 'Use a whole http or https URL.')]),
  ];
}

function conflict(what: string, fix: string): Finding {
  return { code: 'ORR2012', what, fix };
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
