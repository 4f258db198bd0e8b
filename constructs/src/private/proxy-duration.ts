import { parseDuration } from '../duration';

const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/**
 * Milliseconds of a duration that proxies take: whole ones, at least one (agent.ValidateDuration of Istio), and at most 99,999 hours (the pattern
 * of Envoy Gateway); undefined where it is none.
 */
export function proxyMilliseconds(text: string): number | undefined {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || /\.\d+ms/.test(text)) return undefined;
  return milliseconds >= 1 && milliseconds <= 99_999 * 3_600_000 ? milliseconds : undefined;
}

/** The duration in the words that Istio and Envoy Gateway both read: "1h30m", "2s", "250ms". */
export function proxyDuration(text: string): string {
  let left = proxyMilliseconds(text) ?? 0;
  let result = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    if (count > 0) result += `${count}${unit}`;
    left -= count * size;
  }
  return result;
}

/** The duration as protobuf's JSON has it, which is what the settings of Envoy inside an EnvoyFilter are read as: "90s", "0.25s". */
export function protobufDuration(text: string): string {
  return `${(proxyMilliseconds(text) ?? 0) / 1000}s`;
}
