import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Entry } from './unit';

/** True for charts whose class renders them as a whole: what it returns counts, not what stands in the tree. */
export function rendersItself(chart: Chart): boolean {
  return chart.toJson !== Chart.prototype.toJson;
}

/**
 * The objects of such a chart, each under the path of its construct where one has the same kind and name. cdk8s writes dependencies between
 * objects into the tree on the way; they are taken back, or a second synth would find them.
 */
export function entriesOfChart(chart: Chart): Entry[] {
  const restore = rememberDependencies(chart.node.root);
  let objects: NamedObject[];
  try {
    objects = chart.toJson() as NamedObject[];
  } finally {
    restore();
  }
  const constructs = new Map<string, ApiObject>();
  for (const construct of chart.node.findAll()) {
    if (ApiObject.isApiObject(construct))
      constructs.set(keyOf(construct.apiVersion, construct.kind, construct.name), construct);
  }
  const used = new Set<string>();
  return objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    const construct = constructs.get(keyOf(apiVersion, kind, metadata?.name));
    const wanted = construct?.node.path ?? `${chart.node.path}/${kind}-${metadata?.name}`;
    let path = wanted;
    for (let i = 2; used.has(path); i++) path = `${wanted}-${i}`;
    used.add(path);
    return { path, owner: construct ?? chart, content: { type: 'object', object } };
  });
}

interface NamedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string };
}

function keyOf(apiVersion: string, kind: string, name: string | undefined): string {
  return `${apiVersion}|${kind}|${name}`;
}

/** Remembers the dependencies of every construct of a tree; the result removes those that came since. */
function rememberDependencies(root: IConstruct): () => void {
  const before = root.node
    .findAll()
    .map((construct) => ({ construct, dependencies: new Set(construct.node.dependencies) }));
  return () => {
    for (const { construct, dependencies } of before) {
      const added = construct.node.dependencies.filter((dependency) => !dependencies.has(dependency));
      construct.node.removeDependency(...added);
    }
  };
}
