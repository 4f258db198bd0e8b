import type { Shortcoming } from '../pipeline-engine';
import type {
  AgentTree,
  CallTree,
  ConditionTree,
  EnvironmentTree,
  InputTree,
  MatrixTree,
  ParameterTree,
  PipelineTree,
  PostTree,
  StageTree,
  StepTree,
  ValueTree,
} from '../tree';
import { cronMinutes } from './tekton-cron';
import { discarded } from './tekton-housekeeping';
import { literalText } from './tekton-text';

type Lack = (what: string) => void;

/** What of a pipeline Tekton has no way to say. Sources: docs/{pipelines,tasks,variables}.md of tektoncd/pipeline, docs of tektoncd/triggers. */
export function tektonShortcomings(tree: PipelineTree): Shortcoming[] {
  const found: Shortcoming[] = [];
  const lack: Lack = (what) => found.push({ what });
  if (tree.libraries.length > 0) lack('shared libraries of Groovy');
  if (tree.tools.length > 0) lack('tools that the build server installs');
  checkAgent(tree.agent, lack);
  checkEnvironment(tree.environment, lack);
  for (const option of tree.options) checkOption(option, 'pipeline', lack);
  for (const parameter of tree.parameters) checkParameter(parameter, lack);
  for (const trigger of tree.triggers) checkTrigger(trigger, lack);
  checkPost(tree.post, 'pipeline', lack);
  for (const stage of tree.stages) checkStage(stage, found);
  return found;
}

function checkStage(stage: StageTree, found: Shortcoming[]): void {
  const lack: Lack = (what) => found.push({ what, stage: stage.name });
  if (stage.tools.length > 0) lack('tools that the build server installs');
  if (stage.failFast === true) lack('stop of what runs beside a failure');
  checkScope(stage, stage.body.kind === 'steps', lack);
  const { body } = stage;
  switch (body.kind) {
    case 'steps':
      checkSteps(body.steps, stage, lack);
      return;
    case 'branches':
      lack('step "parallel" amid the steps');
      return;
    case 'matrix':
      if (body.matrix.tools.length > 0) lack('tools that the build server installs');
      checkScope(body.matrix, false, lack);
      for (const child of body.matrix.stages) checkStage(child, found);
      return;
    default:
      for (const child of body.stages) checkStage(child, found);
  }
}

function checkScope(scope: StageTree | MatrixTree, hasSteps: boolean, lack: Lack): void {
  if (scope.agent !== undefined) checkAgent(scope.agent, lack);
  checkEnvironment(scope.environment, lack);
  for (const option of scope.options) checkOption(option, hasSteps ? 'steps' : 'stages', lack);
  for (const condition of scope.when?.conditions ?? []) checkCondition(condition, lack);
  if (scope.input !== undefined) checkInput(scope.input, lack);
  checkPost(scope.post, hasSteps ? 'steps' : 'stages', lack);
}

function checkAgent(agent: AgentTree, lack: Lack): void {
  if (agent.kind === 'label') lack('agent by label');
  if (agent.kind === 'other' && agent.type !== 'docker') lack(`agent "${agent.type}"`);
  if (agent.kind === 'pod' && (agent.cloud !== undefined || agent.inheritFrom !== undefined))
    lack('pod templates and clouds of Jenkins');
}

function checkEnvironment(environment: readonly EnvironmentTree[], lack: Lack): void {
  for (const { value } of environment) {
    if (value.kind === 'credentials') lack('credentials in the environment without their kind (use withCredentials)');
    else checkValue(value, lack);
  }
}

function checkValue(value: ValueTree, lack: Lack): void {
  if (value.kind === 'groovy') lack('expressions of Groovy');
  if (value.kind === 'call') lack('symbols of plugins of Jenkins');
}

const OPTIONS: { readonly [name: string]: readonly string[] } = {
  timeout: ['pipeline', 'steps', 'stages'],
  buildDiscarder: ['pipeline'],
  retry: ['steps'],
  // What they ask for is always so here.
  timestamps: ['pipeline', 'steps', 'stages'],
  skipDefaultCheckout: ['pipeline', 'steps', 'stages'],
  newContainerPerStage: ['pipeline'],
  skipStagesAfterUnstable: ['pipeline'],
};

function checkOption(option: CallTree, of: 'pipeline' | 'steps' | 'stages', lack: Lack): void {
  const { name } = option;
  const known = OPTIONS[name];
  if (name === 'buildDiscarder' && discarded([option]) === undefined)
    lack('artifacts that are removed before their builds');
  if (known === undefined) lack(`option "${name}"`);
  else if (!known.includes(of)) lack(`option "${name}" of a ${of === 'pipeline' ? 'pipeline' : 'stage with stages'}`);
}

function checkParameter(parameter: ParameterTree, lack: Lack): void {
  if (parameter.kind === 'call') lack('parameters of plugins of Jenkins');
  else if (parameter.type === 'password') lack('passwords as parameters: their values stand in every run');
  else if (parameter.type === 'file') lack('files as parameters');
}

function checkTrigger(trigger: CallTree, lack: Lack): void {
  if (trigger.name !== 'cron') {
    lack(`trigger "${trigger.name}"`);
    return;
  }
  const schedule = trigger.arguments.kind === 'positional' ? literalText(trigger.arguments.values[0]) : undefined;
  if (schedule === undefined || cronMinutes(schedule, '') === undefined)
    lack('schedules beyond five fields, with "H" alone or with a step');
}

const POSTS: { readonly [condition: string]: string } = {
  changed: 'how the last run went',
  fixed: 'how the last run went',
  regression: 'how the last run went',
  unstable: 'runs that are unstable',
  notBuilt: 'runs that were not built',
  aborted: 'steps after somebody stopped a run',
};

function checkPost(posts: readonly PostTree[], of: 'pipeline' | 'steps' | 'stages', lack: Lack): void {
  if (of === 'stages' && posts.length > 0) lack('what runs after a stage with stages inside');
  if (posts.length > 1 && posts.some(({ condition }) => condition === 'cleanup'))
    lack('an order of what runs afterwards (cleanup)');
  for (const { condition, steps } of posts) {
    const what = POSTS[condition];
    if (what !== undefined) lack(what);
    checkSteps(steps, undefined, lack);
  }
}

function checkInput({ submitter, submitterParameter, parameters }: InputTree, lack: Lack): void {
  if (submitter === undefined) lack('approval by anybody (name submitters)');
  if (submitterParameter !== undefined) lack('the name of who approved');
  if (parameters.length > 0) lack('parameters that are asked for amid a run');
}

const CONDITIONS = [
  'branch',
  'tag',
  'buildingTag',
  'changeRequest',
  'environment',
  'equals',
  'triggeredBy',
  'allOf',
  'anyOf',
  'not',
];

function checkCondition(condition: ConditionTree, lack: Lack): void {
  const { name, arguments: given, children } = condition;
  if (!CONDITIONS.includes(name)) lack(name === 'expression' ? 'expressions of Groovy' : `condition "${name}"`);
  if (
    name === 'changeRequest' &&
    given.kind === 'named' &&
    given.values.some((one) => !['target', 'comparator'].includes(one.name))
  )
    lack('conditions on the author, title or source of a pull request');
  if (name === 'triggeredBy' && given.kind === 'named') lack('conditions on who started a run');
  for (const child of children) checkCondition(child, lack);
}

/** @param stage whose steps they are, where an approval may be all that there is */
function checkSteps(steps: readonly StepTree[], stage: StageTree | undefined, lack: Lack): void {
  const alone = steps.length === 1 && stage !== undefined && stage.post.length === 0;
  for (const step of steps) checkStep(step, alone, lack);
}

function checkStep(step: StepTree, alone: boolean, lack: Lack): void {
  switch (step.kind) {
    case 'approval':
      if (!alone) lack('approval amid other steps');
      else if (step.submitters.length === 0) lack('approval by anybody (name submitters)');
      return;
    case 'retry':
      if (!alone) lack('retries of some steps of a stage');
      break;
    case 'timeout':
      if (step.steps.length > 1) lack('one timeout for several steps');
      break;
    case 'script':
      lack('Groovy');
      return;
    case 'library':
      lack('shared libraries of Groovy');
      return;
    case 'call':
      // A place to run, which every step has here.
      if (step.name === 'node' && step.steps !== undefined) break;
      lack(`step "${step.name}" of Jenkins`);
      return;
    case 'notify':
      if (step.channel.kind === 'mail') lack('mail by the build server');
      if (step.channel.kind === 'slack') lack('Slack by the build server');
      return;
    case 'echo':
    case 'error':
      checkValue(step.message, lack);
      return;
    case 'withEnv':
      for (const { value } of step.variables) checkValue(value, lack);
      break;
    case 'image':
      checkValue(step.tag, lack);
      return;
  }
  if ('steps' in step) for (const inner of step.steps ?? []) checkStep(inner, false, lack);
}
