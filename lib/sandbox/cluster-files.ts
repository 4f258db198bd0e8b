import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import {
  ADMIN,
  type ClusterPaths,
  type ClusterRecord,
  clusterPaths,
  controllerKubeconfig,
  controllerUser,
  readClusterRecord,
  recordedClusters,
} from './cluster-record.ts';
import { componentUrl } from './component-command.ts';
import { type KubeconfigContext, kubeconfigText } from './kubeconfig.ts';
import { kwokStages } from './kwok-stages.ts';
import { CONTROLLERS, type ComponentName } from './sandbox-cluster.ts';

/**
 * Writes what the API server reads at its start: service account key (made once), tokens, audit policy.
 *
 * @returns whether anything differs from what a running server has read.
 */
export function writeServerFiles(record: ClusterRecord, paths: ClusterPaths): boolean {
  for (const folder of [paths.folder, paths.serverCertificates]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(paths.serviceAccountPublicKey)) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    writeFileAtomically(paths.serviceAccountKey, privateKey);
    writeFileAtomically(paths.serviceAccountPublicKey, publicKey);
  }
  const written = [writeChanged(paths.tokens, tokenFile(record)), writeChanged(paths.auditPolicy, AUDIT_POLICY)];
  return written.includes(true);
}

function writeChanged(path: string, content: string): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return false;
  writeFileAtomically(path, content);
  return true;
}

/**
 * Writes what needs the API server's certificate: the kubeconfigs of people and controllers; and kwok's stages.
 *
 * @returns the controllers for which anything differs from what they have read if they run.
 */
export function writeClientFiles(record: ClusterRecord, paths: ClusterPaths): ComponentName[] {
  writeChanged(paths.kubeconfig, kubeconfigText(peopleContexts(record, paths)));
  const stagesChanged = writeChanged(paths.stages, kwokStages(`v${record.kubernetesVersion}`));
  return CONTROLLERS.filter((component) => {
    const context = contextFor(record, paths, controllerUser(component), record.definition.name);
    const changed = writeChanged(controllerKubeconfig(paths, component), kubeconfigText([context]));
    return changed || (component === 'kwok' && stagesChanged);
  });
}

/** Text of the kubeconfig that reaches every cluster of the sandbox: one context per cluster, named after it, and one per extra user. */
export function mergedKubeconfig(sandboxFolder: string): string {
  return kubeconfigText(
    recordedClusters(sandboxFolder).flatMap((name) => {
      const paths = clusterPaths(sandboxFolder, name);
      const record = readClusterRecord(sandboxFolder, name);
      return record === undefined || !existsSync(paths.serverCertificate) ? [] : peopleContexts(record, paths);
    }),
  );
}

function peopleContexts(record: ClusterRecord, paths: ClusterPaths): KubeconfigContext[] {
  const { name, tokens } = record.definition;
  return [
    contextFor(record, paths, ADMIN, name),
    ...(tokens ?? []).map((user) => contextFor(record, paths, user.name, `${name}-${user.name}`)),
  ];
}

function contextFor(record: ClusterRecord, paths: ClusterPaths, user: string, context: string): KubeconfigContext {
  return {
    context,
    cluster: record.definition.name,
    server: componentUrl('kube-apiserver', record),
    certificateAuthority: readFileSync(paths.serverCertificate, 'utf8'),
    token: tokenOf(record, user),
  };
}

export function tokenOf(record: ClusterRecord, user: string): string {
  return record.credentials.find((credential) => credential.user === user)?.token ?? '';
}

/** Lines of token, user, uid, "group,group" (kube-apiserver --token-auth-file). */
function tokenFile(record: ClusterRecord): string {
  return record.credentials
    .map(({ user, groups, token }) => [token, user, user, groups.join(',')].map(csvField).join(','))
    .map((line) => `${line}\n`)
    .join('');
}

function csvField(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** Every finished write with who did it to what, in the order the server finished them; no bodies, no reads. */
const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- level: Metadata
  verbs: [create, update, patch, delete, deletecollection]
- level: None
`;
