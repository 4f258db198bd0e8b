import { EVENTS_CONTAINER } from '../event-reader';
import { streamName } from '../owners';
import { requestIdPattern } from '../request-id';
import { BEATS_PORT, CERTIFICATES, type ElasticPlan, elasticHost } from './elastic-plan';
import { type LogstashBranch, type LogstashPipeline, type LogstashStatement, plugin } from './logstash-language';

const NAMESPACE = '[source][namespace]';
/** The kubelet names it <pod>_<namespace>_<container>-<64 digits of its id>.log. */
const FILE = '[log][file][path]';
const STREAM = '[@metadata][stream]';

/** What Logstash does with a record: it drops some, reads JSON and the id of the request, and says to which data stream it goes. */
export function logstashPipeline(plan: ElasticPlan): LogstashPipeline {
  return { input: [beats()], filter: filters(plan), output: [elasticsearch(plan)] };
}

function beats(): LogstashStatement {
  return plugin('beats', {
    port: BEATS_PORT,
    ssl_enabled: true,
    ssl_certificate: `${CERTIFICATES}/tls.crt`,
    ssl_key: `${CERTIFICATES}/tls.key`,
    ssl_certificate_authorities: [`${CERTIFICATES}/ca.crt`],
    // Nobody else says whose a record is.
    ssl_client_authentication: 'required',
  });
}

function filters(plan: ElasticPlan): LogstashStatement[] {
  const { prefix, owners, requestIdHeader, props, namespace } = plan;
  const { drop = [], routes = [], audit } = props;
  const dropped = drop.map((one) => one._rule()).filter(({ by }) => by === 'lines');
  const platform = owners.filter(({ workspace }) => workspace === undefined).map(({ name }) => name);
  const tell = (value: string) => plugin('mutate', { replace: { [STREAM]: value } });
  const ownersOf = (field: string): { owner: string; field: string; namespaces: readonly string[] }[] =>
    owners.flatMap(({ name, namespaces }) => (namespaces.length === 0 ? [] : [{ owner: name, field, namespaces }]));
  /** Kind first, then owner: the name of the data stream. */
  const byOwner = (kind: string, field: string): LogstashStatement[] => [
    tell(`${prefix}-${kind}-${platform[0] ?? 'platform'}`),
    ...branches(
      ownersOf(field).map(({ owner, namespaces }) => ({
        condition: { field, anyOf: namespaces },
        statements: [tell(`${prefix}-${kind}-${owner}`)],
      })),
    ),
  ];
  const container: LogstashBranch[] = [
    ...routes.map(({ name, containers = [], lines }) => ({
      condition: {
        all: [
          ...(containers.length === 0 ? [] : [{ field: FILE, matches: fileOf('[^_]+', containers) }]),
          ...(lines === undefined ? [] : [{ field: '[message]', matches: lines }]),
        ],
      },
      statements: byOwner(name, NAMESPACE),
    })),
    { condition: undefined, statements: byOwner('container', NAMESPACE) },
  ];
  return [
    ...branches(
      dropped.map(({ value }) => ({ condition: { field: '[message]', matches: value }, statements: [plugin('drop')] })),
    ),
    plugin('mutate', { add_field: { [STREAM]: streamName(prefix, 'container', platform[0] ?? 'platform') } }),
    // What applications write stays below "json": none of them says whose it is.
    ...branches([
      {
        // A number alone is JSON, too, and no field for what others write as a map.
        condition: { field: '[message]', matches: '^\\s*\\{' },
        statements: [plugin('json', { source: 'message', target: 'json', skip_on_invalid_json: true })],
      },
    ]),
    plugin('grok', { match: { message: requestIdPattern(requestIdHeader) }, tag_on_failure: [] }),
    ...branches([
      ...(audit === undefined
        ? []
        : [
            {
              condition: { field: '[kind]', anyOf: ['audit'] },
              statements: byOwner('audit', '[json][objectRef][namespace]'),
            },
          ]),
      ...(props.events === false
        ? []
        : [eventBranch(namespace, byOwner('events', '[json][involvedObject][namespace]'))]),
      ...container,
    ]),
    // As Fluent Bit's filter for Kubernetes calls them, and with that dashboards.
    plugin('mutate', {
      copy: { [NAMESPACE]: '[kubernetes][namespace_name]', '[source][pod]': '[kubernetes][pod_name]' },
    }),
    plugin('mutate', { remove_field: ['[agent]', '[ecs]', '[input]', '[event][original]'] }),
  ];
}

/** Files of containers, by namespace and names. */
function fileOf(namespace: string, containers: readonly string[]): string {
  return `_${namespace}_(?:${containers.join('|')})-[0-9a-f]{64}\\.log$`;
}

/** What the reader of events writes: nobody else has a container in the stack's namespace. */
function eventBranch(namespace: string, statements: readonly LogstashStatement[]): LogstashBranch {
  return {
    condition: {
      all: [
        { field: FILE, matches: fileOf(namespace, [EVENTS_CONTAINER]) },
        { field: '[stream]', anyOf: ['stdout'] },
      ],
    },
    statements,
  };
}

/** Where only one is left, and it has no condition, there is nothing to decide. */
function branches(all: readonly LogstashBranch[]): LogstashStatement[] {
  const [only, ...more] = all;
  if (only === undefined) return [];
  return more.length === 0 && only.condition === undefined ? [...only.statements] : [{ branches: all }];
}

function elasticsearch(plan: ElasticPlan): LogstashStatement {
  return plugin('elasticsearch', {
    hosts: [`https://${elasticHost(plan)}:9200`],
    index: `%{${STREAM}}`,
    // A data stream takes new records only.
    action: 'create',
    data_stream: 'false',
    manage_template: false,
    ilm_enabled: false,
    ssl_enabled: true,
    ssl_certificate_authorities: [`${CERTIFICATES}/ca.crt`],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Logstash reads variables of its environment like that
    user: '${ES_USER}',
    password: '${ES_PASSWORD}',
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: -
  });
}
