import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Debian's name for it. */
export const ALERTMANAGER = '/usr/bin/prometheus-alertmanager';

const hasAlertmanager = existsSync(ALERTMANAGER) && spawnSync('amtool', ['--version']).status === 0;

/** Without Alertmanager its tests are skipped, except where everything must be tested. */
export const isAlertmanagerMissing = !hasAlertmanager && process.env.CI !== 'true';

/** Said in the titles of tests that are skipped. */
export const alertmanagerSkipped = isAlertmanagerMissing
  ? ' (skipped: the apt package "prometheus-alertmanager" is not installed)'
  : '';

/** What amtool says against a configuration; '' where nothing is wrong. */
export function checkConfiguration(configuration: object): string {
  const { status, output } = amtool(configuration, (file) => ['check-config', file]);
  return status === 0 ? '' : output;
}

/** Receivers that an alert reaches, as Alertmanager itself finds them. */
export function routedBy(configuration: object, labels: { readonly [name: string]: string }): string[] {
  const given = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const { status, stdout, output } = amtool(configuration, (file) => [
    'config',
    'routes',
    'test',
    `--config.file=${file}`,
    ...given,
  ]);
  if (status !== 0) throw new Error(output);
  return stdout.trim().split(',');
}

function amtool(
  configuration: object,
  args: (file: string) => readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly output: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-amtool-'));
  try {
    const file = path.join(folder, 'alertmanager.yaml');
    writeFileSync(file, JSON.stringify(configuration));
    const { status, stdout, stderr, error } = spawnSync('amtool', args(file), { encoding: 'utf8' });
    if (error !== undefined) throw error;
    return { status, stdout, output: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
