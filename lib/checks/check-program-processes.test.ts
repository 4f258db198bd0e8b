import { describe, expect, it } from 'vitest';
import type { LoadedConstruct } from '../render/desired-state.ts';
import { object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

function fixes(loads: readonly LoadedConstruct[], ...objects: ReturnType<typeof object>[]): string[] {
  const { clusters, ...rest } = state({ alpha: objects });
  return runChecks({ ...rest, clusters: clusters.map((cluster) => ({ ...cluster, loads })) }, [])
    .findings.filter(({ check }) => check === 'program-process')
    .map(({ path, source, what, fix }) => [path, source, what, fix].join(' | '));
}

// Objects of these states have the paths "shop/<name>".
const labelled = (name: string, chart: string) =>
  object('v1', 'ConfigMap', name, {}, { labels: { 'helm.sh/chart': chart } });

describe('what replaces a Helm of cdk8s', () => {
  const load: LoadedConstruct = { path: 'shop', type: 'helm', releaseName: 'gateway', source: 'main.ts:9' };

  it('has what the construct and its objects tell, and leaves the rest open', () => {
    expect(fixes([load], labelled('a', 'ingress-nginx-4.11.2'), object('v1', 'ConfigMap', 'b', {}))).toEqual([
      [
        'shop | main.ts:9 | Helm of cdk8s runs helm while the program runs, for 2 objects. |',
        'Replace it by HelmRelease of @orrery/constructs: new HelmRelease(scope, "shop", { chart: "ingress-nginx", repository: …, version: "4.11.2",',
        'releaseName: "gateway", namespaceName: "shop", values: { … }, includeCrds: false }). A local chart has neither repository nor version.',
      ].join(' '),
    ]);
  });

  it.each([
    ['web-v1.2.3', 'chart: "web", repository: …, version: "v1.2.3"'],
    ['web-1.2.3-rc.1_build.5', 'chart: "web", repository: …, version: "1.2.3-rc.1+build.5"'],
    ['web-2-3.4.5', 'chart: "web-2", repository: …, version: "3.4.5"'],
    ['web', 'chart: …, repository: …, version: …'],
  ])('reads the label %s', (label, props) => {
    expect(fixes([load], labelled('a', label))).toEqual([expect.stringContaining(props)]);
  });

  it('names no namespace where the objects have several, and keeps definitions where it brings some', () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'x' },
    };
    const elsewhere = object('v1', 'ConfigMap', 'b', {}, { namespace: 'elsewhere' });
    const [found] = fixes([load], labelled('a', 'web-1.0.0'), elsewhere, definition);
    expect(found).toContain('releaseName: "gateway", values: { … } })');
  });
});

describe('what replaces a Yaml.load of cdk8s', () => {
  it('is one Include for all objects of a call, with what was loaded', () => {
    const load: LoadedConstruct = {
      path: 'shop/a',
      type: 'yaml',
      objects: ['shop/a', 'shop/b'],
      from: 'k8s/all.yaml',
      source: 'main.ts:4',
    };
    const objects = ['a', 'b', 'c'].map((name) => object('v1', 'ConfigMap', name, {}));
    expect(fixes([load], ...objects)).toEqual([
      [
        'shop/a | main.ts:4 | Yaml.load of cdk8s starts a process while the program runs, to read 2 objects. |',
        'Replace it by Include of @orrery/constructs: new Include(scope, …, { file: "k8s/all.yaml", namespaceName: "shop" }).',
        'Where the program changes what it loads: a Kustomization of the file with patches. What lies in the network needs its sha256, or becomes a file of the project.',
      ].join(' '),
    ]);
    const { from: _, ...elsewhere } = load;
    expect(fixes([elsewhere], ...objects)).toEqual([expect.stringContaining('{ file: …, namespaceName: "shop" }')]);
    expect(fixes([{ ...load, from: 'https://example.com/all.yaml' }], ...objects)).toEqual([
      expect.stringContaining('{ file: "https://example.com/all.yaml", sha256: …, namespaceName: "shop" }'),
    ]);
  });
});

describe('what replaces an Include of cdk8s', () => {
  it('is ours, with the namespace of its objects', () => {
    const load: LoadedConstruct = { path: 'shop', type: 'include' };
    expect(fixes([load], object('v1', 'ConfigMap', 'a', {}))).toEqual([
      'shop | main.ts:7 | Include of cdk8s starts a process while the program runs, to read one object. | Replace it by Include of @orrery/constructs: new Include(scope, "shop", { file: …, namespaceName: "shop" }). What lies in the network needs its sha256, or becomes a file of the project.',
    ]);
  });

  it('is not asked for where it brings nothing, or somebody else brings it', () => {
    const loads: LoadedConstruct[] = [
      { path: 'sho', type: 'include' },
      { path: 'shop/a/b', type: 'include' },
    ];
    expect(fixes(loads, object('v1', 'ConfigMap', 'a', {}))).toEqual([]);
  });
});
