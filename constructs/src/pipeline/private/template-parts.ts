import { failHere } from '../../private/problem';
import { BuildContainer, type BuildContainerOptions } from '../build-container';
import { PipelineAgent } from '../pipeline-agent';
import { PipelineDefinition } from '../pipeline-definition';
import { PipelineInput } from '../pipeline-input';
import { PipelineOption } from '../pipeline-option';
import type { PipelineParameter } from '../pipeline-parameter';
import { PipelinePost } from '../pipeline-post';
import { PipelineStage } from '../pipeline-stage';
import { PipelineStep } from '../pipeline-step';
import { ImageTool } from '../pipeline-step-props';
import type {
  PipelineTemplateProps,
  TemplateDeployment,
  TemplateImage,
  TemplateNotification,
  TemplateRepository,
} from '../pipeline-template-props';
import { PipelineWhen } from '../pipeline-when';

/** Stages that share a pod and its workspace, and those that come after it has gone. */
export interface TemplateStages {
  readonly agent: PipelineAgent;
  readonly together: readonly PipelineStage[];
  /** Each has an agent of its own, or asks a person and has none. */
  readonly afterwards: readonly PipelineStage[];
  readonly parameters?: readonly PipelineParameter[];
  readonly options?: readonly PipelineOption[];
}

/** While a person is asked no pod is held: what follows stands beside the stages that share one. */
export function templateDefinition(props: PipelineTemplateProps, stages: TemplateStages): PipelineDefinition {
  const { together, afterwards, agent, parameters, options = [] } = stages;
  const shared = [...checkout(props.repository), ...together];
  const post = notifications(props.notification, afterwards.length > 0);
  const timeout = timeLimit(props);
  return new PipelineDefinition({
    agent: afterwards.length === 0 ? agent : PipelineAgent.none(),
    ...(parameters === undefined ? {} : { parameters: [...parameters] }),
    options: [
      // The time of a person who is asked must not count.
      ...(afterwards.length === 0 ? [timeout] : []),
      PipelineOption.buildDiscarder({ builds: props.keepBuilds ?? 20 }),
      ...options,
    ],
    stages: afterwards.length === 0 ? shared : [...inPod(shared, agent, timeout), ...afterwards],
    ...(post.length === 0 ? {} : { post }),
  });
}

function inPod(stages: PipelineStage[], agent: PipelineAgent, timeout: PipelineOption): PipelineStage[] {
  return stages.length === 0 ? [] : [PipelineStage.stages('Build and check', stages, { agent, options: [timeout] })];
}

/** The Jenkinsfile's own repository is fetched by Jenkins itself. */
function checkout(repository: TemplateRepository | undefined): PipelineStage[] {
  return repository === undefined ? [] : [PipelineStage.steps('Checkout', sources(repository))];
}

/** Fetches the sources in a pod that did not share the others' workspace. */
export function sources(repository: TemplateRepository | undefined): PipelineStep[] {
  if (repository === undefined) return [];
  const { url, branch, credential } = repository;
  return [
    PipelineStep.git(url, {
      ...(branch === undefined ? {} : { branch }),
      ...(credential === undefined ? {} : { credential }),
    }),
  ];
}

function notifications(notification: TemplateNotification | undefined, isWithoutAgent: boolean): PipelinePost[] {
  if (notification === undefined) return [];
  const { mail = [], slack, webhook } = notification;
  // A script of the shell needs an agent, whichever.
  const onAgent = (step: PipelineStep) => (isWithoutAgent ? PipelineStep.callWith('node', [], step) : step);
  const tell = (how: string) => [
    ...(mail.length === 0 ? [] : [PipelineStep.mail(mail, `Pipeline ${how}`, `The pipeline ${how}.`)]),
    ...(slack === undefined ? [] : [PipelineStep.slack(slack, `The pipeline ${how}.`)]),
    ...(webhook === undefined ? [] : [onAgent(PipelineStep.webhook(webhook, `The pipeline ${how}.`))]),
  ];
  const failed = tell('failed');
  if (failed.length === 0) return [];
  return [PipelinePost.failure(...failed), PipelinePost.recovered(...tell('is well again'))];
}

/** The container of an image's tool. */
export function imageContainer({ tool = ImageTool.BUILDKIT, toolImage }: TemplateImage): BuildContainer {
  const options: BuildContainerOptions = toolImage === undefined ? {} : { image: toolImage };
  switch (tool) {
    case ImageTool.BUILDKIT:
      return BuildContainer.buildkit(options);
    case ImageTool.BUILDAH:
      return BuildContainer.buildah(options);
    case ImageTool.KANIKO:
      if (toolImage !== undefined) return BuildContainer.kaniko(toolImage);
      return failHere(undefined, 'ORR2013', 'Nothing says which fork of Kaniko builds the image.', {
        fix: 'Set toolImage to an image of a fork that is maintained, in its variant with a shell.',
      });
  }
}

/** An image of the commit, on some branches. */
export function imageStage(image: TemplateImage, directory?: string): PipelineStage {
  const { tool, registryCredential, dockerfile, platforms, branches = 'main' } = image;
  const step = PipelineStep.buildImage({
    image: image.image,
    ...(tool === undefined ? {} : { tool }),
    ...(registryCredential === undefined ? {} : { registryCredential }),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(platforms === undefined ? {} : { platforms }),
    ...(directory === undefined ? {} : { context: directory }),
  });
  return PipelineStage.steps('Image', [step], { when: [PipelineWhen.branch(branches)] });
}

/** How long what needs no person may take. */
export function timeLimit({ timeout }: PipelineTemplateProps): PipelineOption {
  return PipelineOption.timeout(timeout ?? '1h');
}

/** Plan for a pull request; on the branch plan, question to a person, apply of exactly what was planned. */
export function deploymentStages(
  { clusters, credentials, submitters, branch = 'main', directory, image }: TemplateDeployment,
  props: PipelineTemplateProps,
): PipelineStage[] {
  const inNode = { agent: nodeAgent(image), options: [timeLimit(props)] };
  const where = {
    ...(clusters === undefined ? {} : { clusters }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(directory === undefined ? {} : { directory }),
  };
  const onBranch = { when: [PipelineWhen.branch(branch)] };
  const input = new PipelineInput('Apply this plan?', {
    ok: 'Apply',
    ...(submitters === undefined ? {} : { submitters }),
  });
  const fetch = [...sources(props.repository), install(directory)];
  return [
    PipelineStage.steps('Plan for review', [...fetch, PipelineStep.orreryPlan(where)], {
      ...inNode,
      when: [PipelineWhen.changeRequest()],
      whenBeforeAgent: true,
    }),
    PipelineStage.steps('Plan', [...fetch, PipelineStep.orreryPlan({ ...where, plan: 'plan.json' })], {
      ...inNode,
      ...onBranch,
      whenBeforeAgent: true,
    }),
    PipelineStage.approval(
      'Release',
      input,
      [PipelineStage.steps('Apply', [...fetch, PipelineStep.orreryApply({ ...where, plan: 'plan.json' })], inNode)],
      onBranch,
    ),
  ];
}

/** A pod with Node, for `orrery`. */
export function nodeAgent(image: string | undefined): PipelineAgent {
  return PipelineAgent.pod([BuildContainer.node(image === undefined ? {} : { image })]);
}

/** The packages of the project, among them the command. */
export function install(directory: string | undefined): PipelineStep {
  const step = PipelineStep.sh('npm ci', { container: 'node', label: 'npm ci' });
  return directory === undefined ? step : PipelineStep.dir(directory, step);
}
