import { parseDuration } from '../../duration';
import { isDnsLabel } from '../../private/names';
import { present } from '../../private/present-members';
import { saidTwice } from '../../private/said-twice';
import type { Finding } from '../../private/service-validation';
import type { SecretKey } from '../../service-props';
import type { AlertMatcher } from '../alert-matcher';
import type {
  KubeSphereNotificationManager,
  KubeSphereNotificationsProps,
  KubeSphereReceiver,
  KubeSphereRouter,
  KubeSphereSilence,
} from '../kubesphere-notifications';

const LABELS = { 'app.kubernetes.io/managed-by': 'orrery' } as const;
/** Tells the Configs of one receiver from all others. */
const CONFIG_OF = 'notifications.orrery.dev/receiver';

/** Everything of the Notification Manager stands in no namespace. */
export function notificationObjects(id: string, props: KubeSphereNotificationsProps): object[] {
  const { receivers, routers = [], silences = [], secretNamespace = 'kubesphere-monitoring-federated' } = props;
  const credential = ({ secret, key }: SecretKey) => ({
    valueFrom: { secretKeyRef: { name: secret, key, namespace: secretNamespace } },
  });
  return [
    ...(props.manager === undefined ? [] : [managerObject(props.manager, secretNamespace)]),
    ...receivers.flatMap((receiver) => receiverObjects(id, receiver, credential)),
    ...routers.map((router) => routerObject(id, router)),
    ...silences.map((silence) => silenceObject(id, silence)),
  ];
}

/** By the name under which KubeSphere makes one (notification-manager helm/templates/notificationmanagers.yaml); it finds what `whose` labels. */
function managerObject(manager: KubeSphereNotificationManager, defaultSecretNamespace: string): object {
  const { image, tenantImage, replicas = 1, serviceAccountName = 'notification-manager-sa' } = manager;
  const { routePolicy = 'All', groupLabels = ['alertname', 'namespace'] } = manager;
  const of = (type: string) => ({ matchLabels: { type } });
  return object('NotificationManager', 'notification-manager', LABELS, {
    image,
    replicas,
    serviceAccountName,
    portName: 'webhook',
    defaultSecretNamespace,
    defaultConfigSelector: of('default'),
    routePolicy,
    groupLabels,
    receivers: { tenantKey: 'user', globalReceiverSelector: of('global'), tenantReceiverSelector: of('tenant') },
    ...(tenantImage === undefined
      ? {}
      : { sidecars: { kubesphere: { type: 'kubesphere', name: 'tenant', image: tenantImage } } }),
  });
}

/** A Receiver, and the Config that its channels are sent with: tenants' ones are theirs alone (notification-manager docs/crds/receiver.md). */
function receiverObjects(
  id: string,
  { name, channels, tenant, matchers }: KubeSphereReceiver,
  credential: (of: SecretKey) => object,
): object[] {
  const whole = `${id}-${name}`;
  const labels = { ...LABELS, ...whose(tenant), [CONFIG_OF]: whole };
  const specs = channels.map((channel) => channel._channel());
  const configs = specs.flatMap(({ type, config }) =>
    config === undefined ? [] : [[type, config(credential)] as const],
  );
  const spec = Object.fromEntries(
    specs.map(({ type, receiver, config }) => [
      type,
      {
        enabled: true,
        ...receiver(credential),
        ...(matchers === undefined ? {} : { alertSelector: selectorOf(matchers) }),
        ...(config === undefined ? {} : { [`${type}ConfigSelector`]: { matchLabels: { [CONFIG_OF]: whole } } }),
      },
    ]),
  );
  return [
    object('Receiver', whole, labels, spec),
    ...(configs.length === 0 ? [] : [object('Config', whole, labels, Object.fromEntries(configs))]),
  ];
}

function routerObject(id: string, { name, matchers, receivers }: KubeSphereRouter): object {
  return object('Router', `${id}-${name}`, LABELS, {
    enabled: true,
    alertSelector: selectorOf(matchers),
    receivers: { name: receivers.map((receiver) => `${id}-${receiver}`) },
  });
}

function silenceObject(id: string, silence: KubeSphereSilence): object {
  const { name, matchers, tenant, startsAt, schedule, duration } = silence;
  return object(
    'Silence',
    `${id}-${name}`,
    { ...LABELS, ...whose(tenant) },
    { enabled: true, matcher: selectorOf(matchers), ...present({ startsAt, schedule, duration }) },
  );
}

function whose(tenant: string | undefined): { readonly [label: string]: string } {
  return tenant === undefined ? { type: 'global' } : { type: 'tenant', user: tenant };
}

function object(kind: string, name: string, labels: object, spec: object): object {
  return { apiVersion: 'notification.kubesphere.io/v2beta2', kind, metadata: { name, labels }, spec };
}

/** Its selectors know lists of values, and a regular expression that matches anywhere (apis/v2beta2/types.go, LabelSelector). */
function selectorOf(matchers: readonly AlertMatcher[]): object {
  return {
    matchExpressions: matchers.map((matcher) => {
      const { name, matchType, value } = matcher._matcher();
      if (matchType === '=~') return { key: name, operator: 'Match', regexValue: `^(?:${value})$` };
      return { key: name, operator: matchType === '=' ? 'In' : 'NotIn', values: [value] };
    }),
  };
}

export function notificationFindings(props: KubeSphereNotificationsProps): Finding[] {
  const { receivers, routers = [], silences = [] } = props;
  const names = receivers.map(({ name }) => name);
  return [
    ...(props.manager === undefined ? [] : managerFindings(props.manager)),
    ...nameFindings('receivers', names),
    ...nameFindings(
      'routers',
      routers.map(({ name }) => name),
    ),
    ...nameFindings(
      'silences',
      silences.map(({ name }) => name),
    ),
    ...receivers.flatMap(({ name, channels }) => {
      const specs = channels.map((channel) => channel._channel());
      const types = specs.map(({ type }) => type);
      return [
        ...(channels.length > 0 ? [] : [conflict(`The receiver "${name}" has no channel.`, 'Say how it is reached.')]),
        ...saidTwice(types).map((type) =>
          conflict(`The receiver "${name}" has two channels of ${type}.`, 'Make two receivers of it.'),
        ),
        ...specs.flatMap(({ findings }) => findings),
      ];
    }),
    ...routers.flatMap(({ name, receivers: wanted }) => [
      ...(wanted.length > 0 ? [] : [conflict(`The router "${name}" leads nowhere.`, 'Name receivers.')]),
      ...wanted
        .filter((receiver) => !names.includes(receiver))
        .map((receiver) =>
          conflict(
            `The router "${name}" names the receiver "${receiver}", which is not declared.`,
            `There are: ${names.join(', ')}.`,
          ),
        ),
    ]),
    ...silences.flatMap(silenceFindings),
    ...[...receivers, ...routers, ...silences].flatMap(({ name, matchers = [] }) =>
      matchers
        .filter((matcher) => matcher._matcher().matchType === '!~')
        .map(() =>
          conflict(
            `"${name}" matches what does not match an expression.`,
            'The Notification Manager knows only what matches.',
          ),
        ),
    ),
  ];
}

function managerFindings({ image, tenantImage, replicas = 1 }: KubeSphereNotificationManager): Finding[] {
  return [
    ...[image, tenantImage]
      .filter((one): one is string => one !== undefined && !/[:@][^/]+$/.test(one))
      .map((one) =>
        bad(`The image "${one}" has no version.`, 'Name one, e.g. kubesphere/notification-manager:v2.6.0.'),
      ),
    ...(Number.isInteger(replicas) && replicas >= 1
      ? []
      : [bad(`The Notification Manager has ${replicas} replicas.`, 'Use a whole number from 1 on.')]),
  ];
}

function silenceFindings({ name, matchers, startsAt, schedule, duration }: KubeSphereSilence): Finding[] {
  return [
    ...(matchers.length > 0
      ? []
      : [conflict(`The silence "${name}" keeps everything back.`, 'Say which alerts: matchers.')]),
    ...(startsAt === undefined || schedule === undefined
      ? []
      : [conflict(`The silence "${name}" has startsAt and schedule.`, 'Set one of them: startsAt would not hold.')]),
    ...(schedule === undefined || duration !== undefined
      ? []
      : [conflict(`The silence "${name}" begins again and again, and never ends.`, 'Set duration.')]),
    ...(duration === undefined || (parseDuration(duration) !== undefined && !/[d]|min/.test(duration))
      ? []
      : [bad(`The silence "${name}" lasts "${duration}".`, 'Write it like "30m" or "8h".')]),
    ...(startsAt === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(startsAt)
      ? []
      : [bad(`The silence "${name}" starts at "${startsAt}".`, 'Write it like "2027-01-01T00:00:00Z".')]),
    ...(schedule === undefined || schedule.trim().split(/\s+/).length === 5
      ? []
      : [bad(`The silence "${name}" has the schedule "${schedule}".`, 'Write five fields, e.g. "0 22 * * *".')]),
  ];
}

function nameFindings(what: string, names: readonly string[]): Finding[] {
  return [
    ...names
      .filter((name) => !isDnsLabel(name))
      .map(
        (name): Finding => ({
          code: 'ORR2003',
          what: `"${name}" is no name for one of the ${what}.`,
          fix: 'Use a DNS label.',
        }),
      ),
    ...saidTwice(names).map((name) => conflict(`Two ${what} are called "${name}".`, 'Give each a name of its own.')),
  ];
}

function conflict(what: string, fix: string): Finding {
  return { code: 'ORR2012', what, fix };
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
