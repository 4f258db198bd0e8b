import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrreryError } from '../errors.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { freePort } from './ports.ts';
import { kubernetesRelease, kubernetesVersions, type ToolName } from './rig/tool-catalogue.ts';
import { type ComponentName, componentsOf, type SandboxCluster } from './sandbox-cluster.ts';

/** Executables by tool name, as `ensureTools` returns them. */
export type SandboxTools = Readonly<Partial<Record<ToolName, string>>>;

interface SandboxPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly 'kube-apiserver': number;
  readonly 'kube-controller-manager': number;
  readonly 'kube-scheduler': number;
  readonly kwok: number;
}

/** A user of the API server with its bearer token. */
interface Credential {
  readonly user: string;
  readonly groups: readonly string[];
  readonly token: string;
}

/** What a cluster keeps for its whole life, in its folder. */
export interface ClusterRecord {
  readonly definition: SandboxCluster;
  readonly ports: SandboxPorts;
  /** Names the etcd member: tells our etcd from a stranger on the same port. */
  readonly etcdMember: string;
  /** The administrator, one user per controller (so that an audit log tells them apart), then the users asked for. */
  readonly credentials: readonly Credential[];
  /** Executables of the components. */
  readonly binaries: Readonly<Partial<Record<ComponentName, string>>>;
  /** "1.36.3". */
  readonly kubernetesVersion: string;
}

/** Where a cluster keeps its files. */
export interface ClusterPaths {
  readonly folder: string;
  readonly record: string;
  readonly processes: string;
  readonly logs: string;
  readonly home: string;
  readonly etcdData: string;
  readonly serverCertificates: string;
  /** The API server's own certificate with its authority, in one PEM file that it writes itself. */
  readonly serverCertificate: string;
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  readonly tokens: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
  readonly stages: string;
  /** For people and tests: administrator and extra users. */
  readonly kubeconfig: string;
}

export const ADMIN = 'admin';

export function clusterPaths(sandboxFolder: string, cluster: string): ClusterPaths {
  const folder = join(sandboxFolder, cluster);
  const certificates = join(folder, 'kube-apiserver');
  return {
    folder,
    record: join(folder, 'cluster.json'),
    processes: join(folder, 'processes'),
    logs: join(folder, 'logs'),
    home: join(folder, 'home'),
    etcdData: join(folder, 'etcd'),
    serverCertificates: certificates,
    serverCertificate: join(certificates, 'apiserver.crt'),
    serviceAccountKey: join(folder, 'service-account.key'),
    serviceAccountPublicKey: join(folder, 'service-account.pub'),
    tokens: join(folder, 'tokens.csv'),
    auditPolicy: join(folder, 'audit-policy.yaml'),
    auditLog: join(folder, 'audit.jsonl'),
    stages: join(folder, 'stages.yaml'),
    kubeconfig: join(folder, 'kubeconfig'),
  };
}

/** kubeconfig with which a controller of the cluster reaches its API server. */
export function controllerKubeconfig(paths: ClusterPaths, component: ComponentName): string {
  return join(paths.folder, `${component}.kubeconfig`);
}

/** Names of the clusters that have a folder in the sandbox, sorted. */
export function recordedClusters(sandboxFolder: string): string[] {
  if (!existsSync(sandboxFolder)) return [];
  return readdirSync(sandboxFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(clusterPaths(sandboxFolder, entry.name).record))
    .map((entry) => entry.name)
    .sort();
}

/** Undefined when the cluster does not exist or its record is not readable. */
export function readClusterRecord(sandboxFolder: string, cluster: string): ClusterRecord | undefined {
  try {
    return JSON.parse(readFileSync(clusterPaths(sandboxFolder, cluster).record, 'utf8')) as ClusterRecord;
  } catch {
    return undefined;
  }
}

export function writeClusterRecord(sandboxFolder: string, record: ClusterRecord): void {
  writeFileAtomically(
    clusterPaths(sandboxFolder, record.definition.name).record,
    `${JSON.stringify(record, null, 2)}\n`,
  );
}

/**
 * The record of a cluster from its definition; what an earlier record fixed (ports, tokens, etcd member) stays.
 *
 * @throws OrreryError ORR6003 for a Kubernetes version that the rig does not have, or a tool without executable.
 */
export async function planClusterRecord(
  definition: SandboxCluster,
  tools: SandboxTools,
  earlier: ClusterRecord | undefined,
  reservedPorts: Set<number>,
): Promise<ClusterRecord> {
  const release = kubernetesRelease(definition.kubernetesVersion);
  if (release === undefined) {
    throw new OrreryError('ORR6003', `the sandbox has no Kubernetes ${definition.kubernetesVersion}`, {
      cluster: definition.name,
      fix: `Choose one of ${kubernetesVersions()}.`,
    });
  }
  const binaries: Partial<Record<ComponentName, string>> = {};
  for (const component of componentsOf(definition)) {
    const tool = component === 'kube-apiserver' ? release.apiServer : component;
    const binary = tools[tool];
    if (binary === undefined) {
      throw new OrreryError('ORR6003', `there is no executable for ${tool}`, {
        cluster: definition.name,
        fix: `Pass the path of ${tool} among the tools, as ensureTools returns it.`,
      });
    }
    binaries[component] = binary;
  }
  return {
    definition,
    kubernetesVersion: release.version,
    ports: earlier?.ports ?? (await choosePorts(reservedPorts)),
    etcdMember: earlier?.etcdMember ?? `orrery-${randomBytes(8).toString('hex')}`,
    credentials: chooseCredentials(definition, earlier?.credentials ?? []),
    binaries,
  };
}

async function choosePorts(reserved: Set<number>): Promise<SandboxPorts> {
  return {
    etcd: await freePort(reserved),
    etcdPeer: await freePort(reserved),
    'kube-apiserver': await freePort(reserved),
    'kube-controller-manager': await freePort(reserved),
    'kube-scheduler': await freePort(reserved),
    kwok: await freePort(reserved),
  };
}

/** The record with another address for a component whose port somebody else has taken; the other components keep theirs. */
export async function moveComponent(
  record: ClusterRecord,
  component: ComponentName,
  reserved: Set<number>,
): Promise<ClusterRecord> {
  const moved = {
    [component]: await freePort(reserved),
    ...(component === 'etcd' ? { etcdPeer: await freePort(reserved) } : {}),
  };
  return { ...record, ports: { ...record.ports, ...moved } };
}

/** The controllers are administrators too: the roles that Kubernetes prepares for them expect a service account per controller. */
const ADMINISTRATORS = [ADMIN, 'system:kube-controller-manager', 'system:kube-scheduler', 'system:kwok'];

export function controllerUser(component: ComponentName): string {
  return `system:${component}`;
}

function chooseCredentials(definition: SandboxCluster, earlier: readonly Credential[]): Credential[] {
  const token = (user: string): string =>
    earlier.find((credential) => credential.user === user)?.token ?? randomBytes(24).toString('hex');
  return [
    ...ADMINISTRATORS.map((user) => ({ user, groups: ['system:masters'], token: token(user) })),
    ...(definition.tokens ?? []).map((user) => ({
      user: user.name,
      groups: [...(user.groups ?? [])],
      token: user.token ?? token(user.name),
    })),
  ];
}
