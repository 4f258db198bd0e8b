import type { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import type { Placement } from '../placement';
import { clustersOf } from './delivery';
import { DNS_LABEL_RULE, isDnsLabel } from './names';
import { type Problem, problemAt } from './problem';
import type { Finding } from './service-validation';
import { renderLate } from './unit';

/** Something in a namespace of the clusters of its placement. */
export interface Placed {
  /** Absent: it is inside a cluster. */
  readonly placement?: Placement | undefined;
  /** undefined: all its objects stand in the cluster itself. */
  readonly namespace: string | undefined;
  /** What is wrong with it. */
  findings(): readonly Finding[];
  /** What is written to a cluster. */
  objects(cluster: Cluster, problems: Problem[]): readonly object[];
  /** Whether clusters get something different. @default false */
  readonly differs?: boolean;
  /** What has to be beside it: in the same namespace of every cluster of it. */
  uses?(): readonly Construct[];
}

const PLACES = new WeakMap<Construct, Placed>();

/** Makes a construct render what it is, late. */
export function placeObjects(construct: Construct, placed: Placed): void {
  const { namespace, placement } = placed;
  PLACES.set(construct, placed);
  renderLate(construct, {
    clusters: (problems) => {
      const clusters = clustersOf(construct, placement, problems);
      for (const other of placed.uses?.() ?? []) checkBeside(construct, other, problems);
      return clusters;
    },
    validate: (problems) => {
      if (namespace === '') {
        const fix = 'Set namespaceName, or make it in a chart that has a namespace.';
        problems.push(problemAt(construct, 'ORR2003', 'It is in no namespace.', { fix }));
      } else if (namespace !== undefined && !isDnsLabel(namespace)) {
        const fix = `Use ${DNS_LABEL_RULE}.`;
        problems.push(problemAt(construct, 'ORR2003', `"${namespace}" is not a valid namespace.`, { fix }));
      }
      for (const { code, what, fix } of placed.findings()) problems.push(problemAt(construct, code, what, { fix }));
    },
    render: (cluster, problems) => {
      const objects = placed.objects(cluster, problems) as readonly Named[];
      return {
        entries: objects.map((object) => ({
          path: `${construct.node.path}/${idOf(object, objects)}`,
          owner: construct,
          content: { type: 'object', object, shared: placed.differs !== true },
        })),
      };
    },
  });
}

function checkBeside(construct: Construct, other: Construct, problems: Problem[]): void {
  const [own, its] = [PLACES.get(construct), PLACES.get(other)];
  if (own === undefined || its === undefined) return;
  const there = new Set(clustersOf(other, its.placement, []));
  const without = clustersOf(construct, own.placement, []).filter((cluster) => !there.has(cluster));
  if (own.namespace === its.namespace && without.length === 0) return;
  const where = without.length === 0 ? '' : ` of cluster ${without.join(', ')}`;
  const what = `It uses "${other.node.path}", which is not in namespace "${own.namespace}"${where}.`;
  problems.push(problemAt(construct, 'ORR2012', what, { fix: 'Give both the same namespace and placement.' }));
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
}

function idOf({ kind, metadata }: Named, all: readonly Named[]): string {
  return all.filter((one) => one.kind === kind).length > 1 ? `${kind}-${metadata.name ?? ''}` : kind;
}
