import { isDnsSubdomain, isLabelValue } from '../names';
import type { Finding } from '../service-validation';
import type { Metadata } from './objects';
import { type Report, reportTo, unique } from './task-rules';
import { INTERCEPTOR_PARAMS, RUN_FIELDS, TRIGGER_FIELDS, wrongFields } from './trigger-fields';
import { isParamName } from './variables';

/** An object of Tekton Triggers. */
export interface TriggerObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: object;
}

interface NamedValue {
  readonly name: string;
  readonly value: unknown;
}

interface Interceptor {
  readonly ref?: { readonly name?: string; readonly kind?: string };
  readonly params?: readonly NamedValue[];
  readonly webhook?: {
    readonly objectRef?: { readonly name?: string; readonly kind?: string; readonly apiVersion?: string };
  };
}

interface Template {
  readonly params?: readonly { readonly name: string }[];
  readonly resourcetemplates: readonly Resource[];
}

interface Resource {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Metadata;
  readonly spec?: object;
}

interface TemplateReference {
  readonly ref?: string;
  readonly spec?: Template;
}

interface ListenerTrigger {
  readonly name?: string;
  readonly triggerRef?: string;
  readonly bindings?: readonly {
    readonly name?: string;
    readonly value?: string;
    readonly ref?: string;
    readonly kind?: string;
  }[];
  readonly template?: TemplateReference;
  readonly interceptors?: readonly Interceptor[];
}

interface Listener {
  readonly triggers?: readonly ListenerTrigger[];
  readonly triggerGroups?: readonly object[];
  readonly labelSelector?: object;
  readonly namespaceSelector?: { readonly matchNames?: readonly string[] };
  readonly resources?: {
    readonly kubernetesResource?: { readonly replicas?: number };
    readonly customResource?: object;
  };
}

/**
 * What the structs and the admission of Tekton Triggers would not take (tektoncd/triggers pkg/apis/triggers/v1beta1/{event_listener,trigger,trigger_binding,trigger_template}_validation.go,
 * v1alpha1/cluster_interceptor_validation.go), field names included.
 */
export function triggerFindings(object: TriggerObject): Finding[] {
  const { kind, metadata, spec } = object;
  const findings: Finding[] = [];
  const report = reportTo(findings, `${kind} "${metadata.name ?? ''}"`);
  const fields = TRIGGER_FIELDS[kind];
  if (fields === undefined) {
    report('ORR2011', 'it is no kind of Tekton Triggers.', `Use one of: ${Object.keys(TRIGGER_FIELDS).join(', ')}.`);
    return findings;
  }
  const version = kind === 'ClusterInterceptor' || kind === 'Interceptor' ? 'v1alpha1' : 'v1beta1';
  if (object.apiVersion !== `triggers.tekton.dev/${version}`)
    report('ORR2011', `its apiVersion is "${object.apiVersion}".`, `Use triggers.tekton.dev/${version}.`);
  const wrong = wrongFields(spec, fields, 'spec');
  for (const what of wrong) report('ORR2011', what, 'Use the fields that Tekton Triggers knows.');
  if (!isDnsSubdomain(metadata.name ?? '')) report('ORR2003', 'its name is not valid.', 'Use a DNS subdomain.');
  if (wrong.length > 0) return findings;
  if (kind === 'EventListener') checkListener(metadata, spec as Listener, report);
  else if (kind === 'Trigger') checkTrigger(spec as ListenerTrigger, report);
  else if (kind === 'TriggerTemplate') checkTemplate(spec as Template, report);
  else if (kind === 'TriggerBinding' || kind === 'ClusterTriggerBinding')
    checkBinding((spec as { params: readonly NamedValue[] }).params, report);
  else checkClient(spec as { clientConfig: { url?: string; service?: object } }, report);
  return findings;
}

function checkListener(metadata: Metadata, spec: Listener, report: Report): void {
  // Its Service and Deployment are "el-" and its name.
  if ((metadata.name ?? '').length > 60) report('ORR2003', 'its name is too long.', 'Use at most 60 characters.');
  const { triggers = [], triggerGroups = [], labelSelector, namespaceSelector, resources } = spec;
  if (
    triggers.length + triggerGroups.length === 0 &&
    labelSelector === undefined &&
    (namespaceSelector?.matchNames ?? []).length === 0
  )
    report('ORR2011', 'it listens for nothing.', 'Add a trigger.');
  if (resources?.kubernetesResource !== undefined && resources.customResource !== undefined)
    report('ORR2012', 'it is a Deployment and something else.', 'Use kubernetesResource or customResource.');
  if ((resources?.kubernetesResource?.replicas ?? 0) < 0) report('ORR2011', 'replicas is below 0.', 'Use 0 or more.');
  triggers.forEach((trigger, at) => {
    const inTrigger: Report = (code, what, fix) => report(code, `trigger ${trigger.name ?? at + 1}: ${what}`, fix);
    if (trigger.template === undefined && trigger.triggerRef === undefined)
      inTrigger('ORR2011', 'it has no template.', 'Name a TriggerTemplate or a Trigger.');
    const own = [trigger.template, trigger.bindings, trigger.interceptors].some((part) => part !== undefined);
    if (trigger.triggerRef !== undefined && own)
      inTrigger('ORR2012', 'it refers to a Trigger and has parts of its own.', 'Leave one of them out.');
    checkTrigger(trigger, inTrigger);
  });
}

function checkTrigger(
  { name = '', bindings = [], template, interceptors = [] }: ListenerTrigger,
  report: Report,
): void {
  // It becomes the value of a label of what is made.
  if (!isLabelValue(name)) report('ORR2003', `"${name}" is no name of a trigger.`, 'Use a value of a label.');
  for (const { name: param = '', value, ref = '', kind = 'TriggerBinding' } of bindings) {
    if ((param === '') === (ref === ''))
      report('ORR2012', 'a binding is a reference or a value.', 'Set ref, or name and value.');
    else if (param !== '' && value === undefined) report('ORR2011', `binding "${param}" has no value.`, 'Set value.');
    if (ref !== '' && !['TriggerBinding', 'ClusterTriggerBinding'].includes(kind))
      report('ORR2011', `a binding is of kind "${kind}".`, 'Use TriggerBinding or ClusterTriggerBinding.');
  }
  if (template !== undefined) {
    if ((template.ref === undefined) === (template.spec === undefined))
      report('ORR2012', 'a template is referred to or written out.', 'Use ref or spec.');
    if (template.ref === '') report('ORR2011', 'the template has no name.', 'Name it.');
    if (template.spec !== undefined) checkTemplate(template.spec, report);
  }
  interceptors.forEach((interceptor, at) => {
    checkInterceptor(interceptor, (code, what, fix) => report(code, `interceptor ${at + 1}: ${what}`, fix));
  });
}

function checkInterceptor({ ref, params = [], webhook }: Interceptor, report: Report): void {
  const name = ref?.name ?? '';
  if (webhook === undefined && name === '') report('ORR2011', 'it names no interceptor.', 'Set ref.name or webhook.');
  if (webhook !== undefined) {
    const { name: service = '', kind, apiVersion } = webhook.objectRef ?? {};
    if (service === '' || kind !== 'Service' || apiVersion !== 'v1')
      report('ORR2011', 'its webhook is no Service.', 'Name a Service of apiVersion v1.');
  }
  const kind = ref?.kind ?? 'ClusterInterceptor';
  if (!['ClusterInterceptor', 'NamespacedInterceptor'].includes(kind))
    report('ORR2011', `it is of kind "${kind}".`, 'Use ClusterInterceptor or NamespacedInterceptor.');
  unique(
    params.map((param) => param.name),
    'param',
    report,
  );
  const known = kind === 'ClusterInterceptor' ? INTERCEPTOR_PARAMS[name] : undefined;
  if (known !== undefined) {
    const given = Object.fromEntries(params.map((param) => [param.name, param.value]));
    const wrong = wrongFields(given, known, name);
    for (const what of wrong) report('ORR2011', what, `It has: ${Object.keys(known).join(', ')}.`);
    if (wrong.length > 0) return;
  }
  if (name !== 'cel') return;
  const filter = params.find((param) => param.name === 'filter')?.value ?? '';
  const overlays = (params.find((param) => param.name === 'overlays')?.value ?? []) as readonly unknown[];
  if (filter === '' && overlays.length === 0) report('ORR2011', 'cel filters nothing.', 'Set filter or overlays.');
  for (const text of [filter, ...overlays.map((one) => (one as { expression?: unknown }).expression)]) {
    if (!isBalanced(String(text)))
      report('ORR2011', `"${text}" is no expression of CEL.`, 'Close its brackets and quotes.');
  }
}

/** Kinds of Tekton that a template may make (pkg/apis/triggers/config: allowed types): anything else is refused by its admission. */
const MADE = ['PipelineRun', 'TaskRun', 'CustomRun', 'Pipeline', 'Task', 'Run'];
const TEMPLATE_PARAM = /\$\(tt\.params\.([_a-zA-Z][_a-zA-Z0-9.-]*)\)/g;

function checkTemplate({ params = [], resourcetemplates }: Template, report: Report): void {
  unique(
    params.map(({ name }) => name),
    'param',
    report,
  );
  for (const { name } of params) {
    if (!isParamName(name, 'string'))
      report('ORR2003', `"${name}" is no name of a param.`, 'Use letters, digits, "-" and "_".');
  }
  if (resourcetemplates.length === 0) report('ORR2011', 'it makes nothing.', 'Add a run to resourcetemplates.');
  const declared = new Set(params.map(({ name }) => name));
  for (const resource of resourcetemplates) {
    const { apiVersion = '', kind = '', spec, metadata } = resource;
    if (!/^tekton\.dev\/(v1|v1beta1|v1alpha1)$/.test(apiVersion) || !MADE.includes(kind))
      report('ORR2011', `it makes "${apiVersion} ${kind}".`, 'Make a PipelineRun or a TaskRun of tekton.dev/v1.');
    if (kind === 'PipelineRun' && apiVersion === 'tekton.dev/v1') {
      for (const what of wrongFields(spec, RUN_FIELDS, 'spec of the run'))
        report('ORR2011', what, 'Use a field of a PipelineRun.');
      if (metadata?.generateName === undefined)
        report('ORR2012', 'every event would make a run of the same name.', 'Use generateName instead of name.');
    }
    for (const [text, name = ''] of JSON.stringify(resource).matchAll(TEMPLATE_PARAM)) {
      if (!declared.has(name)) report('ORR2011', `it has ${text}, which is no param of it.`, 'Declare it in params.');
    }
  }
}

function checkBinding(params: readonly NamedValue[], report: Report): void {
  unique(
    params.map(({ name }) => name),
    'param',
    report,
  );
  if (params.length === 0) report('ORR2011', 'it has no params.', 'Add one.');
  for (const { name, value } of params) {
    if (!isParamName(name, 'string'))
      report('ORR2003', `"${name}" is no name of a param.`, 'Use letters, digits, "-" and "_".');
    const starts = (value as string).split('$(').slice(1);
    if (starts.some((rest) => !closes(rest)))
      report('ORR2011', `the value of "${name}" has an expression without end.`, 'Close it: "$(body.ref)".');
    for (const [text, first = ''] of (value as string).matchAll(/\$\(([A-Za-z_]+)/g)) {
      if (!['body', 'header', 'extensions', 'context'].includes(first))
        report(
          'ORR2011',
          `the value of "${name}" has "${text}…".`,
          'Use $(body.…), $(header.…), $(extensions.…) or $(context.…).',
        );
    }
  }
}

/** Whether an expression that is open at the start ends. */
function closes(rest: string): boolean {
  let open = 1;
  for (const character of rest) {
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open === 0) return true;
  }
  return false;
}

/** A rough look at CEL: brackets and quotes that close. Its grammar is checked by the controller. */
function isBalanced(text: string): boolean {
  const open: string[] = [];
  const pairs: { readonly [close: string]: string } = { ')': '(', ']': '[', '}': '{' };
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== undefined) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) open.push(character);
    else if (character in pairs && open.pop() !== pairs[character]) return false;
  }
  return open.length === 0 && quote === undefined;
}

function checkClient({ clientConfig }: { clientConfig: { url?: string; service?: object } }, report: Report): void {
  if ((clientConfig.url === undefined) === (clientConfig.service === undefined))
    report('ORR2012', 'an interceptor is reached at one address.', 'Set url or service.');
}
