/** How urgently somebody is told. */
export type Urgency = 'page' | 'ticket';

/** Two windows over which the error budget must burn this fast, before somebody is told. */
export interface BurnRate {
  readonly urgency: Urgency;
  /** Ends the alert soon after the burn has ended. */
  readonly shortWindow: string;
  /** Long enough that the burn matters. */
  readonly longWindow: string;
  /** How many times faster than allowed. */
  readonly factor: number;
}

const DAY = 24 * 60;

/**
 * Share of the budget, in percent, that is gone when somebody is told; the windows, the long one also in minutes. Site Reliability Workbook, chapter 5 (multiple windows, multiple burn rates);
 * slok/sloth internal/alert/windows/google-30d.yaml.
 */
const PAIRS = [
  { urgency: 'page', percent: 2, shortWindow: '5m', longWindow: '1h', minutes: 60 },
  { urgency: 'page', percent: 5, shortWindow: '30m', longWindow: '6h', minutes: 360 },
  { urgency: 'ticket', percent: 10, shortWindow: '2h', longWindow: '1d', minutes: DAY },
  { urgency: 'ticket', percent: 10, shortWindow: '6h', longWindow: '3d', minutes: 3 * DAY },
] as const;

/** The burn rates at which somebody is told: a percentage of the budget of the period, gone within the long window. */
export function burnRates(periodDays: number): BurnRate[] {
  return PAIRS.map(({ urgency, percent, shortWindow, longWindow, minutes }) => ({
    urgency,
    shortWindow,
    longWindow,
    factor: (percent * periodDays * DAY) / (100 * minutes),
  }));
}

/** Every window that is looked at, shortest first. */
export const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

/** Days of "30d" or "4w"; undefined where it is neither. */
export function daysOf(period: string): number | undefined {
  const [, number = '', unit] = /^([1-9]\d{0,3})([dw])$/.exec(period) ?? [];
  return unit === undefined ? undefined : Number(number) * (unit === 'w' ? 7 : 1);
}
