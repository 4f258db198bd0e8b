import { pathOf } from '../diff/field-changes.ts';
import { list, record } from '../kubernetes/fields.ts';
import type { CheckedCluster, CheckedObject, ClusterCheck, Found, ObjectCheck, Workload } from './check.ts';
import { containersOf, type DeclaredContainer } from './pod-security/pod.ts';
import { matches } from './pods.ts';

/** Workloads whose selector does not select the pods they make: the API server refuses them. */
export const selectors: ObjectCheck = {
  looksAt: 'object',
  id: 'selector',
  title: 'workloads that do not select their own pods',
  run: (object): Found[] => {
    const { group, kind } = object.id;
    if (object.pods === undefined || !SELECTING.has(`${group}/${kind}`)) return [];
    const selector = record(record(object.desired.object.spec).selector);
    if (matches(selector, object.pods.labels)) return [];
    return [
      {
        object,
        severity: 'error',
        field: 'spec.selector',
        what: `Its selector does not match the labels of its own pods, so the API server refuses it.`,
        fix: 'Give spec.template.metadata.labels what spec.selector asks for.',
      },
    ];
  },
};

const SELECTING = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet']);

/** Images without a version: what runs depends on when a node pulled it. */
export const images: ObjectCheck = {
  looksAt: 'object',
  id: 'image-version',
  title: 'images that name no version',
  run: (object) =>
    podContainers(object).flatMap(({ path, name, fields }): Found[] => {
      const image = String(fields.image ?? '');
      const last = image.slice(image.lastIndexOf('/') + 1);
      if (image === '' || image.includes('@sha256:') || (last.includes(':') && !last.endsWith(':latest'))) return [];
      return [
        {
          object,
          severity: 'warning',
          field: `${path}.image`,
          what: `Container ${name} runs ${image}, which names no version.`,
          fix: 'Name a tag that is never moved, or a digest.',
        },
      ];
    }),
};

const SECRET_NAME =
  /(^|[_.-])(PASSWORD|PASSWD|SECRET|SECRET[_.-]?KEY|TOKEN|API[_.-]?KEY|ACCESS[_.-]?KEY|PRIVATE[_.-]?KEY|CREDENTIALS?)$/i;

/** Values in environment variables and ConfigMaps whose names say that they are secret: everybody who may read those reads them. */
export const plainSecrets: ObjectCheck = {
  looksAt: 'object',
  id: 'plain-secret',
  title: 'secrets in clear in environment variables and ConfigMaps',
  run: (object) => [
    ...podContainers(object).flatMap(({ path, fields }) =>
      list(fields.env).flatMap(({ name, value }, at) =>
        isPlainSecret(name, value) ? [inClear(object, `${path}.env[${at}].value`, name, 'valueFrom.secretKeyRef')] : [],
      ),
    ),
    ...Object.entries(record(object.id.kind === 'ConfigMap' ? object.desired.object.data : undefined)).flatMap(
      ([name, value]) =>
        isPlainSecret(name, value) ? [inClear(object, pathOf('data', name), name, 'a Secret of its own')] : [],
    ),
  ],
};

/** A reference to another variable is none. */
function isPlainSecret(name: unknown, value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !/\$[({]/.test(value) && SECRET_NAME.test(String(name));
}

function inClear(object: CheckedObject, field: string, name: unknown, from: string): Found {
  return {
    object,
    severity: 'warning',
    field,
    what: `${String(name)} has its value in clear.`,
    fix: `Take it from a Secret: ${from}.`,
  };
}

function podContainers({ pods }: CheckedObject): readonly DeclaredContainer[] {
  return pods === undefined ? [] : containersOf(pods.pod);
}

/** Autoscalers against what they scale. */
export const autoscalers: ClusterCheck = {
  looksAt: 'cluster',
  id: 'autoscaler',
  title: 'autoscalers that cannot scale',
  run: (cluster) => cluster.objects.flatMap((object) => autoscalerFindings(object, cluster)),
};

function autoscalerFindings(object: CheckedObject, { workloads, openNamespaces }: CheckedCluster): Found[] {
  if (object.id.group !== 'autoscaling' || object.id.kind !== 'HorizontalPodAutoscaler') return [];
  const spec = record(object.desired.object.spec);
  const target = record(spec.scaleTargetRef);
  const found = workloads.named(object.id.namespace, target.kind, target.name);
  const finding = (field: string, what: string, fix: string): Found => ({
    object,
    severity: 'warning',
    field,
    what,
    fix,
  });
  if (found === undefined) {
    if (openNamespaces.has(object.id.namespace)) return [];
    const name = `${String(target.kind)} ${String(target.name)}`;
    return [
      finding(
        'spec.scaleTargetRef',
        `There is no ${name} in namespace ${object.id.namespace}.`,
        'Correct the name, or waive this check when something else makes it.',
      ),
    ];
  }
  return list(spec.metrics).flatMap((metric, at) => {
    const { name, target: aim } = record(metric.resource);
    if (metric.type !== 'Resource' || record(aim).type !== 'Utilization') return [];
    const without = containersOf(found.pod).filter(
      ({ path, fields }) =>
        path.includes('.containers[') &&
        record(record(fields.resources).requests)[String(name)] === undefined &&
        record(record(fields.resources).limits)[String(name)] === undefined,
    );
    if (without.length === 0) return [];
    const names = without.map((container) => container.name).join(', ');
    const what = `Utilization of ${String(name)} is a share of what is requested, and container ${names} of ${found.object.id.kind} ${found.object.id.name} requests none.`;
    return [finding(`spec.metrics[${at}]`, what, `Give it a request of ${String(name)}.`)];
  });
}

/** Disruption budgets that never let a node be drained. */
export const budgets: ClusterCheck = {
  looksAt: 'cluster',
  id: 'disruption-budget',
  title: 'disruption budgets that block every drain',
  run: (cluster) =>
    cluster.objects.flatMap((object): Found[] => {
      if (object.id.group !== 'policy' || object.id.kind !== 'PodDisruptionBudget') return [];
      const spec = record(object.desired.object.spec);
      const selector = record(spec.selector);
      const replicas = cluster.workloads
        .withLabels(object.id.namespace, record(selector.matchLabels))
        .filter(({ labels }) => matches(selector, labels))
        .reduce((sum, one) => sum + replicasOf(one), 0);
      const blocked =
        isNone(spec.maxUnavailable) ||
        spec.minAvailable === '100%' ||
        (typeof spec.minAvailable === 'number' && replicas > 0 && spec.minAvailable >= replicas);
      if (!blocked) return [];
      const field = spec.maxUnavailable === undefined ? 'spec.minAvailable' : 'spec.maxUnavailable';
      return [
        {
          object,
          severity: 'warning',
          field,
          what: `No pod may ever be evicted (${replicas} replicas), so no node that runs one can be drained.`,
          fix: 'Let at least one pod be unavailable, or run more replicas.',
        },
      ];
    }),
};

function isNone(value: unknown): boolean {
  return value === 0 || value === '0' || value === '0%';
}

function replicasOf({ object }: Workload): number {
  const { replicas } = record(object.desired.object.spec);
  return typeof replicas === 'number' ? replicas : 1;
}
