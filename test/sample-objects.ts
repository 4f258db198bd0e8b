import type { JsonObject, KubernetesObject } from '../lib/kubernetes/object.ts';

/** Small valid objects for tests. */

export function namespace(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function configMap(
  where: string,
  name: string,
  data: Record<string, string> = { key: 'value' },
): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: where }, data };
}

export function secret(where: string, name: string, data: Record<string, string>): KubernetesObject {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: where }, type: 'Opaque', data: encoded };
}

export function deployment(
  where: string,
  name: string,
  pod: Record<string, unknown> = {},
  replicas = 1,
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: where },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'example.com/main:1' }], ...pod },
      },
    },
  };
}

/** A Job whose pods find no node, and whose deadline makes it fail soon. */
export function failingJob(where: string, name: string): KubernetesObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: where },
    spec: {
      activeDeadlineSeconds: 1,
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          nodeSelector: { 'no-such': 'node' },
          containers: [{ name: 'main', image: 'example.com/main:1' }],
        },
      },
    },
  };
}

/** A CustomResourceDefinition. `fields`: the schema of the members of `spec`; `rules`: what else is said of `spec`. */
export function definition(
  group: string,
  kind: string,
  fields: JsonObject = { size: { type: 'integer' }, color: { type: 'string', default: 'red' } },
  rules: JsonObject = {},
): KubernetesObject {
  return definitionOf(group, kind, { properties: { spec: { type: 'object', properties: fields, ...rules } } });
}

/** A CustomResourceDefinition with this schema of its objects. */
export function definitionOf(group: string, kind: string, schema: JsonObject): KubernetesObject {
  const singular = kind.toLowerCase();
  const openAPIV3Schema = { type: 'object', ...schema };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural: `${singular}s`, singular, listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
