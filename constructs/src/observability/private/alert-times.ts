import { present } from '../../private/present-members';
import type { Finding } from '../../private/service-validation';
import type { AlertTimeInterval, AlertTimes } from '../alert-routing-props';
import type { MuteTimeInterval, TimeInterval } from './alertmanager-config';

const DAYS = 'sunday|monday|tuesday|wednesday|thursday|friday|saturday';
const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december|1[0-2]|[1-9]';
const TIME = /^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/;
const DAY_OF_MONTH = '-?([1-9]|[12][0-9]|3[01])';

/** Times as an AlertmanagerConfig has them. What goes over midnight is two ranges. */
export function timesOf({ name, intervals }: AlertTimes): MuteTimeInterval {
  return { name, timeIntervals: intervals.map(intervalOf) };
}

function intervalOf({ startsAt, endsAt, weekdays, daysOfMonth, months, years }: AlertTimeInterval): TimeInterval {
  const [startTime, endTime] = [startsAt ?? '00:00', endsAt ?? '24:00'];
  const range =
    startTime < endTime
      ? [{ startTime, endTime }]
      : [{ startTime, endTime: '24:00' }, ...(endTime === '00:00' ? [] : [{ startTime: '00:00', endTime }])];
  return present<TimeInterval>({
    times: startsAt === undefined && endsAt === undefined ? undefined : range,
    weekdays,
    daysOfMonth: daysOfMonth?.map((days) => {
      const [start = '', end = start] = days.split(':');
      return { start: Number(start), end: Number(end) };
    }),
    months,
    years,
  });
}

/** What is wrong with times (prometheus/alertmanager timeinterval/timeinterval.go). */
export function timesFindings({ name, intervals }: AlertTimes): Finding[] {
  if (intervals.length === 0) return [bad(name, 'no interval', 'Say when: intervals.')];
  return intervals.flatMap(({ startsAt, endsAt, weekdays = [], daysOfMonth = [], months = [], years = [] }) => [
    ...[startsAt, endsAt]
      .filter((time) => time !== undefined && !TIME.test(time))
      .map((time) => bad(name, `"${time}" as a time of day`, 'Write it like "06:00"; the end of the day is "24:00".')),
    ...(startsAt !== undefined && startsAt === endsAt
      ? [bad(name, `"${startsAt}" as start and end`, 'Leave both out for the whole day.')]
      : []),
    ...(startsAt === '24:00' ? [bad(name, '"24:00" as start', 'Start at "00:00".')] : []),
    ...notRanges(weekdays, DAYS).map((text) =>
      bad(name, `"${text}" as weekday`, 'Write "saturday" or "monday:friday".'),
    ),
    ...notRanges(daysOfMonth, DAY_OF_MONTH).map((text) =>
      bad(name, `"${text}" as day of the month`, 'Write "1", "-1" (the last) or "1:7".'),
    ),
    ...notRanges(months, MONTHS).map((text) => bad(name, `"${text}" as month`, 'Write "december" or "1:3".')),
    ...notRanges(years, '2[0-9]{3}').map((text) => bad(name, `"${text}" as year`, 'Write "2027" or "2027:2028".')),
  ]);
}

/** Texts that are neither one of some words nor a range of them in order. */
function notRanges(texts: readonly string[], words: string): string[] {
  const range = new RegExp(`^(${words})(:(${words}))?$`);
  return texts.filter((text) => {
    if (!range.test(text)) return true;
    const [start = '', end = start] = text.split(':');
    return orderOf(start) > orderOf(end) && orderOf(start) > 0 === orderOf(end) > 0;
  });
}

function orderOf(word: string): number {
  const number = Number(word);
  if (!Number.isNaN(number)) return number;
  const day = DAYS.split('|').indexOf(word);
  return day >= 0 ? day + 1 : MONTHS.split('|').indexOf(word) + 1;
}

function bad(name: string, what: string, fix: string): Finding {
  return { code: 'ORR2011', what: `The time "${name}" has ${what}.`, fix };
}
