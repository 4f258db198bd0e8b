const UNITS: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of "90s", "5m", "1h30m", "7d", "250ms"; undefined when it is no duration. A bare number has no unit and is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|min|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|min|m|h|d)/g))
    total += Number(number) * (UNITS[unit ?? ''] ?? 0);
  return Math.round(total);
}

/** Whole seconds of a duration; undefined where there is none. */
export function wholeSeconds(text: string | undefined): number | undefined {
  const milliseconds = text === undefined ? undefined : parseDuration(text);
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1000);
}
