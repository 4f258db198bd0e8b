import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CanaryRelease,
  type CanaryReleaseProps,
  type CanaryStep,
  type ClusterFacts,
  ClusterSet,
  MultiClusterApp,
  type MultiClusterService,
  Placement,
  Platform,
  type ServiceProps,
} from '@orrery/constructs';
import { inject } from 'vitest';
import { applyPlan } from '../../lib/apply/apply.ts';
import type { Outcome } from '../../lib/apply/outcome.ts';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { advanceReleases } from '../../lib/canary-release/advance-releases.ts';
import { placeReleases } from '../../lib/canary-release/place-releases.ts';
import { readRecord } from '../../lib/canary-release/record-store.ts';
import { type ReleaseAction, tellRelease } from '../../lib/canary-release/release-action.ts';
import type { ReleaseEvent, ReleaseOutcome } from '../../lib/canary-release/release-outcome.ts';
import type { ReleaseRecord } from '../../lib/canary-release/release-record.ts';
import { removeStaleRecords } from '../../lib/canary-release/stale-records.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { list, record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { type MadePlan, makePlan } from '../../lib/plan/make-plan.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import { sandboxUp } from '../../lib/sandbox/sandbox-up.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { AppliedPlatform } from '../applied-platform.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';

const CRDS = join(import.meta.dirname, '../../../shared/data/crds/networking.istio.io');
const RELEASE = 'cart-2';
/** What the tests here cannot do without. */
export const lacksMesh = inject('rig') === 'missing' || !existsSync(CRDS);

/** Clusters of their own that know Istio's routes: definitions are everybody's. */
export class MeshClusters {
  readonly kubeconfig: string;
  readonly names: readonly string[];
  readonly #folder: string;

  private constructor(folder: string, kubeconfig: string, names: readonly string[]) {
    this.#folder = folder;
    this.kubeconfig = kubeconfig;
    this.names = names;
  }

  static async start(...names: string[]): Promise<MeshClusters> {
    const folder = ownSandboxFolder();
    const clusters = names.map((name) => ({ name }));
    const { kubeconfig } = await sandboxUp({ folder, clusters, tools: inject('tools') });
    const mesh = new MeshClusters(folder, kubeconfig, names);
    const installer = new AppliedPlatform('mesh', kubeconfig);
    const kinds = [
      'networking.istio.io/destinationrules',
      'networking.istio.io/virtualservices',
      'gateway.networking.k8s.io/httproutes',
    ];
    const definitions = kinds.map((kind) => {
      const [group = '', plural = ''] = kind.split('/');
      const file = join(CRDS, '..', group, `${plural}.${group}.yaml`);
      return readYaml(readFileSync(file), { source: file })[0]?.value as unknown as KubernetesObject;
    });
    await installer.apply(Object.fromEntries(names.map((name) => [name, definitions])));
    return mesh;
  }

  end(): Promise<unknown> {
    return sandboxDown({ folder: this.#folder });
  }
}

/** A shop of one service, `cart`, and what is released of it. */
export interface Shop {
  readonly clusters?: readonly string[];
  /** Of every cluster. Default: Istio's routes. */
  readonly facts?: ClusterFacts;
  readonly cart?: Partial<ServiceProps>;
  /** Absent: no release. */
  readonly steps?: CanaryStep[];
  readonly canary?: Partial<CanaryReleaseProps>;
  readonly use?: (service: MultiClusterService, clusters: ClusterSet) => void;
}

export interface Moved {
  readonly made: MadePlan;
  readonly outcome: Outcome;
  readonly releases: readonly ReleaseOutcome[];
  readonly events: readonly ReleaseEvent[];
}

interface MovingOptions {
  /** Default: half a minute. */
  readonly followMs?: number;
  readonly clusters?: readonly string[];
  readonly timeoutMs?: number;
  readonly onEvent?: (event: ReleaseEvent) => void;
  readonly server?: (cluster: string) => string | undefined;
  /** Nothing is applied before. */
  readonly onlyReleases?: boolean;
  readonly goesBack?: boolean;
}

/** A platform of its own on such clusters. */
export class ReleasedShop extends AppliedPlatform {
  readonly #names: readonly string[];

  constructor(clusters: Pick<MeshClusters, 'kubeconfig' | 'names'>) {
    super('shop', clusters.kubeconfig);
    this.#names = clusters.names;
  }

  get mall(): string {
    return this.namespace('mall');
  }

  /** @returns the folder of its assembly */
  assembly({ clusters = this.#names, facts = {}, cart = {}, steps, canary = {}, use }: Shop): string {
    const outdir = join(this.stateFolder, `assembly-${randomBytes(3).toString('hex')}`);
    const platform = new Platform({ id: this.id, outdir });
    const set = new ClusterSet(platform, 'clusters');
    for (const name of clusters) set.add(name, { apiVersions: ['networking.istio.io/v1'], ...facts });
    const app = new MultiClusterApp(platform, 'mall', {
      placement: Placement.everywhere(),
      namespaceName: this.mall,
    });
    const replicas = cart.autoscaling === undefined ? { replicas: 2 * clusters.length } : {};
    const service = app.addService('cart', { image: 'mall/cart:1', port: 8080, ...replicas, ...cart });
    use?.(service, set);
    if (steps !== undefined) new CanaryRelease(platform, RELEASE, { service, image: 'mall/cart:2', steps, ...canary });
    platform.synth();
    return outdir;
  }

  async state(shop: Shop): Promise<DesiredState> {
    return renderAssembly(await readAssembly(this.assembly(shop)));
  }

  async plan1(shop: Shop, clusters = this.#names): Promise<MadePlan> {
    const targets = await this.#open(clusters);
    const placed = await placeReleases(await this.state(shop), targets);
    return makePlan(placed.desired, placed.targets, this.planOptions());
  }

  /** Applies as the verb does: first the program as the releases stand, then the releases. */
  async move(shop: Shop | DesiredState, options: MovingOptions = {}): Promise<Moved> {
    const { clusters = this.#names, followMs = 30_000, onEvent, server, onlyReleases, goesBack } = options;
    const targets = await this.#open(clusters, server);
    const rendered = 'platform' in shop ? shop : await this.state(shop);
    const chosen = { ...rendered, clusters: rendered.clusters.filter(({ name }) => clusters.includes(name)) };
    const placed = await placeReleases(chosen, targets);
    const made = await makePlan(placed.desired, placed.targets, this.planOptions());
    const events: ReleaseEvent[] = [];
    const emit = (event: ReleaseEvent): void => {
      events.push(event);
      onEvent?.(event);
    };
    const applying = {
      who: 'test',
      stateFolder: this.stateFolder,
      leaseSeconds: 5,
      leaseWaitMs: 20_000,
      failureMs: 3_000,
      timeoutMs: options.timeoutMs ?? 60_000,
    };
    const { inventories, renewals } = made;
    const outcome: Outcome =
      onlyReleases === true
        ? { clusters: [] }
        : await applyPlan(made.plan, placed.desired, targets, { ...applying, inventories, renewals }, emit);
    const done = outcome.clusters.every(({ status }) => status === 'done');
    if (done && made.staleRecords !== undefined) await removeStaleRecords(made.staleRecords, targets);
    const desired = {
      ...rendered,
      clusters: rendered.clusters.map((one) => placed.desired.clusters.find(({ name }) => name === one.name) ?? one),
    };
    const releases = done
      ? await advanceReleases(
          {
            desired,
            targets,
            planning: this.planOptions(),
            applying,
            followMs,
            ...(goesBack === undefined ? {} : { goesBack }),
            reopen: async (names) => ({ all: await this.#open(names), close: () => Promise.resolve() }),
          },
          emit,
        )
      : [];
    return { made, outcome, releases, events };
  }

  async tell(shop: Shop, action: ReleaseAction, cluster = this.#names[0] ?? ''): Promise<string | undefined> {
    const state = await this.state(shop);
    const desired = state.clusters.find(({ name }) => name === cluster);
    const canary = desired?.canaries?.[0];
    if (desired === undefined || canary === undefined) throw new Error('no release');
    return tellRelease(await this.open(cluster), this.id, desired, canary, action, 'test');
  }

  async record(cluster = this.#names[0] ?? ''): Promise<ReleaseRecord | undefined> {
    return (await readRecord(await this.open(cluster), this.id, RELEASE))?.record;
  }

  async get(path: string, cluster = this.#names[0] ?? ''): Promise<KubernetesObject | undefined> {
    const { client } = await this.open(cluster);
    const answer = await client.request({ method: 'GET', path });
    return answer.status === 200 ? (answer.body as KubernetesObject) : undefined;
  }

  routePath(name = 'cart'): string {
    return `/apis/networking.istio.io/v1/namespaces/${this.mall}/virtualservices/${name}`;
  }

  deploymentPath(name: string): string {
    return `/apis/apps/v1/namespaces/${this.mall}/deployments/${name}`;
  }

  /** uids of the pods of a workload. */
  async pods(name: string, cluster = this.#names[0] ?? ''): Promise<string[]> {
    const { client } = await this.open(cluster);
    const path = `/api/v1/namespaces/${this.mall}/pods`;
    const query = { labelSelector: `app.kubernetes.io/name=${name}` };
    const { items } = (await client.request({ method: 'GET', path, query })).body as { items: KubernetesObject[] };
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.uid ?? '')
      .sort();
  }

  /** uid and resourceVersion of everything that is ours in a cluster, of what we keep for ourselves, too. */
  async versions(cluster: string): Promise<string[]> {
    const { client } = await this.open(cluster);
    const [mall, own] = [this.mall, this.inventoryNamespace];
    const paths = [
      `/api/v1/namespaces/${own}/secrets`,
      `/apis/coordination.k8s.io/v1/namespaces/${own}/leases`,
      `/api/v1/namespaces/${mall}/services`,
      `/apis/networking.istio.io/v1/namespaces/${mall}/virtualservices`,
      // Its controller writes the status: what is written by us raises the generation.
      `/apis/apps/v1/namespaces/${mall}/deployments`,
    ];
    const lists = await Promise.all(paths.map((path) => client.request({ method: 'GET', path })));
    return lists.flatMap(({ body }) =>
      ((body as { items: KubernetesObject[] }).items ?? []).map(({ metadata }) =>
        [metadata.name, metadata.uid, metadata.generation ?? metadata.resourceVersion].join(' '),
      ),
    );
  }

  async #open(clusters: readonly string[], server?: MovingOptions['server']): Promise<KubeTarget[]> {
    return Promise.all(clusters.map((cluster) => this.open(cluster, server?.(cluster))));
  }
}

/** Share of the requests that the canary gets by a VirtualService; 0 where there is none. */
export function canaryWeight(route: KubernetesObject | undefined): number {
  const [rule] = list(record(route?.spec).http);
  const routes = list(rule?.route);
  const canary = routes.find(({ destination }) => String(record(destination).host).startsWith('cart-canary.'));
  return canary === undefined ? 0 : Number(canary.weight ?? 100);
}

/** Watches the VirtualServices of a namespace, and keeps each weight that the canary got, in order. */
export class WeightWatch {
  readonly weights: number[] = [];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  readonly #weightOf: (route: KubernetesObject | undefined) => number;

  constructor({ client }: KubeTarget, namespace: string, weightOf = canaryWeight) {
    this.#weightOf = weightOf;
    this.#done = this.#run(client, namespace);
  }

  async stop(): Promise<readonly number[]> {
    this.#stop.abort();
    await this.#done;
    return this.weights;
  }

  async #run(client: KubeTarget['client'], namespace: string): Promise<void> {
    const path = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;
    try {
      for await (const { type, object } of client.watch({
        path,
        query: { watch: 'true' },
        signal: this.#stop.signal,
      })) {
        const weight = type === 'DELETED' ? 0 : this.#weightOf(object as KubernetesObject);
        if (weight !== this.weights.at(-1)) this.weights.push(weight);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}
