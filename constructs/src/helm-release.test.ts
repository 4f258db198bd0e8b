import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Chart, JsonPatch } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import type { HelmReleaseManifest } from './assembly-format';
import { ClusterSet } from './cluster-set';
import { HelmMode, HelmRelease, type HelmReleaseProps } from './helm-release';
import { Placement } from './placement';
import type { Platform } from './platform';
import {
  type AnyObject,
  type Assembly,
  assemblyOf,
  problemsOfProgram,
  temporaryFolder,
} from './synthesis.test-support';

const REMOTE = {
  repository: 'https://charts.example.com',
  chart: 'gateway',
  version: '1.2.3',
  namespaceName: 'gateway',
};

function chartFolder(): string {
  const folder = path.join(temporaryFolder(), 'gateway');
  fs.mkdirSync(path.join(folder, 'templates', 'deep'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'Chart.yaml'), 'name: gateway\n');
  fs.writeFileSync(path.join(folder, 'templates', 'deep', 'one.yaml'), 'kind: ConfigMap\n');
  fs.writeFileSync(path.join(folder, 'templates', 'binary.tgz'), Buffer.from([0, 255, 1]));
  return folder;
}

function withRelease(
  props: Partial<HelmReleaseProps>,
  use: (release: HelmRelease, clusters: ClusterSet) => void = () => undefined,
): Assembly {
  return assemblyOf((platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const name of ['a', 'b']) clusters.add(name);
    use(new HelmRelease(platform, 'edge', { ...REMOTE, placement: Placement.everywhere(), ...props }), clusters);
  });
}

function release(assembly: Assembly, cluster: string, unit = 'edge'): HelmReleaseManifest {
  return (assembly.unit(cluster, unit).helmReleases as readonly HelmReleaseManifest[])[0] as HelmReleaseManifest;
}

function refusals(
  props: Partial<HelmReleaseProps>,
  use: (release: HelmRelease, clusters: ClusterSet) => void = () => undefined,
): string[] {
  return problemsOfProgram((platform: Platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('a');
    use(new HelmRelease(platform, 'edge', { ...REMOTE, placement: Placement.everywhere(), ...props }), clusters);
  }).map((problem) => `${problem.code} ${problem.what}`);
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

describe('a Helm release', () => {
  it('names a chart of a repository in the manifest', () => {
    expect(release(withRelease({ values: { replicas: 2 } }), 'a')).toEqual({
      path: 'edge',
      releaseName: 'edge',
      namespace: 'gateway',
      chart: { repository: 'https://charts.example.com', name: 'gateway', version: '1.2.3' },
      values: { replicas: 2 },
    });
    expect(release(withRelease({ releaseName: 'front', includeCrds: false }), 'b')).toMatchObject({
      releaseName: 'front',
      includeCrds: false,
    });
  });

  it('understands OCI references in both ways of writing them', () => {
    const chart = { repository: 'oci://registry.example.com:5000/charts', name: 'gateway', version: '1.2.3' };
    expect(release(withRelease({ repository: 'oci://registry.example.com:5000/charts' }), 'a').chart).toEqual(chart);
    const { repository: _repository, ...rest } = REMOTE;
    const assembly = assemblyOf((platform) => {
      new ClusterSet(platform, 'clusters').add('a');
      new HelmRelease(platform, 'edge', {
        ...rest,
        chart: 'oci://registry.example.com:5000/charts/gateway',
        placement: Placement.everywhere(),
      });
    });
    expect(release(assembly, 'a').chart).toEqual(chart);
  });

  it('copies a local chart and values files by content, once', () => {
    const folder = chartFolder();
    const values = path.join(temporaryFolder(), 'values.yaml');
    fs.writeFileSync(values, 'replicas: 3\n');
    const local = (platform: Platform, id: string) =>
      new HelmRelease(platform, id, {
        chart: folder,
        namespaceName: 'gateway',
        valuesFiles: [values],
        placement: Placement.everywhere(),
      });
    const assembly = assemblyOf((platform) => {
      for (const name of ['a', 'b']) new ClusterSet(platform, name).add(name);
      local(platform, 'one');
      local(platform, 'two');
    });
    const files = ['Chart.yaml', 'templates/binary.tgz', 'templates/deep/one.yaml'];
    const digest = sha256(
      files.map((file) => `${file}\0${sha256(fs.readFileSync(path.join(folder, file)))}\n`).join(''),
    );
    const source = path.relative(process.cwd(), folder);
    expect(release(assembly, 'a', 'one')).toMatchObject({
      chart: { asset: { sha256: digest, source } },
      valuesFiles: [{ sha256: sha256('replicas: 3\n'), source: path.relative(process.cwd(), values) }],
    });
    expect(assembly.files().filter((file) => file.startsWith('assets/'))).toEqual(
      [...files.map((file) => `assets/${digest}/${file}`), `assets/${sha256('replicas: 3\n')}`].sort(),
    );
    expect(fs.readFileSync(path.join(assembly.folder, `assets/${digest}/templates/binary.tgz`))).toEqual(
      Buffer.from([0, 255, 1]),
    );
  });

  it('copies an archive as it is', () => {
    const archive = path.join(temporaryFolder(), 'gateway-1.0.0.tgz');
    fs.writeFileSync(archive, Buffer.from([0x1f, 0x8b, 0, 255]));
    const assembly = assemblyOf((platform) => {
      new ClusterSet(platform, 'clusters').add('a');
      new HelmRelease(platform, 'edge', {
        chart: archive,
        namespaceName: 'gateway',
        placement: Placement.everywhere(),
      });
    });
    const digest = sha256(Buffer.from([0x1f, 0x8b, 0, 255]));
    expect(release(assembly, 'a').chart.asset?.sha256).toBe(digest);
    expect(fs.readFileSync(path.join(assembly.folder, 'assets', digest))).toEqual(Buffer.from([0x1f, 0x8b, 0, 255]));
  });

  it('belongs to the chart around it, else it is a unit of its own', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('a');
      const { namespaceName: _namespace, ...rest } = REMOTE;
      new HelmRelease(new Chart(cluster, 'shop', { namespace: 'shop' }), 'gateway', rest);
      new HelmRelease(cluster, 'alone', REMOTE);
    });
    expect(
      assembly.units('a').map((unit) => [unit.path, unit.helmReleases?.map((one) => [one.path, one.namespace])]),
    ).toEqual([
      ['shop', [['shop/gateway', 'shop']]],
      ['alone', [['alone', 'gateway']]],
    ]);
  });

  it('makes its namespace where asked to', () => {
    const assembly = withRelease({ createNamespace: true });
    expect(assembly.object('a', 'edge/Namespace')).toMatchObject({ kind: 'Namespace', metadata: { name: 'gateway' } });
    expect(withRelease({}).objects('a').size).toBe(0);
  });

  it('has other values in some clusters, merged by key, and other versions', () => {
    const file = path.join(temporaryFolder(), 'more.yaml');
    fs.writeFileSync(file, 'a: 1\n');
    const assembly = withRelease(
      { values: { image: { tag: '1', pull: 'Always' }, hosts: ['x', 'y'], keep: true } },
      (edge, clusters) => {
        edge.overrideIn(clusters.cluster('b'), {
          values: { image: { tag: '2' }, hosts: ['z'], extra: { deep: 1 } },
          version: '1.2.4',
        });
        edge.overrideIn(clusters.all(), { values: { image: { pull: null } }, valuesFiles: [file] });
      },
    );
    expect(release(assembly, 'a')).toMatchObject({
      values: { image: { tag: '1', pull: null }, hosts: ['x', 'y'], keep: true },
      chart: { version: '1.2.3' },
    });
    expect(release(assembly, 'b')).toMatchObject({
      values: { image: { tag: '2', pull: null }, hosts: ['z'], keep: true, extra: { deep: 1 } },
      chart: { version: '1.2.4' },
      valuesFiles: [{ sha256: sha256('a: 1\n') }],
    });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses values with the key %s', (key) => {
    const values = JSON.parse(`{"a": [{"${key}": {"polluted": "yes"}}]}`) as Record<string, unknown>;
    expect(refusals({ values })).toEqual([`ORR2018 values has the key "a.0.${key}".`]);
    expect(refusals({}, (edge, clusters) => edge.overrideIn(clusters.all(), { values }))).toEqual([
      `ORR2018 values has the key "a.0.${key}".`,
    ]);
    expect(({} as AnyObject).polluted).toBeUndefined();
  });

  it('refuses values that YAML cannot hold', () => {
    expect(refusals({ values: { a: { b: new Date(0) } } })).toEqual([
      'ORR2015 values.a.b is a Date, which JSON cannot hold.',
    ]);
  });

  it('refuses values that hold themselves', () => {
    const values: Record<string, unknown> = { a: {} };
    (values.a as Record<string, unknown>).b = values;
    const refused = refusals({ values }, (edge, clusters) => edge.overrideIn(clusters.all(), { values }));
    expect(refused).toEqual([
      'ORR2015 values.a.b.a.b.a.b.a.b.a.b.a.b.… is nested too deep, or a part of itself, which JSON cannot hold.',
    ]);
  });

  const wrong: [string, Partial<HelmReleaseProps>, string[]][] = [
    ['release names that helm refuses', { releaseName: 'Edge' }, ['ORR2003 "Edge" is not a valid release name.']],
    [
      'release names beyond 53 characters',
      { releaseName: 'e'.repeat(54) },
      [`ORR2003 "${'e'.repeat(54)}" is not a valid release name.`],
    ],
    [
      'release names that look like flags',
      { releaseName: '--post-renderer=x' },
      ['ORR2003 "--post-renderer=x" is not a valid release name.'],
    ],
    [
      'namespaces that look like flags',
      { namespaceName: '--kubeconfig' },
      ['ORR2003 "--kubeconfig" is not a valid namespace.'],
    ],
    [
      'charts that look like flags',
      { chart: '--post-renderer=x' },
      ['ORR2011 "--post-renderer=x" is not a chart name.'],
    ],
    ['charts that climb', { chart: '../gateway' }, ['ORR2011 "../gateway" is not a chart name.']],
    [
      'repositories without TLS',
      { repository: 'http://charts.example.com' },
      ['ORR2011 "http://charts.example.com" is not a chart repository.'],
    ],
    [
      'repositories with commands',
      { repository: 'https://charts.example.com/;echo$(id)' },
      ['ORR2011 "https://charts.example.com/;echo$(id)" is not a chart repository.'],
    ],
    [
      'repositories with line breaks',
      { repository: 'https://charts.example.com/\n--debug' },
      ['ORR2011 "https://charts.example.com/\n--debug" is not a chart repository.'],
    ],
    [
      'repositories with passwords',
      { repository: 'https://user:secret@charts.example.com' },
      ['ORR2011 "https://user:secret@charts.example.com" is not a chart repository.'],
    ],
    ['versions that are ranges', { version: '^1.2.3' }, ['ORR2011 "^1.2.3" is not an exact chart version.']],
    ['versions that look like flags', { version: '--devel' }, ['ORR2011 "--devel" is not an exact chart version.']],
  ];
  it.each(wrong)('refuses %s', (_, props, expected) => expect(refusals(props)).toEqual(expected));

  it('refuses a repository without version, and a local chart with one', () => {
    const refused = (props: HelmReleaseProps) =>
      problemsOfProgram((platform) => {
        new HelmRelease(new ClusterSet(platform, 'clusters').add('a'), 'edge', props);
      }).map((problem) => problem.what);
    expect(refused({ chart: 'gateway', repository: 'https://charts.example.com', namespaceName: 'g' })).toEqual([
      'The chart has no version.',
    ]);
    expect(refused({ chart: chartFolder(), version: '1.0.0', namespaceName: 'g' })).toEqual([
      'A local chart has no version to choose.',
    ]);
    expect(refused({ chart: chartFolder() })).toEqual(['The Helm release has no namespace.']);
    expect(refused({ chart: './nowhere', namespaceName: 'g', valuesFiles: ['v.yaml'] })).toEqual([
      'The chart "./nowhere" does not exist.',
    ]);
    expect(refused({ chart: '-rf', namespaceName: 'g' })).toEqual([
      '"-rf" is not a chart.',
      'The chart "-rf" does not exist.',
    ]);
  });

  it('refuses links that leave the chart, and follows those inside', () => {
    const folder = chartFolder();
    fs.symlinkSync('Chart.yaml', path.join(folder, 'alias.yaml'));
    const build = (platform: Platform) => {
      new HelmRelease(new ClusterSet(platform, 'clusters').add('a'), 'edge', { chart: folder, namespaceName: 'g' });
    };
    const assembly = assemblyOf(build);
    const digest = release(assembly, 'a').chart.asset?.sha256;
    expect(assembly.text(`assets/${digest}/alias.yaml`)).toBe('name: gateway\n');
    fs.symlinkSync('/etc/hostname', path.join(folder, 'secret.yaml'));
    expect(problemsOfProgram(build).map((problem) => problem.what)).toEqual([
      `The chart "${folder}" cannot be read: the link secret.yaml leaves the folder.`,
    ]);
    fs.rmSync(path.join(folder, 'secret.yaml'));
    fs.symlinkSync('..', path.join(folder, 'templates', 'loop'));
    expect(problemsOfProgram(build).map((problem) => problem.what)).toEqual([
      `The chart "${folder}" cannot be read: the link templates/loop leads back to a folder around it.`,
    ]);
  });
});

describe('patches of what a chart renders', () => {
  it('stand in the manifest of the clusters that they are for, in order, with their places', () => {
    const assembly = withRelease({}, (release, clusters) => {
      const target = { kind: 'Deployment', apiGroup: 'apps', name: 'edge', namespaceName: 'gateway' };
      release.patchIn(clusters, target, JsonPatch.replace('/spec/replicas', 3), JsonPatch.remove('/spec/paused'));
      release.mergePatchIn(clusters.named('b'), { kind: 'Service' }, { metadata: { labels: { a: null } } });
      release.strategicPatchIn(clusters, { kind: 'Deployment' }, { spec: { template: {} } });
    });
    const json = {
      path: 'edge/patch-1',
      target: { kind: 'Deployment', group: 'apps', name: 'edge', namespace: 'gateway' },
      json: [
        { op: 'replace', path: '/spec/replicas', value: 3 },
        { op: 'remove', path: '/spec/paused' },
      ],
    };
    const strategic = {
      path: 'edge/patch-3',
      target: { kind: 'Deployment' },
      strategic: { spec: { template: {} } },
    };
    expect(release(assembly, 'a').patches).toEqual([json, strategic]);
    const merge = { path: 'edge/patch-2', target: { kind: 'Service' }, merge: { metadata: { labels: { a: null } } } };
    expect(release(assembly, 'b').patches).toEqual([json, merge, strategic]);
    const places = JSON.parse(assembly.text('locations.json')) as Record<string, string>;
    const lines = [1, 2, 3].map((n) =>
      Number(/helm-release\.test\.ts:(\d+)$/.exec(places[`edge/patch-${n}`] ?? '')?.[1]),
    );
    expect(lines[1]).toBe((lines[0] ?? 0) + 1);
    expect(lines[2]).toBe((lines[0] ?? 0) + 2);
  });

  it.each([
    ['a prototype', JSON.parse('{"__proto__":{"a":1}}'), /^ORR2018 The patch has the key "__proto__"/],
    ['a list', [1] as never, /^ORR2011 The patch is no map\.$/],
    ['what JSON cannot hold', { at: new Date(0) }, /^ORR2015 The patch\.at is/],
  ])('cannot bring %s', (_, patch, message) => {
    const found = refusals({}, (release, clusters) => release.mergePatchIn(clusters, { kind: 'Service' }, patch));
    expect(found).toEqual([expect.stringMatching(message)]);
  });

  it('need a kind, and clusters that the release goes to', () => {
    expect(refusals({}, (release, clusters) => release.patchIn(clusters, {} as never))).toEqual([
      'ORR2011 The patch says no kind.',
    ]);
    const elsewhere = refusals({ placement: Placement.named('a') }, (release, clusters) => {
      clusters.add('c');
      release.patchIn(clusters.named('c'), { kind: 'Service' }, JsonPatch.remove('/spec'));
    });
    expect(elsewhere).toEqual([expect.stringMatching(/^ORR2019 The patch is for c, where "edge" does not go/)]);
  });
});

describe('a native Helm release', () => {
  it('stands in the assembly as data, with what helm shall do when it fails', () => {
    expect(release(withRelease({ mode: HelmMode.NATIVE }), 'a').native).toEqual({});
    const undone = withRelease({ mode: HelmMode.NATIVE, rollbackOnFailure: true });
    expect(release(undone, 'b').native).toEqual({ rollbackOnFailure: true });
    for (const mode of [undefined, HelmMode.RENDERED])
      expect(release(withRelease(mode === undefined ? {} : { mode }), 'a')).not.toHaveProperty('native');
  });

  it('takes no patches, because helm applies what it renders', () => {
    const patched = refusals({ mode: HelmMode.NATIVE }, (edge, clusters) =>
      edge.patchIn(clusters, { kind: 'Service' }, JsonPatch.remove('/spec')),
    );
    expect(patched).toEqual(['ORR2012 A native Helm release cannot be patched: helm applies what it renders.']);
  });

  it('alone knows rollbackOnFailure', () => {
    expect(refusals({ rollbackOnFailure: true })).toEqual(['ORR2012 rollbackOnFailure is for native Helm releases.']);
  });
});
