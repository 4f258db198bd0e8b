import { type Symbols, symbols } from './symbol-model';

/*
 * What stands in the sections of a declarative pipeline, by its symbol (jenkinsci/pipeline-model-definition-plugin: DeclarativeAgent, DeclarativeOption,
 * DeclarativeStageConditional, BuildCondition; symbols of core, workflow-job, timestamper, git and SCM hosters' plugins). What other plugins add a program
 * declares.
 */

/** Kinds of agents without settings. */
export const BARE_AGENTS: readonly string[] = ['any', 'none'];

export const AGENTS: Symbols = symbols({
  label: 'label! customWorkspace:any retries:any',
  node: 'label! customWorkspace:any retries:any',
  docker:
    'image! label:any args:any alwaysPull:flag reuseNode:flag customWorkspace:any registryUrl:any registryCredentialsId:any containerPerStageRoot:flag',
  dockerfile:
    'filename:any dir:any label:any args:any additionalBuildArgs:any reuseNode:flag customWorkspace:any registryUrl:any registryCredentialsId:any containerPerStageRoot:flag alwaysPull:flag',
  kubernetes:
    'activeDeadlineSeconds:any agentContainer:any agentInjection:flag cloud:any containerTemplate:any containerTemplates:any customWorkspace:any defaultContainer:any hostNetwork:flag idleMinutes:any imagePullSecrets:any inheritFrom:any inheritYamlMergeStrategy:flag instanceCap:any label:any namespace:any nodeSelector:any podRetention:any retries:any runAsGroup:any runAsUser:any schedulerName:any serviceAccount:any showRawYaml:flag slaveConnectTimeout:any supplementalGroups:any workingDir:any workspaceVolume:any yaml:any yamlFile:any yamlMergeStrategy:any',
});

/** Options that a stage may have too. */
const STAGE_OPTION_TEXTS = {
  ansiColor: 'colorMapName!',
  catchError: 'buildResult:any stageResult:any message:any catchInterruptions:flag',
  lock: '…',
  retry: 'count!:whole conditions:any',
  skipDefaultCheckout: 'value:flag',
  throttle: '…',
  timeout: 'time!:whole unit:any activity:flag',
  timestamps: '',
  warnError: 'message! catchInterruptions:flag',
  withChecks: 'name! includeStage:flag',
  withCredentials: 'bindings!:any',
  withEnv: 'overrides!:any',
  ws: 'dir!',
};

export const STAGE_OPTIONS: Symbols = symbols(STAGE_OPTION_TEXTS);

export const OPTIONS: Symbols = symbols({
  ...STAGE_OPTION_TEXTS,
  authorizationMatrix: '…',
  buildDiscarder: 'strategy!:any',
  checkoutToSubdirectory: 'path!',
  copyArtifactPermission: 'projectNames!',
  disableConcurrentBuilds: 'abortPrevious:flag',
  disableRestartFromStage: '',
  disableResume: '',
  durabilityHint: 'hint!:any',
  gitLabConnection: '…',
  githubProjectProperty: '…',
  gitlabBuilds: '…',
  newContainerPerStage: '',
  overrideIndexTriggers: 'enableTriggers!:flag',
  parallelsAlwaysFailFast: '',
  preserveStashes: 'buildCount:whole',
  provisioningTimeout: '…',
  quietPeriod: 'quietPeriod!:whole',
  rateLimitBuilds: '…',
  skipStagesAfterUnstable: '',
  throttleJobProperty: '…',
});

export const TRIGGERS: Symbols = symbols({
  GenericTrigger: '…',
  bitbucketPush: '…',
  cron: 'spec!',
  eventTrigger: '…',
  gerrit: '…',
  githubPush: '',
  gitlab: '…',
  parameterizedCron: 'parameterizedSpecification!',
  pollSCM: 'scmpoll_spec! ignorePostCommitHooks:flag',
  snapshotDependencies: '',
  upstream: 'upstreamProjects threshold:any',
});

const TEXT_PARAMETER = 'name! defaultValue description:any trim:flag';

export const PARAMETERS: Symbols = symbols({
  activeChoice: '…',
  base64File: 'name! description:any',
  booleanParam: 'name! defaultValue:flag description:any',
  choice: 'name! choices!:any description:any',
  choiceParam: 'name! choices!:any description:any',
  credentials: 'name! credentialType:any defaultValue:any description:any required:flag',
  extendedChoice: '…',
  file: 'name! description:any',
  fileParam: 'name! description:any',
  gitParameter: '…',
  hidden: '…',
  imageTag: '…',
  listGitBranches: '…',
  nonStoredPassword: 'name! description:any',
  password: 'name! defaultValue:any defaultValueAsSecret:any description:any',
  reactiveChoice: '…',
  run: 'name! projectName! description:any filter:any',
  runParam: 'name! projectName! description:any filter:any',
  separator: '…',
  stashedFile: 'name! description:any',
  string: TEXT_PARAMETER,
  stringParam: TEXT_PARAMETER,
  text: TEXT_PARAMETER,
  textParam: TEXT_PARAMETER,
  validatingString: '…',
});

/** Conditions with conditions inside: how many; undefined: at least one. */
export const NESTING_CONDITIONS: { readonly [name: string]: { readonly children?: number } } = {
  allOf: {},
  anyOf: {},
  not: { children: 1 },
};

export const CONDITIONS: Symbols = symbols({
  branch: 'pattern! comparator:any',
  buildingTag: '',
  changeRequest:
    'id:any target:any branch:any fork:any url:any title:any author:any authorDisplayName:any authorEmail:any comparator:any',
  changelog: 'pattern! caseSensitive:flag multiline:flag glob:any',
  changeset: 'pattern! comparator:any caseSensitive:flag glob:any',
  environment: 'name! value! ignoreCase:flag',
  equals: 'expected!:any actual!:any',
  expression: '…',
  isRestartedRun: '',
  tag: 'pattern:any comparator:any',
  triggeredBy: 'cause!:any detail:any',
});

export const POST_CONDITIONS: readonly string[] = [
  'always',
  'changed',
  'fixed',
  'regression',
  'aborted',
  'failure',
  'success',
  'unstable',
  'unsuccessful',
  'notBuilt',
  'cleanup',
];

/** Kinds of tools by their symbols. */
export const TOOLS: readonly string[] = [
  'allure',
  'ant',
  'cmake',
  'dockerTool',
  'dotnetsdk',
  'git',
  'go',
  'gradle',
  'groovy',
  'jdk',
  'jgit',
  'maven',
  'msbuild',
  'nodejs',
  'sbt',
  'terraform',
];

/** Things that other things are made of, where it matters what they take. */
export const PARTS: Symbols = symbols({
  logRotator:
    'daysToKeepStr:any numToKeepStr:any artifactDaysToKeepStr:any artifactNumToKeepStr:any removeLastBuild:flag',
});
