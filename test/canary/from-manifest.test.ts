import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { readManifest } from './from-manifest.ts';

const rollout = (spec: object): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'cart' },
  spec,
});

describe('reading a manifest as a call of the typed API', () => {
  it('gives names of properties where the API has words of a language', () => {
    const canary = { replicaProgressThreshold: { type: 'Pod', value: 1 } };
    expect(readManifest(rollout({ strategy: { canary } }))).toEqual({
      construct: 'ArgoRollout',
      props: {
        metadata: { name: 'cart' },
        spec: { strategy: { canary: { replicaProgressThreshold: { ofType: 'Pod', value: 1 } } } },
      },
    });
  });

  it.each([
    [
      'a field that no property stands for',
      { strategy: { canary: { stepz: [] } } },
      'spec.strategy.canary.stepz',
      'no such property',
    ],
    ['a value of another type', { replicas: '3' }, 'spec.replicas', '"3" is no number'],
    [
      'a word that its enum lacks',
      { workloadRef: { scaleDown: 'later' } },
      'spec.workloadRef.scaleDown',
      '"later" is no ArgoWorkloadScaleDown',
    ],
    ['a value that is left out', { template: { spec: {} } }, 'spec.template.spec.containers', 'a value is needed'],
    ['something that is no list', { strategy: { canary: { steps: {} } } }, 'spec.strategy.canary.steps', 'is no list'],
    [
      'a label that is no text',
      { selector: { matchLabels: { a: 1 } } },
      'spec.selector.matchLabels["a"]',
      '1 is no string',
    ],
  ])('refuses %s', (_what, spec, path, why) => {
    expect(readManifest(rollout(spec))).toEqual({ unsayable: [{ path, why }] });
  });

  it('refuses kinds without a construct', () => {
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart' } };
    expect(readManifest(object)).toEqual({ unsayable: [{ path: 'kind', why: 'no construct for apps/v1 Deployment' }] });
  });
});
