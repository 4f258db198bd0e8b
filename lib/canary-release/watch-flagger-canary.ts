import { list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { ControllerState, ControllerWatcher } from './controller-watchers.ts';

/**
 * A Canary of Flagger (fluxcd/flagger pkg/apis/flagger/v1beta1/status.go, 1.44). Nobody can talk to it but its webhooks: what people say is said by its settings. `skipAnalysis` lets a version
 * through without a look (pkg/controller/scheduler.go: shouldSkipAnalysis), `suspend` halts it; going back is the workload's former template.
 */
export const FLAGGER_CANARY: ControllerWatcher = {
  kind: 'flagger.app/Canary',
  read: stateOf,
  promote: (_object, full) => (full ? [{ body: { spec: { skipAnalysis: true } } }] : []),
  abort: () => [],
  pause: () => [{ body: { spec: { suspend: true } } }],
  resume: () => [{ body: { spec: { suspend: false } } }],
};

function stateOf(object: KubernetesObject): ControllerState {
  const { phase, canaryWeight, iterations, conditions } = record(object.status);
  const promoted = list(conditions)
    .map(record)
    .find(({ type }) => type === 'Promoted');
  const message = typeof promoted?.message === 'string' ? `: ${promoted.message}` : '';
  const progress = {
    ...(typeof canaryWeight === 'number' ? { weight: canaryWeight } : {}),
    ...(typeof iterations === 'number' && iterations > 0 ? { step: `check ${iterations}` } : {}),
  };
  const reason = `${typeof phase === 'string' && phase !== '' ? phase : 'not begun'}${message}`;
  if (record(object.spec).suspend === true) return { phase: 'waiting', reason: 'suspended', ...progress };
  switch (phase) {
    case 'Succeeded':
      return { phase: 'done', reason, ...progress };
    case 'Failed':
      return { phase: 'failed', reason, ...progress };
    case 'Waiting':
    case 'WaitingPromotion':
      return { phase: 'waiting', reason, ...progress };
    default:
      return { phase: 'progressing', reason, ...progress };
  }
}
