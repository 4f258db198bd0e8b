import path from 'node:path';
import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApplyOptions } from '../lib/apply/apply-options.ts';
import { movePlatform, planMove } from '../lib/apply/move-platform.ts';
import { outcomeExitCode } from '../lib/cli/exit-code.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { describeId } from '../lib/kubernetes/object.ts';
import { findReleases } from '../lib/native/find-releases.ts';
import { makePlan } from '../lib/plan/make-plan.ts';
import type { PlanOptions } from '../lib/plan/plan-options.ts';
import type { RenderedState } from '../lib/render/render-assembly.ts';
import { paint } from '../lib/report/paint.ts';
import { planMarkdown } from '../lib/report/plan-markdown.ts';
import { planText } from '../lib/report/plan-text.ts';
import { clusterStatus } from '../lib/status/cluster-status.ts';
import { type Applied, AppliedPlatform, clusterPlan, happened, outcomeOf } from './applied-platform.ts';
import { writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { listedHelm, TEMPLATES } from './native-helm-fixtures.ts';
import { plainConfigMap, renderWritten } from './render-written.ts';
import { helm as helmOf } from './shared-clusters.ts';
import { folderAsset, TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const SECRET = 'correct-horse-battery';

describe.skipIf(inject('rig') === 'missing').each(helms)('a native Helm release with $name', ({ name, file }) => {
  const folders = new TemporaryFolders();
  const platform = new AppliedPlatform(`native-${name}`);
  const namespace = platform.namespace();
  const helm = listedHelm(folders.make(), file);
  const chart = writeChart(folders.make(), TEMPLATES);
  const options = { helmBinary: helm.file, cacheFolder: path.join(folders.make(), 'cache') };
  const VALUES = { greeting: 'hello', password: SECRET };
  /** A hook that is run takes seconds each time. */
  const WITH_JOB = { ...VALUES, job: true };
  let said = '';
  /** What is ours and not helm's is tried with one of them. */
  const isFirst = name === helms[0]?.name;

  /** @param values undefined: without the release */
  async function desired(values: HelmReleaseManifest['values'] | undefined = VALUES): Promise<RenderedState> {
    return state([release(values)]);
  }
  function release(values: NonNullable<HelmReleaseManifest['values']>, more: Partial<HelmReleaseManifest> = {}) {
    return (folder: string): HelmReleaseManifest => ({
      path: 'shop/release',
      releaseName: 'shop',
      namespace,
      chart: { asset: folderAsset(folder, chart) },
      values,
      native: {},
      ...more,
    });
  }
  async function state(releases: readonly ((folder: string) => HelmReleaseManifest)[]): Promise<RenderedState> {
    const folder = folders.make();
    const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    const rendered = await renderWritten(options)(folder, [
      {
        name: 'alpha',
        units: [
          {
            path: 'shop',
            objects: [{ path: 'shop/namespace', object: own }],
            helmReleases: releases.map((one) => one(folder)),
          },
          {
            path: 'after',
            dependsOn: [{ path: 'shop' }],
            objects: [{ path: 'after/config', object: plainConfigMap('after', namespace) }],
          },
        ],
      },
    ]);
    return { ...rendered, platform: { id: platform.id } };
  }
  /** As a state is that says nothing of releases. */
  function without(wanted: RenderedState): RenderedState {
    return { ...wanted, clusters: wanted.clusters.map(({ releases: _, ...cluster }) => cluster) };
  }
  async function plan(wanted: RenderedState, more: Partial<PlanOptions> = {}) {
    const target = await platform.open();
    const made = await makePlan(wanted, [target], platform.planOptions({ helm: options, ...more }));
    said +=
      planText(made.plan, { paint: paint(false), verbose: true }) + planMarkdown(made.plan) + JSON.stringify(made.plan);
    return { target, made };
  }
  async function pending(wanted: RenderedState, more: Partial<PlanOptions> = {}): Promise<string[]> {
    const { made } = await plan(wanted, more);
    return clusterPlan(made).items.map(({ action, id, reason }) => `${action} ${describeId(id)}: ${reason}`);
  }
  async function apply(
    wanted: RenderedState,
    planned = plan(wanted),
    more: Partial<ApplyOptions> = {},
  ): Promise<Applied> {
    const { target, made } = await planned;
    const applied = await platform.applyDesired(made, wanted, [target], {
      helm: options,
      inventories: made.inventories,
      ...more,
    });
    said += JSON.stringify([applied.outcome, applied.events]);
    return applied;
  }
  /** helm in somebody else's hands. */
  const somebody = (...args: string[]) => helmOf(file, 'alpha', ...args, '--namespace', namespace);
  async function live(kind: string, object: string): Promise<KubernetesObject | undefined> {
    const { client } = await platform.open();
    const answer = await client.request({ method: 'GET', path: `/api/v1/namespaces/${namespace}/${kind}/${object}` });
    return answer.status === 200 ? (answer.body as KubernetesObject) : undefined;
  }
  async function status(): Promise<string> {
    const { stateFolder, id } = platform;
    const { objects } = await clusterStatus(await platform.open(), id, { stateFolder });
    const found = objects.find((object) => object.id.kind === 'HelmRelease');
    return `${found?.status}: ${found?.reason}`;
  }
  const upgraded = () => helm.runs().filter((run) => / upgrade /.test(run) && !run.includes('--dry-run'));

  beforeAll(async () => {
    const wanted = await desired(WITH_JOB);
    expect(await pending(wanted)).toEqual([
      `create Namespace/${namespace}: new`,
      `create HelmRelease/${namespace}/shop: unverified: helm cannot be asked before what it needs is there; new`,
      `create ConfigMap/${namespace}/after: new, its namespace comes with this plan`,
    ]);
    const applied = await apply(wanted);
    expect(outcomeOf(applied).failures).toEqual([]);
    expect(happened(applied, 'object-written').map((line) => line.replace('object-written ', ''))).toEqual([
      `Namespace/${namespace}`,
      `HelmRelease/${namespace}/shop`,
      `ConfigMap/${namespace}/after`,
    ]);
  });
  afterAll(async () => {
    await platform.cleanUp();
    folders.removeAll();
  });

  it('is installed by helm, with hooks and lookup, and then proved unchanged without helm', async () => {
    expect((await live('configmaps', 'app'))?.data).toEqual({ greeting: 'hello', seen: namespace });
    expect(await live('configmaps', 'settings')).toBeDefined();
    expect(upgraded()).toHaveLength(1);
    const before = helm.runs().length;
    expect(await pending(await desired(WITH_JOB))).toEqual([]);
    expect(helm.runs()).toHaveLength(before);
    expect(await status()).toMatch(/^ready: revision 1, deployed since /);
  });

  it('is upgraded when its values change: the plan shows what helm would do to each object, and the hooks on the way', async () => {
    const wanted = await desired({ ...WITH_JOB, greeting: 'good evening', password: `${SECRET}-2` });
    const planned = plan(wanted);
    const [item] = clusterPlan((await planned).made).items;
    expect(item).toMatchObject({ action: 'update', reason: 'the program changed', verified: 'dry-run' });
    const shown = item?.release?.objects.map(({ id, effect, changes }) => [
      `${effect} ${id.kind}/${id.name}`,
      ...changes.map(({ path: field, before, after, masked }) => (masked === true ? field : [field, before, after])),
    ]);
    expect(shown).toEqual([
      ['update Secret/login', 'stringData.password'],
      ['update ConfigMap/app', ['data.greeting', 'hello', 'good evening']],
      ['run ConfigMap/settings'],
      ['run Job/migrate'],
    ]);
    expect(item?.release?.revision).toBe(2);
    expect(outcomeOf(await apply(wanted, planned)).failures).toEqual([]);
    expect((await live('configmaps', 'app'))?.data).toEqual({ greeting: 'good evening', seen: namespace });
    expect(await pending(wanted)).toEqual([]);
    // Interrupted, helm comes to its end, and what it made is known; values that are given no more are given up.
    const interrupt = new AbortController();
    const begun = upgraded().length;
    const applying = apply(await desired(), undefined, { signal: interrupt.signal });
    await expect.poll(() => upgraded().length, { timeout: 20_000 }).toBe(begun + 1);
    interrupt.abort(new Error('stop'));
    expect(outcomeOf(await applying)).toMatchObject({ failures: [], written: 1 });
    expect(await pending(await desired())).toEqual([]);
  });

  it.runIf(isFirst)('that somebody else upgraded is drift, and a saved plan from before is refused', async () => {
    const wanted = await desired({ ...VALUES, greeting: 'farewell' });
    const planned = await plan(wanted);
    await somebody('upgrade', 'shop', chart, '--set', `greeting=theirs,password=${SECRET}`);
    const { failures } = outcomeOf(await apply(wanted, Promise.resolve(planned)));
    expect(failures.map(({ problem }) => problem.what)).toEqual([
      `HelmRelease/${namespace}/shop: it moved on since the plan was made (revision 4, deployed).`,
    ]);
    expect(await status()).toMatch(/^ready: revision 4, deployed since .*; somebody else made it, ours is 3$/);
    const { made } = await plan(await desired());
    expect(clusterPlan(made).items).toMatchObject([
      {
        action: 'update',
        reason: 'somebody else made revision 4; ours is 3',
        changes: [{ path: 'revision', before: 4, after: 5, cause: 'drift' }],
      },
    ]);
    // What a revision of ours held of releases nobody knows: a rollback leaves them, drift shows them.
    const earlier = without(await desired());
    expect(await pending(earlier)).toEqual([
      `update HelmRelease/${namespace}/shop: somebody else made revision 4; ours is 3`,
    ]);
    const { made: back } = await plan(earlier, { rollback: true });
    expect(clusterPlan(back).items).toEqual([]);
    expect(clusterPlan(back).warnings.join()).toMatch(/stays at revision 3: a rollback does not cover native/);
    expect(outcomeOf(await apply(await desired())).failures).toEqual([]);
    expect(await pending(await desired())).toEqual([]);
  });

  it('that fails keeps what depends on it from being written, and is tried again', async () => {
    const wanted = await desired({ ...WITH_JOB, deadline: 1 });
    const [cluster] = wanted.clusters;
    const after = cluster?.objects.find(({ id }) => id.name === 'after');
    const changed = {
      ...wanted,
      clusters: wanted.clusters.map((one) => ({
        ...one,
        objects: one.objects.map((object) =>
          object === after
            ? { ...object, object: { ...object.object, data: { a: 'b' } }, sha256: 'f'.repeat(64) }
            : object,
        ),
      })),
    };
    const failed = await apply(changed);
    expect(outcomeExitCode(failed.outcome)).toBe(1);
    const { failures, skipped } = outcomeOf(failed);
    expect(failures.map(({ problem }) => [problem.code, problem.where.object])).toEqual([
      ['ORR5011', `HelmRelease/${namespace}/shop`],
    ]);
    expect(failures[0]?.problem.what).toMatch(/pre-upgrade hooks failed/);
    expect(skipped.map(({ reason }) => reason)).toEqual([`needs HelmRelease/${namespace}/shop, which failed`]);
    expect(await status()).toMatch(/^failed: revision \d+, failed since [^;]*$/);
    const wantedAgain = await desired();
    expect(await pending(wantedAgain)).toEqual([
      expect.stringMatching(/^update HelmRelease.*\/shop: revision \d+ failed: helm tries again$/),
    ]);
    expect(outcomeOf(await apply(wantedAgain)).failures).toEqual([]);
  });

  it.runIf(isFirst)('whose helm was ended on the way is not touched before somebody has looked', async () => {
    const wanted = await desired({ ...WITH_JOB, deadline: 60 });
    const applying = apply(wanted);
    const newest = async () => {
      const { client } = await platform.open();
      const query = { labelSelector: 'owner=helm,name=shop,status=pending-upgrade' };
      const answer = await client.request({ method: 'GET', path: `/api/v1/namespaces/${namespace}/secrets`, query });
      return (answer.body as { items: unknown[] }).items.length;
    };
    await expect.poll(newest, { timeout: 20_000 }).toBe(1);
    process.kill(Number(upgraded().at(-1)?.split(' ')[0]), 'SIGKILL');
    expect(outcomeOf(await applying).failures.map(({ problem }) => problem.code)).toEqual(['ORR5011']);
    const { made } = await plan(await desired());
    const [item] = clusterPlan(made).items;
    expect(item).toMatchObject({ action: 'blocked', problem: { code: 'ORR4014' } });
    expect(item?.problem?.fix).toContain(`helm rollback shop 7 --namespace ${namespace}`);
    await somebody('rollback', 'shop', '7', '--no-hooks');
    expect(outcomeOf(await apply(await desired())).failures).toEqual([]);
    expect(await pending(await desired())).toEqual([]);
  });

  it.runIf(isFirst)('of somebody else is taken over by choice alone', async () => {
    const small = writeChart(folders.make(), {
      'one.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\ndata: { by: "{{ .Values.by }}" }\n',
    });
    await somebody('install', 'theirs', small, '--set', 'by=them');
    const theirs = (folder: string) =>
      release(
        { by: 'us' },
        { path: 'shop/theirs', releaseName: 'theirs', chart: { asset: folderAsset(folder, small) } },
      )(folder);
    const wanted = await state([release(VALUES), theirs]);
    const { made } = await plan(wanted);
    expect(clusterPlan(made).items).toMatchObject([{ action: 'blocked', problem: { code: 'ORR4001' } }]);
    const name = `HelmRelease/${namespace}/theirs`;
    expect((await pending(wanted, { adopt: [name] }))[0]).toMatch(/^adopt HelmRelease/);

    // The verbs of their own deal with it alone.
    const part = (verb: 'adopt' | 'orphan', ...objects: string[]) =>
      plan(verb === 'adopt' ? wanted : without(wanted), { part: { verb, objects } });
    const ours = await part('adopt', `HelmRelease/${namespace}/shop`, `HelmRelease/${namespace}/none`);
    expect(ours.made).toMatchObject({ unmatched: [`HelmRelease/${namespace}/none`] });
    expect(clusterPlan(ours.made)).toMatchObject({
      items: [],
      warnings: [expect.stringContaining('shop is ours already')],
    });
    const adopting = await part('adopt', name);
    expect(clusterPlan(adopting.made).items).toMatchObject([
      {
        action: 'adopt',
        dangers: [{ kind: 'adopt' }],
        release: { revision: 2, objects: [{ id: { name: 'one' }, effect: 'update' }] },
      },
    ]);
    expect(outcomeOf(await apply(wanted, Promise.resolve(adopting), { part: new Map() })).failures).toEqual([]);
    expect((await live('configmaps', 'one'))?.data).toEqual({ by: 'us' });
    expect(await pending(wanted)).toEqual([]);

    const orphaning = await part('orphan', name);
    expect(clusterPlan(orphaning.made).items).toMatchObject([{ action: 'orphan', id: { name: 'theirs' } }]);
    const given = await apply(without(wanted), Promise.resolve(orphaning), { part: new Map() });
    expect(outcomeOf(given)).toMatchObject({ failures: [], written: 1, deleted: 0 });
    expect((await live('configmaps', 'one'))?.data).toEqual({ by: 'us' });
    expect((await findReleases(await platform.open(), platform.id)).map(({ id }) => id.name)).toEqual(['shop']);
    expect(await pending(wanted)).toEqual([expect.stringMatching(/theirs is there at revision 2 and belongs to no/)]);
    await somebody('uninstall', 'theirs');
    const gone = await part('adopt', name);
    expect(clusterPlan(gone.made).items).toMatchObject([{ action: 'blocked', problem: { code: 'ORR4011' } }]);
  });

  it.runIf(isFirst)('is found again by its label, and goes with a platform that is renamed', async () => {
    const target = await platform.open();
    const { stateFolder } = platform;
    const [known] = [...(await platform.inventory()).entries.values()].filter(({ id }) => id.kind === 'HelmRelease');
    const { id, uid, helmRevision } = known ?? {};
    expect(await findReleases(target, platform.id)).toEqual([expect.objectContaining({ id, uid, helmRevision })]);
    const other = `${platform.id}-new`;
    for (const ids of [
      { from: platform.id, to: other },
      { from: other, to: platform.id },
    ]) {
      const move = await planMove(target, ids, stateFolder);
      expect(move?.moving).toContainEqual(expect.objectContaining({ id, uid }));
      expect(move?.forgotten).toEqual([]);
      if (move !== undefined) await movePlatform(target, ids, move, { stateFolder, who: 'test' });
      expect(await findReleases(target, ids.to)).toEqual([expect.objectContaining({ id, uid, helmRevision })]);
      expect(await findReleases(target, ids.from)).toEqual([]);
    }
    const wanted = await desired();
    expect(await pending(wanted)).toContain(
      `update HelmRelease/${namespace}/shop: no upgrade with these values is known to have succeeded`,
    );
    expect(outcomeOf(await apply(wanted)).failures).toEqual([]);
    expect(await pending(wanted)).toEqual([]);
  });

  it('that leaves the program is uninstalled by helm; what its chart keeps, stays', async () => {
    const wanted = await state([]);
    const planned = plan(wanted);
    const [item, ...others] = clusterPlan((await planned).made).items;
    expect(others).toEqual([]);
    expect(item?.action).toBe('delete');
    expect(item?.release?.objects.map(({ id, effect }) => `${effect} ${id.kind}/${id.name}`)).toEqual([
      'delete Secret/login',
      'delete ConfigMap/app',
      'stay ConfigMap/kept',
    ]);
    expect(outcomeOf(await apply(wanted, planned))).toMatchObject({ failures: [], deleted: 1 });
    expect(await live('configmaps', 'app')).toBeUndefined();
    expect(await live('configmaps', 'kept')).toBeDefined();
    expect([...(await platform.inventory()).entries.values()].map(({ id }) => id.kind)).not.toContain('HelmRelease');
    expect(await pending(wanted)).toEqual([]);
  });

  it('shows no secret value of its chart or its values', () => {
    expect(said).toContain('HelmRelease');
    for (const form of [SECRET, Buffer.from(SECRET).toString('base64').replace(/=+$/, '')])
      expect(said).not.toContain(form);
  });
});
