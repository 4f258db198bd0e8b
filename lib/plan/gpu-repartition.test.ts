import { describe, expect, it } from 'vitest';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { dangersOfRepartition } from './gpu-repartition.ts';

function object(apiVersion: string, kind: string, more: JsonObject, labels: Record<string, string> = {}) {
  return { apiVersion, kind, metadata: { name: 'gpu', labels }, ...more } as unknown as KubernetesObject;
}

function texts(live: KubernetesObject | undefined, desired: KubernetesObject): string[] {
  return dangersOfRepartition(live, desired).map(({ kind, text }) => `${kind} ${text}`);
}

const layouts = (configs: string) => object('v1', 'ConfigMap', { data: { 'config.yaml': configs } });
const mixed = `version: v1
mig-configs:
  a:
    - devices: all
      mig-enabled: true
      mig-devices: { 3g.40gb: 2 }
`;
const node = (layout: string, name: string) => ({
  name: 'pool-0',
  labels: { 'nvidia.com/mig.config': layout },
  matchFeatures: [{ feature: 'system.name', matchExpressions: { nodename: { op: 'In', value: [name] } } }],
});
const rules = (...all: JsonObject[]) => object('nfd.k8s-sigs.io/v1alpha1', 'NodeFeatureRule', { spec: { rules: all } });
const policy = (spec: JsonObject) => object('nvidia.com/v1', 'ClusterPolicy', { spec });

describe('repartitioning GPUs', () => {
  it('is seen in the label of a node', () => {
    const labelled = (layout: string) => object('v1', 'Node', {}, { 'nvidia.com/mig.config': layout });
    expect(texts(labelled('a'), labelled('b'))).toEqual([
      'gpu-repartition node gpu gets the MIG layout b instead of a; their cards are cut anew: drain them before, pods that use a GPU there do not survive it',
    ]);
    expect(texts(labelled('a'), labelled('a'))).toEqual([]);
    expect(texts(labelled('a'), object('v1', 'Node', {}))).toEqual([]);
  });

  it('is seen in rules that label nodes: new ones, changed ones, those that go', () => {
    expect(texts(undefined, rules(node('a', 'n-1')))[0]).toContain(
      'what the rule "pool-0" matches gets the MIG layout a',
    );
    expect(texts(rules(node('a', 'n-1')), rules(node('b', 'n-1')))[0]).toContain('the MIG layout b instead of a');
    expect(texts(rules(node('a', 'n-1')), rules())[0]).toContain('loses its MIG layout a');
    // The order and the names of rules change nothing for a node.
    const two = [node('a', 'n-1'), node('b', 'n-2')] as const;
    expect(texts(rules(...two), rules({ ...two[1], name: 'x' }, two[0]))).toEqual([]);
    expect(texts(undefined, rules({ ...two[0], labels: { 'example.com/fast': 'true' } }))).toEqual([]);
  });

  it('is seen in layouts that become others or go, and not in new ones or in how they are written', () => {
    const more = `${mixed}  b:\n    - devices: all\n      mig-enabled: false\n`;
    expect(texts(layouts(mixed), layouts(more))).toEqual([]);
    expect(texts(layouts(mixed), layouts(mixed.replace('{ 3g.40gb: 2 }', '{"3g.40gb": 2}')))).toEqual([]);
    expect(texts(layouts(mixed), layouts(mixed.replace('3g.40gb: 2', '7g.80gb: 1')))[0]).toContain('MIG layout a:');
    expect(texts(layouts(more), layouts(mixed))[0]).toContain('the MIG layout b goes: nodes with it must get another');
    expect(texts(undefined, layouts(mixed))).toEqual([]);
    expect(texts(layouts(mixed), layouts('mig-configs: [broken'))[0]).toContain('the MIG layout a goes');
    expect(texts(layouts('a: 1'), layouts('a: 2'))).toEqual([]);
  });

  it("is seen in the operator's settings, as far as the program says them", () => {
    const live = policy({ mig: { strategy: 'single' }, devicePlugin: { enabled: true }, migManager: { config: {} } });
    expect(texts(live, policy({ mig: { strategy: 'mixed' } }))[0]).toContain('mig.strategy is mixed instead of single');
    expect(texts(live, policy({ devicePlugin: { enabled: false } }))).toHaveLength(1);
    expect(texts(live, policy({ migManager: { config: { name: 'x' } }, driver: { version: '1' } }))).toEqual([]);
    expect(texts(live, object('other.example.com/v1', 'ClusterPolicy', { spec: { mig: { strategy: 'x' } } }))).toEqual(
      [],
    );
  });
});
