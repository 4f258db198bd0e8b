// How Flagger judges a new version.

import type { FlaggerHeaderMatch, FlaggerStringMatch } from './canary-props';

/** How a new version is judged: by weights, or by `iterations` with or without `match`. */
export interface FlaggerAnalysis {
  /** Time between two checks, e.g. "1m". */
  readonly interval?: string;
  /** Checks, for blue-green and A/B. */
  readonly iterations?: number;
  /** Failed checks before it goes back. */
  readonly threshold?: number;
  /** Largest share, in percent. */
  readonly maxWeight?: number;
  /** By how much the share grows. */
  readonly stepWeight?: number;
  /** The shares themselves. */
  readonly stepWeights?: number[];
  /** By how much it grows after the promotion. */
  readonly stepWeightPromotion?: number;
  /** Whether copies of requests are sent first. */
  readonly mirror?: boolean;
  /** Share of requests that are copied. */
  readonly mirrorWeight?: number;
  /** Percentage of the primary's pods that have to be available. */
  readonly primaryReadyThreshold?: number;
  /** Percentage of the canary's pods that have to be available. */
  readonly canaryReadyThreshold?: number;
  /** Which requests go to the canary, for A/B. */
  readonly match?: FlaggerAnalysisMatch[];
  /** What is measured. */
  readonly metrics?: FlaggerMetric[];
  /** Who is told. */
  readonly alerts?: FlaggerAlert[];
  /** Who is asked. */
  readonly webhooks?: FlaggerWebhook[];
  /** Whether a client stays where it was. */
  readonly sessionAffinity?: FlaggerSessionAffinity;
}

/** Requests: all of it has to hold. */
export interface FlaggerAnalysisMatch {
  /** Headers, in lower case. */
  readonly headers?: { readonly [key: string]: FlaggerHeaderMatch };
  /** Query parameters. */
  readonly queryParams?: { readonly [key: string]: FlaggerStringMatch };
  /** Labels of the caller. */
  readonly sourceLabels?: { readonly [key: string]: string };
}

/** What is measured. */
export interface FlaggerMetric {
  /** "request-success-rate", "request-duration", or a name of your own. */
  readonly name: string;
  /** Time that is looked at. */
  readonly interval?: string;
  /** Former form of `thresholdRange`: least of the success rate, else most. */
  readonly threshold?: number;
  /** What is good. */
  readonly thresholdRange?: FlaggerThresholdRange;
  /** PromQL; former form of `templateRef`. */
  readonly query?: string;
  /** MetricTemplate. */
  readonly templateRef?: FlaggerNameReference;
  /** Variables of the template. */
  readonly templateVariables?: { readonly [key: string]: string };
}

/** What is good. */
export interface FlaggerThresholdRange {
  /** Least. */
  readonly min?: number;
  /** Most. */
  readonly max?: number;
}

/** An object. */
export interface FlaggerNameReference {
  /** Name. */
  readonly name: string;
  /** Namespace. In the API: `namespace`. */
  readonly inNamespace?: string;
}

/** Who is told. */
export interface FlaggerAlert {
  /** Name. */
  readonly name: string;
  /** From which severity on. */
  readonly severity?: FlaggerSeverity;
  /** AlertProvider. */
  readonly providerRef: FlaggerNameReference;
}

/** How bad something is. */
export enum FlaggerSeverity {
  /** News. */
  INFO = 'info',
  /** A warning. */
  WARN = 'warn',
  /** A failure. */
  ERROR = 'error',
}

/** Who is asked. Status 2xx means yes. */
export interface FlaggerWebhook {
  /** Name. */
  readonly name: string;
  /** When. In the API: `type`. */
  readonly ofType?: FlaggerWebhookType;
  /** Whether failures are not told. */
  readonly muteAlert?: boolean;
  /** Address. */
  readonly url: string;
  /** How long it may take. */
  readonly timeout?: string;
  /** How often it is asked again. */
  readonly retries?: number;
  /** Whether certificates are not checked. */
  readonly disableTLS?: boolean;
  /** What it is told. */
  readonly metadata?: { readonly [key: string]: string };
}

/** When a webhook is asked. */
export enum FlaggerWebhookType {
  /** At every check. */
  ROLLOUT = 'rollout',
  /** Before anything begins; until it says yes. */
  CONFIRM_ROLLOUT = 'confirm-rollout',
  /** Before the canary gets requests. */
  PRE_ROLLOUT = 'pre-rollout',
  /** Before the share grows; until it says yes. */
  CONFIRM_TRAFFIC_INCREASE = 'confirm-traffic-increase',
  /** Before the promotion; until it says yes. */
  CONFIRM_PROMOTION = 'confirm-promotion',
  /** When it is over. */
  POST_ROLLOUT = 'post-rollout',
  /** At every check; yes means back. */
  ROLLBACK = 'rollback',
  /** At every event. */
  EVENT = 'event',
}

/** Whether a client stays where it was: by a cookie. */
export interface FlaggerSessionAffinity {
  /** Cookie of clients of the canary. */
  readonly cookieName: string;
  /** Cookie of clients of the primary. */
  readonly primaryCookieName?: string;
  /** Domain of the cookie. */
  readonly domain?: string;
  /** Whether scripts may not read it. */
  readonly httpOnly?: boolean;
  /** Life, in seconds. */
  readonly maxAge?: number;
  /** Whether it is partitioned. */
  readonly partitioned?: boolean;
  /** Path. */
  readonly path?: string;
  /** To which sites it is sent. */
  readonly sameSite?: FlaggerSameSite;
  /** Whether it is sent over TLS alone. */
  readonly secure?: boolean;
}

/** To which sites a cookie is sent. */
export enum FlaggerSameSite {
  /** Its own. */
  STRICT = 'Strict',
  /** Its own, and where one comes from a link. */
  LAX = 'Lax',
  /** All. */
  NONE = 'None',
}
