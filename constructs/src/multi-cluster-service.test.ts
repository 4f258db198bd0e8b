import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Probe } from './probe';
import { AccessMode, Protocol, type ServiceProps, TopologyDomain } from './service-props';
import { container, deployment, pod, withService } from './service-synthesis.test-support';
import { temporaryFolder } from './synthesis.test-support';

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

  it('asks the engine to restart its pods where that is wanted, and leaves the pods as they are', () => {
    const config = { env: { A: '1' } };
    const asking = deployment(withService({ config, restartOnChange: true }));
    expect(asking.metadata.annotations).toEqual({ 'orrery.dev/restart-on-change': 'true' });
    const silent = deployment(withService({ config }));
    expect(silent.metadata.annotations).toBeUndefined();
    expect(asking.spec).toEqual(silent.spec);
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
