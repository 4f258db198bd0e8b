import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { KubeSphereVersion, type KubeSphereWorkspaceProps } from './kubesphere-props';
import { KubeSphereWorkspace } from './kubesphere-workspace';
import { Placement } from './placement';
import type { Platform } from './platform';
import { exactQuantity } from './private/quantity';
import { type AnyObject, assemblyOf, problemsOf, problemsOfProgram, testPlatform } from './synthesis.test-support';
import { Workspace } from './workspace';
import { type WorkspaceProps, WorkspaceRole } from './workspace-props';

const V3 = ['tenant.kubesphere.io/v1alpha2', 'iam.kubesphere.io/v1alpha2', 'quota.kubesphere.io/v1alpha2'];
const V4 = ['tenant.kubesphere.io/v1beta1', 'iam.kubesphere.io/v1beta1', 'quota.kubesphere.io/v1alpha2'];

/** A workspace `retail` in a and b, hosted by `host`, with an adapter `console`. */
const program =
  (
    props: Partial<KubeSphereWorkspaceProps> = {},
    workspace: Partial<WorkspaceProps> = {},
    apiVersions = [...V3, 'devops.kubesphere.io/v1alpha3'],
  ) =>
  (platform: Platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    const host = clusters.add('host', { apiVersions });
    for (const name of ['a', 'b']) clusters.add(name, { apiVersions });
    const retail = new Workspace(platform, 'retail', {
      placement: Placement.weighted({ a: 2, b: 1 }),
      namespaces: ['mall', 'mall-jobs'],
      users: { joe: WorkspaceRole.DEVELOPER, ann: WorkspaceRole.ADMIN },
      machines: { importer: WorkspaceRole.DEVELOPER },
      controllerNamespaces: ['kubesphere-system'],
      ...workspace,
    });
    new KubeSphereWorkspace(platform, 'console', { workspace: retail, host, ...props });
  };

const objects = (...given: Parameters<typeof program>) => {
  const assembly = assemblyOf(program(...given));
  return (cluster: string) =>
    new Map(
      [...assembly.objects(cluster)]
        .filter(([path]) => path.startsWith('console/'))
        .map(([path, object]) => [path.replace('console/', ''), object as AnyObject]),
    );
};
const refusals = (...given: Parameters<typeof program>) =>
  problemsOfProgram(program(...given)).map(({ code, what }) => `${code} ${what}`);

describe('a workspace in KubeSphere', { timeout: 30_000 }, () => {
  it('is a template and a binding for each member, on the host alone', () => {
    const of = objects();
    expect([...of('host').keys()]).toEqual([
      'WorkspaceTemplate',
      'WorkspaceRoleBinding/User/joe',
      'WorkspaceRoleBinding/User/ann',
    ]);
    expect([of('a').size, of('b').size]).toEqual([0, 0]);
    expect(of('host').get('WorkspaceTemplate')).toEqual({
      apiVersion: 'tenant.kubesphere.io/v1alpha2',
      kind: 'WorkspaceTemplate',
      metadata: {
        name: 'retail',
        labels: { 'app.kubernetes.io/part-of': 'retail', 'app.kubernetes.io/managed-by': 'orrery' },
        annotations: { 'orrery.dev/on-remove': 'orphan' },
      },
      spec: { template: { spec: {} }, placement: { clusters: [{ name: 'a' }, { name: 'b' }] } },
    });
    expect(of('host').get('WorkspaceRoleBinding/User/joe')).toEqual({
      apiVersion: 'iam.kubesphere.io/v1alpha2',
      kind: 'WorkspaceRoleBinding',
      metadata: {
        name: 'joe-retail-regular',
        labels: {
          'app.kubernetes.io/part-of': 'retail',
          'app.kubernetes.io/managed-by': 'orrery',
          'kubesphere.io/workspace': 'retail',
          'iam.kubesphere.io/user-ref': 'joe',
        },
      },
      roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'WorkspaceRole', name: 'retail-regular' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'joe' }],
    });
  });

  it('has its namespaces labelled in every cluster, and not that of its machines', () => {
    const assembly = assemblyOf(program({ workspaceName: 'shop' }));
    const labels = (path: string) => assembly.object('a', `retail/Namespace/${path}`).metadata.labels;
    expect(labels('mall')).toMatchObject({ 'kubesphere.io/workspace': 'shop' });
    expect(labels('mall-jobs')).toMatchObject({ 'kubesphere.io/workspace': 'shop' });
    expect(labels('retail-machines')).not.toHaveProperty('kubesphere.io/workspace');
  });

  it('has each role of the workspace as one of KubeSphere', () => {
    const users = Object.fromEntries(Object.values(WorkspaceRole).map((role) => [role, role]));
    const host = objects({}, { users, selfServiceNamespaces: ['lab'] })('host');
    const roles = [...host.values()].flatMap(({ kind, roleRef, subjects }) =>
      kind === 'WorkspaceRoleBinding' ? [[subjects[0].name, roleRef.name]] : [],
    );
    expect(Object.fromEntries(roles)).toEqual({
      viewer: 'retail-viewer',
      developer: 'retail-regular',
      operator: 'retail-regular',
      admin: 'retail-admin',
      'self-provisioner': 'retail-self-provisioner',
    });
  });

  it('names members, groups and clusters as KubeSphere does, and leaves out who is none there', () => {
    const host = objects(
      {
        names: { 'ann@example.com': 'ann', 'retail-leads': 'leads-7x', 'bot@example.com': '' },
        clusterNames: { a: 'member-a' },
        manager: 'ann',
      },
      {
        users: { 'ann@example.com': WorkspaceRole.ADMIN, 'bot@example.com': WorkspaceRole.VIEWER },
        groups: { 'retail-leads': WorkspaceRole.ADMIN },
      },
    )('host');
    expect([...host.keys()]).toEqual([
      'WorkspaceTemplate',
      'WorkspaceRoleBinding/User/ann',
      'WorkspaceRoleBinding/Group/leads-7x',
    ]);
    expect(host.get('WorkspaceTemplate').spec).toEqual({
      template: { spec: { manager: 'ann' } },
      placement: { clusters: [{ name: 'member-a' }, { name: 'b' }] },
    });
    const { metadata, subjects } = host.get('WorkspaceRoleBinding/Group/leads-7x');
    expect(metadata.name).toBe('group-leads-7x-retail-admin');
    expect(metadata.labels).toMatchObject({ 'iam.kubesphere.io/group-ref': 'leads-7x' });
    expect(subjects).toEqual([{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'leads-7x' }]);
  });

  it('has its part of the quota in each cluster, over all namespaces, and the parts are the whole', () => {
    const amounts = fc.record({ cpu: fc.integer({ min: 1, max: 500 }), memory: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(amounts, ({ cpu, memory }) => {
        const of = objects({}, { quota: { cpu: String(cpu), memory: `${memory}Gi` } });
        expect(of('host').has('ResourceQuota')).toBe(false);
        const parts = ['a', 'b'].map((cluster) => of(cluster).get('ResourceQuota').spec);
        expect(parts[0].selector).toEqual({ 'kubesphere.io/workspace': 'retail' });
        const sum = (resource: string) =>
          parts.reduce((all, { quota }) => all + (exactQuantity(quota.hard[resource]) ?? 0n), 0n);
        expect(sum('cpu')).toBe(exactQuantity(String(cpu)));
        expect(sum('memory')).toBe(exactQuantity(`${memory}Gi`));
      }),
      { numRuns: 20 },
    );
  });

  it('has DevOps projects, which are its own by their label', () => {
    const host = objects({ devopsProjects: ['shop-ci'] })('host');
    expect(host.get('DevOpsProject/shop-ci')).toMatchObject({
      apiVersion: 'devops.kubesphere.io/v1alpha3',
      metadata: { name: 'shop-ci', labels: { 'kubesphere.io/workspace': 'retail' } },
    });
  });

  it('has the shape of 4.x where that is asked for', () => {
    const host = objects({ version: KubeSphereVersion.V4 }, { quota: { cpu: '3' } }, V4)('host');
    expect(host.get('WorkspaceTemplate').apiVersion).toBe('tenant.kubesphere.io/v1beta1');
    const { apiVersion, metadata, subjects } = host.get('WorkspaceRoleBinding/User/ann');
    expect(apiVersion).toBe('iam.kubesphere.io/v1beta1');
    expect(metadata.labels).toMatchObject({
      'iam.kubesphere.io/user-ref': 'ann',
      'iam.kubesphere.io/role-ref': 'retail-admin',
    });
    expect(subjects).toEqual([{ apiGroup: 'iam.kubesphere.io', kind: 'User', name: 'ann' }]);
  });

  it('may be hosted by one of its own clusters', () => {
    const assembly = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      const host = clusters.add('host', { apiVersions: V3 });
      const workspace = new Workspace(platform, 'retail', {
        placement: Placement.everywhere(),
        quota: { pods: '10' },
        controllerNamespaces: ['kubesphere-system'],
      });
      new KubeSphereWorkspace(platform, 'console', { workspace, host });
    });
    const kinds = [...assembly.objects('host')]
      .filter(([path]) => path.startsWith('console/'))
      .map(([, { kind }]) => kind);
    expect(kinds).toEqual(['WorkspaceTemplate', 'ResourceQuota']);
  });

  it.each<[string, Parameters<typeof program>, string]>([
    [
      'a user whom KubeSphere cannot know by that name',
      [{}, { users: { 'joe@example.com': WorkspaceRole.VIEWER } }],
      'ORR2003 "joe@example.com" is not the name of a KubeSphere user.',
    ],
    [
      'a group without a name there',
      [{}, { groups: { leads: WorkspaceRole.ADMIN } }],
      'ORR2012 Nothing tells which group of KubeSphere "leads" is.',
    ],
    ['a name of nobody', [{ names: { eve: 'eve' } }], 'ORR2012 names has "eve", who is no member of the workspace.'],
    ['a manager that is no name', [{ manager: 'A B' }], 'ORR2003 "A B" is not the name of a KubeSphere user.'],
    ['a name of a workspace that is none', [{ workspaceName: 'A' }], 'ORR2003 "A" is not a valid name in KubeSphere.'],
    [
      'a name so long that roles are called otherwise',
      [{ workspaceName: 'x'.repeat(47) }],
      `ORR2003 "${'x'.repeat(47)}" is so long that KubeSphere names its roles otherwise.`,
    ],
    ['a DevOps project twice', [{ devopsProjects: ['ci', 'ci'] }], 'ORR2004 A DevOps project is named twice.'],
    [
      'guards that keep KubeSphere out',
      [{}, { controllerNamespaces: [] }],
      'ORR2012 Controllers of KubeSphere write to the namespaces of workspace "retail", whose guards do not know them.',
    ],
    [
      'a host without KubeSphere',
      [{}, {}, ['iam.kubesphere.io/v1alpha2']],
      'ORR2013 KubeSphere 3.4 serves tenant.kubesphere.io/v1alpha2, and no fact of cluster "host" says so.',
    ],
    [
      'a member cluster without it',
      [{}, { quota: { cpu: '3' } }, V3.slice(0, 2)],
      'ORR2013 KubeSphere 3.4 serves quota.kubesphere.io/v1alpha2, and no fact of cluster "a" says so.',
    ],
  ])('is refused for %s', (_, given, said) => {
    expect(refusals(...given)).toContain(said);
  });

  it('is one for each workspace', () => {
    const platform = testPlatform();
    const host = new ClusterSet(platform, 'clusters').add('host', { apiVersions: V3 });
    const workspace = new Workspace(platform, 'retail', { placement: Placement.everywhere() });
    new KubeSphereWorkspace(platform, 'one', { workspace, host });
    const [problem] = problemsOf(() => new KubeSphereWorkspace(platform, 'two', { workspace, host }));
    expect(problem).toMatchObject({ code: 'ORR2004', path: 'retail' });
  });
});
