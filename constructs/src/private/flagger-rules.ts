import type { FlaggerAnalysis, FlaggerWebhook } from '../flagger/analysis-props';
import {
  type FlaggerCanarySpec,
  type FlaggerHeaderMatch,
  FlaggerProvider,
  type FlaggerStringMatch,
} from '../flagger/canary-props';
import {
  type FlaggerAlertProviderSpec,
  FlaggerMetricProviderType,
  type FlaggerMetricTemplateSpec,
} from '../flagger/metric-template-props';
import { goMilliseconds } from './go-duration';
import { findingsOf, type ObjectFinding, type ReportFinding } from './typed-object';

/**
 * What is wrong with a Canary of Flagger: what its controller stops at (fluxcd/flagger pkg/controller/controller.go: verifyCanary, v1.44), what its definition
 * says beyond types, and analyses that could never end.
 */
export function canaryProblems(spec: FlaggerCanarySpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { targetRef, service, analysis, provider } = spec;
    for (const field of ['apiVersion', 'kind', 'name'] as const) {
      if (targetRef[field] === '') report('ORR2011', `spec.targetRef.${field} is empty.`, 'Name the workload.');
    }
    if (service === undefined && provider !== FlaggerProvider.KNATIVE) {
      report('ORR2011', 'spec.service is not set.', 'Set it with its port.');
    }
    if (service !== undefined && !(Number.isInteger(service.port) && service.port >= 1 && service.port <= 65535)) {
      report('ORR2011', `spec.service.port ${service.port} is no port.`, 'Use 1 to 65535.');
    }
    const knative = targetRef.apiVersion.startsWith('serving.knative.dev/') && targetRef.kind === 'Service';
    if (knative !== (provider === FlaggerProvider.KNATIVE)) {
      const what = `spec.targetRef is ${knative ? 'a' : 'no'} Service of Knative, and the provider is ${provider ?? 'not set'}.`;
      report('ORR2012', what, 'Use the provider knative for Knative Services, and for nothing else.');
    }
    if (knative && spec.autoscalerRef !== undefined) {
      report('ORR2012', 'spec.autoscalerRef is set, and Knative scales by itself.', 'Leave it out.');
    }
    if (provider === FlaggerProvider.KUBERNETES && !isByWeight(analysis) && (analysis.match ?? []).length > 0) {
      report('ORR2012', 'spec.analysis.match needs a router, and the provider is kubernetes.', 'Leave it out.');
    }
    if (provider === FlaggerProvider.KUBERNETES && isByWeight(analysis)) {
      const what = 'spec.analysis moves shares of requests, and the provider is kubernetes, which has no router.';
      report('ORR2012', what, 'Set iterations instead of weights, or another provider.');
    }
    for (const [i, match] of (service?.match ?? []).entries()) {
      const { headers = {}, withoutHeaders = {}, queryParams = {}, ...fields } = match;
      for (const [field, texts] of Object.entries({ headers, withoutHeaders, queryParams })) {
        checkTexts(texts, `spec.service.match[${i}].${field}`, report);
      }
      const { uri, method, authority, scheme } = fields;
      const texts = Object.entries({ uri, method, authority, scheme }).filter(([, text]) => text !== undefined);
      checkTexts(
        Object.fromEntries(texts) as { [name: string]: FlaggerStringMatch },
        `spec.service.match[${i}]`,
        report,
      );
    }
    checkAnalysis(analysis, report);
  });
}

function isByWeight({ maxWeight, stepWeight, stepWeights }: FlaggerAnalysis): boolean {
  return maxWeight !== undefined || stepWeight !== undefined || stepWeights !== undefined;
}

function checkAnalysis(analysis: FlaggerAnalysis, report: ReportFinding): void {
  const at = 'spec.analysis';
  const { interval, iterations = 0, stepWeights, threshold } = analysis;
  if (interval !== undefined && !((goMilliseconds(interval) ?? 0) > 0)) {
    report('ORR2011', `${at}.interval "${interval}" is no duration.`, 'Write it like "30s" or "1m".');
  }
  for (const field of ['maxWeight', 'stepWeight', 'stepWeightPromotion', 'mirrorWeight'] as const) {
    checkPercent(analysis[field], `${at}.${field}`, report);
  }
  checkPercent(analysis.primaryReadyThreshold, `${at}.primaryReadyThreshold`, report);
  checkPercent(analysis.canaryReadyThreshold, `${at}.canaryReadyThreshold`, report);
  if (threshold !== undefined && !(Number.isInteger(threshold) && threshold >= 0)) {
    report('ORR2011', `${at}.threshold is ${threshold}.`, 'Use a whole number from 0 on.');
  }
  if (iterations > 0 && isByWeight(analysis)) {
    report('ORR2012', `${at} has iterations and weights.`, 'Leave one of them out.');
  }
  if ((analysis.match ?? []).length > 0 && iterations <= 0) {
    report('ORR2012', `${at}.match is set, and iterations says no end.`, 'Set iterations.');
  }
  for (const [i, weight] of (stepWeights ?? []).entries()) {
    checkPercent(weight, `${at}.stepWeights[${i}]`, report);
    const before = stepWeights?.[i - 1];
    if (before !== undefined && weight <= before) {
      report('ORR2012', `${at}.stepWeights[${i}] is ${weight}, after ${before}.`, 'Let the shares grow.');
    }
  }
  if (analysis.sessionAffinity !== undefined) checkAffinity(analysis, report);
  for (const [i, { headers = {}, queryParams = {} }] of (analysis.match ?? []).entries()) {
    checkTexts(headers, `${at}.match[${i}].headers`, report);
    checkTexts(queryParams, `${at}.match[${i}].queryParams`, report);
  }
  checkMetrics(analysis, report);
  for (const [i, webhook] of (analysis.webhooks ?? []).entries()) checkWebhook(webhook, `${at}.webhooks[${i}]`, report);
}

function checkAffinity({ sessionAffinity, iterations = 0 }: FlaggerAnalysis, report: ReportFinding): void {
  const at = 'spec.analysis.sessionAffinity';
  const { cookieName = '', primaryCookieName, maxAge } = sessionAffinity ?? {};
  if (cookieName === '') report('ORR2011', `${at}.cookieName is empty.`, 'Name the cookie.');
  if (cookieName !== '' && cookieName === primaryCookieName) {
    report('ORR2012', `${at}: both cookies are "${cookieName}".`, 'Give the primary another cookie.');
  }
  if (maxAge !== undefined && maxAge <= 0) report('ORR2011', `${at}.maxAge is ${maxAge}.`, 'Use seconds from 1 on.');
  if (iterations > 0) report('ORR2012', `${at} needs weights, and iterations is set.`, 'Leave one of them out.');
}

/** Metrics that Flagger has a question for by itself (pkg/metrics/observers). */
const BUILT_IN = ['request-success-rate', 'request-duration'];

function checkMetrics({ metrics = [] }: FlaggerAnalysis, report: ReportFinding): void {
  for (const [i, metric] of metrics.entries()) {
    const at = `spec.analysis.metrics[${i}] "${metric.name}"`;
    const { threshold, thresholdRange, query, templateRef, interval } = metric;
    if (!BUILT_IN.includes(metric.name) && query === undefined && templateRef === undefined) {
      const what = `${at} has no question, and is none of ${BUILT_IN.join(' and ')}.`;
      report('ORR2012', what, 'Set templateRef.');
    }
    if (query !== undefined && templateRef !== undefined) {
      report('ORR2012', `${at} has query and templateRef.`, 'Leave query out.');
    }
    const { min, max } = thresholdRange ?? {};
    if (thresholdRange !== undefined && min === undefined && max === undefined) {
      report('ORR2011', `${at}: thresholdRange is empty, so everything is good.`, 'Set min or max.');
    }
    if (threshold === undefined && thresholdRange === undefined) {
      report('ORR2011', `${at} does not say what is good.`, 'Set thresholdRange.');
    }
    if (min !== undefined && max !== undefined && min > max) {
      report('ORR2012', `${at}: thresholdRange is from ${min} to ${max}.`, 'Exchange them.');
    }
    if (interval !== undefined && !((goMilliseconds(interval) ?? 0) > 0)) {
      report('ORR2011', `${at}: the interval "${interval}" is no duration.`, 'Write it like "30s" or "1m".');
    }
  }
}

function checkWebhook({ url, timeout, retries }: FlaggerWebhook, at: string, report: ReportFinding): void {
  if (!/^https?:\/\/[^/\s]+/.test(url))
    report('ORR2011', `${at}.url "${url}" is no address.`, 'Use http:// or https://.');
  if (timeout !== undefined && !((goMilliseconds(timeout) ?? 0) > 0)) {
    report('ORR2011', `${at}.timeout "${timeout}" is no duration.`, 'Write it like "30s".');
  }
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0)) {
    report('ORR2011', `${at}.retries is ${retries}.`, 'Use a whole number from 0 on.');
  }
}

function checkPercent(value: number | undefined, at: string, report: ReportFinding): void {
  if (value === undefined || (value >= 0 && value <= 100)) return;
  report('ORR2011', `${at} is ${value}.`, 'Use 0 to 100.');
}

function checkTexts(texts: { readonly [name: string]: FlaggerHeaderMatch }, at: string, report: ReportFinding): void {
  for (const [name, { exact, prefix, regex, suffix }] of Object.entries(texts)) {
    const said = [exact, prefix, regex, suffix].filter((text) => text !== undefined).length;
    if (said > 1) report('ORR2012', `${at}.${name} has ${said} of exact, prefix, suffix, regex.`, 'Set exactly one.');
  }
}

/** What is wrong with a MetricTemplate. */
export function metricTemplateProblems({ provider, query }: FlaggerMetricTemplateSpec): ObjectFinding[] {
  return findingsOf((report) => {
    if (query.trim() === '') report('ORR2011', 'spec.query is empty.', 'Write the question.');
    const { ofType, address = '', region = '' } = provider;
    const needsAddress = [
      FlaggerMetricProviderType.PROMETHEUS,
      FlaggerMetricProviderType.GRAPHITE,
      FlaggerMetricProviderType.INFLUXDB,
      FlaggerMetricProviderType.EXTERNALMETRICS,
    ].includes(ofType);
    if (needsAddress && address === '' && provider.secretRef === undefined) {
      report('ORR2012', `spec.provider asks ${ofType} without an address.`, 'Set address.');
    }
    if (ofType === FlaggerMetricProviderType.CLOUDWATCH && region === '') {
      report('ORR2012', 'spec.provider asks cloudwatch without a region.', 'Set region.');
    }
  });
}

/** What is wrong with an AlertProvider. */
export function alertProviderProblems({ address, secretRef }: FlaggerAlertProviderSpec): ObjectFinding[] {
  return findingsOf((report) => {
    if (address === undefined && secretRef === undefined) {
      report('ORR2012', 'spec has neither address nor secretRef.', 'Name the Secret with the address.');
    }
  });
}
