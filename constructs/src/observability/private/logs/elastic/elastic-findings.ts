import type { Finding } from '../../../../private/service-validation';
import type { ElasticProps, LogRoute } from '../../../log-elastic-props';
import { multilineFindings } from '../../../log-lines';
import type { StackContext } from '../../stack-context';
import { prefixFindings } from '../collection-findings';
import { tierFindings } from '../lifecycle';
import { LOG_KINDS, logOwners, ownerFindings } from '../owners';
import { nodeFindings, sizeFindings } from '../store-collection';
import { farClusters, farFinding, isHost } from '../store-endpoint';
import { logstashOf } from './elastic-plan';
import { nodesOf } from './elasticsearch';

export function elasticFindings(stack: StackContext, props: ElasticProps): Finding[] {
  const {
    prefix = 'k8s',
    drop = [],
    multilineStarts = [],
    lifecycle,
    hot,
    cold,
    routes = [],
    version = '8.17.0',
    kibana,
  } = props;
  const bad = (what: string, fix: string): Finding => ({ code: 'ORR2011', what, fix });
  const coldNodes = cold === undefined ? 0 : nodesOf(cold);
  return [
    ...ownerFindings(logOwners(stack.workspaces)),
    ...(props.audit?.policy?._findings() ?? []),
    ...prefixFindings(prefix),
    ...drop.flatMap((one) => one._findings()),
    ...multilineFindings(multilineStarts),
    ...lifecycle._findings(),
    ...nodeFindings(nodesOf(hot), coldNodes),
    ...tierFindings(lifecycle._lifecycle(), { hot: nodesOf(hot), cold: coldNodes }),
    ...(cold !== undefined && lifecycle._lifecycle().coldAfter === undefined
      ? [
          {
            code: 'ORR2012' as const,
            what: `There are ${coldNodes} nodes for cold data, and records never get cold.`,
            fix: 'Use LogLifecycle.hotCold, or leave cold out.',
          },
        ]
      : []),
    ...sizeFindings({ 'hot.storage': hot.storage, 'hot.memory': hot.memory ?? '4Gi' }),
    ...(cold === undefined ? [] : sizeFindings({ 'cold.storage': cold.storage, 'cold.memory': cold.memory ?? '4Gi' })),
    ...(/^[89]\.\d+\.\d+$/.test(version)
      ? []
      : [bad(`The version of Elasticsearch is ${JSON.stringify(version)}.`, 'Use one of 8 or 9, e.g. "8.17.0".')]),
    ...(kibana?.replicas === undefined || (Number.isInteger(kibana.replicas) && kibana.replicas > 0)
      ? []
      : [bad(`Kibana has ${kibana.replicas} replicas.`, 'Use a whole number from 1 on.')]),
    ...routeFindings(routes),
    ...logstashFindings(stack, props),
    ...(/^[1-9]\d{0,5}(M|G)$/.test(props.bufferSize ?? '5G')
      ? []
      : [bad(`bufferSize is ${JSON.stringify(props.bufferSize)}.`, 'Use M or G, e.g. "5G".')]),
  ];
}

function routeFindings(routes: readonly LogRoute[]): Finding[] {
  return routes.flatMap(({ name, containers = [], lines }, at): Finding[] => [
    ...(/^[a-z][a-z0-9]{0,30}$/.test(name) &&
    !(LOG_KINDS as readonly string[]).includes(name) &&
    routes.findIndex((one) => one.name === name) === at
      ? []
      : [
          {
            code: 'ORR2003' as const,
            what: `"${name}" is no name for a route of logs.`,
            fix: `Use lower-case letters and digits that no other route has, not ${LOG_KINDS.join(', ')}.`,
          },
        ]),
    ...(containers.length === 0 && lines === undefined
      ? [
          {
            code: 'ORR2012' as const,
            what: `Route "${name}" takes every line: none is left for what comes after it.`,
            fix: 'Say of which containers, or which lines.',
          },
        ]
      : []),
  ]);
}

function logstashFindings(stack: StackContext, props: ElasticProps): Finding[] {
  const place = logstashOf(props);
  const hosts = place._hosts();
  const inside = place._inside();
  const bad = (address: string): Finding => ({
    code: 'ORR2011',
    what: `An address of Logstash is ${JSON.stringify(address)}.`,
    fix: 'Write host and port, e.g. "logstash.example.com:5044".',
  });
  if (hosts !== undefined)
    return hosts.length === 0
      ? [
          {
            code: 'ORR2013' as const,
            what: 'Logstash is outside of the clusters, and nobody knows where.',
            fix: 'Name its hosts.',
          },
        ]
      : hosts.filter((host) => !isHostAndPort(host)).map(bad);
  const { replicas = 2, queueSize = '8Gi', memory = '2Gi', address } = inside ?? {};
  return [
    ...sizeFindings({ 'logstash.queueSize': queueSize, 'logstash.memory': memory }),
    ...(Number.isInteger(replicas) && replicas >= 1 && replicas <= 100
      ? []
      : [
          {
            code: 'ORR2011' as const,
            what: `Logstash has ${replicas} replicas.`,
            fix: 'Use a whole number from 1 on.',
          },
        ]),
    ...(address === undefined
      ? farClusters(stack).length === 0
        ? []
        : [farFinding(stack, 'Logstash', 'address')]
      : isHostAndPort(address)
        ? []
        : [bad(address)]),
  ];
}

function isHostAndPort(address: string): boolean {
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  return isHost(host) && Number(port) > 0 && Number(port) < 65_536;
}
