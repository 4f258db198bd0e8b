import { parseDuration } from '../../duration';
import type { PipelineDefinition } from '../../pipeline/pipeline-definition';
import { isRepositoryPath, REPOSITORY_PATH_RULE } from '../../pipeline/private/repository-path';
import type { PipelineTree } from '../../pipeline/private/tree';
import { DNS_LABEL_RULE, isDnsLabel, isEnvName, isLabelValue } from '../../private/names';
import type { ProblemCode } from '../../private/problem';
import { saidTwice } from '../../private/said-twice';
import {
  type DevOpsPipelineProps,
  type DevOpsRun,
  JenkinsfileEditMode,
  type RunDiscarder,
} from '../devops-pipeline-props';
import type { DevOpsSource } from '../devops-source';
import { credentialMistakes } from './credential-use';
import type { Mistake } from './mistake';
import { addressMistakes } from './source-fields';
import { cronTrigger, forbidsConcurrent } from './tree-settings';

/** What the API server allows for all annotations of an object (apimachinery, pkg/api/validation/objectmeta.go). */
const ANNOTATION_BYTES = 256 * 1024;

/** What is wrong with a pipeline in KubeSphere, beside its definition. The CRD has no enumerations and few patterns: what it lets through comes to nothing in Jenkins. */
export function pipelineMistakes(props: DevOpsPipelineProps, name: string, definition: PipelineDefinition): Mistake[] {
  const tree = definition._tree();
  const { source, runs = [], discarder, project } = props;
  const mistakes: Mistake[] = [];
  const add = (code: ProblemCode, what: string, fix: string) => mistakes.push({ code, what, fix });
  if (!isDnsLabel(name)) add('ORR2003', `"${name}" is not a valid name of a Pipeline.`, `Use ${DNS_LABEL_RULE}.`);
  if (discarder !== undefined) mistakes.push(...discarderMistakes(discarder));
  mistakes.push(...(source === undefined ? inlineMistakes(props, definition) : sourceMistakes(props, source)));
  mistakes.push(...runMistakes(runs, source, tree));
  mistakes.push(...credentialMistakes(project, source, tree));
  return mistakes;
}

function discarderMistakes(discarder: RunDiscarder): Mistake[] {
  const bounds = Object.entries(discarder).filter(([, value]) => value !== undefined);
  const wrong = bounds.filter(([, value]) => !Number.isInteger(value) || value < 1);
  const fix = 'Use whole numbers from 1 on; leave out what does not matter.';
  if (bounds.length === 0)
    return [{ code: 'ORR2012', what: 'The discarder keeps every run.', fix: 'Leave it out, or say how long.' }];
  return wrong.map(([key, value]) => ({ code: 'ORR2011', what: `${key} of the discarder is ${value}.`, fix }));
}

/** Settings that only a Jenkinsfile in the Pipeline has. */
const INLINE_ONLY = ['concurrent', 'cron', 'remoteToken', 'webhook', 'scmWebhook', 'editMode'] as const;

function sourceMistakes(props: DevOpsPipelineProps, source: DevOpsSource): Mistake[] {
  const { scriptPath = 'Jenkinsfile', scanInterval, onBranchCreated, onBranchDeleted } = source._options();
  const mistakes: Mistake[] = [];
  const add = (code: ProblemCode, what: string, fix: string) => mistakes.push({ code, what, fix });
  for (const key of INLINE_ONLY) {
    if (props[key] === undefined) continue;
    const what = `${key} is for a Jenkinsfile in the Pipeline, and this one has it from a source.`;
    add('ORR2012', what, 'Say it in the definition (options and triggers), or leave source out.');
  }
  for (const mistake of source._fields().mistakes) add('ORR2011', `The source is wrong: ${mistake}.`, 'Correct it.');
  if (!isRepositoryPath(scriptPath))
    add('ORR2011', `"${scriptPath}" is no path inside a repository.`, REPOSITORY_PATH_RULE);
  if (scanInterval !== undefined && !((parseDuration(scanInterval) ?? 0) > 0))
    add('ORR2011', `The scanInterval "${scanInterval}" is no time.`, 'Write it like "20m".');
  for (const other of [onBranchCreated, onBranchDeleted]) {
    if (other === undefined || isDnsLabel(other)) continue;
    add('ORR2003', `"${other}" is not a valid name of a Pipeline.`, `Use ${DNS_LABEL_RULE}.`);
  }
  return mistakes;
}

function inlineMistakes(props: DevOpsPipelineProps, definition: PipelineDefinition): Mistake[] {
  const tree = definition._tree();
  const { concurrent, cron, remoteToken, webhook, scmWebhook, editMode } = props;
  const mistakes: Mistake[] = [];
  const add = (code: ProblemCode, what: string, fix: string) => mistakes.push({ code, what, fix });
  if (concurrent === true && forbidsConcurrent(tree))
    add(
      'ORR2012',
      'concurrent is true, and the definition has the option disableConcurrentBuilds.',
      'Take one of them away: a run would change the other.',
    );
  const trigger = cronTrigger(tree);
  if (cron !== undefined && trigger !== undefined && trigger !== cron)
    add(
      'ORR2012',
      `cron is "${cron}", and the definition has the trigger "${trigger}".`,
      'Leave cron out: a run would change it.',
    );
  if (cron !== undefined && !isJenkinsCron(cron))
    add('ORR2011', `"${cron}" is no schedule of Jenkins.`, 'Write five fields, e.g. "H 4 * * 1-5", or "@daily".');
  for (const token of [remoteToken, webhook?.token]) {
    if (token === undefined || /^[\w.~-]+$/.test(token)) continue;
    add(
      'ORR2011',
      'A token has characters that stand for something else in an address.',
      'Use letters, digits, "-", ".", "_" and "~".',
    );
  }
  for (const { key } of [...(webhook?.requestVariables ?? []), ...(webhook?.headerVariables ?? [])]) {
    if (isVariable(key)) continue;
    add('ORR2011', `"${key}" is no name of a variable of a webhook.`, 'Use letters, digits, "_" and "-".');
  }
  for (const mistake of scmWebhook === undefined ? [] : addressMistakes('url', scmWebhook.url))
    add('ORR2011', `The scmWebhook is wrong: ${mistake}.`, 'Correct it.');
  for (const { name, type, choices = [] } of tree.parameters.flatMap((one) =>
    one.kind === 'parameter' ? [one] : [],
  )) {
    if (type === 'choice' && choices.some((choice) => choice.includes('\n')))
      add(
        'ORR2011',
        `A choice of parameter "${name}" has several lines, and KubeSphere takes every line for a choice.`,
        'Use choices of one line.',
      );
  }
  if (editMode !== JenkinsfileEditMode.RAW && Buffer.byteLength(definition.toJson()) > ANNOTATION_BYTES - 2048)
    add(
      'ORR2011',
      'The tree of the pipeline is larger than annotations of an object may be (256 KiB).',
      'Set editMode: JenkinsfileEditMode.RAW, or move steps into a shared library.',
    );
  return mistakes;
}

function runMistakes(runs: readonly DevOpsRun[], source: DevOpsSource | undefined, tree: PipelineTree): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (code: ProblemCode, what: string, fix: string) => mistakes.push({ code, what, fix });
  const names = runs.map(({ name }) => name);
  for (const name of saidTwice(names))
    add('ORR2004', `Two runs are called "${name}".`, 'Give one of them another name.');
  const known = new Set(tree.parameters.flatMap((one) => (one.kind === 'parameter' ? [one.name] : [])));
  const hasOthers = tree.parameters.some(({ kind }) => kind !== 'parameter');
  for (const { name, refName, refType, parameters = {} } of runs) {
    if (!isDnsLabel(name)) add('ORR2003', `"${name}" is not a valid name of a run.`, `Use ${DNS_LABEL_RULE}.`);
    if (source === undefined && (refName ?? refType) !== undefined)
      add('ORR2012', `Run "${name}" is for a branch, and the pipeline has none.`, 'Leave refName and refType out.');
    if (source !== undefined && (refName === undefined || refName === ''))
      add('ORR2013', `Run "${name}" does not say for which branch.`, 'Set refName: "main".');
    for (const parameter of Object.keys(parameters)) {
      if (known.has(parameter) || hasOthers) continue;
      const fix = known.size === 0 ? 'The definition has none.' : `It has ${[...known].join(', ')}.`;
      add('ORR2011', `Run "${name}" sets "${parameter}", which is no parameter of the pipeline.`, fix);
    }
  }
  return mistakes;
}

function isVariable(key: string): boolean {
  return isEnvName(key) && isLabelValue(key);
}

/** Five fields, as hudson.scheduler.CronTab reads them, several lines of them, or a name. */
function isJenkinsCron(cron: string): boolean {
  const field = String.raw`[\dH*/,()\-]+`;
  const line = new RegExp(`^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|${field}( ${field}){4})$`);
  return cron.split('\n').every((text) => line.test(text.trim().replace(/[ \t]+/g, ' ')));
}
