import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Assembly, temporaryFolder } from '../src/synthesis.test-support';

/** The package as programs import it: these tests need `npm run build` before. */
const PACKAGE = path.resolve('constructs');

const PROGRAM = `
import { Chart, ApiObject, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { ClusterSet, Environment, HelmRelease, Include, MultiClusterApp, Placement, Platform, Provider } from '@orrery/constructs';

class ShopChart extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = {}) {
    super(scope, id, props);
    new ApiObject(this, 'settings', { apiVersion: 'v1', kind: 'ConfigMap', data: { '8080': 'a', size: 'large' } });
  }
}

const platform = new Platform({ id: 'online-shop' });
const clusters = new ClusterSet(platform, 'clusters');
const sh = clusters.add('prod-sh', { provider: Provider.ALIBABA_CLOUD, environment: Environment.PRODUCTION });
const gz = clusters.add('prod-gz', { imageRegistry: 'registry.gz.example.com' });
for (const cluster of [sh, gz]) new ShopChart(cluster, 'shop');
const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }) });
const cart = mall.addService('cart', { image: 'mall/cart:4.12.0', replicas: 12, port: 8080 });
const release = new HelmRelease(sh, 'gateway', { chart: 'gateway', repository: 'https://charts.example.com', version: '1.2.3', namespaceName: 'x' });
new Include(gz, 'quota', { file: 'quota.yaml' });
mall.node.addDependency(release);
platform.synth();
`;

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  return folder;
}

function run(folder: string, file: string, env: Record<string, string> = {}) {
  const { CDK8S_OUTDIR: _cdk8s, ORRERY_OUTDIR: _orrery, NODE_OPTIONS: _options, ...rest } = process.env;
  return spawnSync(process.execPath, [file], { cwd: folder, env: { ...rest, ...env }, encoding: 'utf8' });
}

describe('the built package', { timeout: 30_000 }, () => {
  it('is there', () => {
    expect(fs.existsSync(path.join(PACKAGE, 'lib/index.js')), 'run npm run build first').toBe(true);
  });

  it('gives the same bytes in every process, in every folder, and wherever the program stands', () => {
    const outputs = ['first', 'second'].map((name) => {
      const folder = folderWith({ [`${name}.ts`]: PROGRAM, 'quota.yaml': 'kind: ResourceQuota\n' });
      const result = run(folder, `${name}.ts`);
      expect(result.stderr).toBe('');
      expect(result.stdout).toBe('');
      const assembly = new Assembly(path.join(folder, 'dist'));
      return Object.fromEntries(
        assembly
          .files()
          .filter((file) => file !== 'locations.json')
          .map((file) => [file, assembly.text(file)]),
      );
    });
    expect(Object.keys(outputs[0] as object).length).toBeGreaterThan(5);
    expect(outputs[1]).toEqual(outputs[0]);
  });

  it('knows the lines of a TypeScript program that Node runs by stripping its types', () => {
    const folder = folderWith({ 'main.ts': PROGRAM, 'quota.yaml': '' });
    expect(run(folder, 'main.ts').status).toBe(0);
    const line = (text: string) =>
      `main.ts:${PROGRAM.split('\n').findIndex((candidate) => candidate.includes(text)) + 1}`;
    expect(JSON.parse(fs.readFileSync(path.join(folder, 'dist/locations.json'), 'utf8'))).toEqual({
      '': line('new Platform'),
      clusters: line('new ClusterSet'),
      gateway: line('new HelmRelease'),
      mall: line('new MultiClusterApp'),
      'mall/cart': line('addService'),
      'prod-gz//': line("add('prod-gz'"),
      'prod-sh//': line("add('prod-sh'"),
      quota: line('new Include'),
      // Where the program makes the chart, not the line inside the chart's class.
      shop: line('new ShopChart'),
    });
  });

  it('knows the lines of compiled CommonJS without source maps', () => {
    const program = [
      "const { Platform, ClusterSet } = require('@orrery/constructs');",
      "const { Chart, ApiObject } = require('cdk8s');",
      "const platform = new Platform({ id: 'p' });",
      "const make = (cluster) => new ApiObject(new Chart(cluster, 'shop'), 'x', { apiVersion: 'v1', kind: 'Secret' });",
      "make(new ClusterSet(platform, 'c').add('prod'));",
      'platform.synth();',
    ];
    const folder = folderWith({ 'main.cjs': program.join('\n') });
    expect(run(folder, 'main.cjs').stderr).toBe('');
    expect(JSON.parse(fs.readFileSync(path.join(folder, 'dist/locations.json'), 'utf8'))).toEqual({
      '': 'main.cjs:3',
      c: 'main.cjs:5',
      'prod//': 'main.cjs:5',
      shop: 'main.cjs:4',
    });
  });

  it('prints what a person can act on when a program with mistakes runs alone, and no stack frames of its own', () => {
    const folder = folderWith({ 'main.ts': PROGRAM.replace("'prod-gz': 1", "'prod-bj': 1"), 'quota.yaml': '' });
    const result = run(folder, 'main.ts');
    expect(result.status).toBe(1);
    expect(result.stderr).toContain(
      [
        'error ORR2005  main.ts:18  mall',
        '  The placement gives weight to cluster "prod-bj", which does not exist.',
        '  Known: prod-sh, prod-gz.',
        '    at mall (main.ts:18)',
      ].join('\n'),
    );
    expect(result.stderr.match(/^ {4}at /gm)).toHaveLength(1);
    expect(fs.existsSync(path.join(folder, 'dist'))).toBe(false);
  });

  it('writes to the folder that whoever runs the program names', () => {
    const folder = folderWith({ 'main.ts': PROGRAM, 'quota.yaml': '' });
    fs.mkdirSync(path.join(folder, 'given'));
    expect(
      run(folder, 'main.ts', { CDK8S_OUTDIR: path.join(folder, 'given'), CDK8S_RECORD_CONSTRUCT_METADATA: 'true' })
        .status,
    ).toBe(0);
    expect(fs.readdirSync(path.join(folder, 'given')).sort()).toEqual([
      'assets',
      'clusters',
      'construct-metadata.json',
      'locations.json',
      'manifest.json',
      'yaml',
    ]);
    expect(fs.readdirSync(folder)).not.toContain('dist');
  });

  it('can be imported from ES modules and CommonJS, with the YAML writer apart', async () => {
    const require = createRequire(path.join(PACKAGE, 'package.json'));
    const common = require('@orrery/constructs') as Record<string, unknown>;
    expect(Object.keys(common)).toEqual(
      expect.arrayContaining(['Platform', 'MultiClusterApp', 'ReplicaDivision', 'Include']),
    );
    const script =
      "import { writeYaml } from '@orrery/constructs/yaml'; import { Platform } from '@orrery/constructs'; process.stdout.write(writeYaml({ p: typeof Platform }));";
    const folder = folderWith({});
    expect(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' }),
    ).toBe('p: function\n');
    const loaded = execFileSync(
      process.execPath,
      [
        '-e',
        "require('@orrery/constructs/yaml'); process.stdout.write(Object.keys(require.cache).map((file) => path.basename(file)).join())",
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(loaded).toBe('yaml.js,byte-writer.js');
  });

  it('declares to other languages what it has, and nothing private', () => {
    const text = fs.readFileSync(path.join(PACKAGE, '.jsii'), 'utf8');
    const { types, dependencies, bundled } = JSON.parse(text) as {
      types: Record<string, unknown>;
      dependencies: object;
      bundled?: object;
    };
    expect(Object.keys(types)).toEqual(
      expect.arrayContaining(
        [
          'Platform',
          'Cluster',
          'ClusterSet',
          'ClusterSelection',
          'Placement',
          'MultiClusterApp',
          'MultiClusterService',
          'HelmRelease',
          'Include',
          'Probe',
          'ReplicaDivision',
        ].map((name) => `@orrery/constructs.${name}`),
      ),
    );
    expect(Object.keys(types).filter((name) => /Problem|Unit|Entry(?!Point)|Assembly/.test(name))).toEqual([]);
    expect([Object.keys(dependencies).sort(), bundled]).toEqual([['cdk8s', 'constructs'], undefined]);
  });
});
