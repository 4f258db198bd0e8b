import { builtInScope } from '@orrery/constructs/built-in-kinds';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from './object.ts';
import { scopesWith } from './scope.ts';

const definition = (group: string, kind: string, scope: string): KubernetesObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `x.${group}` },
  spec: { group, scope, names: { kind } },
});

describe('the scope of a kind', () => {
  it('is known for built-in kinds by group and kind, whatever the version', () => {
    expect(builtInScope('', 'Namespace')).toBe('Cluster');
    expect(builtInScope('rbac.authorization.k8s.io', 'ClusterRole')).toBe('Cluster');
    expect(builtInScope('rbac.authorization.k8s.io', 'Role')).toBe('Namespaced');
    expect(builtInScope('apps', 'Deployment')).toBe('Namespaced');
  });

  it('is not guessed for a kind of the same name in another group', () => {
    expect(builtInScope('serving.knative.dev', 'Service')).toBeUndefined();
    expect(builtInScope('apps', 'Namespace')).toBeUndefined();
  });

  it('is told by definitions among the desired objects', () => {
    const scopeOf = scopesWith([
      definition('example.com', 'Tenant', 'Cluster'),
      definition('example.com', 'App', 'Namespaced'),
    ]);
    expect(scopeOf('example.com', 'Tenant')).toBe('Cluster');
    expect(scopeOf('example.com', 'App')).toBe('Namespaced');
    expect(scopeOf('example.org', 'App')).toBeUndefined();
    expect(scopeOf('', 'ConfigMap')).toBe('Namespaced');
  });

  it('of a built-in kind stays what it is when a definition claims the kind', () => {
    expect(scopesWith([definition('apps', 'Deployment', 'Cluster')])('apps', 'Deployment')).toBe('Namespaced');
  });

  it('ignores a definition that does not say its scope', () => {
    expect(scopesWith([definition('example.com', 'App', 'Somewhere')])('example.com', 'App')).toBeUndefined();
  });
});
