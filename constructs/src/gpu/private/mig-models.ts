import { MigModel } from '../mig-model';

/** What an instance of a profile has of the engines for video and pictures, of which a card has a fixed number. */
export enum MediaEngines {
  /** Its part, and not the optical flow accelerator. */
  SHARE = 'share',
  /** Its part and the one optical flow accelerator of the card ("+me"). */
  EXTENDED = 'extended',
  /** All of the card ("+me.all"): no other instance has any. */
  ALL = 'all',
  /** None ("-me"). */
  NONE = 'none',
}

export interface ProfileGeometry {
  /** As NVIDIA writes it, e.g. "3g.40gb". */
  readonly name: string;
  /** Names of the same profile with other drivers. */
  readonly otherNames: readonly string[];
  readonly computeSlices: number;
  readonly memorySlices: number;
  /** Memory in the name, GB. */
  readonly gigabytes: number;
  /** What a program can use of it, MiB, where it is known. */
  readonly usableMebibytes?: number;
  readonly multiprocessors?: number;
  readonly media: MediaEngines;
  /** First memory slices that an instance may have. */
  readonly starts: readonly number[];
}

export interface ModelGeometry {
  readonly model: MigModel;
  readonly memorySlices: number;
  /** PCI device ids without the vendor's part. */
  readonly deviceIds: readonly string[];
  /** Of the product as GPU feature discovery labels it (`nvidia.com/gpu.product`). */
  readonly product: RegExp;
  readonly profiles: readonly ProfileGeometry[];
}

/** Shape of a profile: what it has of the card, and where it may begin. */
interface Shape {
  readonly compute: number;
  readonly memory: number;
  readonly starts: readonly number[];
}

/**
 * Cards of seven compute and eight memory slices. The placements are those of the A100 (NVIDIA/go-nvml pkg/nvml/mock/gpus/a100.go); the counts that
 * NVIDIA/mig-parted has for the later cards agree with them. The mocks of go-nvml for H100 and H200 have other sizes, which contradict both.
 */
const SEVENTHS: readonly Shape[] = [
  { compute: 1, memory: 1, starts: [0, 1, 2, 3, 4, 5, 6] },
  { compute: 1, memory: 2, starts: [0, 2, 4, 6] },
  { compute: 2, memory: 2, starts: [0, 2, 4] },
  { compute: 3, memory: 4, starts: [0, 4] },
  { compute: 4, memory: 4, starts: [0] },
  { compute: 7, memory: 8, starts: [0] },
];

/** Cards of four slices, each with its memory. */
const QUARTERS: readonly Shape[] = [
  { compute: 1, memory: 1, starts: [0, 1, 2, 3] },
  { compute: 2, memory: 2, starts: [0, 2] },
  { compute: 4, memory: 4, starts: [0] },
];

interface Details {
  /** Memory in the names of the profiles, GB, in the order of the shapes. */
  readonly gigabytes: readonly number[];
  /** In the order of the shapes. */
  readonly usableMebibytes?: readonly number[];
  /** In the order of the shapes. */
  readonly multiprocessors?: readonly number[];
  /** Suffixes beside none, by number of compute slices. */
  readonly suffixes?: { readonly [computeSlices: number]: readonly string[] };
  readonly otherNames?: { readonly [name: string]: readonly string[] };
}

const MEDIA: { readonly [suffix: string]: MediaEngines } = {
  '': MediaEngines.SHARE,
  '+gfx': MediaEngines.SHARE,
  '+me': MediaEngines.EXTENDED,
  '+me.all': MediaEngines.ALL,
  '-me': MediaEngines.NONE,
};

function profiles(shapes: readonly Shape[], details: Details): ProfileGeometry[] {
  return shapes.flatMap((shape, at) => {
    // The double memory of one compute slice comes without suffix.
    const isDouble = shape.memory > shape.compute && shape.compute === 1;
    const suffixes = isDouble ? [] : (details.suffixes?.[shape.compute] ?? []);
    return ['', ...suffixes].map((suffix): ProfileGeometry => {
      const gigabytes = details.gigabytes[at] as number;
      const name = `${shape.compute}g.${gigabytes}gb${suffix}`;
      const usableMebibytes = details.usableMebibytes?.[at];
      const multiprocessors = details.multiprocessors?.[at];
      return {
        name,
        otherNames: details.otherNames?.[name] ?? [],
        computeSlices: shape.compute,
        memorySlices: shape.memory,
        gigabytes,
        ...(usableMebibytes === undefined ? {} : { usableMebibytes }),
        ...(multiprocessors === undefined ? {} : { multiprocessors }),
        media: MEDIA[suffix] as MediaEngines,
        starts: shape.starts,
      };
    });
  });
}

function sevenths(
  model: MigModel,
  deviceIds: readonly string[],
  product: RegExp,
  gigabytes: readonly number[],
  details: Omit<Details, 'gigabytes'> = {},
): ModelGeometry {
  const known = { suffixes: { 1: ['+me'] }, ...details, gigabytes };
  return { model, memorySlices: 8, deviceIds, product, profiles: profiles(SEVENTHS, known) };
}

/** Multiprocessors of the shapes of SEVENTHS: 14 for each compute slice of the A100, 16 of H100 and H200. */
const OF_A100 = [14, 14, 28, 42, 56, 98];
const OF_H100 = [16, 16, 32, 48, 64, 112];
const USABLE_80GB = [9856, 19968, 19968, 40192, 40192, 80384];

/**
 * Names, counts and device ids: NVIDIA/mig-parted deployments/systemd/config-default.yaml. Suffixes and their engines, multiprocessors of the RTX PRO 6000:
 * https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html. Usable memory: go-nvml's mock of the A100. None of it was tried on a card.
 */
export const MIG_MODELS: readonly ModelGeometry[] = [
  {
    model: MigModel.A30,
    memorySlices: 4,
    deviceIds: ['20B7'],
    product: /\bA30\b/,
    profiles: profiles(QUARTERS, {
      gigabytes: [6, 12, 24],
      multiprocessors: [14, 28, 56],
      suffixes: { 1: ['+me'], 2: ['+me'] },
    }),
  },
  sevenths(MigModel.A100_40GB, ['20B0', '20B1', '20F1', '20F6'], /\bA[18]00\b.*\b40GB\b/, [5, 10, 10, 20, 20, 40], {
    usableMebibytes: [4864, 9856, 9856, 19968, 19968, 40192],
    multiprocessors: OF_A100,
  }),
  sevenths(MigModel.A100_80GB, ['20B2', '20B5', '20F3', '20F5'], /\bA[18]00\b.*\b80GB\b/, [10, 20, 20, 40, 40, 80], {
    usableMebibytes: USABLE_80GB,
    multiprocessors: OF_A100,
    otherNames: { '7g.80gb': ['7g.79gb'] },
  }),
  sevenths(MigModel.PG506_96GB, ['20B6'], /\bPG506\b/, [12, 24, 24, 48, 48, 96]),
  sevenths(
    MigModel.H100_80GB,
    ['2330', '2331', '2322', '2324'],
    /\bH[18]00\b(?!.*(NVL|94GB|96GB))/,
    [10, 20, 20, 40, 40, 80],
    { usableMebibytes: USABLE_80GB, multiprocessors: OF_H100 },
  ),
  sevenths(MigModel.H100_NVL, ['2321', '233A'], /\bH[18]00\b.*(NVL|94GB)/, [12, 24, 24, 47, 47, 94], {
    multiprocessors: OF_H100,
  }),
  sevenths(MigModel.H100_96GB, ['233D', '2329'], /\bH100\b.*96GB|\bH20\b(?!-3e)/, [12, 24, 24, 48, 48, 96]),
  sevenths(MigModel.GH200_96GB, ['2342'], /\bGH200\b(?!.*144G)/, [12, 24, 24, 48, 48, 96]),
  sevenths(MigModel.GH200_144GB, ['2348'], /\bGH200\b.*144G/, [18, 36, 36, 72, 72, 144]),
  sevenths(MigModel.H200, ['2335', '233B'], /\bH200\b/, [18, 35, 35, 71, 71, 141], { multiprocessors: OF_H100 }),
  sevenths(MigModel.B200, ['2901'], /\bB200\b/, [23, 45, 45, 90, 90, 180]),
  sevenths(MigModel.B300, ['3182'], /\bB300\b/, [34, 67, 67, 135, 135, 269]),
  sevenths(MigModel.GB200, ['2941'], /\bGB200\b/, [23, 47, 47, 93, 93, 186], {
    otherNames: { '3g.93gb': ['3g.95gb'], '4g.93gb': ['4g.95gb'], '7g.186gb': ['7g.189gb'] },
  }),
  sevenths(MigModel.GB300, ['31C2'], /\bGB300\b/, [35, 70, 70, 139, 139, 278]),
  {
    model: MigModel.RTX_PRO_6000,
    memorySlices: 4,
    deviceIds: ['2BB5'],
    product: /\bRTX-PRO-6000\b/,
    profiles: profiles(QUARTERS, {
      gigabytes: [24, 48, 96],
      multiprocessors: [46, 94, 188],
      suffixes: { 1: ['+gfx', '+me', '+me.all', '-me'], 2: ['+gfx', '+me.all', '-me'], 4: ['+gfx'] },
    }),
  },
];

/** "+" cannot be in the name of a resource: NVIDIA/k8s-device-plugin writes "." for it. */
export function resourceNameOf(profile: string): string {
  return `nvidia.com/mig-${profile.replaceAll('+', '.')}`;
}
