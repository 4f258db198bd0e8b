import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

/** "check field" of what is found in a cluster of these facts. */
function found(facts: ClusterFactsManifest, ...objects: KubernetesObject[]): string[] {
  return runChecks(state({ alpha: objects }, facts), [])
    .findings.filter(({ check }) => check === 'cluster-facts')
    .map(({ check, field }) => `${check} ${field}`);
}

const service = object('v1', 'Service', 'cart', { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } });
const policy = object('networking.k8s.io/v1', 'NetworkPolicy', 'cart', { spec: { podSelector: {} } });
const claim = (name?: string) => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  ...(name === undefined ? {} : { storageClassName: name }),
});
const volume = (name?: string) => object('v1', 'PersistentVolumeClaim', 'data', { spec: claim(name) });
const set = (name: string) =>
  object('apps/v1', 'StatefulSet', 'db', {
    spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim(name) }] },
  });

describe('what a cluster has', () => {
  it('is not asked where the facts say nothing', () => {
    expect(found({}, service, policy, volume('fast'), set('fast'))).toEqual([]);
  });

  it('is an address for Services of type LoadBalancer, unless it is none', () => {
    expect(found({ loadBalancer: 'none' }, service)).toEqual(['cluster-facts spec.type']);
    expect(found({ loadBalancer: 'metallb' }, service)).toEqual([]);
  });

  it('is no enforced network policy with flannel', () => {
    expect(found({ networkPlugin: 'flannel' }, policy)).toEqual(['cluster-facts undefined']);
    expect(found({ networkPlugin: 'calico' }, policy)).toEqual([]);
    expect(found({ networkPlugin: 'terway', enforcesNetworkPolicies: false }, policy)).toEqual([
      'cluster-facts undefined',
    ]);
    expect(found({ networkPlugin: 'flannel', enforcesNetworkPolicies: true }, policy)).toEqual([]);
  });

  it('is the storage classes of its facts and those that the program makes', () => {
    const facts = { storageClasses: { general: 'nfs' } };
    expect(found(facts, volume('fast'), set('fast'))).toEqual([
      'cluster-facts spec.storageClassName',
      'cluster-facts spec.volumeClaimTemplates[name=data].spec.storageClassName',
    ]);
    expect(found(facts, volume('nfs'), volume(''), volume())).toEqual([]);
    const { namespace: _, ...metadata } = volume('fast').metadata;
    const own = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { ...metadata, name: 'fast' },
      provisioner: 'x',
    };
    expect(found(facts, volume('fast'), own)).toEqual([]);
  });
});
