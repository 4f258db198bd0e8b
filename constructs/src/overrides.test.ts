import { JsonPatch } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import type { PatchOperation } from './assembly-format';
import type { ClusterSelection, IClusterSelection } from './cluster-selection';
import { ClusterSet } from './cluster-set';
import { applyJsonPatch, applyMergePatch, PatchFailure } from './json-patch';
import { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import type { Platform } from './platform';
import type { Problem } from './private/problem';
import type { ServiceProps } from './service-props';
import { type AnyObject, assemblyOf, problemsOfProgram } from './synthesis.test-support';

type Use = (service: MultiClusterService, clusters: ClusterSet) => void;

function program(use: Use, props: Partial<ServiceProps>): (platform: Platform) => void {
  return (platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const name of ['a', 'b', 'elsewhere']) clusters.add(name);
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.named('a', 'b') });
    use(
      app.addService('cart', { image: 'cart:1', port: 8080, replicas: 4, env: { A: '1', B: '1' }, ...props }),
      clusters,
    );
  };
}

function deployments(use: Use, props: Partial<ServiceProps> = {}): [AnyObject, AnyObject] {
  const assembly = assemblyOf(program(use, props));
  return [assembly.object('a', 'mall/cart/Deployment'), assembly.object('b', 'mall/cart/Deployment')];
}

function refusals(use: Use, props: Partial<ServiceProps> = {}): readonly Problem[] {
  return problemsOfProgram(program(use, props));
}

const envOf = (deployment: AnyObject) =>
  Object.fromEntries(
    deployment.spec.template.spec.containers[0].env.map((entry: AnyObject) => [
      entry.name,
      entry.value ?? entry.valueFrom.secretKeyRef,
    ]),
  );

describe('an override', () => {
  it('changes the clusters it is for, and no other', () => {
    const [a, b] = deployments((cart, clusters) =>
      cart.overrideIn(clusters.cluster('b'), { image: 'cart:2', replicas: 9, cpu: '2', command: ['/x'] }),
    );
    expect(
      [a, b].map((deployment) => [deployment.spec.replicas, deployment.spec.template.spec.containers[0].image]),
    ).toEqual([
      [2, 'cart:1'],
      [9, 'cart:2'],
    ]);
    expect(b.spec.template.spec.containers[0]).toMatchObject({
      command: ['/x'],
      resources: { requests: { cpu: '2' } },
    });
    expect(b.metadata.labels['app.kubernetes.io/version']).toBe('2');
  });

  it('merges maps by key and replaces everything else; later ones win', () => {
    const [, b] = deployments(
      (cart, clusters) => {
        cart.overrideIn(clusters.named('b'), { env: { B: '2', C: '2' }, podLabels: { x: '1' }, args: ['one', 'two'] });
        cart.overrideIn(clusters.all(), { env: { C: '3' }, args: ['three'], podLabels: { y: '1' } });
      },
      { podLabels: { w: '1' }, args: ['zero'] },
    );
    expect(envOf(b)).toEqual({ A: '1', B: '2', C: '3' });
    expect(b.spec.template.spec.containers[0].args).toEqual(['three']);
    expect(b.spec.template.metadata.labels).toMatchObject({ w: '1', x: '1', y: '1' });
  });

  it('may move a variable from a value to a secret and back', () => {
    const [a, b] = deployments((cart, clusters) => {
      cart.overrideIn(clusters.named('a', 'b'), { secretEnv: { A: { secret: 's', key: 'a' } } });
      cart.overrideIn(clusters.named('b'), { env: { A: 'plain' } });
    });
    expect(envOf(a).A).toEqual({ name: 's', key: 'a' });
    expect(envOf(b).A).toBe('plain');
  });

  it('bounds the autoscaler of its clusters', () => {
    const props = { cpu: '1', autoscaling: { minReplicas: 4, maxReplicas: 8 } };
    const use: Use = (cart, clusters) =>
      cart.overrideIn(clusters.cluster('b'), { autoscaling: { minReplicas: 7, maxReplicas: 70 } });
    const assembly = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      for (const name of ['a', 'b']) clusters.add(name);
      use(
        new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() }).addService('cart', {
          image: 'x:1',
          ...props,
        }),
        clusters,
      );
    });
    const bounds = ['a', 'b'].map((name) => assembly.object(name, 'mall/cart/HorizontalPodAutoscaler').spec);
    expect(bounds.map((spec) => [spec.minReplicas, spec.maxReplicas])).toEqual([
      [2, 4],
      [7, 70],
    ]);
  });

  it('is refused where the app does not go, at its own line', () => {
    const problems = refusals((cart, clusters) => {
      cart.overrideIn(clusters.named('elsewhere'), { image: 'cart:2' });
      cart.overrideIn(clusters.inRegion('nowhere'), { image: 'cart:2' });
      cart.overrideIn(clusters.named('unknown'), { image: 'cart:2' });
    });
    expect(problems.map((problem) => [problem.code, problem.what])).toEqual([
      ['ORR2019', 'The override is for elsewhere, where "mall/cart" does not go.'],
      ['ORR2019', 'The override is for no cluster at all, where "mall/cart" does not go.'],
      ['ORR2005', 'There is no cluster "unknown" in this set.'],
    ]);
    const lines = problems.map((problem) => Number(problem.source?.split(':')[1]));
    expect((lines[1] as number) - (lines[0] as number)).toBe(1);
    expect((lines[2] as number) - (lines[1] as number)).toBe(1);
  });

  it('is checked like the service itself, and what was wrong before is not blamed on it', () => {
    const problems = refusals(
      (cart, clusters) => cart.overrideIn(clusters.all(), { image: 'Not Valid', memory: '4Gi', replicas: -1 }),
      { memoryLimit: '1Gi', runAsUser: 0 },
    );
    expect(problems.map((problem) => `${problem.code} ${problem.what}`)).toEqual([
      'ORR2011 runAsUser is 0.',
      'ORR2011 In an override: replicas is -1.',
      'ORR2011 In an override: "Not Valid" is not an image.',
      'ORR2012 In an override: memory (4Gi) is more than memoryLimit (1Gi).',
    ]);
  });

  it('cannot set replicas under an autoscaler, nor bounds without one', () => {
    const [first] = refusals((cart, clusters) => cart.overrideIn(clusters.all(), { replicas: 3 }), {
      replicas: undefined as never,
      cpu: '1',
      autoscaling: { minReplicas: 1, maxReplicas: 2 },
    });
    expect(first).toMatchObject({
      code: 'ORR2012',
      what: 'In an override: replicas is set for a service that scales automatically.',
    });
    const [second] = refusals((cart, clusters) =>
      cart.overrideIn(clusters.all(), { cpu: '1', autoscaling: { minReplicas: 1, maxReplicas: 2 } }),
    );
    expect(second).toMatchObject({
      code: 'ORR2012',
      what: 'In an override: autoscaling is set for a service that does not scale automatically.',
    });
  });
});

describe('a patch', () => {
  const patched = (...operations: JsonPatch[]) =>
    deployments((cart, clusters) => cart.patchIn(clusters.cluster('b'), { kind: 'Deployment' }, ...operations));
  const refusal = (where: (clusters: ClusterSet) => IClusterSelection, kind: string, ...operations: JsonPatch[]) =>
    refusals((cart, clusters) => cart.patchIn(where(clusters), { kind }, ...operations)).map(
      (problem) => `${problem.code} ${problem.what}`,
    );
  const all = (clusters: ClusterSet): ClusterSelection => clusters.all();

  it('is applied after everything else, in its clusters only; unknown fields survive', () => {
    const [a, b] = deployments((cart, clusters) => {
      cart.patchIn(
        clusters.cluster('b'),
        { kind: 'Deployment' },
        JsonPatch.add('/spec/brandNewField', { deep: [1, null, { x: 'y' }] }),
        JsonPatch.replace('/spec/replicas', 77),
      );
      cart.patchIn(
        clusters.named('b'),
        { kind: 'Deployment' },
        JsonPatch.test('/spec/replicas', 77),
        JsonPatch.add('/spec/template/spec/containers/0/resources', { limits: { 'nvidia.com/gpu': '1' } }),
      );
      cart.overrideIn(clusters.cluster('b'), { replicas: 5 });
    });
    expect(a.spec).not.toHaveProperty('brandNewField');
    expect(b.spec).toMatchObject({ replicas: 77, brandNewField: { deep: [1, null, { x: 'y' }] } });
    expect(b.spec.template.spec.containers[0].resources).toEqual({ limits: { 'nvidia.com/gpu': '1' } });
  });

  it('does what RFC 6902 says: add, remove, replace, move, copy, test, array ends, escapes', () => {
    const [, b] = patched(
      JsonPatch.add('/metadata/annotations', { 'a/b': '1', 'c~d': '2' }),
      JsonPatch.replace('/metadata/annotations/a~1b', 'one'),
      JsonPatch.remove('/metadata/annotations/c~0d'),
      JsonPatch.add('/spec/template/spec/containers/-', { name: 'last' }),
      JsonPatch.add('/spec/template/spec/containers/0', { name: 'first' }),
      JsonPatch.copy('/spec/template/spec/containers/0', '/spec/copied'),
      JsonPatch.move('/spec/copied', '/spec/moved'),
      JsonPatch.test('/spec/moved', { name: 'first' }),
    );
    expect(b.metadata.annotations).toEqual({ 'a/b': 'one' });
    expect(b.spec.template.spec.containers.map((container: AnyObject) => container.name)).toEqual([
      'first',
      'cart',
      'last',
    ]);
    expect(b.spec.moved).toEqual({ name: 'first' });
    expect(b.spec).not.toHaveProperty('copied');
  });

  it.each([
    [
      'replaces what is not there',
      JsonPatch.replace('/spec/nope', 1),
      'replace /spec/nope: /spec has no "nope"; it has: replicas, selector, template.',
    ],
    [
      'removes what is not there',
      JsonPatch.remove('/spec/template/spec/containers/3'),
      'remove /spec/template/spec/containers/3: /spec/template/spec/containers has no "3"; it has: 1 members.',
    ],
    [
      'adds below what is not there',
      JsonPatch.add('/spec/strategy/type', 'x'),
      'add /spec/strategy/type: /spec has no "strategy"; it has: replicas, selector, template.',
    ],
    [
      'adds beyond the end of a list',
      JsonPatch.add('/spec/template/spec/containers/5', {}),
      'add /spec/template/spec/containers/5: /spec/template/spec/containers has no "5"; it has: 1 members.',
    ],
    ['goes through a text', JsonPatch.add('/kind/x', 1), 'add /kind/x: /kind has no members.'],
    ['tests for something else', JsonPatch.test('/spec/replicas', 3), 'test /spec/replicas: there is 2, not 3.'],
    ['has a path without slash', JsonPatch.remove('spec'), 'remove spec: the path "spec" does not begin with "/".'],
    ['removes everything', JsonPatch.remove(''), 'remove : the whole object cannot be removed.'],
    [
      'moves a value into itself',
      JsonPatch.move('/spec', '/spec/template'),
      'move /spec/template: a value cannot be moved into itself.',
    ],
    [
      'finds inherited names',
      JsonPatch.remove('/metadata/toString'),
      'remove /metadata/toString: /metadata has no "toString"; it has: labels, name, namespace.',
    ],
  ])('is refused where it %s', (_, operation, why) => {
    expect(refusal((clusters) => clusters.cluster('b'), 'Deployment', operation)).toEqual([
      `ORR2010 The patch of Deployment does not apply: ${why}`,
    ]);
  });

  it('is refused where it changes nothing anywhere, and allowed where it changes one cluster', () => {
    expect(
      refusal((clusters) => clusters.named('a', 'b'), 'Deployment', JsonPatch.replace('/spec/replicas', 2)),
    ).toEqual(['ORR2010 The patch of Deployment changes nothing: replace /spec/replicas.']);
    expect(
      refusal((clusters) => clusters.named('a', 'b'), 'Deployment', JsonPatch.test('/spec/replicas', 2)),
    ).toHaveLength(1);
    expect(refusal((clusters) => clusters.cluster('a'), 'Deployment')).toEqual([
      'ORR2010 The patch of Deployment changes nothing: it has no operations.',
    ]);
    const [a, b] = deployments((cart, clusters) => {
      cart.overrideIn(clusters.cluster('a'), { replicas: 7 });
      cart.patchIn(clusters.all(), { kind: 'Deployment' }, JsonPatch.replace('/spec/replicas', 7));
    });
    expect([a.spec.replicas, b.spec.replicas]).toEqual([7, 7]);
  });

  it('is refused for an object that the service does not have, and for one of several without a name', () => {
    expect(refusal(all, 'Ingress', JsonPatch.remove('/spec'))).toEqual([
      'ORR2010 The patch is for Ingress, which the service does not have.',
    ]);
    const volumes = ['x', 'y'].map((name) => ({ name, mountPath: `/${name}`, size: '1Gi' }));
    const build = (name?: string) => (platform: Platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('prod', { storageClasses: { general: 'nfs' } });
      const cart = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() }).addService('cart', {
        image: 'x:1',
        volumes,
      });
      cart.patchIn(
        cluster,
        { kind: 'PersistentVolumeClaim', ...(name === undefined ? {} : { name }) },
        JsonPatch.add('/spec/volumeName', 'pv'),
      );
    };
    expect(problemsOfProgram(build())[0]).toMatchObject({
      code: 'ORR2010',
      what: 'The patch is for PersistentVolumeClaim, and the service has 2 of them.',
    });
    expect(assemblyOf(build('cart-y')).object('prod', 'mall/cart/PersistentVolumeClaim/y').spec.volumeName).toBe('pv');
  });

  it('is refused where the app does not go', () => {
    expect(refusal((clusters) => clusters.cluster('elsewhere'), 'Deployment', JsonPatch.remove('/spec'))).toEqual([
      'ORR2019 The patch is for elsewhere, where "mall/cart" does not go.',
    ]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('cannot reach a prototype through %s', (key) => {
    for (const operation of [
      JsonPatch.add(`/metadata/${key}/polluted`, 'yes'),
      JsonPatch.add(`/${key}`, { polluted: 'yes' }),
      JsonPatch.copy(`/metadata/${key}`, '/spec/x'),
      JsonPatch.remove(`/spec/${key}/x`),
      JsonPatch.add('/spec/x', JSON.parse(`{"deep": {"${key}": {"polluted": "yes"}}}`)),
    ]) {
      expect(refusal((clusters) => clusters.cluster('b'), 'Deployment', operation)[0]).toMatch(/^ORR2018 /);
    }
    expect(({} as AnyObject).polluted).toBeUndefined();
    expect((Object as AnyObject).polluted).toBeUndefined();
  });

  it('cannot add what JSON cannot hold', () => {
    expect(
      refusal((clusters) => clusters.cluster('b'), 'Deployment', JsonPatch.add('/spec/x', { when: new Date(0) })),
    ).toEqual(['ORR2015 The value of a patch.when is a Date, which JSON cannot hold.']);
  });

  it('leaves its arguments and the document alone', () => {
    const document = { a: [1], b: { c: 1 } };
    const value = { d: [1] };
    const operations: PatchOperation[] = [
      { op: 'add', path: '/v', value },
      { op: 'add', path: '/v/d/-', value: 2 },
      { op: 'remove', path: '/a/0' },
    ];
    expect(applyJsonPatch(document, operations)).toEqual({ a: [], b: { c: 1 }, v: { d: [1, 2] } });
    expect([document, value]).toEqual([{ a: [1], b: { c: 1 } }, { d: [1] }]);
    expect(applyJsonPatch(document, [{ op: 'replace', path: '', value: 3 }])).toBe(3);
    expect(applyJsonPatch(document, [{ op: 'remove', path: '/a/01' }])).toBeInstanceOf(PatchFailure);
  });
});

describe('a merge patch', () => {
  // The cases of RFC 7386, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('does what RFC 7386 says: %j and %j make %j', (document, patch, expected) => {
    const before = JSON.stringify(document);
    expect(applyMergePatch(document, patch)).toEqual(expected);
    expect(JSON.stringify(document)).toBe(before);
  });
});
