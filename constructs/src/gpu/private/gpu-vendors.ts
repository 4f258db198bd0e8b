import { GpuVendor } from '../gpu-nodes';

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
  /** Part of the compute of each card, in hundredths. */
  readonly cores?: string;
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
];

/** The vendor of a product; undefined where its name does not say it. */
export function vendorOf(product: string): GpuVendor | undefined {
  return PRODUCTS.find(([pattern]) => pattern.test(product))?.[1];
}

/**
 * Resources of the vendors in HAMi 2.10: charts/hami/values.yaml and templates/scheduler/device-configmap.yaml of Project-HAMi/HAMi; units by its docs (docs/iluvatar-gpu-support.md,
 * docs/metax-support.md, docs/mthreads-support.md, docs/cambricon-mlu-support.md). Of Ascend and Iluvatar each product has its own.
 */
export function hamiResources(vendor: GpuVendor, product: string): VendorResources {
  switch (vendor) {
    case GpuVendor.NVIDIA:
      return {
        count: 'nvidia.com/gpu',
        memory: 'nvidia.com/gpumem',
        memoryUnit: 1,
        memoryPercentage: 'nvidia.com/gpumem-percentage',
        cores: 'nvidia.com/gpucores',
      };
    case GpuVendor.ASCEND: {
      const name = `huawei.com/${product}`;
      return { count: name, memory: `${name}-memory`, memoryUnit: 1 };
    }
    case GpuVendor.CAMBRICON:
      return {
        count: 'cambricon.com/vmlu',
        memory: 'cambricon.com/mlu.smlu.vmemory',
        memoryUnit: 256,
        cores: 'cambricon.com/mlu.smlu.vcore',
      };
    case GpuVendor.HYGON:
      return { count: 'hygon.com/dcunum', memory: 'hygon.com/dcumem', memoryUnit: 1, cores: 'hygon.com/dcucores' };
    case GpuVendor.METAX:
      return {
        count: 'metax-tech.com/sgpu',
        memory: 'metax-tech.com/vmemory',
        memoryUnit: 1024,
        cores: 'metax-tech.com/vcore',
      };
    case GpuVendor.ILUVATAR: {
      const name = `iluvatar.ai/${product.replace(/^Iluvatar[- ]/i, '')}`;
      return { count: `${name}-vgpu`, memory: `${name}.vMem`, memoryUnit: 256, cores: `${name}.vCore` };
    }
    case GpuVendor.MTHREADS:
      return {
        count: 'mthreads.com/vgpu',
        memory: 'mthreads.com/sgpu-memory',
        memoryUnit: 512,
        cores: 'mthreads.com/sgpu-core',
      };
    case GpuVendor.ENFLAME:
      return {
        count: 'enflame.com/drs-gcu',
        memory: 'enflame.com/gcu-memory',
        memoryUnit: 1,
        cores: 'enflame.com/gcu-core',
      };
    case GpuVendor.KUNLUNXIN:
      return { count: 'kunlunxin.com/vxpu', memory: 'kunlunxin.com/vxpu-memory', memoryUnit: 1 };
    case GpuVendor.AMD:
      return { count: 'amd.com/gpu', memory: 'amd.com/gpumem', memoryUnit: 1, cores: 'amd.com/gpucores' };
  }
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
