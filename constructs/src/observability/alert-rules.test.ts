import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { AlertRule } from './alert-rule';
import { type AlertRuleGroup, AlertRules } from './alert-rules';
import { PlatformAlerts, type PlatformAlertsProps, PlatformAlertTopic } from './platform-alerts';

const place = { selectedBy: { release: 'monitoring' }, namespaceName: 'monitoring' };
const down = AlertRule.alert({ name: 'Down', expression: 'up == 0', severity: 'page', summary: 'It is down.' });
const refused = (...groups: AlertRuleGroup[]) =>
  problemsOfProgram((platform) => {
    new AlertRules(new ClusterSet(platform, 'clusters').add('sh'), 'rules', { ...place, groups });
  }).map(({ code, what }) => `${code}: ${what}`);

describe('AlertRules', () => {
  it('are a PrometheusRule that the Prometheus of its labels finds', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('sh');
      new AlertRules(cluster, 'rules', { ...place, groups: [{ name: 'all', rules: [down] }] });
    });
    expect(assembly.object('sh', 'rules/PrometheusRule')).toMatchObject({
      metadata: { name: 'rules', namespace: 'monitoring', labels: { release: 'monitoring' } },
      spec: {
        groups: [
          {
            name: 'all',
            rules: [
              {
                alert: 'Down',
                expr: 'up == 0',
                labels: { severity: 'page' },
                annotations: { summary: 'It is down.' },
              },
            ],
          },
        ],
      },
    });
  });

  it('refuse what Prometheus does not load', () => {
    expect(refused()).toEqual(['ORR2011: There is no group of rules.']);
    expect(refused({ name: 'a', rules: [] }, { name: 'a', rules: [down, down], interval: 'often', limit: -1 })).toEqual(
      [
        'ORR2011: There are two groups "a".',
        'ORR2011: Group "a" has no rule.',
        'ORR2011: The interval of group "a" is "often".',
        'ORR2011: Group "a" has limit -1.',
        'ORR2011: Group "a" has "Down" twice with the same labels.',
      ],
    );
    const odd = AlertRule.alert({
      name: 'Is down',
      expression: ' ',
      severity: 'Page 1',
      summary: '',
      pendingFor: '1 minute',
      keepFiringFor: '0s',
      labels: { severity: 'page', 'a-b': 'c' },
      annotations: { summary: 'twice' },
      runbookUrl: 'wiki',
    });
    expect(refused({ name: 'a', rules: [odd, AlertRule.recording({ name: 'a b', expression: '1' })] })).toEqual([
      'ORR2011: "Is down" is no name for an alert.',
      'ORR2011: "Is down" has no expression.',
      'ORR2011: "Page 1" is no severity.',
      'ORR2011: "Is down" has the label "severity", which is set here.',
      'ORR2011: "Is down" has the label "a-b", which Prometheus does not take.',
      'ORR2011: Annotations of "Is down" has the label "summary", which is set here.',
      'ORR2011: "wiki" is no address of a runbook.',
      'ORR2011: pendingFor of "Is down" is "1 minute".',
      'ORR2011: keepFiringFor of "Is down" is "0s".',
      'ORR2011: "a b" is no name for a series.',
    ]);
  });

  it('take one alert with several severities', () => {
    const ticket = AlertRule.alert({ name: 'Down', expression: 'up < 1', severity: 'ticket', summary: 'Some are.' });
    expect(() =>
      assemblyOf((platform) => {
        const cluster = new ClusterSet(platform, 'clusters').add('sh');
        new AlertRules(cluster, 'rules', { ...place, groups: [{ name: 'all', rules: [down, ticket] }] });
      }),
    ).not.toThrow();
  });
});

describe('PlatformAlerts', () => {
  const groupsOf = (props: Partial<PlatformAlertsProps>): string[] =>
    assemblyOf((platform) => {
      new PlatformAlerts(new ClusterSet(platform, 'clusters').add('sh'), 'platform', { ...place, ...props });
    })
      .object('sh', 'platform/PrometheusRule')
      .spec.groups.map(({ name }: { name: string }) => name);

  it('are about everything, or what is asked for', () => {
    expect(groupsOf({})).toEqual(['nodes', 'workloads', 'certificates', 'engine'].map((topic) => `platform-${topic}`));
    expect(groupsOf({ topics: [PlatformAlertTopic.NODES, PlatformAlertTopic.NODES] })).toEqual(['platform-nodes']);
  });

  it('refuse to be about nothing', () => {
    expect(
      problemsOfProgram((platform) => {
        const cluster = new ClusterSet(platform, 'clusters').add('sh');
        new PlatformAlerts(cluster, 'platform', { ...place, topics: [], runbooks: 'wiki' });
      }).map(({ what }) => what),
    ).toEqual(['"wiki" is no address of runbooks.', 'The alerts are about nothing.']);
  });
});
