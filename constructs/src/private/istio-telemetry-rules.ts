import {
  type IstioMetrics,
  IstioTagOperation,
  type IstioTelemetrySpec,
  type IstioTracing,
} from '../istio/telemetry-props';
import { goMilliseconds } from './go-duration';
import { findingsOf, type ObjectFinding, type ReportFinding } from './typed-object';

/**
 * What is wrong with a Telemetry of Istio: what its admission refuses or warns of as not supported (istio/istio pkg/config/validation/validation.go: ValidateTelemetry), and rules in the definition.
 */
export function telemetryProblems(spec: IstioTelemetrySpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { selector, targetRefs = [], tracing = [], metrics = [], accessLogging = [] } = spec;
    if (selector !== undefined && targetRefs.length > 0)
      report('ORR2012', 'spec has selector and targetRefs.', 'Leave one of them out.');
    if (targetRefs.length > 16) report('ORR2011', `spec.targetRefs has ${targetRefs.length}.`, 'Name at most 16.');
    for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
      if (key !== '' && !`${key}${value}`.includes('*')) continue;
      report('ORR2011', `spec.selector.matchLabels has "${key}": "${value}".`, 'Name whole labels, without "*".');
    }
    if (tracing.length > 1)
      report('ORR2011', `spec.tracing has ${tracing.length}.`, 'Istio takes one; make a Telemetry for each.');
    for (const [i, one] of tracing.entries()) checkTracing(one, `spec.tracing[${i}]`, report);
    for (const [i, one] of metrics.entries()) checkMetrics(one, `spec.metrics[${i}]`, report);
    for (const [kind, list] of Object.entries({ tracing, metrics, accessLogging })) {
      for (const [i, { providers = [] }] of list.entries()) {
        if (providers.every(({ name }) => name !== '')) continue;
        const fix = 'Name one of extensionProviders of the mesh.';
        report('ORR2011', `spec.${kind}[${i}].providers has one without a name.`, fix);
      }
    }
  });
}

function checkTracing(tracing: IstioTracing, at: string, report: ReportFinding): void {
  const { providers = [], randomSamplingPercentage: percent, customTags = {} } = tracing;
  if (providers.length > 1) report('ORR2011', `${at} has ${providers.length} providers.`, 'Istio takes one.');
  if (percent !== undefined && !(percent >= 0 && percent <= 100))
    report('ORR2011', `${at}.randomSamplingPercentage is ${percent}.`, 'Use 0 to 100.');
  for (const [name, tag] of Object.entries(customTags)) {
    const where = `${at}.customTags["${name}"]`;
    const said = Object.entries(tag).filter(([, source]) => source !== undefined);
    if (name === '') report('ORR2011', `${where} has no name.`, 'Name it.');
    if (said.length !== 1) {
      const what = `${where} says ${said.length === 0 ? 'nothing' : said.map(([key]) => key).join(' and ')}.`;
      report('ORR2012', what, 'Say one of environment, formatter, header and literal.');
    }
    for (const [key, source] of said) {
      const { name: of, value } = source as { readonly name?: string; readonly value?: string };
      if ((of ?? value) === '') report('ORR2011', `${where}.${key} is empty.`, 'Say what the tag is.');
    }
  }
}

function checkMetrics({ overrides = [], reportingInterval }: IstioMetrics, at: string, report: ReportFinding): void {
  if (reportingInterval !== undefined && !((goMilliseconds(reportingInterval) ?? 0) >= 1))
    report('ORR2011', `${at}.reportingInterval is "${reportingInterval}".`, 'Use at least "1ms".');
  for (const [i, { match, tagOverrides = {} }] of overrides.entries()) {
    const which = `${at}.overrides[${i}]`;
    if (match !== undefined && (match.metric === undefined) === (match.customMetric === undefined))
      report('ORR2012', `${which}.match names not exactly one metric.`, 'Say metric or customMetric.');
    if (match?.customMetric === '') report('ORR2011', `${which}.match.customMetric is empty.`, 'Name it.');
    for (const [label, { operation = IstioTagOperation.UPSERT, value }] of Object.entries(tagOverrides)) {
      const where = `${which}.tagOverrides["${label}"]`;
      if (operation === IstioTagOperation.UPSERT && (value ?? '') === '')
        report('ORR2012', `${where} is set to nothing.`, 'Set value.');
      if (operation === IstioTagOperation.REMOVE && value !== undefined)
        report('ORR2012', `${where} is removed, and has a value.`, 'Leave value out.');
    }
  }
}
