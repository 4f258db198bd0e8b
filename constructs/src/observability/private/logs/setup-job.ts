import { sha256 } from '../../../private/canonical';
import type { SecretKey } from '../../../service-props';
import type { LogCredentials } from '../../log-store';
import { secretEnv } from './pod-parts';

/** Something that a store is told once. */
export interface StoreRequest {
  /** Of the body's file: "policy". */
  readonly name: string;
  /** "_ilm/policy/k8s". */
  readonly path: string;
  readonly body: object;
}

/** A user that a store is told of: its password is in a Secret, so that its body is made in the Job. */
export interface StoreUser {
  /** "_security/user/writer". */
  readonly path: string;
  readonly password: SecretKey;
  /** What its body has beside. @default - nothing */
  readonly more?: { readonly [field: string]: readonly string[] };
}

/** A Job, and what it needs. */
export interface SetupJob {
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [label: string]: string };
  readonly url: string;
  readonly caSecret: string | undefined;
  /** Without a name it is `elastic`. */
  readonly administrator: Partial<LogCredentials> & Pick<LogCredentials, 'password'>;
  readonly requests: readonly StoreRequest[];
  readonly users?: readonly StoreUser[];
  readonly image: string;
}

/** An image with curl. */
export const CURL_IMAGE = 'curlimages/curl:8.11.1';

/**
 * Tells a store policies, templates and roles, by PUT: done again it changes nothing. A Job cannot be changed; another content has another name, and with it the former Job goes.
 */
export function setupJob(job: SetupJob): object[] {
  const { name, namespace, labels, requests, administrator, users = [] } = job;
  const files = Object.fromEntries(
    requests.map(({ name: file, body }) => [`${file}.json`, `${JSON.stringify(body, undefined, 2)}\n`]),
  );
  const data = { ...files, 'setup.sh': script(job) };
  const unique = `${name}-${sha256(JSON.stringify([data, job.url, job.image])).slice(0, 8)}`;
  const own = { ...labels, 'app.kubernetes.io/name': name };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: unique, namespace, labels: own }, data },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: unique, namespace, labels: own },
      spec: {
        // The store may take long to start; curl itself tries again for minutes.
        backoffLimit: 20,
        template: {
          metadata: { labels: own },
          spec: {
            restartPolicy: 'OnFailure',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'setup',
                image: job.image,
                command: ['sh', '/setup/setup.sh'],
                env: [
                  administrator.username === undefined
                    ? { name: 'STORE_USER', value: 'elastic' }
                    : secretEnv('STORE_USER', administrator.username),
                  secretEnv('STORE_PASSWORD', administrator.password),
                  ...users.map(({ password }, at) => secretEnv(`USER_PASSWORD_${at}`, password)),
                ],
                resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
                volumeMounts: [
                  { name: 'setup', mountPath: '/setup', readOnly: true },
                  ...(job.caSecret === undefined
                    ? []
                    : [{ name: 'authority', mountPath: '/authority', readOnly: true }]),
                ],
              },
            ],
            volumes: [
              { name: 'setup', configMap: { name: unique } },
              ...(job.caSecret === undefined
                ? []
                : [
                    {
                      name: 'authority',
                      secret: { secretName: job.caSecret, items: [{ key: 'ca.crt', path: 'ca.crt' }] },
                    },
                  ]),
            ],
          },
        },
      },
    },
  ];
}

/** Quoted for a shell: names and paths are ours, and contain nothing else. */
function script({ url, caSecret, requests, users = [] }: SetupJob): string {
  const authority = caSecret === undefined ? '' : ' --cacert /authority/ca.crt';
  return `${[
    'set -eu',
    'send() {',
    `  curl --silent --show-error --fail-with-body --retry 30 --retry-delay 10 --retry-all-errors${authority} \\`,
    '    --user "$STORE_USER:$STORE_PASSWORD" --request PUT --header "content-type: application/json" \\',
    `    --data-binary "$2" "${url}/$1"`,
    '  echo',
    '}',
    ...requests.map(({ name, path }) => `send '${path}' '@/setup/${name}.json'`),
    // Of JSON's texts: what is in a password is data.
    ...(users.length === 0 ? [] : ['escaped() { printf %s "$1" | sed \'s/[\\\\"]/\\\\&/g\'; }']),
    ...users.map(({ path, more = {} }, at) => {
      const fields = Object.entries(more).map(
        ([field, value]) => `,${JSON.stringify({ [field]: value }).slice(1, -1)}`,
      );
      return `send '${path}' "{\\"password\\":\\"$(escaped "$USER_PASSWORD_${at}")\\"${fields.join('').replaceAll('"', '\\"')}}"`;
    }),
  ].join('\n')}\n`;
}
