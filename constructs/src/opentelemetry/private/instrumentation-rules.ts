import { findingsOf, type ObjectFinding, type ReportFinding } from '../../private/typed-object';
import {
  type InstrumentationSampler,
  InstrumentationSampling,
  type InstrumentationSpec,
} from '../instrumentation-props';

/** Names that SDKs know (opentelemetry.io docs/specs/otel/configuration/sdk-environment-variables, OTEL_PROPAGATORS; the definition takes any text). */
const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi', 'jaeger', 'xray', 'ottrace', 'none'];

const LANGUAGES = ['apacheHttpd', 'dotnet', 'golang', 'java', 'nginx', 'nodejs', 'python'] as const;

/**
 * What is wrong with an Instrumentation: what the webhook of the operator refuses or warns of (open-telemetry/opentelemetry-operator internal/webhook/instrumentation_webhook.go: validate), and propagators
 * that no SDK knows.
 */
export function instrumentationProblems(spec: InstrumentationSpec): ObjectFinding[] {
  return findingsOf((report) => {
    if (spec.sampler !== undefined) checkSampler(spec.sampler, report);
    for (const language of LANGUAGES) {
      const { volumeClaimTemplate, volumeLimitSize } = spec[language] ?? {};
      if (volumeClaimTemplate === undefined || volumeLimitSize === undefined) continue;
      const what = `spec.${language} has volumeClaimTemplate and volumeLimitSize.`;
      report('ORR2012', what, 'Leave one of them out: only one says how large the volume is.');
    }
    for (const [i, name] of (spec.propagators ?? []).entries()) {
      if (PROPAGATORS.includes(name)) continue;
      report('ORR2011', `spec.propagators[${i}] is "${name}".`, `Use ${PROPAGATORS.join(', ')}.`);
    }
    checkExporter(spec, report);
  });
}

const RATIOS: readonly InstrumentationSampling[] = [
  InstrumentationSampling.TRACE_ID_RATIO,
  InstrumentationSampling.PARENT_BASED_TRACE_ID_RATIO,
];

function checkSampler({ ofType, argument = '' }: InstrumentationSampler, report: ReportFinding): void {
  const at = 'spec.sampler.argument';
  if (argument === '') return;
  if (ofType === undefined) report('ORR2012', `${at} is set, and no type.`, 'Set the type.');
  else if (RATIOS.includes(ofType) && !isShare(argument))
    report('ORR2011', `${at} is "${argument}".`, 'Use a share from "0" to "1".');
  else if (ofType === InstrumentationSampling.JAEGER_REMOTE) checkJaegerRemote(argument, at, report);
}

function isShare(text: string): boolean {
  return /^\+?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number(text) <= 1;
}

function checkJaegerRemote(argument: string, at: string, report: ReportFinding): void {
  for (const part of argument.split(',')) {
    const [key = '', value = '', ...rest] = part.split('=');
    const right = {
      endpoint: value !== '',
      pollingIntervalMs: /^[+-]?\d+$/.test(value),
      initialSamplingRate: isShare(value),
    }[key];
    if (part.includes('=') && rest.length === 0 && right !== false) continue;
    const fix = 'Write endpoint=http://…,pollingIntervalMs=5000,initialSamplingRate=0.25.';
    report('ORR2011', `${at} has "${part}".`, fix);
  }
}

function checkExporter({ exporter = {} }: InstrumentationSpec, report: ReportFinding): void {
  const { endpoint = '', tls } = exporter;
  if (endpoint !== '' && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    report('ORR2011', `spec.exporter.endpoint is "${endpoint}".`, 'Use a whole http or https URL.');
  if (tls === undefined) return;
  if ((tls.keyFile === undefined) !== (tls.certFile === undefined))
    report('ORR2012', 'spec.exporter.tls has only one of certFile and keyFile.', 'Set both, or none.');
  if (!endpoint.startsWith('https://'))
    report('ORR2012', 'spec.exporter.tls is set, and the endpoint is not https.', 'Use https, or leave tls out.');
}
