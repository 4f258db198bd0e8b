import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { ScrapedComponent } from './metric-props';
import { MetricStore } from './metric-store';
import { ObservabilityStack } from './observability-stack';
import { PipelineAlerts, type PipelineAlertsProps } from './pipeline-alerts';

const BOTH = [ScrapedComponent.JENKINS, ScrapedComponent.TEKTON];

const made =
  (components: ScrapedComponent[], props: Partial<PipelineAlertsProps> = {}) =>
  (platform: Platform): void => {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('sh');
    clusters.add('ops');
    const stack = new ObservabilityStack(platform, 'watch', {
      placement: Placement.everywhere(),
      centre: Placement.named('ops'),
      metrics: MetricStore.perCluster({ components }),
    });
    new PipelineAlerts(platform, 'pipelines', { stack, ...props });
  };

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels: object;
  readonly annotations?: object;
}

function rulesOf(components: ScrapedComponent[], props: Partial<PipelineAlertsProps> = {}): Rule[] {
  const { metadata, spec } = assemblyOf(made(components, props)).object('sh', 'pipelines/PrometheusRule');
  expect(metadata).toMatchObject({ name: 'pipelines', namespace: 'observability' });
  return spec.groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
}
const alertsOf = (rules: readonly Rule[]) => rules.flatMap(({ alert = [] }) => alert);
const refused = (components: ScrapedComponent[], props: Partial<PipelineAlertsProps> = {}) =>
  problemsOfProgram(made(components, props)).map(({ code, what }) => `${code}: ${what}`);

describe('PipelineAlerts', () => {
  it('tell of what is scraped, in every cluster of the stack', () => {
    expect(alertsOf(rulesOf(BOTH))).toEqual([
      'PipelineRunsFail',
      'PipelineLeadTimeTooLong',
      'PipelineBuildsWait',
      'PipelineTasksHaveNoRoom',
    ]);
    const ofTekton = rulesOf([ScrapedComponent.TEKTON]);
    expect(alertsOf(ofTekton)).not.toContain('PipelineBuildsWait');
    expect(JSON.stringify(ofTekton)).not.toContain('jenkins');
    expect(JSON.stringify(rulesOf([ScrapedComponent.JENKINS]))).not.toContain('tekton');
  });

  it('have the limits, labels and runbook that are said', () => {
    const rules = rulesOf(BOTH, {
      leadTime: '45m',
      failedShare: 0.2,
      alertLabels: { team: 'platform' },
      runbookUrl: 'https://wiki.example.com/pipelines',
    });
    const [fails, slow] = rules.filter(({ alert }) => alert !== undefined);
    expect(fails?.expr).toBe('pipeline:failed_runs:ratio3h > 0.2 and pipeline:runs:increase3h >= 3');
    expect(slow?.expr).toBe('pipeline:lead_time_seconds:mean1d > 2700');
    expect(slow?.labels).toEqual({ severity: 'warning', team: 'platform' });
    expect(slow?.annotations).toMatchObject({ runbook_url: 'https://wiki.example.com/pipelines' });
  });

  it('are refused without anything to tell of, and with limits that are none', () => {
    expect(refused([])).toEqual([
      'ORR2013: The stack scrapes neither Jenkins nor Tekton: there is nothing to tell of.',
    ]);
    expect(
      refused(BOTH, { leadTime: 'soon', failedShare: 1, alertLabels: { severity: 'x' }, runbookUrl: 'wiki' }),
    ).toEqual([
      'ORR2011: The lead time is "soon".',
      'ORR2011: The share of runs that may fail is 1.',
      'ORR2011: alertLabels has the label "severity", which is set here.',
      'ORR2011: "wiki" is no address of a runbook.',
    ]);
  });
});
