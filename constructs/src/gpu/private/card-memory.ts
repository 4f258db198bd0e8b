/**
 * Memory of cards in MiB, as drivers report it (`nvidia.com/gpu.memory`); a pattern for the product. Of Ascend what HAMi gives out (`memoryAllocatable` in
 * charts/hami/templates/scheduler/device-configmap.yaml of Project-HAMi/HAMi 2.10). Cards whose drivers disagree are not here: their memory is declared.
 */
const CARDS: readonly (readonly [RegExp, number])[] = [
  [/\bA30\b/, 24576],
  [/\bA[18]00\b.*\b40GB\b/, 40960],
  [/\bA[18]00\b.*\b80GB\b/, 81920],
  [/\bH[18]00\b.*\b80GB\b/, 81559],
  [/\bH20\b(?!-3e)/, 97871],
  [/\bH200\b/, 143771],
  [/\bL4\b/, 23034],
  [/\bL40S\b/, 46068],
  [/\bT4\b/, 15360],
  [/\bV100\b.*\b16GB\b/, 16384],
  [/\bV100\b.*\b32GB\b/, 32768],
  [/^Ascend910A$/, 32768],
  [/^Ascend910B2$/, 65536],
  [/^Ascend910B3$/, 65536],
  [/^Ascend910B4$/, 32768],
  [/^Ascend910B4-1$/, 65536],
  [/^Ascend910C$/, 65536],
  [/^Ascend310P$/, 21527],
];

/** MiB of a card, where its product says it. */
export function memoryOfProduct(product: string): number | undefined {
  return CARDS.find(([pattern]) => pattern.test(product))?.[1];
}
