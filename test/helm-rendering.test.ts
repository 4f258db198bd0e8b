import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { Assets } from '../lib/assembly/assets.ts';
import { HelmRenderer } from '../lib/helm/render-release.ts';
import { describeId, idOf } from '../lib/kubernetes/object.ts';
import { packedChart, STOREFRONT, writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { CONTEXT, recordingHelm, releaseOf, render, WHERE } from './helm-release-fixtures.ts';
import { TemporaryFolders, textAsset } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
// Real programs run here: on a busy machine each may take seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterEach(() => folders.removeAll());

/** Results are kept by content, so tests of one release share them. */
const shared = new TemporaryFolders();
const cacheFolder = path.join(shared.make(), 'cache');
afterAll(() => shared.removeAll());

describe.skipIf(helms.length === 0).each(helms)('rendering a chart with $name', ({ file: helmBinary }) => {
  it('gives its objects with their templates, definitions first, Lists unpacked', async () => {
    const { objects } = await render(releaseOf(folders, STOREFRONT), { helmBinary, cacheFolder });
    const rendered = objects.map(({ object, source }) => `${describeId(idOf(object))} ${source}`);
    expect(rendered.slice(0, 2)).toEqual([
      'CustomResourceDefinition/shopwindows.example.com storefront/crds/shopwindows.yaml',
      'CustomResourceDefinition/themes.example.com storefront/crds/shopwindows.yaml',
    ]);
    expect(rendered.slice(2).sort()).toEqual([
      'ClusterRole/mall/shop-reader storefront/templates/role.yaml',
      'ConfigMap/mall/shop-greeting storefront/templates/config.yaml',
      'ConfigMap/shop-cache storefront/charts/cache/templates/cache.yaml',
      'Deployment/shop storefront/templates/deployment.yaml',
      'Job/shop-migrate storefront/templates/migrate.yaml',
      'Secret/shop-session storefront/templates/config.yaml',
      'Service/shop-cache storefront/charts/cache/templates/cache.yaml',
      'ShopWindow/shop storefront/charts/cache/templates/cache.yaml',
      'Theme/shop storefront/charts/cache/templates/cache.yaml',
    ]);
  });

  it('marks the hooks of installs and upgrades, and leaves tests out', async () => {
    const { objects, leftOut } = await render(releaseOf(folders, STOREFRONT), { helmBinary, cacheFolder });
    const hooks = objects.flatMap(({ object, hook }) => (hook === undefined ? [] : [[object.metadata.name, hook]]));
    expect(hooks).toEqual([['shop-migrate', { events: ['pre-install', 'pre-upgrade'], weight: -5 }]]);
    expect(leftOut).toEqual([
      {
        kind: 'Pod',
        name: 'shop-ping',
        events: ['test'],
        because: 'test',
        source: 'storefront/templates/tests/ping.yaml',
      },
    ]);
    expect(objects.map(({ object }) => object.kind)).not.toContain('Pod');
  });

  it('refuses a chart that renders differently each time, naming places and values to pin', async () => {
    const template = `apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  user: app
  password: {{ .Values.db.password | default (randAlphaNum 24) | quote }}
`;
    const chart = writeChart(folders.make(), { 'secret.yaml': template }, 'db: { password: "" }');
    const own = path.join(folders.make(), 'cache');
    await expect(render(releaseOf(folders, chart), { helmBinary, cacheFolder: own })).rejects.toMatchObject({
      code: 'ORR2303',
      message: expect.stringMatching(/Secret\/db \(sample\/templates\/secret\.yaml\): stringData\.password$/),
      fix: expect.stringContaining('db.password'),
    });
    expect(readdirSync(own).filter((name) => name.startsWith('rendered-'))).toEqual([]);
    const pinned = await render(releaseOf(folders, chart, { values: { db: { password: 'x' } } }), {
      helmBinary,
      cacheFolder,
    });
    expect(pinned.objects[0]?.object.stringData).toEqual({ user: 'app', password: 'x' });
  });
});

describe.skipIf(helms.length === 0)('rendering a chart', () => {
  const helmBinary = helms[0]?.file ?? '';

  it('leaves definitions out when the release says so', async () => {
    const { objects } = await render(releaseOf(folders, STOREFRONT, { includeCrds: false }), {
      helmBinary,
      cacheFolder,
    });
    expect(objects.map(({ object }) => object.kind)).not.toContain('CustomResourceDefinition');
  });

  it('shows the cluster’s Kubernetes version and API versions to the chart', async () => {
    const plain = await render(
      releaseOf(folders, STOREFRONT),
      { helmBinary, cacheFolder },
      { kubeVersion: '1.34.4', apiVersions: [] },
    );
    const deployment = plain.objects.find(({ object }) => object.kind === 'Deployment')?.object;
    expect(deployment?.metadata.annotations).toEqual({ 'example.com/kubernetes': 'v1.34.4' });
    expect(plain.objects.map(({ object }) => object.kind)).not.toContain('ServiceMonitor');
    const minorOnly = await render(
      releaseOf(folders, STOREFRONT),
      { helmBinary, cacheFolder },
      { kubeVersion: '1.34', apiVersions: [] },
    );
    const versioned = minorOnly.objects.find(({ object }) => object.kind === 'Deployment')?.object;
    expect(versioned?.metadata.annotations).toEqual({ 'example.com/kubernetes': 'v1.34.0' });
    const monitored = await render(
      releaseOf(folders, STOREFRONT),
      { helmBinary, cacheFolder },
      { ...CONTEXT, apiVersions: ['monitoring.coreos.com/v1'] },
    );
    expect(monitored.objects.map(({ object }) => object.kind)).toContain('ServiceMonitor');
  });

  it('merges values files in order, and inline values over them', async () => {
    const one = releaseOf(folders, STOREFRONT, { values: { cache: { size: '1Gi' }, greeting: 'inline' } });
    const files = [
      textAsset(one.assembly, 'a.yaml', 'replicas: 3\ngreeting: a\nimage: a\n'),
      textAsset(one.assembly, 'b.yaml', 'image: b\ngreeting: b\n'),
    ];
    const { objects } = await render(
      { ...one, release: { ...one.release, valuesFiles: files } },
      { helmBinary, cacheFolder },
    );
    const spec = objects.find(({ object }) => object.kind === 'Deployment')?.object.spec as {
      replicas: number;
      template: { spec: { containers: { image: string }[] } };
    };
    expect([spec.replicas, spec.template.spec.containers[0]?.image]).toEqual([3, 'b']);
    const maps = objects.filter(({ object }) => object.kind === 'ConfigMap').map(({ object }) => object.data);
    expect(maps).toContainEqual(expect.objectContaining({ greeting: 'inline' }));
    expect(maps).toContainEqual({ size: '1Gi' });
  });

  it('renders an archive as its folder', async () => {
    const assembly = folders.make();
    const asset = textAsset(assembly, 'storefront-1.4.0.tgz', packedChart(STOREFRONT, 'storefront'));
    const packed = await render(
      { assembly, release: { ...releaseOf(folders, STOREFRONT).release, chart: { asset } } },
      { helmBinary, cacheFolder },
    );
    expect(packed).toEqual(await render(releaseOf(folders, STOREFRONT), { helmBinary, cacheFolder }));
  });

  it('runs helm once for equal releases, and not at all when the result is cached', async () => {
    const helm = recordingHelm(folders, helmBinary);
    const own = path.join(folders.make(), 'cache');
    const one = releaseOf(folders, STOREFRONT);
    const options = { helmBinary: helm.file, cacheFolder: own };
    const renderer = new HelmRenderer(new Assets(one.assembly), options);
    const [first, second] = await Promise.all([1, 2].map(() => renderer.render(one.release, CONTEXT, WHERE)));
    expect(second).toEqual(first);
    expect(helm.calls().map((call) => call.split('|')[0])).toEqual(['version', 'template']);
    expect(await render(one, options)).toEqual(first);
    expect(await render(one, options, { ...CONTEXT, kubeVersion: '1.36.0' })).toEqual(first);
    expect(helm.calls()).toHaveLength(2);
    await render(one, options, { ...CONTEXT, kubeVersion: '1.35' });
    await render({ ...one, release: { ...one.release, values: { replicas: 9 } } }, options);
    await render({ ...one, release: { ...one.release, releaseName: 'other' } }, options);
    expect(helm.calls()).toHaveLength(5);
  });

  it('refuses a chart that changed in the assembly, or left it, also when its result is cached', async () => {
    const own = path.join(folders.make(), 'cache');
    const one = releaseOf(folders, STOREFRONT);
    await render(one, { helmBinary, cacheFolder: own });
    const chart = path.join(one.assembly, 'assets', one.release.chart.asset?.sha256 ?? '');
    writeFileSync(path.join(chart, 'values.yaml'), 'replicas: 99\n');
    await expect(render(one, { helmBinary, cacheFolder: own })).rejects.toMatchObject({ code: 'ORR2104' });
    rmSync(chart, { recursive: true });
    await expect(render(one, { helmBinary, cacheFolder: own })).rejects.toMatchObject({ code: 'ORR2104' });
  });

  it('keeps the cache to its owner and sealed, and renders anew when an entry is damaged', async () => {
    const helm = recordingHelm(folders, helmBinary);
    const own = path.join(folders.make(), 'cache');
    const one = releaseOf(folders, STOREFRONT, { values: { session: { secret: 'open-sesame' } } });
    const first = await render(one, { helmBinary: helm.file, cacheFolder: own });
    expect(statSync(own).mode & 0o777).toBe(0o700);
    const entries = readdirSync(own).filter((name) => /^(rendered-|helm-version)/.test(name));
    for (const name of entries) expect(statSync(path.join(own, name)).mode & 0o777).toBe(0o600);
    const entry = entries.find((name) => name.startsWith('rendered-')) ?? '';
    for (const secret of ['open-sesame', Buffer.from('open-sesame').toString('base64'), 'Deployment'])
      expect(readFileSync(path.join(own, entry)).includes(secret)).toBe(false);
    writeFileSync(path.join(own, entry), readFileSync(path.join(own, entry)).subarray(0, -1));
    expect(await render(one, { helmBinary: helm.file, cacheFolder: own })).toEqual(first);
    expect(helm.calls().filter((call) => call.startsWith('template'))).toHaveLength(2);
  });

  it('gives helm neither our environment nor anything but checked words', async () => {
    const helm = recordingHelm(folders, helmBinary);
    process.env.ORRERY_CANARY = 'secret-of-the-environment';
    try {
      await render(releaseOf(folders, STOREFRONT, { values: { greeting: '$(touch /tmp/x); --set a=b' } }), {
        helmBinary: helm.file,
      });
    } finally {
      delete process.env.ORRERY_CANARY;
    }
    expect(helm.environment()).not.toContain('secret-of-the-environment');
    expect(helm.environment()).toMatch(/^KUBECONFIG=.*no-kubeconfig$/m);
    const words = helm.calls()[1]?.split('|') ?? [];
    expect(words.slice(0, 2)).toEqual(['template', 'shop']);
    expect(words.slice(3)).toEqual([
      '--namespace',
      'mall',
      '--include-crds',
      '--kube-version',
      '1.36.0',
      '--values',
      '-',
      '',
    ]);
  });

  it('reports what helm says, with release and chart, and without secret values', async () => {
    const chart = writeChart(folders.make(), {
      'a.yaml': '{{ fail (printf "db password %s rejected for %s" .Values.db.password .Values.db.host) }}',
    });
    const one = releaseOf(folders, chart, { values: { db: { password: 'correct-horse', host: 'db.example.com' } } });
    const error = await render(one, { helmBinary, cacheFolder }).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: 'ORR2302', where: WHERE });
    const { message } = error as Error;
    expect(message).toContain('release "shop"');
    expect(message).toContain(chart);
    expect(message).toContain('sample/templates/a.yaml');
    expect(message).toContain('rejected for db.example.com');
    expect(message).not.toContain('correct-horse');
    expect(message).not.toContain(Buffer.from('correct-horse').toString('base64'));
  });

  it('names what to do about missing subcharts', async () => {
    const chart = writeChart(folders.make(), {});
    writeFileSync(
      path.join(chart, 'Chart.yaml'),
      'apiVersion: v2\nname: sample\nversion: 0.1.0\ndependencies:\n  - { name: redis, version: 1.0.0, repository: "https://charts.example.com" }\n',
    );
    await expect(render(releaseOf(folders, chart), { helmBinary, cacheFolder })).rejects.toMatchObject({
      code: 'ORR2302',
      fix: expect.stringContaining('helm dependency build'),
    });
  });

  it.each([
    [
      'malformed YAML',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: "1"\n  a: "2"\n',
      'ORR2201',
      'sample/templates/a.yaml:6:3',
    ],
    ['an object without a name', 'apiVersion: v1\nkind: ConfigMap\n', 'ORR2202', 'sample/templates/a.yaml:1'],
  ])('locates %s in the template', async (_, template, code, source) => {
    const chart = writeChart(folders.make(), { 'a.yaml': template });
    await expect(render(releaseOf(folders, chart), { helmBinary, cacheFolder })).rejects.toMatchObject({
      code,
      where: { path: 'mall/shop', cluster: 'prod-sh', source },
    });
  });

  it.each([
    ['a timestamp', '{{ now | unixEpoch | quote }}'],
    ['a date', '{{ now | date "2006-01-02" | quote }}'],
    ['a value put through tpl', '{{ tpl .Values.note . | quote }}'],
  ])('notices %s, which two quick renders would not show', async (_, expression) => {
    const chart = writeChart(folders.make(), {
      'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { rolled: ${expression} }\n`,
    });
    const note = { note: 'at {{ now | date "2006-01-02" }}' };
    await expect(
      render(releaseOf(folders, chart, { values: note }), { helmBinary, cacheFolder }),
    ).rejects.toMatchObject({
      code: 'ORR2303',
      message: expect.stringContaining('data.rolled'),
    });
  });

  it('renders a chart twice only when it names such a function', async () => {
    const helm = recordingHelm(folders, helmBinary);
    const body = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { known: ${value} }\n`;
    const plain = writeChart(folders.make(), { 'a.yaml': body('"now and again" {{/* randAlphaNum */}}') });
    await render(releaseOf(folders, plain), { helmBinary: helm.file });
    expect(helm.calls().filter((call) => call.startsWith('template'))).toHaveLength(1);
    const pinned = writeChart(folders.make(), { 'a.yaml': body('{{ .Values.id | default uuidv4 }}') });
    await render(releaseOf(folders, pinned, { values: { id: 'fixed' } }), { helmBinary: helm.file });
    expect(helm.calls().filter((call) => call.startsWith('template'))).toHaveLength(3);
  });
});
