import type { CredentialTree, PipelineTree, StageTree, StepTree } from '../../pipeline/private/tree';
import { DevOpsCredentialType } from '../devops-credential';
import type { DevOpsProject } from '../devops-project';
import type { DevOpsSource } from '../devops-source';
import type { Mistake } from './mistake';

/** What each binding of a step wants. KubeSphere has no files. */
const WANTED: { readonly [kind in CredentialTree['kind']]: DevOpsCredentialType | undefined } = {
  usernamePassword: DevOpsCredentialType.BASIC_AUTH,
  secretText: DevOpsCredentialType.SECRET_TEXT,
  secretFile: undefined,
  sshKey: DevOpsCredentialType.SSH_KEY,
  kubeconfig: DevOpsCredentialType.KUBECONFIG,
};

/** Credentials that are used as what they are not. Of those that the project does not declare nothing is known: Jenkins may have them itself. */
export function credentialMistakes(
  project: DevOpsProject,
  source: DevOpsSource | undefined,
  tree: PipelineTree,
): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const { kind, id } of tree.stages.flatMap(bindingsOfStage)) {
    const declared = project._credential(id)?._type();
    if (declared === undefined || declared === WANTED[kind]) continue;
    const what = `A step takes credential "${id}" for a ${kind}, and the project has it as ${declared}.`;
    mistakes.push({ code: 'ORR2012', what, fix: 'Use the binding of its type, or another credential.' });
  }
  const id = source?._options().credential;
  const type = id === undefined ? undefined : project._credential(id)?._type();
  if (type === DevOpsCredentialType.KUBECONFIG) {
    const what = `The source is read with credential "${id}", and the project has it as ${type}.`;
    mistakes.push({ code: 'ORR2012', what, fix: 'Use one of type basic-auth, ssh-auth or secret-text.' });
  }
  return mistakes;
}

function bindingsOfStage(stage: StageTree): CredentialTree[] {
  const { body, post } = stage;
  const after = post.flatMap(({ steps }) => steps.flatMap(bindingsOfStep));
  if (body.kind === 'steps') return [...body.steps.flatMap(bindingsOfStep), ...after];
  if (body.kind === 'branches')
    return [...body.branches.flatMap(({ steps }) => steps.flatMap(bindingsOfStep)), ...after];
  const stages = body.kind === 'matrix' ? body.matrix.stages : body.stages;
  return [...stages.flatMap(bindingsOfStage), ...after];
}

function bindingsOfStep(step: StepTree): CredentialTree[] {
  const own = step.kind === 'withCredentials' || step.kind === 'deploy' ? step.credentials : [];
  const inner = 'steps' in step && step.steps !== undefined ? step.steps.flatMap(bindingsOfStep) : [];
  return [...own, ...inner];
}
