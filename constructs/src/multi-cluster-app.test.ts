import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp, type MultiClusterAppProps } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import { Probe } from './probe';
import { ReplicaDivision } from './replica-division';
import { AccessMode, Protocol, type ServiceProps, TopologyDomain } from './service-props';
import {
  type AnyObject,
  type Assembly,
  assemblyOf,
  problemsOfProgram,
  temporaryFolder,
} from './synthesis.test-support';

interface Setting {
  readonly clusters?: Record<string, ClusterProps>;
  readonly app?: Partial<MultiClusterAppProps>;
}

function withService(
  props: Partial<ServiceProps>,
  setting: Setting = {},
  use: (service: MultiClusterService) => void = () => undefined,
): Assembly {
  return assemblyOf((platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(setting.clusters ?? { prod: {} })) clusters.add(name, facts);
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), ...setting.app });
    use(app.addService('cart', { image: 'mall/cart:4.12.0', ...props }));
  });
}

function refusals(props: Partial<ServiceProps>, facts: ClusterProps = {}): string[] {
  return problemsOfProgram((platform) => {
    new ClusterSet(platform, 'clusters').add('prod', facts);
    new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() }).addService('cart', {
      image: 'cart:1',
      ...props,
    });
  }).map((problem) => `${problem.code} ${problem.what}`);
}

const deployment = (assembly: Assembly, cluster = 'prod'): AnyObject =>
  assembly.object(cluster, 'mall/cart/Deployment');
const pod = (assembly: Assembly, cluster = 'prod'): AnyObject => deployment(assembly, cluster).spec.template.spec;
const container = (assembly: Assembly, cluster = 'prod'): AnyObject => pod(assembly, cluster).containers[0];

describe('an app', () => {
  it('has a namespace that admits only restricted pods', () => {
    expect(withService({}).object('prod', 'mall/Namespace')).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'mall',
        labels: {
          'app.kubernetes.io/part-of': 'mall',
          'app.kubernetes.io/managed-by': 'orrery',
          'pod-security.kubernetes.io/enforce': 'restricted',
        },
      },
    });
  });

  it('may use a namespace of another name, or one that exists', () => {
    const assembly = withService(
      {},
      { app: { namespaceName: 'shop', createNamespace: false, labels: { team: 'retail' } } },
    );
    expect([...assembly.objects('prod').keys()]).toEqual(['mall/cart/ServiceAccount', 'mall/cart/Deployment']);
    expect(deployment(assembly).metadata).toMatchObject({
      name: 'cart',
      namespace: 'shop',
      labels: { team: 'retail' },
    });
  });

  it('is a unit of its clusters, and of these only', () => {
    const assembly = withService(
      {},
      { clusters: { a: {}, b: {}, c: {} }, app: { placement: Placement.named('a', 'c') } },
    );
    expect(assembly.manifest.clusters.map((cluster) => cluster.units.length)).toEqual([1, 0, 1]);
  });

  it('is refused with an invalid id or namespace', () => {
    const codes = (id: string, namespaceName?: string) =>
      problemsOfProgram((platform) => {
        new ClusterSet(platform, 'clusters').add('prod');
        new MultiClusterApp(platform, id, {
          placement: Placement.everywhere(),
          ...(namespaceName === undefined ? {} : { namespaceName }),
        });
      }).map((problem) => problem.code);
    for (const id of ['Mall', 'a_b', 'a.b', '', '..', 'x'.repeat(64)]) expect(codes(id)).toEqual(['ORR2003']);
    expect(codes('mall', 'Not Valid')).toEqual(['ORR2003']);
  });

  it('refuses two services of one name, and invalid names', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('prod');
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      app.addService('cart', { image: 'cart:1' });
      app.addService('cart', { image: 'cart:1' });
    });
    expect(problems[0]).toMatchObject({ code: 'ORR2004', path: 'mall/cart' });
    for (const id of ['1cart', 'Cart', 'a.b', 'x'.repeat(64)]) {
      const invalid = problemsOfProgram((platform) =>
        new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() }).addService(id, { image: 'x' }),
      );
      expect(invalid[0]).toMatchObject({ code: 'ORR2003', path: `mall/${id}` });
    }
  });
});

describe('a service', { timeout: 30_000 }, () => {
  it('is a Deployment with a ServiceAccount, and no more, as long as nothing else is asked for', () => {
    const assembly = withService({});
    expect([...assembly.objects('prod').keys()]).toEqual([
      'mall/Namespace',
      'mall/cart/ServiceAccount',
      'mall/cart/Deployment',
    ]);
    const labels = { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/part-of': 'mall' };
    expect(deployment(assembly)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'cart',
        namespace: 'mall',
        labels: { ...labels, 'app.kubernetes.io/managed-by': 'orrery', 'app.kubernetes.io/version': '4.12.0' },
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels: { ...labels, 'app.kubernetes.io/version': '4.12.0' } },
          spec: {
            serviceAccountName: 'cart',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'cart',
                image: 'mall/cart:4.12.0',
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                  readOnlyRootFilesystem: true,
                },
                volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
              },
            ],
            volumes: [{ name: 'tmp', emptyDir: {} }],
          },
        },
      },
    });
    expect(assembly.object('prod', 'mall/cart/ServiceAccount')).toMatchObject({
      metadata: { name: 'cart' },
      automountServiceAccountToken: false,
    });
  });

  it('passes the restricted Pod Security Standard whatever it is made of', () => {
    const settings = fc.record(
      {
        writableFileSystem: fc.boolean(),
        runAsUser: fc.integer({ min: 1, max: 65535 }),
        fsGroup: fc.integer({ min: 0, max: 65535 }),
        port: fc.integer({ min: 1, max: 65535 }),
        serviceAccount: fc.record({ mountToken: fc.boolean() }),
        secretVolumes: fc.constant<ServiceProps['secretVolumes'] & {}>([{ secret: 's', mountPath: '/s' }]),
        scratch: fc.constant<ServiceProps['scratch'] & {}>([{ mountPath: '/tmp', inMemory: true }]),
        config: fc.constant({ files: { a: 'b' } }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(settings, (props) => {
        // kubernetes/pod-security-admission, level restricted: what must be set, and what must not be there.
        const spec = pod(withService(props as Partial<ServiceProps>));
        expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
        expect(spec.securityContext.runAsUser).not.toBe(0);
        for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec[key]).toBeUndefined();
        for (const one of spec.containers) {
          expect(one.securityContext).toMatchObject({
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          });
          expect(one.securityContext.privileged).toBeUndefined();
          for (const port of one.ports ?? []) expect(port.hostPort).toBeUndefined();
        }
        const allowed = [
          'configMap',
          'csi',
          'downwardAPI',
          'emptyDir',
          'ephemeral',
          'persistentVolumeClaim',
          'projected',
          'secret',
        ];
        for (const { name: _name, ...source } of spec.volumes ?? [])
          expect(allowed).toEqual(expect.arrayContaining(Object.keys(source)));
      }),
      { numRuns: 50 },
    );
  });

  it('has a port, or several', () => {
    expect(withService({ port: 8080 }).object('prod', 'mall/cart/Service').spec).toEqual({
      type: 'ClusterIP',
      selector: { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/part-of': 'mall' },
      ports: [{ name: 'http', port: 8080, protocol: 'TCP', targetPort: 'http' }],
    });
    const assembly = withService({
      ports: [
        { name: 'grpc', port: 80, targetPort: 9090, appProtocol: 'grpc' },
        { name: 'dns', port: 53, protocol: Protocol.UDP },
      ],
      serviceAnnotations: { 'example.com/lb': 'internal' },
    });
    expect(assembly.object('prod', 'mall/cart/Service').spec.ports).toEqual([
      { name: 'grpc', port: 80, protocol: 'TCP', targetPort: 'grpc', appProtocol: 'grpc' },
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
    ]);
    expect(assembly.object('prod', 'mall/cart/Service').metadata.annotations).toEqual({ 'example.com/lb': 'internal' });
    expect(container(assembly).ports).toEqual([
      { name: 'grpc', containerPort: 9090, protocol: 'TCP' },
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
    ]);
  });

  it('has environment variables in one order, however the program writes them; secrets by reference only', () => {
    const assembly = withService({
      env: { URL: 'http://$(HOST)/', B: '2', A: '1' },
      secretEnv: {
        PASSWORD: { secret: 'db', key: 'password' },
        TOKEN: { secret: 'api', key: 'token', optional: true },
      },
      config: { env: { HOST: 'db' } },
    });
    expect(container(assembly).env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
      { name: 'HOST', valueFrom: { configMapKeyRef: { name: 'cart', key: 'HOST' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token', optional: true } } },
      { name: 'URL', value: 'http://$(HOST)/' },
    ]);
  });

  it('mounts configuration, secrets, volumes and scratch folders', () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'nginx.conf'), 'server { listen 80; }\n');
    const assembly = withService(
      {
        config: {
          files: { 'app.yaml': 'a: 1\n' },
          filesFrom: { 'nginx.conf': path.join(folder, 'nginx.conf') },
          env: { LEVEL: 'info' },
          mountPath: '/etc/cart',
        },
        secretVolumes: [{ secret: 'tls', mountPath: '/tls', items: { 'tls.crt': 'server.crt' }, optional: true }],
        volumes: [
          {
            name: 'uploads',
            mountPath: '/uploads',
            size: '20Gi',
            purpose: 'fast',
            accessMode: AccessMode.READ_WRITE_MANY,
          },
        ],
        scratch: [{ mountPath: '/cache', sizeLimit: '64Mi', inMemory: true }],
        replicasPerCluster: 3,
      },
      { clusters: { prod: { storageClasses: { general: 'nfs-csi', fast: 'alicloud-nas' } } } },
    );
    expect(assembly.object('prod', 'mall/cart/ConfigMap').data).toEqual({
      LEVEL: 'info',
      'app.yaml': 'a: 1\n',
      'nginx.conf': 'server { listen 80; }\n',
    });
    expect(pod(assembly).volumes).toEqual([
      {
        name: 'config',
        configMap: {
          name: 'cart',
          items: [
            { key: 'app.yaml', path: 'app.yaml' },
            { key: 'nginx.conf', path: 'nginx.conf' },
          ],
        },
      },
      {
        name: 'secret-0',
        secret: { secretName: 'tls', items: [{ key: 'tls.crt', path: 'server.crt' }], optional: true },
      },
      { name: 'data-uploads', persistentVolumeClaim: { claimName: 'cart-uploads' } },
      { name: 'scratch-0', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      { name: 'tmp', emptyDir: {} },
    ]);
    expect(container(assembly).volumeMounts).toEqual([
      { name: 'config', mountPath: '/etc/cart', readOnly: true },
      { name: 'secret-0', mountPath: '/tls', readOnly: true },
      { name: 'data-uploads', mountPath: '/uploads' },
      { name: 'scratch-0', mountPath: '/cache' },
      { name: 'tmp', mountPath: '/tmp' },
    ]);
    expect(assembly.object('prod', 'mall/cart/PersistentVolumeClaim/uploads')).toMatchObject({
      metadata: { name: 'cart-uploads', namespace: 'mall' },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: 'alicloud-nas',
        resources: { requests: { storage: '20Gi' } },
      },
    });
    expect(deployment(assembly).spec.strategy).toBeUndefined();
  });

  it('stops the old pod before the new one where a volume is for one node', () => {
    const assembly = withService(
      { volumes: [{ name: 'data', mountPath: '/data', size: '1Gi' }] },
      { clusters: { prod: { storageClasses: { general: 'nfs' } } } },
    );
    expect(deployment(assembly).spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('restarts on a change of its configuration where asked to', () => {
    const annotations = (rollout: boolean, value: string) =>
      deployment(withService({ config: { env: { A: value }, rollout } })).spec.template.metadata.annotations;
    expect(annotations(false, '1')).toBeUndefined();
    expect(annotations(true, '1')).toEqual({
      'orrery.dev/config-sha256': createHash('sha256').update('{"A":"1"}').digest('hex'),
    });
    expect(annotations(true, '2')).not.toEqual(annotations(true, '1'));
  });

  it('asks for resources; the limit of memory is the request unless said otherwise', () => {
    expect(container(withService({ cpu: '500m', memory: '512Mi' })).resources).toEqual({
      requests: { cpu: '500m', memory: '512Mi' },
      limits: { memory: '512Mi' },
    });
    expect(container(withService({ cpu: '1', cpuLimit: '2', memory: '1Gi', memoryLimit: '2Gi' })).resources).toEqual({
      requests: { cpu: '1', memory: '1Gi' },
      limits: { cpu: '2', memory: '2Gi' },
    });
  });

  it('has probes that ask its first port unless told another', () => {
    const assembly = withService({
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      startup: Probe.tcp(),
      readiness: Probe.httpGet('/ready', { periodSeconds: 5, failureThreshold: 2 }),
      liveness: Probe.grpc('cart', { port: 9090, timeoutSeconds: 3 }),
    });
    expect(container(assembly)).toMatchObject({
      startupProbe: { tcpSocket: { port: 8080 } },
      readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5, failureThreshold: 2 },
      livenessProbe: { grpc: { port: 9090, service: 'cart' }, timeoutSeconds: 3 },
    });
    expect(
      container(withService({ liveness: Probe.command(['/bin/check', '--fast'], { initialDelaySeconds: 9 }) }))
        .livenessProbe,
    ).toEqual({
      exec: { command: ['/bin/check', '--fast'] },
      initialDelaySeconds: 9,
    });
  });

  it('has everything else that pods need', () => {
    const assembly = withService({
      command: ['/cart'],
      args: ['--verbose'],
      serviceAccount: { annotations: { 'example.com/role': 'reader' }, mountToken: true },
      disruptionBudget: { minAvailable: '50%' },
      spread: [{ over: TopologyDomain.ZONE, maxSkew: 2, required: true }, { over: TopologyDomain.NODE }],
      runAsUser: 1000,
      fsGroup: 2000,
      writableFileSystem: true,
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'gpu' }, { key: 'team', value: 'retail', effect: 'NoSchedule' }],
      priorityClass: 'high',
      terminationGracePeriodSeconds: 60,
      imagePullSecrets: ['registry'],
      podLabels: { canary: 'no' },
      podAnnotations: { 'example.com/scrape': 'yes' },
    });
    const matchLabels = { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/part-of': 'mall' };
    expect(pod(assembly)).toMatchObject({
      automountServiceAccountToken: true,
      securityContext: { runAsUser: 1000, fsGroup: 2000 },
      nodeSelector: { disk: 'ssd' },
      tolerations: [
        { key: 'gpu', operator: 'Exists' },
        { key: 'team', operator: 'Equal', value: 'retail', effect: 'NoSchedule' },
      ],
      priorityClassName: 'high',
      terminationGracePeriodSeconds: 60,
      imagePullSecrets: [{ name: 'registry' }],
      topologySpreadConstraints: [
        {
          maxSkew: 2,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels },
        },
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels },
        },
      ],
    });
    expect(container(assembly)).toMatchObject({
      command: ['/cart'],
      args: ['--verbose'],
      securityContext: { readOnlyRootFilesystem: false },
    });
    expect(pod(assembly).volumes).toBeUndefined();
    expect(deployment(assembly).spec.template.metadata).toMatchObject({
      labels: { canary: 'no' },
      annotations: { 'example.com/scrape': 'yes' },
    });
    expect(assembly.object('prod', 'mall/cart/ServiceAccount')).toMatchObject({
      metadata: { annotations: { 'example.com/role': 'reader' } },
      automountServiceAccountToken: true,
    });
    expect(assembly.object('prod', 'mall/cart/PodDisruptionBudget').spec).toEqual({
      selector: { matchLabels },
      minAvailable: '50%',
    });
  });

  it('may use an existing ServiceAccount', () => {
    const assembly = withService({ serviceAccount: { existing: 'builder' } });
    expect(assembly.objects('prod').has('mall/cart/ServiceAccount')).toBe(false);
    expect(pod(assembly).serviceAccountName).toBe('builder');
  });
});

describe('replicas of a service', () => {
  const three = { clusters: { a: {}, b: {}, c: {} } };
  const counts = (assembly: Assembly) => ['a', 'b', 'c'].map((name) => deployment(assembly, name).spec.replicas);

  it('are divided over the clusters, or the same in each', () => {
    expect(counts(withService({ replicas: 7 }, three))).toEqual([3, 2, 2]);
    expect(counts(withService({ replicas: 1 }, three))).toEqual([1, 0, 0]);
    expect(counts(withService({ replicasPerCluster: 2 }, three))).toEqual([2, 2, 2]);
    expect(counts(withService({}, three))).toEqual([1, 1, 1]);
  });

  it('are divided as the app says', () => {
    const placement = Placement.weighted({ a: 170, b: 110, c: 60 });
    const by = (replicaDivision: ReplicaDivision) =>
      counts(withService({ replicas: 5 }, { ...three, app: { placement, replicaDivision } }));
    expect(by(ReplicaDivision.WEBSTER)).toEqual([2, 2, 1]);
    expect(by(ReplicaDivision.LEGACY_KARMADA)).toEqual([3, 2, 0]);
  });

  it('are left to the autoscaler where there is one, whose bounds are divided', () => {
    const assembly = withService(
      { cpu: '1', autoscaling: { minReplicas: 6, maxReplicas: 30 } },
      { ...three, app: { placement: Placement.weighted({ a: 2, b: 1, c: 0 }) } },
    );
    expect(deployment(assembly, 'a').spec).not.toHaveProperty('replicas');
    expect(assembly.object('a', 'mall/cart/HorizontalPodAutoscaler').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
      minReplicas: 4,
      maxReplicas: 20,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    });
    expect(assembly.object('b', 'mall/cart/HorizontalPodAutoscaler').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 10,
    });
    expect(assembly.objects('c').has('mall/cart/HorizontalPodAutoscaler')).toBe(false);
    expect(deployment(assembly, 'c').spec.replicas).toBe(0);
  });

  it('never go below one under an autoscaler, nor above its most', () => {
    const assembly = withService(
      { memory: '1Gi', autoscaling: { minReplicas: 1, maxReplicas: 2, memoryPercent: 70 } },
      three,
    );
    const bounds = ['a', 'b', 'c'].map((name) => assembly.object(name, 'mall/cart/HorizontalPodAutoscaler').spec);
    expect(bounds.map((spec) => [spec.minReplicas, spec.maxReplicas])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(bounds[0].metrics).toEqual([
      { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } } },
    ]);
  });
});

describe('the image of a service', () => {
  const imageOn = (image: string, facts: ClusterProps) =>
    container(withService({ image }, { clusters: { prod: facts } })).image;
  const registry = { imageRegistry: 'registry.example.com/shop' };
  const mirror = { registryMirror: 'mirror.example.com:5000' };
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

  it.each([
    ['mall/cart:4.12.0', {}, 'mall/cart:4.12.0'],
    ['mall/cart:4.12.0', registry, 'registry.example.com/shop/mall/cart:4.12.0'],
    ['nginx', registry, 'registry.example.com/shop/nginx'],
    ['docker.io/library/nginx:1.27', registry, 'docker.io/library/nginx:1.27'],
    ['localhost/nginx:1.27', registry, 'localhost/nginx:1.27'],
    ['docker.io/library/nginx:1.27', mirror, 'mirror.example.com:5000/library/nginx:1.27'],
    ['mall/cart:4.12.0', { ...registry, ...mirror }, 'mirror.example.com:5000/mall/cart:4.12.0'],
    [`ghcr.io/a/b@${digest}`, mirror, `mirror.example.com:5000/a/b@${digest}`],
    [`registry:5000/a/b:1@${digest}`, {}, `registry:5000/a/b:1@${digest}`],
  ])('%s on %j is %s', (image, facts, expected) => expect(imageOn(image, facts)).toBe(expected));

  it('gives the version label where its tag can be one', () => {
    const version = (image: string) => deployment(withService({ image })).metadata.labels['app.kubernetes.io/version'];
    expect(version('cart:4.12.0')).toBe('4.12.0');
    expect(version(`cart:4.12.0@${digest}`)).toBe('4.12.0');
    expect(version('registry:5000/cart')).toBeUndefined();
    expect(version('cart:v1_')).toBeUndefined();
  });

  it.each([
    '',
    'Mall/cart',
    'cart:',
    'cart:a b',
    'cart@sha256:12',
    '-cart',
    'a//b',
    'cart:1;reboot',
    'http://a/b',
    '../cart',
    'cart\n',
  ])('%j is refused', (image) => {
    expect(refusals({ image })).toEqual([`ORR2011 "${image}" is not an image.`]);
  });
});

describe('a service is refused', () => {
  const volume = { name: 'data', mountPath: '/data', size: '1Gi' };
  const cases: [string, Partial<ServiceProps>, string[]][] = [
    [
      'with replicas in two ways',
      { replicas: 1, replicasPerCluster: 1 },
      ['ORR2012 replicas and replicasPerCluster are both set.'],
    ],
    [
      'with replicas and autoscaling',
      { cpu: '1', replicas: 3, autoscaling: { minReplicas: 1, maxReplicas: 2 } },
      ['ORR2012 replicas and autoscaling are both set.'],
    ],
    [
      'with replicas per cluster and autoscaling',
      { cpu: '1', replicasPerCluster: 3, autoscaling: { minReplicas: 1, maxReplicas: 2 } },
      ['ORR2012 replicasPerCluster and autoscaling are both set.'],
    ],
    ['with negative replicas', { replicas: -1 }, ['ORR2011 replicas is -1.']],
    ['with half a replica', { replicasPerCluster: 1.5 }, ['ORR2011 replicasPerCluster is 1.5.']],
    ['with endless replicas', { replicas: Number.POSITIVE_INFINITY }, ['ORR2011 replicas is Infinity.']],
    [
      'with an autoscaler from 0',
      { cpu: '1', autoscaling: { minReplicas: 0, maxReplicas: 2 } },
      ['ORR2011 autoscaling.minReplicas is 0.'],
    ],
    [
      'with an autoscaler upside down',
      { cpu: '1', autoscaling: { minReplicas: 3, maxReplicas: 2 } },
      ['ORR2011 autoscaling goes from 3 to 2 replicas.'],
    ],
    [
      'with an autoscaler that has no request to compare with',
      { autoscaling: { minReplicas: 1, maxReplicas: 2 } },
      ['ORR2012 The service scales by cpu and requests no cpu.'],
    ],
    [
      'with an autoscaler at 0 percent',
      { cpu: '1', autoscaling: { minReplicas: 1, maxReplicas: 2, cpuPercent: 0 } },
      ['ORR2011 autoscaling.cpuPercent is 0.'],
    ],
    ['with port and ports', { port: 80, ports: [{ port: 81 }] }, ['ORR2012 port and ports are both set.']],
    ['with a port out of range', { port: 70000 }, ['ORR2011 70000 is not a port.']],
    ['with ports without names', { ports: [{ port: 80 }, { port: 81, name: 'a' }] }, ['ORR2011 Port 80 has no name.']],
    [
      'with a port name too long',
      { ports: [{ port: 80, name: 'a-very-long-port-name' }] },
      ['ORR2003 "a-very-long-port-name" is not a valid port name.'],
    ],
    [
      'with ports of one name',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 81, name: 'a' },
        ],
      },
      ['ORR2004 Two ports are named "a".'],
    ],
    [
      'with a port twice',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 80, name: 'b' },
        ],
      },
      ['ORR2004 Port 80/TCP is declared twice.'],
    ],
    [
      'with a probe and no port',
      { readiness: Probe.httpGet('/') },
      ['ORR2012 The readiness probe asks a port, and the service has none.'],
    ],
    ['with a probe of a wrong port', { liveness: Probe.tcp({ port: 0 }) }, ['ORR2011 The liveness probe asks port 0.']],
    [
      'with a probe of a wrong path',
      { port: 80, startup: Probe.httpGet('health') },
      ['ORR2011 The startup probe asks for "health".'],
    ],
    [
      'with a variable in two places',
      { env: { A: '1' }, secretEnv: { A: { secret: 's', key: 'k' } } },
      ['ORR2012 Variable A is set in env and in secretEnv.'],
    ],
    [
      'with a wrong name of a variable',
      { env: { '1A': '1' } },
      ['ORR2003 "1A" is not a valid name of an environment variable.'],
    ],
    ['with a number as a variable', { env: { A: 1 as unknown as string } }, ['ORR2011 Variable A is 1.']],
    [
      'with a wrong Secret',
      { secretEnv: { A: { secret: 'Not Valid', key: 'k' } } },
      ['ORR2003 Variable A: "Not Valid" is not the name of a Secret.'],
    ],
    [
      'with a wrong key of a Secret',
      { secretEnv: { A: { secret: 's', key: '../k' } } },
      ['ORR2003 Variable A: "../k" is not a key of a Secret.'],
    ],
    [
      'with a wrong key of its configuration',
      { config: { files: { '../../etc/passwd': '' } } },
      ['ORR2003 "../../etc/passwd" is not a valid key of a ConfigMap.'],
    ],
    [
      'with a key of its configuration twice',
      { config: { env: { A: '1' }, files: { A: '' } } },
      ['ORR2004 The configuration has "A" twice.'],
    ],
    [
      'with a configuration file that is not there',
      { config: { filesFrom: { a: '/nowhere/a' } } },
      ['ORR2014 The configuration file "/nowhere/a" does not exist.'],
    ],
    [
      'with a wrong quantity',
      { cpu: '500 m', memory: '-1Gi' },
      ['ORR2011 cpu is "500 m".', 'ORR2011 memory is "-1Gi".'],
    ],
    [
      'with a request above its limit',
      { memory: '2Gi', memoryLimit: '1024Mi' },
      ['ORR2012 memory (2Gi) is more than memoryLimit (1024Mi).'],
    ],
    ['with a relative mount', { scratch: [{ mountPath: 'tmp' }] }, ['ORR2011 "tmp" is not a folder to mount on.']],
    [
      'with a mount that climbs',
      { secretVolumes: [{ secret: 's', mountPath: '/a/../b' }] },
      ['ORR2011 "/a/../b" is not a folder to mount on.'],
    ],
    [
      'with two mounts in one place',
      { scratch: [{ mountPath: '/a' }], secretVolumes: [{ secret: 's', mountPath: '/a' }] },
      ['ORR2004 Two volumes are mounted on "/a".'],
    ],
    [
      'with a secret file that climbs',
      { secretVolumes: [{ secret: 's', mountPath: '/a', items: { k: '../b' } }] },
      ['ORR2011 Key "k" is mounted as "../b".'],
    ],
    [
      'with a volume for one node and several replicas',
      { replicas: 2, volumes: [volume] },
      [
        'ORR2012 Volume "data" can be used on one node only (ReadWriteOnce), and the service has up to 2 replicas in the cluster.',
      ],
    ],
    [
      'with a volume of no size',
      { volumes: [{ ...volume, size: '0' }] },
      ['ORR2011 The size of volume "data" is "0".'],
    ],
    [
      'with volumes of one name',
      { volumes: [volume, { ...volume, mountPath: '/b' }] },
      ['ORR2004 Two volumes are named "data".'],
    ],
    [
      'with storage of a purpose that the cluster does not have',
      { volumes: [{ ...volume, purpose: 'fast' }] },
      ['ORR2013 Volume "data" needs "fast" storage, for which cluster "prod" has no class. It declares: general.'],
    ],
    [
      'with storage of a purpose that every object has',
      { volumes: [{ ...volume, purpose: 'constructor' }] },
      [
        'ORR2013 Volume "data" needs "constructor" storage, for which cluster "prod" has no class. It declares: general.',
      ],
    ],
    ['running as root', { runAsUser: 0 }, ['ORR2011 runAsUser is 0.']],
    [
      'with annotations for an account that exists',
      { serviceAccount: { existing: 'a', annotations: { b: 'c' } } },
      ['ORR2012 serviceAccount has annotations for an existing account.'],
    ],
    [
      'with labels by which its pods are found',
      { podLabels: { 'app.kubernetes.io/name': 'x' } },
      ['ORR2012 podLabels sets "app.kubernetes.io/name", by which the Deployment finds its pods.'],
    ],
    ['with a wrong label', { podLabels: { a: 'b c' } }, ['ORR2003 "b c" is not a valid value for label "a".']],
    ['with a wrong annotation', { podAnnotations: { 'a b': 'c' } }, ['ORR2003 "a b" is not a valid annotation key.']],
    [
      'with both bounds of a disruption budget',
      { disruptionBudget: { minAvailable: '1', maxUnavailable: '1' } },
      ['ORR2012 disruptionBudget needs exactly one of minAvailable and maxUnavailable.'],
    ],
    [
      'with a wrong bound of a disruption budget',
      { disruptionBudget: { minAvailable: '150%' } },
      ['ORR2011 minAvailable is "150%".'],
    ],
    ['with a skew of 0', { spread: [{ over: TopologyDomain.ZONE, maxSkew: 0 }] }, ['ORR2011 maxSkew is 0.']],
    [
      'with an unknown effect of a taint',
      { tolerations: [{ key: 'a', effect: 'Nope' }] },
      ['ORR2011 "Nope" is not an effect of a taint.'],
    ],
    [
      'with a negative grace period',
      { terminationGracePeriodSeconds: -1 },
      ['ORR2011 terminationGracePeriodSeconds is -1.'],
    ],
  ];

  it.each(cases)('%s', (_, props, expected) => {
    const found = refusals(props, { storageClasses: { general: 'nfs' } });
    expect(found).toEqual(expected);
  });

  it('for several mistakes at once, each with the place of the service', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('prod');
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      app.addService('cart', { image: 'Cart', port: 0 });
      app.addService('shop', { image: 'Shop' });
    });
    expect(problems.map((problem) => problem.path)).toEqual(['mall/cart', 'mall/cart', 'mall/shop']);
    const lines = problems.map((problem) => Number(problem.source?.split(':')[1]));
    expect((lines[2] as number) - (lines[0] as number)).toBe(1);
  });
});
