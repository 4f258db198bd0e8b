import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadPromqlReader } from '../../lib/checks/promql/promql-reader.ts';
import { checkRules, isPromtoolMissing, promtoolSkipped } from './promtool.ts';

const EXPRESSIONS = [
  'sum by (job) (rate(requests_total{code=~"5.."}[5m])) / ignoring (code) group_left sum(rate(requests_total[5m])) > 0.01',
  'histogram_quantile(0.99, sum by (le) (rate(duration_seconds_bucket{job="a"}[5m]))) > 1 and on (job) up == 1',
  'max_over_time(rate(requests_total[5m])[1h:1m] offset 1d) - predict_linear(:free:bytes[1h], 4 * 3600) < bool 0',
  'label_replace(topk(3, avg_over_time(temperature[1d])), "to", "$1", "from", "(.*)") unless absent(up{a!="b"})',
  'count_values("version", build_info) or clamp(quantile_over_time(0.9, latency[5m] @ end()), 0, 1e3)',
];

/** Expressions with pieces left out, doubled or exchanged. */
const mutated = fc
  .tuple(
    fc.constantFrom(...EXPRESSIONS),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(2)), { minLength: 1, maxLength: 2 }),
  )
  .map(([expression, changes]) => {
    const pieces = expression.match(/\w+|\s+|[^\w\s]/g) ?? [];
    for (const [at, other, how] of changes) {
      const [from, to] = [at % pieces.length, other % pieces.length];
      const piece = pieces[from] ?? '';
      if (how === 0) pieces.splice(from, 1);
      else if (how === 1) pieces.splice(to, 0, piece);
      else [pieces[from], pieces[to]] = [pieces[to] ?? '', piece];
    }
    return pieces.join('');
  });

it.skipIf(isPromtoolMissing)(
  `what the check refuses promtool refuses as well, of random mistakes${promtoolSkipped}`,
  async () => {
    const read = await loadPromqlReader();
    const expressions = [...new Set(fc.sample(mutated, 1000))];
    const rules = expressions.map((expr) => ({ record: 'a:b', expr }));
    const refused = new Set(
      [...checkRules([{ name: 'all', rules }]).matchAll(/rule (\d+), "a:b"/g)].map(([, at]) => Number(at) - 1),
    );
    const found = expressions.map((expr) => read(expr) !== undefined);
    expect(refused.size).toBeGreaterThan(100);
    expect(found.filter(Boolean).length / refused.size).toBeGreaterThan(0.9);
    expect(expressions.filter((_, at) => found[at] && !refused.has(at))).toEqual([]);
  },
);
