import type { Cluster } from '../../../cluster';
import { HelmRelease } from '../../../helm-release';
import { quantityOf } from '../../../private/quantity';
import type { Finding } from '../../../private/service-validation';
import type { FluentBitProps } from '../../log-collection-props';
import { multilineFindings } from '../../log-lines';
import type { StackContext } from '../stack-context';
import { joinAlerts } from './alert-collection';
import { auditPolicyObjects } from './audit-delivery';
import { prefixFindings } from './collection-findings';
import { eventReader } from './event-reader';
import { fluentBitMonitor } from './fluent-bit-monitor';
import { fluentBitObjects } from './fluent-bit-objects';
import type { FluentBitPlan } from './fluent-bit-plan';
import { LogObjects } from './objects-construct';
import { logOwners, ownerFindings } from './owners';
import { joinStore, storeFindings } from './store-collection';
import { datasourceOf, endpointFrom, partLabels, storeName } from './store-endpoint';
import { apiOf } from './store-model';

/** Of the charts that are installed: the versions whose values are known here. */
const OPERATOR = { chart: 'fluent-operator', repository: 'https://fluent.github.io/helm-charts', version: '4.3.0' };

export function joinFluentBit(stack: StackContext, props: FluentBitProps): void {
  const { scope, namespaceName, placement } = stack;
  const { prefix = 'k8s', events = true, to } = props;
  const model = to._model();
  const labels = partLabels(stack);
  const operator = new HelmRelease(scope, 'fluent-operator', {
    ...(props.operatorChart === undefined ? OPERATOR : { chart: props.operatorChart }),
    releaseName: `${stack.name}-fluent-operator`,
    namespaceName,
    placement,
    values: operatorValues(),
  });
  const plan = (cluster: Cluster): FluentBitPlan => ({
    name: storeName(stack),
    namespace: namespaceName,
    labels,
    cluster,
    prefix,
    owners: logOwners(stack.workspaces),
    api: apiOf(model),
    endpoint: endpointFrom(stack, model, cluster),
    requestIdHeader: stack.requestIdHeader,
    props,
  });
  const collection = new LogObjects(scope, 'fluent-bit', {
    placement,
    namespace: namespaceName,
    differs: true,
    findings: () => [...collectionFindings(stack, props), ...storeFindings(stack, model, prefix)],
    objects: (cluster) => [
      ...fluentBitObjects(plan(cluster)),
      ...auditPolicyObjects(stack, props),
      ...(stack.metrics !== undefined ? [fluentBitMonitor(plan(cluster), stack.selectedBy)] : []),
    ],
  });
  // Definitions of its kinds are the operator's.
  collection.node.addDependency(operator);
  if (events)
    new LogObjects(scope, 'events', {
      placement,
      namespace: namespaceName,
      differs: true,
      findings: () => [],
      objects: (cluster) => eventReader({ ...plan(cluster), image: props.image }),
    });
  joinStore(stack, model, prefix);
  datasourceOf(stack, model, prefix);
  stack.addMetrics('fluent-bit');
  if (props.alerts !== undefined)
    joinAlerts(stack, props.alerts, {
      api: apiOf(model),
      endpoint: () => endpointFrom(stack, model, undefined),
      prefix,
    });
}

/** The operator alone: what it is to do, objects of ours say. */
function operatorValues(): object & { [key: string]: unknown } {
  return {
    Kubernetes: false,
    containerRuntime: 'containerd',
    operator: {
      disableComponentControllers: 'fluentd',
      resources: { limits: { cpu: '200m', memory: '128Mi' }, requests: { cpu: '20m', memory: '64Mi' } },
    },
    fluentbit: { enable: false },
    fluentd: { enable: false },
  };
}

function collectionFindings(stack: StackContext, props: FluentBitProps): Finding[] {
  const {
    prefix = 'k8s',
    drop = [],
    multilineStarts = [],
    bufferSize = '5G',
    memory = '256Mi',
    units = [],
    audit,
  } = props;
  const bad = (what: string, fix: string): Finding => ({ code: 'ORR2011', what, fix });
  return [
    ...ownerFindings(logOwners(stack.workspaces)),
    ...(audit?.policy?._findings() ?? []),
    ...drop.flatMap((one) => one._findings()),
    ...multilineFindings(multilineStarts),
    ...prefixFindings(prefix),
    ...(/^[1-9]\d{0,5}(M|G)$/.test(bufferSize)
      ? []
      : [bad(`bufferSize is ${JSON.stringify(bufferSize)}.`, 'Use M or G, e.g. "5G".')]),
    ...((quantityOf(memory) ?? 0) >= 64 * 2 ** 20
      ? []
      : [bad(`The memory of Fluent Bit is ${JSON.stringify(memory)}.`, 'Use at least "64Mi".')]),
    ...units
      .filter((unit) => !/^[A-Za-z0-9@_.-]+$/.test(unit) || unit.endsWith('.service'))
      .map((unit) => bad(`${JSON.stringify(unit)} is no unit of systemd.`, 'Name it without ".service": "kubelet".')),
    ...(audit?.path === undefined || /^\/[A-Za-z0-9_./-]+\/[A-Za-z0-9_.-]+$/.test(audit.path)
      ? []
      : [
          bad(
            `The audit log is ${JSON.stringify(audit.path)}.`,
            'Use the absolute path of a file in a folder of its own.',
          ),
        ]),
  ];
}
