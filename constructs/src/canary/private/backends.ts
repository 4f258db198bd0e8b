import type { Cluster } from '../../cluster';
import { servesApi } from '../../private/served-apis';
import type { CanaryBackend } from '../canary-backend';
import { ARGO_BACKEND } from './argo-backend';
import type { CanaryBackendRules } from './backend';
import type { CanaryFeature } from './features';
import { FLAGGER_BACKEND } from './flagger-backend';
import { GATEWAY_BACKEND } from './gateway-backend';
import { ISTIO_BACKEND } from './istio-backend';

/** The back-ends, the one that is taken first where a cluster has several at the top. */
export const BACKENDS: readonly CanaryBackendRules[] = [ISTIO_BACKEND, GATEWAY_BACKEND, ARGO_BACKEND, FLAGGER_BACKEND];

export function backendNamed(backend: CanaryBackend): CanaryBackendRules | undefined {
  return BACKENDS.find((one) => one.backend === backend);
}

/** The first that every one of these clusters has by its facts. */
export function backendIn(clusters: readonly Cluster[]): CanaryBackendRules | undefined {
  return BACKENDS.find(({ apiVersion }) => clusters.every((cluster) => servesApi(cluster, apiVersion)));
}

/** Those that a cluster has by its facts. */
export function backendsOf(cluster: Cluster): CanaryBackendRules[] {
  return BACKENDS.filter(({ apiVersion }) => servesApi(cluster, apiVersion));
}

/** Which back-ends can do something, for people. */
export function backendsWith(feature: CanaryFeature): string {
  return BACKENDS.filter(({ can }) => can.has(feature))
    .map(({ title }) => title)
    .join(', ');
}
