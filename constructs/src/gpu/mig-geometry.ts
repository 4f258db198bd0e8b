import { failHere } from '../private/problem';
import type { MigModel } from './mig-model';
import { MIG_MODELS, type ModelGeometry, type ProfileGeometry, resourceNameOf } from './private/mig-models';
import { type Counts, feasibleMixes, maximalMixes, placeMix } from './private/mig-search';

/** A size in which a card can be partitioned. */
export interface MigProfile {
  /** As NVIDIA writes it, e.g. "3g.40gb" or "1g.10gb+me". */
  readonly name: string;
  /** Of the seven (A30, RTX PRO 6000: four) of a card. */
  readonly computeSlices: number;
  /** Of the eight (A30, RTX PRO 6000: four) of a card. */
  readonly memorySlices: number;
  /** Memory as the name has it, GB: drivers round up, programs get less. */
  readonly gigabytes: number;
  /** What programs get of it, MiB. @default - not known */
  readonly usableMebibytes?: number;
  /** Streaming multiprocessors. @default - not known */
  readonly multiprocessors?: number;
  /** Memory slices that an instance may begin at. */
  readonly starts: number[];
  /** The most instances of it on one card. */
  readonly most: number;
  /** What pods ask for where the strategy of the device plugin is "mixed", e.g. "nvidia.com/mig-3g.40gb". */
  readonly resourceName: string;
}

/** An instance on a card. */
export interface MigPlacement {
  /** Name of its profile. */
  readonly profile: string;
  /** First memory slice, from 0 on. */
  readonly start: number;
  /** Number of memory slices. */
  readonly size: number;
}

/**
 * What a card can be partitioned into. Whether a mix has room is found by placing it, not by summing slices: two 3g and one 1g have seven compute
 * slices and no room on any card.
 */
export class MigGeometry {
  /** The geometry of a model. */
  public static of(model: MigModel): MigGeometry {
    const geometry = MIG_MODELS.find((candidate) => candidate.model === model);
    if (geometry === undefined) {
      failHere(undefined, 'ORR2011', `No MIG geometry is known for "${model}".`, {
        fix: `Use one of: ${MIG_MODELS.map((known) => known.model).join(', ')}.`,
      });
    }
    return new MigGeometry(geometry);
  }

  /**
   * The geometry of a product as nodes are labelled with it (`nvidia.com/gpu.product`) and clusters name it in `gpuModels`; undefined where it cannot be
   * partitioned or is not known.
   * @param product e.g. "NVIDIA-A100-SXM4-80GB"
   */
  public static ofProduct(product: string): MigGeometry | undefined {
    // GPU feature discovery says with a suffix how the card is shared already.
    const name = product.replace(/-SHARED$/, '').replace(/-MIG-.*$/, '');
    const geometry = MIG_MODELS.find((candidate) => candidate.product.test(name));
    return geometry === undefined ? undefined : new MigGeometry(geometry);
  }

  /** All models with a known geometry. */
  public static all(): MigGeometry[] {
    return MIG_MODELS.map((geometry) => new MigGeometry(geometry));
  }

  /** The model. */
  public readonly model: MigModel;
  /** Memory slices of a card. */
  public readonly memorySlices: number;
  /** PCI device ids as mig-parted filters by them, e.g. "0x20B010DE". */
  public readonly deviceIds: string[];

  private constructor(private readonly geometry: ModelGeometry) {
    this.model = geometry.model;
    this.memorySlices = geometry.memorySlices;
    this.deviceIds = geometry.deviceIds.map((id) => `0x${id}10DE`);
  }

  /** Its profiles, small ones first. */
  public get profiles(): MigProfile[] {
    return this.geometry.profiles.map((profile) => ({
      name: profile.name,
      computeSlices: profile.computeSlices,
      memorySlices: profile.memorySlices,
      gigabytes: profile.gigabytes,
      ...(profile.usableMebibytes === undefined ? {} : { usableMebibytes: profile.usableMebibytes }),
      ...(profile.multiprocessors === undefined ? {} : { multiprocessors: profile.multiprocessors }),
      starts: [...profile.starts],
      most: mostOf(profile),
      resourceName: resourceNameOf(profile.name),
    }));
  }

  /** A profile by its name, or by the name that other drivers give it ("7g.79gb" is "7g.80gb" of an A100); undefined where the model has none. */
  public profile(name: string): MigProfile | undefined {
    const at = this.indexOf(name);
    return at === -1 ? undefined : this.profiles[at];
  }

  /**
   * Where the instances of a mix go on one card; undefined where they have no room, or the model has no such profile.
   * @param mix profile to number of instances, e.g. { '3g.40gb': 1, '1g.10gb': 4 }
   */
  public place(mix: { [profile: string]: number }): MigPlacement[] | undefined {
    const counts = this.countsOf(mix);
    if (counts === undefined) return undefined;
    return placeMix(this.geometry.profiles, counts)?.map(({ profile, start }) => {
      const { name, memorySlices } = this.geometry.profiles[profile] as ProfileGeometry;
      return { profile: name, start, size: memorySlices };
    });
  }

  /** Why a mix has no place on a card, and the nearest that has; undefined where it has one. */
  public refusal(mix: { [profile: string]: number }): string | undefined {
    const odd = Object.entries(mix).find(([, count]) => !Number.isSafeInteger(count) || count < 0);
    if (odd !== undefined) return `${odd[1]} instances of ${odd[0]} are no number of instances.`;
    const unknown = Object.keys(mix).filter((name) => this.indexOf(name) === -1);
    if (unknown.length > 0) {
      const known = this.geometry.profiles.map((profile) => profile.name).join(', ');
      return `${this.model} has no profile ${unknown.join(', ')}. It has ${known}.`;
    }
    if (this.place(mix) !== undefined) return undefined;
    return `${mixText(mix)} has no room on one ${this.model}. Nearest: ${mixText(this.nearest(mix))}.`;
  }

  /**
   * All mixes that have room on one card, the empty one not counted.
   * @param profiles the profiles that are mixed; without, all but those with other media engines or graphics (suffixes "+me", "-me", "+gfx", …)
   */
  public feasibleMixes(profiles?: string[]): { [profile: string]: number }[] {
    const chosen = this.chosen(profiles);
    return feasibleMixes(chosen).map((counts) => mixOf(chosen, counts));
  }

  /**
   * The mixes that have room on one card, and to which nothing can be added.
   * @param profiles the profiles that are mixed; without, all but those with other media engines or graphics (suffixes "+me", "-me", "+gfx", …)
   */
  public maximalMixes(profiles?: string[]): { [profile: string]: number }[] {
    const chosen = this.chosen(profiles);
    return maximalMixes(chosen).map((counts) => mixOf(chosen, counts));
  }

  /** @internal */
  public get _geometry(): ModelGeometry {
    return this.geometry;
  }

  /** With the most instances of the mix, those with more memory first. */
  private nearest(mix: { [profile: string]: number }): { [profile: string]: number } {
    const wanted = this.countsOf(mix) ?? [];
    const order = this.geometry.profiles
      .map((profile, at) => ({ at, slices: profile.memorySlices }))
      .sort((a, b) => b.slices - a.slices || a.at - b.at);
    const counts = this.geometry.profiles.map(() => 0);
    for (const { at } of order) {
      for (let count = 1; count <= (wanted[at] ?? 0); count++) {
        counts[at] = count;
        if (placeMix(this.geometry.profiles, counts) !== undefined) continue;
        counts[at] = count - 1;
        break;
      }
    }
    return mixOf(this.geometry.profiles, counts);
  }

  private countsOf(mix: { [profile: string]: number }): Counts | undefined {
    const counts = this.geometry.profiles.map(() => 0);
    for (const [name, count] of Object.entries(mix)) {
      const at = this.indexOf(name);
      if (at === -1 || !Number.isSafeInteger(count) || count < 0) return undefined;
      counts[at] = (counts[at] as number) + count;
    }
    return counts;
  }

  private indexOf(name: string): number {
    return this.geometry.profiles.findIndex((profile) => profile.name === name || profile.otherNames.includes(name));
  }

  private chosen(names: readonly string[] | undefined): readonly ProfileGeometry[] {
    if (names === undefined) return this.geometry.profiles.filter(({ name }) => /gb$/.test(name));
    const unknown = names.filter((name) => this.indexOf(name) === -1);
    if (unknown.length > 0) {
      failHere(undefined, 'ORR2011', `${this.model} has no profile ${unknown.join(', ')}.`, {
        fix: `It has ${this.geometry.profiles.map((profile) => profile.name).join(', ')}.`,
      });
    }
    const wanted = new Set(names.map((name) => this.indexOf(name)));
    return this.geometry.profiles.filter((_, at) => wanted.has(at));
  }
}

function mostOf(profile: ProfileGeometry): number {
  for (let count = 1; ; count++) {
    if (placeMix([profile], [count]) === undefined) return count - 1;
  }
}

function mixOf(profiles: readonly ProfileGeometry[], counts: Counts): { [profile: string]: number } {
  return Object.fromEntries(
    profiles.map((profile, at) => [profile.name, counts[at] ?? 0] as const).filter(([, count]) => count > 0),
  );
}

/** "2 × 3g.40gb + 1 × 1g.10gb". */
function mixText(mix: { [profile: string]: number }): string {
  const parts = Object.entries(mix).filter(([, count]) => count > 0);
  return parts.map(([name, count]) => `${count} × ${name}`).join(' + ');
}
