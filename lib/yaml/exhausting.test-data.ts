import { YAML_LIMITS } from './limits.ts';

const laughs = Array.from(
  { length: 12 },
  (_, i) =>
    `a${i}: &a${i} [${
      i === 0
        ? 'x'
        : Array(9)
            .fill(`*a${i - 1}`)
            .join(', ')
    }]`,
).join('\n');
const chain = [
  'a0: &a0 { k0: v }',
  ...Array.from({ length: 2000 }, (_, i) => `a${i + 1}: &a${i + 1} { <<: *a${i}, k${i + 1}: v }`),
].join('\n');
const wide = [
  'b: &b',
  ...Array.from({ length: 1000 }, (_, i) => `  k${i}: v`),
  'c:',
  ...Array(400).fill('  - <<: *b'),
].join('\n');

/** YAML that is made to exhaust: what it is, its text, and what is said of it. */
export const EXHAUSTING: readonly (readonly [name: string, text: string, message: RegExp])[] = [
  ['brackets 6,000 deep', '['.repeat(6000), /levels deep/],
  ['braces 6,000 deep', '{a: '.repeat(6000), /levels deep/],
  ['list items 6,000 deep on one line', `${'- '.repeat(6000)}x`, /levels deep/],
  ['keys 6,000 deep on one line', `${'? '.repeat(6000)}x`, /levels deep/],
  ['indentation 1,000 deep', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /levels deep/],
  ['the billion laughs', laughs, /multiplies itself/],
  ['a chain of 2,000 merges', chain, /multiplies itself|levels deep/],
  ['400 merges of 1,000 keys', wide, /multiplies itself/],
  ['a text of 5 MiB', `a: "${'x'.repeat(5 * 1024 * 1024)}"`, /5 MiB is more than any API server accepts/],
  ['a source that is too large', 'a'.repeat(YAML_LIMITS.bytes + 1), /more than the 16 MiB/],
  ['too many documents', 'a\n---\n'.repeat(YAML_LIMITS.documents + 1), /documents/],
];
