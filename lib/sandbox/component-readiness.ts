import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrreryError } from '../errors.ts';
import { isSameProcessRunning } from '../files/process-identity.ts';
import { tokenOf } from './cluster-files.ts';
import { ADMIN, type ClusterPaths, type ClusterRecord } from './cluster-record.ts';
import { componentUrl, controllerCertificates } from './component-command.ts';
import { componentLog, logTail, type ProcessRecord } from './component-process.ts';
import { type LoopbackResponse, loopbackRequest } from './loopback-request.ts';
import type { ComponentName } from './sandbox-cluster.ts';

/** A component ended at its start because something else listens on its port. */
export class PortTaken extends Error {
  readonly component: ComponentName;

  constructor(component: ComponentName) {
    super(`the port of ${component} is in use`);
    this.component = component;
  }
}

const POLL_MS = 40;

/**
 * Resolves when a component that was just started serves; it is our own process that serves, not a stranger on the same port
 * (etcd: by member name; the others: by their own certificate, or because a process that cannot bind ends).
 *
 * @throws PortTaken, or OrreryError ORR6003 with the end of the log when the process ends or does not get ready in time.
 */
export async function waitUntilReady(
  component: ComponentName,
  process: ProcessRecord,
  record: ClusterRecord,
  paths: ClusterPaths,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (!isSameProcessRunning(process)) throw startFailure(component, 'ended while starting', record, paths);
    const obstacle = await notReadyBecause(component, record, paths);
    if (obstacle === undefined) {
      if (isSameProcessRunning(process)) return;
      continue;
    }
    if (performance.now() > deadline) {
      throw startFailure(component, `was not ready after ${timeoutMs / 1000} s (${obstacle})`, record, paths);
    }
    await sleep(POLL_MS);
  }
}

/** What keeps a component from serving now: its answer, or why there is none. Undefined: it serves. */
export async function notReadyBecause(
  component: ComponentName,
  record: ClusterRecord,
  paths: ClusterPaths,
): Promise<string | undefined> {
  try {
    const { status, body } = await PROBES[component](record, paths);
    if (status !== 200) return `it answers ${status}: ${body.trim()}`;
    return component === 'etcd' && !isOurMember(body, record) ? 'another etcd answers on its port' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Probe = (record: ClusterRecord, paths: ClusterPaths) => Promise<LoopbackResponse>;

const PROBES: Record<ComponentName, Probe> = {
  etcd: (record) =>
    loopbackRequest({ url: `${componentUrl('etcd', record)}/v3/cluster/member/list`, method: 'POST', body: '{}' }),
  'kube-apiserver': (record, paths) => requestApiServer(record, paths, 'GET', '/readyz'),
  'kube-controller-manager': controllerProbe('kube-controller-manager'),
  'kube-scheduler': controllerProbe('kube-scheduler'),
  kwok: (record) => loopbackRequest({ url: `${componentUrl('kwok', record)}/readyz` }),
};

function controllerProbe(component: 'kube-controller-manager' | 'kube-scheduler'): Probe {
  return async (record, paths) => {
    const ca = readFileSync(join(controllerCertificates(paths, component), `${component}.crt`), 'utf8');
    return loopbackRequest({ url: `${componentUrl(component, record)}/healthz`, ca });
  };
}

function isOurMember(memberList: string, record: ClusterRecord): boolean {
  const { members } = JSON.parse(memberList) as { members?: { name?: string }[] };
  return members?.some(({ name }) => name === record.etcdMember) ?? false;
}

/** A request of the administrator to the cluster's API server, whose certificate is verified. */
export function requestApiServer(
  record: ClusterRecord,
  paths: ClusterPaths,
  method: string,
  path: string,
  apply?: unknown,
): Promise<LoopbackResponse> {
  return loopbackRequest({
    url: `${componentUrl('kube-apiserver', record)}${path}`,
    method,
    ca: readFileSync(paths.serverCertificate, 'utf8'),
    headers: {
      authorization: `Bearer ${tokenOf(record, ADMIN)}`,
      ...(apply === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' }),
    },
    ...(apply === undefined ? {} : { body: JSON.stringify(apply) }),
  });
}

function startFailure(component: ComponentName, what: string, record: ClusterRecord, paths: ClusterPaths): Error {
  const tail = logTail(paths, component);
  if (/address already in use/i.test(tail)) return new PortTaken(component);
  return new OrreryError('ORR6003', `${component} ${what}${tail === '' ? '' : `; the end of its log:\n${tail}`}`, {
    cluster: record.definition.name,
    source: componentLog(paths, component),
    fix: 'Read the log above. `orrery sandbox down` clears everything away for a fresh start.',
  });
}
