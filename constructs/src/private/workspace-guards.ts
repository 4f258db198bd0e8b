import { GuardRail } from '../workspace-props';
import { WORKSPACE_LABEL } from './workspace-namespaces';

/** A ValidatingAdmissionPolicy of a workspace, without what is the same for all of them. */
export interface Guard {
  /** Last part of its name. */
  readonly name: string;
  readonly matchConstraints: object;
  /** Whether it holds for members only; else for whoever makes an object, controllers included. */
  readonly forMembers: boolean;
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly object[];
}

/** What decides which guards a workspace has in a cluster. */
export interface GuardSettings {
  /** "<platform id>.<workspace id>" */
  readonly owner: string;
  /** Registries that images may come from; undefined: any. */
  readonly registries: readonly string[] | undefined;
  readonly rails: readonly GuardRail[];
}

/** The guards of a workspace in a cluster. */
export function guardsOf({ owner, registries, rails }: GuardSettings): Guard[] {
  const inWorkspace = { namespaceSelector: { matchLabels: { [WORKSPACE_LABEL]: owner } } };
  const images = imageRules(registries, rails);
  return [
    {
      name: 'own-objects',
      forMembers: true,
      matchConstraints: {
        ...inWorkspace,
        resourceRules: [rule('*', '*', ['*'], ['CREATE', 'UPDATE', 'DELETE'], 'Namespaced')],
      },
      variables: OUR_KEYS,
      validations: [
        {
          expression: `!('${WORKSPACE_LABEL}' in variables.oldLabels)`,
          message: 'This object belongs to the workspace itself and is changed by the program of the platform.',
          reason: 'Forbidden',
        },
        {
          expression: `request.operation == 'DELETE' || (${sameKeys('labels', 'oldLabels')} && ${sameKeys('annotations', 'oldAnnotations')})`,
          message: 'Labels and annotations of orrery.dev are set by the program of the platform.',
          reason: 'Forbidden',
        },
      ],
    },
    {
      name: 'namespaces',
      forMembers: true,
      // Matches when either the old or the new one has the label: nobody gets out by taking it off.
      matchConstraints: {
        objectSelector: { matchLabels: { [WORKSPACE_LABEL]: owner } },
        resourceRules: [rule('', 'v1', ['namespaces'], ['CREATE', 'UPDATE', 'DELETE'], 'Cluster')],
      },
      variables: OUR_KEYS,
      validations: [
        {
          expression: `request.operation == 'UPDATE'`,
          message: 'Namespaces of a workspace are made and deleted by the program of the platform.',
          reason: 'Forbidden',
        },
        {
          expression: `request.operation != 'UPDATE' || (${sameKeys('labels', 'oldLabels')} && ${sameKeys('labels', 'oldLabels', 'pod-security.kubernetes.io/')})`,
          message: 'Owner and level of pod security of the namespace are set by the program of the platform.',
          reason: 'Forbidden',
        },
      ],
    },
    {
      name: 'bindings',
      forMembers: true,
      matchConstraints: {
        ...inWorkspace,
        resourceRules: [rule('rbac.authorization.k8s.io', 'v1', ['rolebindings'], ['CREATE', 'UPDATE'])],
      },
      validations: [
        {
          expression: `!has(object.subjects) || object.subjects.all(s, s.kind == 'ServiceAccount' || !s.name.startsWith('system:'))`,
          message:
            'A role of a workspace is given to people, groups and service accounts by name, not to identities of Kubernetes such as system:authenticated.',
          reason: 'Forbidden',
        },
      ],
    },
    {
      name: 'services',
      forMembers: false,
      matchConstraints: { ...inWorkspace, resourceRules: [rule('', 'v1', ['services'], ['CREATE', 'UPDATE'])] },
      validations: [
        {
          // CVE-2020-8554: whoever sets one gets the traffic of the whole cluster to that address.
          expression: '!has(object.spec.externalIPs) || object.spec.externalIPs.size() == 0',
          message: 'Services of a workspace have no externalIPs.',
          reason: 'Forbidden',
        },
        ...(['NodePort', 'LoadBalancer'] as const)
          .filter((type) => rails.includes(SERVICE_RAILS[type]))
          .map((type) => ({
            expression: `!has(object.spec.type) || object.spec.type != '${type}'`,
            message: `Services of this workspace are not of type ${type}.`,
            reason: 'Forbidden',
          })),
      ],
    },
    {
      name: 'priorities',
      forMembers: false,
      matchConstraints: { ...inWorkspace, resourceRules: POD_RULES },
      variables: newOfPodSpec('priorities', PRIORITIES),
      validations: [
        {
          expression: `!variables.priorities.exists(i, i.startsWith('system-'))`,
          message: 'Pods of a workspace have no priority of the system: they would push away those of the cluster.',
          reason: 'Forbidden',
        },
      ],
    },
    ...(images.length === 0
      ? []
      : [
          {
            name: 'images',
            forMembers: false,
            matchConstraints: { ...inWorkspace, resourceRules: POD_RULES },
            variables: newOfPodSpec('images', IMAGES),
            validations: images,
          },
        ]),
  ];
}

const SERVICE_RAILS = { NodePort: GuardRail.NO_NODE_PORTS, LoadBalancer: GuardRail.NO_LOAD_BALANCERS } as const;

function rule(
  group: string,
  version: string,
  resources: readonly string[],
  operations: readonly string[],
  scope?: string,
): object {
  return {
    apiGroups: [group],
    apiVersions: [version],
    operations,
    resources,
    ...(scope === undefined ? {} : { scope }),
  };
}

/** Labels and annotations of the old and the new object; empty where there is none. */
const OUR_KEYS = (['labels', 'annotations'] as const).flatMap((field) => [
  { name: field, expression: metadataOf('object', field) },
  { name: `old${field.charAt(0).toUpperCase()}${field.slice(1)}`, expression: metadataOf('oldObject', field) },
]);

function metadataOf(object: string, field: string): string {
  return `${object} == null || !has(${object}.metadata.${field}) ? {} : ${object}.metadata.${field}`;
}

function sameKeys(now: string, before: string, prefix = 'orrery.dev/'): string {
  const [a, b] = [`variables.${now}`, `variables.${before}`];
  return [
    `${a}.all(k, !k.startsWith('${prefix}') || (k in ${b} && ${b}[k] == ${a}[k]))`,
    `${b}.all(k, !k.startsWith('${prefix}') || k in ${a})`,
  ].join(' && ');
}

const POD_RULES = [
  rule('', 'v1', ['pods', 'pods/ephemeralcontainers', 'podtemplates', 'replicationcontrollers'], ['CREATE', 'UPDATE']),
  rule('apps', 'v1', ['daemonsets', 'deployments', 'replicasets', 'statefulsets'], ['CREATE', 'UPDATE']),
  rule('batch', 'v1', ['cronjobs', 'jobs'], ['CREATE', 'UPDATE']),
];

/** CEL: a list that is made of the spec s of a pod, or of the template of one. dyn(): one expression for kinds of different shapes. */
function ofPodSpec(object: string, what: string): string {
  const spec = [
    `${object}.kind == 'Pod' ? dyn(${object}).spec`,
    `${object}.kind == 'CronJob' ? dyn(${object}).spec.jobTemplate.spec.template.spec`,
    `${object}.kind == 'PodTemplate' ? dyn(${object}).template.spec`,
    `dyn(${object}).spec.template.spec`,
  ].join(' : ');
  return `${object} == null ? [] : [${spec}].map(s, ${what})[0]`;
}

const IMAGES = [
  ...['containers', 'initContainers', 'ephemeralContainers'].map(
    (field) => `(has(s.${field}) ? s.${field}.map(c, has(c.image) ? c.image : '') : [])`,
  ),
  '(has(s.volumes) ? s.volumes.filter(v, has(v.image) && has(v.image.reference)).map(v, v.image.reference) : [])',
].join(' + ');

const PRIORITIES = 'has(s.priorityClassName) ? [s.priorityClassName] : []';

/** Variables with the new members of such a list: what is there already may be changed in other things, so that it can still be deleted in peace. */
function newOfPodSpec(name: string, what: string): { readonly name: string; readonly expression: string }[] {
  return [
    { name: 'old', expression: ofPodSpec('oldObject', what) },
    { name, expression: `(${ofPodSpec('object', what)}).filter(i, !(i in variables.old))` },
  ];
}

/** CEL: the full name of image i. The first part is a registry if it has "." or ":" or is "localhost" (distribution/reference). */
const FULL_NAME = `i.contains('/') ? (i.split('/')[0].matches('[.:]|^localhost$') ? i : 'docker.io/' + i) : 'docker.io/library/' + i`;

function imageRules(registries: readonly string[] | undefined, rails: readonly GuardRail[]): object[] {
  const forbid = (wrong: string, message: string) => ({
    expression: `!variables.images.exists(i, ${wrong})`,
    messageExpression: `${JSON.stringify(message)} + variables.images.filter(i, ${wrong}).join(', ')`,
    reason: 'Forbidden',
  });
  const prefixes = JSON.stringify((registries ?? []).map((registry) => `${registry}/`));
  return [
    ...(registries === undefined
      ? []
      : [
          forbid(
            `![${FULL_NAME}].exists(n, ${prefixes}.exists(p, n.startsWith(p)))`,
            `Images of this workspace come from ${registries.join(', ')}, unlike: `,
          ),
        ]),
    ...(rails.includes(GuardRail.IMAGES_BY_DIGEST)
      ? [forbid(`!i.matches('@sha256:[0-9a-f]{64}$')`, 'Images of this workspace are named by digest, unlike: ')]
      : []),
    ...(rails.includes(GuardRail.NO_LATEST_IMAGES)
      ? [
          forbid(
            `!i.matches('@sha256:[0-9a-f]{64}$') && (!i.matches(':[^/:]+$') || i.endsWith(':latest'))`,
            'Images of this workspace have a tag other than "latest", or a digest, unlike: ',
          ),
        ]
      : []),
  ];
}
