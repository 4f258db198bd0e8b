import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { Placement } from './placement';
import { Platform } from './platform';
import { ScalingMetric } from './scaling-metric';
import { KafkaSasl, OffsetReset, RabbitMqMode, ScalingSelect, TriggerIdentity } from './scaling-props';
import { ScalingTrigger } from './scaling-trigger';
import { type Autoscaling, type ServiceProps, Survive } from './service-props';
import { refusals, withService } from './service-synthesis.test-support';

const KEDA: ClusterProps = { apiVersions: ['keda.sh/v1alpha1'] };
const three = { clusters: { a: KEDA, b: KEDA, c: KEDA } };
const BOUNDS = { minReplicas: 3, maxReplicas: 9 };

/** What scales the service in a cluster: the spec of its HorizontalPodAutoscaler or ScaledObject. */
function scaler(kind: 'HorizontalPodAutoscaler' | 'ScaledObject', autoscaling: Partial<Autoscaling>, cluster = 'a') {
  const assembly = withService({ autoscaling: { ...BOUNDS, ...autoscaling }, cpu: '1', memory: '1Gi' }, three);
  return assembly.object(cluster, `mall/cart/${kind}`).spec;
}

const scaled = (autoscaling: Partial<Autoscaling>) => scaler('ScaledObject', autoscaling);

const refused = (autoscaling: Partial<Autoscaling>, props: Partial<ServiceProps> = { cpu: '1', memory: '1Gi' }) =>
  refusals({ autoscaling: { ...BOUNDS, ...autoscaling }, ...props }, KEDA);

const queue = ScalingTrigger.rabbitMq({ queueName: 'orders', value: 20 });

describe('the autoscaler of a service', () => {
  it('goes by metrics of pods, of objects and of what is outside, beside CPU and memory', () => {
    const metrics = [
      ScalingMetric.pods('requests', '30', { path: 'cart' }),
      ScalingMetric.external('queue', { total: '100' }, { queue: 'orders' }),
      ScalingMetric.ofObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'mall' }, 'hits', {
        perPod: '500m',
      }),
    ];
    expect(scaler('HorizontalPodAutoscaler', { metrics, memoryPercent: 70 }).metrics).toEqual([
      { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } } },
      {
        type: 'Pods',
        pods: {
          metric: { name: 'requests', selector: { matchLabels: { path: 'cart' } } },
          target: { type: 'AverageValue', averageValue: '30' },
        },
      },
      {
        type: 'External',
        external: {
          metric: { name: 'queue', selector: { matchLabels: { queue: 'orders' } } },
          target: { type: 'Value', value: '100' },
        },
      },
      {
        type: 'Object',
        object: {
          metric: { name: 'hits' },
          describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'mall' },
          target: { type: 'AverageValue', averageValue: '500m' },
        },
      },
    ]);
    // Alone they need no request of CPU.
    expect(() => withService({ autoscaling: { ...BOUNDS, metrics } }, three)).not.toThrow();
  });

  it('goes as fast as it is told, the same by KEDA', () => {
    const rules = {
      scaleDown: { stabilization: '10m', policies: [{ percent: 10, period: '1m' }], selectPolicy: ScalingSelect.MIN },
      scaleUp: { policies: [{ pods: 4, period: '15s' }] },
    };
    const behavior = {
      scaleDown: {
        stabilizationWindowSeconds: 600,
        policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }],
        selectPolicy: 'Min',
      },
      scaleUp: { policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] },
    };
    expect(scaler('HorizontalPodAutoscaler', rules).behavior).toEqual(behavior);
    expect(scaled({ ...rules, triggers: [queue] }).advanced).toEqual({ horizontalPodAutoscalerConfig: { behavior } });
    const never = { scaleDown: { selectPolicy: ScalingSelect.DISABLED } };
    expect(scaler('HorizontalPodAutoscaler', never).behavior).toEqual({ scaleDown: { selectPolicy: 'Disabled' } });
  });

  it('has no more in a cluster than its bounds in the placement allow', () => {
    const placement = Placement.everywhere().withBounds({ a: { maxReplicas: 2 } });
    const at = (autoscaling: Autoscaling, kind: string) => {
      const assembly = withService({ autoscaling, cpu: '1' }, { ...three, app: { placement } });
      return ['a', 'b', 'c'].map((cluster) => assembly.object(cluster, `mall/cart/${kind}`).spec);
    };
    const most = { minReplicas: 3, maxReplicas: 12 };
    expect(at(most, 'HorizontalPodAutoscaler').map(({ maxReplicas }) => maxReplicas)).toEqual([2, 5, 5]);
    const events = at({ ...most, triggers: [queue] }, 'ScaledObject');
    expect(events.map(({ maxReplicaCount }) => maxReplicaCount)).toEqual([2, 5, 5]);
  });
});

describe('a service that KEDA scales', () => {
  it('is a ScaledObject instead of a HorizontalPodAutoscaler, with divided bounds, replicas by the clock and fallback', () => {
    const triggers = [
      ScalingTrigger.cron({ timezone: 'Asia/Shanghai', start: '0 8 * * 1-5', end: '0 20 * * 1-5', replicas: 7 }),
    ];
    const autoscaling = {
      ...{ minReplicas: 1, maxReplicas: 9, cpuPercent: 70, triggers },
      ...{ pollingInterval: '15s', fallback: { failureThreshold: 3, replicas: 5 } },
    };
    const assembly = withService({ autoscaling, cpu: '1' }, three);
    expect(assembly.objects('a').has('mall/cart/HorizontalPodAutoscaler')).toBe(false);
    expect(assembly.object('a', 'mall/cart/Deployment').spec).not.toHaveProperty('replicas');
    const specs = ['a', 'b', 'c'].map((cluster) => assembly.object(cluster, 'mall/cart/ScaledObject').spec);
    const schedule = { timezone: 'Asia/Shanghai', start: '0 8 * * 1-5', end: '0 20 * * 1-5' };
    expect(specs[0]).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
      minReplicaCount: 1,
      maxReplicaCount: 3,
      pollingInterval: 15,
      fallback: { failureThreshold: 3, replicas: 2 },
      triggers: [
        { type: 'cron', metadata: { ...schedule, desiredReplicas: '3' } },
        { type: 'cpu', metricType: 'Utilization', metadata: { value: '70' } },
      ],
    });
    const numbers = specs.map(({ minReplicaCount, maxReplicaCount, fallback, triggers: [cron] }) => [
      ...[minReplicaCount, maxReplicaCount, fallback.replicas, cron.metadata.desiredReplicas],
    ]);
    // One is all that is asked for: two clusters may be at 0.
    expect(numbers).toEqual([
      [1, 3, 2, '3'],
      [0, 3, 2, '2'],
      [0, 3, 1, '2'],
    ]);
    expect(assembly.manifest.apps).toEqual([
      { path: 'mall', services: [{ path: 'mall/cart', minReplicas: 1, maxReplicas: 9 }] },
    ]);
  });

  it('has the parameters that KEDA reads, as text', () => {
    const { triggers } = scaled({
      triggers: [
        ScalingTrigger.prometheus({
          ...{ serverAddress: 'http://prometheus:9090', query: 'sum(rate(hits[2m]))' },
          ...{ threshold: 0.5, activationThreshold: 2, ignoreNullValues: false },
        }),
        ScalingTrigger.kafka({
          ...{ bootstrapServers: ['k-0:9092', 'k-1:9092'], consumerGroup: 'cart', topic: 'orders', lagThreshold: 50 },
          ...{ activationLagThreshold: 5, offsetResetPolicy: OffsetReset.EARLIEST, allowIdleConsumers: true },
          ...{ sasl: KafkaSasl.SCRAM_SHA512, tls: true },
        }),
        ScalingTrigger.rabbitMq({
          ...{ queueName: 'orders', mode: RabbitMqMode.MESSAGE_RATE, value: 12.5, activationValue: 1, vhostName: '/' },
        }),
        ScalingTrigger.other('redis', { address: 'redis:6379', listName: 'orders', listLength: '5' }),
      ],
    });
    expect(triggers).toEqual([
      {
        type: 'prometheus',
        metadata: {
          ...{ serverAddress: 'http://prometheus:9090', query: 'sum(rate(hits[2m]))' },
          ...{ threshold: '0.5', activationThreshold: '2', ignoreNullValues: 'false' },
        },
      },
      {
        type: 'kafka',
        metadata: {
          ...{ bootstrapServers: 'k-0:9092,k-1:9092', consumerGroup: 'cart', topic: 'orders', lagThreshold: '50' },
          ...{ activationLagThreshold: '5', offsetResetPolicy: 'earliest', allowIdleConsumers: 'true' },
          ...{ sasl: 'scram_sha512', tls: 'enable' },
        },
      },
      {
        type: 'rabbitmq',
        metadata: { queueName: 'orders', mode: 'MessageRate', value: '12.5', activationValue: '1', vhostName: '/' },
      },
      { type: 'redis', metadata: { address: 'redis:6379', listName: 'orders', listLength: '5' } },
    ]);
  });

  it('authenticates by Secrets that are named, by identities, or by what is there', () => {
    const secrets = { host: { secret: 'rabbitmq', key: 'uri' } };
    const by = (authentication: object) => ScalingTrigger.rabbitMq({ queueName: 'orders', value: 1, authentication });
    const aws = ScalingTrigger.other(
      'aws-sqs-queue',
      { queueURL: 'q', awsRegion: 'eu-west-1' },
      {
        authentication: { identity: TriggerIdentity.AWS },
      },
    );
    const triggers = [
      ...[by({ secrets }), by({ secrets }), aws, by({ existing: 'own' }), by({ existingForCluster: 'all' })],
    ];
    const assembly = withService({ autoscaling: { ...BOUNDS, triggers } }, three);
    const { spec } = assembly.object('a', 'mall/cart/ScaledObject');
    expect(spec.triggers.map((trigger: { authenticationRef: object }) => trigger.authenticationRef)).toEqual([
      { name: 'cart-rabbitmq' },
      { name: 'cart-rabbitmq' },
      { name: 'cart-aws-sqs-queue-2' },
      { name: 'own' },
      { kind: 'ClusterTriggerAuthentication', name: 'all' },
    ]);
    const specs = [...assembly.objects('a')].flatMap(([path, object]) =>
      path.includes('/TriggerAuthentication/') ? [[object.metadata.name, object.spec]] : [],
    );
    expect(specs).toEqual([
      ['cart-rabbitmq', { secretTargetRef: [{ parameter: 'host', name: 'rabbitmq', key: 'uri' }] }],
      ['cart-aws-sqs-queue-2', { podIdentity: { provider: 'aws' } }],
    ]);
  });

  it('has other bounds and triggers where a cluster overrides them, as they stand', () => {
    const cron = (replicas: number) =>
      ScalingTrigger.cron({ timezone: 'UTC', start: '0 8 * * *', end: '0 9 * * *', replicas });
    const assembly = withService({ autoscaling: { ...BOUNDS, triggers: [cron(6)] } }, three, (service) => {
      const [, b, c] = Platform.of(service).clusters;
      const where = (cluster: typeof b) => ({ selectedClusters: cluster === undefined ? [] : [cluster] });
      service.overrideIn(where(b), { autoscaling: { minReplicas: 0, maxReplicas: 20 } });
      service.overrideIn(where(c), { autoscaling: { minReplicas: 1, maxReplicas: 20, triggers: [cron(15)] } });
    });
    const numbers = ['a', 'b', 'c'].map((cluster) => {
      const { minReplicaCount, maxReplicaCount, triggers } = assembly.object(cluster, 'mall/cart/ScaledObject').spec;
      return [minReplicaCount, maxReplicaCount, triggers[0].metadata.desiredReplicas];
    });
    expect(numbers).toEqual([
      [1, 3, '2'],
      [0, 20, '2'],
      [1, 20, '15'],
    ]);
  });

  it('keeps its bounds without any one cluster where it shall survive that, and never leaves the caps of the placement', () => {
    const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 9 }), { minKeys: 2 });
    fc.assert(
      fc.property(weights, fc.nat(12), fc.nat(12), fc.boolean(), (all, least, more, byEvents) => {
        const names = Object.keys(all);
        const minReplicas = byEvents ? least : Math.max(1, least);
        const maxReplicas = Math.max(1, minReplicas + more);
        const cap = 2 * maxReplicas + 1;
        const cron = ScalingTrigger.cron({
          timezone: 'UTC',
          start: '0 8 * * *',
          end: '0 9 * * *',
          replicas: maxReplicas,
        });
        const assembly = withService(
          {
            autoscaling: { minReplicas, maxReplicas, ...(byEvents ? { triggers: [cron] } : {}) },
            ...{ cpu: '1', survive: Survive.ANY_CLUSTER },
          },
          {
            clusters: Object.fromEntries(names.map((name) => [name, KEDA])),
            app: { placement: Placement.weighted(all).withBounds({}, { otherwise: { maxReplicas: cap } }) },
          },
        );
        const bounds = names.map((name) => {
          const kind = byEvents ? 'ScaledObject' : 'HorizontalPodAutoscaler';
          const { spec } = assembly.object(name, `mall/cart/${kind}`);
          const own = [spec.minReplicas ?? spec.minReplicaCount, spec.maxReplicas ?? spec.maxReplicaCount];
          const asked = Number(spec.triggers?.[0].metadata.desiredReplicas ?? own[1]);
          expect(own[0]).toBeLessThanOrEqual(own[1]);
          expect(asked).toBeLessThanOrEqual(own[1]);
          expect(own[1]).toBeLessThanOrEqual(cap);
          return own;
        });
        for (const gone of names.keys()) {
          const left = bounds.filter((_, at) => at !== gone);
          expect(left.reduce((sum, [min]) => sum + min, 0)).toBeGreaterThanOrEqual(minReplicas);
          expect(left.reduce((sum, [, max]) => sum + max, 0)).toBeGreaterThanOrEqual(maxReplicas);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is wrong with an autoscaler', () => {
  it('is told: bounds, targets, rules', () => {
    expect(refused({ minReplicas: 0 })).toEqual(['ORR2011 autoscaling.minReplicas is 0.']);
    expect(refused({ minReplicas: 0, maxReplicas: 0, triggers: [queue] })).toEqual([
      'ORR2011 autoscaling goes from 0 to 0 replicas.',
    ]);
    expect(refused({ metrics: [ScalingMetric.external('queue', {}), ScalingMetric.pods('hits', 'many')] })).toEqual([
      'ORR2012 Metric "queue" needs exactly one of perPod and total.',
      'ORR2011 The target of metric "hits" is "many".',
    ]);
    const policies = [{ pods: 1, percent: 1, period: '1h' }, { period: '10s' }, { pods: 0, period: '1s' }];
    expect(refused({ scaleDown: { stabilization: '2h' }, scaleUp: { policies } })).toEqual([
      'ORR2011 scaleUp: the period of a policy is "1h".',
      'ORR2012 scaleUp: a policy needs exactly one of pods and percent.',
      'ORR2011 scaleUp: a policy allows 0.',
      'ORR2011 scaleDown: stabilization is "2h".',
    ]);
  });

  it('is told: settings of KEDA without it, or that it refuses', () => {
    expect(refused({ pollingInterval: '1s', fallback: { failureThreshold: 1, replicas: 1 } })).toEqual([
      'ORR2012 autoscaling.fallback is set without triggers.',
      'ORR2012 autoscaling.pollingInterval is set without triggers.',
    ]);
    const metrics = [ScalingMetric.pods('hits', '1')];
    const wrong = { pollingInterval: '0s', cooldownPeriod: 'long', fallback: { failureThreshold: -1, replicas: 99 } };
    expect(refused({ triggers: [queue], metrics, ...wrong })).toEqual([
      'ORR2012 autoscaling has metrics and triggers.',
      'ORR2011 autoscaling.pollingInterval is "0s".',
      'ORR2011 autoscaling.cooldownPeriod is "long".',
      'ORR2012 autoscaling.cooldownPeriod is set, and minReplicas is not 0.',
      'ORR2011 autoscaling.fallback has 99 replicas after -1 failures.',
    ]);
    const cron = { timezone: 'East of here', start: '8 o’clock', end: '0 9 * * *', replicas: 0 };
    expect(refused({ triggers: [ScalingTrigger.cron(cron)] })).toEqual([
      'ORR2011 Trigger cron asks for 0 replicas.',
      'ORR2011 Trigger cron: "East of here" is no time zone.',
      'ORR2011 Trigger cron: start is "8 o’clock".',
    ]);
    const always = { timezone: 'UTC', start: '0 9 * * *', end: '0 9 * * *', replicas: 1 };
    const others = [
      ScalingTrigger.cron(always),
      ScalingTrigger.other('cpu', { value: '80' }),
      ScalingTrigger.other('Redis', { address: '' }),
      ScalingTrigger.prometheus({ serverAddress: 'http://p', query: 'up', threshold: -1 }),
    ];
    expect(refused({ triggers: others })).toEqual([
      'ORR2012 Trigger cron starts and ends at the same time.',
      'ORR2012 A trigger is of type cpu.',
      'ORR2011 "Redis" is no type of a trigger.',
      'ORR2011 Trigger Redis: address is empty.',
      'ORR2011 Trigger prometheus: threshold is -1.',
    ]);
  });

  it('is told: authentication in no way, in several, and by no Secret', () => {
    const by = (authentication: object) => ScalingTrigger.other('redis', { address: 'r' }, { authentication });
    const secrets = { password: { secret: 'Redis', key: 'p' }, user: { secret: 'redis', key: 'u', optional: true } };
    expect(refused({ triggers: [by({}), by({ existing: 'a', existingForCluster: 'B' }), by({ secrets })] })).toEqual([
      'ORR2012 Trigger redis authenticates in no way.',
      'ORR2012 Trigger redis authenticates in several ways.',
      'ORR2003 Trigger redis: "B" is not the name of an authentication.',
      'ORR2003 Trigger redis: "password" is taken from key "p" of Secret "Redis".',
      'ORR2012 Trigger redis: "user" is optional.',
    ]);
  });

  it('is told: a cluster of which nobody says that KEDA is there', () => {
    expect(refusals({ autoscaling: { ...BOUNDS, triggers: [queue] } })).toEqual([
      'ORR2013 The service is scaled by events, and no fact of cluster "prod" says that KEDA is there.',
    ]);
  });
});
