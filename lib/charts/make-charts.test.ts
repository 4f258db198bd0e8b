import { randomBytes } from 'node:crypto';
import type { DependencyManifest } from '@orrery/constructs/assembly-format';
import { describe, expect, it } from 'vitest';
import { releaseId } from '../helm/native-input.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredObject, DesiredRelease, DesiredState } from '../render/desired-state.ts';
import { makeCharts } from './make-charts.ts';

function desired(path: string, object: KubernetesObject, more: Partial<DesiredObject> = {}): DesiredObject {
  const [unit = path] = path.split('/');
  return { id: idOf(object), object, sha256: sha256(canonicalJson(object)), path, unit, dependsOn: [], ...more };
}

function object(kind: string, name: string, more: object = {}, apiVersion = 'v1'): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, ...more };
}

function state(objects: readonly DesiredObject[], more: Partial<DesiredState> = {}): DesiredState {
  const clusters = [{ name: 'prod', facts: {}, objects }];
  return { platform: { id: 'mall' }, assemblyDigest: '', holdsSecrets: false, clusters, ...more };
}

const waits = (...paths: string[]): readonly DependencyManifest[] => paths.map((path) => ({ path }));

describe('the chart of a unit', () => {
  it('says what it is, and takes the version of its content where none is given', () => {
    const cart = object('ConfigMap', 'cart', { data: { a: '1' } });
    const labelled = { ...cart, metadata: { ...cart.metadata, labels: { 'app.kubernetes.io/version': '4.12.0' } } };
    const [chart] = makeCharts(state([desired('shop/cart', labelled)])).charts;
    expect(chart?.files.get('Chart.yaml')).toBe(
      [
        'apiVersion: v2',
        'name: shop',
        'description: Unit shop of platform mall for cluster prod',
        'type: application',
        `version: "${chart?.version}"`,
        'appVersion: "4.12.0"',
        'annotations:',
        '  orrery.dev/platform: mall',
        '  orrery.dev/cluster: prod',
        '  orrery.dev/unit: shop',
        '',
      ].join('\n'),
    );
    const version = (value: string) =>
      makeCharts(state([desired('shop/cart', object('ConfigMap', 'cart', { data: { a: value } }))])).charts[0]?.version;
    expect(version('1')).toMatch(/^0\.0\.0-c[0-9a-f]{12}$/);
    expect(version('1')).toBe(version('1'));
    expect(version('2')).not.toBe(version('1'));
    expect(makeCharts(state([desired('shop/cart', cart)]), '1.4.0').charts).toMatchObject([{ version: '1.4.0' }]);
  });

  it('does not change its version with the value of a Secret, which a digest would tell', () => {
    const version = (password: string) =>
      makeCharts(state([desired('shop/db', object('Secret', 'db', { data: { password } }))])).charts[0]?.version;
    expect(version('MQ==')).toBe(version('Mg=='));
  });

  it('has a file per object, definitions apart, and everything with its namespace', () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Widget' }, note: '{{ stays }}' },
    };
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };
    const [chart] = makeCharts(
      state([desired('shop/d', definition), desired('shop/w', widget, { defaultNamespace: 'shop' })]),
    ).charts;
    expect([...(chart?.files.keys() ?? [])].sort()).toEqual([
      'Chart.yaml',
      'crds/customresourcedefinition-widgets.example.com.yaml',
      'templates/NOTES.txt',
      'templates/shop/widget.example.com-w.yaml',
      'values.yaml',
    ]);
    expect(chart?.files.get('crds/customresourcedefinition-widgets.example.com.yaml')).toContain('{{ stays }}');
    expect(chart?.files.get('templates/shop/widget.example.com-w.yaml')).toContain('namespace: shop');
    expect(chart?.notes).toEqual([expect.stringContaining('never updates them')]);
  });

  it('has a name that is good for a release, and one of its own', () => {
    const paths = ['Mall Cart', 'mall/cart', 'mall.cart', 'x'.repeat(60), '---', 'ok'];
    const objects = paths.map((unit, at) => desired(`${unit}/o`, object('ConfigMap', `c-${at}`), { unit }));
    const names = makeCharts(state(objects)).charts.map(({ name }) => name);
    expect(new Set(names).size).toBe(paths.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,51}[a-z0-9]$/);
    expect(names.at(-1)).toBe('ok');
  });

  it('is recorded in the namespace of its objects, unless it brings that or there are several', () => {
    const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const other = object('ConfigMap', 'b');
    const elsewhere = { ...other, metadata: { ...other.metadata, namespace: 'elsewhere' } };
    const namespaceOf = (...objects: KubernetesObject[]) =>
      makeCharts(state(objects.map((one) => desired(`u/${one.kind}-${one.metadata.name}`, one)))).charts[0]?.namespace;
    expect(namespaceOf(object('ConfigMap', 'a'))).toBe('shop');
    expect(namespaceOf(object('ConfigMap', 'a'), space)).toBe('default');
    expect(namespaceOf(object('ConfigMap', 'a'), elsewhere)).toBe('default');
    expect(namespaceOf(space)).toBe('default');
  });
});

describe('what helm does otherwise', () => {
  const pair = (more: Partial<DesiredObject>) => [
    desired('base/a', object('ConfigMap', 'a')),
    desired('app/one', object('ConfigMap', 'one')),
    desired('app/two/deployment', object('ConfigMap', 'two'), more),
  ];

  it('is an order between charts where units depend on each other, and no note', () => {
    const { charts } = makeCharts(state(pair({ dependsOn: waits('base') })));
    expect(charts.map(({ name, after, notes }) => [name, after, notes])).toEqual([
      ['base', [], []],
      ['app', ['base'], []],
    ]);
  });

  it('is said where something waits inside a chart, or for another cluster', () => {
    const inside = makeCharts(state(pair({ dependsOn: waits('app/one') }))).charts[1];
    expect(inside?.notes).toEqual([
      'helm writes the objects of a chart at once; it does not let wait app/two for app/one.',
    ]);
    expect(inside?.files.get('templates/NOTES.txt')).toBe(`- ${inside?.notes[0]}\n`);
    const across = makeCharts(state(pair({ dependsOn: [{ cluster: 'other', path: 'base' }] }))).charts[1];
    expect(across?.notes).toEqual(['Install it after base of other: helm knows one cluster.']);
  });

  it('is said where the chart is larger than the record that helm keeps of a release', () => {
    const noise = (bytes: number) => randomBytes(bytes).toString('base64');
    const notes = (bytes: number) =>
      makeCharts(
        state([1, 2].map((at) => desired(`app/${at}`, object('ConfigMap', `c-${at}`, { data: { a: noise(bytes) } })))),
      ).charts[0]?.notes;
    expect(notes(100_000)).toEqual([]);
    expect(notes(300_000)).toEqual([
      expect.stringMatching(/^helm cannot install it: its record takes about \d\.\d MiB/),
    ]);
  });

  it('is said for releases that helm installs by itself: they are in none of the charts', () => {
    const releases = [{ id: releaseId('shop', 'cart') } as DesiredRelease];
    const clusters = [{ name: 'prod', facts: {}, objects: [], releases }];
    expect(makeCharts(state([], { clusters }))).toEqual({
      charts: [],
      notes: [
        'HelmRelease/shop/cart in prod is native and in none of the charts: helm installs its own chart beside them.',
      ],
    });
  });

  it('is said for Secrets that restart pods, fields of controllers, and the rollout', () => {
    const more = { secretContent: 'x', controllerOwned: [{ path: 'spec.replicas', managers: [] }] };
    const rollout = { waves: [{ name: 'all', clusters: ['prod'] }] };
    const { charts, notes } = makeCharts(state(pair(more), { rollout }));
    expect(charts[1]?.notes).toEqual([
      expect.stringContaining('Changed Secrets do not restart the pods of ConfigMap/two'),
      expect.stringContaining('Controllers own fields of ConfigMap/two'),
    ]);
    expect(notes).toEqual([expect.stringContaining('no waves')]);
  });
});
