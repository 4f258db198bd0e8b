import { readAssembly } from '../lib/assembly/read-assembly.ts';
import type { HelmOptions } from '../lib/helm/helm-options.ts';
import { describeId, type KubernetesObject } from '../lib/kubernetes/object.ts';
import { type RenderedState, renderAssembly } from '../lib/render/render-assembly.ts';
import { type HandWrittenCluster, writeAssembly } from './write-assembly.ts';

/** Writes an assembly, reads it and renders it. */
export function renderWritten(helm: HelmOptions) {
  return async (
    folder: string,
    clusters: readonly HandWrittenCluster[],
    locations?: Record<string, string>,
  ): Promise<RenderedState> => {
    writeAssembly(folder, clusters, locations);
    return renderAssembly(await readAssembly(folder), { helm });
  };
}

/** Names of all objects, in order. */
export function renderedIds(state: RenderedState): string[] {
  return state.clusters.flatMap(({ objects }) => objects.map(({ id }) => describeId(id)));
}

/** A ConfigMap that names a namespace, or leaves it open. */
export function plainConfigMap(name: string, namespace?: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}
