import { describe, expect, it } from 'vitest';
import type { KubeTarget } from '../cluster/target.ts';
import type { JsonObject } from '../kubernetes/object.ts';
import { readServerStateKeys } from './server-state-key.ts';

/** A target of which only the server's state is asked. */
function targetWith(webhooks: readonly JsonObject[], policies: readonly JsonObject[] = []): KubeTarget {
  const parts = {
    groupVersions: new Map([['api/v1', '/openapi/v3/api/v1?hash=1']]),
    webhookConfigurations: [{ metadata: { name: 'all' }, webhooks: [...webhooks] }],
    policies: [...policies],
    policyBindings: [],
  };
  return { serverState: async () => ({ key: 'k', doubts: [], parts }) } as unknown as KubeTarget;
}

const webhook = (operations: string[], resources: string[]): JsonObject => ({
  name: 'one',
  rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations, resources }],
});
const policy = (operations: string[], resources: string[]): JsonObject => ({
  metadata: { name: 'p' },
  spec: { matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations, resources }] } },
});

describe('whether something may mutate an object that is applied', () => {
  const mutates = async (target: KubeTarget, plural: string) => (await readServerStateKeys(target)).mutates({ plural });

  it('is so for kinds that a webhook or policy names for updates, whatever its selectors say', async () => {
    expect(await mutates(targetWith([webhook(['CREATE', 'UPDATE'], ['pods', 'pods/status'])]), 'pods')).toBe(true);
    expect(await mutates(targetWith([webhook(['*'], ['*/*'])]), 'configmaps')).toBe(true);
    expect(await mutates(targetWith([], [policy(['UPDATE'], ['configmaps'])]), 'configmaps')).toBe(true);
    expect(await mutates(targetWith([{ name: 'one', rules: [{ resources: ['pods'] }] }]), 'pods')).toBe(true);
  });

  it('is not so for other kinds, and for rules about creates and deletes alone', async () => {
    expect(await mutates(targetWith([webhook(['UPDATE'], ['pods'])]), 'configmaps')).toBe(false);
    expect(await mutates(targetWith([webhook(['CREATE', 'DELETE'], ['*'])]), 'configmaps')).toBe(false);
    expect(await mutates(targetWith([], [policy(['CREATE'], ['configmaps'])]), 'configmaps')).toBe(false);
  });

  it('is so when nobody may say', async () => {
    const target = { serverState: async () => ({ doubts: ['hidden'] }) } as unknown as KubeTarget;
    expect(await mutates(target, 'configmaps')).toBe(true);
  });
});
