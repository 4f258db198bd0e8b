import { parseDuration } from '../../duration';
import type { PipelineDefinition } from '../../pipeline/pipeline-definition';
import type { ParameterTree } from '../../pipeline/private/tree';
import { DEVOPS } from '../../private/kubesphere-rendering';
import { present } from '../../private/present-members';
import {
  type DevOpsPipelineProps,
  type GenericWebhook,
  JenkinsfileEditMode,
  type RunDiscarder,
  type WebhookVariable,
} from '../devops-pipeline-props';
import type { DevOpsSource } from '../devops-source';
import { cronOf, isConcurrent } from './tree-settings';

/** Annotations of Pipelines (ks-devops pkg/api/devops/v1alpha3/pipeline_types.go). */
const PREFIX = 'pipeline.devops.kubesphere.io/jenkinsfile';
const SCM = 'scm.devops.kubesphere.io';

/** Types of parameters by what the Jenkinsfile calls them (ks-devops pkg/client/devops/jenkins/constants.go). */
const PARAMETER_TYPES = {
  string: 'string',
  text: 'text',
  booleanParam: 'boolean',
  choice: 'choice',
  password: 'password',
  file: 'file',
} as const;

/** The Pipeline: with its Jenkinsfile ("pipeline"), or with the source that has it ("multi-branch-pipeline"). */
export function devOpsPipeline(props: DevOpsPipelineProps, name: string, definition: PipelineDefinition): object {
  const { source, project } = props;
  const annotations = source === undefined ? inlineAnnotations(props, definition) : {};
  return {
    apiVersion: DEVOPS,
    kind: 'Pipeline',
    metadata: {
      name,
      namespace: project.node.id,
      labels: { 'app.kubernetes.io/managed-by': 'orrery', 'kubesphere.io/devopsproject': project.node.id },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec:
      source === undefined
        ? { type: 'pipeline', pipeline: inlinePipeline(props, name, definition) }
        : { type: 'multi-branch-pipeline', multi_branch_pipeline: multiBranchPipeline(props, name, source) },
  };
}

function inlinePipeline(props: DevOpsPipelineProps, name: string, definition: PipelineDefinition): object {
  const { description, discarder, remoteToken, webhook } = props;
  const tree = definition._tree();
  const cron = cronOf(props, tree);
  const parameters = tree.parameters.flatMap(parameterOf);
  return present({
    name,
    description,
    discarder: discarder === undefined ? undefined : discarderOf(discarder),
    parameters: parameters.length === 0 ? undefined : parameters,
    disable_concurrent: isConcurrent(props, tree) ? undefined : true,
    timer_trigger: cron === undefined ? undefined : { cron },
    remote_trigger: remoteToken === undefined ? undefined : { token: remoteToken },
    generic_webhook: webhook === undefined ? undefined : webhookOf(webhook),
    jenkinsfile: definition.toJenkinsfile(),
  });
}

/** Kept for ever where a bound is not said (hudson.tasks.LogRotator). */
function discarderOf({ daysToKeep = -1, runsToKeep = -1 }: RunDiscarder): object {
  return { days_to_keep: String(daysToKeep), num_to_keep: String(runsToKeep) };
}

/** What a plugin defines, only the Jenkinsfile can say. */
function parameterOf(parameter: ParameterTree): object[] {
  if (parameter.kind !== 'parameter') return [];
  const { type, name, description, choices, defaultValue } = parameter;
  // Choices are lines (pipeline_internal.go); a default of a password would be a secret in the object.
  const value = type === 'choice' ? choices?.join('\n') : type === 'password' ? undefined : textOf(defaultValue);
  return [present({ name, type: PARAMETER_TYPES[type], default_value: value, description })];
}

function textOf(value: string | number | boolean | null | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function webhookOf(webhook: GenericWebhook): object {
  const { token, cause, requestVariables, headerVariables, filter, printVariables, printContent } = webhook;
  return present({
    enable: true,
    token,
    cause,
    print_variables: printVariables,
    print_post_content: printContent,
    request_variables: requestVariables?.map(variableOf),
    header_variables: headerVariables?.map(variableOf),
    filter_text: filter?.text,
    filter_expression: filter?.expression,
  });
}

function variableOf({ key, regexpFilter }: WebhookVariable): object {
  return present({ key, regexp_filter: regexpFilter });
}

function multiBranchPipeline(props: DevOpsPipelineProps, name: string, source: DevOpsSource): object {
  const { description, discarder } = props;
  const { scriptPath, scanInterval, onBranchCreated, onBranchDeleted } = source._options();
  const { member, value } = source._fields();
  const triggers = present({
    create_action_job_to_trigger: onBranchCreated,
    delete_action_job_to_trigger: onBranchDeleted,
  });
  return present({
    name,
    description,
    discarder: discarder === undefined ? undefined : discarderOf(discarder),
    timer_trigger: scanInterval === undefined ? undefined : { interval: String(parseDuration(scanInterval)) },
    source_type: source._type(),
    [member]: value,
    script_path: scriptPath ?? 'Jenkinsfile',
    multibranch_job_trigger: Object.keys(triggers).length === 0 ? undefined : triggers,
  });
}

/**
 * With an empty mode and a tree that is there, KubeSphere leaves both alone (controllers/jenkins/pipeline/json_converter.go). The mode "json" is not written: there Jenkins makes the
 * Jenkinsfile anew, but looks only when `spec` changes, so that a change of the tree would come to nothing.
 */
function inlineAnnotations(
  props: DevOpsPipelineProps,
  definition: PipelineDefinition,
): { readonly [key: string]: string } {
  const { editMode = JenkinsfileEditMode.WRITTEN, scmWebhook } = props;
  const editing =
    editMode === JenkinsfileEditMode.RAW
      ? { [`${PREFIX}.edit.mode`]: 'raw' }
      : { [PREFIX]: definition.toJson(), [`${PREFIX}.edit.mode`]: '', [`${PREFIX}.validate`]: 'success' };
  if (scmWebhook === undefined) return editing;
  const { url, branches } = scmWebhook;
  return { ...editing, [SCM]: url, ...(branches === undefined ? {} : { [`${SCM}/ref`]: JSON.stringify(branches) }) };
}
