import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct, type IConstruct, type IMixin } from 'constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { Cluster } from './cluster';
import { Environment, LoadBalancerKind, NetworkPlugin, Provider } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { HelmRelease } from './helm-release';
import { Include } from './include';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { Platform } from './platform';
import {
  type AnyObject,
  Assembly,
  assemblyOf,
  codesOf,
  problemsOf,
  problemsOfProgram,
  synthesized,
  temporaryFolder,
  testPlatform,
} from './synthesis.test-support';

const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap' };

function config(scope: Construct, id: string, name: string): ApiObject {
  return new ApiObject(scope, id, { ...CONFIG, metadata: { name } });
}

function smallProgram(platform: Platform): void {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('prod-sh', {
    provider: Provider.ALIBABA_CLOUD,
    region: 'cn-shanghai',
    environment: Environment.PRODUCTION,
  });
  clusters.add('prod-gz', { registryMirror: 'registry.gz.example.com' });
  for (const cluster of clusters.selectedClusters) config(new Chart(cluster, 'base'), 'settings', 'settings');
  const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }) });
  mall.addService('cart', { image: 'mall/cart:4.12.0', replicas: 12, port: 8080 });
}

afterEach(() => vi.unstubAllEnvs());

describe('an assembly', () => {
  it('describes the platform, its clusters with their facts, and their units', () => {
    const { manifest } = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      clusters.add('prod', {
        provider: Provider.QINGCLOUD,
        region: 'gd2',
        zone: 'gd2a',
        environment: Environment.PRODUCTION,
        network: 'vpc-1',
        labels: { tier: 'gold' },
        kubernetesVersion: '1.34.2',
        apiVersions: ['monitoring.coreos.com/v1'],
        networkPlugin: NetworkPlugin.HYBRIDNET,
        storageClasses: { general: 'csi-standard' },
        loadBalancer: LoadBalancerKind.OPENELB,
        imageRegistry: 'registry.example.com/shop',
        registryMirror: 'mirror.example.com:5000',
        internetFacing: false,
        gpuModels: ['NVIDIA-L40S'],
      });
      clusters.add('bare');
      config(new Chart(clusters.cluster('prod'), 'shop'), 'one', 'one');
    });
    expect(manifest).toMatchObject({ format: 'orrery/assembly', version: '1.1', platform: { id: 'test' } });
    expect(manifest.clusters.map((cluster) => [cluster.name, cluster.objects, cluster.facts])).toEqual([
      [
        'prod',
        'clusters/prod/objects.json',
        {
          provider: 'qingcloud',
          region: 'gd2',
          zone: 'gd2a',
          environment: 'production',
          network: 'vpc-1',
          labels: { tier: 'gold' },
          kubernetesVersion: '1.34.2',
          apiVersions: ['monitoring.coreos.com/v1'],
          networkPlugin: 'hybridnet',
          storageClasses: { general: 'csi-standard' },
          loadBalancer: 'openelb',
          imageRegistry: 'registry.example.com/shop',
          registryMirror: 'mirror.example.com:5000',
          internetFacing: false,
          gpuModels: ['NVIDIA-L40S'],
        },
      ],
      ['bare', 'clusters/bare/objects.json', {}],
    ]);
    expect(manifest.clusters[1]?.units).toEqual([]);
  });

  it('holds one canonical object per line with its sha256, in the order of the units', () => {
    const assembly = assemblyOf((platform) => {
      const chart = new Chart(new Cluster(platform, 'prod'), 'shop');
      new ApiObject(chart, 'one', {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'one' },
        data: { b: 'ü', '10': 'x', '9': 'y', a: '1' },
      });
      config(chart, 'two', 'two');
    });
    const text = assembly.text('clusters/prod/objects.json');
    const lines = [
      '{"apiVersion":"v1","data":{"10":"x","9":"y","a":"1","b":"ü"},"kind":"ConfigMap","metadata":{"name":"one"}}',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two"}}',
    ];
    expect(text).toBe(`[\n${lines.join(',\n')}\n]\n`);
    expect(assembly.unit('prod', 'shop').objects).toEqual(
      ['shop/one', 'shop/two'].map((objectPath, i) => ({
        path: objectPath,
        sha256: createHash('sha256')
          .update(lines[i] as string)
          .digest('hex'),
      })),
    );
  });

  it('holds the same objects as YAML, one file per unit, numbered in their order', () => {
    const assembly = assemblyOf(smallProgram);
    const yaml = assembly.files().filter((file) => file.startsWith('yaml/'));
    expect(yaml).toEqual(
      ['prod-gz', 'prod-sh'].flatMap((name) => [`yaml/${name}/0000-mall.k8s.yaml`, `yaml/${name}/0001-base.k8s.yaml`]),
    );
    const read = parseAllDocuments(assembly.text('yaml/prod-sh/0000-mall.k8s.yaml')).map((document) => document.toJS());
    expect(read).toEqual(
      [...assembly.objects('prod-sh')]
        .filter(([objectPath]) => objectPath.startsWith('mall/'))
        .map(([, object]) => object),
    );
    expect(assembly.text('yaml/prod-sh/0000-mall.k8s.yaml')).toMatch(/^apiVersion: v1\nkind: Namespace\nmetadata:\n/);
  });

  it('is byte for byte the same for the same program', () => {
    const [first, second] = [assemblyOf(smallProgram), assemblyOf(smallProgram)];
    expect(second.files()).toEqual(first.files());
    for (const file of first.files()) expect(second.text(file), file).toBe(first.text(file));
  });

  it('is the same when synth is called again', () => {
    const platform = testPlatform();
    smallProgram(platform);
    const read = () => {
      const assembly = synthesized(platform);
      return Object.fromEntries(assembly.files().map((file) => [file, assembly.text(file)]));
    };
    expect(read()).toEqual(read());
  });

  it('has places of the program beside it, outside the manifest', () => {
    const assembly = assemblyOf(smallProgram);
    const places = JSON.parse(assembly.text('locations.json')) as Record<string, string>;
    for (const key of ['mall', 'mall/cart', 'base', 'clusters', 'prod-sh//']) {
      expect(places[key], key).toMatch(/^constructs\/src\/platform\.test\.ts:\d+$/);
    }
    expect(assembly.text('manifest.json')).not.toContain('.test.ts');
  });

  it('keeps different places of one path in several clusters apart', () => {
    const assembly = assemblyOf((platform) => {
      config(new Chart(new Cluster(platform, 'a'), 'base'), 'one', 'one');
      config(new Chart(new Cluster(platform, 'b'), 'base'), 'one', 'one');
    });
    const places = JSON.parse(assembly.text('locations.json')) as Record<string, string>;
    const [first, second] = [places.base, places['b//base']].map((place) => Number(place?.split(':')[1]));
    expect((second as number) - (first as number)).toBe(1);
  });

  it('puts nested charts before the chart around them, as cdk8s orders its files', () => {
    const assembly = assemblyOf((platform) => {
      const outer = new Chart(new Cluster(platform, 'prod'), 'outer');
      config(outer, 'one', 'one');
      config(new Chart(outer, 'inner'), 'two', 'two');
    });
    expect(assembly.units('prod').map((unit) => [unit.path, unit.objects.map((object) => object.path)])).toEqual([
      ['outer/inner', ['outer/inner/two']],
      ['outer', ['outer/one']],
    ]);
  });

  it('has a display name where the program gives one', () => {
    const platform = testPlatform({ displayName: 'Online shop 网店' });
    config(new Chart(new Cluster(platform, 'prod'), 'shop'), 'one', 'one');
    expect(synthesized(platform).manifest.platform).toEqual({ id: 'test', displayName: 'Online shop 网店' });
  });

  it('writes what cdk8s-cli asks for when it validates', () => {
    vi.stubEnv('CDK8S_RECORD_CONSTRUCT_METADATA', 'true');
    const assembly = assemblyOf(smallProgram);
    const { version, resources } = JSON.parse(assembly.text('construct-metadata.json'));
    expect([version, resources.cart, resources.settings]).toEqual([
      '1.0.0',
      { path: 'mall/cart/Service' },
      { path: 'base/settings' },
    ]);
  });
});

describe('the output folder', () => {
  it('comes from the platform, else ORRERY_OUTDIR, else CDK8S_OUTDIR, else dist', () => {
    vi.stubEnv('ORRERY_OUTDIR', '');
    vi.stubEnv('CDK8S_OUTDIR', '');
    expect(new Platform({ id: 'p' }).outdir).toBe('dist');
    vi.stubEnv('CDK8S_OUTDIR', 'from-cdk8s');
    expect(new Platform({ id: 'p' }).outdir).toBe('from-cdk8s');
    vi.stubEnv('ORRERY_OUTDIR', 'from-orrery');
    expect(new Platform({ id: 'p' }).outdir).toBe('from-orrery');
    expect(new Platform({ id: 'p', outdir: 'mine' }).outdir).toBe('mine');
  });

  it('is replaced as a whole, and nothing is left beside it', () => {
    const outdir = path.join(temporaryFolder(), 'deep', 'dist');
    const program = (name: string) => {
      const platform = testPlatform({ outdir });
      config(new Chart(new Cluster(platform, name), 'shop'), 'one', 'one');
      return synthesized(platform);
    };
    program('first');
    expect(program('second').files()).toEqual([
      'clusters/second/objects.json',
      'locations.json',
      'manifest.json',
      'yaml/second/0000-shop.k8s.yaml',
    ]);
    expect(fs.readdirSync(path.dirname(outdir))).toEqual(['dist']);
  });

  it('keeps the last good output where a synth fails, and leaves nothing beside it', () => {
    const outdir = path.join(temporaryFolder(), 'dist');
    const good = testPlatform({ outdir });
    smallProgram(good);
    const before = synthesized(good);
    const texts = before.files().map((file) => before.text(file));

    const invalid = testPlatform({ outdir });
    expect(codesOf(problemsOf(() => invalid.synth()))).toEqual(['ORR2002']);
    const unwritable = testPlatform({ outdir });
    new ApiObject(new Chart(new Cluster(unwritable, 'prod'), 'shop'), 'one', { ...CONFIG, data: { at: new Date(0) } });
    expect(codesOf(problemsOf(() => unwritable.synth()))).toEqual(['ORR2015']);

    expect(before.files().map((file) => before.text(file))).toEqual(texts);
    expect(fs.readdirSync(path.dirname(outdir))).toEqual(['dist']);
  });

  it('is refused where it holds files of somebody else, and these stay', () => {
    const outdir = temporaryFolder();
    fs.writeFileSync(path.join(outdir, 'thesis.txt'), 'years of work');
    const platform = testPlatform({ outdir });
    smallProgram(platform);
    const problems = problemsOf(() => platform.synth());
    expect(codesOf(problems)).toEqual(['ORR2016']);
    expect(problems[0]?.what).toContain('thesis.txt');
    expect(fs.readdirSync(outdir)).toEqual(['thesis.txt']);
  });

  it('may be empty, or hold what cdk8s wrote', () => {
    const outdir = temporaryFolder();
    fs.writeFileSync(path.join(outdir, 'shop.k8s.yaml'), 'kind: ConfigMap\n');
    const platform = testPlatform({ outdir });
    smallProgram(platform);
    expect(synthesized(platform).has('shop.k8s.yaml')).toBe(false);
  });

  it('may be a link to a folder, and stays one', () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 'real'));
    fs.symlinkSync('real', path.join(folder, 'dist'));
    const platform = testPlatform({ outdir: path.join(folder, 'dist') });
    smallProgram(platform);
    synthesized(platform);
    expect(fs.lstatSync(path.join(folder, 'dist')).isSymbolicLink()).toBe(true);
    expect(fs.existsSync(path.join(folder, 'real', 'manifest.json'))).toBe(true);
    expect(fs.readdirSync(folder).sort()).toEqual(['dist', 'real']);
  });

  it('is refused where it is a file', () => {
    const outdir = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(outdir, '');
    const platform = testPlatform({ outdir });
    smallProgram(platform);
    expect(codesOf(problemsOf(() => platform.synth()))).toEqual(['ORR2016']);
  });
});

describe('names that could leave a folder', () => {
  it.each(['..', '../../evil', 'a/../../b', '/etc/passwd', '$(reboot)', 'a b', '.', 'ü', 'x'.repeat(300)])(
    'stay inside it: chart %s',
    (id) => {
      const outdir = path.join(temporaryFolder(), 'inside', 'dist');
      const platform = testPlatform({ outdir });
      const chart = new Chart(new Cluster(platform, 'prod'), id);
      config(chart, 'one', 'one');
      const assembly = synthesized(platform);
      expect(assembly.files().filter((file) => file.startsWith('yaml/'))).toHaveLength(1);
      expect(fs.readdirSync(path.dirname(outdir))).toEqual(['dist']);
      expect(assembly.units('prod')[0]?.path).toBe(chart.node.path);
    },
  );

  it.each(['..', '../evil', 'a/b', '', 'Prod', 'prod_sh', 'prod.', '-a', 'x'.repeat(64)])(
    'are refused for clusters: "%s"',
    (name) => {
      expect(codesOf(problemsOfProgram((platform) => new Cluster(platform, name)))).toEqual(['ORR2003']);
    },
  );

  it.each(['..', '', 'Shop', 'a.b', 'x'.repeat(64)])('are refused for platforms: "%s"', (id) => {
    expect(codesOf(problemsOf(() => new Platform({ id })))).toEqual(['ORR2003']);
  });
});

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
