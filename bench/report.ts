import type { Measurement } from './measure.ts';

/** The measurements as lines of JSON. */
export function jsonLines(measurements: readonly Measurement[]): string {
  return measurements.map((measurement) => `${JSON.stringify(measurement)}\n`).join('');
}

/** The measurements as a table for people. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ suite, case: name, unit, ours, peer, peerName, ratio, target }) => [
    `${suite}: ${name}`,
    `${ours} ${unit}`,
    peer === null ? '–' : `${peer} ${unit}`,
    peerName ?? (target === undefined ? '–' : `target ≤ ${target} ${unit}`),
    ratio === null ? '–' : `${ratio} ×`,
  ]);
  return aligned([['case', 'ours', 'peer', 'measured against', 'ratio'], ...rows]);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
