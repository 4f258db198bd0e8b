import { describe, expect, it } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { Probe } from './probe';
import { type ServiceProps, TopologyDomain } from './service-props';
import { container, deployment, refusals, withService } from './service-synthesis.test-support';
import { problemsOfProgram } from './synthesis.test-support';

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

  it('is in the assembly as it would be without the mirror, where there is one', () => {
    const mirroredOn = (image: string, facts: ClusterProps) =>
      withService({ image }, { clusters: { prod: facts } }).manifest.clusters[0]?.mirrored;
    expect(mirroredOn('mall/cart:4.12.0', registry)).toBeUndefined();
    expect(mirroredOn('ghcr.io/mall/cart:4.12.0', mirror)).toEqual([
      { image: 'mirror.example.com:5000/mall/cart:4.12.0', source: 'ghcr.io/mall/cart:4.12.0' },
    ]);
    expect(mirroredOn('cart:1', { ...registry, ...mirror })).toEqual([
      { image: 'mirror.example.com:5000/cart:1', source: 'registry.example.com/shop/cart:1' },
    ]);
  });

  it('is refused where a mirror would have to hold another one of the same name', () => {
    const problems = (...images: string[]) =>
      problemsOfProgram((platform) => {
        new ClusterSet(platform, 'clusters').add('prod', mirror);
        const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
        for (const [at, image] of images.entries()) app.addService(`s${at}`, { image });
      }).map(({ code, what, path }) => `${code} ${path}: ${what}`);
    expect(problems('ghcr.io/mall/cart:1', 'quay.io/mall/cart:1')).toEqual([
      'ORR2012 mall/s1: quay.io/mall/cart:1 and ghcr.io/mall/cart:1 have the same name in the mirror: mirror.example.com:5000/mall/cart:1.',
    ]);
    const inMirror = withService({ image: 'mall/cart:1' }, { clusters: { prod: mirror } }, (cart) =>
      (cart.node.scope as MultiClusterApp).addService('again', { image: 'docker.io/mall/cart:1' }),
    );
    expect(inMirror.manifest.clusters[0]?.mirrored).toHaveLength(1);
  });

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
