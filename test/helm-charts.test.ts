import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import { makeCharts } from '../lib/charts/make-charts.ts';
import { writeCharts } from '../lib/charts/write-charts.ts';
import { resolveWithoutCluster } from '../lib/diff/resolve-namespace.ts';
import { canonicalJson, sha256 } from '../lib/kubernetes/canonical.ts';
import { idKey, idOf, type KubernetesObject } from '../lib/kubernetes/object.ts';
import type { DesiredState } from '../lib/render/desired-state.ts';
import { renderAssembly } from '../lib/render/render-assembly.ts';
import { kubernetesObjects } from '../lib/yaml/kubernetes-documents.ts';
import { readYaml } from '../lib/yaml/read.ts';
import { helmBinaries } from './helm-binaries.ts';
import { DIRECTORY_TARGETS, program, TestProject } from './project.ts';
import { TemporaryFolders } from './write-assembly.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const helms = await helmBinaries();
const folders = new TemporaryFolders();
// Real programs run here: on a busy machine each may take seconds.
vi.setConfig({ testTimeout: 120_000 });
afterAll(() => folders.removeAll());

describe.skipIf(helms.length === 0).each(helms)('charts of a desired state, read by $name', ({ file }) => {
  it('give back every object of the example, for every cluster, and lint finds nothing', async () => {
    const state = await exampleState(file);
    const folder = folders.make();
    const { charts } = makeCharts(state);
    writeCharts(folder, state.platform.id, charts);
    for (const { name, objects } of state.clusters) {
      const own = charts.filter(({ cluster }) => cluster === name);
      expect(own.length).toBeGreaterThan(2);
      const given = own.flatMap((chart) => template(file, folder, chart.cluster, chart.name));
      expect(byId(given)).toEqual(byId(resolveWithoutCluster(objects).objects.map(({ object }) => object)));
    }
    const lint = run(file, ['lint', ...charts.map(({ cluster, name }) => path.join(folder, cluster, name))]);
    expect(lint).toMatch(new RegExp(`${charts.length} chart\\(s\\) linted, 0 chart\\(s\\) failed`));
    expect(lint).not.toMatch(/\[(WARNING|ERROR)\]/);
  });

  it('give back objects whatever they hold: braces, actions, several lines, words that helm drops', () => {
    const traps = [
      ...['{{ .Values.x }}', '{{', '}}', '{{{{', '{{- fail "x" -}}', '`{{`', '{{/* no */}}', '{{ "{{" }}', '# end'],
      ...[
        '<no value>',
        'a <no value> b\n<no value>\n',
        '---',
        'a\n---\nb\n',
        '--- # x',
        'a\n\n\n',
        '\n',
        ' ',
        'a \nb',
        '\t',
      ],
      ...['yes', '0o17', '1e3', '22:22', '=', 'null', '2024-04-01', '`', 'orrery-mark-0-0-', '\u0085', '😀', '"\'\\'],
    ];
    const text = fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary' }), mix(traps));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    const kind = fc.constantFrom<[string, string]>(['v1', 'ConfigMap'], ['v1', 'Secret'], ['example.com/v1', 'Widget']);
    const field = fc.constantFrom('data', 'spec', 'zzz');
    const one = fc.tuple(kind, fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }), field, value);
    fc.assert(
      fc.property(fc.array(one, { minLength: 30, maxLength: 40 }), (drawn) => {
        const objects = drawn.map(([[apiVersion, kindName], data, name, more], at): KubernetesObject => {
          // Keys and values of Secrets are what the API server takes for such.
          const secret = Object.fromEntries(
            Object.entries(data).map(([key, plain]) => [
              `k${sha256(key).slice(0, 4)}`,
              Buffer.from(plain).toString('base64'),
            ]),
          );
          return {
            apiVersion,
            kind: kindName,
            metadata: { name: `o-${at}`, namespace: 'shop', annotations: data },
            ...(kindName === 'Secret' ? { data: secret, type: 'Opaque' } : { data, [name]: more }),
          };
        });
        expect(roundTrip(file, objects)).toEqual(byId(objects));
      }),
      { numRuns: 8 },
    );
  });

  it('give back a huge value, and line breaks at the very end', () => {
    const big = configMap('big', { a: `${'{{ x }} }} <no value>\n'.repeat(40_000)}\n` });
    const ending = { ...configMap('ending', {}), zzz: 'a\n\n\n' };
    expect(roundTrip(file, [big, ending])).toEqual(byId([big, ending]));
  });

  it('are refused without the values of their Secrets, which stand in a file of their own and nowhere else', () => {
    const password = Buffer.from('hunter2-canary').toString('base64');
    const metadata = { name: 'db', namespace: 'shop' };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { password, empty: '' } };
    const folder = folders.make();
    const [chart] = written(folder, stateOf([secret]));
    expect(() => run(file, ['template', path.join(folder, 'prod', 'app')])).toThrow(
      /value \\?"(password|empty)\\?" of Secret shop\/db is missing/,
    );
    expect(template(file, folder, 'prod', 'app')).toEqual([secret]);
    expect(run(file, ['lint', path.join(folder, 'prod', 'app')])).toContain('0 chart(s) failed');
    expect(JSON.stringify([...(chart?.files ?? [])])).not.toContain(password);
    const holding = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .filter((name) => readFileSync(path.join(folder, name), 'utf8').includes(password));
    expect(holding).toEqual(['prod/app.secrets.yaml']);
    expect(statSync(path.join(folder, 'prod/app.secrets.yaml')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('*.secrets.yaml\n');
  });
});

/** Texts with traps in their middle. */
function mix(traps: readonly string[]): fc.Arbitrary<string> {
  const part = fc.oneof(fc.constantFrom(...traps), fc.string({ maxLength: 4 }), fc.constantFrom('\n', ' ', 'a'));
  return fc.array(part, { minLength: 2, maxLength: 6 }).map((parts) => parts.join(''));
}

function configMap(name: string, data: Record<string, string>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data };
}

function stateOf(objects: readonly KubernetesObject[]): DesiredState {
  const members = objects.map((object) => ({
    id: idOf(object),
    object,
    sha256: sha256(canonicalJson(object)),
    path: `app/${object.metadata.name}`,
    unit: 'app',
    dependsOn: [],
  }));
  const clusters = [{ name: 'prod', facts: {}, objects: members }];
  return { platform: { id: 'shop' }, assemblyDigest: '', holdsSecrets: true, clusters };
}

function written(folder: string, state: DesiredState) {
  const { charts } = makeCharts(state);
  writeCharts(folder, state.platform.id, charts);
  return charts;
}

function roundTrip(helm: string, objects: readonly KubernetesObject[]): Record<string, unknown> {
  const folder = folders.make();
  written(folder, stateOf(objects));
  return byId(template(helm, folder, 'prod', 'app'));
}

/** What helm makes of a chart, read as kubectl reads it. */
function template(helm: string, folder: string, cluster: string, name: string): KubernetesObject[] {
  const values = path.join(folder, cluster, `${name}.secrets.yaml`);
  const secrets = statSync(values, { throwIfNoEntry: false }) === undefined ? [] : ['-f', values];
  const text = run(helm, ['template', 'release', path.join(folder, cluster, name), '--include-crds', ...secrets]);
  return kubernetesObjects(readYaml(text, { source: name }), name).map(({ object }) => object);
}

function run(helm: string, args: readonly string[]): string {
  const home = folders.make();
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  };
  return execFileSync(helm, args, { env, maxBuffer: 1024 ** 3, encoding: 'utf8', stdio: 'pipe' });
}

function byId(objects: readonly KubernetesObject[]): Record<string, unknown> {
  expect(new Set(objects.map((object) => idKey(idOf(object)))).size).toBe(objects.length);
  return Object.fromEntries(
    objects.map((object) => [idKey(idOf(object)), JSON.parse(canonicalJson(object))] as const).sort(),
  );
}

async function exampleState(helmBinary: string): Promise<DesiredState> {
  const folder = folders.make();
  const project = path.join(folder, 'online-shop');
  cpSync(path.join(ROOT, 'examples', 'online-shop'), project, {
    recursive: true,
    filter: (source) => !/[\\/](node_modules|dist|\.orrery)$/.test(source),
  });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
  execFileSync(process.execPath, ['main.ts'], { cwd: project, stdio: 'pipe' });
  return renderAssembly(await readAssembly(path.join(project, 'dist')), { helm: { helmBinary } });
}

describe('the folder of charts', () => {
  it('is replaced by the next ones, and lists them in the order of installation', () => {
    const folder = folders.make();
    const dependent = { ...unit('late', configMap('b', {})), dependsOn: [{ path: 'early' }] };
    const state = stateWith(unit('early', configMap('a', {})), dependent);
    written(folder, state);
    expect(index(folder)).toMatchObject([
      { name: 'early', folder: 'prod/early', namespace: 'shop', after: [] },
      { name: 'late', folder: 'prod/late', namespace: 'shop', after: ['early'] },
    ]);
    written(folder, stateWith(unit('other', configMap('a', {}))));
    expect(readdirSync(path.join(folder, 'prod'))).toEqual(['other']);
    expect(index(folder)).toMatchObject([{ name: 'other' }]);
    written(folder, { ...state, clusters: [] });
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'charts.json']);
  });

  it('is refused when it holds anything else, also below a false index', () => {
    const folder = folders.make();
    writeFileSync(path.join(folder, 'README.md'), 'mine');
    expect(() => written(folder, stateOf([]))).toThrow(/holds what no charts of Orrery are: README\.md/);
    mkdirSync(path.join(folder, 'x'));
    writeFileSync(
      path.join(folder, 'charts.json'),
      JSON.stringify({ format: 'orrery/charts', clusters: ['..', 'x/..'] }),
    );
    expect(() => written(folder, stateOf([]))).toThrow(/README\.md, x/);
    expect(readFileSync(path.join(folder, 'README.md'), 'utf8')).toBe('mine');
  });
});

describe('orrery synth --format helm', () => {
  const FILES = { 'main.ts': program(), 'cdk8s.yaml': DIRECTORY_TARGETS };

  it('writes a chart per unit and cluster beside the assembly, and says what helm does otherwise', async () => {
    const project = new TestProject({
      ...FILES,
      'main.ts': program({
        extra: `app.addService('web', { image: 'web:1' }).node.addDependency(app.node.findChild('cart'));`,
      }),
    });
    const { code, stdout, stderr } = await project.orrery('synth', '--format', 'helm');
    expect([code, stdout]).toEqual([0, 'cli-test · 2 clusters · 2 charts · 12 objects → dist-helm\n']);
    expect(stderr).toContain(
      'note: north/mall: helm writes the objects of a chart at once; it does not let wait mall/web for mall/cart.',
    );
    expect(project.read('dist-helm/south/mall/Chart.yaml')).toContain('orrery.dev/cluster: south');
    expect(project.exists('dist/manifest.json')).toBe(true);
    // From an assembly, with another version, to another folder.
    const again = await project.orrery(
      ...['synth', '--assembly', 'dist', '--format', 'helm', '--out', 'out/charts', '--chart-version', '1.4.0-rc.1'],
    );
    expect(again.code).toBe(0);
    expect(project.read('out/charts/north/mall/Chart.yaml')).toMatch(/^version: "?1\.4\.0-rc\.1"?$/m);
  });

  it.each([
    [['--out', 'charts'], '--out is for --format helm.'],
    [['--chart-version', '1.0.0'], '--chart-version is for --format helm.'],
    [['--format', 'helm', '--chart-version', '1.0'], '--chart-version cannot be "1.0".'],
    [['--format', 'helm', '--watch'], '--watch and --format helm do not go together.'],
    [['--format', 'yaml'], '--format cannot be "yaml".'],
  ])('refuses %j', async (args, what) => {
    const project = new TestProject(FILES);
    const { code, stderr } = await project.orrery('synth', ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error ORR1001`)]);
    expect(stderr).toContain(what);
    expect(project.exists('dist')).toBe(false);
  });
});

function unit(path: string, object: KubernetesObject) {
  const [member] = stateOf([object]).clusters[0]?.objects ?? [];
  return { ...(member as NonNullable<typeof member>), path: `${path}/x`, unit: path };
}

function stateWith(...objects: ReturnType<typeof unit>[]): DesiredState {
  return { ...stateOf([]), clusters: [{ name: 'prod', facts: {}, objects }] };
}

function index(folder: string): unknown {
  return (JSON.parse(readFileSync(path.join(folder, 'charts.json'), 'utf8')) as { charts: unknown }).charts;
}
