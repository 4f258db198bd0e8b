import type { Finding } from '../service-validation';
import { type Duration, durationOf, reportDuration } from './durations';
import type { PipelineRunSpec, PipelineSpec } from './objects';
import { pipelineFindings } from './pipeline-rules';
import { reportTo, unique } from './task-rules';
import { textsOf, typeOf, variablesOf } from './variables';

/** How long a run may take where nothing else is said (config/config-defaults.yaml: default-timeout-minutes). */
const DEFAULT_TIMEOUT = 60 * 60_000;

/**
 * What Tekton's admission would refuse of a run (tektoncd/pipeline pkg/apis/pipeline/v1/pipelinerun_validation.go, workspace_validation.go), and against a known pipeline what
 * would fail when it starts: params and workspaces that are missing or too many.
 */
export function runFindings(of: string, spec: PipelineRunSpec, known?: PipelineSpec): Finding[] {
  const findings: Finding[] = [];
  const report = reportTo(findings, of);
  const { pipelineRef, pipelineSpec, params = [], workspaces = [], timeouts } = spec;
  if ((pipelineRef === undefined) === (pipelineSpec === undefined))
    report('ORR2012', 'a run is of one pipeline.', 'Name it, or write it out.');
  if (pipelineSpec !== undefined) findings.push(...pipelineFindings(of, pipelineSpec));
  unique(
    params.map(({ name }) => name),
    'param',
    report,
  );
  for (const { name, value } of params) {
    for (const { text, parts } of textsOf(value).flatMap(variablesOf)) {
      if (parts[0] === 'tasks') report('ORR2011', `param "${name}" has ${text}, before any task ran.`, 'Give a value.');
    }
  }
  unique(
    workspaces.map(({ name }) => name),
    'workspace',
    report,
  );
  if (timeouts !== undefined) checkTimeouts(timeouts, report);
  const pipeline = pipelineSpec ?? known;
  if (pipeline === undefined) return findings;
  const given = new Map(params.map(({ name, value }) => [name, value]));
  for (const { name, type = 'string', default: value } of pipeline.params ?? []) {
    const own = given.get(name);
    if (own === undefined && value === undefined)
      report('ORR2012', `the pipeline needs param "${name}".`, 'Give it, or give it a default.');
    if (own !== undefined && typeOf(own) !== type)
      report('ORR2012', `param "${name}" is of type ${type}, its value of type ${typeOf(own)}.`, 'Make them the same.');
  }
  const bound = new Set(workspaces.map(({ name }) => name));
  for (const { name, optional = false } of pipeline.workspaces ?? []) {
    if (!bound.has(name) && !optional) report('ORR2012', `the pipeline needs workspace "${name}".`, 'Bind it.');
  }
  return findings;
}

/** PipelineRunSpec.validatePipelineTimeout. */
function checkTimeouts(timeouts: NonNullable<PipelineRunSpec['timeouts']>, report: ReturnType<typeof reportTo>): void {
  for (const [field, text] of Object.entries(timeouts)) reportDuration(text as Duration, `timeout of ${field}`, report);
  const whole = timeouts.pipeline === undefined ? DEFAULT_TIMEOUT : durationOf(timeouts.pipeline);
  const tasks = timeouts.tasks === undefined ? 0 : durationOf(timeouts.tasks);
  const last = timeouts.finally === undefined ? 0 : durationOf(timeouts.finally);
  if (whole === undefined || tasks === undefined || last === undefined || whole === 0) return;
  const endless = Object.entries(timeouts).some(([field, text]) => field !== 'pipeline' && durationOf(text) === 0);
  if (endless || tasks + last > whole)
    report('ORR2012', 'tasks and finally may take longer than the pipeline.', 'Make its timeout larger.');
}
