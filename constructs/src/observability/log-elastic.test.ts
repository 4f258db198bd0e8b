import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { LogCollection } from './log-collection';
import type { ElasticProps } from './log-elastic-props';
import { LogLifecycle } from './log-lifecycle';
import { LogDrop } from './log-lines';
import { filterWith, type LogstashSection, readLogstash } from './logstash.test-support';
import { LogstashPlace } from './logstash-place';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';

const PROPS: ElasticProps = {
  lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }),
  hot: { storage: '500Gi', storagePurpose: 'fast' },
  cold: { nodes: 2, storage: '2Ti' },
  tlsSecret: 'elastic-tls',
  elasticPassword: { secret: 'elastic', key: 'elastic' },
  writerPassword: { secret: 'elastic', key: 'writer' },
  logstash: LogstashPlace.inCentre({ address: 'logstash.example.com:5044' }),
  kibana: {
    systemPassword: { secret: 'elastic', key: 'kibana' },
    encryptionKey: { secret: 'elastic', key: 'encryption' },
  },
};

function program(props: Partial<ElasticProps>, stack: Partial<ObservabilityStackProps> = {}) {
  return (platform: Platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('ops', { storageClasses: { general: 'disk', fast: 'ssd' } });
    clusters.add('sh');
    const tenant = (name: string, namespaces: string[]) =>
      new Workspace(platform, name, { placement: Placement.everywhere(), namespaces });
    const workspaces = [tenant('retail', ['mall', 'pay']), tenant('data', ['etl'])];
    new ObservabilityStack(platform, 'watch', {
      placement: Placement.everywhere(),
      centre: Placement.named('ops'),
      workspaces,
      logs: LogCollection.elastic({ ...PROPS, ...props }),
      ...stack,
    });
  };
}
const made = (props: Partial<ElasticProps> = {}, stack?: Partial<ObservabilityStackProps>): Assembly =>
  assemblyOf(program(props, stack));
const refused = (props: Partial<ElasticProps>) =>
  problemsOfProgram(program(props)).map(({ code, what }) => `${code}: ${what}`);
const object = (assembly: Assembly, cluster: string, kind: string, name: string): AnyObject => {
  const all = [...assembly.objects(cluster).values()];
  const found = all.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined)
    throw new Error(`no ${kind}/${name} in ${all.map((one) => `${one.kind}/${one.metadata.name}`)}`);
  return found;
};
const file = (assembly: Assembly, cluster: string, name: string, key: string): AnyObject =>
  parse(object(assembly, cluster, 'ConfigMap', name).data[key]);
const pipeline = (assembly: Assembly, name = 'watch-logs-logstash'): LogstashSection[] =>
  readLogstash(object(assembly, 'ops', 'ConfigMap', name).data['logstash.conf']);

/** A record as Filebeat sends it. */
const line = (namespace: string, container: string, message: string, more: object = {}) => ({
  message,
  kind: 'container',
  stream: 'stdout',
  source: { pod: 'p', namespace },
  log: { file: { path: `/var/log/containers/p_${namespace}_${container}-${'0a'.repeat(32)}.log` } },
  ...more,
});

describe('logs by Filebeat, Logstash and Elasticsearch', () => {
  it('are read on every node, and sent to Logstash in the centre by its Service, from elsewhere by its address', () => {
    const assembly = made();
    const hosts = ['ops', 'sh'].map(
      (cluster) => file(assembly, cluster, 'watch-logs-filebeat', 'filebeat.yml')['output.logstash'].hosts,
    );
    expect(hosts).toEqual([['watch-logs-logstash.observability.svc:5044'], ['logstash.example.com:5044']]);
    expect(object(assembly, 'sh', 'DaemonSet', 'watch-logs-filebeat').spec.template.spec.tolerations).toEqual([
      { operator: 'Exists' },
    ]);
    const config = file(assembly, 'sh', 'watch-logs-filebeat', 'filebeat.yml');
    expect(config.processors).toEqual([{ add_fields: { target: '', fields: { cluster: 'sh' } } }]);
    expect(config['queue.disk']).toEqual({ max_size: '5GB', path: '/usr/share/filebeat/data/queue' });
    expect(config['filebeat.inputs'][0]).toMatchObject({
      type: 'filestream',
      id: 'containers',
      parsers: [{ container: { stream: 'all' } }, { multiline: { match: 'after' } }],
    });
    expect([...assembly.objects('sh').values()].map(({ kind }) => kind)).not.toContain('StatefulSet');
  });

  it('go to the data stream of their workspace, whatever a container writes', () => {
    const filter = filterWith(pipeline(made({ audit: {} })));
    const stream = (record: object) => filter(record)?.['@metadata'].stream;
    expect(stream(line('mall', 'cart', 'hello'))).toBe('k8s-container-retail');
    expect(stream(line('etl', 'job', 'hello'))).toBe('k8s-container-data');
    expect(filter(line('mall', 'cart', 'hello'))?.kubernetes).toEqual({ namespace_name: 'mall', pod_name: 'p' });
    expect(stream(line('kube-system', 'dns', 'hello'))).toBe('k8s-container-platform');
    const forged = '{"source":{"namespace":"etl"},"@metadata":{"stream":"k8s-container-data"},"kind":"audit"}';
    expect(stream(line('mall', 'cart', forged))).toBe('k8s-container-retail');
    expect(filter(line('mall', 'cart', forged))?.json.kind).toBe('audit');
    const event = JSON.stringify({ reason: 'Killing', involvedObject: { namespace: 'pay' } });
    expect(stream(line('observability', 'kubernetes-events', event))).toBe('k8s-events-retail');
    // Only the reader of events, in the stack's own namespace.
    expect(stream(line('etl', 'kubernetes-events', event))).toBe('k8s-container-data');
    const audit = JSON.stringify({ verb: 'delete', objectRef: { namespace: 'etl' } });
    expect(stream({ message: audit, kind: 'audit' })).toBe('k8s-audit-data');
    expect(filter(line('mall', 'cart', '42'))?.json).toBeUndefined();
    expect(stream({ message: '{"verb":"list"}', kind: 'audit' })).toBe('k8s-audit-platform');
  });

  it('of some containers or lines have data streams of their own, and some are dropped', () => {
    const filter = filterWith(
      pipeline(
        made({
          routes: [
            { name: 'access', containers: ['istio-proxy', 'nginx'] },
            { name: 'security', lines: 'login (failed|refused)' },
          ],
          drop: [LogDrop.lines('GET /healthz'), LogDrop.ofNamespace('kube-system')],
        }),
      ),
    );
    const stream = (record: object) => filter(record)?.['@metadata'].stream;
    expect(stream(line('mall', 'nginx', 'GET /'))).toBe('k8s-access-retail');
    expect(stream(line('etl', 'job', 'login failed'))).toBe('k8s-security-data');
    expect(stream(line('etl', 'job', 'login'))).toBe('k8s-container-data');
    expect(stream(line('etl', 'nginx-job', 'x'))).toBe('k8s-container-data');
    expect(stream(line('etl', 'istio-proxy', 'x'))).toBe('k8s-access-data');
    expect(filter(line('mall', 'nginx', 'GET /healthz'))).toBeUndefined();
  });

  it('name the request by the stack’s header in a field', () => {
    const filter = filterWith(pipeline(made({}, { requestIdHeader: 'X-Correlation-ID' })));
    const id = '0af7651916cd43dd8448eb211c80319c';
    expect(filter(line('mall', 'cart', `{"x-correlation-id":"${id}"}`))?.request_id).toBe(id);
    expect(filter(line('mall', 'cart', `done correlation="-" X_Correlation_Id="${id}" 'quoted'`))?.request_id).toBe(id);
    expect(filter(line('mall', 'cart', 'no id'))?.request_id).toBeUndefined();
  });

  it('pass a queue on disk in Logstash, which takes them from Filebeat alone and writes as a user of its own', () => {
    const assembly = made({ logstash: LogstashPlace.inCentre({ address: 'l.example.com:5044', queueSize: '10Gi' }) });
    const [pipelines] = file(assembly, 'ops', 'watch-logs-logstash', 'pipelines.yml');
    expect(pipelines).toMatchObject({ 'queue.type': 'persisted', 'queue.max_bytes': '8192mb' });
    const [input, , output] = pipeline(assembly);
    expect(input?.statements).toMatchObject([
      { plugin: 'beats', settings: { port: 5044, ssl_client_authentication: 'required' } },
    ]);
    expect(output?.statements).toMatchObject([
      {
        plugin: 'elasticsearch',
        settings: {
          hosts: ['https://watch-logs-elasticsearch.observability.svc:9200'],
          index: '%{[@metadata][stream]}',
          action: 'create',
        },
      },
    ]);
    const { spec } = object(assembly, 'ops', 'Deployment', 'watch-logs-logstash').spec.template;
    expect(spec.containers[0].env).toContainEqual({
      name: 'ES_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'elastic', key: 'writer' } },
    });
    expect(spec.volumes[1].ephemeral.volumeClaimTemplate.spec).toMatchObject({
      storageClassName: 'disk',
      resources: { requests: { storage: '10Gi' } },
    });
  });

  it('may pass a Logstash elsewhere, whose configuration is in a ConfigMap', () => {
    const assembly = made({ logstash: LogstashPlace.outside(['logstash-1.example.com:5044']) });
    expect(file(assembly, 'ops', 'watch-logs-filebeat', 'filebeat.yml')['output.logstash'].hosts).toEqual([
      'logstash-1.example.com:5044',
    ]);
    expect(
      filterWith(pipeline(assembly, 'watch-logs-logstash-outside'))(line('mall', 'a', 'b'))?.['@metadata'].stream,
    ).toBe('k8s-container-retail');
    expect(
      [...assembly.objects('ops').values()].filter(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name.includes('logstash'),
      ),
    ).toEqual([]);
  });

  it('are kept on hot and cold nodes, which have their roles, disks and certificates', () => {
    const assembly = made();
    const config = (tier: string) => file(assembly, 'ops', `watch-logs-elasticsearch-${tier}`, 'elasticsearch.yml');
    expect(config('hot')['node.roles']).toEqual(['master', 'ingest', 'data_hot', 'data_content']);
    expect(config('cold')['node.roles']).toEqual(['data_cold']);
    const hot = object(assembly, 'ops', 'StatefulSet', 'watch-logs-elasticsearch-hot');
    const pods = [0, 1, 2].map((ordinal) => `${hot.metadata.name}-${ordinal}`);
    expect(config('hot')['cluster.initial_master_nodes']).toEqual(pods);
    expect(config('cold')).not.toHaveProperty('cluster.initial_master_nodes');
    expect(config('cold')['cluster.name']).toBe(config('hot')['cluster.name']);
    const { name } = object(assembly, 'ops', 'Service', hot.spec.serviceName).metadata;
    expect(config('cold')['discovery.seed_hosts']).toEqual([`${name}.observability.svc`]);
    for (const [tier, storageClass, size, nodes] of [
      ['hot', 'ssd', '500Gi', 3],
      ['cold', 'disk', '2Ti', 2],
    ]) {
      const { spec } = object(assembly, 'ops', 'StatefulSet', `watch-logs-elasticsearch-${tier}`);
      expect(spec.replicas).toBe(nodes);
      expect(spec.volumeClaimTemplates[0].spec).toMatchObject({
        storageClassName: storageClass,
        resources: { requests: { storage: size } },
      });
      expect(spec.template.spec.affinity.podAntiAffinity).toHaveProperty(
        'requiredDuringSchedulingIgnoredDuringExecution',
      );
      const budget = object(assembly, 'ops', 'PodDisruptionBudget', `watch-logs-elasticsearch-${tier}`);
      expect(budget.spec).toEqual({ maxUnavailable: 1, selector: spec.selector });
      expect(config(String(tier))['xpack.security.http.ssl'].certificate).toBe('certificates/tls.crt');
      expect(spec.template.spec.containers[0].volumeMounts.at(-1).mountPath).toBe(
        '/usr/share/elasticsearch/config/certificates',
      );
    }
  });

  it('have their life, template, roles and users by a Job with the free licence', () => {
    const assembly = made({ routes: [{ name: 'access', containers: ['nginx'] }] });
    const job = [...assembly.objects('ops').values()].find(({ kind }) => kind === 'Job');
    const { data } = object(assembly, 'ops', 'ConfigMap', job.metadata.name);
    expect(JSON.parse(data['policy.json']).policy.phases.cold.min_age).toBe('14d');
    const template = JSON.parse(data['template.json']);
    expect(template).toMatchObject({
      index_patterns: ['k8s-*'],
      data_stream: {},
      template: { settings: { index: { lifecycle: { name: 'k8s' } } } },
    });
    expect(JSON.parse(data['role-retail.json']).indices[0].names).toContain('k8s-access-retail');
    const kinds = new Set([...assembly.objects('ops').values()].map(({ apiVersion }) => apiVersion));
    expect([...kinds].join()).not.toContain('k8s.elastic.co');
  });

  it('tell the store of users whose passwords may contain anything', () => {
    const assembly = made();
    const job = [...assembly.objects('ops').values()].find(({ kind }) => kind === 'Job');
    const script: string = object(assembly, 'ops', 'ConfigMap', job.metadata.name).data['setup.sh'];
    // What curl would send: its arguments, one a line.
    const told = script.replace(/ {2}curl [\s\S]*?"https[^\n]*\n/, '  printf "%s\\n%s\\n" "$1" "$2"\n');
    const secrets = ['a"b', "c\\d $(touch /tmp/x) `e` 'f' $HOME"];
    const { stdout, stderr } = spawnSync('sh', ['-c', told], {
      env: { PATH: process.env.PATH ?? '', USER_PASSWORD_0: secrets[0], USER_PASSWORD_1: secrets[1] },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const lines = stdout.split('\n').filter((text) => text !== '');
    const body = (path: string) => JSON.parse(lines[lines.indexOf(path) + 1] ?? '');
    expect(body('_security/user/k8s-writer')).toEqual({ password: secrets[0], roles: ['k8s-writer'] });
    expect(body('_security/user/kibana_system/_password')).toEqual({ password: secrets[1] });
  });

  it('are searched in Kibana, which reads passwords and keys from Secrets', () => {
    const assembly = made();
    const config = file(assembly, 'ops', 'watch-logs-kibana', 'kibana.yml');
    expect(config['elasticsearch.hosts']).toEqual(['https://watch-logs-elasticsearch.observability.svc:9200']);
    expect(JSON.stringify(config)).not.toMatch(/password|encryptionKey/i);
    expect([...assembly.objects('ops').values()].filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const { kibana: _, ...without } = PROPS;
    const others = assemblyOf((platform) => {
      new ClusterSet(platform, 'clusters').add('ops', { storageClasses: { general: 'disk', fast: 'ssd' } });
      new ObservabilityStack(platform, 'watch', {
        placement: Placement.everywhere(),
        logs: LogCollection.elastic(without),
      });
    });
    expect([...others.objects('ops').values()].map(({ metadata }) => metadata.name)).not.toContain('watch-logs-kibana');
  });

  it('have pods of the restricted level, but those that read files of nodes', () => {
    const assembly = made();
    const templates = [...assembly.objects('ops').values()].filter(({ spec }) => spec?.template?.spec?.containers);
    expect(templates.length).toBe(7);
    for (const { kind, spec } of templates) {
      const pod = spec.template.spec;
      expect(pod.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
      for (const { securityContext } of pod.containers) {
        expect(securityContext.allowPrivilegeEscalation).toBe(false);
        expect(securityContext.capabilities.drop).toEqual(['ALL']);
      }
      if (kind === 'DaemonSet') continue;
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      expect(pod.volumes.filter(({ hostPath }: AnyObject) => hostPath)).toEqual([]);
      expect(
        pod.containers.flatMap(({ securityContext }: AnyObject) => securityContext.capabilities.add ?? []),
      ).toEqual([]);
    }
  });

  it.each<[string, Partial<ElasticProps>, string]>([
    [
      'an unknown way to Logstash',
      { logstash: LogstashPlace.inCentre() },
      'ORR2013: By which name clusters sh reach Logstash in ops is not known.',
    ],
    [
      'an address without port',
      { logstash: LogstashPlace.outside(['logstash.example.com']) },
      'ORR2011: An address of Logstash is "logstash.example.com".',
    ],
    [
      'no address',
      { logstash: LogstashPlace.outside([]) },
      'ORR2013: Logstash is outside of the clusters, and nobody knows where.',
    ],
    [
      'two masters',
      { hot: { storage: '1Ti', nodes: 2 } },
      'ORR2012: There are 2 nodes that may be masters: without one of them the other has no majority, and the store stands still.',
    ],
    [
      'cold nodes for nothing',
      { lifecycle: LogLifecycle.hot({ deleteAfter: '9d' }) },
      'ORR2012: There are 2 nodes for cold data, and records never get cold.',
    ],
    [
      'copies without cold nodes',
      { cold: { storage: '1Ti', nodes: 1 } },
      'ORR2012: 1 copy of a shard beside the primary one do not fit on 1 cold node.',
    ],
    ['no size of a disk', { hot: { storage: 'big' } }, 'ORR2011: hot.storage is "big".'],
    [
      'a route that takes everything',
      { routes: [{ name: 'all' }] },
      'ORR2012: Route "all" takes every line: none is left for what comes after it.',
    ],
    [
      'a route by the name of a kind',
      { routes: [{ name: 'audit', containers: ['a'] }] },
      'ORR2003: "audit" is no name for a route of logs.',
    ],
    ['an older Elasticsearch', { version: '7.17.0' }, 'ORR2011: The version of Elasticsearch is "7.17.0".'],
    [
      'ages that do not rise',
      { lifecycle: LogLifecycle.hotCold({ coldAfter: '14d', deleteAfter: '7d' }) },
      'ORR2012: Records are deleted after 7d, before they were cold (after 14d).',
    ],
  ])('are refused with %s', (_, props, what) => expect(refused(props)).toEqual([what]));
});
