import { ApiObject, type App, Chart } from 'cdk8s';
import { deployment, type PlainObject } from '../objects.ts';

export interface Tree {
  readonly charts: readonly { readonly id: string; readonly props: readonly PlainObject[] }[];
  /** Each chart depends on the one before. */
  readonly chained: boolean;
}

/** "1x10000" = one chart of 10,000 Deployments; "chain-8" = 8 charts of 10, each dependent on the one before. */
export function treeOf(name: string): Tree {
  const [, chain] = /^chain-(\d+)$/.exec(name) ?? [];
  if (chain !== undefined) return { charts: charts(Number(chain), 10), chained: true };
  const [, count, size] = /^(\d+)x(\d+)$/.exec(name) ?? [];
  if (count === undefined || size === undefined) throw new Error(`no synth case "${name}"`);
  return { charts: charts(Number(count), Number(size)), chained: false };
}

/** Builds the tree of plain cdk8s objects: the same code on both sides. */
export function populate(app: App, tree: Tree): void {
  let previous: Chart | undefined;
  for (const { id, props } of tree.charts) {
    const chart = new Chart(app, id);
    for (const [index, object] of props.entries()) new ApiObject(chart, `object-${index}`, object);
    if (tree.chained && previous !== undefined) chart.addDependency(previous);
    previous = chart;
  }
}

/** Reports to the parent process, on stdout. */
export function printTaken(started: number): void {
  const milliseconds = performance.now() - started;
  // maxRSS is in kilobytes on every platform.
  process.stdout.write(`${JSON.stringify({ milliseconds, megabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
}

function charts(count: number, size: number): Tree['charts'] {
  return Array.from({ length: count }, (_, chart) => ({
    id: `chart-${chart}`,
    props: Array.from({ length: size }, (_, index) => deployment(chart * size + index)),
  }));
}
