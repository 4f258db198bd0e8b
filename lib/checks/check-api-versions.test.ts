import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import { describe, expect, it } from 'vitest';
import { object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

function said(apiVersion: string, kind: string, facts: ClusterFactsManifest = {}): string[] {
  const { findings } = runChecks(state({ alpha: [object(apiVersion, kind, 'x', {})] }, facts), []);
  return findings
    .filter(({ check }) => check === 'api-version')
    .map(({ severity, field, what, fix }) => `${severity} ${field}: ${what} ${fix}`);
}

describe('the check of API versions', () => {
  it.each([
    ['apps/v1', 'Deployment'],
    ['example.com/v1beta1', 'Whatever'],
    ['metrics.k8s.io/v1beta1', 'NodeMetrics'],
  ])('says nothing of %s %s', (apiVersion, kind) => {
    expect(said(apiVersion, kind)).toEqual([]);
  });

  it.each([
    [
      'extensions/v1beta1',
      'Ingress',
      'error apiVersion: extensions/v1beta1 Ingress was removed in Kubernetes 1.22. Use networking.k8s.io/v1 Ingress.',
    ],
    [
      'policy/v1beta1',
      'PodSecurityPolicy',
      'error apiVersion: policy/v1beta1 PodSecurityPolicy was removed in Kubernetes 1.25. Remove it, or use another kind.',
    ],
    [
      'autoscaling/v2beta2',
      'HorizontalPodAutoscaler',
      'error apiVersion: autoscaling/v2beta2 HorizontalPodAutoscaler was removed in Kubernetes 1.26. Use autoscaling/v2 HorizontalPodAutoscaler.',
    ],
    [
      'flowcontrol.apiserver.k8s.io/v1beta1',
      'FlowSchema',
      'error apiVersion: flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema was removed in Kubernetes 1.26. Use flowcontrol.apiserver.k8s.io/v1 FlowSchema.',
    ],
    [
      'v1',
      'Endpoints',
      'warning apiVersion: v1 Endpoints is deprecated since Kubernetes 1.33. Use discovery.k8s.io/v1 EndpointSlice.',
    ],
    [
      'apps/v1',
      'Deploymnet',
      'error apiVersion: There is no apps/v1 Deploymnet in Kubernetes 1.36. Did you mean apps/v1 Deployment?',
    ],
    [
      'apps/v1',
      'Ingress',
      'error apiVersion: There is no apps/v1 Ingress in Kubernetes 1.36. Use networking.k8s.io/v1 Ingress.',
    ],
    ['v1', 'Deployment', 'error apiVersion: There is no v1 Deployment in Kubernetes 1.36. Use apps/v1 Deployment.'],
    [
      'networking.k8s.io/v1beta1',
      'IPAddress',
      'warning apiVersion: API servers do not serve networking.k8s.io/v1beta1 IPAddress unless they are told to. Use networking.k8s.io/v1 IPAddress. Where it is switched on, declare networking.k8s.io/v1beta1 in apiVersions of the cluster.',
    ],
  ])('says what became of %s %s', (apiVersion, kind, expected) => {
    expect(said(apiVersion, kind)).toEqual([expected]);
  });

  it('judges by the version of the cluster', () => {
    const policy = ['admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy'] as const;
    expect(said(...policy, { kubernetesVersion: '1.36.1' })).toEqual([]);
    expect(said(...policy, { kubernetesVersion: '1.34.4' })).toEqual([
      'error apiVersion: admissionregistration.k8s.io/v1 MutatingAdmissionPolicy is there since Kubernetes 1.36; this cluster has 1.34. Use admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicy.',
    ]);
    const workload = ['scheduling.k8s.io/v1alpha1', 'Workload'] as const;
    expect(said(...workload, { kubernetesVersion: '1.36' })[0]).toContain('was removed in Kubernetes 1.36');
    // What the table cannot know is no error.
    expect(said('policy/v1beta1', 'PodDisruptionBudget', { kubernetesVersion: '1.20' })).toEqual([]);
    expect(said('policy/v1beta1', 'PodDisruptionBudget', { kubernetesVersion: '1.23' })[0]).toContain(
      'is deprecated since',
    );
    expect(said('apps/v2', 'Deployment', { kubernetesVersion: '1.40' })[0]).toMatch(/^warning/);
  });

  it('believes a cluster that declares what it serves', () => {
    const facts = { apiVersions: ['networking.k8s.io/v1beta1'] };
    expect(said('networking.k8s.io/v1beta1', 'IPAddress', facts)).toEqual([]);
  });
});
