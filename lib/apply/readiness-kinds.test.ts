import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { readiness } from './readiness.ts';
import { ruleOf } from './readiness-cases.ts';

/** Objects of operators that are not among the labelled cases, as their documentation has them. */

type Conditions = Readonly<Record<string, string>>;

/** @param conditions status of each, or status and reason: "False Pending" */
function custom(apiVersion: string, kind: string, conditions: Conditions = {}, more: object = {}): KubernetesObject {
  const { status, ...rest } = more as { status?: object };
  return {
    apiVersion,
    kind,
    metadata: { name: 'it', namespace: 'shop', generation: 2 },
    ...rest,
    ...(Object.keys(conditions).length + Object.keys(status ?? {}).length === 0
      ? {}
      : { status: { conditions: conditionsOf(conditions), ...status } }),
  } as KubernetesObject;
}

function conditionsOf(conditions: Conditions): object[] {
  return Object.entries(conditions).map(([type, text]) => {
    const [status, reason] = text.split(' ');
    return { type, status, ...(reason === undefined ? {} : { reason }) };
  });
}

const KUSTOMIZATION = ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization'] as const;
const ROUTE = ['gateway.networking.k8s.io/v1', 'HTTPRoute'] as const;
const parents = (...each: Conditions[]) => ({
  status: { parents: each.map((one) => ({ conditions: conditionsOf(one) })) },
});

describe('readiness of custom resources', () => {
  it.each<[string, KubernetesObject, string]>([
    ['nothing reported', custom(...KUSTOMIZATION), 'waiting'],
    ['applied', custom(...KUSTOMIZATION, { Ready: 'True' }), 'ready'],
    ['at work', custom(...KUSTOMIZATION, { Ready: 'Unknown', Reconciling: 'True' }), 'waiting'],
    ['refused', custom(...KUSTOMIZATION, { Ready: 'False', Reconciling: 'True' }), 'failed'],
    ['paused', custom(...KUSTOMIZATION, { Ready: 'True' }, { spec: { suspend: true } }), 'suspended'],
    [
      'a registry without status',
      custom('source.toolkit.fluxcd.io/v1', 'HelmRepository', {}, { spec: { type: 'oci' } }),
      'ready',
    ],
    [
      'a claim at work',
      custom('database.aws.crossplane.io/v1', 'RDSInstance', { Synced: 'True', Ready: 'False' }),
      'waiting',
    ],
    [
      'a claim that is refused',
      custom('s3.aws.upbound.io/v1beta1', 'Bucket', { Synced: 'False', Ready: 'True' }),
      'failed',
    ],
    ['a schedule of backups', custom('velero.io/v1', 'Schedule', {}, { status: { phase: 'Enabled' } }), 'ready'],
    ['one that is new', custom('velero.io/v1', 'Schedule', {}, { status: { phase: 'New' } }), 'waiting'],
    ['one that is wrong', custom('velero.io/v1', 'Schedule', {}, { status: { phase: 'FailedValidation' } }), 'failed'],
    ['one that is paused', custom('velero.io/v1', 'Schedule', {}, { spec: { paused: true } }), 'suspended'],
    [
      'a location that cannot be reached',
      custom('velero.io/v1', 'BackupStorageLocation', {}, { status: { phase: 'Unavailable' } }),
      'failed',
    ],
    ['a location', custom('velero.io/v1', 'BackupStorageLocation', {}, { status: { phase: 'Available' } }), 'ready'],
    ['settings of a provider', custom('aws.crossplane.io/v1beta1', 'ProviderConfig'), 'ready'],
    ['a package', custom('pkg.crossplane.io/v1', 'Provider', { Installed: 'True', Healthy: 'True' }), 'ready'],
    [
      'a machine that is to be off',
      custom('kubevirt.io/v1', 'VirtualMachine', {}, { spec: { runStrategy: 'Halted' } }),
      'ready',
    ],
    [
      'a machine that somebody stopped',
      custom('kubevirt.io/v1', 'VirtualMachine', { Ready: 'False' }, { spec: { running: true } }),
      'suspended',
    ],
    ['brokers that come up', custom('kafka.strimzi.io/v1', 'Kafka', { NotReady: 'True Creating' }), 'waiting'],
    ['brokers that do not', custom('kafka.strimzi.io/v1', 'Kafka', { NotReady: 'True Error' }), 'failed'],
    [
      'storage',
      custom('ceph.rook.io/v1', 'CephCluster', {}, { status: { state: 'Created', ceph: { health: 'HEALTH_OK' } } }),
      'ready',
    ],
    [
      'a database',
      custom('postgresql.cnpg.io/v1', 'Cluster', {}, { status: { phase: 'Cluster in healthy state' } }),
      'ready',
    ],
    ['a cluster', custom('cluster.x-k8s.io/v1beta1', 'Cluster', {}, { status: { phase: 'Provisioning' } }), 'waiting'],
    ['a run of a pipeline', custom('tekton.dev/v1', 'TaskRun', { Succeeded: 'Unknown Running' }), 'waiting'],
    [
      'a service that cannot start',
      custom('serving.knative.dev/v1', 'Service', { Ready: 'False RevisionFailed' }),
      'failed',
    ],
    ['a route that all take', custom(...ROUTE, {}, parents({ Accepted: 'True' }, { Accepted: 'True' })), 'ready'],
    ['a route that one refuses', custom(...ROUTE, {}, parents({ Accepted: 'True' }, { Accepted: 'False' })), 'failed'],
    ['a route that nobody has seen', custom(...ROUTE), 'waiting'],
    ['a kind of nobody', custom('example.com/v1', 'Widget'), 'ready'],
  ])('%s', (_, object, status) => {
    expect(readiness(object)).toMatchObject({ status });
  });

  it('of a condition counts only for the newest generation', () => {
    const certificate = (observedGeneration: number) =>
      custom(
        'cert-manager.io/v1',
        'Certificate',
        {},
        { status: { conditions: [{ type: 'Ready', status: 'True', observedGeneration }] } },
      );
    expect(readiness(certificate(1)).status).toBe('waiting');
    expect(readiness(certificate(2)).status).toBe('ready');
  });

  it('is told in the words of what decided', () => {
    const rule = ruleOf([
      ['suspended', 'spec.paused=true', '!Ready=True'],
      ['failed', 'status.phase=Broken'],
      ['running', 'status.done<spec.parts'],
    ]);
    const judge = (spec: object, status: object) => rule(custom('example.com/v1', 'Widget', {}, { spec, status }), 0);
    expect(judge({ paused: true }, { phase: 'Broken' })).toEqual({
      status: 'suspended',
      reason: 'spec.paused is true',
    });
    expect(judge({}, { phase: 'Broken', message: 'no disk' })).toEqual({ status: 'failed', reason: 'no disk' });
    expect(judge({ parts: 3 }, { done: '2' })).toMatchObject({ status: 'waiting', running: true });
    expect(judge({ parts: 3 }, { done: 3 })).toEqual({
      status: 'waiting',
      reason: 'its controller has not reported yet',
    });
  });
});
