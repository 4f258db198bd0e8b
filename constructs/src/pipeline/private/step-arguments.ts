import { parseDuration } from '../../duration';
import { failHere } from '../../private/problem';
import { namedArguments } from './plain-values';
import type { ArgumentsTree } from './tree';

/** Seconds of "90s", "30m". */
export function secondsOf(duration: string): number {
  const milliseconds = parseDuration(duration);
  if (milliseconds === undefined || milliseconds < 1000 || milliseconds % 1000 !== 0) {
    failHere(undefined, 'ORR2011', `"${duration}" is not a time in whole seconds.`, {
      fix: 'Write e.g. "90s" or "30m".',
    });
  }
  return milliseconds / 1000;
}

/** Of a time in the largest unit that it is whole in. */
export function timeArguments(seconds: number): ArgumentsTree {
  const [time, unit] =
    seconds % 3600 === 0
      ? [seconds / 3600, 'HOURS']
      : seconds % 60 === 0
        ? [seconds / 60, 'MINUTES']
        : [seconds, 'SECONDS'];
  return namedArguments({ time, unit });
}

/** Of `timeout`, e.g. "30m". */
export function durationArguments(duration: string): ArgumentsTree {
  return timeArguments(secondsOf(duration));
}
