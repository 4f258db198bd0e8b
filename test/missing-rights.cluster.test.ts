import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ApplyScope } from '../lib/apply/apply-options.ts';
import { acquireLease } from '../lib/apply/lease.ts';
import { movePlatform, planMove } from '../lib/apply/move-platform.ts';
import { planRefresh, refreshInventory } from '../lib/apply/refresh-inventory.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { missingRights } from '../lib/rights/missing-rights.ts';
import { type Right, rightKey } from '../lib/rights/right.ts';
import { isGranted, type ResourceRule } from '../lib/rights/rules.ts';
import { AppliedPlatform, outcomeOf, type Program } from './applied-platform.ts';
import { LimitedUser, type Rule } from './limited-user.ts';
import { TestProject } from './project.ts';
import { configMap, deployment, namespace } from './sample-objects.ts';
import { platformOf } from './shared-clusters.ts';
import { TERMINAL, TerminalCommand, withoutTerminal } from './terminal.ts';

const READER: Rule = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] };

/** What opening a cluster takes. */
const IDENTITY: Rule = { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] };

let platform: AppliedPlatform;
let admin: KubeTarget;
let users: LimitedUser[];

beforeEach(async () => {
  platform = new AppliedPlatform('missing-rights');
  admin = await platform.open();
  users = [];
});
afterEach(async () => {
  for (const user of users) await user.cleanUp();
  await platform.cleanUp(['alpha', 'beta']);
});

async function limited(name?: string): Promise<LimitedUser> {
  const user = await LimitedUser.of(platform, admin, name);
  users.push(user);
  return user;
}

async function review(target: KubeTarget, kind: string, spec: object): Promise<Record<string, unknown>> {
  const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
  const body = { apiVersion: 'authorization.k8s.io/v1', kind, spec };
  const answer = await target.client.request({ method: 'POST', path, body });
  return (answer.body as { status: Record<string, unknown> }).status;
}

describe.skipIf(inject('rig') === 'missing')('rights that are missing', () => {
  it('are those that the server denies, for any roles and any rights', { timeout: 120_000 }, async () => {
    const ns = platform.namespace();
    await admin.client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace(ns) });
    const some = (...all: string[]) => fc.subarray(all, { minLength: 1 });
    const rule: fc.Arbitrary<Rule> = fc.record(
      {
        verbs: some('get', 'patch', 'create', '*'),
        apiGroups: some('', 'apps', 'rbac.authorization.k8s.io', '*'),
        resources: some('configmaps', 'deployments', 'namespaces', 'clusterroles', '*', 'deployments/scale', '*/scale'),
        resourceNames: fc.subarray(['one', 'two', ns]),
      },
      { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
    );
    const kinds = [
      { group: '', resource: 'configmaps', namespaces: [ns, 'nowhere'] },
      { group: 'apps', resource: 'deployments', namespaces: [ns, 'nowhere'] },
      { group: '', resource: 'namespaces', namespaces: ['', ns] },
      { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', namespaces: [''] },
    ];
    const rights = kinds.flatMap(({ group, resource, namespaces }) =>
      namespaces.flatMap((place) =>
        ['get', 'patch', 'create'].flatMap((verb) =>
          [undefined, 'one', ns].map((name): Right => ({ verb, group, resource, namespace: place, name })),
        ),
      ),
    );
    const sample = fc.sample(fc.tuple(fc.array(rule, { maxLength: 2 }), fc.array(rule, { maxLength: 2 })), {
      numRuns: 5,
      seed: 4711,
    });
    let denials = 0;
    for (const [index, [everywhere, inside]] of sample.entries()) {
      const user = await limited(`random-${index}`);
      // A last rule that both caches have seen says that they have seen all.
      const marker: Rule = { apiGroups: ['example.com'], resources: ['markers'], verbs: ['get'] };
      await user.grant([...everywhere, IDENTITY, { ...marker, resources: ['everywhere'] }]);
      await user.grant([...inside, { ...marker, resources: ['inside'] }], ns);
      const target = await user.open();
      const marks = ['everywhere', 'inside'].map(
        (resource): Right => ({ verb: 'get', group: 'example.com', resource, namespace: ns }),
      );
      await expect.poll(() => missingRights(target, marks)).toEqual([]);
      const rules = async (place: string) =>
        (await review(target, 'SelfSubjectRulesReview', { namespace: place })).resourceRules as ResourceRule[];
      const known = new Map([ns, 'nowhere'].map((place) => [place, rules(place)]));
      const judge = async (right: Right): Promise<void> => {
        const { allowed } = await review(target, 'SelfSubjectAccessReview', { resourceAttributes: right });
        expect((await missingRights(target, [right])).length, rightKey(right)).toBe(allowed === true ? 0 : 1);
        const inPlace = await known.get(right.namespace);
        if (inPlace !== undefined) expect(isGranted(right, inPlace), rightKey(right)).toBe(allowed);
        if (allowed !== true) denials++;
      };
      await Promise.all(rights.map(judge));
    }
    expect(denials).toBeGreaterThan(rights.length);
    expect(denials).toBeLessThan(rights.length * sample.length);
  });

  it('are found before the first write of each verb, all at once, and the rules that are told suffice', {
    timeout: 120_000,
  }, async () => {
    const ns = platform.namespace();
    const user = await limited();
    await user.grant([READER]);
    const role: KubernetesObject = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${user.name}-of-program` },
      rules: [],
    };
    const pods = { containers: [{ name: 'main', image: 'example.com/main:1' }] };
    const first: Program = {
      alpha: [namespace(ns), role, configMap(ns, 'one'), configMap(ns, 'two'), deployment(ns, 'web', pods, 0)],
    };
    const rest: Program = { alpha: [namespace(ns), configMap(ns, 'one', { a: 'b' }), configMap(ns, 'new')] };
    const target = await user.open();
    const tryTo = async (run: 'apply' | 'destroy', program: Program) => {
      const made =
        run === 'destroy'
          ? await platform.planDestroyed([target])
          : await platform.plan(program, [target], { dryRunCreates: false });
      const applied = await platform.applyMade(made, program, [target]);
      return { ...outcomeOf(applied), fix: outcomeOf(applied).problem?.fix ?? '' };
    };
    const whatIsMissing = async (run: 'apply' | 'destroy', program: Program) => {
      const before = user.writes.length;
      const { problem, status, written, deleted, failures, fix } = await tryTo(run, program);
      expect({ status, written, deleted, code: problem?.code }).toEqual({
        status: 'failed',
        written: 0,
        deleted: 0,
        code: 'ORR3006',
      });
      expect(failures).toEqual([]);
      expect(user.writes.slice(before)).toEqual([]);
      await user.grantAsTold(fix);
      // Roles take a moment to be known everywhere in the server; until then it is refused as before, which writes nothing.
      await expect.poll(async () => (await tryTo(run, program)).status, { timeout: 20_000 }).toBe('done');
      return problem?.what
        .replace(/^.*?: /, '')
        .replace(/\.$/, '')
        .split('; ')
        .sort();
    };
    const { inventoryNamespace: own } = platform;
    expect(await whatIsMissing('apply', first)).toEqual(
      [
        `create namespaces`,
        `create, patch clusterroles.rbac.authorization.k8s.io`,
        `create, patch configmaps in ${ns}`,
        `create, patch, watch deployments.apps in ${ns}`,
        `create, update leases.coordination.k8s.io in ${own}`,
        `create, update secrets in ${own}`,
        `patch namespaces in ${ns}`,
      ].sort(),
    );
    expect(await whatIsMissing('apply', rest)).toEqual(
      [
        `delete clusterroles.rbac.authorization.k8s.io`,
        `delete configmaps in ${ns}`,
        `delete deployments.apps in ${ns}`,
      ].sort(),
    );
    expect(await whatIsMissing('destroy', {})).toEqual(
      [`delete namespaces in ${ns}`, `delete secrets in ${own}`].sort(),
    );
  });

  it('keep the whole plan from being written when one object could not even be planned for lack of them', {
    timeout: 60_000,
  }, async () => {
    const ns = platform.namespace();
    const before: Program = { alpha: [namespace(ns), configMap(ns, 'one')] };
    await platform.apply(before);
    const user = await limited();
    const own = { apiGroups: ['', 'coordination.k8s.io'], resources: ['secrets', 'leases'], verbs: ['*'] };
    await user.grant([READER, own, { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] }]);
    const target = await user.open();
    const after: Program = { alpha: [namespace(ns), configMap(ns, 'one', { a: 'b' }), deployment(ns, 'web', {}, 0)] };
    const made = await platform.plan(after, [target]);
    const { problem, written } = outcomeOf(await platform.applyMade(made, after, [target], { wait: false }));
    expect({ code: problem?.code, written, writes: user.writes }).toEqual({ code: 'ORR3006', written: 0, writes: [] });
    expect(problem?.what).toMatch(new RegExp(`: patch configmaps in ${ns}\\.$`));
  });

  it('are known before anybody is asked whether to apply: the question is about the clusters that are left, and without any there is none', {
    timeout: 60_000,
  }, async () => {
    const ns = platform.namespace();
    const user = await limited();
    await user.grant([READER]);
    const targets = [await user.open(), await platform.open('beta')];
    const asked: ApplyScope[] = [];
    const tryTo = async (clusters: readonly string[], asks = true) => {
      const wanted = Object.fromEntries(clusters.map((cluster) => [cluster, [namespace(ns), configMap(ns, 'one')]]));
      const made = await platform.plan(wanted, targets, { dryRunCreates: false });
      const confirm = async (scope: ApplyScope) => {
        asked.push(scope);
        return false;
      };
      return (await platform.applyMade(made, wanted, targets, asks ? { confirm } : {})).outcome;
    };
    const problem = { code: 'ORR3006', what: expect.stringContaining('create, patch configmaps') };
    const refused = await tryTo(['alpha']);
    expect([refused.declined, refused.clusters, asked]).toEqual([
      undefined,
      [expect.objectContaining({ status: 'failed', problem: expect.objectContaining(problem) })],
      [],
    ]);
    expect(await tryTo(['alpha', 'beta'])).toEqual({ clusters: [], declined: true });
    expect(asked).toEqual([
      { clusters: ['beta'], refused: [{ cluster: 'alpha', problem: expect.objectContaining(problem) }] },
    ]);
    expect(user.writes).toEqual([]);
    const { client } = await platform.open('beta');
    for (const name of [ns, platform.inventoryNamespace]) {
      const { status } = await client.request({ method: 'GET', path: `/api/v1/namespaces/${name}` });
      expect(status, name).toBe(404);
    }

    // Another apply in one of the others does not hide what is wrong with this one.
    const [, beta] = targets;
    const lease = { platformId: platform.id, who: 'mina', durationSeconds: 2 };
    const holder = await acquireLease(beta as KubeTarget, lease);
    const { clusters } = await tryTo(['alpha', 'beta'], false).finally(() => holder.release());
    expect(clusters.map((one) => [one.cluster, one.status, one.problem?.code])).toEqual([
      ['alpha', 'failed', 'ORR3006'],
      ['beta', 'failed', 'ORR5004'],
    ]);
  });

  it.skipIf(TERMINAL === undefined)(
    `are told on a terminal before the question, which is about the clusters that are left${withoutTerminal}`,
    { timeout: 60_000 },
    async () => {
      const ns = platform.namespace();
      const user = await limited();
      await user.grant([READER]);
      await user.open();
      const objects = [namespace(ns), configMap(ns, 'one')].map((one) => JSON.stringify(one)).join('\n---\n');
      const project = new TestProject(platformOf(platform.id, objects, ['alpha', 'beta']));
      const target = (cluster: string, server?: string) =>
        `{ kubeconfig: ${platform.kubeconfigFor(cluster, server)}, context: ${cluster}, inventoryNamespace: ${platform.inventoryNamespace} }`;
      const targets = `targets:\n  alpha: ${target('alpha', user.url)}\n  beta: ${target('beta')}\n`;
      project.write('cdk8s.yaml', `app: node main.ts\n${targets}`);
      const command = new TerminalCommand(project, 'apply');
      await command.shows('Write this to 1 cluster? [y/N] ');
      expect(command.shown).toMatch(/error ORR3006 [\s\S]*alpha[\s\S]*configmaps[\s\S]*Write this to 1 cluster\? /);
      command.type('no\n');
      expect(await command.ended()).toBe(1);
      expect(command.shown).toMatch(/\nNothing was written\.\n$/);
      expect(user.writes).toEqual([]);
      const { client } = await platform.open('beta');
      expect((await client.request({ method: 'GET', path: `/api/v1/namespaces/${ns}` })).status).toBe(404);
    },
  );

  it('may be granted by the apply itself: then it goes on, and else neither refresh nor a move of the platform begins', {
    timeout: 60_000,
  }, async () => {
    const ns = platform.namespace();
    const user = await limited();
    const bound = { kind: 'ClusterRole', name: 'edit' };
    const mayBind = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], resourceNames: ['edit'] };
    await user.grant([
      READER,
      { apiGroups: [''], resources: ['namespaces', 'secrets'], verbs: ['*'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['*'] },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings'], verbs: ['*'] },
      { ...mayBind, verbs: ['bind'] },
    ]);
    const target = await user.open();
    const rbac = 'rbac.authorization.k8s.io';
    const binding = (subject: string): KubernetesObject => ({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'deployer', namespace: ns },
      roleRef: { apiGroup: rbac, ...bound },
      subjects: [{ apiGroup: rbac, kind: 'User', name: subject }],
    });
    const program = (subject: string): Program => ({
      alpha: [
        namespace(ns),
        { object: binding(subject), path: 'rights' },
        { object: configMap(ns, 'one'), dependsOn: [{ path: 'rights' }] },
      ],
    });
    const tryTo = async (wanted: Program) => {
      const made = await platform.plan(wanted, [target], { dryRunCreates: false });
      return outcomeOf(await platform.applyMade(made, wanted, [target]));
    };
    const refused = await tryTo(program('somebody-else'));
    expect(refused.problem).toMatchObject({
      code: 'ORR3006',
      what: expect.stringContaining('create, patch configmaps'),
    });
    expect(user.writes).toEqual([]);
    // The binding counts a moment after it is written: what comes too early is done by the next apply.
    await expect.poll(async () => (await tryTo(program(user.name))).status, { timeout: 20_000 }).toBe('done');

    const other = await limited('other');
    await other.grant([READER]);
    const reader = await other.open();
    const { stateFolder, id } = platform;
    const [from, who] = [id, 'test'];
    const refresh = await planRefresh(reader, id, { stateFolder });
    const move = await planMove(reader, { from, to: `${id}-new` }, stateFolder);
    if (move === undefined) throw new Error('nothing to move');
    const missing = (error: unknown) => (error as Error).message.replace(/^.*?: /, '');
    const ofRefresh = await refreshInventory(reader, id, refresh, { stateFolder, who }).catch(missing);
    expect(ofRefresh).toContain(`update leases.coordination.k8s.io in ${platform.inventoryNamespace}; update secrets`);
    const ofMove = await movePlatform(reader, { from, to: `${id}-new` }, move, { stateFolder, who }).catch(missing);
    expect(ofMove).toContain(`patch configmaps in ${ns}; `);
    expect(ofMove).toMatch(/create, update, delete secrets|update, delete, create secrets/);
    expect(other.writes).toEqual([]);
  });
});
