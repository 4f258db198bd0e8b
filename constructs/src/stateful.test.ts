import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { Platform } from './platform';
import { AccessMode, type ServiceProps, Survive } from './service-props';
import { withService } from './service-synthesis.test-support';
import { ClaimRetention, PodManagement, PodUpdate } from './stateful-props';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from './synthesis.test-support';

const set = (assembly: Assembly, cluster = 'prod'): AnyObject => assembly.object(cluster, 'mall/cart/StatefulSet');

const CLASSES = { storageClasses: { general: 'nfs', fast: 'ssd' } };

/** What a stateful service `cart` is refused for. */
function refused(
  props: Partial<ServiceProps>,
  clusters: Record<string, ClusterProps> = { a: {}, b: {} },
  placement: Placement = Placement.everywhere(),
): string[] {
  return problemsOfProgram((platform) => {
    const all = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(clusters)) all.add(name, facts);
    new MultiClusterApp(platform, 'mall', { placement }).addService('cart', { image: 'cart:1', ...props });
  }).map(({ code, what }) => `${code} ${what}`);
}

describe('a stateful service', () => {
  it('is a StatefulSet whose pods have claims of their own, with a headless Service', () => {
    const assembly = withService(
      {
        replicas: 3,
        port: 6379,
        volumes: [
          { name: 'data', mountPath: '/data', size: '20Gi', purpose: 'fast' },
          { name: 'backup', mountPath: '/backup', size: '1Ti', accessMode: AccessMode.READ_WRITE_MANY },
        ],
        stateful: {},
      },
      { clusters: { prod: CLASSES } },
    );
    expect([...assembly.objects('prod').keys()]).toEqual([
      'mall/Namespace',
      'mall/cart/ServiceAccount',
      'mall/cart/StatefulSet',
      'mall/cart/Service/headless',
      'mall/cart/Service',
    ]);
    const labels = { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/part-of': 'mall' };
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
    const { template, ...spec } = set(assembly).spec;
    expect(spec).toEqual({
      replicas: 3,
      selector: { matchLabels: labels },
      serviceName: 'cart-headless',
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate' },
      volumeClaimTemplates: [
        {
          ...claim,
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '20Gi' } },
            storageClassName: 'ssd',
          },
        },
        {
          ...claim,
          metadata: { name: 'backup' },
          spec: {
            accessModes: ['ReadWriteMany'],
            resources: { requests: { storage: '1Ti' } },
            storageClassName: 'nfs',
          },
        },
      ],
      persistentVolumeClaimRetentionPolicy: { whenScaled: 'Retain', whenDeleted: 'Retain' },
    });
    expect(template.spec.containers[0].volumeMounts).toEqual([
      { name: 'data', mountPath: '/data' },
      { name: 'backup', mountPath: '/backup' },
      { name: 'tmp', mountPath: '/tmp' },
    ]);
    expect(template.spec.volumes).toEqual([{ name: 'tmp', emptyDir: {} }]);
    const port = { name: 'http', port: 6379, protocol: 'TCP', targetPort: 'http' };
    expect(assembly.object('prod', 'mall/cart/Service/headless')).toMatchObject({
      metadata: { name: 'cart-headless' },
      spec: { clusterIP: 'None', publishNotReadyAddresses: true, selector: labels, ports: [port] },
    });
    expect(assembly.object('prod', 'mall/cart/Service')).toMatchObject({ metadata: { name: 'cart' } });
  });

  it('takes other orders, strategies and retentions, and a partition that one cluster has alone', () => {
    const assembly = withService(
      {
        replicasPerCluster: 3,
        port: 1,
        volumes: [{ name: 'data', mountPath: '/data', size: '1Gi' }],
        stateful: {
          headlessService: 'cart',
          podManagement: PodManagement.PARALLEL,
          claimsWhenDeleted: ClaimRetention.DELETE,
          claimsWhenScaledDown: ClaimRetention.DELETE,
        },
      },
      { clusters: { a: CLASSES, b: CLASSES } },
      (service) => service.overrideIn({ selectedClusters: Platform.of(service).clusters.slice(1) }, { partition: 2 }),
    );
    expect(set(assembly, 'a').spec).toMatchObject({
      serviceName: 'cart',
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Delete' },
    });
    expect(set(assembly, 'b').spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { partition: 2 } });
    // One name is one Service.
    expect(assembly.object('a', 'mall/cart/Service/headless').metadata.name).toBe('cart');
    expect(assembly.objects('a').has('mall/cart/Service')).toBe(false);
    const byHand = withService({ stateful: { podUpdate: PodUpdate.ON_DELETE } });
    expect(set(byHand).spec.updateStrategy).toEqual({ type: 'OnDelete' });
  });

  it('divides its replicas over clusters by ordinals of their own, declared or from blocks of the facts', () => {
    const ordinals = { a: { first: 0, last: 99 }, b: { first: 100, last: 199 } };
    const declared = withService({ replicas: 5, stateful: { ordinals } }, { clusters: { a: {}, b: {} } });
    expect(['a', 'b'].map((name) => [set(declared, name).spec.replicas, set(declared, name).spec.ordinals])).toEqual([
      [3, { start: 0 }],
      [2, { start: 100 }],
    ]);
    const clusters = { a: { ordinalBlock: 4 }, b: { ordinalBlock: 0 } };
    const derived = withService({ replicas: 5, stateful: { ordinalsPerCluster: 10 } }, { clusters });
    expect(['a', 'b'].map((name) => set(derived, name).spec.ordinals)).toEqual([{ start: 40 }, { start: 0 }]);
    expect(derived.manifest.clusters[0]?.facts.ordinalBlock).toBe(4);
  });

  it('is scaled by an autoscaler of the StatefulSet, within its ordinals', () => {
    const scaled = (last: number) => ({
      autoscaling: { minReplicas: 2, maxReplicas: 8 },
      cpu: '1',
      stateful: { ordinals: { a: { first: 0, last }, b: { first: 100, last: 199 } } },
    });
    const assembly = withService(scaled(9), { clusters: { a: {}, b: {} } });
    expect(set(assembly, 'a').spec).not.toHaveProperty('replicas');
    expect(assembly.object('a', 'mall/cart/HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      name: 'cart',
    });
    expect(refused(scaled(2))).toEqual([
      'ORR2012 The service has up to 4 replicas in the cluster, and ordinals for 3 (0 to 2).',
    ]);
  });
});

describe('ordinals of a stateful service', () => {
  it('are refused where replicas are divided and a cluster has none, has those of another, or too few', () => {
    const stateful = (ordinals: Record<string, { first: number; last: number }>) => ({ stateful: { ordinals } });
    expect(refused({ replicas: 4, stateful: {} })).toEqual([
      'ORR2012 The replicas of the stateful service are divided over clusters, and "a" has no ordinals of its own.',
      'ORR2012 The replicas of the stateful service are divided over clusters, and "b" has no ordinals of its own.',
    ]);
    expect(refused({ replicas: 4, ...stateful({ a: { first: 0, last: 9 }, b: { first: 9, last: 19 } }) })).toEqual([
      'ORR2012 Ordinals of cluster "b" (9 to 19) are those of cluster "a" (0 to 9), too.',
    ]);
    // What is kept for a cluster that is not there is nobody else's.
    const kept = { a: { first: 0, last: 9 }, b: { first: 100, last: 109 }, gone: { first: 5, last: 50 } };
    expect(refused({ replicas: 4, ...stateful(kept) })).toEqual([
      'ORR2012 Ordinals of cluster "gone" (5 to 50) are those of cluster "a" (0 to 9), too.',
    ]);
    const small = stateful({ a: { first: 0, last: 1 }, b: { first: 2, last: 9 } });
    const outgrown = 'ORR2012 The service has up to 3 replicas in the cluster, and ordinals for 2 (0 to 1).';
    expect(refused({ replicas: 6, ...small })).toEqual([outgrown]);
    expect(refused({ replicas: 3, survive: Survive.ANY_CLUSTER, ...small })).toEqual([outgrown]);
    expect(refused({ replicas: 4, ...stateful({ a: { first: -1, last: 1 }, b: { first: 5, last: 4 } }) })).toEqual([
      'ORR2011 The ordinals of cluster "a" go from -1 to 1.',
      'ORR2011 The ordinals of cluster "b" go from 5 to 4.',
    ]);
  });

  it('are refused where blocks are missing, twice, or no numbers', () => {
    const blocks = { replicas: 4, stateful: { ordinalsPerCluster: 10 } };
    expect(refused(blocks, { a: { ordinalBlock: 1 }, b: {} })).toEqual([
      'ORR2013 The service has 10 ordinals in each cluster, and cluster "b" does not say which block of them is its own.',
    ]);
    // Of all clusters of the platform, whether the service is there or not.
    const twice = { a: { ordinalBlock: 1 }, b: { ordinalBlock: 2 }, c: { ordinalBlock: 1 } };
    expect(refused(blocks, twice, Placement.named('a', 'b'))).toEqual([
      'ORR2012 Ordinals of cluster "c" (10 to 19) are those of cluster "a" (10 to 19), too.',
    ]);
    expect(refused({ stateful: { ordinalsPerCluster: 0 } }, { a: { ordinalBlock: 1 } })[0]).toBe(
      'ORR2011 stateful.ordinalsPerCluster is 0.',
    );
    expect(refused({ stateful: { ordinalsPerCluster: 1, ordinals: {} } }, { a: { ordinalBlock: 0 } })).toEqual([
      'ORR2012 stateful.ordinals and stateful.ordinalsPerCluster are both set.',
    ]);
    expect(refused({}, { a: { ordinalBlock: -1 } })).toEqual([
      'ORR2001 ordinalBlock is -1, which is no whole number from 0 on.',
    ]);
    expect(refused({ stateful: { ordinalsPerCluster: 2 ** 30 } }, { a: { ordinalBlock: 7 } })).toEqual([
      'ORR2011 The ordinals of cluster "a" would go up to 8589934591.',
    ]);
  });

  it('are refused where Kubernetes is too old to count from anything but 0', () => {
    const ordinals = { a: { first: 0, last: 9 }, b: { first: 10, last: 19 } };
    const old = { kubernetesVersion: '1.26' };
    expect(refused({ replicas: 4, stateful: { ordinals } }, { a: old, b: old })).toEqual([
      'ORR2012 Cluster "b" has Kubernetes 1.26, and its pods would be numbered from 0, not from 10.',
    ]);
  });

  it('are not needed for numbers per cluster: each then has members of its own', () => {
    const assembly = withService({ replicasPerCluster: 3, stateful: {} }, { clusters: { a: {}, b: {} } });
    for (const cluster of ['a', 'b']) expect(set(assembly, cluster).spec).not.toHaveProperty('ordinals');
  });

  /** Names of all pods, by cluster. */
  function podsOf(weights: Record<string, number>, blocks: Record<string, number>, replicas: number) {
    const assembly = assemblyOf((platform) => {
      const all = new ClusterSet(platform, 'clusters');
      for (const name of Object.keys(weights)) all.add(name, { ordinalBlock: blocks[name] as number });
      new MultiClusterApp(platform, 'mall', { placement: Placement.weighted(weights) }).addService('cart', {
        image: 'cart:1',
        replicas,
        stateful: { ordinalsPerCluster: 50 },
      });
    });
    return new Map(
      Object.keys(weights).map((name) => {
        const { replicas: own, ordinals } = set(assembly, name).spec;
        return [name, Array.from({ length: own }, (_, at) => `cart-${ordinals.start + at}`)] as const;
      }),
    );
  }

  it('are never in two clusters, and no pod changes its cluster or name when others get more, fewer, come or go', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const weights = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 9 }), { minKeys: 1 });
    const blocks = fc
      .shuffledSubarray([0, 1, 2, 3, 5, 8, 13, 21], { minLength: names.length, maxLength: names.length })
      .map((numbers) => Object.fromEntries(names.map((name, at) => [name, numbers[at] as number])));
    fc.assert(
      fc.property(weights, weights, blocks, fc.nat(40), fc.nat(40), (before, after, own, few, more) => {
        const [first, second] = [podsOf(before, own, few), podsOf(after, own, more)];
        for (const pods of [first, second]) {
          const all = [...pods.values()].flat();
          expect(new Set(all).size).toBe(all.length);
        }
        for (const [cluster, pods] of first) {
          const kept = second.get(cluster) ?? [];
          // The lowest stay, the highest go or come: what both have is the same pods.
          const both = Math.min(pods.length, kept.length);
          expect(kept.slice(0, both)).toEqual(pods.slice(0, both));
          for (const [other, elsewhere] of second)
            if (other !== cluster) expect(elsewhere.filter((pod) => pods.includes(pod))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('what is wrong with a stateful service', () => {
  it('is told: names, volumes, partitions', () => {
    expect(refused({ stateful: { headlessService: 'Cart' } })).toEqual([
      'ORR2003 "Cart" is not a valid name of the headless Service.',
    ]);
    const volumes = ['tmp', 'config', 'scratch-0'].map((name) => ({ name, mountPath: `/${name}x`, size: '1Gi' }));
    expect(refused({ stateful: {}, volumes }, { a: CLASSES })).toEqual([
      'ORR2004 "tmp" is the name of another volume of the pods.',
      'ORR2004 "config" is the name of another volume of the pods.',
      'ORR2004 "scratch-0" is the name of another volume of the pods.',
    ]);
    expect(refused({ stateful: { partition: -1 } })).toEqual(['ORR2011 partition is -1.']);
    expect(refused({ stateful: { partition: 1, podUpdate: PodUpdate.ON_DELETE } })).toEqual([
      'ORR2012 partition is set, and pods are updated when they are deleted.',
    ]);
    const long = 'c'.repeat(53);
    const problems = problemsOfProgram((platform) => {
      const prod = new ClusterSet(platform, 'clusters').add('prod');
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      app.addService(long, { image: 'cart:1', stateful: {} });
      app.addService('web', { image: 'web:1' }).overrideIn(prod, { partition: 1 });
    });
    expect(problems.map(({ code, what }) => `${code} ${what}`)).toEqual([
      `ORR2003 "${long}" is too long for a StatefulSet: its pods carry it, and a hash, in a label.`,
      'ORR2012 In an override: partition is set for a service without identity.',
    ]);
  });
});
