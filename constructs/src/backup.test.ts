import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackupLocation, type BackupLocationProps } from './backup-location';
import { BackupPlan } from './backup-plan';
import { type BackupPlanProps, BackupVolumes } from './backup-props';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import type { Platform } from './platform';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

const VELERO = { apiVersions: ['velero.io/v1'] };

interface Program {
  readonly location?: Partial<BackupLocationProps>;
  readonly plan?: (apps: { mall: MultiClusterApp; bank: MultiClusterApp; cart: MultiClusterService }) => object;
  readonly facts?: object;
  readonly use?: (location: BackupLocation, clusters: ClusterSet) => void;
}

/** Apps `mall` in a and b, `bank` in b and c; a plan `nightly` of `mall` at a location `vault` for all clusters. */
const program = (given: Program) => (platform: Platform) => {
  const clusters = new ClusterSet(platform, 'clusters');
  for (const name of ['a', 'b', 'c']) clusters.add(name, given.facts ?? VELERO);
  const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.named('a', 'b') });
  const bank = new MultiClusterApp(platform, 'bank', { placement: Placement.named('b', 'c'), namespaceName: 'money' });
  const cart = mall.addService('cart', { image: 'cart:1' });
  bank.addService('ledger', { image: 'ledger:1' });
  const location = new BackupLocation(platform, 'vault', {
    placement: Placement.everywhere(),
    provider: 'aws',
    bucket: 'backups',
    ...given.location,
  });
  given.use?.(location, clusters);
  new BackupPlan(platform, 'nightly', {
    apps: [mall],
    location,
    schedule: '0 3 * * *',
    volumes: BackupVolumes.FILE_SYSTEM,
    ...given.plan?.({ mall, bank, cart }),
  } as BackupPlanProps);
};

const synthesized = (given: Program) => {
  const assembly = assemblyOf(program(given));
  return (cluster: string, kind: string) =>
    [...assembly.objects(cluster)].filter(([path]) => path.includes(`/${kind}`)).map(([, object]) => object);
};
const refusals = (given: Program) =>
  problemsOfProgram(program(given)).map(({ code, what, cluster }) => `${code} ${cluster ?? '*'}: ${what}`);

describe('a plan of backups', { timeout: 30_000 }, () => {
  it('is a Schedule in each cluster of its apps, with a name of its own in each', () => {
    const objects = synthesized({});
    expect(['a', 'b', 'c'].map((cluster) => objects(cluster, 'Schedule').map(({ metadata }) => metadata.name))).toEqual(
      [['nightly-a'], ['nightly-b'], []],
    );
    expect(objects('a', 'Schedule')[0]).toEqual({
      apiVersion: 'velero.io/v1',
      kind: 'Schedule',
      metadata: {
        name: 'nightly-a',
        namespace: 'velero',
        labels: { 'app.kubernetes.io/part-of': 'nightly', 'app.kubernetes.io/managed-by': 'orrery' },
      },
      spec: {
        schedule: '0 3 * * *',
        useOwnerReferencesInBackup: false,
        template: {
          includedNamespaces: ['mall'],
          storageLocation: 'vault',
          ttl: '720h',
          snapshotVolumes: false,
          defaultVolumesToFsBackup: true,
        },
      },
    });
  });

  it('takes in each cluster the namespaces of the apps that are there, and those that are named', () => {
    const objects = synthesized({ plan: ({ mall, bank }) => ({ apps: [mall, bank], namespaces: ['certs'] }) });
    const included = (cluster: string) => objects(cluster, 'Schedule')[0].spec.template.includedNamespaces;
    expect(['a', 'b', 'c'].map(included)).toEqual([
      ['mall', 'certs'],
      ['mall', 'money', 'certs'],
      ['money', 'certs'],
    ]);
  });

  it.each([
    [BackupVolumes.FILE_SYSTEM, { snapshotVolumes: false, defaultVolumesToFsBackup: true }],
    [BackupVolumes.MOVED_SNAPSHOT, { snapshotVolumes: true, snapshotMoveData: true, defaultVolumesToFsBackup: false }],
    [BackupVolumes.SNAPSHOT, { snapshotVolumes: true, snapshotMoveData: false, defaultVolumesToFsBackup: false }],
    [BackupVolumes.NONE, { snapshotVolumes: false, defaultVolumesToFsBackup: false }],
  ])('says of volumes all that Velero would decide by itself: %s', (volumes, settings) => {
    const { template } = synthesized({ plan: () => ({ volumes }) })('a', 'Schedule')[0].spec;
    const { includedNamespaces: _, storageLocation: _location, ttl: _ttl, ...rest } = template;
    expect(rest).toEqual(settings);
  });

  it('runs commands in the pods of a service before and after', () => {
    const objects = synthesized({
      plan: ({ mall, cart }) => ({
        apps: [mall],
        paused: true,
        ttl: '7d',
        hooks: [
          { service: cart, before: ['/flush', 'now'], timeout: '90s' },
          { service: cart, after: ['/go'], container: 'db', continueOnError: true },
        ],
      }),
    });
    const { spec } = objects('a', 'Schedule')[0];
    expect([spec.paused, spec.template.ttl]).toEqual([true, '168h']);
    const matchLabels = { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/part-of': 'mall' };
    const where = { includedNamespaces: ['mall'], labelSelector: { matchLabels } };
    expect(spec.template.hooks.resources).toEqual([
      {
        name: 'cart-1',
        ...where,
        pre: [{ exec: { container: 'cart', command: ['/flush', 'now'], onError: 'Fail', timeout: '1m30s' } }],
      },
      { name: 'cart-2', ...where, post: [{ exec: { container: 'db', command: ['/go'], onError: 'Continue' } }] },
    ]);
  });

  it.each<[string, Program, string]>([
    [
      'nothing to back up',
      { plan: () => ({ apps: [], placement: Placement.named('a') }) },
      'ORR2012 *: The plan backs up nothing.',
    ],
    [
      'a schedule that is none',
      { plan: () => ({ schedule: 'nightly' }) },
      'ORR2011 *: "nightly" is not a schedule, or one that never runs.',
    ],
    [
      'backups that end before the next one',
      { plan: () => ({ schedule: '0 3 * * 0', ttl: '7d' }) },
      'ORR2012 *: A backup is kept for 7d, and up to 168 h pass until the next one: at times there would be none.',
    ],
    ['a ttl that is none', { plan: () => ({ ttl: 'ever' }) }, 'ORR2011 *: ttl is "ever".'],
    ['a namespace that is none', { plan: () => ({ namespaces: ['A'] }) }, 'ORR2003 *: "A" is not a valid namespace.'],
    [
      'a location that keeps nothing of a cluster',
      { location: { placement: Placement.named('b', 'c') } },
      'ORR2012 a: Location "vault" keeps no backups of cluster "a".',
    ],
    [
      'a cluster without anything of the plan',
      { plan: () => ({ placement: Placement.named('b', 'c') }) },
      'ORR2012 c: No app of the plan is in cluster "c".',
    ],
    [
      'a hook of another app',
      { plan: ({ bank }) => ({ hooks: [{ service: bank.services[0], before: ['/x'] }] }) },
      'ORR2012 *: A hook is for service "bank/ledger", which belongs to no app of the plan.',
    ],
    [
      'a hook without a command',
      { plan: ({ cart }) => ({ hooks: [{ service: cart }] }) },
      'ORR2012 *: The hook of service "mall/cart" runs nothing.',
    ],
    [
      'a hook with an empty command',
      { plan: ({ cart }) => ({ hooks: [{ service: cart, before: [] }] }) },
      'ORR2011 *: A hook of service "mall/cart" is an empty command.',
    ],
    [
      'a hook with a timeout that is none',
      { plan: ({ cart }) => ({ hooks: [{ service: cart, before: ['/x'], timeout: '0s' }] }) },
      'ORR2011 *: The timeout of a hook is "0s".',
    ],
  ])('is refused: %s', (_, given, said) => {
    expect(refusals(given)).toContain(said);
  });

  it('is refused with an id so long that no label holds its name', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('prod', VELERO);
      const placement = Placement.everywhere();
      const location = new BackupLocation(platform, 'vault', { placement, provider: 'aws', bucket: 'b' });
      const volumes = BackupVolumes.NONE;
      new BackupPlan(platform, 'x'.repeat(59), { namespaces: ['a'], placement, location, schedule: '@daily', volumes });
    });
    expect(problems.map(({ code }) => code)).toEqual(['ORR2003']);
  });

  it('asks for the fact that Velero is there', () => {
    expect(refusals({ facts: {} })).toContain(
      'ORR2013 a: Velero makes the backups, and no fact of cluster "a" says that it serves velero.io/v1.',
    );
  });
});

describe('a location of backups', { timeout: 30_000 }, () => {
  it('is a folder of its own for each cluster', () => {
    const objects = synthesized({ location: { prefix: 'shop/prod', credential: { secret: 's3', key: 'cloud' } } });
    expect(objects('b', 'BackupStorageLocation')).toEqual([
      expect.objectContaining({
        spec: {
          provider: 'aws',
          objectStorage: { bucket: 'backups', prefix: 'shop/prod/b' },
          accessMode: 'ReadWrite',
          credential: { name: 's3', key: 'cloud' },
        },
      }),
    ]);
  });

  it('lets standby clusters read the backups of the others, in the stores of those, and write none of them', () => {
    const objects = synthesized({
      location: { placement: Placement.named('a', 'b'), config: { region: 'one' } },
      use: (location, clusters) =>
        location.overrideIn(clusters.named('b'), { provider: 'azure', bucket: 'two', config: { account: 'x' } }),
    });
    expect(objects('c', 'BackupStorageLocation')).toEqual([]);
    const standby = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      for (const name of ['a', 'b', 'c']) clusters.add(name, VELERO);
      const location = new BackupLocation(platform, 'vault', {
        placement: Placement.named('a', 'b'),
        provider: 'aws',
        bucket: 'one',
        restoreIn: clusters.named('b', 'c'),
      });
      location.overrideIn(clusters.named('b'), { provider: 'azure', bucket: 'two' });
    });
    const stores = (cluster: string) =>
      [...standby.objects(cluster).values()].map(({ metadata, spec: { provider, objectStorage, accessMode } }) =>
        [metadata.name, provider, objectStorage.bucket, objectStorage.prefix, accessMode].join(' '),
      );
    expect(stores('a')).toEqual(['vault aws one test/a ReadWrite']);
    expect(stores('b')).toEqual(['vault-a aws one test/a ReadOnly', 'vault azure two test/b ReadWrite']);
    expect(stores('c')).toEqual(['vault-a aws one test/a ReadOnly', 'vault-b azure two test/b ReadOnly']);
  });

  it('is written to by one cluster for each folder, and read where backups are restored, whichever clusters these are', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const some = fc.subarray(names, { minLength: 1 });
    fc.assert(
      fc.property(some, some, fc.constantFrom('one', 'two'), (keeping, restoring, bucket) => {
        const assembly = assemblyOf((platform) => {
          const clusters = new ClusterSet(platform, 'clusters');
          for (const name of names) clusters.add(name, VELERO);
          const placement = Placement.named(...keeping);
          const restoreIn = clusters.named(...restoring);
          const location = new BackupLocation(platform, 'vault', {
            placement,
            provider: 'aws',
            bucket: 'one',
            restoreIn,
          });
          location.overrideIn(clusters.named(...keeping.slice(0, 1)), { bucket });
        });
        const stores = names.flatMap((cluster) =>
          [...assembly.objects(cluster).values()].map(({ spec: { accessMode, objectStorage } }) => {
            return { cluster, accessMode, folder: `${objectStorage.bucket}/${objectStorage.prefix}` };
          }),
        );
        const written = stores.filter(({ accessMode }) => accessMode === 'ReadWrite');
        expect(written.map(({ cluster }) => cluster)).toEqual(names.filter((name) => keeping.includes(name)));
        expect(new Set(written.map(({ folder }) => folder)).size).toBe(written.length);
        for (const name of restoring) {
          const known = stores.filter(({ cluster }) => cluster === name).map(({ folder }) => folder);
          expect(known.sort()).toEqual(written.map(({ folder }) => folder).sort());
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each<[Partial<BackupLocationProps>, string]>([
    [{ provider: 'A WS' }, 'ORR2011 *: "A WS" is not the name of a plugin.'],
    [{ bucket: 'a/b' }, 'ORR2011 *: "a/b" is not a bucket.'],
    [{ prefix: '/x' }, 'ORR2011 *: "/x" is not a folder in a bucket.'],
    [{ credential: { secret: 'A', key: 'k' } }, 'ORR2003 *: "A" is not the name of a Secret.'],
    [{ credential: { secret: 'a', key: '/' } }, 'ORR2003 *: "/" is not a key of a Secret.'],
    [{ credential: { secret: 'a', key: 'k', optional: true } }, 'ORR2012 *: The credential of a location is optional.'],
    [{ namespaceName: 'A' }, 'ORR2003 *: "A" is not a valid namespace.'],
  ])('is refused with %j', (location, said) => {
    expect(refusals({ location })).toEqual([said]);
  });

  it('is refused with an override that is wrong, at the place of the override', () => {
    const wrong: Program = {
      use: (location, clusters) => location.overrideIn(clusters.named('a'), { bucket: '' }),
    };
    expect(refusals(wrong)).toEqual(['ORR2011 *: "" is not a bucket.']);
  });
});

describe('a standby cluster', { timeout: 30_000 }, () => {
  it('has everything of an app but replicas, or a few of them', () => {
    const app = (placement: Placement) => {
      const assembly = assemblyOf((platform) => {
        const clusters = new ClusterSet(platform, 'clusters');
        for (const name of ['a', 'b']) clusters.add(name);
        const mall = new MultiClusterApp(platform, 'mall', { placement });
        mall.addService('cart', { image: 'cart:1', port: 80, replicas: 10 });
      });
      return ['a', 'b'].map((cluster) => [
        assembly.objects(cluster).size,
        assembly.object(cluster, 'mall/cart/Deployment').spec.replicas,
      ]);
    };
    const cold = Placement.weighted({ a: 1, b: 0 });
    expect(app(cold)).toEqual([
      [4, 10],
      [4, 0],
    ]);
    const warm = Placement.named('a', 'b').withBounds({ b: { minReplicas: 2, maxReplicas: 2 } });
    expect(app(warm)).toEqual([
      [4, 8],
      [4, 2],
    ]);
  });
});
