import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { CONTROLLER_WATCHERS, type ControllerWatcher } from './controller-watchers.ts';

const watcherOf = (kind: string): ControllerWatcher => {
  const watcher = CONTROLLER_WATCHERS.get(kind);
  if (watcher === undefined) throw new Error(`nobody watches ${kind}`);
  return watcher;
};
const ROLLOUT = watcherOf('argoproj.io/Rollout');
const CANARY = watcherOf('flagger.app/Canary');

const STEPS = [{ setWeight: 5 }, { pause: { duration: '10m' } }, { pause: {} }, { setWeight: 50 }];

function rollout(status: JsonObject, spec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'cart', generation: 3 },
    spec: { strategy: { canary: { steps: STEPS } }, ...spec },
    status: { observedGeneration: '3', ...status },
  };
}

describe('what a Rollout says', () => {
  it.each([
    [
      'is on its way',
      {
        phase: 'Progressing',
        message: 'more replicas need to be updated',
        currentStepIndex: 0,
        canary: { weights: { canary: { weight: 5 } } },
      },
      { phase: 'progressing', reason: 'Progressing: more replicas need to be updated', step: 'step 1/4', weight: 5 },
    ],
    [
      'is not seen yet',
      { phase: 'Healthy', observedGeneration: '2', stableRS: 'a', currentPodHash: 'a' },
      { phase: 'progressing', reason: 'the controller has not seen it yet' },
    ],
    [
      'waits for a time',
      { phase: 'Paused', currentStepIndex: 1, pauseConditions: [{ reason: 'CanaryPauseStep' }] },
      { phase: 'progressing', reason: 'pause of 10m', step: 'step 2/4' },
    ],
    [
      'waits for somebody',
      { phase: 'Paused', currentStepIndex: 2, pauseConditions: [{ reason: 'CanaryPauseStep' }] },
      { phase: 'waiting', reason: 'approval', step: 'step 3/4' },
    ],
    [
      'does not know',
      { phase: 'Paused', currentStepIndex: 1, pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }] },
      { phase: 'waiting', reason: 'the analysis is inconclusive', step: 'step 2/4' },
    ],
    [
      'went back',
      { phase: 'Degraded', message: 'RolloutAborted: metric "errors" failed' },
      { phase: 'failed', reason: 'Degraded: RolloutAborted: metric "errors" failed' },
    ],
    [
      'is healthy before it is through',
      { phase: 'Healthy', stableRS: 'a', currentPodHash: 'b' },
      { phase: 'progressing', reason: 'Healthy' },
    ],
    [
      'is through',
      { phase: 'Healthy', stableRS: 'b', currentPodHash: 'b', currentStepIndex: 4 },
      { phase: 'done', reason: 'Healthy' },
    ],
  ])('when it %s', (_what, status, said) => {
    expect(ROLLOUT.read(rollout(status as JsonObject))).toEqual(said);
  });

  it('is never done, and nothing fails, whatever a status holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (status, spec) => {
        const object = { ...rollout({}), spec, status } as unknown as KubernetesObject;
        expect(ROLLOUT.read(object).phase).not.toBe('done');
        for (const full of [true, false]) expect(ROLLOUT.promote(object, full)).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('what is said to a Rollout', () => {
  it('ends a pause, or skips the step that it is at: never both', () => {
    const paused = rollout({ currentStepIndex: 2, pauseConditions: [{ reason: 'CanaryPauseStep' }] });
    expect(ROLLOUT.promote(paused, false)).toEqual([
      { subresource: 'status', body: { status: { pauseConditions: null } } },
    ]);
    expect(ROLLOUT.promote(rollout({ currentStepIndex: 0 }), false)).toEqual([
      { subresource: 'status', body: { status: { pauseConditions: null, currentStepIndex: 1 } } },
    ]);
  });

  it('goes past an analysis without a result', () => {
    const unsure = rollout({
      currentStepIndex: 1,
      controllerPause: true,
      pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }],
      canary: { currentStepAnalysisRunStatus: { status: 'Inconclusive' } },
    });
    expect(ROLLOUT.promote(unsure, false)).toEqual([
      {
        subresource: 'status',
        body: { status: { pauseConditions: null, controllerPause: false, currentStepIndex: 2 } },
      },
    ]);
  });

  it('goes to the end at once, and starts what somebody halted', () => {
    const halted = rollout({ stableRS: 'a', currentPodHash: 'b' }, { paused: true });
    expect(ROLLOUT.promote(halted, true)).toEqual([
      { subresource: 'status', body: { status: { promoteFull: true } } },
      { body: { spec: { paused: false } } },
    ]);
    expect(ROLLOUT.promote(rollout({ stableRS: 'b', currentPodHash: 'b' }), true)).toEqual([]);
    expect(ROLLOUT.resume?.(halted)).toEqual([{ body: { spec: { paused: false } } }]);
  });

  it('goes back, and halts', () => {
    expect(ROLLOUT.abort(rollout({}))).toEqual([{ subresource: 'status', body: { status: { abort: true } } }]);
    expect(ROLLOUT.pause?.(rollout({}))).toEqual([{ body: { spec: { paused: true } } }]);
  });
});

describe('what a Canary of Flagger says', () => {
  it.each([
    ['', 'progressing'],
    ['Initializing', 'progressing'],
    ['Progressing', 'progressing'],
    ['Waiting', 'waiting'],
    ['WaitingPromotion', 'waiting'],
    ['Promoting', 'progressing'],
    ['Finalising', 'progressing'],
    ['Succeeded', 'done'],
    ['Failed', 'failed'],
  ])('in its phase "%s" is %s', (phase, said) => {
    const status = { phase, canaryWeight: 20 };
    const object = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', metadata: { name: 'cart' }, spec: {}, status };
    expect(CANARY.read(object)).toMatchObject({ phase: said, weight: 20 });
    expect(CANARY.read({ ...object, spec: { suspend: true } }).phase).toBe('waiting');
  });
});
