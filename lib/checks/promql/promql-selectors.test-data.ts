import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** What a query in PromQL takes from Prometheus. */
export interface Selected {
  /** "" where only labels are matched. */
  readonly series: string;
  /** Labels that its matchers name. */
  readonly matched: readonly string[];
}

/** Every selector of a query. */
export function selectorsOf(query: string): Selected[] {
  const found: Selected[] = [];
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return;
      const series = node.getChild('Identifier');
      const matched: string[] = [];
      node.cursor().iterate((inner) => {
        if (inner.name === 'LabelName') matched.push(query.slice(inner.from, inner.to));
      });
      found.push({ series: series === null ? '' : query.slice(series.from, series.to), matched });
    },
  });
  return found;
}

/** Labels that aggregations and joins of a query name, without those that label_replace makes; the series they are of are not told apart. */
export function groupedLabels(query: string): string[] {
  const found: string[] = [];
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name !== 'GroupingLabels') return;
      node.cursor().iterate((inner) => {
        if (inner.name === 'LabelName') found.push(query.slice(inner.from, inner.to));
      });
    },
  });
  return found;
}

/** Whether the parser finds anything wrong. */
export function isWhole(query: string): boolean {
  let whole = true;
  parser.parse(query).iterate({
    enter: ({ type }: { readonly type: SyntaxNode['type'] }) => {
      if (type.isError) whole = false;
    },
  });
  return whole;
}
