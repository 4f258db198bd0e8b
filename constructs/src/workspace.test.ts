import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { type AnyObject, type Assembly, problemsOfProgram } from './synthesis.test-support';
import { Workspace } from './workspace';
import { withWorkspace, workspaceRefusals } from './workspace.test-support';
import { PodSecurityLevel, WorkspaceRole } from './workspace-props';

const ids = (assembly: Assembly, cluster = 'prod') =>
  [...assembly.objects(cluster).values()].map(({ kind, metadata }) =>
    [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/'),
  );
const LABELS = {
  'app.kubernetes.io/part-of': 'retail',
  'app.kubernetes.io/managed-by': 'orrery',
  'orrery.dev/workspace': 'test.retail',
};

describe('a workspace', () => {
  it('has a namespace of its own name, owner labels, and pods of the restricted level only', () => {
    const assembly = withWorkspace({ labels: { team: 'retail' } });
    expect(assembly.object('prod', 'retail/Namespace/retail')).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'retail',
        labels: {
          team: 'retail',
          ...LABELS,
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    });
  });

  it('has the namespaces, members and limits of its program in every cluster of its placement', () => {
    const assembly = withWorkspace(
      {
        placement: Placement.named('a', 'c'),
        namespaces: ['shop', 'shop-test'],
        selfServiceNamespaces: ['lab'],
        groups: { 'retail-developers': WorkspaceRole.DEVELOPER, leads: WorkspaceRole.ADMIN },
        users: { 'eve@example.com': WorkspaceRole.VIEWER, 'joe@example.com': WorkspaceRole.SELF_PROVISIONER },
        machines: { deployer: WorkspaceRole.DEVELOPER },
        quota: { pods: '10' },
        limits: { defaultCpu: '100m', maxMemory: '2Gi', maxVolume: '10Gi' },
        podSecurity: PodSecurityLevel.BASELINE,
      },
      { clusters: { a: {}, b: {}, c: {} } },
    );
    const expected = [
      'ClusterRole/test.retail.viewer',
      'ClusterRole/test.retail.operator',
      'ClusterRole/test.retail.developer',
      'ClusterRole/test.retail.admin',
      'Namespace/retail-machines',
      'ResourceQuota/retail-machines/workspace',
      'ServiceAccount/retail-machines/deployer',
      ...['own-objects', 'namespaces', 'bindings', 'services', 'priorities'].flatMap((guard) => [
        `ValidatingAdmissionPolicy/test.retail.${guard}`,
        `ValidatingAdmissionPolicyBinding/test.retail.${guard}`,
      ]),
      ...['shop', 'shop-test'].flatMap((name) => [
        `Namespace/${name}`,
        `ResourceQuota/${name}/workspace`,
        `LimitRange/${name}/workspace`,
        `RoleBinding/${name}/workspace-developer`,
        `RoleBinding/${name}/workspace-admin`,
        `RoleBinding/${name}/workspace-viewer`,
      ]),
      'Namespace/lab',
      'ResourceQuota/lab/workspace',
      'LimitRange/lab/workspace',
      'RoleBinding/lab/workspace-admin',
    ];
    expect(ids(assembly, 'a')).toEqual(expected);
    expect(ids(assembly, 'b')).toEqual([]);
    expect(ids(assembly, 'c')).toEqual(expected);
    const rbac = 'rbac.authorization.k8s.io';
    expect(assembly.object('a', 'retail/RoleBinding/shop/developer')).toEqual({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'workspace-developer', namespace: 'shop', labels: LABELS },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'test.retail.developer' },
      subjects: [
        { apiGroup: rbac, kind: 'Group', name: 'retail-developers' },
        { kind: 'ServiceAccount', name: 'deployer', namespace: 'retail-machines' },
      ],
    });
    // Self-provisioners are admins where they serve themselves, and read what is shared.
    const names = (path: string) => assembly.object('a', path).subjects.map(({ name }: AnyObject) => name);
    expect(names('retail/RoleBinding/lab/admin')).toEqual(['leads', 'joe@example.com']);
    expect(names('retail/RoleBinding/shop/viewer')).toEqual(['eve@example.com', 'joe@example.com']);
    expect(assembly.object('a', 'retail/LimitRange/shop').spec.limits).toEqual([
      { type: 'Container', defaultRequest: { cpu: '100m' }, max: { memory: '2Gi' } },
      { type: 'PersistentVolumeClaim', max: { storage: '10Gi' } },
    ]);
    expect(assembly.object('a', 'retail/Namespace/shop').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'baseline',
    });
  });

  it('grants nobody verbs that lead to more rights, wildcards, or anything beyond namespaces', () => {
    const assembly = withWorkspace({});
    const roles = [...assembly.objects('prod').values()].filter(({ kind }) => kind === 'ClusterRole');
    expect(roles).toHaveLength(4);
    for (const { rules } of roles) {
      const all = (key: string) => rules.flatMap((rule: AnyObject) => rule[key]) as string[];
      expect(all('verbs').filter((verb) => /bind|escalate|impersonate|\*/.test(verb))).toEqual([]);
      expect([...all('resources'), ...all('apiGroups')].filter((name) => name.includes('*'))).toEqual([]);
      expect(
        all('resources').filter((name) =>
          /^(namespaces|nodes|persistentvolumes|clusterroles|clusterrolebindings|serviceaccounts\/token)$/.test(name),
        ),
      ).toEqual([]);
    }
    expect(assembly.text('clusters/prod/objects.json')).not.toContain('ClusterRoleBinding');
  });

  it('divides its quota over clusters by weight and over namespaces by share, to the last unit', () => {
    const assembly = withWorkspace(
      {
        placement: Placement.weighted({ a: 2, b: 1, c: 0 }),
        namespaces: ['shop', 'shop-test'],
        namespaceShares: { shop: 3, 'shop-test': 1 },
        quota: { cpu: '10', memory: '1Gi', pods: '7' },
      },
      { clusters: { a: {}, b: {}, c: {} } },
    );
    const hard = (cluster: string, namespace: string) =>
      assembly.object(cluster, `retail/ResourceQuota/${namespace}`).spec.hard;
    expect(hard('a', 'shop')).toEqual({ cpu: '5', memory: '512Mi', pods: '4' });
    expect(hard('a', 'shop-test')).toEqual({ cpu: '1667m', memory: '171Mi', pods: '1' });
    expect(hard('b', 'shop')).toEqual({ cpu: '2500m', memory: '256Mi', pods: '1' });
    expect(hard('b', 'shop-test')).toEqual({ cpu: '833m', memory: '85Mi', pods: '1' });
    expect(hard('c', 'shop')).toEqual({ cpu: '0', memory: '0', pods: '0' });
  });

  it('has quotas in its assembly that sum up to what it declares, for all placements', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 100_000 }),
        (weights, shares, pods) => {
          fc.pre(weights.some((weight) => weight > 0) && shares.some((share) => share > 0));
          const clusters = Object.fromEntries(weights.map((_, i) => [`c${i}`, {}]));
          const assembly = withWorkspace(
            {
              placement: Placement.weighted(Object.fromEntries(weights.map((weight, i) => [`c${i}`, weight]))),
              namespaces: shares.map((_, i) => `n${i}`),
              namespaceShares: Object.fromEntries(shares.map((share, i) => [`n${i}`, share])),
              quota: { pods: `${pods}` },
            },
            { clusters },
          );
          const parts = Object.keys(clusters).flatMap((cluster) =>
            [...assembly.objects(cluster).values()].flatMap(({ spec, kind }) =>
              kind === 'ResourceQuota' ? [Number(spec.hard.pods)] : [],
            ),
          );
          expect(parts).toHaveLength(weights.length * shares.length);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(pods);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('a workspace is refused', () => {
  const { VIEWER, SELF_PROVISIONER } = WorkspaceRole;

  it('with namespaces that are invalid, twice, none or of the cluster', () => {
    expect(workspaceRefusals({ namespaces: [] })).toEqual(['ORR2012 The workspace has no namespaces.']);
    expect(workspaceRefusals({ namespaces: ['a', 'a'] })).toEqual(['ORR2004 The workspace has namespace "a" twice.']);
    expect(workspaceRefusals({ namespaces: ['A'] })[0]).toMatch('ORR2003 "A" is not a valid namespace.');
    for (const name of ['kube-system', 'default', 'orrery-system']) {
      expect(workspaceRefusals({ namespaces: [name] })).toEqual([
        `ORR2003 Namespace "${name}" belongs to the cluster, and members of a workspace would have rights there.`,
      ]);
    }
    expect(workspaceRefusals({ selfServiceNamespaces: ['retail-machines'], machines: { ci: VIEWER } })).toEqual([
      'ORR2004 The workspace has namespace "retail-machines" twice.',
    ]);
  });

  it('with members that are everybody or Kubernetes itself', () => {
    expect(
      workspaceRefusals({ groups: { 'system:authenticated': VIEWER }, users: { 'system:admin': VIEWER } }),
    ).toEqual([
      'ORR2011 The user "system:admin" is an identity of Kubernetes itself.',
      'ORR2011 The group "system:authenticated" is an identity of Kubernetes itself.',
    ]);
    expect(workspaceRefusals({ users: { '': VIEWER, ' eve': VIEWER } })).toHaveLength(2);
    expect(workspaceRefusals({ machines: { 'No Name': VIEWER } })).toHaveLength(1);
    expect(workspaceRefusals({ users: { joe: SELF_PROVISIONER } })).toEqual([
      'ORR2012 The workspace has self-provisioners and no selfServiceNamespaces for them.',
    ]);
  });

  it('with quotas, shares, limits and labels that do not work', () => {
    expect(workspaceRefusals({ quota: { cpu: 'all', 'a b': '1', pods: '0.5' } })).toHaveLength(3);
    expect(workspaceRefusals({ namespaces: ['a', 'b'], namespaceShares: { a: 1, c: -1 } })).toEqual([
      'ORR2012 namespaceShares names "c", which is no namespace of the workspace.',
      'ORR2011 The share of namespace "c" is -1.',
      'ORR2012 namespaceShares leaves out "b".',
    ]);
    expect(workspaceRefusals({ namespaceShares: { retail: 0 } })).toEqual(['ORR2012 All namespaceShares are 0.']);
    expect(
      workspaceRefusals({ limits: { defaultCpu: '2', maxCpu: '1', minMemory: 'much', maxVolume: '1Gi' } }),
    ).toEqual(['ORR2011 limits.minMemory is "much".', 'ORR2012 limits.defaultCpu is above limits.maxCpu.']);
    expect(workspaceRefusals({ labels: { team: 'a b' } })).toEqual(['ORR2011 "team: a b" is no label.']);
  });

  it('inside a cluster, without placement, or with an id that no label holds', () => {
    const codes = problemsOfProgram((platform) => {
      const cluster = new Cluster(platform, 'prod');
      new Workspace(cluster, 'retail', { placement: Placement.everywhere() });
    }).map(({ code }) => code);
    expect(codes).toContain('ORR2017');
    expect(workspaceRefusals({ placement: undefined as never })[0]).toMatch('ORR2017');
    const long = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('prod');
      new Workspace(platform, 'x'.repeat(60), { placement: Placement.everywhere() });
    });
    expect(long).toMatchObject([{ code: 'ORR2003', path: 'x'.repeat(60) }]);
  });

  it('when two of them have the same namespace', () => {
    expect(
      workspaceRefusals(
        {},
        {
          use: (_, platform) =>
            new Workspace(platform, 'other', { placement: Placement.everywhere(), namespaces: ['retail'] }),
        },
      )[0],
    ).toMatch(/^ORR2009 Namespace\/retail is made by/);
  });
});

describe('an app of a workspace', () => {
  const app = (props: object) => ({
    clusters: { a: {}, b: {} },
    use: (workspace: Workspace, platform: Workspace['node']['root']) =>
      void new MultiClusterApp(platform as never, 'mall', {
        placement: Placement.named('a'),
        workspace,
        ...props,
      }).addService('cart', { image: 'mall/cart:1' }),
  });

  it('is in its first namespace or one that it names, makes none, and comes after it', () => {
    const assembly = withWorkspace({ namespaces: ['shop', 'shop-test'] }, app({}));
    expect(assembly.object('a', 'mall/cart/Deployment').metadata.namespace).toBe('shop');
    expect(ids(assembly, 'a').filter((id) => id.startsWith('Namespace/'))).toEqual([
      'Namespace/shop',
      'Namespace/shop-test',
    ]);
    expect(assembly.unit('a', 'mall').dependsOn).toEqual([{ path: 'retail' }]);
    const named = withWorkspace({ namespaces: ['shop', 'shop-test'] }, app({ namespaceName: 'shop-test' }));
    expect(named.object('a', 'mall/cart/Deployment').metadata.namespace).toBe('shop-test');
  });

  it('is refused in a namespace or a cluster where the workspace is not, and where it would make the namespace again', () => {
    expect(workspaceRefusals({}, app({ namespaceName: 'other' }))).toEqual([
      'ORR2012 Namespace "other" is none of workspace "retail".',
    ]);
    expect(workspaceRefusals({}, app({ createNamespace: true }))[0]).toBe(
      'ORR2012 createNamespace is set, and workspace "retail" makes namespace "retail".',
    );
    expect(workspaceRefusals({ placement: Placement.named('b') }, app({}))).toEqual([
      'ORR2012 The app goes to a, where workspace "retail" is not.',
    ]);
  });
});
