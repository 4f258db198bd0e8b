import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct, type IConstruct, type IMixin } from 'constructs';
import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster';
import { ClusterSet } from './cluster-set';
import { HelmRelease } from './helm-release';
import { Include } from './include';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { Platform } from './platform';
import { CONFIG, config, smallProgram } from './small-program.test-support';
import {
  type AnyObject,
  Assembly,
  assemblyOf,
  codesOf,
  problemsOf,
  problemsOfProgram,
  synthesized,
  testPlatform,
} from './synthesis.test-support';

describe('a program', () => {
  it('without clusters is refused', () => {
    expect(codesOf(problemsOfProgram(() => undefined))).toEqual(['ORR2002']);
  });

  it('that puts nothing into its clusters is refused', () => {
    const problems = problemsOfProgram((platform) => {
      new Chart(new Cluster(platform, 'prod'), 'empty');
    });
    expect(codesOf(problems)).toEqual(['ORR2002']);
  });

  it('is refused for two clusters of one name, at the line of the second', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'one').add('prod');
      new ClusterSet(platform, 'two').add('prod');
    });
    expect(codesOf(problems)).toEqual(['ORR2004']);
    expect(problems[0]?.what).toContain('"prod"');
    expect(problems[0]?.source).toMatch(/platform\.test\.ts:\d+$/);
  });

  it('is refused for two constructs of one id, naming the place of the first', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'same');
      new MultiClusterApp(platform, 'same', { placement: Placement.everywhere() });
    });
    expect(codesOf(problems)).toEqual(['ORR2004']);
    expect(problems[0]).toMatchObject({
      path: 'same',
      what: expect.stringMatching(/ClusterSet "same" here \(constructs\/src\/platform\.test\.ts:\d+\)/),
    });
  });

  it('is refused for two objects of one identity, naming both constructs', () => {
    const problems = problemsOfProgram((platform) => {
      const cluster = new Cluster(platform, 'prod');
      config(new Chart(cluster, 'one', { namespace: 'shop' }), 'a', 'settings');
      config(new Chart(cluster, 'two'), 'b', 'settings');
      config(new Chart(cluster, 'three', { namespace: 'shop' }), 'c', 'settings');
    });
    expect(codesOf(problems)).toEqual(['ORR2009']);
    expect(problems[0]).toMatchObject({ path: 'three/c', cluster: 'prod', object: 'ConfigMap/shop/settings' });
    expect(problems[0]?.what).toContain('"one/a"');
  });

  it('may have objects of one name that differ in group, or in cluster', () => {
    const assembly = assemblyOf((platform) => {
      for (const name of ['a', 'b']) {
        const chart = new Chart(new Cluster(platform, name), 'shop');
        new ApiObject(chart, 'one', { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'x' } });
        new ApiObject(chart, 'two', { apiVersion: 'example.com/v1', kind: 'Ingress', metadata: { name: 'x' } });
      }
    });
    expect(assembly.objects('b').size).toBe(2);
  });

  it('is refused where a version is the only difference between two objects', () => {
    const problems = problemsOfProgram((platform) => {
      const chart = new Chart(new Cluster(platform, 'prod'), 'shop');
      new ApiObject(chart, 'one', {
        apiVersion: 'autoscaling/v1',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'x' },
      });
      new ApiObject(chart, 'two', {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'x' },
      });
    });
    expect(codesOf(problems)).toEqual(['ORR2009']);
  });

  it('is refused where an app and a chart have one path', () => {
    for (const chartId of ['mall', 'team']) {
      const problems = problemsOfProgram((platform) => {
        config(new Chart(new Cluster(platform, 'prod'), chartId), 'one', 'one');
        const scope = chartId === 'mall' ? platform : new Construct(platform, 'team');
        new MultiClusterApp(scope, 'mall', { placement: Placement.everywhere() });
      });
      expect(codesOf(problems)).toEqual(['ORR2004']);
    }
  });

  it('is refused for objects without apiVersion, kind or name', () => {
    class Bare extends ApiObject {
      public constructor(
        scope: Construct,
        id: string,
        private readonly json: AnyObject,
      ) {
        super(scope, id, CONFIG);
      }
      public override toJson(): AnyObject {
        return this.json;
      }
    }
    const objects = [
      {},
      { apiVersion: 'v1' },
      CONFIG,
      { ...CONFIG, metadata: { name: '' } },
      { ...CONFIG, metadata: { name: 'a', namespace: 1 } },
      [],
    ];
    const problems = problemsOfProgram((platform) => {
      const chart = new Chart(new Cluster(platform, 'prod'), 'shop');
      for (const [i, json] of objects.entries()) new Bare(chart, `bare-${i}`, json);
    });
    expect(codesOf(problems)).toEqual(objects.map(() => 'ORR2015'));
  });

  it("reports the constructs' own validations, with all other problems", () => {
    const problems = problemsOfProgram((platform) => {
      const chart = new Chart(new Cluster(platform, 'prod'), 'shop');
      config(chart, 'one', 'one').node.addValidation({ validate: () => ['one is too small', 'one is too blue'] });
      new Include(platform, 'missing', { file: 'nowhere.yaml', placement: Placement.everywhere() });
      new MultiClusterApp(platform, 'mall', { placement: Placement.named('prod-bj') });
    });
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual([
      ['ORR2001', 'shop/one'],
      ['ORR2001', 'shop/one'],
      ['ORR2014', 'missing'],
      ['ORR2005', 'mall'],
    ]);
    expect(problems[0]?.what).toBe('one is too small');
  });

  it('is checked through mixins and lookups in every cluster', () => {
    const platform = testPlatform();
    smallProgram(platform);
    const visited: string[] = [];
    const mixin: IMixin = {
      supports: (construct: IConstruct) => ApiObject.isApiObject(construct),
      applyTo: (construct: IConstruct) => {
        visited.push(`${construct.node.root} ${construct.node.path}`);
        (construct as ApiObject).metadata.addLabel('seen', 'yes');
      },
    };
    platform.with(mixin);
    expect(visited).toEqual(['prod-sh base/settings', 'prod-gz base/settings']);
    expect(synthesized(platform).object('prod-gz', 'base/settings').metadata.labels).toEqual({ seen: 'yes' });
    expect(platform.findAll().filter((construct) => ApiObject.isApiObject(construct))).toHaveLength(2);
  });

  it('reports wrong facts of a cluster', () => {
    const problems = problemsOfProgram((platform) => {
      const cluster = new Cluster(platform, 'prod', {
        kubernetesVersion: 'v1.36',
        labels: { 'a b': 'x', ok: 'not ok!' },
        storageClasses: { general: 'NFS' },
        apiVersions: ['Monitoring'],
        imageRegistry: 'https://registry.example.com',
        registryMirror: 'registry.example.com/',
      });
      config(new Chart(cluster, 'shop'), 'one', 'one');
    });
    expect(codesOf(problems)).toEqual(Array.from({ length: 7 }, () => 'ORR2001'));
  });
});

describe('a cluster', () => {
  it('synthesizes the whole platform', () => {
    const platform = testPlatform();
    smallProgram(platform);
    (platform.clusters[0] as Cluster).synth();
    expect(new Assembly(platform.outdir).manifest.clusters).toHaveLength(2);
  });

  it('is found from what is in it, and the platform too', () => {
    const platform = testPlatform();
    const cluster = new Cluster(platform, 'prod');
    const chart = new Chart(cluster, 'shop');
    expect(Cluster.tryOf(chart)).toBe(cluster);
    expect(Cluster.tryOf(platform)).toBeUndefined();
    expect(Platform.of(chart)).toBe(platform);
  });

  it('needs a platform', () => {
    expect(codesOf(problemsOf(() => Platform.of(new Construct(undefined as unknown as Construct, ''))))).toEqual([
      'ORR2017',
    ]);
  });
});

describe('A program whose types nobody checked', () => {
  const unknown = <T>(value: unknown): T => value as T;

  it('is told what is missing, where', () => {
    const problems = problemsOfProgram((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      clusters.add('prod');
      const placement = Placement.everywhere();
      new MultiClusterApp(platform, 'mall', { placement }).addService('cart', unknown({}));
      new MultiClusterApp(platform, 'nowhere', unknown({}));
      new HelmRelease(platform, 'gateway', unknown({ namespaceName: 'gateway', placement }));
      const chart = { chart: 'x', repository: 'https://charts.example.com', version: '1.0.0' };
      new HelmRelease(platform, 'text', unknown({ ...chart, namespaceName: 'x', values: 'a: b', placement }));
      new Include(platform, 'objects', unknown({ placement }));
    });
    expect(problems.map(({ code, path: at, what }) => [code, at, what])).toEqual([
      ['ORR2011', 'mall/cart', 'The service has no image.'],
      ['ORR2011', 'gateway', 'The Helm release has no chart.'],
      ['ORR2011', 'text', 'values is no map.'],
      ['ORR2011', 'objects', 'The Include has no file.'],
      ['ORR2017', 'nowhere', 'The MultiClusterApp has no placement.'],
    ]);
    for (const { source, fix } of problems) {
      expect(source).toMatch(/platform\.test\.ts:\d+$/);
      expect(fix).toBeDefined();
    }
    expect(problemsOf(() => new Platform(unknown({})))).toMatchObject([
      { code: 'ORR2003', what: 'The platform has no id.' },
    ]);
  });
});

it('A chart or an object that is in no cluster is refused instead of being left out', () => {
  const problems = problemsOfProgram((platform) => {
    new ClusterSet(platform, 'clusters').add('prod');
    new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    config(new Chart(platform, 'stray'), 'inside', 'inside');
  });
  expect(problems).toMatchObject([
    { code: 'ORR2017', path: 'stray', what: 'The chart is in the platform, which is no cluster.' },
  ]);
});

it.each([
  ['does not apply', JsonPatch.replace('/data/no/such', 1), /^Its patches do not apply \(replace \/data\/no\/such\): /],
  [
    'replaces a value by itself',
    JsonPatch.replace('/data/a', 'b'),
    /^Its patches change nothing: replace \/data\/a\.$/,
  ],
  ['removes what is not there', JsonPatch.remove('/data/none'), /^Its patches change nothing: remove \/data\/none\.$/],
])('A patch of a cdk8s object that %s is refused', (_, patch, what) => {
  const withPatch = (given: JsonPatch) => (platform: Platform) => {
    const cluster = new ClusterSet(platform, 'clusters').add('prod');
    const chart = new Chart(cluster, 'tools');
    new ApiObject(chart, 'settings', { ...CONFIG, metadata: { name: 'x' }, data: { a: 'b' } }).addJsonPatch(given);
  };
  const problems = problemsOfProgram(withPatch(patch));
  expect(problems).toMatchObject([{ code: 'ORR2010', path: 'tools/settings', cluster: 'prod' }]);
  expect(problems[0]?.what).toMatch(what);
  expect(problems[0]?.fix).toBeDefined();
  const patched = assemblyOf(withPatch(JsonPatch.add('/data/c', 'd')));
  expect(patched.object('prod', 'tools/settings').data).toEqual({ a: 'b', c: 'd' });
});
