import type { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { present } from '../../private/present-members';
import { type Problem, problemAt } from '../../private/problem';
import { type Scaled, scalersOf } from '../../private/scaling-rendering';
import { autoscalingProblems, reportUnscalable } from '../../private/scaling-validation';
import { servesApi } from '../../private/served-apis';
import type { Finding } from '../../private/service-validation';
import { settingsProblems } from '../../private/settings-validation';
import { webAddressFindings } from '../../private/web-address';
import { ScalingMetric } from '../../scaling-metric';
import { ScalingTrigger } from '../../scaling-trigger';
import type { Autoscaling } from '../../service-props';
import type { GpuServiceProps, GpuServiceScaling } from '../gpu-service-props';
import { kserveObjects } from './kserve-rendering';
import type { GpuPoolView } from './pool-view';
import { isVllm, serverFindings, serverPort } from './server-container';
import { SHRINKING, WAITING_PER_REPLICA } from './service-defaults';
import { type GpuWorkload, queueLabels, type WorkloadPods, workloadLabels, workloadMetadata } from './workload-pods';

const QUEUE_METRIC = 'vllm:num_requests_waiting';

/** The objects around the pods of a service. */
export function serviceObjects(workload: GpuWorkload, props: GpuServiceProps, pods: WorkloadPods): object[] {
  const rule = props.server._rule();
  if (rule.kind === 'kserve') return kserveObjects(workload, props, rule.model, pods, queueQuery(workload.name, props));
  const { autoscaling, selectedBy } = props;
  const metadata = workloadMetadata(workload);
  const matchLabels = workloadLabels(workload);
  const port = serverPort(props);
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, labels: { ...metadata.labels, ...queueLabels(workload) } },
      spec: {
        ...(autoscaling === undefined ? { replicas: props.replicas ?? 1 } : {}),
        selector: { matchLabels },
        // A new pod finds no room beside the old ones where all cards are in use, and a volume for one node follows nobody.
        strategy: strategyOf(props),
        template: { metadata: pods.metadata, spec: pods.spec },
      },
    },
    ...(port === undefined
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata,
            spec: {
              type: 'ClusterIP',
              selector: matchLabels,
              ports: [{ name: 'http', port, targetPort: port, protocol: 'TCP' }],
            },
          },
        ]),
    ...budgetOf(workload, props),
    ...(autoscaling === undefined
      ? []
      : scalersOf({ metadata, kind: 'Deployment' }, scaled(workload.name, props, autoscaling)).map(
          ({ object }) => object,
        )),
    ...(selectedBy === undefined || port === undefined ? [] : [serviceMonitor(workload, selectedBy)]),
  ];
}

function strategyOf({ volumes = [] }: GpuServiceProps): object {
  const isForOneNode = volumes.some(({ accessMode = 'ReadWriteOnce' }) => accessMode.startsWith('ReadWriteOnce'));
  return isForOneNode
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
}

function budgetOf(workload: GpuWorkload, props: GpuServiceProps): object[] {
  const most = props.autoscaling?.maxReplicas ?? props.replicas ?? 1;
  const { disruptionBudget = most > 1 ? { maxUnavailable: '1' } : undefined } = props;
  if (disruptionBudget === undefined) return [];
  const { minAvailable, maxUnavailable } = disruptionBudget;
  const numbers = present({
    minAvailable: numberOrPercent(minAvailable),
    maxUnavailable: numberOrPercent(maxUnavailable),
  });
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: workloadMetadata(workload),
      spec: { selector: { matchLabels: workloadLabels(workload) }, ...numbers },
    },
  ];
}

function numberOrPercent(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function serviceMonitor(workload: GpuWorkload, selectedBy: { readonly [key: string]: string }): object {
  const metadata = workloadMetadata(workload);
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { ...metadata, labels: { ...metadata.labels, ...selectedBy } },
    spec: { selector: { matchLabels: workloadLabels(workload) }, endpoints: [{ port: 'http', path: '/metrics' }] },
  };
}

/** Requests that wait, of the pods of a service alone: names of Deployments of others may begin alike. */
function queueQuery(name: string, { namespaceName, server, autoscaling }: GpuServiceProps): string {
  const pods = server._rule().kind === 'kserve' ? `${name}-predictor-.+` : `${name}-[a-z0-9]+-[a-z0-9]+`;
  return autoscaling?.query ?? `sum(${QUEUE_METRIC}{namespace="${namespaceName}",pod=~"${pods}"})`;
}

/** As services of applications are scaled. */
function asAutoscaling(name: string, props: GpuServiceProps, scaling: GpuServiceScaling): Autoscaling {
  const { minReplicas = 1, maxReplicas, waitingPerReplica = WAITING_PER_REPLICA, prometheus } = scaling;
  const { scaleUp, metricName = QUEUE_METRIC } = scaling;
  const { scaleDown = SHRINKING } = scaling;
  const query = queueQuery(name, props);
  const bounds = { minReplicas, maxReplicas, scaleDown, ...present({ scaleUp }) };
  return prometheus === undefined
    ? { ...bounds, metrics: [ScalingMetric.pods(metricName, String(waitingPerReplica))] }
    : {
        ...bounds,
        triggers: [ScalingTrigger.prometheus({ serverAddress: prometheus, query, threshold: waitingPerReplica })],
      };
}

function scaled(name: string, props: GpuServiceProps, scaling: GpuServiceScaling): Scaled {
  const { triggers = [], fallback: _fallback, ...rest } = asAutoscaling(name, props, scaling);
  return { ...rest, triggers: triggers.map((trigger) => trigger._rule()) };
}

/** What is wrong with a service, beside its pods. */
export function serviceFindings(name: string, props: GpuServiceProps, pool: GpuPoolView): Finding[] {
  const { autoscaling, replicas, disruptionBudget, volumes = [], selectedBy, server } = props;
  const findings = serverFindings(props, pool);
  if (replicas !== undefined && (!Number.isSafeInteger(replicas) || replicas < 0 || replicas > 2 ** 31 - 1)) {
    findings.push({ code: 'ORR2011', what: `\`replicas\` is ${replicas}.`, fix: 'Use a whole number from 0 on.' });
  }
  if (disruptionBudget !== undefined) findings.push(...settingsProblems({ image: 'x', disruptionBudget }));
  const most = autoscaling?.maxReplicas ?? replicas ?? 1;
  const single = volumes.find(({ accessMode = 'ReadWriteOnce' }) => accessMode.startsWith('ReadWriteOnce'));
  if (most > 1 && single !== undefined) {
    const what = `Volume "${single.name}" can be used on one node only, and there are up to ${most} pods.`;
    findings.push({ code: 'ORR2012', what, fix: 'Use AccessMode.READ_WRITE_MANY, or one replica.' });
  }
  if (selectedBy !== undefined && serverPort(props) === undefined) {
    const what = 'It has `selectedBy`, and no port of its own that metrics are read from.';
    const fix =
      server._rule().kind === 'kserve' ? 'Leave it out: KServe makes the Service.' : 'Say `port` of the server.';
    findings.push({ code: 'ORR2012', what, fix });
  }
  return autoscaling === undefined ? findings : [...findings, ...scalingFindings(name, props, autoscaling)];
}

function scalingFindings(name: string, props: GpuServiceProps, scaling: GpuServiceScaling): Finding[] {
  const { minReplicas = 1, prometheus, query, metricName, waitingPerReplica = WAITING_PER_REPLICA } = scaling;
  const findings = autoscalingProblems(asAutoscaling(name, props, scaling), { cpu: '1', memory: '1' });
  const contradiction = (what: string, fix: string) => findings.push({ code: 'ORR2012', what, fix });
  if (props.replicas !== undefined) contradiction('It has `replicas` and `autoscaling`.', 'Leave out one of the two.');
  if (minReplicas < 1) {
    contradiction('`minReplicas` is 0: while no pod runs nothing counts the requests that wait.', 'Use 1.');
  }
  if (!(waitingPerReplica > 0)) {
    findings.push({
      code: 'ORR2011',
      what: `\`waitingPerReplica\` is ${waitingPerReplica}.`,
      fix: 'Use a number above 0.',
    });
  }
  if (prometheus !== undefined) findings.push(...webAddressFindings(prometheus, 'Prometheus'));
  if (prometheus === undefined && query !== undefined) {
    contradiction('`query` is for KEDA, and no `prometheus` is said.', 'Say its address, or `metricName`.');
  }
  if (prometheus !== undefined && metricName !== undefined) {
    contradiction(
      '`metricName` is for a HorizontalPodAutoscaler, and KEDA asks `prometheus`.',
      'Leave out one of the two.',
    );
  }
  const isKserve = props.server._rule().kind === 'kserve';
  if (isKserve && (scaling.scaleUp?.policies ?? scaling.scaleDown?.policies) !== undefined) {
    contradiction('KServe passes on `stabilization` alone.', 'Leave out the `policies`.');
  }
  if (isKserve && prometheus === undefined) {
    contradiction('KServe scales by the queue with KEDA alone.', 'Say the address of `prometheus`.');
  }
  if (!isVllm(props) && query === undefined && metricName === undefined) {
    contradiction(`The server is not known to have ${QUEUE_METRIC}.`, 'Say `query`, or `metricName`.');
  }
  return findings;
}

/** What a cluster lacks for it. */
export function reportUnserved(
  construct: Construct,
  name: string,
  props: GpuServiceProps,
  cluster: Cluster,
  problems: Problem[],
): void {
  const { autoscaling, selectedBy, server } = props;
  const needs: [string, string, string][] = [
    ...(server._rule().kind === 'kserve'
      ? ([['serving.kserve.io/v1beta1', 'KServe', '']] as [string, string, string][])
      : []),
    ...(selectedBy !== undefined
      ? ([['monitoring.coreos.com/v1', 'the Prometheus operator', ', or leave out `selectedBy`']] as [
          string,
          string,
          string,
        ][])
      : []),
  ];
  for (const [api, who, or] of needs) {
    if (servesApi(cluster, api)) continue;
    const what = `No fact of cluster "${cluster.clusterName}" says that ${who} is there.`;
    const fix = `Add apiVersions: ['${api}'] to the facts of the cluster${or}.`;
    problems.push(problemAt(construct, 'ORR2013', what, { fix, cluster: cluster.clusterName }));
  }
  if (autoscaling === undefined) return;
  reportUnscalable(construct, cluster, name, scaled(name, props, autoscaling), problems);
}
