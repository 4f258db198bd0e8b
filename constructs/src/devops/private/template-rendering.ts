import type { StageTree, StepTree } from '../../pipeline/private/tree';
import { DEVOPS } from '../../private/kubesphere-rendering';
import { present } from '../../private/present-members';
import { type DevOpsTemplateProps, type TemplateParameter, TemplateParameterType } from '../devops-template-props';
import type { Mistake } from './mistake';

/** Names as Go takes them behind ".params.". */
const GO_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What a parameter has as a default. */
const DEFAULTS: { readonly [type in TemplateParameterType]: (value: unknown) => boolean } = {
  [TemplateParameterType.STRING]: (value) => typeof value === 'string',
  [TemplateParameterType.BOOLEAN]: (value) => typeof value === 'boolean',
  [TemplateParameterType.NUMBER]: (value) => typeof value === 'number',
  [TemplateParameterType.STRING_LIST]: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
};

export function templateObject(name: string, props: DevOpsTemplateProps): object {
  const { project, parameters = [], definition, displayName, description } = props;
  const annotations = displayed(displayName, description);
  return {
    apiVersion: DEVOPS,
    kind: project === undefined ? 'ClusterTemplate' : 'Template',
    metadata: {
      name,
      ...(project === undefined ? {} : { namespace: project.node.id }),
      labels: { 'app.kubernetes.io/managed-by': 'orrery' },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: present({
      parameters: parameters.length === 0 ? undefined : parameters.map(parameterObject),
      template: goTemplate(definition.toJenkinsfile(), parameters),
    }),
  };
}

/** Names for people, as the console of KubeSphere reads them. */
export function displayed(displayName: string | undefined, description: string | undefined): { [key: string]: string } {
  const prefix = 'devops.kubesphere.io/';
  return {
    ...(displayName === undefined
      ? {}
      : { [`${prefix}displayNameEN`]: displayName, [`${prefix}displayNameZH`]: displayName }),
    ...(description === undefined
      ? {}
      : { [`${prefix}descriptionEN`]: description, [`${prefix}descriptionZH`]: description }),
  };
}

function parameterObject({
  name,
  description,
  parameterType,
  required,
  defaultValue,
  ...check
}: TemplateParameter): object {
  const { expression, message } = check;
  return present({
    name,
    description,
    required,
    default: defaultValue,
    type: parameterType ?? TemplateParameterType.STRING,
    validation: expression === undefined ? undefined : { expression, message },
  });
}

/**
 * A Jenkinsfile as a template. KubeSphere reads Go templates between "$(" and ")" (ks-devops pkg/kapis/devops/v1alpha3/template/render.go): a shell's "$(date)" would be one, so that
 * every "$(" that is meant is written as a text of its own. Values come in through `js`, which leaves no quote, backslash or line break that could end a literal of Groovy.
 */
function goTemplate(jenkinsfile: string, parameters: readonly { readonly name: string }[]): string {
  const escaped = jenkinsfile.replaceAll('$(', '$("$(")');
  return parameters.reduce((text, { name }) => text.replaceAll(placeOf(name), () => `$(js .params.${name})`), escaped);
}

function placeOf(name: string): string {
  return `((${name}))`;
}

export function templateMistakes(props: DevOpsTemplateProps): Mistake[] {
  const { project, host, parameters = [], definition } = props;
  const mistakes: Mistake[] = [];
  const add = (code: Mistake['code'], what: string, fix: string) => mistakes.push({ code, what, fix });
  if (project === undefined && host === undefined)
    add('ORR2013', 'Nothing says in which cluster the template is.', 'Set project or host.');
  if (project !== undefined && host !== undefined && project._host() !== host)
    add('ORR2012', `The DevOps project is not on cluster "${host}".`, 'Leave host out.');
  const own = definition._problems();
  if (own.length > 0) return own.map(({ code, what, fix }) => ({ code, what, fix: fix ?? 'Correct it.' }));
  const text = definition.toJenkinsfile();
  const inGroovy = groovyTexts(definition._tree().stages).join('\n');
  const names = parameters.map(({ name }) => name);
  for (const { name, parameterType = TemplateParameterType.STRING, defaultValue, expression, message } of parameters) {
    if (!GO_NAME.test(name))
      add('ORR2003', `"${name}" is not a valid name of a parameter.`, 'Use letters, digits and "_".');
    if (names.indexOf(name) !== names.lastIndexOf(name))
      add('ORR2004', `There are two parameters "${name}".`, 'Keep one of them.');
    if (!text.includes(placeOf(name)))
      add(
        'ORR2012',
        `Parameter "${name}" stands nowhere in the definition.`,
        `Write ${placeOf(name)} where its value belongs.`,
      );
    if (inGroovy.includes(placeOf(name)))
      add(
        'ORR2012',
        `Parameter "${name}" stands in Groovy, where its value could become code.`,
        'Put it into a text: a script of the shell, a name, a message.',
      );
    if (defaultValue !== undefined && !DEFAULTS[parameterType](defaultValue))
      add('ORR2011', `The default of parameter "${name}" is no ${parameterType}.`, 'Correct one of them.');
    if ((expression === undefined) !== (message === undefined))
      add('ORR2012', `Parameter "${name}" has only one of expression and message.`, 'Say both, or none.');
  }
  return mistakes;
}

/** Sources of Groovy, and texts in double quotes, where "$" has a meaning. */
function groovyTexts(stages: readonly StageTree[]): string[] {
  return stages.flatMap((stage) => [...sourcesIn({ ...stage, body: undefined }), ...bodyTexts(stage)]);
}

function bodyTexts({ body }: StageTree): string[] {
  if (body.kind === 'steps') return body.steps.flatMap(sourcesIn);
  if (body.kind === 'branches') return body.branches.flatMap(({ steps }) => steps.flatMap(sourcesIn));
  return groovyTexts(body.kind === 'matrix' ? body.matrix.stages : body.stages);
}

/** Members that hold Groovy or a text of several parts, wherever they stand in a piece of the tree. */
function sourcesIn(piece: StepTree | object | string | number | boolean | null | undefined): string[] {
  if (typeof piece !== 'object' || piece === null) return [];
  const { kind, source, parts } = piece as {
    readonly kind?: string;
    readonly source?: unknown;
    readonly parts?: readonly object[];
  };
  if ((kind === 'groovy' || kind === 'script') && typeof source === 'string') return [source];
  if (kind === 'template') return [JSON.stringify(parts)];
  return Object.values(piece).flatMap((value) => sourcesIn(value as object));
}
