import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { GpuSharingPlan } from './gpu-sharing-plan';
import { GpuIsolation, GpuMode, GpuSharing, type GpuSharingProps } from './gpu-sharing-props';
import { MigModel } from './mig-model';
import { MigPlanner } from './mig-planner';

/** Examples of Project-HAMi/HAMi and values of charts; they lie beside the checkout and are no part of it. */
const DATA = join(__dirname, '../../../../shared/data');
const present = existsSync(join(DATA, 'gpu/hami')) && existsSync(join(DATA, 'chart-values/gpu-operator'));
const required = process.env.CI === 'true';

interface Container {
  readonly resources?: { readonly limits?: Readonly<Record<string, number | string>> };
}

/** What the containers of an example ask of GPUs. */
function gpuLimits(file: string): Record<string, number | string>[] {
  const documents = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
  const containers = documents.flatMap(
    (object): Container[] => (object.spec.template?.spec ?? object.spec).containers ?? [],
  );
  return containers.flatMap(({ resources }) => {
    const limits = Object.entries(resources?.limits ?? {}).filter(([name]) => name.startsWith('nvidia.com/'));
    return limits.length === 0 ? [] : [Object.fromEntries(limits)];
  });
}

/** Every path of an object that ends in no map. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/** Whether a chart has a default at a path, or an empty one above it that takes any key. */
function isKnown(defaults: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined || defaults === null) return true;
  if (typeof defaults !== 'object') return false;
  if (Object.keys(defaults).length === 0) return true;
  return key in defaults && isKnown((defaults as Record<string, unknown>)[key], rest);
}

describe.skipIf(!present && !required)(
  `what others have of GPUs${present ? '' : ' (skipped: ../shared/data is not there)'}`,
  () => {
    const examples = present ? globSync(join(DATA, 'gpu/hami/nvidia/*.yaml')).sort() : [];

    it('is there', () => {
      expect(examples).toHaveLength(15);
    });

    it.each(examples.map((file) => [file.slice(file.lastIndexOf('/') + 1), file] as const))(
      "asks in HAMi's %s for the same resources",
      (_, file) => {
        const wanted = gpuLimits(file);
        expect(wanted.length).toBeGreaterThan(0);
        for (const limits of wanted) {
          const partition = Object.keys(limits).find((name) => name.startsWith('nvidia.com/mig-'));
          const profile = partition?.slice('nvidia.com/mig-'.length);
          const {
            'nvidia.com/gpu': gpus,
            'nvidia.com/gpumem': memoryMebibytes,
            'nvidia.com/gpumem-percentage': memoryPercentage,
            'nvidia.com/gpucores': corePercentage,
          } = limits as Record<string, number>;
          const share = { memoryMebibytes, memoryPercentage, corePercentage };
          const plan = GpuSharingPlan.of(
            profile === undefined
              ? ({
                  ...{ sharing: GpuSharing.SHARED, mode: GpuMode.HAMI, products: ['NVIDIA-A100-SXM4-40GB'] },
                  ...{ gpusPerPod: gpus, share: JSON.parse(JSON.stringify(share)) },
                } as GpuSharingProps)
              : {
                  ...{ sharing: GpuSharing.PARTITIONED, mode: GpuMode.MIG_MIXED, products: ['NVIDIA-A100-SXM4-40GB'] },
                  profiles: { [profile]: 1 },
                },
          );
          expect(plan.podLimits(profile)).toEqual(limits);
        }
      },
    );

    it('has every value of a chart that is set', () => {
      const defaults = (chart: string): unknown =>
        parse(readFileSync(join(DATA, 'chart-values', chart, 'values.yaml'), 'utf8'));
      const products = ['NVIDIA-A100-SXM4-80GB'];
      const shared = { sharing: GpuSharing.SHARED, products };
      const plans = [
        GpuSharingPlan.of({ sharing: GpuSharing.EXCLUSIVE, products }),
        GpuSharingPlan.of({ ...shared, replicas: 2 }),
        GpuSharingPlan.of({ ...shared, replicas: 2, isolation: GpuIsolation.SOFT }),
        GpuSharingPlan.of({ ...shared, isolation: GpuIsolation.SOFT }),
        GpuSharingPlan.of({ sharing: GpuSharing.PARTITIONED, products, profiles: { '3g.40gb': 2 } }),
      ];
      const layout = MigPlanner.pack([{ name: 'gpu-1', model: MigModel.A100_80GB, cards: 1 }], [{ name: 'train' }]);
      const unknown = (chart: string, values: readonly unknown[]): string[] =>
        values
          .flatMap((value) => leaves(value))
          .filter((path) => !isKnown(defaults(chart), path))
          .map((path) => path.join('.'));
      const ofOperator = [...plans.map(({ operatorValues }) => operatorValues), layout.operatorValues()];
      expect(unknown('gpu-operator', ofOperator)).toEqual([]);
      expect(unknown('hami', [plans[3]?.hamiValues])).toEqual([]);
      expect(unknown('gpu-operator', [{ devicePlugin: { enabeld: true } }])).toEqual(['devicePlugin.enabeld']);
    });
  },
);
