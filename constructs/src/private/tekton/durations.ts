import { parseDuration } from '../../duration';
import type { Finding } from '../service-validation';

/** A duration of the program: "90s", "1h30m", "7d"; "0" is without end, where Tekton takes that. */
export type Duration = string;

/** Milliseconds; 0 for "0"; undefined where it is no duration. */
export function durationOf(text: Duration): number | undefined {
  return text === '0' ? 0 : parseDuration(text);
}

/** In the words of Go, which knows no days: "1h30m0s". What is no duration, or none of whole seconds, stays for the rules to find. */
export function goDuration(text: Duration): string {
  const milliseconds = durationOf(text);
  if (milliseconds === undefined || milliseconds % 1000 !== 0) return text;
  const seconds = milliseconds / 1000;
  return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
}

export function reportDuration(
  text: Duration,
  field: string,
  report: (code: Finding['code'], what: string, fix: string) => void,
): void {
  const milliseconds = durationOf(text);
  if (milliseconds === undefined) report('ORR2011', `${field} is "${text}".`, 'Use a duration like "90s" or "1h30m".');
  else if (milliseconds % 1000 !== 0) report('ORR2011', `${field} is "${text}".`, 'Use whole seconds.');
}
