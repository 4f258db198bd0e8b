import { inject, vi } from 'vitest';
import { parse } from 'yaml';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { AppliedPlatform } from './applied-platform.ts';
import { type FaultProxy, startFaultProxy } from './faults/fault-proxy.ts';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });

/** A user who may do only what rules grant, on the real API server of "alpha", seen by a proxy. */
export class LimitedUser {
  readonly name: string;
  readonly #admin: KubeTarget;
  readonly #proxy: FaultProxy;
  readonly #platform: AppliedPlatform;
  #made: string[] = [];

  private constructor(name: string, platform: AppliedPlatform, admin: KubeTarget, proxy: FaultProxy) {
    this.name = name;
    this.#platform = platform;
    this.#admin = admin;
    this.#proxy = proxy;
  }

  static async of(platform: AppliedPlatform, admin: KubeTarget, name = 'limited'): Promise<LimitedUser> {
    const user = `${platform.id}-${name}`;
    const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha', { 'impersonate-user': user });
    return new LimitedUser(user, platform, admin, proxy);
  }

  /** Through which the server knows this user. */
  get url(): string {
    return this.#proxy.url;
  }

  /** Writes that this user sent and the server received. */
  get writes(): readonly string[] {
    return this.#proxy.requests.filter(({ isWrite }) => isWrite).map(({ method, path }) => `${method} ${path}`);
  }

  get requests(): FaultProxy['requests'] {
    return this.#proxy.requests;
  }

  /** Waits until the server knows that this user may. */
  open(): Promise<KubeTarget> {
    return vi.waitUntil(() => this.#platform.open('alpha', this.#proxy.url).catch(() => undefined), {
      timeout: 10_000,
    });
  }

  /** @param namespace '': everywhere */
  async grant(rules: readonly Rule[], namespace = ''): Promise<void> {
    const name = `${this.name}-${this.#made.length}`;
    const [role, folder] = namespace === '' ? ['ClusterRole', RBAC] : ['Role', `${RBAC}/namespaces/${namespace}`];
    const metadata = { name };
    const subjects = [{ kind: 'User', name: this.name }];
    await this.#create(`${folder}/${role.toLowerCase()}s`, { metadata, rules });
    await this.#create(`${folder}/${role.toLowerCase()}bindings`, { metadata, roleRef: roleRef(role, name), subjects });
  }

  /** Grants what the fix of an ORR3006 says, and nothing more. */
  async grantAsTold(fix: string): Promise<void> {
    for (const part of fix.split(/^(?=ClusterRole:|Role in )/m).slice(1)) {
      const [head = ''] = part.split('\n');
      const rules = parse(part.slice(head.length + 1)) as Rule[];
      const places = head === 'ClusterRole:' ? [''] : head.replace(/^Role in (.*):$/, '$1').split(', ');
      for (const place of places) await this.grant(rules, place);
    }
  }

  async cleanUp(): Promise<void> {
    for (const path of this.#made) await this.#admin.client.request({ method: 'DELETE', path });
    await this.#proxy.close();
  }

  async #create(
    path: string,
    body: { readonly metadata: { readonly name: string }; readonly [field: string]: unknown },
  ): Promise<void> {
    const answer = await this.#admin.client.request({ method: 'POST', path, body });
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    this.#made.push(`${path}/${body.metadata.name}`);
  }
}
