import { ApiObject, Chart } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { type ControllerOwnedField, ControllerOwnedFields } from './controller-owned-fields';
import { FieldPathMistake, hasField, parseFieldPath } from './field-path';
import { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import type { Platform } from './platform';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

const ROUTES = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'cart', annotations: { 'example.com/x': '1' } },
  spec: { http: [{ name: 'primary', route: [{ destination: { host: 'cart' }, weight: 100 }] }] },
};

function withFields(...fields: ControllerOwnedField[]): (platform: Platform) => void {
  return (platform) => {
    const cluster = new ClusterSet(platform, 'clusters').add('a');
    const object = new ApiObject(new Chart(cluster, 'mesh'), 'routes', ROUTES);
    ControllerOwnedFields.of(object).add(...fields);
  };
}

function withService(use: (cart: MultiClusterService, clusters: ClusterSet) => void): (platform: Platform) => void {
  return (platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const name of ['a', 'b', 'elsewhere']) clusters.add(name);
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.named('a', 'b') });
    use(app.addService('cart', { image: 'cart:1', port: 8080, replicas: 4 }), clusters);
  };
}

describe('controller-owned fields', () => {
  it('travel in the manifest with the object, each path once with all its managers', () => {
    const assembly = assemblyOf(
      withFields(
        { path: 'spec.http[*].route[*].weight', managers: ['flagger'] },
        { path: 'metadata.annotations["example.com/x"]' },
        { path: 'spec.http[*].route[*].weight', managers: ['flagger', 'rollouts-controller'] },
        { path: 'metadata.annotations["example.com/live"]', onlyLive: true },
      ),
    );
    expect(assembly.manifest.version).toBe('1.10');
    expect(assembly.unit('a', 'mesh').objects).toMatchObject([
      {
        path: 'mesh/routes',
        controllerOwned: [
          { path: 'spec.http[*].route[*].weight', managers: ['flagger', 'rollouts-controller'] },
          { path: 'metadata.annotations["example.com/x"]' },
          { path: 'metadata.annotations["example.com/live"]' },
        ],
      },
    ]);
  });

  it('change nothing in the object itself, and nothing in the manifest of others', () => {
    const fields = { path: 'spec.http[*].route[*].weight' };
    const [declared, plain] = [assemblyOf(withFields(fields)), assemblyOf(withFields())];
    expect(declared.objects('a')).toEqual(plain.objects('a'));
    expect(plain.unit('a', 'mesh').objects[0]).not.toHaveProperty('controllerOwned');
  });

  it.each([
    ['spec.replicas', 'matches nothing', 'ORR2020'],
    ['spec.http[name=canary].route', 'matches nothing', 'ORR2020'],
    ['spec.http[0].route', 'items have no fixed number', 'ORR2011'],
    ['spec..http', 'has no member name', 'ORR2011'],
    ['spec.http[*', 'which is none of', 'ORR2011'],
    ['[*].x', 'does not begin with a member', 'ORR2011'],
    ['', 'is empty', 'ORR2011'],
  ])('of the path %j are refused at the line that declares them: %s', (path, what, code) => {
    expect(problemsOfProgram(withFields({ path }))).toMatchObject([
      {
        code,
        what: expect.stringContaining(what),
        path: 'mesh/routes',
        cluster: 'a',
        source: expect.stringMatching(/controller-owned-fields\.test\.ts:\d+$/),
      },
    ]);
  });

  it('of a service are declared per cluster and object, after its patches', () => {
    const assembly = assemblyOf(
      withService((cart, clusters) => {
        cart.controllerOwnsIn(clusters.cluster('b'), { kind: 'Deployment' }, { path: 'spec.replicas' });
      }),
    );
    const owned = (cluster: string) =>
      assembly.unit(cluster, 'mall').objects.flatMap(({ path, controllerOwned }) => (controllerOwned ? [path] : []));
    expect(owned('a')).toEqual([]);
    expect(owned('b')).toEqual(['mall/cart/Deployment']);
  });

  it('of a service that name no object of it, or no cluster of it, are refused', () => {
    const field = { path: 'spec.replicas' };
    const problems = problemsOfProgram(
      withService((cart, clusters) => {
        cart.controllerOwnsIn(clusters, { kind: 'StatefulSet' }, field);
        cart.controllerOwnsIn(clusters.cluster('elsewhere'), { kind: 'Deployment' }, field);
      }),
    );
    expect(problems.map(({ code, what }) => `${code} ${what}`).sort()).toEqual([
      'ORR2019 The declaration of controller-owned fields is for elsewhere, where "mall/cart" does not go.',
      'ORR2020 Controller-owned fields are declared for StatefulSet, which the service does not have.',
    ]);
  });
});

describe('a field path', () => {
  it('leads to every member name there can be, and to nothing else', () => {
    const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(name, name, (member, other) => {
        const steps = parseFieldPath(`metadata[${JSON.stringify(member)}]`);
        if (steps instanceof FieldPathMistake) throw new Error(steps.what);
        expect(steps).toEqual([
          { type: 'member', name: 'metadata' },
          { type: 'member', name: member },
        ]);
        expect(hasField({ metadata: { [other]: 1 } }, steps)).toBe(member === other);
      }),
    );
  });

  it('leads to items by any plain members, numbers included', () => {
    const steps = parseFieldPath('spec.ports[containerPort=80,protocol="TCP"].name');
    if (steps instanceof FieldPathMistake) throw new Error(steps.what);
    const ports = [
      { containerPort: 80, protocol: 'UDP', name: 'dns' },
      { containerPort: 80, protocol: 'TCP' },
    ];
    expect(hasField({ spec: { ports } }, steps)).toBe(false);
    expect(hasField({ spec: { ports: [...ports, { containerPort: 80, protocol: 'TCP', name: 'http' }] } }, steps)).toBe(
      true,
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z.[\]*="\\,0-9]{0,20}$/)), (text) => {
        const steps = parseFieldPath(text);
        if (!(steps instanceof FieldPathMistake)) expect(steps.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
