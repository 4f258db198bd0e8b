import type { KubernetesObject } from '../kubernetes/object.ts';
import { isCustomResourceDefinition } from '../kubernetes/scope.ts';
import type { ChartFile } from './chart-archive.ts';

/** A file that helm reads definitions from. */
export function holdsDefinitions(name: string): boolean {
  return /(^|\/)crds\/.*\.(ya?ml|json)$/.test(name);
}

/**
 * CustomResourceDefinitions in such files of the crds/ folders of a chart and its subcharts. helm renders nothing there, so that they are known before any template is. A
 * file that cannot be read is passed over: rendering reports it.
 */
export async function chartDefinitions(files: readonly ChartFile[]): Promise<KubernetesObject[]> {
  if (files.length === 0) return [];
  const [{ readYaml }, { kubernetesObjects }] = await Promise.all([
    import('../yaml/read.ts'),
    import('../yaml/kubernetes-documents.ts'),
  ]);
  return files.flatMap(({ name, bytes }) => {
    try {
      const objects = kubernetesObjects(readYaml(bytes.toString('utf8'), { source: name }), name);
      return objects.map(({ object }) => object).filter(isCustomResourceDefinition);
    } catch {
      return [];
    }
  });
}
