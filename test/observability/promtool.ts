import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** Without promtool its tests are skipped, except where everything must be tested. */
export const isPromtoolMissing = !hasPromtool && process.env.CI !== 'true';

/** Said in the titles of tests that are skipped. */
export const promtoolSkipped = isPromtoolMissing ? ' (skipped: the apt package "prometheus" is not installed)' : '';

/** What counts as a series over time, and what shall be seen of it: a test of `promtool test rules`. */
export interface RuleTest {
  /** Time between two samples. */
  readonly interval: '1m';
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly { readonly exp_labels: object; readonly exp_annotations?: object }[];
  }[];
  readonly promql_expr_test?: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

/** What promtool says of the groups of a rule file; '' where nothing is wrong. */
export function checkRules(groups: unknown): string {
  return promtool(['check', 'rules'], { 'rules.yaml': { groups } });
}

/** What promtool finds to be otherwise than the tests say; '' where nothing is. */
export function testRules(groups: unknown, tests: readonly RuleTest[], evaluationInterval: string): string {
  const test = { rule_files: ['rules.yaml'], evaluation_interval: evaluationInterval, tests };
  return promtool(['test', 'rules'], { 'test.yaml': test, 'rules.yaml': { groups } });
}

/** Runs it with the first of some files, written as JSON, which is YAML. */
function promtool(args: readonly string[], files: { readonly [name: string]: unknown }): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-promtool-'));
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(folder, name), JSON.stringify(content));
    const [first = ''] = Object.keys(files);
    const { status, stdout, stderr, error } = spawnSync('promtool', [...args, first], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error !== undefined) throw error;
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
