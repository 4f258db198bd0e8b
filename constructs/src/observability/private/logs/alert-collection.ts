import { HelmRelease } from '../../../helm-release';
import type { Finding } from '../../../private/service-validation';
import { webAddressFindings } from '../../../private/web-address';
import { writeYaml } from '../../../yaml';
import type { LogAlerts } from '../../log-alerts';
import type { StackContext } from '../stack-context';
import { alertFindings, alertRule } from './alert-rule';
import { LogObjects } from './objects-construct';
import type { Endpoint } from './store-endpoint';
import type { StoreApi } from './store-model';

const CHART = { chart: 'elastalert2', repository: 'https://jertel.github.io/elastalert2', version: '2.31.0' };

/** What elastalert2 asks. */
export interface AlertedStore {
  readonly api: StoreApi;
  readonly prefix: string;
  /** As the centre reaches it. */
  endpoint(): Endpoint;
}

/** elastalert2 with its rules, in the centre, by its chart. */
export function joinAlerts(stack: StackContext, alerts: LogAlerts, store: AlertedStore): void {
  const { scope, namespaceName, centre } = stack;
  const release = new HelmRelease(scope, 'elastalert2', {
    ...(alerts.chart === undefined ? CHART : { chart: alerts.chart }),
    releaseName: `${stack.name}-elastalert2`,
    namespaceName,
    placement: centre,
  });
  release._computeValues(() => alertValues(stack, alerts, store));
  // Nothing of its own: it says what is wrong with the rules.
  new LogObjects(scope, 'log-alerts', {
    placement: centre,
    namespace: namespaceName,
    findings: () => [...findings(alerts, store), ...toldFindings(stack, alerts)],
    objects: () => [],
  });
}

function alertValues(
  stack: StackContext,
  alerts: LogAlerts,
  { endpoint, prefix }: AlertedStore,
): { [key: string]: unknown } {
  const { host, port, tls, caSecret } = endpoint();
  const {
    reader,
    everyMinutes = 1,
    alertmanagers = [`http://alertmanager-operated.${stack.namespaceName}.svc:9093`],
  } = alerts;
  const rules = alerts.rules.map((rule) => rule._model());
  return {
    fullnameOverride: `${stack.name}-elastalert2`,
    runIntervalMins: everyMinutes,
    writebackIndex: 'elastalert',
    elasticsearch: {
      host,
      port,
      // Texts: the chart writes them into YAML as they are.
      useSsl: tls ? 'True' : 'False',
      verifyCerts: 'True',
      ...(reader === undefined
        ? {}
        : {
            credentialsSecret: reader.username.secret,
            credentialsSecretUsernameKey: reader.username.key,
            credentialsSecretPasswordKey: reader.password.key,
          }),
    },
    rules: Object.fromEntries(rules.map((rule) => [rule.name, writeYaml(alertRule(rule, prefix, alertmanagers))])),
    ...(caSecret === undefined
      ? {}
      : {
          extraConfigOptions: { ca_certs: '/authority/ca.crt' },
          extraVolumes: [
            { name: 'authority', secret: { secretName: caSecret, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
          extraVolumeMounts: [{ name: 'authority', mountPath: '/authority', readOnly: true }],
        }),
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
  };
}

/** Whoever looks for something has to have somebody to tell. */
function toldFindings(stack: StackContext, { alertmanagers }: LogAlerts): Finding[] {
  const centre = stack.centreCluster();
  if (
    alertmanagers !== undefined
      ? alertmanagers.length > 0
      : centre === undefined || stack.metrics?.hasAlertmanagerIn(centre) === true
  )
    return [];
  return [
    {
      code: 'ORR2013',
      what: 'Alerts on logs have nobody to tell: the stack has no Alertmanager in its centre.',
      fix: "Give the stack metrics with an Alertmanager, or name one: alertmanagers: ['http://alertmanager.monitoring:9093'].",
    },
  ];
}

function findings(
  { rules, reader, alertmanagers = [], everyMinutes = 1 }: LogAlerts,
  { api }: AlertedStore,
): Finding[] {
  const names = rules.map((rule) => rule._model().name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return [
    ...(api === 'loki'
      ? [
          {
            code: 'ORR2012' as const,
            what: 'Alerts on logs are asked of Elasticsearch or OpenSearch by elastalert2, and the store is Loki.',
            fix: 'Leave alerts out, and write rules for the ruler of Loki; or keep logs in OpenSearch.',
          },
        ]
      : []),
    ...twice.map((name) => ({
      code: 'ORR2004' as const,
      what: `There are two log alerts "${name}": elastalert2 does not start with two rules of a name.`,
      fix: 'Give each a name of its own.',
    })),
    ...(reader === undefined || reader.username.secret === reader.password.secret
      ? []
      : [
          {
            code: 'ORR2012' as const,
            what: `The reader of log alerts has its name in Secret ${reader.username.secret} and its password in ${reader.password.secret}; the chart of elastalert2 takes one Secret.`,
            fix: 'Put both into one.',
          },
        ]),
    ...(Number.isInteger(everyMinutes) && everyMinutes >= 1 && everyMinutes <= 1440
      ? []
      : [
          {
            code: 'ORR2011' as const,
            what: `everyMinutes is ${everyMinutes}.`,
            fix: 'Use a whole number from 1 to 1440.',
          },
        ]),
    ...alertmanagers.flatMap((url) => webAddressFindings(url, 'an Alertmanager')),
    ...rules.flatMap((rule) => alertFindings(rule._model())),
  ];
}
