import { describe, expect, it } from 'vitest';
import { belongsTo, classifyHook, comesBefore, isRun, type ReleaseHook } from './hooks.ts';

const object = (hook: string, more: Record<string, unknown> = {}, metadata: Record<string, unknown> = { name: 'a' }) =>
  ({ kind: 'Job', metadata: { ...metadata, annotations: { 'helm.sh/hook': hook, ...more } } }) as never;

describe('hooks of charts', () => {
  it.each([
    [object('pre-install'), { type: 'hook', hook: { events: ['pre-install'], weight: 0 } }],
    [
      object(' Post-Install, pre-delete ', { 'helm.sh/hook-weight': '-7' }),
      { type: 'hook', hook: { events: ['post-install'], weight: -7 } },
    ],
    [object('pre-upgrade', { 'helm.sh/hook-weight': 'x' }), { hook: { events: ['pre-upgrade'], weight: 0 } }],
    [
      object('pre-install', { 'helm.sh/hook-delete-policy': 'before-hook-creation, hook-succeeded' }),
      { type: 'hook', hook: { events: ['pre-install'], weight: 0, goes: true } },
    ],
    [object('crd-install'), { type: 'none' }],
    [object(''), { type: 'none' }],
    [{ kind: 'Job', metadata: null } as never, { type: 'none' }],
    [object('test-success,test-failure'), { type: 'left out', because: 'test' }],
    [object('post-delete,test'), { type: 'left out', because: 'delete' }],
    [object('pre-rollback'), { type: 'left out', because: 'rollback' }],
    [object('tomorrow'), { type: 'left out', because: 'unknown event', events: ['tomorrow'] }],
    [object('pre-install', {}, { generateName: 'a-' }), { type: 'left out', because: 'generated name' }],
  ])('are classified as helm reads their annotations: %j', (given, expected) => {
    expect(classifyHook(given)).toMatchObject(expected);
  });

  it('have their turn before the release as soon as one of their events is before it', () => {
    const hook = (...events: ReleaseHook['events']): ReleaseHook => ({ events, weight: 0 });
    expect(comesBefore(hook('post-install', 'pre-upgrade'))).toBe(true);
    expect(comesBefore(hook('post-install', 'post-upgrade'))).toBe(false);
    expect(belongsTo(hook('pre-install', 'post-install'), 'install')).toBe(true);
    expect(belongsTo(hook('pre-install', 'post-install'), 'upgrade')).toBe(false);
  });

  it('are run where their kind does its work and ends, and otherwise objects like any', () => {
    const hook: ReleaseHook = { events: ['pre-install'], weight: 0 };
    expect(isRun({ id: { group: 'batch', kind: 'Job' }, hook })).toBe(true);
    expect(isRun({ id: { group: '', kind: 'Pod' }, hook })).toBe(true);
    expect(isRun({ id: { group: '', kind: 'ServiceAccount' }, hook })).toBe(false);
    expect(isRun({ id: { group: 'batch', kind: 'Job' } })).toBe(false);
    const goes: ReleaseHook = { ...hook, goes: true };
    expect(isRun({ id: { group: '', kind: 'ServiceAccount' }, hook: goes })).toBe(true);
    for (const kind of ['Namespace', 'PersistentVolumeClaim'])
      expect(isRun({ id: { group: '', kind }, hook: goes })).toBe(false);
  });
});
