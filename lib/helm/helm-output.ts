import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { classifyHook, type LeftOutBecause, type ReleaseHook } from './hooks.ts';

/** What `helm template` wrote, as objects. */
export interface RenderedChart {
  /** In helm's order: definitions of `crds/` first, hooks of installs and upgrades last. */
  readonly objects: readonly RenderedObject[];
  /** Hooks that are not part of the desired state. */
  readonly leftOut: readonly LeftOutHook[];
  /** What helm warned about. */
  readonly warnings: readonly string[];
}

interface RenderedObject {
  readonly object: KubernetesObject;
  /** "storefront/templates/config.yaml". */
  readonly source: string;
  /** Absent: an ordinary object of the release. */
  readonly hook?: ReleaseHook;
}

export interface LeftOutHook {
  readonly kind: string;
  readonly name: string;
  /** "post-delete", "test", … */
  readonly events: readonly string[];
  readonly because: LeftOutBecause;
  readonly source: string;
}

/**
 * Parses the output of `helm template`. Helm writes "---", "# Source: <chart>/<file>" and the manifest; in a file of `crds/` later documents
 * come without a comment of their own.
 * @throws OrreryError ORR2201 or ORR2202 with the template's path and the line of what was rendered
 */
export async function parseHelmOutput(stdout: string): Promise<Omit<RenderedChart, 'warnings'>> {
  const [{ readYaml }, { kubernetesObjects }] = await Promise.all([
    import('../yaml/read.ts'),
    import('../yaml/kubernetes-documents.ts'),
  ]);
  const objects: RenderedObject[] = [];
  const leftOut: LeftOutHook[] = [];
  for (const { source, text } of manifests(stdout)) {
    const documents = readYaml(text, { source, positionNote: 'the line is that of the rendered text' });
    const own = kubernetesObjects(documents, source, (object) => {
      const found = classifyHook(object);
      if (found.type !== 'left out') return false;
      const { events, because } = found;
      leftOut.push({ kind: String(object.kind), name: nameOf(object), events, because, source });
      return true;
    });
    for (const { object } of own) {
      const found = classifyHook(object as JsonObject);
      objects.push({ object, source, ...(found.type === 'hook' ? { hook: found.hook } : {}) });
    }
  }
  return { objects, leftOut };
}

function* manifests(stdout: string): Generator<{ readonly source: string; readonly text: string }> {
  const head = /^---[ \t]*\n# Source: (.+)\n/gm;
  let source: string | undefined;
  let start = 0;
  for (const match of stdout.matchAll(head)) {
    if (source !== undefined) yield { source, text: stdout.slice(start, match.index) };
    source = match[1] ?? '';
    start = match.index + match[0].length;
  }
  if (source !== undefined) yield { source, text: stdout.slice(start) };
}

function nameOf(object: JsonObject): string {
  const metadata = object.metadata as JsonObject | null | undefined;
  return String(metadata?.name ?? metadata?.generateName ?? '');
}
