import type { RolloutManifest } from '@orrery/constructs/assembly-format';
import { inject } from 'vitest';
import type { ApplyOptions } from '../../lib/apply/apply-options.ts';
import type { ApplyEvent, WaveOutcome } from '../../lib/apply/outcome.ts';
import type { KubeTarget, Target } from '../../lib/cluster/target.ts';
import { type MadePlan, makePlan } from '../../lib/plan/make-plan.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';
import { listRevisions } from '../../lib/revision/read-revisions.ts';
import { type Applied, AppliedPlatform, outcomeOf, type Program } from '../applied-platform.ts';
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts';

const CLUSTERS = ['alpha', 'beta', 'gamma'] as const;

/** A platform on the three shared clusters, each behind a proxy that sees what is written where, in one order for all. */
export class StagedPlatform extends AppliedPlatform {
  /** "alpha POST /api/v1/…" of every write, in the order in which they came. */
  readonly writes: string[] = [];
  readonly proxies = new Map<string, FaultProxy>();

  static async start(name: string): Promise<StagedPlatform> {
    const platform = new StagedPlatform(name);
    for (const cluster of CLUSTERS) {
      const proxy = await startFaultProxy(inject('clusters').kubeconfig, cluster);
      platform.proxies.set(cluster, proxy);
      platform.watch(cluster);
    }
    return platform;
  }

  /** Only looks: no fault. */
  watch(cluster: string, fault: FaultProxy['fault'] = () => undefined): void {
    this.proxy(cluster).fault = (request) => {
      if (request.isWrite) this.writes.push(`${cluster} ${request.method} ${request.path.split('?')[0]}`);
      return fault(request);
    };
  }

  proxy(cluster: string): FaultProxy {
    const proxy = this.proxies.get(cluster);
    if (proxy === undefined) throw new Error(`no proxy for ${cluster}`);
    return proxy;
  }

  openAll(clusters: readonly string[]): Promise<KubeTarget[]> {
    return Promise.all(clusters.map((cluster) => this.open(cluster, this.proxy(cluster).url)));
  }

  staged(program: Program, rollout: RolloutManifest): DesiredState {
    return { ...this.desired(program), rollout };
  }

  /** Plans and applies a rollout with fresh targets, as a run of its own would. */
  async roll(
    program: Program,
    rollout: RolloutManifest,
    options: Partial<ApplyOptions> & { readonly onEvent?: (event: ApplyEvent) => void } = {},
  ): Promise<Applied> {
    const targets = await this.openAll(Object.keys(program));
    const desired = this.staged(program, rollout);
    const made = await makePlan(desired, targets, this.planOptions());
    return this.rollMade(made, desired, targets, options);
  }

  rollMade(
    made: MadePlan,
    desired: DesiredState,
    targets: readonly Target[],
    options: Partial<ApplyOptions> & { readonly onEvent?: (event: ApplyEvent) => void } = {},
  ): Promise<Applied> {
    this.writes.length = 0;
    return this.applyDesired(made, desired, targets, options);
  }

  /** Clusters in the order in which their first object was written; leases and what Orrery keeps for itself do not count. */
  started(): string[] {
    return [...new Set(this.objectWrites().map((write) => write.split(' ')[0] ?? ''))];
  }

  /** Writes of objects of the program. */
  objectWrites(): string[] {
    // Objects of the program are applied or deleted; what a lease needs is made.
    return this.writes.filter((write) => !write.includes(' POST ') && !write.includes(this.inventoryNamespace));
  }

  /** Whether the newest revision of each cluster is complete. */
  async complete(...clusters: string[]): Promise<(boolean | undefined)[]> {
    return Promise.all(
      clusters.map(async (cluster) => (await listRevisions(await this.open(cluster), this.id)).heads[0]?.complete),
    );
  }

  async end(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()));
    await this.cleanUp(CLUSTERS);
  }
}

/** "done alpha+beta": the waves of an outcome. */
export function wavesIn({ outcome }: Applied): string[] {
  return (outcome.waves ?? []).map(({ status, clusters }: WaveOutcome) => `${status} ${clusters.join('+')}`);
}

export function statuses(applied: Applied, ...clusters: string[]): string[] {
  return clusters.map((cluster) => outcomeOf(applied, cluster).status);
}

/** A wave per argument: "alpha+beta". */
export function waves(...clusters: string[]): RolloutManifest {
  return { waves: clusters.map((members, at) => ({ name: `w${at + 1}`, clusters: members.split('+') })) };
}
