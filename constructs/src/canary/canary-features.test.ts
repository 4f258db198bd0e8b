import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CanaryBackend } from './canary-backend';
import { BACKENDS, backendNamed } from './private/backends';
import { CANARY_FEATURES, type CanaryFeature } from './private/features';

const PAGE = 'docs/constructs/canary-release.md';

/** Which back-end can do what, as the page says it. */
function table(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['', ...BACKENDS.map(({ title }) => title)]),
    row(['---', ...BACKENDS.map(() => '---')]),
    ...Object.entries(CANARY_FEATURES).map(([feature, words]) =>
      row([words, ...BACKENDS.map(({ can }) => (can.has(feature as CanaryFeature) ? 'yes' : '—'))]),
    ),
  ].join('\n');
}

describe('the back-ends of a canary release', () => {
  it('can do what the page says, and nothing else', () => {
    expect(fs.readFileSync(PAGE, 'utf8')).toContain(`<!-- features -->\n\n${table()}\n`);
  });

  it('are one for each that can be named, and every feature has one', () => {
    expect(new Set(BACKENDS.map(({ backend }) => backend)).size).toBe(BACKENDS.length);
    for (const backend of Object.values(CanaryBackend))
      if (backendNamed(backend) !== undefined) expect(backendNamed(backend)?.backend).toBe(backend);
    for (const feature of Object.keys(CANARY_FEATURES))
      expect(
        BACKENDS.some(({ can }) => can.has(feature as CanaryFeature)),
        feature,
      ).toBe(true);
  });
});
