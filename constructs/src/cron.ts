/**
 * Schedules in the words of cron, as robfig/cron's ParseStandard reads them (Velero and Kubernetes' CronJobs do): minute, hour, day of month, month, day of week;
 * "@daily" and its like; "@every 6h".
 */
import { parseDuration } from './duration';

/** When something runs. */
export interface CronSchedule {
  /** Longest time between two runs, in minutes. Changes of the clock (summer time) are not counted. */
  readonly longestPause: number;
}

/** "24 h", "90 min" */
export function pauseWords({ longestPause }: CronSchedule): string {
  return longestPause % 60 === 0 ? `${longestPause / 60} h` : `${longestPause} min`;
}

const NAMED: { readonly [name: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Reads a schedule; undefined when it is none, or never runs (the 30th of February). */
export function parseCron(text: string): CronSchedule | undefined {
  const expression = text.trim().replace(/^(CRON_)?TZ=[A-Za-z0-9_+/-]+\s+/, '');
  const every = /^@every\s+(\S+)$/.exec(expression)?.[1];
  if (every !== undefined) {
    const milliseconds = parseDuration(every);
    // Go knows no days, and rounds up to a second.
    if (milliseconds === undefined || milliseconds <= 0 || /d|min/.test(every)) return undefined;
    return { longestPause: Math.max(1, Math.ceil(milliseconds / 60_000)) };
  }
  const fields = (Object.hasOwn(NAMED, expression) ? (NAMED[expression] as string) : expression).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const days = valuesOf(day, 1, 31);
  const months = valuesOf(month, 1, 12, MONTHS, 1);
  const weekdays = valuesOf(weekday, 0, 6, DAYS, 0);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const times = [...hours].flatMap((one) => [...minutes].map((other) => one * 60 + other)).sort((a, b) => a - b);
  const isAny = (field: string) => field.startsWith('*') || field.startsWith('?');
  const runsOn = (date: Date): boolean => {
    if (!months.has(date.getUTCMonth() + 1)) return false;
    const [byDay, byWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
    // Where both are given, either will do.
    return isAny(day) || isAny(weekday) ? byDay && byWeekday : byDay || byWeekday;
  };
  return pauseBetween(times, runsOn);
}

/** Days from which on the calendar repeats itself: 400 years of the Gregorian calendar would be exact, 28 years hold every leap day on every weekday. */
const SPAN = 28 * 366;
const DAY = 24 * 60;

function pauseBetween(times: readonly number[], runsOn: (date: Date) => boolean): CronSchedule | undefined {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  let longest = 0;
  for (const [at, time] of times.entries()) longest = Math.max(longest, time - (times[at - 1] ?? time));
  let before: number | undefined;
  for (let day = 0; day < SPAN; day++) {
    if (!runsOn(new Date(Date.UTC(2001, 0, 1 + day)))) continue;
    if (before !== undefined) longest = Math.max(longest, (day - before) * DAY - last + first);
    before = day;
  }
  return before === undefined ? undefined : { longestPause: longest };
}

/** The values of a field like "1,5-10,30-59/5"; undefined where it is not valid. */
function valuesOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  firstName = 0,
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  const number = (text: string): number => {
    const name = names.indexOf(text.toLowerCase());
    return name >= 0 ? name + firstName : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    const [from = '', to, ...rest] = range.split('-');
    const isAny = from === '*' || from === '?';
    if (more.length > 0 || rest.length > 0 || (isAny && to !== undefined)) return undefined;
    const low = isAny ? least : number(from);
    // "5/10" goes on to the end.
    const high = to !== undefined ? number(to) : isAny || step !== undefined ? most : low;
    const by = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : 0;
    if (!(low >= least && high <= most && low <= high && by >= 1)) return undefined;
    for (let value = low; value <= high; value += by) values.add(value);
  }
  return values;
}
