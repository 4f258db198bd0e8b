import type { RawValue, StepArguments, StepModel } from './jenkins-model';
import { timeArguments } from './step-arguments';
import { expandStep } from './step-expansion';
import type { BasicStep, CredentialTree, Literal, NamedValue, StepTree, ValueTree } from './tree';
import { argumentName, groovyOf, rawGroovy, rawLiteral, rawValue, stepArguments } from './value-lowering';

/** Steps as Jenkins calls them. */
export function stepModels(steps: readonly StepTree[]): StepModel[] {
  return steps.flatMap((step) => expandStep(step).map(stepModel));
}

function stepModel(step: BasicStep): StepModel {
  switch (step.kind) {
    case 'checkout':
      return { name: 'checkout', arguments: rawGroovy('scm') };
    case 'git':
      return named('git', { url: step.url, branch: step.branch, credentialsId: step.credential });
    case 'sh':
      return named('sh', { label: step.label, script: step.script });
    case 'echo':
      return { name: 'echo', arguments: [{ key: 'message', value: rawValue(step.message) }] };
    case 'error':
      return { name: 'error', arguments: [{ key: 'message', value: rawValue(step.message) }] };
    case 'container':
      return block('container', rawLiteral(step.name), step.steps);
    case 'dir':
      return block('dir', rawLiteral(step.path), step.steps);
    case 'timeout':
      return block('timeout', stepArguments(timeArguments(step.seconds)), step.steps);
    case 'retry':
      return block('retry', rawLiteral(step.count), step.steps);
    case 'withCredentials':
      return block('withCredentials', groovyList(step.credentials.map(bindingOf)), step.steps);
    case 'withEnv':
      return block('withEnv', groovyList(step.variables.map(variableOf)), step.steps);
    case 'stash':
      return named('stash', { name: step.name, includes: step.includes, excludes: step.excludes });
    case 'unstash':
      return named('unstash', { name: step.name });
    case 'archive':
      return named('archiveArtifacts', {
        artifacts: step.artifacts,
        allowEmptyArchive: step.allowEmpty ? true : undefined,
      });
    case 'junit':
      return named('junit', { testResults: step.results, allowEmptyResults: step.allowEmpty ? true : undefined });
    case 'approval': {
      const submitter = step.submitters.length === 0 ? undefined : step.submitters.join(',');
      return named('input', { message: step.message, ok: step.ok, submitter });
    }
    case 'sonarqube':
      return block('withSonarQubeEnv', rawLiteral(step.server), step.steps);
    case 'qualityGate':
      return {
        name: 'timeout',
        arguments: stepArguments(timeArguments(step.seconds)),
        children: [named('waitForQualityGate', { abortPipeline: step.aborts })],
      };
    case 'library':
      return { name: 'library', arguments: rawLiteral(step.name) };
    case 'script':
      return { name: 'script', arguments: [{ key: 'scriptBlock', value: rawLiteral(step.source) }] };
    case 'call': {
      const call = { name: step.name, arguments: stepArguments(step.arguments) };
      return step.steps === undefined ? call : { ...call, children: stepModels(step.steps) };
    }
  }
}

function named(name: string, values: { readonly [name: string]: Literal | undefined }): StepModel {
  return {
    name,
    arguments: Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value: rawLiteral(value) }],
    ),
  };
}

function block(name: string, given: StepArguments, steps: readonly StepTree[]): StepModel {
  return { name, arguments: given, children: stepModels(steps) };
}

function groovyList(items: readonly string[]): RawValue {
  return rawGroovy(`[${items.join(', ')}]`);
}

/** "NAME=value", which withEnv takes; a value that is known only when the pipeline runs is put behind it. */
function variableOf({ name, value }: NamedValue): string {
  if (value.kind === 'literal') return groovyOf({ kind: 'literal', value: `${name}=${value.value}` });
  const prefix: ValueTree = { kind: 'literal', value: `${name}=` };
  if (value.kind === 'template') {
    return groovyOf({ kind: 'template', parts: [{ kind: 'text', text: `${name}=` }, ...value.parts] });
  }
  return `${groovyOf(prefix)} + (${groovyOf(value)})`;
}

function bindingOf(credential: CredentialTree): string {
  switch (credential.kind) {
    case 'usernamePassword':
      return binding('usernamePassword', {
        credentialsId: credential.id,
        usernameVariable: credential.usernameVariable,
        passwordVariable: credential.passwordVariable,
      });
    case 'secretText':
      return binding('string', { credentialsId: credential.id, variable: credential.variable });
    case 'secretFile':
      return binding('file', { credentialsId: credential.id, variable: credential.variable });
    case 'sshKey':
      return binding('sshUserPrivateKey', {
        credentialsId: credential.id,
        keyFileVariable: credential.keyFileVariable,
        usernameVariable: credential.usernameVariable,
        passphraseVariable: credential.passphraseVariable,
      });
    case 'kubeconfig':
      return binding('kubeconfigContent', { credentialsId: credential.id, variable: credential.variable });
  }
}

function binding(name: string, values: { readonly [name: string]: string | undefined }): string {
  const given = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${argumentName(key)}: ${groovyOf({ kind: 'literal', value })}`],
  );
  return `${name}(${given.join(', ')})`;
}
