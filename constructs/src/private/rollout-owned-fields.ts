import type { ArgoRolloutSpec } from '../argo/rollout-props';
import type { ControllerOwnedField } from '../controller-owned-fields';

/** As managedFields name the controller: its program, however it was built. */
const CONTROLLER = ['rollouts-controller', 'argo-rollouts'];

/** Label by which the controller tells versions apart. */
const HASH = 'rollouts-pod-template-hash';

function owned(...paths: string[]): ControllerOwnedField[] {
  return paths.map((path) => ({ path, managers: CONTROLLER, onlyLive: true }));
}

/** What the controller writes into the routes that it moves: shares, and whole routes for headers and mirrors. */
export function routesOfRollouts(managedRoutes: readonly string[]): ControllerOwnedField[] {
  return owned('spec.http[*].route[*].weight', ...managedRoutes.map((name) => `spec.http[name=${name}]`));
}

/** What it writes into the selectors of Services. */
export function selectorsOfRollouts(): ControllerOwnedField[] {
  return owned(`spec.selector["${HASH}"]`);
}

/** What it writes into objects of a kind; undefined where that is nothing (argoproj/argo-rollouts rollout/{service,trafficrouting}.go, 1.9). */
export function fieldsOfRollouts(
  kind: string,
  { strategy, workloadRef }: ArgoRolloutSpec,
): ControllerOwnedField[] | undefined {
  const { managedRoutes = [] } = strategy?.canary?.trafficRouting ?? {};
  switch (kind) {
    case 'VirtualService':
      return [
        ...routesOfRollouts(managedRoutes.map(({ name }) => name)),
        ...owned('spec.tls[*].route[*].weight', 'spec.tcp[*].route[*].weight'),
      ];
    case 'DestinationRule':
      return owned(`spec.subsets[*].labels["${HASH}"]`);
    case 'Service':
      return selectorsOfRollouts();
    default:
      return kind === workloadRef?.kind ? owned('spec.replicas') : undefined;
  }
}
