import type { SecretKey } from '../service-props';
import type { Workspace } from '../workspace';
import type { AlertChannel } from './alert-channel';
import type { AlertMatcher } from './alert-matcher';

/** Who hears of alerts: a name, and the ways to them. */
export interface AlertReceiver {
  readonly name: string;
  /** All of them are used. Without any nobody hears of what is routed here. */
  readonly channels: AlertChannel[];
}

/** Where some alerts go. Of routes beside each other the first takes an alert that it matches. */
export interface AlertRoute {
  /** Name of a receiver. */
  readonly receiver: string;
  /** Which alerts: all of these hold. @default - all alerts */
  readonly matchers?: AlertMatcher[];
  /** Labels whose alerts are told together; ["..."] tells each alone. @default - those of the route above */
  readonly groupBy?: string[];
  /** How long the first notification of a group waits for more of it. @default - that of the route above */
  readonly groupWait?: string;
  /** How often at most a group is told of again when it changes. @default - that of the route above */
  readonly groupInterval?: string;
  /** After which time a group is told of again though nothing changed. @default - that of the route above */
  readonly repeatInterval?: string;
  /** Names of times in which nothing is sent. @default - none */
  readonly muteTimes?: string[];
  /** Names of times outside of which nothing is sent. @default - always */
  readonly activeTimes?: string[];
  /** Whether routes after it may take the alert as well. @default false */
  readonly continueToNext?: boolean;
  /** Finer ones: what none of them takes stays here. @default - none */
  readonly routes?: AlertRoute[];
}

/** Alerts that are kept back while others fire: what follows from them is known already. */
export interface AlertInhibition {
  /** The alert that says it all. */
  readonly source: AlertMatcher[];
  /** Those that are kept back. */
  readonly target: AlertMatcher[];
  /** Labels that both have alike. */
  readonly equal: string[];
}

/** A time in UTC: all that is said holds at once. */
export interface AlertTimeInterval {
  /** "22:00"; with `endsAt` before it, over midnight. @default - from the start of the day */
  readonly startsAt?: string;
  /** "06:00" or "24:00". @default - to the end of the day */
  readonly endsAt?: string;
  /** "saturday" or "monday:friday". @default - every day */
  readonly weekdays?: string[];
  /** "1", "-1" (the last) or "1:7". @default - every day */
  readonly daysOfMonth?: string[];
  /** "december" or "1:3". @default - every month */
  readonly months?: string[];
  /** "2027" or "2027:2028". @default - every year */
  readonly years?: string[];
}

/** Times with a name, for `muteTimes` and `activeTimes`. */
export interface AlertTimes {
  readonly name: string;
  readonly intervals: AlertTimeInterval[];
}

/** What a tenant hears: alerts with one of its namespaces, and no others. */
export interface AlertTenant {
  readonly workspace: Workspace;
  readonly receivers: AlertReceiver[];
  /** Who hears of what no route takes. */
  readonly receiver: string;
  /** @default - all to `receiver` */
  readonly routes?: AlertRoute[];
  /** @default - none beside those of all */
  readonly inhibit?: AlertInhibition[];
  /** @default - none */
  readonly times?: AlertTimes[];
}

/** Where the dead man's switch goes: something outside that complains when nothing comes any more. */
export interface AlertHeartbeat {
  /** Key with the address that is called. Each cluster has a Secret with an address of its own. */
  readonly urlSecret: SecretKey;
  /** Name of the alert that always fires. @default "Watchdog" */
  readonly alertName?: string;
  /** How often it is called. @default "1m" */
  readonly every?: string;
}

/** How alerts reach people, by Alertmanager. */
export interface AlertmanagerOptions {
  readonly receivers: AlertReceiver[];
  /** Who hears of what no route takes. */
  readonly receiver: string;
  /** @default - all to `receiver` */
  readonly routes?: AlertRoute[];
  /** Tenants with routes of their own; the platform's hold beside them. @default - none */
  readonly tenants?: AlertTenant[];
  /** @default - the dead man's switch goes nowhere */
  readonly heartbeat?: AlertHeartbeat;
  /** @default - a page keeps back tickets of the same alert, ServiceDown what follows from it */
  readonly inhibit?: AlertInhibition[];
  /** @default - none */
  readonly times?: AlertTimes[];
  /** @default - alertname, cluster, namespace, service */
  readonly groupBy?: string[];
  /** @default "30s" */
  readonly groupWait?: string;
  /** @default "5m" */
  readonly groupInterval?: string;
  /** @default "12h" */
  readonly repeatInterval?: string;
  /** Alertmanagers that tell each other what was sent. @default 3 in the centre, 1 elsewhere */
  readonly replicas?: number;
  /** Volume for silences and what was sent, each, e.g. "2Gi". @default - lost with the pod */
  readonly storage?: string;
  /** Address in notifications, by which people open Alertmanager. @default - none that works outside */
  readonly externalUrl?: string;
}
