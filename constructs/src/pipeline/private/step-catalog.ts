import { lookUp, symbols } from './symbol-model';

/**
 * Steps of the plugins that every Jenkins for pipelines has, with what their constructors want and their setters take (workflow-basic-steps,
 * workflow-durable-task-step, workflow-cps, kubernetes, credentials-binding, git, junit, sonar, core). Others are not looked into: a shared library may
 * have steps of any name.
 */
export const STEPS = symbols({
  archive: 'includes! excludes',
  archiveArtifacts:
    'artifacts! allowEmptyArchive:flag caseSensitive:flag defaultExcludes:flag excludes fingerprint:flag followSymlinks:flag onlyIfSuccessful:flag',
  bat: 'script! encoding label returnStatus:flag returnStdout:flag',
  build: 'job! parameters:any propagate:flag quietPeriod:any wait:flag waitForStart:flag',
  catchError: 'buildResult:any stageResult:any message:any catchInterruptions:flag {}',
  checkout: 'scm!:any changelog:flag poll:flag',
  container: 'name! shell {}',
  deleteDir: '',
  dir: 'path! {}',
  echo: 'message!',
  error: 'message!',
  fileExists: 'file!',
  git: 'url! branch credentialsId:any changelog:flag poll:flag',
  input: 'message! id ok submitter submitterParameter parameters:any cancel',
  isUnix: '',
  junit:
    'testResults! allowEmptyResults:flag keepLongStdio:flag keepProperties:flag keepTestNames:flag healthScaleFactor:any testDataPublishers:any skipPublishingChecks:flag checksName skipMarkingBuildUnstable:flag skipOldReports:flag stdioRetention',
  library: 'identifier! changelog:flag retriever:any',
  load: 'path!',
  mail: 'subject! body! to:any cc:any bcc:any from:any replyTo:any charset:any mimeType:any',
  milestone: 'ordinal!:any label:any unsafe:flag',
  powershell: 'script! encoding label returnStatus:flag returnStdout:flag',
  pwd: 'tmp:flag',
  pwsh: 'script! encoding label returnStatus:flag returnStdout:flag',
  readFile: 'file! encoding',
  retry: 'count!:whole conditions:any {}',
  sh: 'script! encoding label returnStatus:flag returnStdout:flag',
  sleep: 'time!:whole unit:any',
  stash: 'name! allowEmpty:flag excludes includes useDefaultExcludes:flag',
  step: 'delegate!:any',
  timeout: 'time!:whole unit:any activity:flag {}',
  timestamps: '{}',
  tool: 'name! type:any',
  unstable: 'message!',
  unstash: 'name!',
  waitForQualityGate: 'abortPipeline:flag credentialsId:any webhookSecretId:any',
  waitUntil: 'initialRecurrencePeriod:any quiet:flag {}',
  warnError: 'message! catchInterruptions:flag {}',
  withCredentials: 'bindings!:any {}',
  withEnv: 'overrides!:any {}',
  withSonarQubeEnv: 'installationName:any credentialsId:any envOnly:flag {}',
  wrap: 'delegate!:any {}',
  writeFile: 'file! text! encoding',
  ws: 'dir! {}',
});

/** The parameter that may be given without its name: the only one that is required, of a step without block. */
export function soleParameterOf(step: string): string | undefined {
  const model = lookUp(STEPS, step);
  return model !== undefined && model.hasBlock !== true && model.required.length === 1 ? model.required[0] : undefined;
}
