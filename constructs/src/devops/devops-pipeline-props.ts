import type { DevOpsProject } from './devops-project';
import type { DevOpsSource } from './devops-source';

/** When runs of a pipeline are forgotten. */
export interface RunDiscarder {
  /** @default - days do not matter */
  readonly daysToKeep?: number;
  /** @default - their number does not matter */
  readonly runsToKeep?: number;
}

/** A variable of a run that is taken from a request. */
export interface WebhookVariable {
  /** Name of the parameter of the request, or of its header. */
  readonly key: string;
  /** Regular expression (of Java): what fits is left out of the value. @default - nothing is */
  readonly regexpFilter?: string;
}

/** Which requests start a run: the text has to fit the expression. */
export interface WebhookFilter {
  /** With variables of the request, e.g. "$ref". */
  readonly text: string;
  /** Regular expression (of Java), e.g. "^refs/heads/main$". */
  readonly expression: string;
}

/** Requests that start a run, by the plugin Generic Webhook Trigger. */
export interface GenericWebhook {
  /**
   * What the request names the pipeline by: "…/webhook/generic-trigger?token=…". It is no secret: it stands in the Pipeline, which has no way to refer to one.
   * @default - none: the request needs a user of Jenkins
   */
  readonly token?: string;
  /** Why it was started, for people; may have variables. @default - Jenkins' own words */
  readonly cause?: string;
  /** Variables from parameters of the request. @default - none */
  readonly requestVariables?: WebhookVariable[];
  /** Variables from headers of the request. @default - none */
  readonly headerVariables?: WebhookVariable[];
  /** @default - every request starts one */
  readonly filter?: WebhookFilter;
  /** Variables are written into the log. @default false */
  readonly printVariables?: boolean;
  /** The request is written into the log. @default false */
  readonly printContent?: boolean;
}

/** A repository whose server tells KubeSphere of changes (https://…/v1alpha3/webhooks/scm): each starts a run. */
export interface ScmWebhook {
  /** Address of the repository in Git. */
  readonly url: string;
  /** Regular expressions (of Go) for branches. @default - every branch */
  readonly branches?: string[];
}

/** Who turns the graphical editor's tree and the Jenkinsfile into each other. */
export enum JenkinsfileEditMode {
  /** Nobody: both are written as the program says, and stay so. */
  WRITTEN = 'written',
  /**
   * KubeSphere lets its Jenkins make the tree of the Jenkinsfile and say whether it is valid, after each change; it takes the annotation "raw" away when that is done, so that the
   * next plan shows one annotation that is written again.
   */
  RAW = 'raw',
}

/** What stands at the branch, tag or pull request that a run is of. */
export enum ScmRefType {
  BRANCH = 'branch',
  TAG = 'tag',
  PULL_REQUEST = 'pr',
  MERGE_REQUEST = 'mr',
}

/** What is done with a run that exists. */
export enum RunAction {
  STOP = 'Stop',
  PAUSE = 'Pause',
  RESUME = 'Resume',
}

/** A run: KubeSphere starts it when the object appears, once. */
export interface DevOpsRun {
  /** Name of the PipelineRun. Another name is another run. */
  readonly name: string;
  /** Values of the pipeline's parameters. @default - their defaults */
  readonly parameters?: { [name: string]: string };
  /** Branch, tag or request to run for; only and always of a multi-branch pipeline. @default - none */
  readonly refName?: string;
  /** @default ScmRefType.BRANCH */
  readonly refType?: ScmRefType;
  /** What is done with it. @default - nothing */
  readonly action?: RunAction;
}

/** Of a pipeline in KubeSphere DevOps. */
export interface DevOpsPipelineProps {
  /** The DevOps project that it is in. */
  readonly project: DevOpsProject;
  /** A multi-branch pipeline, which has its Jenkinsfile from there. @default - the Jenkinsfile stands in the Pipeline */
  readonly source?: DevOpsSource;
  /** Name of the Pipeline. @default - that of the construct */
  readonly pipelineName?: string;
  /** @default - none */
  readonly description?: string;
  /** When runs are forgotten. @default - never */
  readonly discarder?: RunDiscarder;
  /** Two runs at a time. Not with `source`: there the Jenkinsfile says it. @default - unless the definition has the option disableConcurrentBuilds */
  readonly concurrent?: boolean;
  /** When it is run by itself, in the words of cron with "H". Not with `source`. @default - by the first cron trigger of the definition */
  readonly cron?: string;
  /**
   * A token by which anybody starts it through Jenkins. It is no secret: it stands in the Pipeline, which has no way to refer to one. Not with `source`.
   * @default - none
   */
  readonly remoteToken?: string;
  /** Requests that start it. Not with `source`. @default - none */
  readonly webhook?: GenericWebhook;
  /** The repository whose changes start it. Not with `source`, which needs none. @default - none */
  readonly scmWebhook?: ScmWebhook;
  /** Not with `source`. @default JenkinsfileEditMode.WRITTEN */
  readonly editMode?: JenkinsfileEditMode;
  /** Runs that are started. @default - none */
  readonly runs?: DevOpsRun[];
}
