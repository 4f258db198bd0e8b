import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, Include, Platform } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { applyPlan } from '../lib/apply/apply.ts';
import type { Outcome } from '../lib/apply/outcome.ts';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import type { KubeClient } from '../lib/cluster/kube-client.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { type MadePlan, makePlan, planDestroy } from '../lib/plan/make-plan.ts';
import type { ClusterPlan } from '../lib/plan/plan.ts';
import type { DesiredState } from '../lib/render/desired-state.ts';
import { renderAssembly } from '../lib/render/render-assembly.ts';
import { AppliedPlatform, clusterPlan, itemsOf } from './applied-platform.ts';
import { type CorpusObject, corpusYaml, kindOf, readCorpus } from './corpus/corpus.ts';

/** What the issue tracker of a platform would ask for at the very least; the corpus has every kind of the server. */
const FEWEST_KINDS = 50;

describe.skipIf(inject('rig') === 'missing')('the corpus on a real API server', () => {
  let platform: AppliedPlatform;
  let corpus: readonly CorpusObject[];
  let desired: DesiredState;
  let first: { readonly made: MadePlan; readonly outcome: Outcome };

  beforeAll(async () => {
    platform = new AppliedPlatform('corpus');
    const scope = { namespace: platform.namespace('shop'), prefix: platform.id };
    corpus = readCorpus(scope);
    desired = await includedIn(platform, corpusYaml(scope));
    const target = await platform.open('beta');
    const made = await plan(target);
    first = { made, outcome: await apply(made, target) };
  });
  afterAll(async () => {
    await removeClusterScoped(await platform.open('beta'), corpus);
    await platform.cleanUp(['beta']);
  });

  it('has an object of every kind that the server serves and lets a client patch', async () => {
    const patchable = await patchableKinds((await platform.open('beta')).client);
    const covered = new Set(corpus.map(({ object }) => kindOf(object)));
    const builtIn = [...covered].filter((kind) => patchable.has(kind));
    process.stdout.write(`${builtIn.length} built-in kinds covered: ${builtIn.toSorted().join(', ')}\n`);
    expect(builtIn.length).toBeGreaterThanOrEqual(FEWEST_KINDS);
    expect([...patchable].filter((kind) => !covered.has(kind))).toEqual([]);
  });

  it('goes through Include, synth and rendering as it was written', () => {
    const objects = desired.clusters.flatMap((cluster) => cluster.objects);
    expect(objects).toHaveLength(corpus.length);
    const rendered = new Map(objects.map(({ object }) => [identity(object), object]));
    for (const { object, file } of corpus) expect(rendered.get(identity(object)), file).toEqual(normalised(object));
  });

  it('is planned as creates only and applied without a failure', () => {
    expect(new Set(clusterPlan(first.made, 'beta').items.map(({ action }) => action))).toEqual(new Set(['create']));
    expect(first.outcome.clusters[0]).toMatchObject({ failures: [], skipped: [], written: corpus.length });
  });

  it('leaves nothing to do for a second plan, whatever the controllers did meanwhile', async () => {
    const second = await settledPlan(() => platform.open('beta').then((target) => plan(target)));
    expect(itemsOf(second)).toEqual([]);
    expect(second.unchanged).toBe(corpus.length);
    process.stdout.write(
      `${second.unchanged} unchanged, ${second.unchanged - second.dryRuns} of them without a dry run\n`,
    );
  });

  it('is found unchanged by a dry run of every object too', async () => {
    const verified = clusterPlan(await plan(await platform.open('beta'), 'all'), 'beta');
    expect(itemsOf(verified)).toEqual([]);
    expect(verified.dryRuns).toBe(corpus.length);
  });

  it('is removed again as a whole', async () => {
    const target = await platform.open('beta');
    const made = await planDestroy([target], { id: platform.id }, platform.planOptions());
    const outcome = await apply(made, target, true);
    expect(outcome.clusters[0]).toMatchObject({ failures: [], skipped: [], deleted: corpus.length });
    const again = await planDestroy([await platform.open('beta')], { id: platform.id }, platform.planOptions());
    expect(again.plan.clusters.flatMap(itemsOf)).toEqual([]);
  });

  function plan(target: KubeTarget, verify: 'proof' | 'all' = 'proof'): Promise<MadePlan> {
    return makePlan(desired, [target], platform.planOptions({ verify }));
  }

  /** @param wait not for creation: a load balancer, a signing request or a volume attachment never gets ready in a sandbox. */
  function apply(made: MadePlan, target: KubeTarget, wait = false): Promise<Outcome> {
    const options = { who: 'test', stateFolder: platform.stateFolder, wait, timeoutMs: 90_000, leaseSeconds: 15 };
    return applyPlan(made.plan, desired, [target], { ...options, renewals: made.renewals }, () => undefined);
  }
});

/** The desired state of a program that includes one YAML file in cluster "beta". */
async function includedIn({ id, stateFolder }: AppliedPlatform, yaml: string): Promise<DesiredState> {
  const folder = join(stateFolder, 'program');
  mkdirSync(folder);
  const file = join(folder, 'corpus.yaml');
  writeFileSync(file, yaml);
  const program = new Platform({ id, outdir: join(folder, 'dist') });
  new Include(new Cluster(program, 'beta'), 'corpus', { file });
  program.synth();
  return renderAssembly(await readAssembly(program.outdir));
}

/** Kinds ("apps/v1 Deployment") of the server's own groups in their preferred versions that have the verb patch. */
async function patchableKinds(client: KubeClient): Promise<Set<string>> {
  const get = async <T>(path: string) => (await client.request({ method: 'GET', path })).body as T;
  const services = await get<{ items: KubernetesObject[] }>('/apis/apiregistration.k8s.io/v1/apiservices');
  // Groups of CRDs, which other tests bring, are managed too, but not from the start.
  const own = services.items.filter(
    ({ metadata }) => metadata.labels?.['kube-aggregator.kubernetes.io/automanaged'] === 'onstart',
  );
  const served = new Set(own.map(({ spec }) => (spec as { group?: string }).group ?? ''));
  // The aggregator registers all groups but its own.
  served.add('apiregistration.k8s.io');
  const groups = await get<{ groups: { name: string; preferredVersion: { groupVersion: string } }[] }>('/apis');
  const versions = groups.groups
    .filter(({ name }) => served.has(name))
    .map((group) => group.preferredVersion.groupVersion);
  const kinds = new Set<string>();
  for (const version of ['v1', ...versions]) {
    const path = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
    const { resources } = await get<{ resources: { name: string; kind: string; verbs: string[] }[] }>(path);
    for (const { name, kind, verbs } of resources) {
      if (!name.includes('/') && verbs.includes('patch')) kinds.add(`${version} ${kind}`);
    }
  }
  return kinds;
}

/** Controllers go on for a while after an apply; the plan that counts is the one after which nothing moves any more. */
async function settledPlan(make: () => Promise<MadePlan>): Promise<ClusterPlan> {
  for (let attempt = 1; ; attempt++) {
    const found = clusterPlan(await make(), 'beta');
    if (found.items.length === 0 || attempt === 10) return found;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

function identity({ kind, metadata, apiVersion }: KubernetesObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
}

/** What the engine does to an object on purpose: stringData becomes data. */
function normalised(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = object;
  if (stringData === undefined) return object;
  const encoded = Object.entries(stringData as Record<string, string>).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ]);
  return { ...rest, data: { ...(object.data as object), ...Object.fromEntries(encoded) } };
}

/** What a failed test left outside the namespaces. */
async function removeClusterScoped({ client, discovery }: KubeTarget, corpus: readonly CorpusObject[]): Promise<void> {
  const resources = await discovery();
  for (const { object } of corpus.toReversed()) {
    const resource = resources.find(object.apiVersion, object.kind);
    if (resource === undefined || resource.namespaced) continue;
    const prefix = resource.group === '' ? '/api/v1' : `/apis/${resource.group}/${resource.version}`;
    const path = `${prefix}/${resource.plural}/${encodeURIComponent(object.metadata.name ?? '')}`;
    await client.request({ method: 'DELETE', path });
  }
}
