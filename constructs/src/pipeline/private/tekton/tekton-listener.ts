import type { PipelineRunSpec } from '../../../private/tekton/objects';
import { pipelineRunObject } from '../../../private/tekton/objects';
import type { TriggerObject } from '../../../private/tekton/trigger-rules';
import { TektonForge, type TektonSource } from '../../tekton-backend-props';

/** What an event says of a revision: params of the template. */
const EVENT_PARAMS = ['git-revision', 'git-branch', 'git-tag', 'git-change', 'git-change-target', 'git-event'] as const;
type EventValues = { readonly [param in (typeof EVENT_PARAMS)[number]]?: string };

interface Event {
  readonly id: string;
  readonly values: EventValues;
  readonly hooks: readonly string[];
  readonly filter: string;
  readonly overlays?: readonly { readonly key: string; readonly expression: string }[];
}

const API_VERSION = 'triggers.tekton.dev/v1beta1';

/** A text as a literal of CEL. The names of branches that come here have neither quotes nor backslashes. */
const quoted = (text: string) => `'${text}'`;

const REF = [
  { key: 'branch', expression: "body.ref.startsWith('refs/heads/') ? body.ref.substring(11) : ''" },
  { key: 'tag', expression: "body.ref.startsWith('refs/tags/') ? body.ref.substring(10) : ''" },
];

/** Events of a forge that start runs: pushes to branches and tags, and pull requests. */
function eventsOf(source: TektonSource): Event[] {
  const { branches, pullRequests = true, forks = false } = source;
  const named =
    branches === undefined
      ? ''
      : ` && body.ref in [${branches.map((name) => quoted(`refs/heads/${name}`)).join(', ')}]`;
  const pushed = {
    'git-branch': '$(extensions.branch)',
    'git-tag': '$(extensions.tag)',
    'git-event': 'push',
  };
  if (source.forge === TektonForge.GITLAB) {
    const push: Event = {
      id: 'push',
      hooks: ['Push Hook', 'Tag Push Hook'],
      filter: `!body.after.startsWith('0000000000')${named}`,
      overlays: REF,
      values: { ...pushed, 'git-revision': '$(body.after)' },
    };
    const own = forks ? '' : ' && body.object_attributes.source_project_id == body.object_attributes.target_project_id';
    const request: Event = {
      id: 'pull-request',
      hooks: ['Merge Request Hook'],
      filter: `body.object_attributes.action in ['open', 'reopen', 'update']${own}`,
      values: {
        'git-revision': '$(body.object_attributes.last_commit.id)',
        'git-branch': 'MR-$(body.object_attributes.iid)',
        'git-change': '$(body.object_attributes.iid)',
        'git-change-target': '$(body.object_attributes.target_branch)',
        'git-event': 'pull-request',
      },
    };
    return pullRequests ? [push, request] : [push];
  }
  const push: Event = {
    id: 'push',
    hooks: ['push'],
    filter: `!body.deleted${named}`,
    overlays: REF,
    values: { ...pushed, 'git-revision': '$(body.after)' },
  };
  const own = forks ? '' : ' && body.pull_request.head.repo.full_name == body.repository.full_name';
  const request: Event = {
    id: 'pull-request',
    hooks: ['pull_request'],
    filter: `body.action in ['opened', 'synchronize', 'reopened']${own}`,
    values: {
      'git-revision': '$(body.pull_request.head.sha)',
      'git-branch': 'PR-$(body.number)',
      'git-change': '$(body.number)',
      'git-change-target': '$(body.pull_request.base.ref)',
      'git-event': 'pull-request',
    },
  };
  return pullRequests ? [push, request] : [push];
}

/** The objects that make runs of a pipeline. */
export interface Listening {
  readonly name: string;
  readonly namespace: string;
  readonly source: TektonSource | undefined;
  /** Schedules as CronJobs know them. */
  readonly schedules: readonly string[];
  readonly run: PipelineRunSpec;
  readonly curlImage: string;
  readonly defaultRevision: string;
}

/** Objects that Tekton Triggers reads. */
export function triggerObjects(listening: Listening): TriggerObject[] {
  const { name, namespace, source, schedules, run, defaultRevision } = listening;
  const events = source?.forge === undefined ? [] : eventsOf(source);
  if (events.length + schedules.length === 0) return [];
  const given = new Set<string>(EVENT_PARAMS);
  const metadata = (own: string) => ({ name: own, namespace });
  const params = (run.params ?? []).filter((param) => !given.has(param.name));
  const spec = {
    ...run,
    params: [...params, ...EVENT_PARAMS.map((param) => ({ name: param, value: `$(tt.params.${param})` }))],
  };
  const template: TriggerObject = {
    apiVersion: API_VERSION,
    kind: 'TriggerTemplate',
    metadata: metadata(name),
    spec: {
      params: EVENT_PARAMS.map((param) => ({ name: param, default: param === 'git-revision' ? defaultRevision : '' })),
      resourcetemplates: [pipelineRunObject({ generateName: `${name}-` }, spec)],
    },
  };
  const bindings = events.map(
    ({ id, values }): TriggerObject => ({
      apiVersion: API_VERSION,
      kind: 'TriggerBinding',
      metadata: metadata(`${name}-${id}`),
      spec: { params: Object.entries(values).map(([param, value]) => ({ name: param, value })) },
    }),
  );
  const listener = (own: string, triggers: readonly object[]): TriggerObject => ({
    apiVersion: API_VERSION,
    kind: 'EventListener',
    metadata: metadata(own),
    spec: { serviceAccountName: serviceAccountOf(name), triggers },
  });
  return [
    template,
    ...bindings,
    ...(events.length === 0
      ? []
      : [
          listener(
            name,
            events.map((event) => triggerOf(event, name, source as TektonSource)),
          ),
        ]),
    // Of its own, so that nobody who reaches the one for the forge can say that it is time.
    ...(schedules.length === 0
      ? []
      : [
          listener(timerOf(name), [
            { name: 'timer', bindings: [{ name: 'git-event', value: 'timer' }], template: { ref: name } },
          ]),
        ]),
  ];
}

function triggerOf(
  { id, hooks, filter, overlays }: Event,
  name: string,
  { forge, webhookSecret }: TektonSource,
): object {
  const secretRef = { secretName: webhookSecret?.secret ?? '', secretKey: webhookSecret?.key ?? '' };
  const interceptor = (ref: string, params: readonly object[]) => ({
    ref: { name: ref, kind: 'ClusterInterceptor' },
    params,
  });
  return {
    name: id,
    interceptors: [
      interceptor(forge as string, [
        { name: 'secretRef', value: secretRef },
        { name: 'eventTypes', value: hooks },
      ]),
      interceptor('cel', [
        { name: 'filter', value: filter },
        ...(overlays === undefined ? [] : [{ name: 'overlays', value: overlays }]),
      ]),
    ],
    bindings: [{ ref: `${name}-${id}`, kind: 'TriggerBinding' }],
    template: { ref: name },
  };
}

const serviceAccountOf = (name: string) => `${name}-listener`;
const timerOf = (name: string) => `${name}-timer`;

/** What the listeners run as, with the roles that Tekton Triggers brings, and the clock. */
export function listenerObjects(listening: Listening): object[] {
  const { name, namespace, schedules, curlImage } = listening;
  if (triggerObjects(listening).length === 0) return [];
  const account = serviceAccountOf(name);
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  const roleRef = (role: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: account, namespace },
      subjects,
      roleRef: roleRef('tekton-triggers-eventlistener-roles'),
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${namespace}-${account}` },
      subjects,
      roleRef: roleRef('tekton-triggers-eventlistener-clusterroles'),
    },
    ...schedules.map((schedule, at) =>
      clock(`${timerOf(name)}${at === 0 ? '' : `-${at + 1}`}`, namespace, schedule, curlImage, timerOf(name)),
    ),
  ];
}

function clock(name: string, namespace: string, schedule: string, image: string, listener: string): object {
  const address = `http://el-${listener}.${namespace}.svc.cluster.local:8080`;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace },
    spec: {
      schedule,
      concurrencyPolicy: 'Forbid',
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          template: {
            spec: {
              restartPolicy: 'Never',
              automountServiceAccountToken: false,
              securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
              containers: [
                {
                  name: 'tell',
                  image,
                  command: ['curl', '-fsS', '-H', 'Content-Type: application/json', '--data', '{}', address],
                  resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ['ALL'] },
                    readOnlyRootFilesystem: true,
                  },
                },
              ],
            },
          },
        },
      },
    },
  };
}
