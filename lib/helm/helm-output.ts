import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';

/** What `helm template` wrote, as objects. */
export interface RenderedChart {
  /** In helm's order: definitions of `crds/` first. */
  readonly objects: readonly RenderedObject[];
  /** Hooks, which are not part of the desired state. Tests are left out. */
  readonly hooks: readonly RenderedHook[];
  /** What helm warned about. */
  readonly warnings: readonly string[];
}

interface RenderedObject {
  readonly object: KubernetesObject;
  /** "storefront/templates/config.yaml". */
  readonly source: string;
}

export interface RenderedHook {
  readonly kind: string;
  readonly name: string;
  /** "pre-install", "post-upgrade", … */
  readonly events: readonly string[];
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
  const hooks: RenderedHook[] = [];
  for (const { source, text } of manifests(stdout)) {
    const documents = readYaml(text, { source, positionNote: 'the line is that of the rendered text' });
    const own = kubernetesObjects(documents, source, (object) => {
      const events = hookEvents(object);
      if (events.length === 0) return false;
      if (!events.every((event) => TEST_EVENTS.has(event))) hooks.push(describeHook(object, events, source));
      return true;
    });
    for (const { object } of own) objects.push({ object, source });
  }
  return { objects, hooks };
}

const TEST_EVENTS = new Set(['test', 'test-success', 'test-failure']);

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

/**
 * Events at which helm would run the object instead of installing it (https://helm.sh/docs/topics/charts_hooks). Helm 2's "crd-install" means
 * an ordinary definition here.
 */
function hookEvents(object: JsonObject): string[] {
  const annotations = (object.metadata as JsonObject | null | undefined)?.annotations as JsonObject | null | undefined;
  const hook = annotations?.['helm.sh/hook'];
  if (typeof hook !== 'string') return [];
  return hook
    .split(',')
    .map((event) => event.trim().toLowerCase())
    .filter((event) => event !== '' && event !== 'crd-install');
}

function describeHook(object: JsonObject, events: readonly string[], source: string): RenderedHook {
  const metadata = object.metadata as JsonObject;
  return { kind: String(object.kind), name: String(metadata.name ?? metadata.generateName ?? ''), events, source };
}
