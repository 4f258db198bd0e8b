import { JsonPatch } from 'cdk8s';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import type { ServiceProps } from './service-props';
import { type Assembly, assemblyOf } from './synthesis.test-support';

interface Fleet {
  readonly clusters: readonly string[];
  readonly services: readonly Partial<ServiceProps>[];
  /** In which clusters, by their number, services differ, and how. */
  readonly differs: readonly { readonly cluster: number; readonly how: 'override' | 'patch' | 'owned' }[];
}

// The long one is more than what is kept in memory of a file.
const text = fc.constantFrom('x'.repeat(70_000), 'info', 'wärme', 'a: b\n- c', '', '100m');
const service: fc.Arbitrary<Partial<ServiceProps>> = fc.record(
  {
    port: fc.constant(8080),
    replicasPerCluster: fc.integer({ min: 0, max: 3 }),
    config: fc.record({ env: fc.dictionary(fc.constantFrom('A', 'B'), text, { minKeys: 1 }) }),
    disruptionBudget: fc.constantFrom({ maxUnavailable: '1' }, { minAvailable: '50%' }),
    env: fc.dictionary(fc.constantFrom('C', 'D'), text),
    serviceAccount: fc.constantFrom({ existing: 'shop' }, { annotations: { role: 'cart' } }),
  },
  { requiredKeys: ['port'] },
);
const fleet: fc.Arbitrary<Fleet> = fc.record({
  clusters: fc.constantFrom(['a', 'b'], ['a', 'b', 'c', 'd']),
  services: fc.array(service, { minLength: 1, maxLength: 3 }),
  differs: fc.uniqueArray(
    fc.record({ cluster: fc.nat(3), how: fc.constantFrom('override' as const, 'patch' as const, 'owned' as const) }),
    // The same patch twice would change nothing, which is a mistake.
    { maxLength: 3, selector: ({ how }) => how },
  ),
});

it('whatever clusters get alike, each gets byte by byte what it would get alone', () => {
  fc.assert(
    fc.property(fleet, (all) => {
      const together = written(all, all.clusters);
      for (const cluster of all.clusters) {
        expect(filesOf(together, cluster)).toEqual(filesOf(written(all, [cluster]), cluster));
      }
    }),
    { numRuns: 15 },
  );
});

function written({ clusters, services, differs }: Fleet, only: readonly string[]): Assembly {
  return assemblyOf((platform: Platform) => {
    const set = new ClusterSet(platform, 'clusters');
    for (const name of only) set.add(name, { imageRegistry: `${name}.example.com` });
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    for (const [at, props] of services.entries()) {
      const one = app.addService(`service-${at}`, { image: 'mall/cart:1', ...props });
      for (const { cluster, how } of differs) {
        const name = clusters[cluster % clusters.length] as string;
        if (!only.includes(name)) continue;
        const where = set.cluster(name);
        const target = { kind: 'Service' };
        if (how === 'override') one.overrideIn(where, { serviceAnnotations: { own: 'yes' } });
        else if (how === 'patch') one.patchIn(where, target, JsonPatch.add('/spec/sessionAffinity', 'ClientIP'));
        else one.controllerOwnsIn(where, target, { path: 'spec.clusterIP', onlyLive: true });
      }
    }
  });
}

function filesOf(assembly: Assembly, cluster: string): unknown {
  const files = assembly.files().filter((file) => file.split('/')[1] === cluster);
  return [assembly.units(cluster), files.map((file) => [file, assembly.text(file)])];
}
