import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ClusterSet,
  GpuMode,
  type GpuNodes,
  GpuPool,
  type GpuPoolProps,
  GpuServer,
  GpuSharing,
  Placement,
  Platform,
} from '@orrery/constructs';
import { describe, expect, it } from 'vitest';
import { type LevelViolation, violationsOf } from '../../lib/checks/pod-security/level.ts';
import type { DeclaredPod } from '../../lib/checks/pod-security/pod.ts';
import { loadPromqlReader } from '../../lib/checks/promql/promql-reader.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
type AnyObject = any;

const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 4, cardsPerNode: 8 };
const MINOR = 36;

/** Objects of the namespace "ai" of one of each kind of workload on a pool. */
function emitted(props: Omit<GpuPoolProps, 'placement'>, runAsRoot: boolean): AnyObject[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'orrery-gpu-'));
  try {
    const platform = new Platform({ id: 'ai', outdir });
    new ClusterSet(platform, 'clusters').add('c', {
      kubernetesVersion: `1.${MINOR}`,
      gpuNodes: [A100],
      storageClasses: { general: 'local' },
      apiVersions: ['keda.sh/v1alpha1', 'serving.kserve.io/v1beta1'],
    });
    const pool = new GpuPool(platform, 'pool', { ...props, placement: Placement.everywhere() });
    const partition = props.sharing === GpuSharing.PARTITIONED ? { gpu: { profile: '3g.40gb' } } : {};
    const all = { namespaceName: 'ai', ...partition, ...(runAsRoot ? { runAsRoot } : {}) };
    const prometheus = 'http://prometheus:9090';
    pool.train('train', {
      ...all,
      image: 'pytorch:2',
      completions: 2,
      rendezvous: {},
      containers: [{ name: 'beside', image: 'tools:1' }],
      datasets: [{ claimName: 'data', mountPath: '/data' }],
      scratch: [{ mountPath: '/scratch' }],
    });
    pool.serve('serve', {
      ...all,
      server: GpuServer.vllm({ image: 'vllm:1', model: 'm' }),
      autoscaling: { maxReplicas: 2, prometheus },
    });
    pool.serve('kserve', {
      ...all,
      server: GpuServer.kserve({ modelFormat: 'huggingface' }),
      autoscaling: { maxReplicas: 2, prometheus },
    });
    pool.notebook('notebook', { ...all, image: 'jupyter:1', token: { secret: 's', key: 'k' } });
    platform.synth();
    const objects: AnyObject[] = JSON.parse(readFileSync(path.join(outdir, 'clusters/c/objects.json'), 'utf8'));
    return objects.filter(({ metadata }) => metadata.namespace === 'ai');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The pods of workloads; of KServe with the container that it makes of the model. */
function pods(objects: readonly AnyObject[]): DeclaredPod[] {
  return objects.flatMap(({ kind, spec }): DeclaredPod[] => {
    if (kind === 'InferenceService') {
      const { model, annotations = {}, ...pod } = spec.predictor;
      const containers = [{ name: 'kserve-container', ...model }];
      return [{ path: 'spec.predictor', annotations, spec: { ...pod, containers } }];
    }
    if (spec?.template === undefined) return [];
    const { metadata, spec: pod } = spec.template;
    return [{ path: 'spec.template.spec', annotations: metadata.annotations ?? {}, spec: pod }];
  });
}

const POOLS: readonly [string, Omit<GpuPoolProps, 'placement'>][] = [
  ['whole cards', { sharing: GpuSharing.EXCLUSIVE }],
  ['turns', { sharing: GpuSharing.SHARED, replicas: 4 }],
  ['shares', { sharing: GpuSharing.SHARED, mode: GpuMode.HAMI }],
  ['partitions', { sharing: GpuSharing.PARTITIONED, profiles: { '3g.40gb': 2 } }],
  ['claims', { sharing: GpuSharing.PARTITIONED, mode: GpuMode.DRA }],
];

describe('what runs on GPUs', () => {
  it.each(POOLS)('with %s passes the restricted level, and as root the baseline', (_, props) => {
    const judged = (level: 'baseline' | 'restricted', runAsRoot: boolean): LevelViolation[] => {
      const all = pods(emitted(props, runAsRoot));
      expect(all).toHaveLength(4);
      return all.flatMap((pod) => violationsOf(pod, level, MINOR));
    };
    expect(judged('restricted', false)).toEqual([]);
    expect(judged('baseline', true)).toEqual([]);
    expect(judged('restricted', true).length).toBeGreaterThan(0);
  });

  it('is scaled by queries that Prometheus can read', async () => {
    const reader = await loadPromqlReader();
    const objects = emitted({ sharing: GpuSharing.SHARED, mode: GpuMode.HAMI }, false);
    const queries = JSON.stringify(objects).match(/"query":"(?:[^"\\]|\\.)*"/g) ?? [];
    expect(queries).toHaveLength(2);
    for (const query of queries) expect(reader(JSON.parse(`{${query}}`).query)).toBeUndefined();
  });
});
