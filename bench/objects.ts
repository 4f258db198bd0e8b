/** The objects that are measured: the same plain JSON on both sides. */

export interface PlainObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A Deployment as platform teams write them; without a name cdk8s gives it one. */
export function deployment(
  index: number,
  at: { readonly name?: string; readonly namespace?: string } = {},
): PlainObject {
  const labels = { 'app.kubernetes.io/name': `service-${index}`, 'app.kubernetes.io/part-of': 'shop' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...at, labels },
    spec: {
      replicas: (index % 5) + 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': `service-${index}` } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'main',
              image: `registry.example.com/shop/service-${index}:1.${index % 20}.0`,
              ports: [{ name: 'http', containerPort: 8080 }],
              env: [
                { name: 'LOG_LEVEL', value: 'info' },
                { name: 'SERVICE_INDEX', value: String(index) },
              ],
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
              readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
            },
          ],
        },
      },
    },
  };
}

/** Kinds of `serviceObjects` and where the API server has them. */
export const KINDS = [
  { prefix: '/apis/apps/v1', plural: 'deployments' },
  { prefix: '/api/v1', plural: 'services' },
  { prefix: '/api/v1', plural: 'configmaps' },
  { prefix: '/api/v1', plural: 'serviceaccounts' },
] as const;

/** Services of four objects each: Deployment, Service, ConfigMap, ServiceAccount. */
export function serviceObjects(namespace: string, services: number): PlainObject[] {
  const kinds = [deployment, service, configMap, serviceAccount];
  return kinds.flatMap((kind) =>
    Array.from({ length: services }, (_, index) => kind(index, { name: `service-${index}`, namespace })),
  );
}

/** The same with a new value in `count` of them, spread over the four kinds. */
export function withChanges(objects: readonly PlainObject[], count: number): PlainObject[] {
  const step = Math.floor(objects.length / count);
  return objects.map((object, index) =>
    index % step === 0 && index / step < count
      ? {
          ...object,
          metadata: { ...object.metadata, labels: { ...object.metadata.labels, 'example.com/changed': 'yes' } },
        }
      : object,
  );
}

type Named = { readonly name?: string; readonly namespace?: string };

function service(index: number, at: Named): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...at, labels: { 'app.kubernetes.io/name': `service-${index}` } },
    spec: {
      selector: { 'app.kubernetes.io/name': `service-${index}` },
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    },
  };
}

function configMap(index: number, at: Named): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...at, labels: { 'app.kubernetes.io/name': `service-${index}` } },
    data: { LOG_LEVEL: 'info', 'application.yaml': `server:\n  port: 8080\nservice: ${index}\n` },
  };
}

function serviceAccount(index: number, at: Named): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { ...at, labels: { 'app.kubernetes.io/name': `service-${index}` } },
    automountServiceAccountToken: false,
  };
}
