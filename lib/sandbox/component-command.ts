import { OrreryError } from '../errors.ts';
import { type ClusterPaths, type ClusterRecord, controllerKubeconfig } from './cluster-record.ts';
import type { ComponentName } from './sandbox-cluster.ts';

/** A program with its arguments. */
export interface Command {
  readonly binary: string;
  readonly arguments: readonly string[];
  /** Beside what every component has. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

const HOST = '127.0.0.1';

/**
 * How a component of a cluster is started (facts: the rig, "Starting one cluster").
 *
 * @throws OrreryError ORR6003 when the cluster has no such component.
 */
export function componentCommand(component: ComponentName, record: ClusterRecord, paths: ClusterPaths): Command {
  const binary = record.binaries[component];
  if (binary === undefined) {
    throw new OrreryError('ORR6003', `${component} is not a component of the cluster`, {
      cluster: record.definition.name,
      fix: 'Add it to the components of the cluster.',
    });
  }
  const { apiServerEnvironment: environment } = record.definition;
  const own = component === 'kube-apiserver' && environment !== undefined ? { environment } : {};
  return { binary, arguments: ARGUMENTS[component](record, paths), ...own };
}

/** URL on which a component tells whether it is well. etcd: its client URL. */
export function componentUrl(component: ComponentName, record: ClusterRecord): string {
  const scheme = component === 'etcd' || component === 'kwok' ? 'http' : 'https';
  return `${scheme}://${HOST}:${record.ports[component]}`;
}

const ARGUMENTS: Record<ComponentName, (record: ClusterRecord, paths: ClusterPaths) => string[]> = {
  etcd: (record, paths) => {
    const client = componentUrl('etcd', record);
    const peer = `http://${HOST}:${record.ports.etcdPeer}`;
    return [
      `--name=${record.etcdMember}`,
      `--data-dir=${paths.etcdData}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=${record.etcdMember}=${peer}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ];
  },

  'kube-apiserver': (record, paths) => [
    `--etcd-servers=${componentUrl('etcd', record)}`,
    `--secure-port=${record.ports['kube-apiserver']}`,
    `--bind-address=${HOST}`,
    // Without these two the server looks for an address of a network card, which a machine without network does not have.
    `--advertise-address=${HOST}`,
    '--endpoint-reconciler-type=none',
    `--cert-dir=${paths.serverCertificates}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${paths.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${paths.serviceAccountKey}`,
    `--token-auth-file=${paths.tokens}`,
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    ...(record.definition.auditLog
      ? [`--audit-policy-file=${paths.auditPolicy}`, `--audit-log-path=${paths.auditLog}`, '--audit-log-mode=blocking']
      : []),
    ...(record.definition.apiServerFlags ?? []),
  ],

  'kube-controller-manager': (record, paths) => [
    ...controllerFlags('kube-controller-manager', record, paths),
    `--service-account-private-key-file=${paths.serviceAccountKey}`,
    `--root-ca-file=${paths.serverCertificate}`,
  ],

  'kube-scheduler': (record, paths) => controllerFlags('kube-scheduler', record, paths),

  kwok: (record, paths) => [
    `--kubeconfig=${controllerKubeconfig(paths, 'kwok')}`,
    '--manage-all-nodes=true',
    `--server-address=${HOST}:${record.ports.kwok}`,
    `--config=${paths.stages}`,
    '--node-lease-duration-seconds=40',
  ],
};

function controllerFlags(
  component: 'kube-controller-manager' | 'kube-scheduler',
  record: ClusterRecord,
  paths: ClusterPaths,
): string[] {
  const kubeconfig = controllerKubeconfig(paths, component);
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    `--bind-address=${HOST}`,
    `--secure-port=${record.ports[component]}`,
    `--cert-dir=${controllerCertificates(paths, component)}`,
  ];
}

/** Folder into which a controller writes its own serving certificate, `<component>.crt`. */
export function controllerCertificates(paths: ClusterPaths, component: ComponentName): string {
  return `${paths.folder}/${component}`;
}
