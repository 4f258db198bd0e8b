import { GuardRail, NetworkAllowance, NetworkPlugin } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { probesOf } from './probes.ts';
import { guardedWrites, JANITOR } from './refusals.ts';
import { CLUSTERS, dryRun, podSpec, TenantPlatform } from './tenant-platform.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

describe.skipIf(inject('rig') === 'missing')('a workspace on real API servers', () => {
  let tenant: TenantPlatform;

  beforeAll(async () => {
    tenant = new TenantPlatform(
      'tenant',
      {
        quota: { pods: '60', 'requests.cpu': '4', 'count/configmaps': '30' },
        limits: { defaultCpu: '50m', maxCpu: '2', defaultCpuLimit: '500m' },
        network: [NetworkAllowance.dns(), NetworkAllowance.fromCidr('10.8.0.0/16', { ports: [80] })],
        imageRegistries: ['registry.example.com/mall', 'docker.io/library'],
        guardRails: [GuardRail.NO_LATEST_IMAGES, GuardRail.NO_LOAD_BALANCERS, GuardRail.NO_NODE_PORTS],
      },
      { networkPlugin: NetworkPlugin.CALICO },
    );
    const { outcome } = await tenant.applied.apply(tenant.program);
    expect(outcome.clusters.map(({ status, failures }) => ({ status, failures }))).toEqual(
      CLUSTERS.map(() => ({ status: 'done', failures: [] })),
    );
    // What probes read, delete and evict.
    for (const cluster of CLUSTERS) {
      const client = await tenant.administrator(cluster);
      const path = `/api/v1/namespaces/${tenant.shop}`;
      const objects = { secrets: { metadata: { name: 'login' } }, configmaps: { metadata: { name: 'free' } } };
      const pods = { metadata: { name: 'debug' }, spec: podSpec() };
      for (const [resource, body] of Object.entries({ ...objects, pods })) {
        const { status, body: answer } = await client.request({ method: 'POST', path: `${path}/${resource}`, body });
        expect({ status, answer }).toMatchObject({ status: 201 });
      }
      const janitor = `${tenant.applied.id}-janitor`;
      await client.request({
        method: 'POST',
        path: `${RBAC}/clusterroles`,
        body: {
          metadata: { name: janitor },
          rules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['create', 'patch', 'update', 'delete'] }],
        },
      });
      await client.request({
        method: 'POST',
        path: `${RBAC}/clusterrolebindings`,
        body: {
          metadata: { name: janitor },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: janitor },
          subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: JANITOR.user }],
        },
      });
    }
  }, 120_000);
  afterAll(async () => {
    for (const cluster of CLUSTERS) {
      const client = await tenant.administrator(cluster);
      for (const kind of ['clusterroles', 'clusterrolebindings'])
        await client.request({ method: 'DELETE', path: `${RBAC}/${kind}/${tenant.applied.id}-janitor` });
    }
    await tenant.cleanUp();
  }, 60_000);

  it('lets its members do exactly what their role says, in every cluster', { timeout: 120_000 }, async () => {
    const probes = probesOf(tenant);
    expect(probes.length).toBeGreaterThan(60);
    const expected = Object.fromEntries(probes.map(({ what, who }) => [what, who]));
    const initials = {
      viewer: 'V',
      developer: 'D',
      operator: 'O',
      admin: 'A',
      provisioner: 'S',
      machine: 'M',
      outsider: 'X',
    };
    const members = Object.entries(tenant.members);
    for (const cluster of CLUSTERS) {
      const clients = await Promise.all(members.map(([, identity]) => tenant.as(identity, cluster)));
      const seen: Record<string, string> = {};
      for (const { what, attempt } of probes) {
        const allowed = await Promise.all(clients.map((client) => attempt(client)));
        seen[what] = members
          .flatMap(([name], i) => (allowed[i] === true ? [initials[name as keyof typeof initials]] : []))
          .join(' ');
      }
      expect(seen, cluster).toEqual(expected);
    }
  });

  it('refuses what is over a quota or a limit, and in sum allows what the program says', async () => {
    const sums = new Map<string, number>();
    for (const cluster of CLUSTERS) {
      const client = await tenant.administrator(cluster);
      for (const namespace of [tenant.shop, tenant.lab]) {
        const path = `/api/v1/namespaces/${namespace}/resourcequotas/workspace`;
        const { body } = await client.request({ method: 'GET', path });
        const { hard } = (body as { spec: { hard: Record<string, string> } }).spec;
        const amount = (text: string) => (text.endsWith('m') ? Number(text.slice(0, -1)) : 1000 * Number(text));
        for (const [resource, text] of Object.entries(hard))
          sums.set(resource, (sums.get(resource) ?? 0) + amount(text));
      }
    }
    expect(Object.fromEntries(sums)).toEqual({ pods: 60_000, 'requests.cpu': 4_000, 'count/configmaps': 30_000 });

    const developer = await tenant.as(tenant.members.developer, 'beta');
    const pod = (requests: object) => ({
      method: 'POST' as const,
      path: `/api/v1/namespaces/${tenant.shop}/pods`,
      body: {
        metadata: { name: 'probe' },
        spec: podSpec(undefined, {}, { requests, limits: requests }),
      },
    });
    expect(await dryRun(developer, pod({ cpu: '100m' }))).toMatchObject({ status: 201 });
    expect(await dryRun(developer, pod({ cpu: '1' }))).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/exceeded quota: workspace, requested: requests\.cpu=1,/) },
    });
    expect(await dryRun(developer, pod({ cpu: '3' }))).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('maximum cpu usage per Container is 2') },
    });
  });

  it('refuses pods below its level of pod security', async () => {
    const developer = await tenant.as(tenant.members.developer, 'gamma');
    const path = `/api/v1/namespaces/${tenant.shop}/pods`;
    const body = { metadata: { name: 'probe' }, spec: podSpec(undefined, { hostNetwork: true }) };
    expect(await dryRun(developer, { method: 'POST', path, body })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('violates PodSecurity "restricted:latest"') },
    });
  });

  it('refuses by its guards what would leave its bounds, and nothing else, in every cluster', {
    timeout: 60_000,
  }, async () => {
    const writes = guardedWrites(tenant);
    for (const cluster of CLUSTERS) {
      const seen = [];
      for (const { what, who, request } of writes) {
        const { status, body } = await dryRun(await tenant.as(who, cluster), request);
        seen.push({ what, refused: status < 300 ? undefined : `${status} ${(body as { message?: string }).message}` });
      }
      const expected = writes.map(({ what, refused }) => ({
        what,
        refused: refused === undefined ? undefined : expect.stringContaining(refused),
      }));
      expect(seen, cluster).toEqual(expected);
    }
  });

  it('is made of objects that are accepted as they are, and no more when the name of one field is another', async () => {
    const client = await tenant.administrator('alpha');
    const accepted = async (object: KubernetesObject) =>
      (
        await client.request({
          method: 'PATCH',
          path: pathOf(object),
          query: { fieldManager: 'strict', force: 'true', dryRun: 'All', fieldValidation: 'Strict' },
          contentType: 'application/apply-patch+yaml',
          body: object,
        })
      ).status;
    const own = tenant.objects().filter(({ metadata }) => metadata.labels?.['orrery.dev/workspace'] !== undefined);
    expect(new Set(own.map(({ kind }) => kind)).size).toBeGreaterThan(5);
    for (const object of own) {
      expect(await accepted(object), `${object.kind} ${object.metadata.name}`).toBeLessThan(300);
      for (const other of renamings(object)) expect(await accepted(other), JSON.stringify(other)).toBeGreaterThan(399);
    }
  });

  it('is unchanged in the next plan', async () => {
    for (const cluster of CLUSTERS)
      expect(await tenant.applied.pending({ [cluster]: tenant.objects(cluster) }, cluster)).toEqual([]);
  });
});

/** The object with another name for a field: at the top, and in what stands there. */
function renamings(object: KubernetesObject): KubernetesObject[] {
  const { apiVersion, kind, metadata, ...rest } = object as KubernetesObject & Record<string, unknown>;
  const renamed = (value: object): object => {
    const [[key, inner] = ['', undefined], ...others] = Object.entries(value);
    return Object.fromEntries([[`${key}X`, inner], ...others]);
  };
  const base = { apiVersion, kind, metadata };
  const [first] = Object.entries(rest);
  if (first === undefined) return [{ ...base, metadata: { ...metadata, labelsX: metadata.labels } } as never];
  const [key, value] = first;
  const inner = Array.isArray(value) ? [renamed(value[0] as object), ...value.slice(1)] : value;
  const nested =
    typeof value === 'object' && value !== null
      ? [{ ...base, ...rest, [key]: Array.isArray(inner) ? inner : renamed(value) }]
      : [];
  return [{ ...base, ...renamed(rest) }, ...nested] as never;
}

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const plural = kind.endsWith('y') ? `${kind.toLowerCase().slice(0, -1)}ies` : `${kind.toLowerCase()}s`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}${scope}/${plural}/${metadata.name}`;
}
