import { GpuVendor } from '../gpu-nodes';
import { type HamiDevice, hamiDevice } from './hami-devices';

/** What containers ask HAMi for: the resources of a vendor, and in which units. */
export interface VendorResources {
  /** Number of cards. */
  readonly count: string;
  /** Memory of each card; undefined where a share has none. */
  readonly memory?: string;
  /** MiB of one unit of `memory`; undefined where the unit is a hundredth of the card. */
  readonly memoryUnit?: number;
  /** Part of the memory of each card, in hundredths. */
  readonly memoryPercentage?: string;
  /** Part of the compute of each card. */
  readonly cores?: string;
  /** Units of `cores` that a card has. */
  readonly coresOfCard?: number;
}

/** Of which vendor a product is, where its name says it. */
const PRODUCTS: readonly (readonly [RegExp, GpuVendor])[] = [
  [/^(NVIDIA|Tesla|Quadro|GeForce|GRID)\b/i, GpuVendor.NVIDIA],
  [/^Ascend/i, GpuVendor.ASCEND],
  [/^(MLU|Cambricon)/i, GpuVendor.CAMBRICON],
  [/^(DCU|HCU|Hygon|K100|Z100)/i, GpuVendor.HYGON],
  [/^(MetaX|MXC|C500|C550)/i, GpuVendor.METAX],
  [/^(Iluvatar|BI-V|MR-V)/i, GpuVendor.ILUVATAR],
  [/^(MTT|Moore|MThreads)/i, GpuVendor.MTHREADS],
  [/^(Enflame|GCU)/i, GpuVendor.ENFLAME],
  [/^(Kunlun|P800|R480)/i, GpuVendor.KUNLUNXIN],
  [/^(AMD|Instinct|MI\d)/i, GpuVendor.AMD],
  [/^(Biren|BR1\d\d)/i, GpuVendor.BIREN],
  [/^Vastai/i, GpuVendor.VASTAI],
  [/^(Inferentia|Trainium|Neuron)/i, GpuVendor.AWS_NEURON],
];

/** The vendor of a product; undefined where its name does not say it. */
export function vendorOf(product: string): GpuVendor | undefined {
  return PRODUCTS.find(([pattern]) => pattern.test(product))?.[1];
}

/** Resources of the vendors in HAMi, with what a card has of them. */
export function hamiResources(vendor: GpuVendor, product: string): VendorResources {
  return resourcesOf(hamiDevice(vendor, product));
}

/** The same of a device. */
export function resourcesOf({ count, memory, memoryPercentage, cores }: HamiDevice): VendorResources {
  return {
    count,
    ...(memory === undefined ? {} : { memory: memory.resource, memoryUnit: memory.unit }),
    ...(memoryPercentage === undefined ? {} : { memoryPercentage }),
    // What a library in the container limits is counted by nobody but it.
    ...(cores === undefined || cores.needs !== undefined ? {} : { cores: cores.resource, coresOfCard: cores.whole }),
  };
}

/** What whole cards of a vendor are, as its own device plugin announces them. */
export function wholeCardResource(vendor: GpuVendor, product: string): string {
  switch (vendor) {
    case GpuVendor.CAMBRICON:
      return 'cambricon.com/mlu';
    case GpuVendor.HYGON:
      return 'hygon.com/dcu';
    case GpuVendor.METAX:
      return 'metax-tech.com/gpu';
    case GpuVendor.ILUVATAR:
      return 'iluvatar.ai/gpu';
    case GpuVendor.MTHREADS:
      return 'mthreads.com/gpu';
    case GpuVendor.ENFLAME:
      return 'enflame.com/gcu';
    case GpuVendor.KUNLUNXIN:
      return 'kunlunxin.com/xpu';
    default:
      return hamiResources(vendor, product).count;
  }
}
