/** What a field holds. */
type Field = 'text' | 'number' | 'boolean' | 'anything' | 'texts' | 'labels' | readonly [Field] | Fields;

/** Fields of an object by their names, with "!" at the end where one must be there. */
interface Fields {
  readonly [name: string]: Field;
}

const LABEL_SELECTOR: Fields = {
  matchLabels: 'labels',
  matchExpressions: [{ 'key!': 'text', 'operator!': 'text', values: 'texts' }],
};
const NAMESPACES: Fields = { matchNames: 'texts' };

/** trigger_types.go: TriggerSpecBinding, TriggerInterceptor, InterceptorRef, WebhookInterceptor. */
const BINDING: Fields = { name: 'text', value: 'text', ref: 'text', kind: 'text', apiversion: 'text' };
const INTERCEPTOR: Fields = {
  name: 'text',
  ref: { name: 'text', kind: 'text', apiVersion: 'text' },
  params: [{ 'name!': 'text', 'value!': 'anything' }],
  webhook: {
    objectRef: { apiVersion: 'text', kind: 'text', name: 'text', namespace: 'text' },
    url: 'text',
    header: [{ 'name!': 'text', 'value!': 'anything' }],
  },
};
/** trigger_template_types.go, param.go: TriggerTemplateSpec, ParamSpec. */
const TEMPLATE: Fields = {
  params: [{ 'name!': 'text', description: 'text', default: 'text' }],
  'resourcetemplates!': ['anything'],
};
const TEMPLATE_REFERENCE: Fields = { ref: 'text', apiversion: 'text', spec: TEMPLATE };
/** event_listener_validation.go: podSpecMask, containerFieldMask, envVarMask: what of a pod may be said. */
const LISTENER_POD: Fields = {
  serviceAccountName: 'text',
  containers: [
    {
      resources: { requests: 'labels', limits: 'labels' },
      env: [{ 'name!': 'text', valueFrom: { secretKeyRef: { 'name!': 'text', 'key!': 'text' } } }],
    },
  ],
  tolerations: ['anything'],
  nodeSelector: 'labels',
};
const BINDING_SPEC: Fields = { 'params!': [{ 'name!': 'text', 'value!': 'text' }] };
/** pkg/apis/triggers/v1alpha1/cluster_interceptor_types.go, interceptor_type_types.go: ClientConfig, ServiceReference. */
const INTERCEPTOR_SPEC: Fields = {
  'clientConfig!': {
    caBundle: 'text',
    url: 'text',
    service: { 'name!': 'text', 'namespace!': 'text', path: 'text', port: 'number' },
  },
};

/**
 * The fields of `spec` of the kinds of Tekton Triggers. Their definitions keep whatever they get, so no API server sees a wrong name; the structs of the controller do, and leave it out
 * without a word (tektoncd/triggers pkg/apis/triggers/v1beta1/*_types.go, of the interceptors v1alpha1).
 */
export const TRIGGER_FIELDS: { readonly [kind: string]: Fields } = {
  EventListener: {
    serviceAccountName: 'text',
    triggers: [
      {
        bindings: [BINDING],
        template: TEMPLATE_REFERENCE,
        triggerRef: 'text',
        name: 'text',
        interceptors: [INTERCEPTOR],
        serviceAccountName: 'text',
      },
    ],
    triggerGroups: [
      {
        'name!': 'text',
        'interceptors!': [INTERCEPTOR],
        'triggerSelector!': { namespaceSelector: NAMESPACES, labelSelector: LABEL_SELECTOR },
      },
    ],
    namespaceSelector: NAMESPACES,
    labelSelector: LABEL_SELECTOR,
    resources: {
      kubernetesResource: {
        replicas: 'number',
        serviceType: 'text',
        servicePort: 'number',
        spec: { template: { spec: LISTENER_POD } },
      },
      customResource: 'anything',
    },
    cloudEventURI: 'text',
  },
  TriggerBinding: BINDING_SPEC,
  ClusterTriggerBinding: BINDING_SPEC,
  TriggerTemplate: TEMPLATE,
  Trigger: {
    'bindings!': [BINDING],
    'template!': TEMPLATE_REFERENCE,
    name: 'text',
    interceptors: [INTERCEPTOR],
    serviceAccountName: 'text',
  },
  ClusterInterceptor: INTERCEPTOR_SPEC,
  Interceptor: INTERCEPTOR_SPEC,
};

/**
 * What the interceptors that come with Tekton Triggers take (trigger_types.go: GitHubInterceptor and the others; pkg/interceptors), by their names: a wrong name would show when the
 * first event comes.
 */
const FORGE: Fields = { secretRef: { 'secretName!': 'text', 'secretKey!': 'text' }, eventTypes: 'texts' };
export const INTERCEPTOR_PARAMS: { readonly [interceptor: string]: Fields } = {
  github: { ...FORGE, addChangedFiles: 'anything', githubOwners: 'anything' },
  gitlab: FORGE,
  bitbucket: FORGE,
  cel: { filter: 'text', overlays: [{ 'key!': 'text', 'expression!': 'text' }] },
  slack: { requestedFields: 'texts' },
};

const POD: Fields = {
  serviceAccountName: 'text',
  podTemplate: {
    nodeSelector: 'labels',
    securityContext: { fsGroup: 'number', runAsUser: 'number' },
    imagePullSecrets: [{ 'name!': 'text' }],
    automountServiceAccountToken: 'boolean',
  },
};

/** The fields of a run in a template, which no server sees before an event comes (tektoncd/pipeline pkg/apis/pipeline/v1/pipelinerun_types.go), as far as Orrery writes them. */
export const RUN_FIELDS: Fields = {
  pipelineRef: { 'name!': 'text' },
  params: [{ 'name!': 'text', 'value!': 'anything' }],
  workspaces: [
    {
      'name!': 'text',
      subPath: 'text',
      emptyDir: { medium: 'text', sizeLimit: 'text' },
      persistentVolumeClaim: { 'claimName!': 'text', readOnly: 'boolean' },
      volumeClaimTemplate: {
        spec: {
          'accessModes!': 'texts',
          'resources!': { 'requests!': { 'storage!': 'text' } },
          storageClassName: 'text',
        },
      },
      secret: { 'secretName!': 'text' },
      configMap: { 'name!': 'text' },
    },
  ],
  taskRunTemplate: POD,
  taskRunSpecs: [{ 'pipelineTaskName!': 'text', ...POD }],
  timeouts: { pipeline: 'text', tasks: 'text', finally: 'text' },
};

/** Where a value differs from its table: "spec.triggers[0].bindngs: there is no such field". */
export function wrongFields(value: unknown, fields: Field, way: string): string[] {
  if (fields === 'anything') return [];
  if (fields === 'texts') return wrongFields(value, ['text'], way);
  if (fields === 'labels') {
    if (!isMap(value)) return [`${way}: it is no map of texts.`];
    return Object.entries(value).flatMap(([key, text]) => wrongFields(text, 'text', `${way}.${key}`));
  }
  if (fields === 'text') return typeof value === 'string' ? [] : [`${way}: it is no text.`];
  if (fields === 'number')
    return typeof value === 'number' && Number.isInteger(value) ? [] : [`${way}: it is no whole number.`];
  if (fields === 'boolean') return typeof value === 'boolean' ? [] : [`${way}: it is neither true nor false.`];
  if (isList(fields)) {
    if (!Array.isArray(value)) return [`${way}: it is no list.`];
    return value.flatMap((item, at) => wrongFields(item, fields[0], `${way}[${at}]`));
  }
  if (!isMap(value)) return [`${way}: it is no object.`];
  const known = new Map(Object.entries(fields).map(([name, field]) => [name.replace('!', ''), field]));
  const missing = Object.keys(fields).filter((name) => name.endsWith('!') && !Object.hasOwn(value, name.slice(0, -1)));
  return [
    ...missing.map((name) => `${way}.${name.slice(0, -1)}: it is missing.`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const field = known.get(name);
      return field === undefined
        ? [`${way}.${name}: there is no such field.`]
        : wrongFields(member, field, `${way}.${name}`);
    }),
  ];
}

function isList(fields: readonly [Field] | Fields): fields is readonly [Field] {
  return Array.isArray(fields);
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
