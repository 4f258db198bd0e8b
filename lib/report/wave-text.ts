import type { GateManifest, RolloutManifest, WaveManifest } from '@orrery/constructs/assembly-format';
import type { GateOutcome, Outcome, WaveEvent, WaveOutcome } from '../apply/outcome.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './sanitize.ts';
import { count, duration, listOf } from './wording.ts';

/** Lines of a command's output that are shown, from its end. */
const SHOWN_OUTPUT = 10;

/** One line per event of a rollout, without line feed; several for a gate that did not pass. */
export function waveEventText(event: WaveEvent, { paint }: { readonly paint: Paint }): string {
  switch (event.type) {
    case 'wave-started':
      return paint.bold(`wave ${oneLine(event.wave)}: ${listOf(event.clusters)}`);
    case 'wave-soaking':
      return `wave ${oneLine(event.wave)}: everything is ready, watching it for ${duration(event.milliseconds)}`;
    case 'gate-asked':
      return paint.dim(`wave ${oneLine(event.wave)}: asking gate ${oneLine(event.gate)}`);
    case 'gate-answered':
      return `wave ${oneLine(event.wave)}: ${gateWords(event.gate, paint)}`;
    case 'wave-finished':
      return waveLine(event.outcome, paint);
    case 'rollback-started':
      return paint.bold(paint.yellow(`rolling back ${listOf(event.clusters)}`));
  }
}

function gateWords(gate: GateOutcome, paint: Paint): string {
  const words = `gate ${oneLine(gate.name)} ${gate.passed ? 'passed' : 'did not pass'}: ${oneLine(gate.detail)}`;
  if (gate.passed) return `${paint.green('✔')} ${words}`;
  const output = gateOutput(gate).map((line) => paint.dim(`    ${line}`));
  return [`${paint.red('✖')} ${words}`, ...output].join('\n');
}

/** The last lines that the command of a gate wrote, each made safe. */
export function gateOutput({ output }: GateOutcome): string[] {
  const lines = (output ?? '').split('\n').map((line) => oneLine(line));
  return lines.filter((line) => line.trim() !== '').slice(-SHOWN_OUTPUT);
}

const STATUS_WORDS: Readonly<Record<WaveOutcome['status'], string>> = {
  done: 'done',
  unchanged: 'nothing to do',
  incomplete: 'done, but for clusters that cannot be reached',
  failed: 'failed',
  waiting: 'waiting for somebody',
  interrupted: 'interrupted',
  'not-started': 'not started',
};

/** "✖ wave canary (prod-gz): failed · did not pass its gate …". */
function waveLine(wave: WaveOutcome, paint: Paint): string {
  const good = wave.status === 'done' || wave.status === 'unchanged';
  const sign = good ? paint.green('✔') : wave.status === 'failed' ? paint.red('✖') : paint.yellow('○');
  return `${sign} ${waveOutcomeWords(wave)}`;
}

/** Without a sign: "wave canary (prod-gz): failed · wave "canary" did not pass …". */
export function waveOutcomeWords(wave: WaveOutcome): string {
  const why = wave.problem === undefined ? '' : ` · ${oneLine(wave.problem.what)}`;
  return `wave ${oneLine(wave.name)} (${listOf(wave.clusters)}): ${STATUS_WORDS[wave.status]}${why}`;
}

/** The waves of an apply, and what its rollback did, when something is to be said about them. */
export function waveLines(outcome: Outcome, paint: Paint): string[] {
  const waves = (outcome.waves ?? []).map((wave) => `  ${waveLine(wave, paint)}`);
  const rollback = rollbackWords(outcome).map((line) => `  ${line}`);
  return [...waves, ...rollback];
}

/** "alpha is back at revision 3". */
export function rollbackWords({ rollback }: Outcome): string[] {
  return (rollback?.clusters ?? []).map(({ cluster, status, problem, failures }) => {
    const name = oneLine(cluster);
    if (status === 'done') return `${name} was rolled back to what it held before`;
    const why = problem?.what ?? failures[0]?.problem.what ?? status;
    return `${name} was not rolled back: ${oneLine(why)}`;
  });
}

/** What a plan says about its rollout, a line per wave: "1. canary: prod-gz, then 10m without a failure, gate smoke". */
export function rolloutWords(rollout: RolloutManifest): string[] {
  const waves = rollout.waves.map((wave, at) => `${at + 1}. ${waveWords(wave)}`);
  const rules = [
    ...(rollout.onFailure === 'rollback' ? ['a wave that fails is rolled back'] : []),
    ...(rollout.onUnreachable === 'continue' ? ['clusters that cannot be reached do not stop it'] : []),
  ];
  return [...waves, ...rules];
}

function waveWords(wave: WaveManifest): string {
  const parallel =
    wave.maxParallelClusters === undefined || wave.maxParallelClusters >= wave.clusters.length
      ? ''
      : `, ${wave.maxParallelClusters} at a time`;
  const after = [
    ...(wave.soakMs === undefined ? [] : [`${duration(wave.soakMs)} without a failure`]),
    ...(wave.gates ?? []).map(gateTitle),
  ];
  const then = after.length === 0 ? '' : `; then ${after.join(', ')}`;
  return `${oneLine(wave.name)}: ${wave.clusters.length > 8 ? count(wave.clusters.length, 'cluster') : listOf(wave.clusters)}${parallel}${then}`;
}

/** What a gate does is what is reviewed: a command with all its arguments. */
function gateTitle(gate: GateManifest): string {
  switch (gate.type) {
    case 'command':
      return `command ${gate.command.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(oneLine(part)))).join(' ')}`;
    case 'http':
      return `GET ${oneLine(gate.url)}`;
    case 'prometheus': {
      const bounds = [
        ...(gate.atLeast === undefined ? [] : [`at least ${gate.atLeast}`]),
        ...(gate.atMost === undefined ? [] : [`at most ${gate.atMost}`]),
      ];
      return `${oneLine(gate.query)} ${bounds.join(' and ')} (${oneLine(gate.url)})`;
    }
  }
}
