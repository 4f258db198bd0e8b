import { isImage } from '../../image-name';
import { isDnsLabel, isLabelKey, isLabelValue } from '../../private/names';
import type { ModelFinding } from './model-finding';
import { ModelReport } from './model-finding';
import { checkVariableName } from './section-rules';
import type {
  AgentTree,
  BasicStep,
  ContainerTree,
  ParameterTree,
  PipelineTree,
  PodTree,
  StageTree,
  StepTree,
} from './tree';
import { checkNamedValues, checkTreeValue, isComputed } from './tree-value-rules';
import { stagesWithin, stepsOf, walkSteps } from './tree-walk';
import { checkText } from './value-rules';

/** What is wrong with a pipeline that is seen better before it is put into the words of Jenkins. */
export function treeFindings(tree: PipelineTree): ModelFinding[] {
  const report = new ModelReport();
  checkAgent(tree.agent, report.at('agent'));
  checkSettings(tree, report);
  checkParameters(tree.parameters, report.at('parameters'));
  const place: Place = { pod: podOf(tree.agent), isHeld: tree.agent.kind === 'pod' };
  for (const post of tree.post) checkSteps(post.steps, place, report.at('post').at(post.condition));
  for (const stage of tree.stages) checkStage(stage, place, report.at(`stage "${stage.name}"`));
  return report.findings;
}

/** Where steps run. */
interface Place {
  /** The pod; undefined: what else may have containers is not known. */
  readonly pod: PodTree | undefined;
  /** A pod exists while a person is waited for. */
  readonly isHeld: boolean;
}

/** A pod that inherits from another has containers that stand nowhere here. */
function podOf(agent: AgentTree): PodTree | undefined {
  return agent.kind === 'pod' && agent.inheritFrom === undefined ? agent : undefined;
}

function checkStage(stage: StageTree, outer: Place, report: ModelReport): void {
  const scopes = stage.body.kind === 'matrix' ? [stage, stage.body.matrix] : [stage];
  let place = outer;
  for (const scope of scopes) {
    if (scope.agent !== undefined) checkAgent(scope.agent, report.at('agent'));
    if (scope.input !== undefined && place.isHeld) refuseHeld(report.at('input'));
    if (scope.agent !== undefined && scope.agent.kind !== 'none') {
      place = { pod: podOf(scope.agent), isHeld: place.isHeld || scope.agent.kind === 'pod' };
    }
    checkSettings(scope, report);
    if (scope.input !== undefined) checkParameters(scope.input.parameters, report.at('input'));
  }
  checkSteps(stepsOf(stage), place, report);
  for (const inner of stagesWithin(stage)) checkStage(inner, place, report.at(`stage "${inner.name}"`));
}

function refuseHeld(report: ModelReport): void {
  const what = 'A person is waited for, and a pod is held meanwhile.';
  report.contradiction(
    what,
    'Give the pipeline and the stages around it `PipelineAgent.none()`, and the stages that work a pod each.',
  );
}

function checkSettings(scope: Pick<StageTree, 'environment' | 'tools' | 'options'>, report: ModelReport): void {
  for (const { name, value } of scope.environment) {
    checkTreeValue(value.kind === 'credentials' ? value.id : value, report.at('environment').at(name));
  }
  for (const { type, version } of scope.tools) checkTreeValue(version, report.at('tools').at(type));
  for (const call of scope.options) checkTreeValue({ kind: 'call', call }, report.at('options').at(call.name));
}

function checkParameters(parameters: readonly ParameterTree[], report: ModelReport): void {
  for (const parameter of parameters) {
    if (parameter.kind === 'call') checkTreeValue({ kind: 'call', call: parameter }, report.at(parameter.name));
    else {
      const place = report.at(parameter.name);
      // The name of a file is a path in the workspace, the others are variables of the environment.
      if (parameter.type !== 'file') checkVariableName(parameter.name, place);
      for (const choice of parameter.choices ?? []) checkText(choice, place);
      if (parameter.choices?.length === 0) place.invalid('There is nothing to choose from.', 'Name at least one.');
      if (parameter.choices !== undefined) place.duplicates('The choice', parameter.choices);
    }
  }
}

function checkAgent(agent: AgentTree, report: ModelReport): void {
  if (agent.kind === 'label') checkTreeValue(agent.label, report);
  if (agent.kind === 'other') {
    if (agent.argument !== undefined) checkTreeValue(agent.argument, report);
    checkNamedValues(agent.arguments ?? [], report);
  }
  if (agent.kind === 'pod') checkPod(agent, report);
}

function checkPod(pod: PodTree, report: ModelReport): void {
  const names = pod.containers.map(({ name }) => name);
  if (names.length === 0) report.invalid('The pod has no containers.', 'Give it at least one.');
  report.duplicates('The container', names);
  report.duplicates(
    'The volume',
    pod.caches.map(({ name }) => name),
  );
  if (names.includes('jnlp')) {
    report.contradiction(
      'A container is called "jnlp", as the one by which Jenkins talks to the pod.',
      'Call it otherwise.',
    );
  }
  if (pod.inheritFrom === undefined && names.length > 0 && !names.includes(pod.defaultContainer)) {
    report.contradiction(
      `The default container "${pod.defaultContainer}" is none of ${names.join(', ')}.`,
      'Name one that the pod has.',
    );
  }
  for (const { name } of pod.caches) checkLabel('volume', name, report);
  for (const [label, value] of Object.entries(pod.nodeSelector)) {
    checkText(value, report.at(label));
    if (!isLabelKey(label) || !isLabelValue(value)) {
      report.invalid(
        `"${label}: ${value}" is no label of a node.`,
        'Use letters, digits, dots and dashes, at most 63.',
      );
    }
  }
  for (const container of pod.containers) checkContainer(container, pod, report.at(`container "${container.name}"`));
}

function checkContainer(container: ContainerTree, pod: PodTree, report: ModelReport): void {
  checkLabel('container', container.name, report);
  if (!isImage(container.image)) report.invalid(`"${container.image}" is no image.`, 'Write registry/name:tag.');
  for (const [name, value] of Object.entries(container.environment)) {
    checkVariableName(name, report);
    checkText(value, report.at(name));
  }
  for (const { volume, path } of container.mounts) {
    if (!path.startsWith('/')) report.invalid(`"${path}" is no path from the root.`, 'Begin with "/".');
    if (pod.inheritFrom === undefined && !pod.caches.some(({ name }) => name === volume)) {
      report.contradiction(`The pod has no volume "${volume}".`, 'Declare it among the volumes of the agent.');
    }
  }
  if (container.isolation === 'root' && pod.runAsUser !== undefined && pod.runAsUser !== 0) {
    report.contradiction(`The pod runs as user ${pod.runAsUser}, and Kaniko needs root.`, 'Use BuildKit or Buildah.');
  }
}

function checkLabel(kind: string, name: string, report: ModelReport): void {
  if (!isDnsLabel(name)) report.name(`"${name}" is no name of a ${kind}.`, 'Use small letters, digits and dashes.');
}

function checkSteps(steps: readonly StepTree[], place: Place, report: ModelReport): void {
  for (const step of steps) checkComposed(step, report.at(step.kind));
  walkSteps(steps, (step) => checkStep(step, place, report.at(step.kind === 'call' ? step.name : step.kind)));
}

/** Things of composed steps that do not show any more when they are taken apart. */
function checkComposed(step: StepTree, report: ModelReport): void {
  if (step.kind === 'image') {
    if (!isImage(step.image) || /[@]|:[^/]*$/.test(step.image)) {
      report.invalid(`"${step.image}" is no image without tag.`, 'Write registry/name, and the tag as `tag`.');
    }
    if (step.tag.kind === 'literal' && !/^\w[\w.-]{0,127}$/.test(String(step.tag.value))) {
      report.invalid(
        `"${step.tag.value}" is no tag.`,
        'Use at most 128 letters, digits, dots, dashes and underscores.',
      );
    }
    for (const name of Object.keys(step.buildArguments)) checkVariableName(name, report);
    if (step.tool === 'kaniko' && step.platforms.length > 1) {
      report.contradiction('Kaniko builds for one platform at a time.', 'Use BuildKit or Buildah.');
    }
  } else if (step.kind === 'deploy') {
    if (step.planFile !== undefined && !/^[\w.-]+$/.test(step.planFile)) {
      report.invalid(`"${step.planFile}" is no name of a file.`, 'Use letters, digits, dots and dashes.');
    }
  } else if (step.kind === 'notify') {
    if (step.channel.kind === 'webhook' && step.message.kind !== 'literal') {
      report.invalid(
        'A webhook gets a text that is known only when the pipeline runs.',
        'Use a text; the address of the build is added.',
      );
    }
  } else if ('steps' in step) for (const inner of step.steps ?? []) checkComposed(inner, report.at(inner.kind));
}

function checkStep(step: BasicStep, { pod, isHeld }: Place, report: ModelReport): void {
  switch (step.kind) {
    case 'container':
      if (pod !== undefined && !pod.containers.some(({ name }) => name === step.name)) {
        const names = pod.containers.map(({ name }) => name).join(', ');
        report.contradiction(
          `The pod has no container "${step.name}".`,
          `Use one of ${names}, or add it to the agent.`,
        );
      }
      return;
    case 'approval':
      if (isHeld) refuseHeld(report);
      return;
    case 'sh':
      if (step.script.trim() === '') report.invalid('The script is empty.', 'Leave it out.');
      return;
    case 'withCredentials':
      checkCredentials(step, report);
      return;
    case 'withEnv':
      report.duplicates(
        'The variable',
        step.variables.map(({ name }) => name),
      );
      for (const { name, value } of step.variables) {
        checkVariableName(name, report);
        checkTreeValue(value, report.at(name));
      }
      return;
    case 'echo':
    case 'error':
      checkTreeValue(step.message, report);
      return;
    case 'call':
      checkCall(step, report);
      return;
    default:
  }
}

function checkCredentials(step: Extract<BasicStep, { kind: 'withCredentials' }>, report: ModelReport): void {
  if (step.credentials.length === 0) report.invalid('There are no credentials.', 'Name at least one.');
  const variables: string[] = [];
  for (const credential of step.credentials) {
    const { kind, id, ...bound } = credential;
    if (id === '') report.invalid(`A credential of kind ${kind} has no id.`, 'Set it.');
    checkText(id, report);
    for (const variable of Object.values(bound)) {
      checkVariableName(variable, report);
      variables.push(variable);
    }
  }
  report.duplicates('The variable', variables);
}

/** Steps that run what they are given in a shell. */
const SHELLS = new Set(['sh', 'bat', 'powershell', 'pwsh']);

function checkCall(step: Extract<BasicStep, { kind: 'call' }>, report: ModelReport): void {
  const given = step.arguments;
  const values = given.kind === 'none' ? [] : given.values;
  for (const value of values) checkTreeValue('name' in value ? value.value : value, report);
  if (!SHELLS.has(step.name)) return;
  const scripts = values.filter((value) => !('name' in value) || value.name === 'script');
  if (scripts.some((value) => isComputed('name' in value ? value.value : value))) {
    const what = 'A value is put into a script of the shell, where it can become a command.';
    report.invalid(
      what,
      'Put it into the environment (withEnvironment, parameters are there already), and write "$NAME", in quotes.',
    );
  }
}
