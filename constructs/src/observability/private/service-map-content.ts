import { MultiClusterApp } from '../../multi-cluster-app';
import type { MultiClusterService } from '../../multi-cluster-service';
import type { Platform } from '../../platform';
import { present } from '../../private/present-members';
import { withDescendants } from '../../private/tree';
import { ServiceLevelObjective } from '../service-level-objective';
import type { ServiceMapProps } from '../service-map';
import { REQUEST_ID } from './request-id-field';

/** Version of the format: a field more is none, another meaning is. */
const VERSION = 1;

/** The map of all services of a platform, in order of their names. */
export function serviceMap(platform: Platform, { stack, runbooks, grafanaUrl }: ServiceMapProps): object {
  const all = withDescendants(platform);
  const services = all
    .filter((one): one is MultiClusterApp => one instanceof MultiClusterApp)
    .flatMap((app) => app.services.map((service) => described(app, service)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const objectives = all.filter((one): one is ServiceLevelObjective => one instanceof ServiceLevelObjective);
  const tracing = stack._tracing()?._plan();
  return present({
    format: 'orrery.dev/service-map',
    version: VERSION,
    platform: platform.platformId,
    stack: stack.node.id,
    requestId: { header: stack.requestIdHeader, attribute: REQUEST_ID },
    clusters: platform.clusters.map(({ clusterName, facts: { provider, region, zone, environment } }) =>
      present({ name: clusterName, provider, region, zone, environment }),
    ),
    services,
    objectives: objectives.map((one) => one._described()).sort((a, b) => (a.id < b.id ? -1 : 1)),
    tools: [
      ...(grafanaUrl === undefined ? [] : [{ type: 'grafana', url: grafanaUrl }]),
      ...(tracing?.stores ?? []).flatMap(({ type, props }) =>
        'url' in props && props.url !== undefined ? [{ type, url: props.url }] : [],
      ),
    ],
    runbooks,
  });
}

function described(app: MultiClusterApp, service: MultiClusterService) {
  const { calls, hosts, objectives, runbookUrl, tracedBy } = service._described(app.namespaceName);
  const { serviceName: name } = service;
  return present({
    id: serviceId(service),
    app: app.node.id,
    name,
    namespace: app.namespaceName,
    workspace: app._workspaceId,
    clusters: app._clusters().map(({ clusterName }) => clusterName),
    pods: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': app.node.id },
    alerts: { namespace: app.namespaceName, service: name },
    calls: calls.map(serviceId).sort(),
    callsOutside: [...hosts].sort(),
    addresses: app._hosts,
    objectives,
    runbook: runbookUrl,
    tracedBy,
  });
}

/** "mall/cart": the app is told apart by its path where several have the same id. */
function serviceId(service: MultiClusterService): string {
  return service.node.path;
}
