import { isDnsLabel } from '../../../private/names';
import type { Finding } from '../../../private/service-validation';
import { webAddressFindings } from '../../../private/web-address';
import type { ClusterMetrics, PrometheusProps } from '../../metric-props';
import { labelFindings } from '../slo-findings';
import type { StackContext } from '../stack-context';
import { CLUSTER_LABEL, clustersWithMetrics, type MetricPlan, REPLICA_LABEL } from './cluster-plan';
import { atLeastOne, bad, duration, endpointFindings, natural, size } from './setting-findings';
import { thanosFindings } from './thanos-findings';

/** Labels that are set here, by the operator, or by receivers. */
const TAKEN = [CLUSTER_LABEL, REPLICA_LABEL, 'prometheus', 'replica', 'receive', 'tenant_id'];

/** What is wrong with the metrics of a stack, whatever the cluster. */
export function metricFindings(stack: StackContext, plan: MetricPlan): Finding[] {
  const { prometheus } = plan;
  return [
    ...(prometheus === undefined ? [] : prometheusFindings(stack, plan, prometheus)),
    ...(plan.type === 'thanos' ? thanosFindings(stack, plan.thanos) : []),
    ...(plan.type === 'existing' ? existingFindings(plan) : []),
  ];
}

function prometheusFindings(stack: StackContext, plan: MetricPlan, props: PrometheusProps): Finding[] {
  const { clusters = {}, externalLabels = {}, alertmanager, grafana, series = {} } = props;
  return [
    ...sizes('', props),
    ...atLeastOne('replicas', props.replicas),
    ...duration('scrapeInterval', props.scrapeInterval),
    ...labelFindings('externalLabels', externalLabels, TAKEN),
    // The chart reads them as templates.
    ...Object.entries({ ...externalLabels }).flatMap(([name, value]) =>
      value.includes('{{') ? [bad(`The external label ${name} is "${value}".`, 'Use a text without "{{".')] : [],
    ),
    ...Object.entries(series).flatMap(([name, value]) => natural(`series.${name}`, value)),
    ...(alertmanager === undefined ? [] : endpointFindings('alertmanager', alertmanager)),
    ...(grafana?.url === undefined ? [] : webAddressFindings(grafana.url, 'Grafana')),
    ...(props.trustedNamespaces ?? []).flatMap((name) =>
      isDnsLabel(name) ? [] : [bad(`"${name}" in trustedNamespaces is no namespace.`, 'Use the name of a namespace.')],
    ),
    ...Object.entries(clusters).flatMap(([name, own]) => clusterFindings(stack, plan, name, own)),
    ...unasked(stack, plan, props),
  ];
}

function clusterFindings(stack: StackContext, plan: MetricPlan, name: string, own: ClusterMetrics): Finding[] {
  const known = clustersWithMetrics(stack).map(({ clusterName }) => clusterName);
  if (!known.includes(name))
    return [
      {
        code: 'ORR2005',
        what: `The metrics say something of cluster "${name}", which the stack does not observe.`,
        fix: `It observes: ${known.join(', ')}.`,
      },
    ];
  const of = `clusters.${name}.`;
  const found = [
    ...sizes(of, own),
    ...natural(`${of}nodes`, own.nodes),
    ...natural(`${of}pods`, own.pods),
    ...(own.queryUrl === undefined ? [] : webAddressFindings(own.queryUrl, `the Prometheus of ${name}`)),
  ];
  const contradict = (what: string, fix: string) => found.push({ code: 'ORR2012', what, fix });
  if (own.agent === true && plan.type === 'per-cluster')
    contradict(
      `The Prometheus of "${name}" is an agent, which keeps nothing, and nothing else keeps what it scrapes.`,
      'Leave agent out, or use MetricStore.thanos({ … }) or MetricStore.existing({ remoteWrite: … }).',
    );
  if ((own.agent === true || plan.type === 'existing') && own.retention !== undefined)
    contradict(
      `The Prometheus of "${name}" is an agent, which keeps nothing, and has the retention ${own.retention}.`,
      'Leave one of them out.',
    );
  if (own.queryUrl !== undefined && plan.type !== 'per-cluster')
    contradict(
      `Grafana asks one store for all clusters, and "${name}" has a queryUrl of its own.`,
      'Leave queryUrl out, or use MetricStore.perCluster({ … }).',
    );
  return found;
}

/** Clusters that a Grafana for all of them would not show. */
function unasked(stack: StackContext, plan: MetricPlan, { grafana, clusters = {} }: PrometheusProps): Finding[] {
  if (plan.type !== 'per-cluster' || grafana === undefined) return [];
  const centre = stack.centreCluster();
  return clustersWithMetrics(stack)
    .filter((cluster) => cluster !== centre && clusters[cluster.clusterName]?.queryUrl === undefined)
    .map(({ clusterName }) => ({
      code: 'ORR2013',
      what: `Grafana in "${centre}" cannot ask the Prometheus of "${clusterName}": no address of it is said.`,
      fix: `Add clusters: { '${clusterName}': { queryUrl: 'https://…' } }, or use MetricStore.thanos({ … }), where all is in the centre.`,
    }));
}

function existingFindings({ existing, prometheus }: MetricPlan & { type: 'existing' }): Finding[] {
  const { queryUrl, remoteWrite, alertmanagerUrl, agents, grafana } = existing;
  const found = [
    ...webAddressFindings(queryUrl, 'the existing Prometheus'),
    ...(alertmanagerUrl === undefined ? [] : webAddressFindings(alertmanagerUrl, 'the existing Alertmanager')),
    ...(remoteWrite === undefined ? [] : endpointFindings('remoteWrite', remoteWrite)),
  ];
  if (agents !== undefined && remoteWrite === undefined)
    found.push({
      code: 'ORR2012',
      what: 'Agents have nowhere to send what they scrape.',
      fix: 'Say remoteWrite: { url: … }, or leave agents out.',
    });
  if (prometheus?.retention !== undefined || prometheus?.retentionSize !== undefined)
    found.push({
      code: 'ORR2012',
      what: 'Agents keep nothing, and have a retention.',
      fix: 'Leave retention and retentionSize out: the existing Prometheus has its own.',
    });
  if (agents?.grafana !== undefined)
    found.push({
      code: 'ORR2012',
      what: 'Grafana is said of the agents, which are in every cluster.',
      fix: `Say it beside queryUrl${grafana === undefined ? '' : ' only'}.`,
    });
  return found;
}

function sizes(
  of: string,
  { retention, storage, shards }: Pick<ClusterMetrics, 'retention' | 'storage' | 'shards'>,
): Finding[] {
  return [
    ...duration(`${of}retention`, retention),
    ...(storage === undefined ? [] : size(`${of}storage`, storage)),
    ...atLeastOne(`${of}shards`, shards),
  ];
}
