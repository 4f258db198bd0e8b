import type { Cluster } from '../../../cluster';
import { present } from '../../../private/present-members';
import type { SecretKey } from '../../../service-props';
import type { MetricEndpoint, ThanosProps } from '../../metric-props';
import type { StackContext } from '../stack-context';

/** Part of RemoteWriteSpec (prometheus-operator pkg/apis/monitoring/v1/prometheus_types.go). */
export interface RemoteWrite {
  readonly name: string;
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly authorization?: object;
  readonly basicAuth?: object;
  readonly tlsConfig?: object;
  readonly writeRelabelConfigs?: readonly Relabelling[];
}

interface Relabelling {
  readonly sourceLabels: readonly string[];
  readonly regex: string;
  readonly action: 'keep' | 'drop';
}

/** How samples are sent to an address. */
export function remoteWrite(name: string, endpoint: MetricEndpoint): RemoteWrite {
  const { url, token, username, password, certificate, privateKey, authority } = endpoint;
  const tls = present({
    ca: authority === undefined ? undefined : { secret: selector(authority) },
    cert: certificate === undefined ? undefined : { secret: selector(certificate) },
    keySecret: privateKey === undefined ? undefined : selector(privateKey),
  });
  return present<Omit<RemoteWrite, 'headers' | 'writeRelabelConfigs'>>({
    name,
    url,
    authorization: token === undefined ? undefined : { credentials: selector(token) },
    basicAuth:
      username === undefined || password === undefined
        ? undefined
        : { username: selector(username), password: selector(password) },
    tlsConfig: Object.keys(tls).length === 0 ? undefined : tls,
  });
}

/** The receivers of Thanos, from inside the centre: the Service of their router (thanos-operator internal/pkg/manifests/receive). */
export function localReceive({ name, namespaceName }: StackContext): MetricEndpoint {
  return { url: `http://thanos-receive-router-${name}.${namespaceName}.svc:19291/api/v1/receive` };
}

/** To Thanos: what is in the namespaces of a workspace as that tenant, everything else as the platform. Every series goes one way. */
export function writesToThanos(
  stack: StackContext,
  { receive, tenantHeader = 'THANOS-TENANT', platformTenant = 'platform' }: ThanosProps,
  cluster: Cluster,
): RemoteWrite[] {
  const endpoint = cluster === stack.centreCluster() ? localReceive(stack) : receive;
  const tenants = stack.workspaces.filter((workspace) => workspace._clusters().includes(cluster));
  const as = (tenant: string, writeRelabelConfigs: readonly Relabelling[]): RemoteWrite => ({
    ...remoteWrite(tenant, endpoint),
    headers: { [tenantHeader]: tenant },
    ...(writeRelabelConfigs.length === 0 ? {} : { writeRelabelConfigs }),
  });
  const inNamespaces = (namespaces: readonly string[], action: Relabelling['action']): Relabelling[] =>
    namespaces.length === 0 ? [] : [{ sourceLabels: ['namespace'], regex: namespaces.join('|'), action }];
  const theirs = tenants.flatMap(({ namespaces }) => namespaces);
  return [
    ...tenants.map(({ node, namespaces }) => as(node.id, inNamespaces(namespaces, 'keep'))),
    as(platformTenant, inNamespaces(theirs, 'drop')),
  ];
}

/** Where Prometheus mounts the Secrets that are listed in its `secrets` (prometheus_types.go). */
const MOUNTED = '/etc/prometheus/secrets';

/** An Alertmanager elsewhere, as an item of `additionalAlertManagerConfigs`: Prometheus' own alertmanager_config. */
export function alertmanagerConfig(endpoint: MetricEndpoint): object {
  const { protocol, host, pathname } = new URL(endpoint.url);
  const { token, username, password, certificate, privateKey, authority } = endpoint;
  const file = (key: SecretKey | undefined) => (key === undefined ? undefined : `${MOUNTED}/${key.secret}/${key.key}`);
  const tls = present({ ca_file: file(authority), cert_file: file(certificate), key_file: file(privateKey) });
  const path = pathname.replace(/\/$/, '');
  return present({
    scheme: protocol.slice(0, -1),
    path_prefix: path === '' ? undefined : path,
    static_configs: [{ targets: [host.includes(':') ? host : `${host}:${protocol === 'https:' ? 443 : 80}`] }],
    authorization: token === undefined ? undefined : { credentials_file: file(token) },
    basic_auth:
      username === undefined || password === undefined
        ? undefined
        : { username_file: file(username), password_file: file(password) },
    tls_config: Object.keys(tls).length === 0 ? undefined : tls,
  });
}

/** Names of the Secrets of an address. */
export function secretsOf(endpoint: MetricEndpoint): string[] {
  const { token, username, password, certificate, privateKey, authority } = endpoint;
  const keys = [token, username, password, certificate, privateKey, authority];
  return [...new Set(keys.flatMap((key) => (key === undefined ? [] : [key.secret])))];
}

function selector({ secret, key }: SecretKey): { readonly name: string; readonly key: string } {
  return { name: secret, key };
}
