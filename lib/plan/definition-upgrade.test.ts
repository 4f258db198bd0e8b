import { describe, expect, it } from 'vitest';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { dangersOfDefinition, definitionObstacle } from './definition-upgrade.ts';

/** "v1": served; "v1!": served and stored; "v1-": neither. */
function definition(versions: readonly string[], more: JsonObject = {}, stored: readonly string[] = []) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      scope: 'Namespaced',
      versions: versions.map((version) => ({
        name: version.replace(/[!-]$/, ''),
        served: !version.endsWith('-'),
        storage: version.endsWith('!'),
      })),
      ...more,
    },
    status: { storedVersions: stored },
  } as unknown as KubernetesObject;
}

describe('an upgrade of a CustomResourceDefinition', () => {
  it('says when another version is stored, and what is converted', () => {
    const texts = (more: JsonObject = {}) =>
      dangersOfDefinition(definition(['v1!']), definition(['v1', 'v2!'], more)).map(({ text }) => text);
    const moved = 'objects are stored as v2 from now on; those stored as v1 stay so until they are written again';
    expect(texts()).toEqual([`${moved}; between the two nothing but apiVersion is converted`]);
    expect(texts({ conversion: { strategy: 'Webhook' } })).toEqual([moved]);
  });

  it('says which versions are no longer served', () => {
    const before = definition(['v1alpha1', 'v1beta1', 'v1!']);
    expect(dangersOfDefinition(before, definition(['v1beta1-', 'v1!']))).toEqual([
      { kind: 'crd-upgrade', text: 'v1alpha1, v1beta1 is no longer served: whoever asks for it gets an error' },
    ]);
  });

  it('is no danger when it adds a version, or changes a schema', () => {
    expect(dangersOfDefinition(definition(['v1!']), definition(['v1!', 'v2']))).toEqual([]);
    expect(dangersOfDefinition(definition(['v1-', 'v2!']), definition(['v2!']))).toEqual([]);
  });

  it('is held up by its scope and by versions that are stored', () => {
    const live = definition(['v1', 'v2!'], {}, ['v1', 'v2']);
    expect(definitionObstacle(definition(['v1-', 'v2!']), live)).toBeUndefined();
    expect(definitionObstacle(definition(['v2!']), live)?.what).toMatch(/^it drops v1, in which objects/);
    const cluster = definition(['v1', 'v2!'], { scope: 'Cluster' });
    expect(definitionObstacle(cluster, live)?.what).toMatch(/^its scope cannot change from Namespaced to Cluster/);
    expect(definitionObstacle(cluster, { ...live, kind: 'Widget' })).toBeUndefined();
  });
});
