import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import type { MadePlan } from '../lib/plan/make-plan.ts';
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
    { apiGroups: [GROUP], resources: ['roles', 'rolebindings', 'clusterroles'], verbs: WRITE },
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
      const gathering: KubernetesObject = {
        apiVersion: `${GROUP}/v1`,
        kind: 'ClusterRole',
        metadata: { name: `${platform.id}-all` },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'of-it' } }] },
      };
      const program: Program = {
        alpha: [configMap(ns, 'one'), role(ns, ['get', 'deletecollection']), binding(ns), gathering],
      };
      for (const dryRunCreates of [true, false]) {
        const made = await platform.plan(program, [target], { dryRunCreates });
        const blocked = made.plan.clusters[0]?.items.filter(({ action }) => action === 'blocked') ?? [];
        expect(blocked.map(({ id, problem }) => [id.kind, problem?.code])).toEqual([
          ['Role', 'ORR3009'],
          ['ClusterRole', 'ORR3009'],
        ]);
        expect(blocked[0]?.problem?.what).toContain('deletecollection');
        const before = user.writes.filter((write) => !write.includes('dryRun') && !write.includes('reviews'));
        const { status, written, problem } = outcomeOf(await platform.applyMade(made, program, [target]));
        expect({ status, written, code: problem?.code }).toEqual({ status: 'failed', written: 0, code: 'ORR3009' });
        expect(user.writes.filter((write) => !write.includes('dryRun') && !write.includes('reviews'))).toEqual(before);
      }
    });

    it('are refused with the same words by the write where no dry run could tell: the role may be written, not bound', async () => {
      await user.grant([{ apiGroups: [GROUP], resources: ['roles'], verbs: ['escalate'] }], ns);
      const program: Program = { alpha: [role(ns, ['get', 'deletecollection']), binding(ns)] };
      const plan = () => platform.plan(program, [target], { dryRunCreates: false });
      const blocked = ({ plan: { clusters } }: MadePlan) => clusters[0]?.items.flatMap(({ problem }) => problem ?? []);
      await expect.poll(async () => blocked(await plan()), { timeout: 20_000 }).toEqual([]);
      const { status, written, failures } = outcomeOf(await platform.applyMade(await plan(), program, [target]));
      expect({ status, written, code: failures[0]?.problem.code }).toEqual({
        status: 'failed',
        written: 1,
        code: 'ORR3009',
      });
      // Now that the role is there, the plan knows as much.
      expect(blocked(await plan())).toEqual(failures.map(({ problem }) => problem));
    });
  },
);
