import type { SecretKey } from '../../service-props';
import type { TektonMatrix, TektonPipelineSpec, TektonPipelineTask } from '../../tekton/tekton-pipeline';
import type { TektonRunSpec } from '../../tekton/tekton-pipeline-run';
import type { TektonRights, TektonSidecar, TektonStep } from '../../tekton/tekton-step';
import type { TektonTaskSpec } from '../../tekton/tekton-task';
import type { TektonParam, TektonResult, TektonValue } from '../../tekton/tekton-value';
import { present } from '../present-members';
import { goDuration } from './durations';
import type { Param, ParamSpec, PipelineRunSpec, PipelineSpec, PipelineTask, Step, TaskSpec } from './objects';

const TEXT = { type: 'string' };

const properties = (names: readonly string[] | undefined) =>
  names === undefined ? undefined : Object.fromEntries(names.map((name) => [name, TEXT]));

function paramSpec({ name, valueType, description, defaultValue, propertyNames }: TektonParam): ParamSpec {
  return present<ParamSpec>({
    name,
    type: valueType ?? defaultValue?._type ?? 'string',
    description,
    default: defaultValue?._value,
    properties: properties(propertyNames),
  });
}

function params(values: { readonly [name: string]: TektonValue } | undefined): Param[] | undefined {
  if (values === undefined) return undefined;
  return Object.entries(values).map(([name, value]) => ({ name, value: value._value }));
}

export function taskSpec(spec: TektonTaskSpec): TaskSpec {
  return present<TaskSpec>({
    description: spec.description,
    params: spec.parameters?.map(paramSpec),
    workspaces: spec.workspaces?.map((one) => ({ ...one })),
    results: spec.results?.map(({ name, valueType, description, propertyNames }: TektonResult) =>
      present({ name, type: valueType ?? 'string', description, properties: properties(propertyNames) }),
    ),
    steps: spec.steps.map(step),
    sidecars: spec.sidecars?.map(container),
    volumes: spec.volumes?.map((volume) => volume._volume),
  });
}

/** Steps are a list by name: applied objects need one for each. */
function step(one: TektonStep, at: number): Step {
  const { workingDirectory, onError, timeout } = one;
  return present<Step>({
    ...container({ ...one, name: one.name ?? `step${at + 1}` }),
    workingDir: workingDirectory,
    onError,
    timeout: timeout === undefined ? undefined : goDuration(timeout),
  });
}

function container(one: TektonStep | TektonSidecar): Step & { readonly name: string } {
  const { name, image, script, command, args, mounts, rights } = one;
  return present<Step & { readonly name: string }>({
    name: name as string,
    image,
    script,
    command,
    args,
    env: environment(one.env, one.secretEnv),
    computeResources: resources(one.cpu, one.memory),
    volumeMounts:
      mounts === undefined
        ? undefined
        : Object.entries(mounts).map(([volume, path]) => ({ name: volume, mountPath: path })),
    securityContext: rights === undefined ? undefined : securityContext(rights),
  });
}

export function environment(
  texts: { readonly [name: string]: string } = {},
  secrets: { readonly [name: string]: SecretKey } = {},
): NonNullable<Step['env']> | undefined {
  const env = [
    ...Object.entries(texts).map(([name, value]) => ({ name, value })),
    ...Object.entries(secrets).map(([name, { secret, key, optional }]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key, ...(optional === true ? { optional } : {}) } },
    })),
  ];
  return env.length === 0 ? undefined : env;
}

export function resources(cpu: string | undefined, memory: string | undefined): object | undefined {
  if (cpu === undefined && memory === undefined) return undefined;
  return present({
    requests: present({ cpu, memory }),
    limits: memory === undefined ? undefined : { memory },
  });
}

function securityContext(rights: TektonRights): object {
  const { runAsUser, runAsNonRoot, privileged, addCapabilities, unconfinedSystemCalls } = rights;
  return present({
    runAsUser,
    runAsNonRoot,
    privileged,
    capabilities: addCapabilities === undefined ? undefined : { add: addCapabilities },
    seccompProfile: unconfinedSystemCalls === true ? { type: 'Unconfined' } : undefined,
  });
}

export function pipelineSpec(spec: TektonPipelineSpec): PipelineSpec {
  return present<PipelineSpec>({
    description: spec.description,
    params: spec.parameters?.map(paramSpec),
    workspaces: spec.workspaces?.map(({ name, description, optional }) => present({ name, description, optional })),
    tasks: spec.tasks.map(pipelineTask),
    finally: spec.finallyTasks?.map(pipelineTask),
    results: spec.results?.map(({ name, description, value }) => present({ name, description, value: value._value })),
  });
}

function pipelineTask(task: TektonPipelineTask): PipelineTask {
  const { task: own, spec, ref } = task.task._target;
  return present<PipelineTask>({
    name: task.name,
    description: task.description,
    taskRef: own === undefined ? ref : { kind: 'Task', name: own.node.id },
    taskSpec: spec === undefined ? undefined : taskSpec(spec),
    runAfter: task.runAfter,
    when: task.when?.map((one) => one._when),
    params: params(task.parameters),
    matrix: task.matrix === undefined ? undefined : matrix(task.matrix),
    workspaces:
      task.workspaces === undefined
        ? undefined
        : Object.entries(task.workspaces).map(([name, workspace]) => ({ name, workspace })),
    retries: task.retries,
    timeout: task.timeout === undefined ? undefined : goDuration(task.timeout),
    onError: task.onError,
  });
}

function matrix(given: TektonMatrix): NonNullable<PipelineTask['matrix']> {
  return present({
    params: params(given.parameters),
    include: given.include?.map((one) =>
      present({ name: one.name, params: Object.entries(one.parameters).map(([name, value]) => ({ name, value })) }),
    ),
  });
}

export function runSpec(spec: TektonRunSpec): PipelineRunSpec {
  const { serviceAccountName, timeout, tasksTimeout, finallyTimeout, nodeSelector, fsGroup } = spec;
  const podTemplate =
    nodeSelector === undefined && fsGroup === undefined
      ? undefined
      : present({ nodeSelector, securityContext: fsGroup === undefined ? undefined : { fsGroup } });
  const timeouts = {
    pipeline: timeout === undefined ? undefined : goDuration(timeout),
    tasks: tasksTimeout === undefined ? undefined : goDuration(tasksTimeout),
    finally: finallyTimeout === undefined ? undefined : goDuration(finallyTimeout),
  };
  const hasTimeouts = Object.values(timeouts).some((one) => one !== undefined);
  return present<PipelineRunSpec>({
    pipelineRef: { name: spec.pipeline.node.id },
    params: params(spec.parameters),
    workspaces:
      spec.workspaces === undefined
        ? undefined
        : Object.entries(spec.workspaces).map(([name, source]) => ({ name, ...source._source })),
    taskRunTemplate:
      serviceAccountName === undefined && podTemplate === undefined
        ? undefined
        : present({ serviceAccountName, podTemplate }),
    timeouts: hasTimeouts ? present(timeouts) : undefined,
  });
}
