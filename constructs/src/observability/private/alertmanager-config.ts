/** A matcher of an AlertmanagerConfig (prometheus-operator pkg/apis/monitoring/v1alpha1/alertmanager_config_types.go). */
export interface Matcher {
  readonly name: string;
  readonly matchType: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** A route of an AlertmanagerConfig. */
export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly Matcher[];
  readonly groupBy?: readonly string[];
  readonly groupWait?: string;
  readonly groupInterval?: string;
  readonly repeatInterval?: string;
  readonly muteTimeIntervals?: readonly string[];
  readonly activeTimeIntervals?: readonly string[];
  readonly continue?: boolean;
  readonly routes?: readonly Route[];
}

/** A key of a Secret in the namespace of the AlertmanagerConfig. */
export interface SecretSelector {
  readonly name: string;
  readonly key: string;
}

/** A receiver: its name, and lists of channels by kind: slackConfigs, webhookConfigs, … */
export interface Receiver {
  readonly name: string;
  readonly [configs: string]: unknown;
}

export interface Inhibition {
  readonly sourceMatch: readonly Matcher[];
  readonly targetMatch: readonly Matcher[];
  readonly equal?: readonly string[];
}

export interface TimeInterval {
  readonly times?: readonly { readonly startTime: string; readonly endTime: string }[];
  readonly weekdays?: readonly string[];
  readonly daysOfMonth?: readonly { readonly start: number; readonly end: number }[];
  readonly months?: readonly string[];
  readonly years?: readonly string[];
}

export interface MuteTimeInterval {
  readonly name: string;
  readonly timeIntervals: readonly TimeInterval[];
}

export interface AlertmanagerConfigSpec {
  readonly route: Route;
  readonly receivers: readonly Receiver[];
  readonly inhibitRules?: readonly Inhibition[];
  readonly muteTimeIntervals?: readonly MuteTimeInterval[];
}

export interface AlertmanagerConfig {
  readonly apiVersion: 'monitoring.coreos.com/v1alpha1';
  readonly kind: 'AlertmanagerConfig';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: { readonly [key: string]: string };
  };
  readonly spec: AlertmanagerConfigSpec;
}
