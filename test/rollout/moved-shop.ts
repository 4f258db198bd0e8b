import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type ClusterFacts,
  ClusterSet,
  MultiClusterApp,
  Placement,
  Platform,
  Rollout,
  type ServiceProps,
  type WaveProps,
} from '@orrery/constructs';
import { JsonPatch } from 'cdk8s';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { list, record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { type MadePlan, makePlan } from '../../lib/plan/make-plan.ts';
import type { PlanOptions } from '../../lib/plan/plan-options.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import type { Applied } from '../applied-platform.ts';
import type { StagedPlatform } from './staged-platform.ts';

/** A shop of one service, `cart`, over some of the shared clusters. */
export interface Shop {
  readonly weights: Readonly<Record<string, number>>;
  readonly cart?: Partial<ServiceProps>;
  /** Of every cluster. */
  readonly facts?: ClusterFacts;
  /** A cluster in which no pod gets ready, and the Deployment soon says so. */
  readonly stuck?: string;
  readonly waves?: readonly { readonly name: string; readonly clusters: readonly string[] }[];
}

/** @returns the folder of its assembly */
export function shopAssembly(
  staged: StagedPlatform,
  { weights, cart = {}, facts = {}, stuck, waves = [] }: Shop,
): string {
  const outdir = join(staged.stateFolder, `assembly-${randomBytes(3).toString('hex')}`);
  const platform = new Platform({ id: staged.id, outdir });
  const clusters = new ClusterSet(platform, 'clusters');
  for (const name of Object.keys(weights)) clusters.add(name, facts);
  const mall = new MultiClusterApp(platform, 'mall', {
    placement: Placement.weighted({ ...weights }),
    namespaceName: staged.namespace('mall'),
  });
  const total = cart.autoscaling === undefined ? { replicas: 12 } : {};
  const service = mall.addService('cart', { image: 'mall/cart:1', port: 8080, ...total, ...cart });
  if (stuck !== undefined) {
    const where = clusters.named(stuck);
    service.overrideIn(where, { nodeSelector: { 'no-such': 'node' } });
    service.patchIn(where, { kind: 'Deployment' }, JsonPatch.add('/spec/progressDeadlineSeconds', 2));
  }
  if (waves.length > 0) {
    const props = waves.map(({ name, clusters: own }): WaveProps => ({ name, clusters: Placement.named(...own) }));
    new Rollout(platform, 'rollout', { waves: props });
  }
  platform.synth();
  return outdir;
}

export async function shopState(staged: StagedPlatform, shop: Shop): Promise<DesiredState> {
  return renderAssembly(await readAssembly(shopAssembly(staged, shop)), { helm: {} });
}

export interface Run extends Applied {
  readonly desired: DesiredState;
}

/** A cluster that does not answer is soon given up. */
const IMPATIENT = { attempts: 2, pauseMs: 10 };

/** Plans the shop with all three clusters as targets and applies, as a run of its own would. */
export async function runShop(
  staged: StagedPlatform,
  shop: Shop,
  options: Parameters<StagedPlatform['rollMade']>[3] = {},
  planned: Partial<PlanOptions> = {},
  onPlanned: () => void = () => {},
): Promise<Run> {
  return runState(staged, await shopState(staged, shop), options, planned, onPlanned);
}

/** The same of any desired state. */
export async function runState(
  staged: StagedPlatform,
  desired: DesiredState,
  options: Parameters<StagedPlatform['rollMade']>[3] = {},
  planned: Partial<PlanOptions> = {},
  onPlanned: () => void = () => {},
): Promise<Run> {
  const targets = await Promise.all(
    ['alpha', 'beta', 'gamma'].map((name) => staged.open(name, staged.proxy(name).url, IMPATIENT)),
  );
  const made: MadePlan = await makePlan(desired, targets, staged.planOptions(planned));
  onPlanned();
  const applied = await staged.rollMade(made, desired, targets, { timeoutMs: 60_000, ...options });
  await Promise.all(targets.map(({ client }) => client.close()));
  return { ...applied, desired };
}

/** Watches how many pods of each service are ready on all clusters together. */
export class ReadyTotal {
  samples = 0;
  readonly #fewest = new Map<string, number>();
  #stopped = false;
  readonly #done: Promise<void>;

  /** @param namespace default: that of `runShop` */
  constructor(staged: StagedPlatform, clusters: readonly string[], namespace = staged.namespace('mall')) {
    this.#done = this.#run(staged, clusters, namespace);
  }

  /** The fewest that were ready at one time, of a shop of one service. */
  get fewest(): number {
    return Math.min(...this.#fewest.values());
  }

  /** The same of one service of several; 0 for one that has no pods. */
  fewestOf(service: string): number {
    return this.#fewest.get(service) ?? 0;
  }

  /** Stops when the clusters were read at least once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  /** What is the same before and after the clusters in between were read, was so while they were: only then their numbers belong together. */
  async #run(staged: StagedPlatform, clusters: readonly string[], namespace: string): Promise<void> {
    const reads = await Promise.all(
      clusters.map(async (cluster) => {
        const { client } = await staged.open(cluster);
        return () => client.request({ method: 'GET', path: `/api/v1/namespaces/${namespace}/pods` });
      }),
    );
    const all = async () => {
      const numbers: ReadonlyMap<string, number>[] = [];
      for (const read of reads) numbers.push(readyPods((await read()).body));
      return numbers;
    };
    do {
      const [first, second] = [await all(), await all()];
      this.samples++;
      const services = new Set([...this.#fewest.keys(), ...first.flatMap((numbers) => [...numbers.keys()])]);
      for (const service of services) {
        const [before, after] = [first, second].map((all) => all.map((numbers) => numbers.get(service) ?? 0)) as [
          number[],
          number[],
        ];
        if (before.some((number, at) => number !== after[at])) continue;
        const total = before.reduce((sum, number) => sum + number, 0);
        this.#fewest.set(service, Math.min(this.#fewest.get(service) ?? Number.POSITIVE_INFINITY, total));
      }
    } while (!this.#stopped);
  }
}

export async function readyIn(staged: StagedPlatform, cluster: string): Promise<number> {
  const { client } = await staged.open(cluster);
  const path = `/api/v1/namespaces/${staged.namespace('mall')}/pods`;
  return [...readyPods((await client.request({ method: 'GET', path })).body).values()].reduce((a, b) => a + b, 0);
}

/** Pods that are ready, by service; 0 for one whose pods are not. */
function readyPods(answer: unknown): ReadonlyMap<string, number> {
  const pods = list(record(answer).items) as unknown as readonly KubernetesObject[];
  const numbers = new Map<string, number>();
  for (const { metadata, status } of pods) {
    const service = metadata.labels?.['app.kubernetes.io/name'] ?? '';
    const isReady =
      metadata.deletionTimestamp === undefined &&
      list(record(status).conditions).some(({ type, status: is }) => type === 'Ready' && is === 'True');
    numbers.set(service, (numbers.get(service) ?? 0) + (isReady ? 1 : 0));
  }
  return numbers;
}
