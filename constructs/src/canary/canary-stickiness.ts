/** How clients keep the version that they got. */
export interface CanaryVersionStickiness {
  /** Name of the cookie that answers of the canary set. @default - "canary-" and the id of the release */
  readonly cookie?: string;
  /** How long, e.g. "1h". @default "1h" */
  readonly maxAge?: string;
}

/** How clients keep their pod among those of their version. Exactly one. */
export interface CanaryPodStickiness {
  /** A cookie that the proxy sets. @default - none */
  readonly cookie?: string;
  /** How long the cookie is kept, e.g. "1h". @default - as long as the session of the browser */
  readonly cookieMaxAge?: string;
  /** A header that clients send. @default - none */
  readonly header?: string;
  /** A query parameter that clients send. @default - none */
  readonly query?: string;
  /** The address that the request comes from. @default false */
  readonly sourceAddress?: boolean;
}

/** What clients keep during a release. */
export interface CanaryStickiness {
  /** Whoever got the canary once keeps it; others may get it later, when its share grows. @default - each request is divided anew */
  readonly version?: CanaryVersionStickiness;
  /** @default - any pod of the version */
  readonly pod?: CanaryPodStickiness;
}
