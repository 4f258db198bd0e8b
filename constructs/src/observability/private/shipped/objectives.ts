import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import { DashboardVariable } from '../../dashboard-variable';
import { ask, askAll, clusterVariable, columnsOf, IN_CLUSTER, needs, type ShippedDashboard } from './shipped-dashboard';

const THESE = `${IN_CLUSTER},slo=~"$slo"`;
const burn = (window: string) =>
  `max by (cluster, slo) (slo:sli_error:ratio_rate${window}{${THESE}}) / (1 - max by (cluster, slo) (slo:objective:ratio{${THESE}}))`;

const LEFT_OF_BUDGET = [
  { value: 0, color: 'orange' },
  { value: 0.3, color: 'green' },
];

/** Objectives, how fast their error budgets burn, and what is left of them. */
export const OBJECTIVES: ShippedDashboard = {
  key: 'objectives',
  set: DashboardSet.OBJECTIVES,
  title: 'Objectives',
  description: 'Objectives of services: a budget burns at 1× when exactly all of it is gone at the end of the period.',
  anyOf: ['rules'],
  content: () => ({
    variables: [
      clusterVariable('slo:objective:ratio'),
      DashboardVariable.labelValues('slo', `slo:objective:ratio{${IN_CLUSTER}}`, 'slo', {
        title: 'Objective',
        multiple: true,
        includeAll: true,
        allValue: '.*',
      }),
    ],
    timeRange: '24h',
    top: [
      needs(
        ['rules'],
        DashboardPanel.table({
          title: 'Objectives',
          queries: columnsOf([
            `max by (cluster, slo) (slo:objective:ratio{${THESE}})`,
            `max by (cluster, slo) (slo:period_error_budget_remaining:ratio{${THESE}})`,
            burn('1h'),
            burn('6h'),
            burn('3d'),
          ]),
          columns: [
            TableColumn.label('cluster', { title: 'Cluster' }),
            TableColumn.label('slo', { title: 'Objective' }),
            TableColumn.value(0, { title: 'Share that shall be good', unit: 'percentunit', decimals: 3 }),
            TableColumn.value(1, {
              title: 'Budget left',
              unit: 'percentunit',
              decimals: 1,
              lowestColor: 'red',
              thresholds: LEFT_OF_BUDGET,
            }),
            TableColumn.value(2, {
              title: 'Burns, 1 hour',
              unit: '×',
              decimals: 1,
              thresholds: [{ value: 14.4, color: 'red' }],
            }),
            TableColumn.value(3, {
              title: 'Burns, 6 hours',
              unit: '×',
              decimals: 1,
              thresholds: [{ value: 6, color: 'red' }],
            }),
            TableColumn.value(4, {
              title: 'Burns, 3 days',
              unit: '×',
              decimals: 1,
              thresholds: [{ value: 1, color: 'orange' }],
            }),
          ],
        }),
      ),
    ],
    rows: [
      {
        title: 'Burn',
        panels: [
          needs(
            ['rules'],
            DashboardPanel.timeSeries({
              title: 'Budget left',
              queries: ask(
                `max by (cluster, slo) (slo:period_error_budget_remaining:ratio{${THESE}})`,
                '{{slo}} {{cluster}}',
              ),
              unit: 'percentunit',
              maximum: 1,
            }),
          ),
          needs(
            ['rules'],
            DashboardPanel.timeSeries({
              title: 'How fast budgets burn',
              queries: askAll({ '{{slo}} 5 minutes': burn('5m'), '{{slo}} 1 hour': burn('1h') }),
              unit: '×',
              minimum: 0,
              thresholds: [{ value: 14.4, color: 'red' }],
            }),
          ),
          needs(
            ['rules'],
            DashboardPanel.timeSeries({
              title: 'Share of errors',
              queries: ask(`max by (cluster, slo) (slo:sli_error:ratio_rate5m{${THESE}})`, '{{slo}} {{cluster}}'),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['rules'],
            DashboardPanel.table({
              title: 'Alerts of objectives',
              queries: columnsOf([
                `count by (cluster, slo, severity, alertname) (ALERTS{${THESE},alertstate="firing"})`,
              ]),
              columns: [
                TableColumn.label('cluster', { title: 'Cluster' }),
                TableColumn.label('slo', { title: 'Objective' }),
                TableColumn.label('alertname', { title: 'Alert' }),
                TableColumn.label('severity', { title: 'Severity' }),
              ],
              width: 12,
              height: 8,
            }),
          ),
        ],
      },
    ],
  }),
};
