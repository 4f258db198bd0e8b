import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { AppliedPlatform, outcomeOf, type Program } from './applied-platform.ts';
import { LimitedUser } from './limited-user.ts';
import { configMap, namespace } from './sample-objects.ts';

const GROUP = 'rbac.authorization.k8s.io';
const WRITE = ['create', 'patch', 'update', 'delete'];

function role(ns: string, verbs: readonly string[]): KubernetesObject {
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs }];
  return { apiVersion: `${GROUP}/v1`, kind: 'Role', metadata: { name: 'reader', namespace: ns }, rules };
}

function binding(ns: string): KubernetesObject {
  const roleRef = { apiGroup: GROUP, kind: 'Role', name: 'reader' };
  const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: ns }];
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace: ns },
    roleRef,
    subjects,
  };
}

let platform: AppliedPlatform;
let user: LimitedUser;
let target: KubeTarget;
let ns: string;

beforeEach(async () => {
  platform = new AppliedPlatform('granted-rights');
  const admin = await platform.open();
  ns = platform.namespace();
  await admin.client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace(ns) });
  user = await LimitedUser.of(platform, admin);
  await user.grant([
    { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [GROUP], resources: ['roles', 'rolebindings'], verbs: WRITE },
    { apiGroups: ['', 'coordination.k8s.io'], resources: ['configmaps', 'secrets', 'leases'], verbs: WRITE },
    { apiGroups: [''], resources: ['namespaces'], verbs: ['create'] },
  ]);
  target = await user.open();
});
afterEach(async () => {
  await user.cleanUp();
  await platform.cleanUp();
});

describe.skipIf(inject('rig') === 'missing')(
  'a role and its binding in one plan of somebody who is no administrator',
  () => {
    it('are planned and applied where what they grant is held, the binding unverified: its role is not there yet', async () => {
      const program: Program = { alpha: [configMap(ns, 'one'), role(ns, ['get']), binding(ns)] };
      const made = await platform.plan(program, [target]);
      expect(made.plan.clusters[0]?.items.map(({ action, id, verified }) => [action, id.kind, verified])).toEqual([
        ['create', 'ConfigMap', 'dry-run'],
        ['create', 'Role', 'dry-run'],
        ['create', 'RoleBinding', 'unverified'],
      ]);
      expect(outcomeOf(await platform.applyMade(made, program, [target]))).toMatchObject({
        status: 'done',
        written: 3,
      });
      expect((await platform.plan(program, [target])).plan.clusters[0]?.items).toEqual([]);
    });

    it('are refused before the first write where they grant more, whether creates were dry-run or not', async () => {
      const program: Program = { alpha: [configMap(ns, 'one'), role(ns, ['get', 'deletecollection']), binding(ns)] };
      for (const dryRunCreates of [true, false]) {
        const made = await platform.plan(program, [target], { dryRunCreates });
        const blocked = made.plan.clusters[0]?.items.filter(({ action }) => action === 'blocked') ?? [];
        expect(blocked.map(({ id, problem }) => [id.kind, problem?.code])).toEqual([['Role', 'ORR3009']]);
        expect(blocked[0]?.problem?.what).toContain('deletecollection');
        const before = user.writes.filter((write) => !write.includes('dryRun') && !write.includes('reviews'));
        const { status, written, problem } = outcomeOf(await platform.applyMade(made, program, [target]));
        expect({ status, written, code: problem?.code }).toEqual({ status: 'failed', written: 0, code: 'ORR3009' });
        expect(user.writes.filter((write) => !write.includes('dryRun') && !write.includes('reviews'))).toEqual(before);
      }
    });
  },
);
