import { Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { DeadMansSwitch, type DeadMansSwitchProps } from './dead-mans-switch';
import { IstioReporter, ServiceLevelIndicator } from './service-level-indicator';
import { ServiceLevelObjective, type ServiceLevelObjectiveProps } from './service-level-objective';

const HTTP = ServiceLevelIndicator.httpAvailability({ labels: { job: 'cart' } });
const PROPS = { objective: 0.999, sli: HTTP, selectedBy: { release: 'monitoring' } };

function program(props: Partial<ServiceLevelObjectiveProps>): (platform: Platform) => void {
  return (platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('sh');
    clusters.add('gz');
    const placement = Placement.everywhere();
    new ServiceLevelObjective(platform, 'cart', { ...PROPS, placement, namespaceName: 'mall', ...props });
  };
}

const rule = (props: Partial<ServiceLevelObjectiveProps> = {}): AnyObject =>
  assemblyOf(program(props)).object('sh', 'cart/PrometheusRule');
const refused = (build: (platform: Platform) => void) =>
  problemsOfProgram(build).map(({ code, what }) => `${code}: ${what}`);
const refusedWith = (props: Partial<ServiceLevelObjectiveProps>) => refused(program(props));

const recorded = (made: AnyObject, series: string): string =>
  made.spec.groups[0].rules.find(({ record }: AnyObject) => record === series).expr;
const alerts = (made: AnyObject): AnyObject[] => made.spec.groups[1].rules;

/** "5m>14.4*(1-0.999)" of all comparisons of an alert. */
const comparisons = ({ expr }: AnyObject): string[] =>
  [...expr.matchAll(/ratio_rate(\w+)\{[^}]*\} > \((\S+) \* \(1 - (\S+)\)\)/g)].map(
    ([, window, factor, objective]) => `${window}>${factor}*(1-${objective})`,
  );

describe('a service level objective', () => {
  it('is a PrometheusRule in each cluster, with the labels by which a Prometheus finds it', () => {
    const assembly = assemblyOf(program({}));
    for (const cluster of ['sh', 'gz']) {
      expect(assembly.object(cluster, 'cart/PrometheusRule')).toMatchObject({
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: {
          name: 'cart',
          namespace: 'mall',
          labels: { 'app.kubernetes.io/managed-by': 'orrery', release: 'monitoring' },
        },
      });
    }
  });

  it('may be in a cluster, or in a chart, whose namespace it takes', () => {
    const slos: ServiceLevelObjective[] = [];
    const assembly = assemblyOf((platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('sh');
      slos.push(new ServiceLevelObjective(cluster, 'cart', { ...PROPS, namespaceName: 'mall' }));
      slos.push(new ServiceLevelObjective(new Chart(cluster, 'base', { namespace: 'pay' }), 'pay', PROPS));
    });
    expect(slos.map(({ sloId }) => sloId)).toEqual(['mall/cart', 'pay/pay']);
    expect(assembly.object('sh', 'cart/PrometheusRule').metadata.namespace).toBe('mall');
    expect(assembly.object('sh', 'base/pay/PrometheusRule').metadata.namespace).toBe('pay');
  });

  it('tells of burn rates over two windows each, urgently and less so', () => {
    const [page, ticket, ...rest] = alerts(rule());
    expect(rest).toEqual([]);
    expect(page.expr).toBe(
      [
        '(',
        '  slo:sli_error:ratio_rate5m{slo="mall/cart"} > (14.4 * (1 - 0.999))',
        '  and',
        '  slo:sli_error:ratio_rate1h{slo="mall/cart"} > (14.4 * (1 - 0.999))',
        ')',
        'or',
        '(',
        '  slo:sli_error:ratio_rate30m{slo="mall/cart"} > (6 * (1 - 0.999))',
        '  and',
        '  slo:sli_error:ratio_rate6h{slo="mall/cart"} > (6 * (1 - 0.999))',
        ')',
      ].join('\n'),
    );
    expect(comparisons(ticket)).toEqual(['2h>3*(1-0.999)', '1d>3*(1-0.999)', '6h>1*(1-0.999)', '3d>1*(1-0.999)']);
    expect([page, ticket].map(({ alert, labels }) => ({ alert, ...labels }))).toEqual([
      { alert: 'ErrorBudgetBurn', severity: 'page' },
      { alert: 'ErrorBudgetBurn', severity: 'ticket' },
    ]);
    expect(page.annotations).toEqual({
      summary: 'The error budget of mall/cart burns too fast.',
      description: '{{ $value | humanizePercentage }} are errors; 0.1 % may be over 30d.',
    });
  });

  it('has for every objective and period factors that are budget × period / long window, and the same ones in both windows', () => {
    const pairs = [
      [2, 1],
      [5, 6],
      [10, 24],
      [10, 72],
    ] as const;
    const objective = fc.integer({ min: 95_000, max: 99_999 }).map((share) => share / 100_000);
    const assembly = (props: Partial<ServiceLevelObjectiveProps>) => alerts(rule(props)).flatMap(comparisons);
    fc.assert(
      fc.property(objective, fc.integer({ min: 28, max: 90 }), (share, days) => {
        const shown = assembly({ objective: share, period: `${days}d` }).map((text) => {
          const [, factor, given] = /^\w+>(.*)\*\(1-(.*)\)$/.exec(text) ?? [];
          expect(Number(given)).toBe(share);
          return Number(factor);
        });
        const factors = pairs.map(([percent, hours]) => ((percent / 100) * days * 24) / hours);
        factors.forEach((factor, at) => {
          expect(shown[2 * at]).toBeCloseTo(factor, 10);
          expect(shown[2 * at + 1]).toBe(shown[2 * at]);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('records every window that an alert looks at, and the whole period from what is recorded', () => {
    const made = rule({ period: '28d' });
    const windows = alerts(made)
      .flatMap(comparisons)
      .map((text) => text.split('>')[0]);
    const names = made.spec.groups[0].rules.map(({ record }: AnyObject) => record);
    for (const window of windows) {
      expect(names).toContain(`slo:sli_error:ratio_rate${window}`);
      expect(recorded(made, `slo:sli_error:ratio_rate${window}`)).toContain(`[${window}]`);
    }
    expect(recorded(made, 'slo:sli_error:ratio_rate28d')).toBe(
      'sum_over_time(slo:sli_error:ratio_rate5m{slo="mall/cart"}[28d]) / count_over_time(slo:sli_error:ratio_rate5m{slo="mall/cart"}[28d])',
    );
    expect(recorded(made, 'slo:objective:ratio')).toBe('vector(0.999)');
    expect(recorded(made, 'slo:period_error_budget_remaining:ratio')).toBe(
      '1 - slo:sli_error:ratio_rate28d{slo="mall/cart"} / (1 - 0.999)',
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('has labels, names, runbook and a sentence of its own', () => {
    const made = rule({
      labels: { team: 'shop' },
      alertName: 'CartBurns',
      pageLabels: { severity: 'critical', channel: 'phone' },
      ticketLabels: { channel: 'mail' },
      description: 'Customers cannot fill their carts.',
      runbookUrl: 'https://wiki.example.com/cart',
      missingFor: '1h',
    });
    for (const { labels } of made.spec.groups[0].rules) expect(labels).toEqual({ team: 'shop', slo: 'mall/cart' });
    const [page, ticket, unknown] = alerts(made);
    expect(page).toMatchObject({
      alert: 'CartBurns',
      labels: { severity: 'critical', channel: 'phone' },
      annotations: {
        description: expect.stringMatching(/^Customers cannot fill their carts\. \{\{/),
        runbook_url: 'https://wiki.example.com/cart',
      },
    });
    expect(ticket.labels).toEqual({ severity: 'ticket', channel: 'mail' });
    expect(unknown).toMatchObject({
      alert: 'CartBurnsUnknown',
      expr: 'absent((sum(rate(http_requests_total{job="cart"}[5m]))))',
      for: '1h',
      labels: { severity: 'ticket', channel: 'mail', team: 'shop', slo: 'mall/cart' },
    });
  });

  it('takes errors from anywhere, with no value where nothing happened and none where nothing failed', () => {
    const errorRatio = { errors: 'sum(rate(failed[{{window}}]))', total: 'sum(rate(all[{{ window }}])) # jobs' };
    const made = rule({ sli: ServiceLevelIndicator.errorRatio(errorRatio) });
    const all = '(\nsum(rate(all[1h])) # jobs\n)';
    expect(recorded(made, 'slo:sli_error:ratio_rate1h')).toBe(`((sum(rate(failed[1h]))) or 0 * ${all}) / (${all} > 0)`);
    const good = rule({ sli: ServiceLevelIndicator.successRatio({ good: 'a[{{window}}]', total: 'b[{{window}}]' }) });
    expect(recorded(good, 'slo:sli_error:ratio_rate5m')).toBe('1 - ((a[5m]) or 0 * (b[5m])) / ((b[5m]) > 0)');
  });

  it('counts requests by the metrics of Istio and of HTTP servers', () => {
    const of = (sli: ServiceLevelIndicator) => recorded(rule({ sli }), 'slo:sli_error:ratio_rate5m');
    const cart = { serviceName: 'cart', namespaceName: 'mall' };
    const labels = 'destination_service_namespace="mall",destination_service_name="cart"';
    const caller = `${labels},reporter=~"source|waypoint"`;
    expect(of(ServiceLevelIndicator.istioAvailability(cart))).toBe(
      `((sum(rate(istio_requests_total{${caller},response_code=~"5.."}[5m]))) or 0 * (sum(rate(istio_requests_total{${caller}}[5m])))) / ((sum(rate(istio_requests_total{${caller}}[5m]))) > 0)`,
    );
    expect(
      of(ServiceLevelIndicator.istioLatency({ ...cart, within: '1s', reporter: IstioReporter.RECEIVER })),
    ).toContain(
      `istio_request_duration_milliseconds_bucket{${labels},reporter=~"destination|waypoint",le=~"1000([.]0)?"}[5m]`,
    );
    const open = { metric: 'http_server_request_duration_seconds_count', statusLabel: 'http_response_status_code' };
    expect(of(ServiceLevelIndicator.httpAvailability({ labels: { job: 'a"b' }, ...open }))).toContain(
      'http_server_request_duration_seconds_count{job="a\\"b",http_response_status_code=~"5.."}[5m]',
    );
    expect(of(ServiceLevelIndicator.httpLatency({ labels: {}, within: '500ms' }))).toContain(
      'http_request_duration_seconds_bucket{le="0.5"}[5m]',
    );
  });

  it('is refused where it could never be judged, or could page nobody', () => {
    for (const objective of [0, 1, -0.5, 99.9, Number.NaN])
      expect(refusedWith({ objective })).toEqual([`ORR2011: The objective is ${objective}.`]);
    for (const period of ['7d', '30', '1y', '', '400d'])
      expect(refusedWith({ period })).toEqual([`ORR2011: The period is "${period}".`]);
    expect(refusedWith({ objective: 0.8 })).toEqual([
      'ORR2012: Nobody would be paged, whatever happens: errors alone burn the budget of objective 0.8 less than 6 times as fast as allowed.',
    ]);
    expect(alerts(rule({ objective: 0.834 }))).toHaveLength(2);
    const sli = ServiceLevelIndicator.errorRatio({ errors: 'rate(a[5m])', total: 'rate(b[{{range}}])' });
    expect(refusedWith({ sli })).toEqual([
      'ORR2011: The query for errors says nowhere over which time it counts: "rate(a[5m])".',
      'ORR2011: The query for total has the placeholder {{range}}, which stands for nothing.',
      'ORR2011: The query for total says nowhere over which time it counts: "rate(b[{{range}}])".',
    ]);
    const late = (within: string) => ServiceLevelIndicator.httpLatency({ labels: {}, within });
    for (const within of ['300ms', 'soon'])
      expect(refusedWith({ sli: late(within) })).toEqual([
        `ORR2011: "${within}" is no boundary of the histogram: how many requests took longer cannot be told.`,
      ]);
  });

  it('is refused where it could not be found, routed or loaded', () => {
    expect(refusedWith({ selectedBy: { 'a b': 'c' } })).toEqual([
      'ORR2011: selectedBy has the label a b=c, which Kubernetes does not take.',
    ]);
    expect(refusedWith({ labels: { 'a-b': 'c', slo: 'x' }, ticketLabels: { __a: 'b' } })).toEqual([
      'ORR2011: labels has the label "a-b", which Prometheus does not take.',
      'ORR2011: labels has the label "slo", which is set here.',
      'ORR2011: ticketLabels has the label "__a", which Prometheus does not take.',
    ]);
    expect(refusedWith({ alertName: 'Cart burns', missingFor: '90' })).toEqual([
      'ORR2011: "Cart burns" is no name for an alert.',
      'ORR2011: missingFor is "90".',
    ]);
    expect(refusedWith({ runbookUrl: 'wiki/cart' })).toEqual(['ORR2011: "wiki/cart" is no address of a runbook.']);
    expect(refusedWith({ runbookUrl: 'https://me:pw@wiki.example.com' })).toEqual([
      'ORR2011: The address of a runbook on wiki.example.com holds a user or password.',
    ]);
    expect(
      refused((platform) => {
        const cluster = new ClusterSet(platform, 'clusters').add('sh');
        new ServiceLevelObjective(cluster, 'cart', PROPS);
      }),
    ).toEqual(['ORR2003: It is in no namespace.']);
  });
});

describe("a dead man's switch", () => {
  const made = (props: Partial<DeadMansSwitchProps>) => (platform: Platform) => {
    const cluster = new ClusterSet(platform, 'clusters').add('sh');
    new DeadMansSwitch(cluster, 'watchdog', { selectedBy: {}, namespaceName: 'monitoring', ...props });
  };

  it('always fires, under labels by which it is routed', () => {
    const [group] = assemblyOf(made({ labels: { route: 'outside' } })).object('sh', 'watchdog/PrometheusRule').spec
      .groups;
    expect(group.rules).toMatchObject([
      { alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none', route: 'outside' } },
    ]);
  });

  it('is refused with a name or label that cannot be', () => {
    expect(refused(made({ alertName: 'a b', labels: { '1': 'x' } }))).toEqual([
      'ORR2011: "a b" is no name for an alert.',
      'ORR2011: labels has the label "1", which Prometheus does not take.',
    ]);
  });
});
