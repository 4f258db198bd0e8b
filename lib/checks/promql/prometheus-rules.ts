import type { ObjectId } from '../../kubernetes/object.ts';
import type { DesiredState } from '../../render/desired-state.ts';
import { isTemplatedQuery } from './templated-queries.ts';

/** Whether some cluster shall hold rules in PromQL, or queries of canaries. */
export function hasPrometheusRules({ clusters }: DesiredState): boolean {
  return clusters.some(({ objects }) => objects.some(({ id }) => isPrometheusRule(id) || isTemplatedQuery(id)));
}

export function isPrometheusRule({ group, kind }: ObjectId): boolean {
  return group === 'monitoring.coreos.com' && kind === 'PrometheusRule';
}
