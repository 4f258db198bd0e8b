import type { Outcome, WaveOutcome } from '../apply/outcome.ts';
import type { Problem } from '../plan/plan.ts';
import { clusterOutcomeWords, outcomeVerdict } from './apply-text.ts';
import { markdownCode, markdownLines, markdownText } from './sanitize.ts';
import { gateOutput, rollbackWords, waveOutcomeWords } from './wave-text.ts';
import { objectName } from './wording.ts';

/**
 * What an apply did, for a pull request or a job summary. Failures first, at most 200 of them.
 * @param done word for "everything was done"
 */
export function outcomeMarkdown(platform: string, outcome: Outcome, done = 'applied'): string {
  const { verdict, parts, status } = outcomeVerdict(outcome, done);
  const mark = status === undefined ? '✅' : status === 'waiting' ? '⏸️' : '❌';
  const sections = [`### ${mark} ${markdownText(platform)}: ${verdict} · ${parts.join(' · ')}`];
  const waves = (outcome.waves ?? []).filter(({ status }) => status !== 'unchanged');
  const told = [...waves.flatMap(waveMarkdown), ...rollbackWords(outcome).map((line) => `- ${markdownText(line)}`)];
  if (told.length > 0) sections.push(told.join('\n'));
  const failures = outcome.clusters.flatMap((cluster) => [
    ...(cluster.problem === undefined
      ? []
      : [
          `- ${markdownCode(cluster.cluster)} **${cluster.problem.code}**: ${markdownText(cluster.problem.what.trim())}${fixOf(cluster.problem)}`,
        ]),
    ...cluster.failures.map(
      ({ id, problem }) =>
        `- ${markdownCode(id === undefined ? cluster.cluster : objectName(id))} in ${markdownCode(cluster.cluster)} **${problem.code}**: ${markdownText(problem.what.trim())}`,
    ),
  ]);
  if (failures.length > 0) {
    const shown = failures.slice(0, 200);
    const rest = failures.length - shown.length;
    sections.push([...shown, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join('\n'));
  }
  const rows = outcome.clusters.map(
    (cluster) => `| ${markdownCode(cluster.cluster, 'cell')} | ${clusterOutcomeWords(cluster)} |`,
  );
  sections.push(['| Cluster | |', '|---|---|', ...rows].join('\n'));
  return `${sections.join('\n\n')}\n`;
}

function fixOf({ fix }: Problem): string {
  return fix === undefined ? '' : `<br>${markdownLines(fix)}`;
}

/** A wave, and what the commands of its gates said when they did not pass. */
function waveMarkdown(wave: WaveOutcome): string[] {
  const failed = wave.gates.filter(({ passed }) => !passed).flatMap((gate) => gateOutput(gate));
  return [`- ${markdownText(waveOutcomeWords(wave))}`, ...failed.map((line) => `  - ${markdownCode(line)}`)];
}
