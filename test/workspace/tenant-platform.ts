import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClusterProps,
  ClusterSet,
  MultiClusterApp,
  Placement,
  Platform,
  Workspace,
  type WorkspaceProps,
  WorkspaceRole,
} from '@orrery/constructs';
import { createKubeClient } from '../../lib/cluster/http-client.ts';
import type { KubeClient, KubeRequest, KubeResponse } from '../../lib/cluster/kube-client.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, type Program } from '../applied-platform.ts';

export const CLUSTERS = ['alpha', 'beta', 'gamma'] as const;
export type ClusterName = (typeof CLUSTERS)[number];

/** Who sends a request. */
export interface Identity {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** A platform with one workspace and an app in it, applied to real clusters, and everybody who may come and ask there. */
export class TenantPlatform {
  readonly applied: AppliedPlatform;
  readonly program: Program;
  readonly workspace: string;
  /** The shared namespace, the one for self-service, that of the machines. */
  readonly shop: string;
  readonly lab: string;
  readonly machines: string;
  readonly #clients = new Map<string, KubeClient>();

  constructor(name: string, more: Partial<WorkspaceProps> = {}, facts: ClusterProps = {}) {
    this.applied = new AppliedPlatform(name);
    const of = (part: string) => this.applied.namespace(part);
    [this.workspace, this.shop, this.lab, this.machines] = [of('retail'), of('shop'), of('lab'), of('retail-machines')];
    const outdir = join(this.applied.stateFolder, 'assembly');
    const platform = new Platform({ id: this.applied.id, outdir });
    const clusters = new ClusterSet(platform, 'clusters');
    for (const cluster of CLUSTERS) clusters.add(cluster, facts);
    const workspace = new Workspace(platform, this.workspace, {
      placement: Placement.everywhere(),
      namespaces: [this.shop],
      selfServiceNamespaces: [this.lab],
      users: { 'eve@example.com': WorkspaceRole.VIEWER, 'joe@example.com': WorkspaceRole.SELF_PROVISIONER },
      groups: {
        'retail-developers': WorkspaceRole.DEVELOPER,
        'retail-operators': WorkspaceRole.OPERATOR,
        'retail-leads': WorkspaceRole.ADMIN,
      },
      machines: { deployer: WorkspaceRole.DEVELOPER },
      ...more,
    });
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), workspace });
    const config = { env: { LEVEL: 'info' } };
    app.addService('web', { image: 'registry.example.com/mall/web:1', replicasPerCluster: 1, port: 80, config });
    platform.synth();
    const read = (cluster: string) =>
      JSON.parse(readFileSync(join(outdir, 'clusters', cluster, 'objects.json'), 'utf8')) as KubernetesObject[];
    this.program = Object.fromEntries(CLUSTERS.map((cluster) => [cluster, read(cluster)]));
  }

  objects(cluster: ClusterName = 'alpha'): KubernetesObject[] {
    return [...(this.program[cluster] ?? [])] as KubernetesObject[];
  }

  get members(): Record<
    'viewer' | 'developer' | 'operator' | 'admin' | 'provisioner' | 'machine' | 'outsider',
    Identity
  > {
    return {
      viewer: { user: 'eve@example.com' },
      developer: { user: 'dan@example.com', groups: ['retail-developers'] },
      operator: { user: 'oda@example.com', groups: ['retail-operators'] },
      admin: { user: 'ada@example.com', groups: ['retail-leads'] },
      provisioner: { user: 'joe@example.com' },
      machine: {
        user: `system:serviceaccount:${this.machines}:deployer`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${this.machines}`],
      },
      outsider: { user: 'zoe@example.com', groups: ['wholesale-leads'] },
    };
  }

  /** A client of the administrator. */
  async administrator(cluster: ClusterName): Promise<KubeClient> {
    return (await this.applied.open(cluster)).client;
  }

  /** A client that the API server takes for somebody. */
  async as({ user, groups = [] }: Identity, cluster: ClusterName): Promise<KubeClient> {
    const key = JSON.stringify([cluster, user, groups]);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const { connection } = await this.applied.open(cluster);
    if (connection === undefined) throw new Error('no connection');
    const headers = { 'impersonate-user': user, 'impersonate-group': [...groups, 'system:authenticated'] };
    const client = createKubeClient({ ...connection, headers });
    this.#clients.set(key, client);
    return client;
  }

  async cleanUp(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
    await this.applied.destroy(CLUSTERS);
    await this.applied.cleanUp(CLUSTERS);
  }
}

/** Sends a write that stores nothing. */
export function dryRun(client: KubeClient, request: KubeRequest): Promise<KubeResponse> {
  return client.request({
    ...request,
    query: { ...request.query, dryRun: 'All', fieldValidation: request.method === 'DELETE' ? undefined : 'Strict' },
  });
}

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** The spec of a pod that every level of pod security admits. */
export function podSpec(image = 'registry.example.com/mall/web:1', more: object = {}, resources: object = {}): object {
  return { containers: [{ name: 'main', image, resources, securityContext: RESTRICTED }], ...more };
}

/** A template of such a pod, and the selector for it. */
export function podTemplate(spec: object = podSpec()): object {
  return { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec } };
}

/** An ephemeral container that every level of pod security admits. */
export function debugContainer(image: string): object {
  return { spec: { ephemeralContainers: [{ name: 'debug', image, securityContext: RESTRICTED }] } };
}
