import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { Cluster } from './cluster';
import { Environment, LoadBalancerKind, NetworkPlugin, Provider } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { Platform } from './platform';
import { CONFIG, config, smallProgram } from './small-program.test-support';
import {
  assemblyOf,
  codesOf,
  problemsOf,
  problemsOfProgram,
  synthesized,
  temporaryFolder,
  testPlatform,
} from './synthesis.test-support';

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
    expect(manifest).toMatchObject({ format: 'orrery/assembly', version: '1.10', platform: { id: 'test' } });
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
      expect(places[key], key).toMatch(/^constructs\/src\/assembly-output\.test\.ts:\d+$/);
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
