/** What divides the requests of a release, and what moves it from step to step. */
export enum CanaryBackend {
  /** The mesh divides (networking.istio.io/v1), and Orrery moves the routes. */
  ISTIO = 'istio',
  /** Gateways divide (gateway.networking.k8s.io/v1), and a mesh that knows HTTPRoutes of Services; Orrery moves the routes. */
  GATEWAY_API = 'gateway-api',
  /** The controller of Argo Rollouts moves. */
  ARGO_ROLLOUTS = 'argo-rollouts',
  /** Flagger moves. */
  FLAGGER = 'flagger',
}

/** What a failed analysis brings about. */
export enum CanaryFailure {
  /** Requests go back to the stable version, and the canary goes. */
  ROLL_BACK = 'rollback',
  /** The release stays where it is until somebody promotes or aborts. */
  PAUSE = 'pause',
}
