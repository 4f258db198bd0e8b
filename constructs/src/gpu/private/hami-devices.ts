import { GpuVendor } from '../gpu-nodes';

/** What pods ask HAMi for to get cards of one kind, and what it makes of it. */
export interface HamiDevice {
  /** As messages name it. */
  readonly name: string;
  /** Resource: number of cards. */
  readonly count: string;
  readonly memory?: HamiMemory;
  /** Resource: part of the memory of each card, in percent. */
  readonly memoryPercentage?: string;
  readonly cores?: HamiCores;
  /** Resource: which task on a card goes first. */
  readonly priority?: string;
  /** Whether a part of a card is to be had of one card only: with several, each is whole. */
  readonly sharesOneCard?: boolean;
  /** Whether cards are given out in pairs: one becomes two, and other odd numbers are refused. */
  readonly inPairs?: boolean;
  readonly annotations: HamiAnnotations;
}

export interface HamiMemory {
  readonly resource: string;
  /** MiB of one unit. */
  readonly unit: number;
  /** Whether the resource also takes MiB with their unit, as "2048Mi". */
  readonly takesUnit?: boolean;
  /** Most MiB of a card that HAMi takes. */
  readonly most?: number;
  /** What a whole card gives, MiB, where it is less than that. */
  readonly whole?: number;
  /** Parts that there are, MiB, ascending: a smaller wish becomes the next of them, a larger one the whole card. */
  readonly templates?: readonly HamiTemplate[];
  /** The only values that are taken, in units. */
  readonly sizes?: readonly number[];
}

/** A part of a card with a name. */
export interface HamiTemplate {
  readonly name: string;
  readonly mebibytes: number;
}

export interface HamiCores {
  readonly resource: string;
  /** Units of a whole card. */
  readonly whole: number;
  readonly least: number;
  /** Percent that a container has of it where it says memory alone; 0 is without a limit. */
  readonly unsaid: number;
  /** Annotations that it needs beside it. */
  readonly needs?: { readonly [key: string]: string };
}

/** Keys of what is said of a pod's cards; what has none cannot be said. */
export interface HamiAnnotations {
  readonly useTypes?: string;
  readonly avoidTypes?: string;
  readonly useUuids?: string;
  readonly avoidUuids?: string;
  readonly sameNumaNode?: string;
  readonly shareMode?: string;
  readonly computePolicy?: string;
  readonly urgency?: string;
  readonly linkedCards?: string;
}

const NVIDIA: HamiDevice = {
  name: 'NVIDIA',
  count: 'nvidia.com/gpu',
  memory: { resource: 'nvidia.com/gpumem', unit: 1 },
  memoryPercentage: 'nvidia.com/gpumem-percentage',
  cores: { resource: 'nvidia.com/gpucores', whole: 100, least: 0, unsaid: 0 },
  priority: 'nvidia.com/priority',
  annotations: {
    ...ofDomain('nvidia.com', 'gputype'),
    sameNumaNode: 'nvidia.com/numa-bind',
    shareMode: 'nvidia.com/vgpu-mode',
  },
};

const HYGON: HamiDevice = {
  name: 'Hygon',
  count: 'hygon.com/dcunum',
  memory: { resource: 'hygon.com/dcumem', unit: 1 },
  cores: { resource: 'hygon.com/dcucores', whole: 100, least: 0, unsaid: 0 },
  annotations: ofDomain('hygon.com', 'dcutype'),
};

const METAX: HamiDevice = {
  name: 'MetaX',
  count: 'metax-tech.com/sgpu',
  memory: { resource: 'metax-tech.com/vmemory', unit: 1024, takesUnit: true },
  cores: { resource: 'metax-tech.com/vcore', whole: 100, least: 0, unsaid: 100 },
  annotations: {
    useUuids: 'metax-tech.com/use-gpuuuid',
    avoidUuids: 'metax-tech.com/nouse-gpuuuid',
    computePolicy: 'metax-tech.com/sgpu-qos-policy',
    urgency: 'metax-tech.com/sgpu-app-class',
    linkedCards: 'metax-tech.com/sgpu-topology-aware',
  },
};

const MTHREADS: HamiDevice = {
  name: 'Moore Threads',
  count: 'mthreads.com/vgpu',
  memory: { resource: 'mthreads.com/sgpu-memory', unit: 512, sizes: [2, 4, 8, 16, 32, 64, 96] },
  cores: { resource: 'mthreads.com/sgpu-core', whole: 16, least: 1, unsaid: 0 },
  sharesOneCard: true,
  annotations: { useUuids: 'mthreads.ai/use-gpuuuid', avoidUuids: 'mthreads.ai/nouse-gpuuuid' },
};

const KUNLUNXIN: HamiDevice = {
  name: 'Kunlunxin',
  count: 'kunlunxin.com/vxpu',
  memory: {
    resource: 'kunlunxin.com/vxpu-memory',
    unit: 1,
    most: 98304,
    templates: [
      { name: 'a quarter', mebibytes: 24576 },
      { name: 'a half', mebibytes: 49152 },
    ],
  },
  annotations: { useUuids: 'hami.io/use-xpu-uuid', avoidUuids: 'hami.io/no-use-xpu-uuid' },
};

const AMD: HamiDevice = {
  name: 'AMD',
  count: 'amd.com/gpu',
  memory: { resource: 'amd.com/gpumem', unit: 1 },
  cores: { resource: 'amd.com/gpucores', whole: 100, least: 1, unsaid: 100 },
  annotations: {
    useTypes: 'amd.com/use-gputype',
    avoidTypes: 'amd.com/nouse-gputype',
    useUuids: 'amd.com/use-gpu-uuid',
    avoidUuids: 'amd.com/nouse-gpu-uuid',
  },
};

/** Parts of cards whose memory is not said in MiB are not known well enough: whole ones only. */
const ENFLAME: HamiDevice = { name: 'Enflame', count: 'enflame.com/gcu', annotations: {} };

/** NVIDIA's cards with Volcano's plugin (docs/user-guide/how_to_use_volcano_vgpu.md of volcano-sh/volcano). */
export const VOLCANO: HamiDevice = {
  name: 'Volcano',
  count: 'volcano.sh/vgpu-number',
  memory: { resource: 'volcano.sh/vgpu-memory', unit: 1 },
  cores: { resource: 'volcano.sh/vgpu-cores', whole: 100, least: 0, unsaid: 0 },
  annotations: {},
};

const BIREN: HamiDevice = { name: 'Biren', count: 'birentech.com/gpu', annotations: {} };

const VASTAI: HamiDevice = { name: 'Vastai', count: 'vastaitech.com/va', annotations: {} };

const AWS_NEURON: HamiDevice = {
  name: 'AWS Neuron',
  count: 'aws.amazon.com/neuron',
  annotations: { useUuids: 'aws.amazon.com/use-neuron-uuid', avoidUuids: 'aws.amazon.com/nouse-neuron-uuid' },
};

/** Chips of Ascend by their word in resources: MiB of a card, MiB that a whole one gives, and its templates. */
const ASCEND: Readonly<Record<string, Pick<HamiMemory, 'most' | 'whole' | 'templates'>>> = {
  Ascend910A: ascendChip(32768, ['vir02', 2184], ['vir04', 4369], ['vir08', 8738], ['vir16', 17476]),
  Ascend910B2: ascendChip(65536, ['vir03_1c_8g', 8192], ['vir06_1c_16g', 16384], ['vir12_3c_32g', 32768]),
  Ascend910B3: ascendChip(65536, ['vir05_1c_16g', 16384], ['vir10_3c_32g', 32768]),
  'Ascend910B4-1': ascendChip(65536, ['vir05_1c_16g', 16384], ['vir10_3c_32g', 32768]),
  Ascend910B4: ascendChip(32768, ['vir05_1c_8g', 8192], ['vir10_3c_16g', 16384]),
  Ascend910C: ascendChip(65536, ['vir05_1c_16g', 16384], ['vir10_3c_32g', 32768]),
  Ascend310P: { ...ascendChip(24576, ['vir01', 3072], ['vir02', 6144], ['vir04', 12288]), whole: 21527 },
};

/**
 * What HAMi 2.10 knows of a vendor's cards. Names and templates: charts/hami/values.yaml and charts/hami/templates/scheduler/device-configmap.yaml of Project-HAMi/HAMi; units,
 * bounds and annotations: pkg/device/<vendor>/device.go (of MetaX sdevice.go and protocol.go, of Kunlunxin vdevice.go), docs/ascend910-hami-vnpu-core-support.md.
 * Ascend and Iluvatar have resources for each chip, Cambricon for each series.
 */
export function hamiDevice(vendor: GpuVendor, product: string): HamiDevice {
  switch (vendor) {
    case GpuVendor.NVIDIA:
      return NVIDIA;
    case GpuVendor.ASCEND:
      return ascend(product);
    case GpuVendor.CAMBRICON:
      return cambricon(product);
    case GpuVendor.HYGON:
      return HYGON;
    case GpuVendor.METAX:
      return METAX;
    case GpuVendor.ILUVATAR:
      return iluvatar(product);
    case GpuVendor.MTHREADS:
      return MTHREADS;
    case GpuVendor.ENFLAME:
      return ENFLAME;
    case GpuVendor.KUNLUNXIN:
      return KUNLUNXIN;
    case GpuVendor.AMD:
      return AMD;
    case GpuVendor.BIREN:
      return BIREN;
    case GpuVendor.VASTAI:
      return VASTAI;
    case GpuVendor.AWS_NEURON:
      return AWS_NEURON;
  }
}

/** Templates are cut in hardware, of one card; with a share of compute a library does it instead, and memory is what it says. */
function ascend(product: string): HamiDevice {
  const chip = product.replace(/^(huawei[-. ]?)?(ascend)?[- ]?/i, '').replace(/^310P\d$/i, '310P');
  const word = `Ascend${chip}`;
  const known = Object.keys(ASCEND).find((name) => name.toLowerCase() === word.toLowerCase()) ?? word;
  const resource = `huawei.com/${known}`;
  return {
    name: known,
    count: resource,
    memory: { resource: `${resource}-memory`, unit: 1, ...ASCEND[known] },
    cores: {
      ...{ resource: `${resource}-core`, whole: 100, least: 1, unsaid: 0 },
      needs: { 'huawei.com/vnpu-mode': 'hami-core' },
    },
    sharesOneCard: true,
    ...(known === 'Ascend910C' ? { inPairs: true } : {}),
    annotations: { useUuids: `hami.io/use-${known}-uuid`, avoidUuids: `hami.io/no-use-${known}-uuid` },
  };
}

/** "MLU370-X8" is of the series 370, whose plugin has names of its own; without a series those of HAMi's chart. */
function cambricon(product: string): HamiDevice {
  const series = /^MLU(\d{3})/i.exec(product)?.[1] ?? '';
  const prefix = `cambricon.com/mlu${series}.smlu`;
  return {
    name: 'Cambricon',
    count: 'cambricon.com/vmlu',
    memory: { resource: `${prefix}.vmemory`, unit: 256 },
    cores: { resource: `${prefix}.vcore`, whole: 100, least: 0, unsaid: 100 },
    annotations: ofDomain('cambricon.com', 'mlutype'),
  };
}

function iluvatar(product: string): HamiDevice {
  const chip = product.replace(/^iluvatar[- ]/i, '');
  return {
    name: chip,
    count: `iluvatar.ai/${chip}-vgpu`,
    memory: { resource: `iluvatar.ai/${chip}.vMem`, unit: 256 },
    cores: { resource: `iluvatar.ai/${chip}.vCore`, whole: 100, least: 0, unsaid: 0 },
    // docs/iluvatar-gpu-support.md; with several cards the webhook sets all of the compute (pkg/device/iluvatar/device.go).
    sharesOneCard: true,
    annotations: { useUuids: `hami.io/use-${chip}-uuid`, avoidUuids: `hami.io/no-use-${chip}-uuid` },
  };
}

function ofDomain(domain: string, type: string): HamiAnnotations {
  return {
    useTypes: `${domain}/use-${type}`,
    avoidTypes: `${domain}/nouse-${type}`,
    useUuids: `${domain}/use-gpuuuid`,
    avoidUuids: `${domain}/nouse-gpuuuid`,
  };
}

function ascendChip(
  most: number,
  ...templates: readonly (readonly [string, number])[]
): Pick<HamiMemory, 'most' | 'whole' | 'templates'> {
  return { most, templates: templates.map(([name, mebibytes]) => ({ name, mebibytes })) };
}
