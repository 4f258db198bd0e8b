import { DEVOPS } from '../../private/kubesphere-rendering';
import { present } from '../../private/present-members';
import { DevOpsCredentialType } from '../devops-credential';
import {
  type DevOpsStepTemplateProps,
  type StepParameter,
  StepParameterType,
  StepRuntime,
} from '../devops-template-props';
import type { Mistake } from './mistake';
import { displayed } from './template-rendering';

export function stepTemplateObject(name: string, props: DevOpsStepTemplateProps): object {
  const { template, runtime, parameters = [], container, agentLabel, credentialType, displayName } = props;
  const annotations = displayed(displayName, undefined);
  return {
    apiVersion: DEVOPS,
    kind: 'ClusterStepTemplate',
    metadata: {
      name,
      labels: { 'app.kubernetes.io/managed-by': 'orrery', 'step.devops.kubesphere.io/category': 'General' },
      ...(displayName === undefined ? {} : { annotations }),
    },
    spec: present({
      runtime: runtime ?? StepRuntime.SHELL,
      template,
      container,
      agent: agentLabel,
      parameters: parameters.length === 0 ? undefined : parameters.map(parameterObject),
      secret:
        credentialType === undefined
          ? undefined
          : {
              type: `credential.devops.kubesphere.io/${credentialType}`,
              wrap: true,
              mapping: VARIABLES[credentialType],
            },
    }),
  };
}

/** Variables that the values of a credential are in (ks-devops pkg/api/devops/v1alpha3/steptemplate_types.go, DefaultSecretKeyMapping). */
const VARIABLES: { readonly [type in DevOpsCredentialType]: { readonly [key: string]: string } } = {
  [DevOpsCredentialType.BASIC_AUTH]: { passwordVariable: 'PASSWORDVARIABLE', usernameVariable: 'USERNAMEVARIABLE' },
  [DevOpsCredentialType.SECRET_TEXT]: { variable: 'VARIABLE' },
  [DevOpsCredentialType.KUBECONFIG]: { variable: 'VARIABLE' },
  [DevOpsCredentialType.SSH_KEY]: {
    sshUserPrivateKey: 'SSHUSERPRIVATEKEY',
    keyFileVariable: 'KEYFILEVARIABLE',
    passphraseVariable: 'PASSPHRASEVARIABLE',
  },
};

/** Of choices the definition only says that they are a text: it is JSON here, a list of labels and values. */
function parameterObject(parameter: StepParameter): object {
  const { name, parameterType, required, display, defaultValue, choices, condition } = parameter;
  return present({
    name,
    type: parameterType ?? StepParameterType.STRING,
    required,
    display: display ?? name,
    defaultValue,
    options:
      choices === undefined ? undefined : JSON.stringify(choices.map((choice) => ({ label: choice, value: choice }))),
    condition,
  });
}

export function stepTemplateMistakes(props: DevOpsStepTemplateProps): Mistake[] {
  const { template, runtime = StepRuntime.SHELL, parameters = [], container } = props;
  const mistakes: Mistake[] = [];
  const add = (code: Mistake['code'], what: string, fix: string) => mistakes.push({ code, what, fix });
  const used = [...template.matchAll(/\.param\.([A-Za-z0-9_]+)/g)].map(([, name]) => name);
  const names = parameters.map(({ name }) => name);
  if (template.trim() === '')
    add('ORR2011', 'The template of the step is empty.', 'Write a script of the shell, or JSON.');
  // shellRender puts the script between the quotes of a JSON text as it is (steptemplate_render.go).
  if (runtime === StepRuntime.SHELL && /["\\\t\r]/.test(template.replace(/\{\{.*?\}\}/gs, '')))
    add(
      'ORR2011',
      'KubeSphere puts a script of the shell into JSON as it is: quotes ("), backslashes and tabs break it.',
      'Use single quotes, or StepRuntime.DSL.',
    );
  if (runtime === StepRuntime.DSL && !isJsonTemplate(template))
    add('ORR2011', 'The template is no JSON of a step.', 'Write { "name": "…", "arguments": […] }.');
  if (container !== undefined && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(container))
    add('ORR2003', `"${container}" is not a valid name of a container.`, 'Use lower-case letters, digits and "-".');
  for (const name of used)
    if (name !== undefined && !names.includes(name))
      add('ORR2012', `The template uses a parameter "${name}" that is not declared.`, 'Add it to parameters.');
  for (const { name, parameterType, choices } of parameters) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      add('ORR2003', `"${name}" is not a valid name of a parameter.`, 'Use letters, digits and "_".');
    if (names.indexOf(name) !== names.lastIndexOf(name))
      add('ORR2004', `There are two parameters "${name}".`, 'Keep one of them.');
    if ((parameterType === StepParameterType.CHOICE) !== (choices ?? []).length > 0)
      add(
        'ORR2012',
        `Parameter "${name}" has choices and is none, or is one and has none.`,
        'Set parameterType: StepParameterType.CHOICE and choices together.',
      );
  }
  return mistakes;
}

/** JSON once its places are filled. */
function isJsonTemplate(template: string): boolean {
  try {
    const step: unknown = JSON.parse(template.replace(/\{\{.*?\}\}/gs, '1'));
    return typeof step === 'object' && step !== null && typeof (step as { readonly name?: unknown }).name === 'string';
  } catch {
    return false;
  }
}
