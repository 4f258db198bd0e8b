import { parseDuration } from '../duration';
import type { ScalingRules } from '../scaling-props';
import type { Autoscaling, ServiceProps } from '../service-props';
import { canonicalJson } from './canonical';
import type { MetricRule, TriggerRule } from './scaling-rules';
import type { Share } from './service-replicas';
import type { ServiceSettings } from './service-settings';

/** How many replicas there are in one cluster: a number, or what its autoscaler decides. */
export type Scaling = { readonly replicas: number } | Scaled;

/** An autoscaler in one cluster; numbers are those of the cluster. */
export interface Scaled extends Omit<Autoscaling, 'triggers' | 'fallback'> {
  readonly triggers: readonly TriggerRule[];
  readonly fallback?: Autoscaling['fallback'];
}

/** The totals of an autoscaler over all clusters, as the program declares them. */
export function declaredBounds({
  minReplicas,
  maxReplicas,
}: Autoscaling): Pick<Autoscaling, 'minReplicas' | 'maxReplicas'> {
  return { minReplicas, maxReplicas };
}

/** What a service runs in a cluster, by its share and the settings there. */
export function scalingIn(props: ServiceProps, share: Share | undefined, settings: ServiceSettings): Scaling {
  const { autoscaling } = props;
  if (autoscaling === undefined) return { replicas: settings.replicas ?? share?.replicas ?? 0 };
  const own = settings.autoscaling;
  if (own === undefined && (share === undefined || share.maxReplicas === 0)) return { replicas: 0 };
  const bounds = own ?? { minReplicas: share?.minReplicas ?? 0, maxReplicas: share?.maxReplicas ?? 0 };
  const shared = (autoscaling.triggers ?? []).map((trigger, at): TriggerRule => {
    const rule = trigger._rule();
    return rule.replicas === undefined ? rule : { ...rule, replicas: share?.triggerReplicas[at] ?? rule.replicas };
  });
  const fallback = own?.fallback ?? dividedFallback(autoscaling, share);
  const { triggers: _triggers, fallback: _fallback, ...rest } = { ...autoscaling, ...bounds };
  return {
    ...rest,
    triggers: own?.triggers?.map((trigger) => trigger._rule()) ?? shared,
    ...(fallback === undefined ? {} : { fallback }),
  };
}

function dividedFallback({ fallback }: Autoscaling, share: Share | undefined): Autoscaling['fallback'] {
  return fallback === undefined ? undefined : { ...fallback, replicas: share?.fallbackReplicas ?? fallback.replicas };
}

/** The most pods that there may be. */
export function mostOf(scaling: Scaling): number {
  return 'replicas' in scaling ? scaling.replicas : scaling.maxReplicas;
}

/** An object, and its id below the service. */
export interface ScalingObject {
  readonly id: string;
  readonly object: object;
}

interface Target {
  readonly metadata: { readonly name: string };
  /** Of the workload. */
  readonly kind: string;
}

/** What scales a workload: KEDA where there are triggers, else a HorizontalPodAutoscaler; never both. */
export function scalersOf(target: Target, scaling: Scaling): ScalingObject[] {
  if ('replicas' in scaling) return [];
  return scaling.triggers.length === 0 ? [autoscaler(target, scaling)] : byEvents(target, scaling);
}

function autoscaler({ metadata, kind }: Target, scaling: Scaled): ScalingObject {
  const { minReplicas, maxReplicas, metrics = [] } = scaling;
  const behavior = behaviorOf(scaling);
  const object = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name: metadata.name },
      minReplicas,
      maxReplicas,
      metrics: [
        ...percentages(scaling).map(([name, averageUtilization]) => ({
          type: 'Resource',
          resource: { name, target: { type: 'Utilization', averageUtilization } },
        })),
        ...metrics.map((metric) => metricOf(metric._rule())),
      ],
      ...(behavior === undefined ? {} : { behavior }),
    },
  };
  return { id: 'HorizontalPodAutoscaler', object };
}

/** Targets of CPU and memory; CPU at 80 percent where nothing else is said. */
function percentages({ cpuPercent, memoryPercent, metrics = [], triggers }: Scaled): [string, number][] {
  const isSaid = memoryPercent !== undefined || metrics.length > 0 || triggers.length > 0;
  const cpu = cpuPercent ?? (isSaid ? undefined : 80);
  return [
    ...(cpu === undefined ? [] : ([['cpu', cpu]] as [string, number][])),
    ...(memoryPercent === undefined ? [] : ([['memory', memoryPercent]] as [string, number][])),
  ];
}

function metricOf({ type, name, target, labels, describedObject }: MetricRule): object {
  const metric = { name, ...(labels === undefined ? {} : { selector: { matchLabels: labels } }) };
  const wanted =
    target.perPod === undefined
      ? { type: 'Value', value: target.total }
      : { type: 'AverageValue', averageValue: target.perPod };
  const source = { metric, target: wanted, ...(describedObject === undefined ? {} : { describedObject }) };
  return { type, [type.toLowerCase()]: source };
}

function behaviorOf({ scaleUp, scaleDown }: Scaled): object | undefined {
  if (scaleUp === undefined && scaleDown === undefined) return undefined;
  return {
    ...(scaleUp === undefined ? {} : { scaleUp: rulesOf(scaleUp) }),
    ...(scaleDown === undefined ? {} : { scaleDown: rulesOf(scaleDown) }),
  };
}

function rulesOf({ stabilization, policies = [], selectPolicy }: ScalingRules): object {
  return {
    ...(stabilization === undefined ? {} : { stabilizationWindowSeconds: secondsOf(stabilization) }),
    ...(policies.length === 0
      ? {}
      : {
          policies: policies.map(({ pods, percent, period }) => ({
            type: pods === undefined ? 'Percent' : 'Pods',
            value: pods ?? percent,
            periodSeconds: secondsOf(period),
          })),
        }),
    ...(selectPolicy === undefined ? {} : { selectPolicy }),
  };
}

/** A ScaledObject, and a TriggerAuthentication for each way to authenticate. KEDA makes a HorizontalPodAutoscaler of it, which owns the replicas. */
function byEvents({ metadata, kind }: Target, scaling: Scaled): ScalingObject[] {
  const { minReplicas, maxReplicas, fallback, pollingInterval, cooldownPeriod, triggers } = scaling;
  const behavior = behaviorOf(scaling);
  const authentications = new Authentications(metadata);
  const events = triggers.map((rule) => {
    const { type, metadata: parameters, replicas } = rule;
    const reference = authentications.referenceFor(rule);
    return {
      type,
      metadata: replicas === undefined ? parameters : { ...parameters, desiredReplicas: String(replicas) },
      ...(reference === undefined ? {} : { authenticationRef: reference }),
    };
  });
  const usage = percentages(scaling).map(([type, percent]) => ({
    type,
    metricType: 'Utilization',
    metadata: { value: String(percent) },
  }));
  const spec = {
    scaleTargetRef: { apiVersion: 'apps/v1', kind, name: metadata.name },
    minReplicaCount: minReplicas,
    maxReplicaCount: maxReplicas,
    ...(pollingInterval === undefined ? {} : { pollingInterval: secondsOf(pollingInterval) }),
    ...(cooldownPeriod === undefined ? {} : { cooldownPeriod: secondsOf(cooldownPeriod) }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(behavior === undefined ? {} : { advanced: { horizontalPodAutoscalerConfig: { behavior } } }),
    triggers: [...events, ...usage],
  };
  const object = { apiVersion: KEDA, kind: 'ScaledObject', metadata, spec };
  return [...authentications.objects, { id: 'ScaledObject', object }];
}

/** The TriggerAuthentications of a service. Triggers that authenticate in the same way share one. */
class Authentications {
  private readonly made = new Map<string, ScalingObject & { readonly name: string }>();

  public constructor(private readonly metadata: Target['metadata']) {}

  public get objects(): ScalingObject[] {
    return [...this.made.values()].map(({ id, object }) => ({ id, object }));
  }

  public referenceFor({ type, authentication }: TriggerRule): object | undefined {
    if (authentication === undefined) return undefined;
    const { existing, existingForCluster, secrets = {}, identity } = authentication;
    if (existing !== undefined) return { name: existing };
    if (existingForCluster !== undefined) return { kind: 'ClusterTriggerAuthentication', name: existingForCluster };
    const references = Object.entries(secrets).map(([parameter, { secret, key }]) => ({
      parameter,
      name: secret,
      key,
    }));
    const same = canonicalJson({ references, identity: identity ?? null });
    const known = this.made.get(same);
    if (known !== undefined) return { name: known.name };
    const name = `${this.metadata.name}-${type}${this.made.size === 0 ? '' : `-${this.made.size + 1}`}`;
    const spec = {
      ...(references.length === 0 ? {} : { secretTargetRef: references }),
      ...(identity === undefined ? {} : { podIdentity: { provider: identity } }),
    };
    const object = { apiVersion: KEDA, kind: 'TriggerAuthentication', metadata: { ...this.metadata, name }, spec };
    this.made.set(same, { name, id: `TriggerAuthentication/${name}`, object });
    return { name };
  }
}

/** The API of KEDA; the only version there is. */
export const KEDA = 'keda.sh/v1alpha1';

function secondsOf(text: string): number {
  return Math.round((parseDuration(text) ?? 0) / 1000);
}
