import path from 'node:path';
import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import { makePlan } from '../lib/plan/make-plan.ts';
import type { PlanOptions } from '../lib/plan/plan-options.ts';
import type { DesiredState } from '../lib/render/desired-state.ts';
import type { RenderedState } from '../lib/render/render-assembly.ts';
import { type Applied, AppliedPlatform, clusterPlan } from './applied-platform.ts';
import { renderWritten } from './render-written.ts';
import { folderAsset, type TemporaryFolders } from './write-assembly.ts';

/** A platform whose one Helm release is rendered by a real helm and applied to a real cluster. */
export class ReleasedPlatform {
  readonly platform: AppliedPlatform;
  readonly #helmBinary: string;
  readonly #folders: TemporaryFolders;
  readonly #cacheFolder: string;

  constructor(name: string, helmBinary: string, folders: TemporaryFolders) {
    this.platform = new AppliedPlatform(name);
    this.#helmBinary = helmBinary;
    this.#folders = folders;
    this.#cacheFolder = path.join(folders.make(), 'cache');
  }

  get namespace(): string {
    return this.platform.namespace();
  }

  /** @param chart folder */
  async desired(
    chart: string,
    values: NonNullable<HelmReleaseManifest['values']> = {},
    more: Partial<HelmReleaseManifest> = {},
  ): Promise<RenderedState> {
    const folder = this.#folders.make();
    const release = {
      path: 'shop/release',
      releaseName: 'shop',
      namespace: this.namespace,
      chart: { asset: folderAsset(folder, chart) },
      values,
      ...more,
    };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace } };
    const objects = [{ path: 'shop/namespace', object: namespace }];
    const render = renderWritten({ helmBinary: this.#helmBinary, cacheFolder: this.#cacheFolder });
    const state = await render(folder, [
      { name: 'alpha', units: [{ path: 'shop', objects, helmReleases: [release] }] },
    ]);
    return { ...state, platform: { id: this.platform.id } };
  }

  async plan(desired: DesiredState, options: Partial<PlanOptions> = {}) {
    const target = await this.platform.open();
    return { target, made: await makePlan(desired, [target], this.platform.planOptions(options)) };
  }

  /** What a new run would do: "replace Job/migrate: runs again: …". */
  async pending(desired: DesiredState, options: Partial<PlanOptions> = {}): Promise<string[]> {
    const { made } = await this.plan(desired, options);
    return clusterPlan(made).items.map(({ action, id, reason }) => `${action} ${id.kind}/${id.name}: ${reason}`);
  }

  async apply(desired: DesiredState, options: Parameters<AppliedPlatform['applyDesired']>[3] = {}): Promise<Applied> {
    const { target, made } = await this.plan(desired);
    return this.platform.applyDesired(made, desired, [target], { inventories: made.inventories, ...options });
  }
}
