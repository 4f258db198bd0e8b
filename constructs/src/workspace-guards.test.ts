import { describe, expect, it } from 'vitest';
import { NetworkPlugin } from './cluster-facts';
import { MultiClusterApp } from './multi-cluster-app';
import { NetworkAllowance } from './network-allowance';
import { Placement } from './placement';
import type { Platform } from './platform';
import { Protocol, type ServiceProps } from './service-props';
import type { AnyObject, Assembly } from './synthesis.test-support';
import type { Workspace } from './workspace';
import { withWorkspace, workspaceRefusals } from './workspace.test-support';
import { GuardRail } from './workspace-props';

const calico = { clusters: { prod: { networkPlugin: NetworkPlugin.CALICO } } };

const policies = (assembly: Assembly) =>
  [...assembly.objects('prod').values()].filter(({ kind }) => kind === 'NetworkPolicy');

describe('the network of a workspace', () => {
  it('is open where it is not declared, and without allowances nothing gets in or out', () => {
    expect(policies(withWorkspace({}))).toEqual([]);
    expect(policies(withWorkspace({ network: [] }, calico))).toMatchObject([
      {
        metadata: { name: 'default-deny', namespace: 'retail' },
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      },
    ]);
  });

  it('lets through what it allows', () => {
    const assembly = withWorkspace(
      {
        network: [
          NetworkAllowance.withinNamespace(),
          NetworkAllowance.withinWorkspace(),
          NetworkAllowance.dns(),
          NetworkAllowance.fromNamespace('ingress-nginx', { ports: [8080] }),
          NetworkAllowance.toNamespace('data', { ports: [5432, 6379] }),
          NetworkAllowance.fromCidr('10.8.0.0/16', { excluding: ['10.8.9.0/24'] }),
          NetworkAllowance.toCidr('2001:DB8::/32', { ports: [514], protocol: Protocol.UDP }),
        ],
      },
      calico,
    );
    const found = policies(assembly).slice(1);
    const tcp = (port: number) => ({ port, protocol: 'TCP' });
    const namespace = (name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    });
    const workspace = { namespaceSelector: { matchLabels: { 'orrery.dev/workspace': 'test.retail' } } };
    expect(Object.fromEntries(found.map(({ metadata, spec }) => [metadata.name, [spec.ingress, spec.egress]]))).toEqual(
      {
        'allow-within-namespace': [[{ from: [{ podSelector: {} }] }], [{ to: [{ podSelector: {} }] }]],
        'allow-within-workspace': [[{ from: [workspace] }], [{ to: [workspace] }]],
        'allow-dns': [undefined, [{ to: [namespace('kube-system')], ports: [{ port: 53, protocol: 'UDP' }, tcp(53)] }]],
        'allow-from-ingress-nginx-tcp-8080': [[{ from: [namespace('ingress-nginx')], ports: [tcp(8080)] }], undefined],
        'allow-to-data-tcp-5432-6379': [undefined, [{ to: [namespace('data')], ports: [tcp(5432), tcp(6379)] }]],
        'allow-from-10-8-0-0-16': [
          [{ from: [{ ipBlock: { cidr: '10.8.0.0/16', except: ['10.8.9.0/24'] } }] }],
          undefined,
        ],
        'allow-to-2001-db8-32-udp-514': [
          undefined,
          [{ to: [{ ipBlock: { cidr: '2001:DB8::/32' } }], ports: [{ port: 514, protocol: 'UDP' }] }],
        ],
      },
    );
    for (const { spec } of found)
      expect(spec.policyTypes).toEqual([
        ...(spec.ingress === undefined ? [] : ['Ingress']),
        ...(spec.egress === undefined ? [] : ['Egress']),
      ]);
  });

  it('is refused in clusters of which nobody says that policies are enforced', () => {
    const refused = (facts: object) => workspaceRefusals({ network: [] }, { clusters: { prod: facts } });
    expect(refused({})).toEqual([
      'ORR2013 The workspace refuses traffic by network policies, and in cluster "prod" nothing says whether they are enforced: no fact names the network plugin.',
    ]);
    expect(refused({ networkPlugin: NetworkPlugin.TERWAY })[0]).toMatch('it depends on the settings of terway.');
    expect(refused({ networkPlugin: NetworkPlugin.FLANNEL })[0]).toMatch('nothing enforces them (flannel).');
    expect(refused({ networkPlugin: NetworkPlugin.CALICO, enforcesNetworkPolicies: false })).toHaveLength(1);
    for (const facts of [
      { networkPlugin: NetworkPlugin.TERWAY, enforcesNetworkPolicies: true },
      { enforcesNetworkPolicies: true },
      { networkPlugin: NetworkPlugin.CILIUM },
    ])
      expect(policies(withWorkspace({ network: [] }, { clusters: { prod: facts } }))).toHaveLength(1);
  });

  it('is refused with ranges, ports or names that are none, and with an allowance twice', () => {
    const network = [
      NetworkAllowance.toCidr('10.0.0.0'),
      NetworkAllowance.toCidr('10.0.0.0/33'),
      NetworkAllowance.fromCidr('10.0.0.0/8', { excluding: ['all'] }),
      NetworkAllowance.toNamespace('Data', { ports: [0, 70_000] }),
      NetworkAllowance.dns(),
      NetworkAllowance.dns(),
    ];
    expect(workspaceRefusals({ network }, calico)).toEqual([
      'ORR2011 network: "10.0.0.0" is no range of addresses.',
      'ORR2011 network: "10.0.0.0/33" is no range of addresses.',
      'ORR2011 network: "all" is no range of addresses.',
      'ORR2011 network: "Data" is not a valid namespace.',
      'ORR2011 network: 0 is no port.',
      'ORR2011 network: 70000 is no port.',
      'ORR2004 network has the allowance "allow-dns" twice.',
    ]);
  });
});

describe('the guards of a workspace', () => {
  const policy = (assembly: Assembly, name: string, cluster = 'prod'): AnyObject =>
    assembly.object(cluster, `retail/ValidatingAdmissionPolicy/${name}`);

  it('hold in its namespaces only, fail closed, and deny', () => {
    const assembly = withWorkspace({ imageRegistries: ['registry.example.com'] });
    for (const name of ['own-objects', 'namespaces', 'bindings', 'services', 'images']) {
      const { spec, metadata } = policy(assembly, name);
      expect(metadata.name).toBe(`test.retail.${name}`);
      expect(spec.failurePolicy).toBe('Fail');
      const selector = spec.matchConstraints.namespaceSelector ?? spec.matchConstraints.objectSelector;
      expect(selector).toEqual({ matchLabels: { 'orrery.dev/workspace': 'test.retail' } });
      expect(assembly.object('prod', `retail/ValidatingAdmissionPolicyBinding/${name}`).spec).toEqual({
        policyName: `test.retail.${name}`,
        validationActions: ['Deny'],
      });
    }
  });

  it('look at images only where the program says which', () => {
    expect([...withWorkspace({}).objects('prod').keys()].filter((path) => path.includes('images'))).toEqual([]);
    for (const rail of [GuardRail.IMAGES_BY_DIGEST, GuardRail.NO_LATEST_IMAGES])
      expect(policy(withWorkspace({ guardRails: [rail] }), 'images').spec.validations).toHaveLength(1);
  });

  it('exempt controllers of the namespaces that are named', () => {
    const { spec } = policy(withWorkspace({ controllerNamespaces: ['cert-manager'] }), 'own-objects');
    expect(spec.matchConditions[1].expression).toContain('"system:serviceaccount:cert-manager:"');
  });

  it('are refused where Kubernetes is too old for them, and with values that are none', () => {
    expect(workspaceRefusals({}, { clusters: { prod: { kubernetesVersion: '1.29.4' } } })[0]).toMatch(
      'ORR2012 Cluster "prod" has Kubernetes 1.29.4',
    );
    expect(workspaceRefusals({ imageRegistries: [] })).toEqual([
      'ORR2012 imageRegistries is empty: no image may come from anywhere.',
    ]);
    expect(workspaceRefusals({ imageRegistries: ['https://a.example.com'], controllerNamespaces: ['A'] })).toEqual([
      'ORR2011 imageRegistries: "https://a.example.com" is not a registry.',
      'ORR2003 "A" is not a valid namespace.',
    ]);
  });
});

describe('images of an app in a workspace', () => {
  const app = (image: string) => ({
    clusters: {
      a: { imageRegistry: 'registry.a.example.com/shop' },
      b: { registryMirror: 'mirror.b.example.com' },
    },
    use: (workspace: Workspace, platform: Platform) =>
      void new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), workspace }).addService('cart', {
        image,
      }),
  });

  it('may come from its registries, the registry of the cluster, and its mirror', () => {
    const assembly = withWorkspace(
      { imageRegistries: ['registry.example.com/mall'] },
      app('registry.example.com/mall/cart:1'),
    );
    expect(assembly.object('b', 'mall/cart/Deployment').spec.template.spec.containers[0].image).toBe(
      'mirror.b.example.com/mall/cart:1',
    );
    withWorkspace({ imageRegistries: ['docker.io/mall'] }, app('mall/cart:1'));
  });

  it('are refused at synth where the cluster would refuse their pods', () => {
    expect(
      workspaceRefusals({ imageRegistries: ['registry.example.com/mall'] }, app('evil.example.com/cart:1')),
    ).toEqual([
      'ORR2012 Image "evil.example.com/cart:1" comes from no registry that workspace "retail" allows in cluster "a".',
      'ORR2012 Image "mirror.b.example.com/cart:1" comes from no registry that workspace "retail" allows in cluster "b".',
    ]);
  });

  it('are refused at synth without the digest or the tag that a guard rail asks for', () => {
    const refused = (image: string, rail: GuardRail) => workspaceRefusals({ guardRails: [rail] }, app(image)).length;
    const digest = `mall/cart@sha256:${'5e'.repeat(32)}`;
    expect(refused('mall/cart:1', GuardRail.IMAGES_BY_DIGEST)).toBeGreaterThan(0);
    expect(refused('localhost:5000/cart', GuardRail.NO_LATEST_IMAGES)).toBeGreaterThan(0);
    expect(refused('mall/cart:latest', GuardRail.NO_LATEST_IMAGES)).toBeGreaterThan(0);
    withWorkspace({ guardRails: [GuardRail.IMAGES_BY_DIGEST, GuardRail.NO_LATEST_IMAGES] }, app(digest));
    withWorkspace({ guardRails: [GuardRail.NO_LATEST_IMAGES] }, app('mall/cart:1'));
  });
});

describe('the requests of an app in a workspace', () => {
  const app = (props: Partial<ServiceProps>) => ({
    clusters: { a: {}, b: {} },
    use: (workspace: Workspace, platform: Platform) => {
      const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), workspace });
      mall.addService('cart', { image: 'mall/cart:1', replicas: 8, ...props });
    },
  });
  const quota = { 'requests.cpu': '4', memory: '8Gi', pods: '8', 'services.loadbalancers': '0' };

  it('fit into its quota in every cluster, or are refused at synth', () => {
    withWorkspace({ quota }, app({ cpu: '500m', memory: '1Gi' }));
    expect(workspaceRefusals({ quota }, app({ cpu: '501m', memory: '1025Mi', replicas: 10 }))).toEqual([
      'ORR2012 The app needs 2.505 of requests.cpu in cluster "a", and its namespace in workspace "retail" has 2.',
      'ORR2012 The app needs 5125Mi of memory in cluster "a", and its namespace in workspace "retail" has 4096Mi.',
      'ORR2012 The app needs 5 of pods in cluster "a", and its namespace in workspace "retail" has 4.',
      'ORR2012 The app needs 2.505 of requests.cpu in cluster "b", and its namespace in workspace "retail" has 2.',
      'ORR2012 The app needs 5125Mi of memory in cluster "b", and its namespace in workspace "retail" has 4096Mi.',
      'ORR2012 The app needs 5 of pods in cluster "b", and its namespace in workspace "retail" has 4.',
    ]);
    const autoscaling = { minReplicas: 10, maxReplicas: 40 };
    const scaled = { ...app({ cpu: '1', memory: '1Mi' }) };
    expect(
      workspaceRefusals(
        { quota: { 'requests.cpu': '8' } },
        {
          ...scaled,
          use: (workspace, platform) =>
            void new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), workspace }).addService(
              'cart',
              { image: 'mall/cart:1', cpu: '1', autoscaling },
            ),
        },
      ),
    ).toHaveLength(2);
  });

  it('are there where a quota asks for them, by themselves or by default', () => {
    expect(workspaceRefusals({ quota: { 'requests.cpu': '4' } }, app({}))).toEqual([
      'ORR2012 The service requests no cpu, and workspace "retail" has a quota of it: the API server refuses such pods.',
    ]);
    withWorkspace({ quota: { 'requests.cpu': '4' }, limits: { defaultCpu: '100m' } }, app({}));
    expect(
      workspaceRefusals({ quota: { 'requests.cpu': '4' }, limits: { defaultCpuLimit: '2' } }, app({})),
    ).toHaveLength(2);
  });
});
