import {
  type CircuitBreaker,
  type ConnectionLimits,
  type RateLimit,
  type RequestRetries,
  ResilienceBackend,
  type ResilienceProps,
} from '../resilience';
import { isDnsSubdomain } from './names';
import { proxyMilliseconds } from './proxy-duration';
import type { NamedPort } from './service-settings';
import type { Finding } from './service-validation';

type Report = (code: Finding['code'], what: string, fix: string) => void;

/** Largest number of a 32-bit field with sign. */
const MOST = 2 ** 31 - 1;

/**
 * What is wrong with the resilience of a service, whichever back-end it is for. The rules are those of Istio's admission (istio/istio
 * pkg/config/validation/validation.go: validateTrafficPolicy, validateConnectionPool, validateOutlierDetection, validateHTTPRetry, ValidateDuration),
 * and beside them what would be accepted and have no effect.
 */
export function resilienceProblems(props: ResilienceProps, ports: readonly NamedPort[]): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  const { timeout, retries, limits, circuitBreaker, rateLimit } = props;
  if ([timeout, retries, limits, circuitBreaker, rateLimit].every((part) => part === undefined)) {
    report('ORR2012', 'resilience says nothing.', 'Set timeout, retries, limits, circuitBreaker or rateLimit.');
  }
  if (ports.length === 0) report('ORR2012', 'resilience is set for a service without ports.', 'Set port or ports.');
  else reportProtocol(props, ports, report);
  checkDurations('', { timeout }, report);
  if (retries !== undefined) checkRetries(retries, timeout, report);
  if (limits !== undefined) checkLimits(limits, report);
  if (circuitBreaker !== undefined) checkCircuitBreaker(circuitBreaker, report);
  if (rateLimit !== undefined) checkRateLimit(rateLimit, report);
  for (const route of props.routes ?? []) {
    if (!isDnsSubdomain(route)) report('ORR2003', `"${route}" is not the name of an HTTPRoute.`, 'Use its name.');
  }
  return findings;
}

/** What of it a back-end cannot do. */
export function backendProblems(props: ResilienceProps, backend: ResilienceBackend): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  if (backend === ResilienceBackend.ISTIO) {
    if (props.routes !== undefined)
      report('ORR2012', 'routes is set, and Istio finds the requests by the host.', 'Leave it out.');
    return findings;
  }
  if (props.circuitBreaker?.consecutive5xxErrors === 0) {
    const what = 'circuitBreaker.consecutive5xxErrors is 0, which Envoy Gateway does not know as "never".';
    report('ORR2012', what, 'Use a number from 1 on.');
  }
  const { rateLimit } = props;
  if (rateLimit?.burst !== undefined && rateLimit.burst !== rateLimit.requests) {
    const what = `rateLimit.burst is ${rateLimit.burst}, and Envoy Gateway has no burst of its own.`;
    report('ORR2012', what, 'Leave it out.');
  }
  if (rateLimit !== undefined && gatewayUnit(rateLimit.per) === undefined) {
    const what = `rateLimit.per is "${rateLimit.per}", and Envoy Gateway counts per second, minute, hour or day.`;
    report('ORR2012', what, 'Use "1s", "1m", "1h" or "1d".');
  }
  if (props.routes?.length === 0) report('ORR2012', 'routes is empty.', 'Name at least one HTTPRoute.');
  return findings;
}

/** The unit of a rate limit of Envoy Gateway. */
export function gatewayUnit(per: string): string | undefined {
  return new Map([
    [1000, 'Second'],
    [60_000, 'Minute'],
    [3_600_000, 'Hour'],
    [86_400_000, 'Day'],
  ]).get(proxyMilliseconds(per) ?? 0);
}

/** As Istio tells from appProtocol, else from the name (pkg/config/kube/conversion.go). */
export function isHttp({ name, protocol, appProtocol }: NamedPort): boolean {
  if (protocol !== 'TCP') return false;
  const told = (appProtocol ?? name).toLowerCase();
  if (told === 'kubernetes.io/h2c' || told === 'kubernetes.io/ws') return true;
  return ['http', 'http2', 'grpc'].includes(told.split('-', 1)[0] as string);
}

function reportProtocol({ timeout, retries, rateLimit }: ResilienceProps, ports: readonly NamedPort[], report: Report) {
  if (ports.some(isHttp)) return;
  for (const [name, value] of Object.entries({ timeout, retries, rateLimit })) {
    if (value === undefined) continue;
    const what = `${name} is about requests, and no port of the service is known to speak HTTP.`;
    report('ORR2012', what, 'Name a port "http…" or "grpc…", or set its appProtocol.');
  }
}

function checkRetries(retries: RequestRetries, timeout: string | undefined, report: Report): void {
  const { attempts, perTryTimeout, backoff, on, statusCodes } = retries;
  checkNumbers('retries', { attempts }, 0, report);
  checkDurations('retries.', { perTryTimeout, backoff }, report);
  const others = Object.entries({ perTryTimeout, backoff, on, statusCodes }).filter(([, value]) => value !== undefined);
  if (attempts === 0 && others.length > 0) {
    const what = `retries.attempts is 0, and retries.${others.map(([name]) => name).join(' and .')} says how to retry.`;
    report('ORR2012', what, 'Allow attempts, or leave the rest out.');
  }
  if (on?.length === 0 && statusCodes === undefined)
    report('ORR2012', 'retries.on is empty.', 'Name a condition, or leave it out.');
  if (statusCodes?.length === 0) report('ORR2012', 'retries.statusCodes is empty.', 'Name a status, or leave it out.');
  for (const status of statusCodes ?? []) {
    if (!STATUSES.has(status))
      report('ORR2011', `${status} in retries.statusCodes is no status of a failure.`, 'Use one like 503.');
  }
  const [whole, one] = [proxyMilliseconds(timeout ?? ''), proxyMilliseconds(perTryTimeout ?? '')];
  if (whole === undefined || one === undefined || one < whole) return;
  const what = `retries.perTryTimeout (${perTryTimeout}) is not below timeout (${timeout}), in which all tries have to be done.`;
  report('ORR2012', what, 'Leave time for a second try.');
}

/** The failures among the statuses that Go's net/http knows by name; Istio refuses others. */
const STATUSES: ReadonlySet<number> = new Set([
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418],
  ...[421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
]);

function checkLimits(limits: ConnectionLimits, report: Report): void {
  const { connectTimeout, idleTimeout, ...numbers } = limits;
  if (Object.values(limits).every((value) => value === undefined))
    report('ORR2012', 'limits says nothing.', 'Set one of them, or leave it out.');
  // 0 is "as if not set" to Istio, and "nothing at all" to Envoy Gateway.
  checkNumbers('limits', numbers, 1, report);
  checkDurations('limits.', { connectTimeout, idleTimeout }, report);
}

function checkCircuitBreaker(breaker: CircuitBreaker, report: Report): void {
  const { consecutive5xxErrors = 5, consecutiveGatewayErrors, consecutiveLocalOriginFailures } = breaker;
  const { interval, baseEjectionTime, maxEjectionPercent, minHealthPercent } = breaker;
  checkNumbers('circuitBreaker', { consecutive5xxErrors }, 0, report);
  checkNumbers('circuitBreaker', { consecutiveGatewayErrors, consecutiveLocalOriginFailures }, 1, report);
  checkDurations('circuitBreaker.', { interval, baseEjectionTime }, report);
  for (const [name, value, least] of [
    ['maxEjectionPercent', maxEjectionPercent, 1],
    ['minHealthPercent', minHealthPercent, 0],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= 100))
      report('ORR2011', `circuitBreaker.${name} is ${value}.`, `Use a whole number from ${least} to 100.`);
  }
  if (
    consecutive5xxErrors === 0 &&
    consecutiveGatewayErrors === undefined &&
    consecutiveLocalOriginFailures === undefined
  ) {
    report('ORR2012', 'circuitBreaker counts nothing.', 'Count 5xx errors, gateway errors or local origin failures.');
  }
  if (
    consecutiveGatewayErrors !== undefined &&
    consecutive5xxErrors > 0 &&
    consecutiveGatewayErrors >= consecutive5xxErrors
  ) {
    const what = `circuitBreaker.consecutiveGatewayErrors (${consecutiveGatewayErrors}) is never reached: after ${consecutive5xxErrors} errors 5xx, which gateway errors are, the pod is left out.`;
    report('ORR2012', what, 'Make it smaller than consecutive5xxErrors.');
  }
}

function checkRateLimit({ requests, per, burst }: RateLimit, report: Report): void {
  checkNumbers('rateLimit', { requests, burst }, 1, report);
  const milliseconds = proxyMilliseconds(per);
  if (milliseconds === undefined) checkDurations('rateLimit.', { per }, report);
  // Envoy refuses to fill a bucket more often (envoy.type.v3.TokenBucket, source/extensions/filters/common/local_ratelimit).
  else if (milliseconds < 50) report('ORR2011', `rateLimit.per is "${per}".`, 'Use at least "50ms".');
  if (burst !== undefined && burst < requests) {
    const what = `rateLimit.burst (${burst}) is below rateLimit.requests (${requests}), which is never reached then.`;
    report('ORR2012', what, 'Make it at least as large.');
  }
}

function checkNumbers(part: string, numbers: object, least: number, report: Report): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= MOST)) continue;
    report('ORR2011', `${part}.${name} is ${value}.`, `Use a whole number from ${least} to ${MOST}.`);
  }
}

function checkDurations(prefix: string, durations: { readonly [name: string]: string | undefined }, report: Report) {
  for (const [name, text] of Object.entries(durations)) {
    if (text === undefined || proxyMilliseconds(text) !== undefined) continue;
    report(
      'ORR2011',
      `${prefix}${name} is "${text}".`,
      'Use a duration like "250ms", "2s" or "1m30s", at least "1ms".',
    );
  }
}
