import type { LoadedConstruct } from '../render/desired-state.ts';
import type { CheckedCluster, CheckedObject, ClusterCheck, Found } from './check.ts';

/**
 * Constructs and calls of cdk8s that start a process for their objects. They work, so nothing is refused; what replaces them is shown, with what the construct and its objects tell
 * filled in. What its constructor was given is kept nowhere, and stands as "…".
 */
export const programProcesses: ClusterCheck = {
  looksAt: 'cluster',
  id: 'program-process',
  title: 'what of cdk8s starts a process in the program',
  run: (cluster) => cluster.loads.flatMap((load) => foundIn(cluster, load)),
};

function foundIn({ objects }: CheckedCluster, load: LoadedConstruct): Found[] {
  const named = load.objects === undefined ? undefined : new Set(load.objects);
  const made = objects.filter(({ desired }) => named?.has(desired.path) ?? desired.path.startsWith(`${load.path}/`));
  const [first] = made;
  // Without an object there is nothing that a waiver could name.
  if (first === undefined) return [];
  const { path, source } = load;
  const desired = { ...first.desired, path, ...(source === undefined ? {} : { source }) };
  const { what, fix } = REPLACED[load.type](load, made);
  return [{ object: { ...first, desired }, severity: 'warning', what, fix }];
}

function helm({ path, releaseName = idOf(path) }: LoadedConstruct, made: readonly CheckedObject[]) {
  const chart = chartOf(made);
  const namespace = commonNamespace(made);
  const props = [
    `chart: ${quoted(chart?.name)}`,
    'repository: …',
    `version: ${quoted(chart?.version)}`,
    `releaseName: ${quoted(releaseName)}`,
    ...(namespace === undefined ? [] : [`namespaceName: ${quoted(namespace)}`]),
    'values: { … }',
    ...(made.some(({ id }) => id.kind === 'CustomResourceDefinition') ? [] : ['includeCrds: false']),
  ];
  return {
    what: `Helm of cdk8s runs helm while the program runs, for ${objectsOf(made)}.`,
    fix: `Replace it by HelmRelease of @orrery/constructs: new HelmRelease(scope, ${quoted(idOf(path))}, { ${props.join(', ')} }). A local chart has neither repository nor version.`,
  };
}

function include(load: LoadedConstruct, made: readonly CheckedObject[]) {
  return {
    what: `Include of cdk8s starts a process while the program runs, to read ${objectsOf(made)}.`,
    fix: `Replace it by Include of @orrery/constructs: ${newInclude(load, quoted(idOf(load.path)), made)}.${OTHERWISE}`,
  };
}

function yaml(load: LoadedConstruct, made: readonly CheckedObject[]) {
  return {
    what: `Yaml.load of cdk8s starts a process while the program runs, to read ${objectsOf(made)}.`,
    fix: `Replace it by Include of @orrery/constructs: ${newInclude(load, '…', made)}. Where the program changes what it loads: a Kustomization of the file with patches.${OTHERWISE}`,
  };
}

function newInclude({ from = '' }: LoadedConstruct, id: string, made: readonly CheckedObject[]): string {
  const namespace = commonNamespace(made);
  const props = [
    `file: ${from === '' ? '…' : quoted(from)}`,
    ...(from.includes('://') ? ['sha256: …'] : []),
    ...(namespace === undefined ? [] : [`namespaceName: ${quoted(namespace)}`]),
  ];
  return `new Include(scope, ${id}, { ${props.join(', ')} })`;
}

/** Include takes https addresses alone, and only with their digest. */
const OTHERWISE = ' What lies in the network needs its sha256, or becomes a file of the project.';

const REPLACED = { helm, include, yaml } as const;

/** Charts say what they are in this label, as helm's own template of a chart writes it; "+" is no character of labels. */
function chartOf(made: readonly CheckedObject[]): { readonly name: string; readonly version: string } | undefined {
  for (const { desired } of made) {
    const label = desired.object.metadata.labels?.['helm.sh/chart'];
    const [, name, version] = /^(.+?)-(v?\d+\.\d+\.\d+.*)$/.exec(label ?? '') ?? [];
    if (name !== undefined && version !== undefined) return { name, version: version.replace('_', '+') };
  }
  return undefined;
}

/** The namespace of every object that has one. */
function commonNamespace(made: readonly CheckedObject[]): string | undefined {
  const namespaces = new Set(made.map(({ id }) => id.namespace).filter((namespace) => namespace !== ''));
  return namespaces.size === 1 ? [...namespaces][0] : undefined;
}

function objectsOf(made: readonly CheckedObject[]): string {
  return made.length === 1 ? 'one object' : `${made.length} objects`;
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function quoted(text: string | undefined): string {
  return text === undefined ? '…' : JSON.stringify(text);
}
