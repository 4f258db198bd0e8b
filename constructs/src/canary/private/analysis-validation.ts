import { DURATION_RULE, milliseconds } from '../../private/gate-settings';
import type { Finding } from '../../private/service-validation';
import type { CanaryAnalysis, CanaryLatency, CanarySloBurn } from '../canary-analysis';
import type { CanaryReleaseProps } from '../canary-release';
import { asksMesh, intervalOf, PLACEHOLDERS, unknownPlaceholders } from './queries';

type Report = (code: Finding['code'], what: string, fix: string) => void;

/** What is wrong with an analysis. @param hasRequests whether the canary gets any when it begins */
export function analysisFindings(
  analysis: CanaryAnalysis,
  { prometheus, prometheusPerCluster, service }: CanaryReleaseProps,
  hasRequests: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  const { successRate, latency, sloBurn, metrics = [] } = analysis;
  const isOfMesh = asksMesh(analysis);
  if (!isOfMesh && metrics.length === 0)
    report('ORR2012', 'the analysis looks at nothing.', 'Set successRate, latency, sloBurn or metrics.');
  if (isOfMesh && !hasRequests) {
    const what = 'the analysis looks at requests to the canary, which has none yet.';
    report('ORR2012', what, 'Put a weight, mirror or headerRoute before it.');
  }
  const isSaid = prometheus !== undefined || Object.keys(prometheusPerCluster ?? {}).length > 0;
  if (!isSaid && service?._metrics() === undefined) {
    const what = 'the analysis asks Prometheus, and nothing says where it is.';
    const fix = 'Set prometheus, or prometheusPerCluster, or let a stack with metrics observe the service.';
    report('ORR2012', what, fix);
  }
  checkTimes(analysis, report);
  if (successRate !== undefined && !(successRate > 0 && successRate <= 1))
    report('ORR2011', `successRate is ${successRate}.`, 'Use a share above 0, at most 1: 99.5 percent is 0.995.');
  if (latency !== undefined) checkLatency(latency, report);
  if (sloBurn !== undefined) checkBurn(sloBurn, report);
  checkMetrics(analysis, report);
  return findings;
}

function checkTimes(analysis: CanaryAnalysis, report: Report): void {
  const { during, interval, failureLimit, inconclusiveLimit } = analysis;
  const duration = milliseconds(during) ?? 0;
  if (duration === 0) report('ORR2011', `during is "${during}".`, DURATION_RULE);
  else if (interval !== undefined && (milliseconds(interval) ?? 0) < 1000)
    report('ORR2011', `interval is "${interval}".`, 'Use at least "1s".');
  else if (intervalOf(analysis) > duration)
    report('ORR2012', `interval ("${interval}") is longer than during ("${during}").`, 'Make it shorter.');
  else if (duration / intervalOf(analysis) > 11_000) {
    // prometheus web/api/v1/api.go: "exceeded maximum resolution of 11,000 points per timeseries"
    report('ORR2012', 'the analysis looks at more than 11000 points in time.', 'Make interval longer.');
  }
  for (const [name, value] of Object.entries({ failureLimit, inconclusiveLimit }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 0))
      report('ORR2011', `${name} is ${value}.`, 'Use a whole number from 0 on.');
}

function checkLatency({ quantile, atMost }: CanaryLatency, report: Report): void {
  if (quantile !== undefined && !(quantile > 0 && quantile < 1))
    report('ORR2011', `latency.quantile is ${quantile}.`, 'Use a share between 0 and 1: the slowest percent is 0.99.');
  if ((milliseconds(atMost) ?? 0) === 0)
    report('ORR2011', `latency.atMost is "${atMost}".`, 'Write it like "500ms" or "2s".');
}

function checkBurn({ objective, atMost, window }: CanarySloBurn, report: Report): void {
  if (!(objective > 0 && objective < 1))
    report('ORR2011', `sloBurn.objective is ${objective}.`, 'Use a share between 0 and 1, e.g. 0.999.');
  if (atMost !== undefined && !(atMost > 0 && Number.isFinite(atMost)))
    report('ORR2011', `sloBurn.atMost is ${atMost}.`, 'Use a number above 0.');
  if (window !== undefined && !/^\d+(s|m|h|d)$/.test(window))
    report('ORR2011', `sloBurn.window is "${window}".`, 'Write it as Prometheus does: "5m" or "1h".');
}

function checkMetrics({ successRate, latency, sloBurn, metrics = [] }: CanaryAnalysis, report: Report): void {
  const own = { 'success-rate': successRate, latency, 'slo-burn': sloBurn };
  const names = new Set(Object.entries(own).flatMap(([name, value]) => (value === undefined ? [] : [name])));
  for (const metric of metrics) {
    const { name, query, atLeast, atMost, failureLimit } = metric._rules;
    if (name === '') report('ORR2003', 'a metric has no name.', 'Give it one.');
    if (names.has(name)) report('ORR2004', `two metrics are named "${name}".`, 'Rename one.');
    names.add(name);
    if (query.trim() === '') report('ORR2011', `metric "${name}" has no query.`, 'Write the PromQL.');
    for (const unknown of unknownPlaceholders(query)) {
      const known = PLACEHOLDERS.map((one) => `{{${one}}}`).join(', ');
      report('ORR2011', `metric "${name}" has {{${unknown}}}, which stands for nothing.`, `There are ${known}.`);
    }
    if (atLeast === undefined && atMost === undefined)
      report('ORR2012', `metric "${name}" has no bound.`, 'Set atLeast, atMost or both.');
    for (const bound of [atLeast, atMost])
      if (bound !== undefined && !Number.isFinite(bound))
        report('ORR2011', `metric "${name}" has the bound ${bound}.`, 'Use a finite number.');
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      report('ORR2012', `metric "${name}" is at least ${atLeast} and at most ${atMost}.`, 'Exchange the bounds.');
    if (failureLimit !== undefined && !(Number.isInteger(failureLimit) && failureLimit >= 0))
      report('ORR2011', `metric "${name}" has the failureLimit ${failureLimit}.`, 'Use a whole number from 0 on.');
  }
}
