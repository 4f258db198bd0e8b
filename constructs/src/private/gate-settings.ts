import type { CommandGateManifest, GateManifest, HttpGateManifest, PrometheusGateManifest } from '../assembly-format';
import { parseDuration } from '../duration';
import type { HealthGateOptions, HttpGateOptions, PrometheusGateOptions } from '../health-gate';

/** A gate as it was written, and what is wrong with it. */
export interface GateTry {
  readonly gate: GateManifest;
  readonly mistakes: readonly Mistake[];
}

interface Mistake {
  readonly what: string;
  readonly fix: string;
}

const COMMAND_TIMEOUT_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 10_000;

const LONGEST_MS = 7 * 24 * 3_600_000;

export const DURATION_RULE = 'Write it like "90s", "5m" or "1h30m", at most "7d".';

/** Milliseconds of a duration of a rollout; undefined when it is none, or longer than anybody waits. */
export function milliseconds(text: unknown): number | undefined {
  const found = typeof text === 'string' ? parseDuration(text) : undefined;
  return found === undefined || found > LONGEST_MS ? undefined : found;
}

export function commandGate(command: readonly string[], options: HealthGateOptions): GateTry {
  const mistakes: Mistake[] = [];
  const texts = Array.isArray(command) && command.every((part) => typeof part === 'string' && !part.includes('\0'));
  if (!texts || (command[0] ?? '') === '')
    mistakes.push({ what: 'The command of a gate names no program.', fix: 'Give the program and its arguments.' });
  const name = options.name ?? String(command?.[0] ?? '');
  const gate: CommandGateManifest = {
    type: 'command',
    ...timing(name, options, COMMAND_TIMEOUT_MS, mistakes),
    command,
  };
  return { gate, mistakes };
}

export function httpGate(url: string, options: HttpGateOptions): GateTry {
  const mistakes: Mistake[] = [];
  const name = options.name ?? checkUrl(url, mistakes);
  if (options.name !== undefined) checkUrl(url, mistakes);
  const { status, contains } = options;
  if (status !== undefined && !(Number.isInteger(status) && status >= 100 && status <= 599))
    mistakes.push({ what: `${status} is no HTTP status.`, fix: 'Use a number from 100 to 599.' });
  const gate: HttpGateManifest = {
    type: 'http',
    ...timing(name, options, REQUEST_TIMEOUT_MS, mistakes),
    url,
    ...(status === undefined ? {} : { status }),
    ...(contains === undefined ? {} : { contains }),
  };
  return { gate, mistakes };
}

export function prometheusGate(url: string, query: string, options: PrometheusGateOptions): GateTry {
  const mistakes: Mistake[] = [];
  const host = checkUrl(url, mistakes);
  const { atLeast, atMost } = options ?? {};
  if (typeof query !== 'string' || query.trim() === '')
    mistakes.push({
      what: 'A Prometheus gate has no query.',
      fix: 'Write the PromQL whose samples shall be compared.',
    });
  if (atLeast === undefined && atMost === undefined)
    mistakes.push({ what: 'A Prometheus gate has no bound.', fix: 'Set atLeast, atMost or both.' });
  for (const bound of [atLeast, atMost])
    if (bound !== undefined && !Number.isFinite(bound))
      mistakes.push({ what: `${bound} is no bound of a Prometheus gate.`, fix: 'Use a finite number.' });
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
    mistakes.push({
      what: `No sample is at least ${atLeast} and at most ${atMost}.`,
      fix: 'Exchange the bounds of the gate.',
    });
  const gate: PrometheusGateManifest = {
    type: 'prometheus',
    ...timing(options?.name ?? host, options ?? {}, REQUEST_TIMEOUT_MS, mistakes),
    url,
    query,
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
  };
  return { gate, mistakes };
}

function timing(
  name: string,
  { timeout, retryFor }: HealthGateOptions,
  defaultMs: number,
  mistakes: Mistake[],
): { readonly name: string; readonly timeoutMs: number; readonly retryMs?: number } {
  const duration = (label: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const found = milliseconds(text);
    if (found === undefined || found === 0)
      mistakes.push({
        what: `The gate "${name}" has the ${label} "${text}", which is no duration.`,
        fix: DURATION_RULE,
      });
    return found;
  };
  const timeoutMs = duration('timeout', timeout) ?? defaultMs;
  const retryMs = duration('retryFor', retryFor);
  return { name, timeoutMs, ...(retryMs === undefined ? {} : { retryMs }) };
}

/** Host and path, a name for people. A password in a URL would stand in the assembly and in every plan. */
function checkUrl(url: string, mistakes: Mistake[]): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // Said below.
  }
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    mistakes.push({ what: `"${url}" is no URL that a gate can ask.`, fix: 'Use a whole http or https URL.' });
    return String(url);
  }
  if (parsed.username !== '' || parsed.password !== '')
    mistakes.push({
      what: `The URL of a gate on ${parsed.host} holds a user or password.`,
      fix: 'Leave it out: it would stand in plans. A command gate can take it from where it is kept.',
    });
  return `${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
}
