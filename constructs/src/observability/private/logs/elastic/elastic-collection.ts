import type { Problem } from '../../../../private/problem';
import { storageClassFor } from '../../../../private/storage-classes';
import type { ElasticProps } from '../../../log-elastic-props';
import type { StackContext } from '../../stack-context';
import { joinAlerts } from '../alert-collection';
import { auditPolicyObjects } from '../audit-delivery';
import { eventReader } from '../event-reader';
import { elasticRequests } from '../index-setup';
import { LogObjects } from '../objects-construct';
import { logOwners } from '../owners';
import { CURL_IMAGE, setupJob } from '../setup-job';
import { type Endpoint, endpointUrl, partLabels, storeName } from '../store-endpoint';
import { elasticFindings } from './elastic-findings';
import { type ElasticPlan, elasticHost, logstashOf, writerOf } from './elastic-plan';
import { elasticsearchObjects } from './elasticsearch';
import { filebeatObjects } from './filebeat';
import { kibanaObjects } from './kibana';
import { logstashObjects, logstashOutside } from './logstash';

export function joinElastic(stack: StackContext, props: ElasticProps): void {
  const { scope, namespaceName, placement, centre } = stack;
  const { prefix = 'k8s', alerts, lifecycle, hot, cold, kibana, routes = [] } = props;
  const labels = partLabels(stack);
  const plan = (): ElasticPlan => ({
    name: storeName(stack),
    namespace: namespaceName,
    labels,
    prefix,
    owners: logOwners(stack.workspaces),
    requestIdHeader: stack.requestIdHeader,
    props,
  });
  const endpoint = (): Endpoint => ({
    host: elasticHost(plan()),
    port: 9200,
    tls: true,
    caSecret: props.tlsSecret,
    credentials: undefined,
  });
  new LogObjects(scope, 'filebeat', {
    placement,
    namespace: namespaceName,
    differs: true,
    findings: () => elasticFindings(stack, props),
    objects: (cluster) => [
      ...filebeatObjects(plan(), cluster, cluster === stack.centreCluster()),
      ...auditPolicyObjects(stack, props),
    ],
  });
  const store: LogObjects = new LogObjects(scope, 'elastic', {
    placement: centre,
    namespace: namespaceName,
    findings: () => [],
    objects: (cluster, problems: Problem[]) => {
      const inside = logstashOf(props)._inside();
      const classFor = (purpose = 'general', what = 'Elasticsearch') =>
        storageClassFor(store, cluster, what, purpose, problems);
      return [
        ...elasticsearchObjects(plan(), {
          hot: classFor(hot.storagePurpose),
          cold: cold === undefined ? undefined : classFor(cold.storagePurpose, 'Cold data of Elasticsearch'),
        }),
        ...(inside === undefined
          ? logstashOutside(plan())
          : logstashObjects(plan(), inside, classFor(inside.storagePurpose, 'Logstash'))),
        ...(kibana === undefined ? [] : kibanaObjects(plan(), kibana)),
        ...setupJob({
          name: `${storeName(stack)}-setup`,
          namespace: namespaceName,
          labels,
          url: endpointUrl(endpoint()),
          caSecret: props.tlsSecret,
          administrator: { password: props.elasticPassword },
          requests: elasticRequests(
            prefix,
            lifecycle._lifecycle(),
            logOwners(stack.workspaces),
            routes.map(({ name }) => name),
          ),
          users: [
            {
              path: `_security/user/${writerOf(plan())}`,
              password: props.writerPassword,
              more: { roles: [`${prefix}-writer`] },
            },
            ...(kibana === undefined
              ? []
              : [{ path: '_security/user/kibana_system/_password', password: kibana.systemPassword }]),
          ],
          image: CURL_IMAGE,
        }),
      ];
    },
  });
  if (props.events !== false)
    new LogObjects(scope, 'events', {
      placement,
      namespace: namespaceName,
      differs: true,
      findings: () => [],
      // Filebeat takes what the reader writes, like every log.
      objects: (cluster) => eventReader({ ...plan(), cluster, api: 'stdout', endpoint: undefined, image: undefined }),
    });
  stack.addDatasource({
    name: 'Logs',
    uid: 'logs',
    type: 'elasticsearch',
    url: endpointUrl(endpoint()),
    jsonData: { timeField: '@timestamp', index: `${prefix}-container-*`, logMessageField: 'message' },
  });
  if (alerts !== undefined) joinAlerts(stack, alerts, { api: 'elasticsearch', endpoint, prefix });
}
