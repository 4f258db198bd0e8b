import type { parser as Parser } from '@prometheus-io/lezer-promql';

type Tree = ReturnType<typeof Parser.parse>;
type SyntaxNode = Tree['topNode'];

/** A mistake in an expression. */
export interface PromqlMistake {
  /** "1:14", where it has several lines "3:7". */
  readonly at: string;
  /** Follows "… at 1:14: ", no full stop. */
  readonly what: string;
  /** Some versions of Prometheus take it. */
  readonly byVersion?: true;
}

/** The first mistake in a PromQL expression of a rule; undefined where there is none. */
export type PromqlReader = (expression: string) => PromqlMistake | undefined;

/** Loads the parser: only where there is an expression to read. */
export async function loadPromqlReader(): Promise<PromqlReader> {
  const { parser } = await import('@prometheus-io/lezer-promql');
  return (expression) => {
    // Prometheus reads "0." as a number, its grammar for editors does not. Places stay where they are.
    const tree = parser.parse(expression.replace(/(?<![\w.])(\d+)\.(?![\w.])/g, '$1 '));
    return wrongSyntax(tree, expression) ?? wrongRange(tree, expression);
  };
}

/** Functions that newer or older versions of Prometheus call otherwise, and the parser does not know (prometheus/prometheus CHANGELOG, 3.0.0). */
const RENAMED: ReadonlyMap<string, string> = new Map([['holt_winters', 'double_exponential_smoothing']]);

function wrongSyntax(tree: Tree, text: string): PromqlMistake | undefined {
  let error: SyntaxNode | undefined;
  tree.iterate({
    enter: ({ type, node }) => {
      if (type.isError) error ??= node;
      return error === undefined;
    },
  });
  if (error === undefined) return undefined;
  const { from, to } = error;
  const [, called = ''] = /([a-zA-Z_]\w*)\s*$/.exec(text.slice(0, from)) ?? [];
  if (called !== '' && text.slice(from).trimStart().startsWith('(')) {
    const at = place(text, text.slice(0, from).lastIndexOf(called));
    const renamed = RENAMED.get(called);
    if (renamed !== undefined) return { at, what: `${called} is ${renamed} since Prometheus 3`, byVersion: true };
    return { at, what: `there is no function ${called}` };
  }
  if (text.trim() === '') return { at: place(text, 0), what: 'it is empty' };
  if (text.slice(from).trim() === '') return { at: place(text, from), what: 'it ends too early' };
  const found = text.slice(from, Math.max(to, from + 1)).trim();
  return {
    at: place(text, from),
    what: found === '' ? 'something is missing' : `${JSON.stringify(found)} does not belong there`,
  };
}

/** Functions of what is in a range (prometheus/prometheus promql/parser/functions.go), beside those that end with "_over_time". */
const OF_RANGES = new Set(
  'changes delta deriv double_exponential_smoothing idelta increase irate predict_linear rate resets'.split(' '),
);

/** A range where an instant has to be, or the other way round: the parser takes both, Prometheus does not. */
function wrongRange(tree: Tree, text: string): PromqlMistake | undefined {
  const top = tree.topNode.lastChild;
  if (top !== null && isRange(top))
    return { at: place(text, top.from), what: 'the result is a range, not a number at a time' };
  let mistake: PromqlMistake | undefined;
  const wrong = (node: SyntaxNode, what: string) => {
    mistake ??= { at: place(text, node.from), what };
  };
  tree.iterate({
    enter: ({ node, name }) => {
      if (name === 'FunctionCall') {
        const called = node.getChild('FunctionIdentifier');
        const function_ = called === null ? '' : text.slice(called.from, called.to);
        const isOfRanges = OF_RANGES.has(function_) || function_.endsWith('_over_time');
        if (isOfRanges && !children(node.getChild('FunctionCallBody')).some(isRange))
          wrong(node, `${function_} needs a range, e.g. [5m]`);
      } else if (name === 'AggregateExpr') {
        const range = children(node.getChild('FunctionCallBody')).find(isRange);
        if (range !== undefined) wrong(range, 'a range cannot be aggregated');
      } else if (name === 'BinaryExpr' || name === 'UnaryExpr') {
        const range = children(node).find(isRange);
        if (range !== undefined) wrong(range, 'a range cannot be calculated with');
      }
      return mistake === undefined;
    },
  });
  return mistake;
}

const OF_THE_SAME_KIND = new Set(['OffsetExpr', 'StepInvariantExpr', 'AnchoredExpr', 'SmoothedExpr', 'ParenExpr']);

function isRange(node: SyntaxNode): boolean {
  if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') return true;
  const inner = OF_THE_SAME_KIND.has(node.name) ? node.firstChild : null;
  return inner !== null && isRange(inner);
}

function children(node: SyntaxNode | null): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
