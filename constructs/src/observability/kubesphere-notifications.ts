import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import type { AlertMatcher } from './alert-matcher';
import type { KubeSphereChannel } from './kubesphere-channel';
import { notificationFindings, notificationObjects } from './private/kubesphere-notification-objects';

/** Who hears of alerts by the Notification Manager. */
export interface KubeSphereReceiver {
  /** A DNS label. */
  readonly name: string;
  /** One of each kind at most. */
  readonly channels: KubeSphereChannel[];
  /** User of KubeSphere who hears of alerts in the namespaces to which the user has access. @default - of all alerts */
  readonly tenant?: string;
  /** Which alerts: all of these hold. @default - all */
  readonly matchers?: AlertMatcher[];
}

/** Brings some alerts to receivers by name, beside those who hear of them anyway. */
export interface KubeSphereRouter {
  /** A DNS label. */
  readonly name: string;
  /** Which alerts: all of these hold. */
  readonly matchers: AlertMatcher[];
  /** Names of receivers. */
  readonly receivers: string[];
}

/** Keeps alerts back for some time. */
export interface KubeSphereSilence {
  /** A DNS label. */
  readonly name: string;
  /** Which alerts: all of these hold. */
  readonly matchers: AlertMatcher[];
  /** User whose receivers it is about. @default - everybody's */
  readonly tenant?: string;
  /** From when, e.g. "2027-01-01T00:00:00Z". @default - at once */
  readonly startsAt?: string;
  /** Again and again: "0 22 * * *". Not with `startsAt`. @default - once */
  readonly schedule?: string;
  /** For how long, e.g. "8h". Needed with `schedule`. @default - for ever */
  readonly duration?: string;
}

/** Who hears of an alert that a router matches. */
export enum KubeSphereRoutePolicy {
  /** The receivers of the routers, and those of tenants who may see the namespace. */
  ALL = 'All',
  /** The receivers of the routers; those of tenants where no router matches. */
  ROUTER_FIRST = 'RouterFirst',
  /** The receivers of the routers alone. */
  ROUTER_ONLY = 'RouterOnly',
}

/** The Notification Manager itself, where KubeSphere has not installed one: its operator makes it of this. */
export interface KubeSphereNotificationManager {
  /** E.g. "kubesphere/notification-manager:v2.6.0". */
  readonly image: string;
  /** Tells which user may see which namespace, as a container beside it: "kubesphere/notification-tenant-sidecar:v4.0.2". @default - none: there are no tenants */
  readonly tenantImage?: string;
  /** @default 1 */
  readonly replicas?: number;
  /** @default "notification-manager-sa", which comes with its operator */
  readonly serviceAccountName?: string;
  /** @default KubeSphereRoutePolicy.ALL */
  readonly routePolicy?: KubeSphereRoutePolicy;
  /** Labels by which alerts become one message. @default ["alertname", "namespace"] */
  readonly groupLabels?: string[];
}

export interface KubeSphereNotificationsProps {
  readonly receivers: KubeSphereReceiver[];
  /** @default - one is there, "notification-manager", as KubeSphere installs it */
  readonly manager?: KubeSphereNotificationManager;
  /** @default - none */
  readonly routers?: KubeSphereRouter[];
  /** @default - none */
  readonly silences?: KubeSphereSilence[];
  /** Namespace of the Secrets that are named. @default "kubesphere-monitoring-federated" */
  readonly secretNamespace?: string;
  /** The cluster with KubeSphere's Notification Manager, its host. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
}

/** Who hears of alerts by KubeSphere's Notification Manager (notification.kubesphere.io/v2beta2): NotificationManager, Receiver, Config, Router, Silence. Needs KubeSphere, or the Notification Manager alone. */
export class KubeSphereNotifications extends Construct {
  /**
   * @param scope the platform or a construct of it (with a placement), or a cluster
   * @param id a DNS label; names of its objects begin with it, for they stand in no namespace
   */
  public constructor(scope: Construct, id: string, props: KubeSphereNotificationsProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    placeObjects(this, {
      placement: props.placement,
      namespace: undefined,
      findings: () => notificationFindings(props),
      objects: () => notificationObjects(id, props),
    });
  }
}
